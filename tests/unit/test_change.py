"""Two-point changes: answers by hand, against statsmodels, and what must be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.rates import confint_poisson_2indep

from careshift import change
from careshift.project import CareshiftError


def test_percentages_by_hand():
    assert change.percent_fall(200, 150) == 25.0
    assert change.percent_change(200, 150) == -25.0
    assert change.percent_change(200, 230) == 15.0


def test_rounding_interval_by_hand():
    # "12 thousand to 9 thousand": 11.5-12.5 to 8.5-9.5, a fall between 1 - 9.5/11.5 and 1 - 8.5/12.5.
    low, high = change.percent_fall_interval(12, 9, 1, 1)
    assert low == pytest.approx(100 * (1 - 9.5 / 11.5))
    assert high == pytest.approx(32)
    assert change.percent_fall_interval(200, 150) == (25.0, 25.0)


@given(st.floats(10, 1e6), st.floats(0, 1e6), st.floats(0, 10), st.floats(0, 10))
def test_the_interval_holds_the_point_and_change_mirrors_fall(start, end, start_unit, end_unit):
    low, high = change.percent_fall_interval(start, end, start_unit, end_unit)
    assert low <= change.percent_fall(start, end) <= high
    assert change.percent_change_interval(start, end, start_unit, end_unit) == (0.0 - high, 0.0 - low)


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0.5, 50))
def test_swapping_the_counts_inverts_the_limits(first, second, exposure):
    for method in ("exact", "score"):
        there = change.rate_ratio(first, second, exposure, 1, method=method)
        back = change.rate_ratio(second, first, 1, exposure, method=method)
        assert (there.ratio, there.low, there.high) == pytest.approx(
            (1 / back.ratio, 1 / back.high, 1 / back.low)
        )


@pytest.mark.parametrize(("ours", "theirs"), [("exact", "exact-c"), ("score", "score")])
def test_limits_agree_with_statsmodels(ours, theirs):
    # statsmodels inverts the tests numerically; ours are closed forms.
    ratio = change.rate_ratio(60, 30, 51477.5, 54308.7, method=ours)
    assert ratio.ratio == pytest.approx(2.11, abs=0.005)
    if ours == "score":
        limits = confint_poisson_2indep(60, 51477.5, 30, 54308.7, method=theirs, compare="ratio")
        assert (ratio.low, ratio.high) == pytest.approx(limits, rel=1e-5)


def test_exact_limits_against_the_binomial_by_hand():
    # One event against none: the share of the first is 1 with a lower limit of 0.025, odds 0.025 / 0.975.
    ratio = change.rate_ratio(1, 0)
    assert ratio.low == pytest.approx(0.025 / 0.975)
    assert ratio.ratio == ratio.high == float("inf")
    assert change.rate_ratio(0, 5).low == 0


def test_limits_of_a_share():
    # None of 10: the upper limit solves (1 - p)^10 = 0.025. Wilson's of 5 in 10 is centred on a half.
    assert change.share_limits(0, 10) == (0.0, pytest.approx(1 - 0.025**0.1))
    low, high = change.share_limits(5, 10, method="score")
    assert low + high == pytest.approx(1)
    assert low == pytest.approx(0.236593, abs=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: change.share_limits(11, 10),
        lambda: change.share_limits(1.5, 10),
        lambda: change.share_limits(0, 0),
        lambda: change.share_limits(1, 2, confidence=95),
        lambda: change.share_limits(1, 2, method="wald"),
        lambda: change.percent_change(0, 5),
        lambda: change.percent_change(float("nan"), 5),
        lambda: change.percent_fall_interval(1, 1, -1),
        lambda: change.percent_fall_interval(1, 1, 2),
        lambda: change.rate_ratio(0, 0),
        lambda: change.rate_ratio(1.5, 2),
        lambda: change.rate_ratio(1, 2, exposure_0=0),
        lambda: change.rate_ratio(1, 2, confidence=95),
        lambda: change.rate_ratio(1, 2, method="wald"),
    ],
)
def test_impossible_numbers_are_refused(call):
    with pytest.raises(CareshiftError):
        call()
