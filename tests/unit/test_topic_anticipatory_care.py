"""The Nairn cohort: differences, supposed sizes and falling back, by hand."""

import math

import pytest

from careshift.project import CareshiftError
from careshift.topics import anticipatory_care as plans


def test_differences_by_hand():
    admissions, bed_days = plans.differences(plans.changes()).to_dict("records")
    assert (admissions["points"], bed_days["points"]) == (-89, -98)
    assert admissions["ratio"] == pytest.approx(62 / 151)
    assert bed_days["ratio"] == pytest.approx(51 / 149)
    assert admissions["ratio_low"] == pytest.approx(61.5 / 151.5)


def test_the_share_of_the_control():
    parts = plans.apart(plans.changes())
    assert parts["share_control"].tolist() == pytest.approx([100 * 51 / 89, 50])


def test_supposed_sizes_by_hand():
    row = plans.intervals_by_size(plans.changes(), [100], 1.0).iloc[0]
    half = 1.96 * math.sqrt(1 / 100 + 1 / 62 + 1 / 100 + 1 / 151)
    assert row["low"] == pytest.approx(62 / 151 * math.exp(-half))
    assert row["high"] == pytest.approx(62 / 151 * math.exp(half))
    with pytest.raises(CareshiftError, match="at least one"):
        plans.intervals_by_size(plans.changes(), [0], 1.0)


def test_falling_back_by_itself():
    assert plans.back_to_usual(1.6, 1) == pytest.approx(-37.5)
    assert plans.selected_at(-37.5) == pytest.approx(1.6)
    assert plans.detectable(400, 1.0) == pytest.approx(100 * (1 - math.exp(-0.28)))
