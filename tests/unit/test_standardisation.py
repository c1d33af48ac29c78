"""Standardisation against answers worked by hand, published tables, and what must not change."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshift import standardisation
from careshift.project import CareshiftError

BANDS = ["65-74", "75-84", "85+"]


def frame(column, values, bands=BANDS):
    return pd.DataFrame({"age_band": bands, column: values})


COUNTS = frame("count", [10, 40, 50])
POPULATION = frame("population", [1000, 400, 100])
LATER = frame("population", [1200, 500, 160])


def test_expected_counts_by_hand():
    # Rates 1 %, 10 % and 50 %: 12 + 50 + 80.
    expected = standardisation.expected_counts(COUNTS, POPULATION, LATER)
    assert expected["expected"].tolist() == pytest.approx([12, 50, 80])
    assert expected.columns.tolist() == [
        "age_band",
        "base_count",
        "base_population",
        "base_rate",
        "later_population",
        "expected",
    ]


def test_expected_counts_by_age_and_sex_keep_both_columns():
    sexed = pd.DataFrame({"age_band": ["65+", "65+"], "sex": ["female", "male"]})
    expected = standardisation.expected_counts(
        sexed.assign(residents=[30, 10]),
        sexed.assign(people=[100, 100]),
        sexed.assign(people=[200, 100]),
        by=["age_band", "sex"],
        count="residents",
        size="people",
    )
    assert expected["expected"].sum() == pytest.approx(70)
    assert set(expected["sex"]) == {"female", "male"}


@given(st.floats(0.05, 0.95), st.integers(1, 500), st.integers(1, 5000), st.integers(0, 5000))
def test_splitting_a_band_of_equal_rates_changes_nothing(share, count, size, later):
    def split(column, value):
        return frame(column, [value * share, value * (1 - share)], ["65-69", "70-74"])

    whole = standardisation.expected_counts(
        *(
            frame(c, [v], ["65-74"])
            for c, v in (("count", count), ("population", size), ("population", later))
        )
    )
    parts = standardisation.expected_counts(
        split("count", count), split("population", size), split("population", later)
    )
    assert parts["expected"].sum() == pytest.approx(whole["expected"].sum())


@pytest.mark.parametrize(
    ("counts", "population", "later", "words"),
    [
        (COUNTS.iloc[:2], POPULATION, LATER, "different strata"),
        (COUNTS, POPULATION.assign(population=[1000, 0, 100]), LATER, "zero in stratum 75-84"),
        (COUNTS.assign(count=[1, -1, 2]), POPULATION, LATER, "negative"),
        (COUNTS.assign(count=[1, np.nan, 2]), POPULATION, LATER, "missing"),
        (pd.concat([COUNTS, COUNTS]), POPULATION, LATER, "more than one row"),
        (COUNTS.drop(columns="count"), POPULATION, LATER, 'no column "count"'),
    ],
)
def test_bad_strata_are_refused(counts, population, later, words):
    with pytest.raises(CareshiftError, match=words):
        standardisation.expected_counts(counts, population, later)


def test_exact_limits_are_garwoods():
    # Garwood (1936), tabulated in many textbooks: 10 events, 4.795 to 18.390; none, 0 to 3.689.
    assert standardisation.count_limits(10, "exact") == pytest.approx((4.795, 18.390), abs=5e-4)
    assert standardisation.count_limits(0, "exact") == pytest.approx((0, 3.689), abs=5e-4)


@pytest.mark.parametrize("observed", [5, 10, 50, 1000])
def test_byars_limits_are_close_to_exact_ones(observed):
    byar = standardisation.count_limits(observed, "byar")
    assert byar == pytest.approx(standardisation.count_limits(observed, "exact"), rel=0.01)


def test_ratio_limits_scale_the_count_limits():
    assert standardisation.ratio_limits(10, 5, "exact") == pytest.approx((4.795 / 5, 18.390 / 5), abs=2e-4)


def test_ratio_limits_with_a_base_count_are_wider_and_tend_to_the_plain_ones():
    for method in ("byar", "exact"):
        plain = standardisation.ratio_limits(100, 120, method)
        carried = standardisation.ratio_limits(100, 120, method, base_count=110)
        assert carried[0] < plain[0]
        assert plain[1] < carried[1]
        sure = standardisation.ratio_limits(100, 120, method, base_count=1e8)
        assert sure == pytest.approx(plain, rel=1e-3)


def test_both_ways_of_carrying_the_base_variance_agree():
    byar = standardisation.ratio_limits(90, 120, "byar", base_count=100)
    exact = standardisation.ratio_limits(90, 120, "exact", base_count=100)
    assert byar == pytest.approx(exact, rel=0.02)


def test_base_count_of_strata_that_grew_alike_is_the_base_count():
    later = POPULATION.assign(population=POPULATION["population"] * 1.3)
    expected = standardisation.expected_counts(COUNTS, POPULATION, later)
    assert standardisation.effective_base_count(expected) == pytest.approx(100)
    uneven = standardisation.expected_counts(COUNTS, POPULATION, LATER)
    assert standardisation.effective_base_count(uneven) < 100


def test_ratio_limits_refuse_impossible_numbers():
    for arguments in ((-1, 5), (5, 0), (np.nan, 5)):
        with pytest.raises(CareshiftError):
            standardisation.ratio_limits(*arguments)
    with pytest.raises(CareshiftError, match="Unknown method"):
        standardisation.ratio_limits(1, 1, "wald")
    with pytest.raises(CareshiftError, match="confidence"):
        standardisation.ratio_limits(1, 1, confidence=95)


def test_the_standard_population_is_100_000():
    assert standardisation.ESP2013.sum() == 100_000
    # Eurostat's own broad bands.
    assert standardisation.standard_population(BANDS).tolist() == [10_500, 6_500, 2_500]
    assert standardisation.standard_population(["65+"]).tolist() == [19_500]


@pytest.mark.parametrize(
    ("bands", "words"),
    [(["63-70"], "cannot"), (["65-74", "65-69"], "overlaps"), (["old"], "not an age band")],
)
def test_bands_that_do_not_fit_the_standard_are_refused(bands, words):
    with pytest.raises(CareshiftError, match=words):
        standardisation.standard_population(bands)


def test_direct_rate_by_hand():
    # Rates 1 %, 10 %, 50 % with weights 10,500, 6,500, 2,500: (105 + 650 + 1250) / 19,500.
    counts, population = COUNTS.set_index("age_band")["count"], POPULATION.set_index("age_band")["population"]
    rate = standardisation.direct_rate(counts, population)
    assert rate.rate == pytest.approx(100_000 * 2005 / 19_500)
    gamma = standardisation.direct_rate(counts, population, method="gamma")
    assert gamma.rate == rate.rate
    assert (gamma.low, gamma.high) == pytest.approx((rate.low, rate.high), rel=0.03)


def test_direct_rate_of_one_band_is_the_crude_rate_with_byars_limits():
    rate = standardisation.direct_rate(pd.Series({"65+": 40}), pd.Series({"65+": 1000}), per=1)
    low, high = standardisation.count_limits(40)
    assert (rate.rate, rate.low, rate.high) == pytest.approx((0.04, low / 1000, high / 1000))


def test_direct_rate_without_events_has_a_zero_rate_and_an_upper_limit():
    for method in ("dobson", "gamma"):
        rate = standardisation.direct_rate(
            pd.Series({"65+": 0}), pd.Series({"65+": 1000}), per=1, method=method
        )
        assert (rate.rate, rate.low) == (0, 0)
        assert rate.high == pytest.approx(0.003689, rel=0.05)


def test_decompose_by_hand():
    # One stratum: size 100 -> 200 and rate 0.1 -> 0.2, a change of 30, half by each factor at mid-point
    # values.
    parts = standardisation.decompose(
        frame("count", [10], ["65+"]),
        frame("population", [100], ["65+"]),
        frame("count", [40], ["65+"]),
        frame("population", [200], ["65+"]),
    )
    assert dict(zip(parts["factor"], parts["contribution"], strict=True)) == pytest.approx(
        {"population size": 15, "age structure": 0, "rates": 15}
    )


positive = st.lists(st.integers(1, 10_000), min_size=3, max_size=3)


@given(positive, positive, positive, positive)
def test_contributions_add_up_and_turn_sign_when_time_is_reversed(first, sizes, last, later):
    start = frame("count", first), frame("population", sizes)
    end = frame("count", last), frame("population", later)
    there = standardisation.decompose(*start, *end)["contribution"]
    back = standardisation.decompose(*end, *start)["contribution"]
    assert there.sum() == pytest.approx(sum(last) - sum(first), abs=1e-6)
    assert (there + back).tolist() == pytest.approx([0, 0, 0], abs=1e-6)
