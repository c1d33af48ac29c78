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


def test_byars_limits_by_hand():
    # One event: (1 - 1/9 - 1.959964/3)^3 and 2 (1 - 1/18 + 1.959964 / (3 root 2))^3; four: with 4 and 5.
    assert standardisation.count_limits(1) == pytest.approx((0.013072, 5.56376), rel=1e-4)
    low, high = 4 * (1 - 1 / 36 - 1.959964 / 6) ** 3, 5 * (1 - 1 / 45 + 1.959964 / 3 / 5**0.5) ** 3
    assert standardisation.count_limits(4) == pytest.approx((low, high), rel=1e-6)
    assert standardisation.count_limits(0)[0] == 0.0
    # Far out in the tail the cube would fall below zero.
    assert standardisation.count_limits(1, "byar", 0.9999)[0] == 0.0


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


def test_exact_limits_of_two_counts_are_clopper_and_pearsons():
    # 5 of 10: Clopper and Pearson's (1934) share is 0.18709 to 0.81291, a ratio of 0.2301 to 4.345.
    low, high = standardisation.ratio_limits(5, 5, "exact", base_count=5)
    assert (low, high) == pytest.approx((0.187086 / 0.812914, 0.812914 / 0.187086), rel=1e-5)
    # None against 5: the lower limit is 0, the upper share 1 - 0.025^(1/5), by hand.
    share = 1 - 0.025 ** (1 / 5)
    assert standardisation.ratio_limits(0, 5, "exact", base_count=5) == pytest.approx(
        (0, share / (1 - share))
    )
    assert standardisation.ratio_limits(1, 5, "exact", base_count=1)[0] > 0


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_recovered_limits_solve_donner_and_zous_equation(confidence):
    # At a limit L the distance x - L y is the root of the sum of the squared distances to the ends.
    x, y = 90.0, 100.0
    x_low, x_high = standardisation.count_limits(x, confidence=confidence)
    y_low, y_high = standardisation.count_limits(y, confidence=confidence)
    low, high = standardisation.ratio_limits(x, y, "byar", confidence, base_count=y)
    assert x - low * y == pytest.approx(np.hypot(x - x_low, low * (y_high - y)))
    assert high * y - x == pytest.approx(np.hypot(x_high - x, high * (y - y_low)))
    doubled = standardisation.ratio_limits(x, 2 * y, confidence=confidence, base_count=y)
    assert doubled == pytest.approx((low / 2, high / 2))


def test_a_base_that_may_be_nothing_leaves_no_upper_limit():
    assert standardisation.ratio_limits(5, 5, "byar", 0.9999, base_count=1)[1] == float("inf")
    assert standardisation.ratio_limits(90, 100) == standardisation.ratio_limits(90, 100, "byar")


def test_limits_widen_with_confidence():
    for method in ("byar", "exact"):
        for base in (None, 80):
            narrow, wide = (standardisation.ratio_limits(90, 100, method, c, base) for c in (0.5, 0.99))
            assert wide[0] < narrow[0] < 0.9 < narrow[1] < wide[1]
    counts, people = pd.Series({"65-74": 40.0, "75+": 9.0}), pd.Series({"65-74": 900.0, "75+": 300.0})
    for method in ("dobson", "gamma"):
        narrow, wide = (
            standardisation.direct_rate(counts, people, confidence=c, method=method) for c in (0.5, 0.99)
        )
        assert wide.low < narrow.low < narrow.rate < narrow.high < wide.high
        assert (wide.per, wide.confidence) == (100_000, 0.99)


def test_a_fall_to_few_events_has_a_known_precision():
    one = pd.DataFrame({"base_count": [1], "base_population": [9], "later_population": [9], "expected": [1]})
    assert standardisation.effective_base_count(one) == 1


NOT_SURE = "confidence must lie between 0 and 1 (0.95 for 95 %), not "
ONE_BAND = pd.Series({"65+": 5.0})
NO_EVENTS = pd.DataFrame(
    {"base_count": [0], "base_population": [9], "later_population": [9], "expected": [0]}
)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.ratio_limits(-1, 5), "observed must be a count of zero or more, not -1."),
        (lambda s: s.ratio_limits(np.nan, 5), "observed must be a count of zero or more, not nan."),
        (lambda s: s.count_limits(np.inf), "observed must be a count of zero or more, not inf."),
        (lambda s: s.ratio_limits(5, 0), "expected must be above zero, not 0."),
        (lambda s: s.ratio_limits(5, np.inf), "expected must be above zero, not inf."),
        (lambda s: s.ratio_limits(5, 5, base_count=-2), "base_count must be above zero, not -2."),
        (lambda s: s.ratio_limits(1, 1, "wald"), 'Unknown method "wald": use "byar" or "exact".'),
        (lambda s: s.count_limits(1, confidence=95), NOT_SURE + "95."),
        (lambda s: s.count_limits(1, confidence=0), NOT_SURE + "0."),
        (lambda s: s.count_limits(1, confidence=1), NOT_SURE + "1."),
        (lambda s: s.count_limits(1, confidence=1.5), NOT_SURE + "1.5."),
        (
            lambda s: s.effective_base_count(NO_EVENTS),
            "The base period has no events, so the expected count has no known precision.",
        ),
        (
            lambda s: s.standard_population(["63-70"]),
            'Age band "63-70" cannot be made of the standard population\'s bands.',
        ),
        (lambda s: s.standard_population(["65-74", "65-69"]), 'Age band "65-69" overlaps another band.'),
        (lambda s: s.standard_population(["old"]), '"old" is not an age band. Write it as 65-74 or 85+.'),
        (
            lambda s: s.direct_rate(ONE_BAND, ONE_BAND, method="wald"),
            'Unknown method "wald": use "dobson" or "gamma".',
        ),
        (lambda s: s.direct_rate(-ONE_BAND, ONE_BAND), "counts has a negative value."),
        (
            lambda s: s.direct_rate(pd.Series({"65+": "few"}), ONE_BAND),
            "counts has a missing or non-numeric value.",
        ),
        (
            lambda s: s.direct_rate(ONE_BAND, ONE_BAND * np.nan),
            "population has a missing or non-numeric value.",
        ),
        (lambda s: s.direct_rate(ONE_BAND, ONE_BAND * 0), "population is zero in stratum 65+."),
        (
            lambda s: s.direct_rate(ONE_BAND, pd.Series({"85+": 5.0})),
            "population and the counts have different strata: 65+ is in only one of them.",
        ),
        (lambda s: s.direct_rate(pd.concat([ONE_BAND] * 2), ONE_BAND), "counts has a stratum twice."),
        (
            lambda s: s.expected_counts(COUNTS, POPULATION.drop(columns="population"), LATER),
            'population has no column "population"; it has age_band.',
        ),
        (
            lambda s: s.expected_counts(COUNTS, POPULATION, pd.concat([LATER, LATER])),
            "later has more than one row for {'age_band': '65-74'}. Choose one period and area, add up the "
            "sexes, or name the further column in `by`.",
        ),
        (
            lambda s: s.expected_counts(COUNTS.assign(count=-1), POPULATION, LATER),
            "counts has a negative value.",
        ),
        (
            lambda s: s.expected_counts(COUNTS, POPULATION[:2], LATER),
            "population and the counts have different strata: 85+ is in only one of them.",
        ),
        (
            lambda s: s.expected_counts(COUNTS, POPULATION.assign(population=[1, 0, 1]), LATER),
            "population is zero in stratum 75-84.",
        ),
        (
            lambda s: s.expected_counts(COUNTS, POPULATION, pd.concat([LATER, LATER.assign(population=1)])),
            "later has more than one row for {'age_band': '65-74'}. Choose one period and area, add up the "
            "sexes, or name the further column in `by`.",
        ),
        (
            lambda s: s.expected_counts(
                COUNTS, POPULATION.assign(area="S").drop(columns="population"), LATER
            ),
            'population has no column "population"; it has age_band, area.',
        ),
        (
            lambda s: s.expected_counts(COUNTS, POPULATION, LATER[:2]),
            "later and the counts have different strata: 85+ is in only one of them.",
        ),
        (
            lambda s: s.decompose(COUNTS, POPULATION, COUNTS[:2], POPULATION),
            "counts_end and the counts have different strata: 85+ is in only one of them.",
        ),
        (
            lambda s: s.decompose(COUNTS, POPULATION, COUNTS, POPULATION.assign(population=[1, 0, 1])),
            "population_end is zero in stratum 75-84.",
        ),
        (
            lambda s: s.decompose(COUNTS, POPULATION.assign(population=[0, 1, 1]), COUNTS, POPULATION),
            "population_start is zero in stratum 65-74.",
        ),
        (
            lambda s: s.decompose(COUNTS.assign(count=-1), POPULATION, COUNTS, POPULATION),
            "counts_start has a negative value.",
        ),
        (
            lambda s: s.decompose(COUNTS, POPULATION.assign(population=-1), COUNTS, POPULATION),
            "population_start has a negative value.",
        ),
        (
            lambda s: s.decompose(COUNTS, POPULATION, COUNTS.assign(count=-1), POPULATION),
            "counts_end has a negative value.",
        ),
        (
            lambda s: s.decompose(COUNTS, POPULATION, COUNTS, POPULATION.assign(population=-1)),
            "population_end has a negative value.",
        ),
    ],
)
def test_impossible_numbers_are_refused_in_these_words(call, words):
    with pytest.raises(CareshiftError) as refused:
        call(standardisation)
    assert str(refused.value) == words


def test_the_standard_population_is_100_000():
    assert standardisation.ESP2013.sum() == 100_000
    # Eurostat's own broad bands.
    assert standardisation.standard_population(BANDS).tolist() == [10_500, 6_500, 2_500]
    assert standardisation.standard_population(["65+"]).tolist() == [19_500]
    assert standardisation.standard_population(["65+"]).name == "population"
    words = standardisation.standard_population(["65 to 74", "75–84", "85 and over"])
    assert words.tolist() == [10_500, 6_500, 2_500]


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        (["70"], "cannot"),
        (["63-70"], "cannot"),
        (["63-69"], "cannot"),
        (["65-70"], "cannot"),
        (["65-74", "65-69"], "overlaps"),
        (["old"], "not an age band"),
    ],
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
    percent = standardisation.direct_rate(pd.Series({"65+": 40}), pd.Series({"65+": 1000}), per=100)
    assert (percent.rate, percent.low, percent.high) == pytest.approx((4, low / 10, high / 10))
    assert percent.per == 100


def test_direct_rate_pairs_bands_by_name_and_takes_another_standard():
    counts, people = pd.Series({"65-74": 40.0, "75+": 9.0}), pd.Series({"65-74": 900.0, "75+": 300.0})
    there, back = (standardisation.direct_rate(counts, p) for p in (people, people[::-1]))
    assert back == there
    other = standardisation.direct_rate(counts, people, pd.Series({"65-74": 1.0, "75+": 3.0}), per=1)
    assert other.rate == pytest.approx((40 / 900 + 3 * 9 / 300) / 4)


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


def test_strata_are_paired_by_name_in_any_order():
    frames = COUNTS, POPULATION, COUNTS.assign(count=[12, 30, 60]), LATER
    here = standardisation.decompose(*frames)["contribution"].tolist()
    for place in range(4):
        mixed = [frame[::-1] if place == number else frame for number, frame in enumerate(frames)]
        assert standardisation.decompose(*mixed)["contribution"].tolist() == pytest.approx(here)
    expected = standardisation.expected_counts(COUNTS, POPULATION[::-1], LATER.iloc[[1, 2, 0]])
    assert expected["expected"].tolist() == pytest.approx([12, 50, 80])


positive = st.lists(st.integers(1, 10_000), min_size=3, max_size=3)


@given(positive, positive, positive, positive)
def test_contributions_add_up_and_turn_sign_when_time_is_reversed(first, sizes, last, later):
    start = frame("count", first), frame("population", sizes)
    end = frame("count", last), frame("population", later)
    there = standardisation.decompose(*start, *end)["contribution"]
    back = standardisation.decompose(*end, *start)["contribution"]
    assert there.sum() == pytest.approx(sum(last) - sum(first), abs=1e-6)
    assert (there + back).tolist() == pytest.approx([0, 0, 0], abs=1e-6)


def test_a_standardised_ratio_of_few_events_has_exact_limits() -> None:
    # As the public-health tools of England: Byar's approximation from ten observed events on.
    ratio_limits, count_limits = standardisation.ratio_limits, standardisation.count_limits
    for observed in (0, 3, 9):
        assert ratio_limits(observed, 5.0) == ratio_limits(observed, 5.0, method="exact")
    assert ratio_limits(10, 5.0) != ratio_limits(10, 5.0, method="exact")
    assert ratio_limits(10, 5.0) == pytest.approx([limit / 5 for limit in count_limits(10, "byar")])
