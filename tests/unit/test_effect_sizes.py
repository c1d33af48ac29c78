"""Two-point changes: answers by hand, against statsmodels, and what must be refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.rates import confint_poisson_2indep

from careshift import effect_sizes
from careshift.project import CareshiftError


def test_percentages_by_hand():
    assert effect_sizes.percent_fall(200, 150) == 25.0
    assert effect_sizes.percent_change(200, 150) == -25.0
    assert effect_sizes.percent_change(200, 230) == 15.0


def test_a_small_start_is_a_start():
    assert effect_sizes.percent_change(0.5, 1) == 100
    assert effect_sizes.percent_fall(1, 0) == 100
    assert effect_sizes.share_limits(1, 1)[1] == 1.0


def test_rounding_interval_by_hand():
    # "12 thousand to 9 thousand": 11.5-12.5 to 8.5-9.5, a fall between 1 - 9.5/11.5 and 1 - 8.5/12.5.
    low, high = effect_sizes.percent_fall_interval(12, 9, 1, 1)
    assert low == pytest.approx(100 * (1 - 9.5 / 11.5))
    assert high == pytest.approx(32)
    assert effect_sizes.percent_fall_interval(200, 150) == (25.0, 25.0)
    assert effect_sizes.percent_change_interval(200, 150) == (-25.0, -25.0)
    assert effect_sizes.percent_change_interval(10, 12, 0, 2) == pytest.approx((10, 30))


@given(st.floats(10, 1e6), st.floats(0, 1e6), st.floats(0, 10), st.floats(0, 10))
def test_the_interval_holds_the_point_and_change_mirrors_fall(start, end, start_unit, end_unit):
    low, high = effect_sizes.percent_fall_interval(start, end, start_unit, end_unit)
    assert low <= effect_sizes.percent_fall(start, end) <= high
    assert effect_sizes.percent_change_interval(start, end, start_unit, end_unit) == (0.0 - high, 0.0 - low)


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0.5, 50))
def test_swapping_the_counts_inverts_the_limits(first, second, exposure):
    for method in ("exact", "score"):
        there = effect_sizes.rate_ratio(first, second, exposure, 1, method=method)
        back = effect_sizes.rate_ratio(second, first, 1, exposure, method=method)
        assert (there.ratio, there.low, there.high) == pytest.approx(
            (1 / back.ratio, 1 / back.high, 1 / back.low)
        )


@pytest.mark.parametrize(("ours", "theirs"), [("exact", "exact-c"), ("score", "score")])
def test_limits_agree_with_statsmodels(ours, theirs):
    # statsmodels inverts the tests numerically; ours are closed forms.
    ratio = effect_sizes.rate_ratio(60, 30, 51477.5, 54308.7, method=ours)
    assert ratio.ratio == pytest.approx(2.11, abs=0.005)
    if ours == "score":
        limits = confint_poisson_2indep(60, 51477.5, 30, 54308.7, method=theirs, compare="ratio")
        assert (ratio.low, ratio.high) == pytest.approx(limits, rel=1e-5)


def test_exact_limits_against_the_binomial_by_hand():
    # One event against none: the share of the first is 1 with a lower limit of 0.025, odds 0.025 / 0.975.
    ratio = effect_sizes.rate_ratio(1, 0)
    assert ratio.low == pytest.approx(0.025 / 0.975)
    assert ratio.ratio == ratio.high == float("inf")
    assert effect_sizes.rate_ratio(0, 5).low == 0


def test_limits_of_a_share():
    # None of 10: the upper limit solves (1 - p)^10 = 0.025. Wilson's of 5 in 10 is centred on a half.
    assert effect_sizes.share_limits(0, 10) == (0.0, pytest.approx(1 - 0.025**0.1))
    low, high = effect_sizes.share_limits(5, 10, method="score")
    assert low + high == pytest.approx(1)
    assert low == pytest.approx(0.236593, abs=1e-6)
    assert effect_sizes.share_limits(0, 10, method="score")[0] == 0
    assert effect_sizes.share_limits(10, 10, method="score")[1] == 1
    assert effect_sizes.rate_ratio(5, 0, method="score").high == float("inf")


def test_the_ratio_says_how_it_was_made():
    ratio = effect_sizes.rate_ratio(60, 30, 2, 1, confidence=0.9, method="score")
    assert (ratio.ratio, ratio.confidence, ratio.method) == (1.0, 0.9, "score")
    assert effect_sizes.rate_ratio(60, 30) == effect_sizes.rate_ratio(60, 30, 1, 1, 0.95, "exact")
    assert effect_sizes.share_limits(3, 9) == effect_sizes.share_limits(3, 9, 0.95, "exact")


def test_wider_confidence_gives_wider_limits():
    for method in ("exact", "score"):
        narrow, wide = (effect_sizes.rate_ratio(60, 30, confidence=c, method=method) for c in (0.5, 0.99))
        assert wide.low < narrow.low < narrow.ratio < narrow.high < wide.high
        low, high = effect_sizes.share_limits(4, 10, 0.5, method)
        assert effect_sizes.share_limits(4, 10, 0.99, method)[0] < low < 0.4 < high


INF = float("inf")
CONFIDENCE = "confidence must lie between 0 and 1 (0.95 for 95 %), not "
METHOD = 'Unknown method "wald": use "exact" or "score".'


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: effect_sizes.share_limits(11, 10),
            "A share needs whole numbers, 0 <= part <= total, not 11 of 10.",
        ),
        (
            lambda: effect_sizes.share_limits(-1, 10),
            "A share needs whole numbers, 0 <= part <= total, not -1 of 10.",
        ),
        (
            lambda: effect_sizes.share_limits(1.5, 9),
            "A share needs whole numbers, 0 <= part <= total, not 1.5 of 9.",
        ),
        (
            lambda: effect_sizes.share_limits(1, 9.5),
            "A share needs whole numbers, 0 <= part <= total, not 1 of 9.5.",
        ),
        (
            lambda: effect_sizes.share_limits(0, 0),
            "A share needs whole numbers, 0 <= part <= total, not 0 of 0.",
        ),
        (lambda: effect_sizes.share_limits(1, 2, confidence=95), CONFIDENCE + "95."),
        (lambda: effect_sizes.share_limits(1, 2, confidence=0), CONFIDENCE + "0."),
        (lambda: effect_sizes.share_limits(1, 2, confidence=1), CONFIDENCE + "1."),
        (lambda: effect_sizes.share_limits(1, 2, confidence=1.5), CONFIDENCE + "1.5."),
        (lambda: effect_sizes.share_limits(1, 2, method="wald"), METHOD),
        (lambda: effect_sizes.percent_change(0, 5), "A percentage change needs a start above zero, not 0."),
        (
            lambda: effect_sizes.percent_change(-2, 5),
            "A percentage change needs a start above zero, not -2.",
        ),
        (lambda: effect_sizes.percent_change(INF, 5), "A percentage change needs two finite numbers."),
        (
            lambda: effect_sizes.percent_change(5, float("nan")),
            "A percentage change needs two finite numbers.",
        ),
        (lambda: effect_sizes.percent_change_interval(1, 1, -1), "A rounding unit cannot be negative."),
        (lambda: effect_sizes.percent_fall_interval(1, 1, 0, -1), "A rounding unit cannot be negative."),
        (
            lambda: effect_sizes.percent_fall_interval(1, 1, 2),
            "A percentage change needs a start above zero, not 0.0.",
        ),
        (lambda: effect_sizes.rate_ratio(0, 0), "Two zero counts have no ratio."),
        (
            lambda: effect_sizes.rate_ratio(1.5, 2),
            "count_1 must be a whole number of zero or more, not 1.5.",
        ),
        (lambda: effect_sizes.rate_ratio(1, -2), "count_0 must be a whole number of zero or more, not -2."),
        (
            lambda: effect_sizes.rate_ratio(INF, 2),
            "count_1 must be a whole number of zero or more, not inf.",
        ),
        (lambda: effect_sizes.rate_ratio(1, 2, exposure_1=-3), "exposure_1 must be above zero, not -3."),
        (lambda: effect_sizes.rate_ratio(1, 2, exposure_0=0), "exposure_0 must be above zero, not 0."),
        (lambda: effect_sizes.rate_ratio(1, 2, exposure_0=INF), "exposure_0 must be above zero, not inf."),
        (lambda: effect_sizes.rate_ratio(1, 2, confidence=95), CONFIDENCE + "95."),
        (lambda: effect_sizes.rate_ratio(1, 2, confidence=0), CONFIDENCE + "0."),
        (lambda: effect_sizes.rate_ratio(1, 2, confidence=1), CONFIDENCE + "1."),
        (lambda: effect_sizes.rate_ratio(1, 2, confidence=1.5), CONFIDENCE + "1.5."),
        (lambda: effect_sizes.rate_ratio(1, 2, method="wald"), METHOD),
    ],
)
def test_impossible_numbers_are_refused_in_these_words(call, words):
    with pytest.raises(CareshiftError) as refused:
        call()
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("part", "total"), [(math.nan, 10), (1, math.inf), (1, math.nan), (math.inf, math.inf)]
)
def test_a_share_of_no_numbers_is_refused(part, total):
    with pytest.raises(CareshiftError, match="A share needs whole numbers"):
        effect_sizes.share_limits(part, total)
