"""Inequality: every printed gap once, fifths and ratios by hand."""

import pandas as pd
import pytest

from careshift import tables
from careshift.topics import inequality


@pytest.fixture(scope="module")
def releases() -> pd.DataFrame:
    gaps, official = tables.read("healthy_life_expectancy_gaps"), tables.read("official_values")
    return inequality.releases(gaps, official)


def test_every_print_stands_once(releases):
    assert not releases.duplicated(["period", "sex", "gap"]).any()
    men = inequality.of_sex(releases, "male").set_index("reading")
    assert men.loc["2013-2014, print 1", "value"] == 25.1
    assert men.loc["2019-2021", "value"] == 25.8
    assert not men.loc["2018-2020", "decides"]
    assert inequality.latest_before_source(releases, "female") == 21.5


def test_fifths_by_hand():
    fifths = inequality.of_fifths(tables.read("healthy_life_expectancy"))
    row = fifths[(fifths["period"] == "2015-2017") & (fifths["sex"] == "male")].iloc[0]
    assert row["gap"] == pytest.approx(70.55 - 50.31)
    assert row["ratio"] == pytest.approx(70.55 / 50.31)
    assert row["year"] == 2016


def test_changes_by_hand(releases):
    fifths = inequality.of_fifths(tables.read("healthy_life_expectancy"))
    moved = inequality.gap_changes(releases, fifths).set_index(["sex", "groups", "to"])
    assert moved["years"]["male", "tenths", "2018-2020"] == pytest.approx(23.7 - 22.5)
    assert moved["value"]["female", "tenths", "2017-2019"] == pytest.approx(100 * (21.5 / 23.0 - 1))
    ratios = inequality.ratio_changes(tables.read("healthy_life_expectancy_gaps"), fifths)
    expected = 100 * ((70.4 / 46.8) / (72.7 / 47.6) - 1)
    assert ratios["value"].iloc[0] == pytest.approx(expected)
