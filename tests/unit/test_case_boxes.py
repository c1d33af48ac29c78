"""Limits of assumed counts against published formulas and sums by hand."""

import pytest

from careshift.topics import case_boxes


def test_wilson_by_hand() -> None:
    z = 1.959963984540054
    centre = (0.8 + z**2 / 100) / (1 + z**2 / 50)
    half = z * (0.8 * 0.2 / 50 + z**2 / 10000) ** 0.5 / (1 + z**2 / 50)
    found = case_boxes.share_limits(80, 50, 0.95)
    assert found == pytest.approx((100 * (centre - half), 100 * (centre + half)))


def test_more_people_narrow_the_limits() -> None:
    found = case_boxes.if_counted_on([25, 100], 0.95)
    assert (found["high"] - found["low"]).is_monotonic_decreasing


def test_exact_poisson_limits_of_eighteen() -> None:
    found = case_boxes.prevented((1, 12), 0.95).set_index("months")
    assert found.loc[1, ["low", "high"]].tolist() == pytest.approx([10.668, 28.448], abs=0.001)
    assert found.loc[12, "low"] > found.loc[1, "low"]


def test_midlothian_against_its_benchmarks_by_hand() -> None:
    found = case_boxes.spending_growth()
    assert found["against"].tolist() == pytest.approx([0, 100 * (1 - 106 / 119), 100 * (1 - 106 / 121)])


def test_stirling_with_rounding_by_hand() -> None:
    assert case_boxes.stirling_ratio() == pytest.approx((35 / 18, 34.5 / 18.5, 35.5 / 17.5))


def test_measures_add_up() -> None:
    assert case_boxes.measures() == 19 + 10 + 6 + 10


def test_sizes_double_up_to_the_most() -> None:
    assert case_boxes.sizes(25, 400) == [25, 50, 100, 200, 400]
    assert case_boxes.sizes(30, 200) == [30, 60, 120, 200]
