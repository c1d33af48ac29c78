"""Inequality: every printed gap once, official releases of the day, fifths, ratios and indices by hand."""

import pandas as pd
import pytest

from careshift import tables
from careshift.topics import inequality


@pytest.fixture(scope="module")
def releases() -> pd.DataFrame:
    names = ("healthy_life_expectancy_gaps", "official_values", "found_values")
    return inequality.releases(*(tables.read(name) for name in names))


def test_every_print_stands_once(releases):
    assert not releases.duplicated(["period", "sex", "gap"]).any()
    men = inequality.of_sex(releases, "male").set_index("reading")
    assert men.index.is_unique
    assert men.loc["2013-2014, print 1", "value"] == 25.1
    assert men.loc["2019-2021", "value"] == 25.8
    assert men.loc["2013-2015, print 1", "value"] == 22.5


def test_the_last_official_release_of_the_day_leads(releases):
    men = inequality.of_sex(releases, "male").set_index("reading")
    assert men.index[0] == "2017-2019"
    assert men.loc["2017-2019", "value"] == inequality.latest_before_source(releases, "male") == 26.0
    assert inequality.latest_before_source(releases, "female") == 22.1
    assert set(men.index[~men["decides"]]) == {
        "2013-2015, print 2",
        "2016-2018, press copy",
        "2017-2019, press copy",
        "2018-2020",
        "2019-2021",
    }
    named = releases.query("period == '2015-2017'")["release"]
    assert named.str.startswith("National Records").all()  # and not the newspaper that reports it


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("report of January 2021", True),
        ("report of March 2022", False),
        ("Scotsman 27 Feb 2019 quoting NRS", False),
        ("a release without a date", False),
    ],
)
def test_a_release_decides_by_its_date_and_its_publisher(release, expected):
    assert inequality.decides(release) is expected


def test_fifths_by_hand():
    fifths = inequality.of_fifths(tables.read("healthy_life_expectancy"))
    row = fifths[(fifths["period"] == "2015-2017") & (fifths["sex"] == "male")].iloc[0]
    assert row["gap"] == pytest.approx(70.55 - 50.31)
    assert row["ratio"] == pytest.approx(70.55 / 50.31)
    assert row["year"] == 2016


def test_changes_by_hand(releases):
    fifths = inequality.of_fifths(tables.read("healthy_life_expectancy"))
    moved = inequality.gap_changes(releases, fifths, tables.read("found_values"))
    assert moved["value"].iloc[0] == pytest.approx(100 * ((26.0 + 22.1) / (22.5 + 23.8) - 1))
    moved = moved.set_index(["sex", "groups", "to"])
    assert moved["years"]["male", "tenths", "2018-2020"] == pytest.approx(23.7 - 22.5)
    assert moved["value"]["female", "tenths, one release", "2017-2019"] == pytest.approx(
        100 * (22.1 / 23.8 - 1)
    )
    assert moved["value"]["female", "tenths, press copy", "2017-2019"] == pytest.approx(
        100 * (21.5 / 23.0 - 1)
    )
    assert not moved["decides"]["female", "tenths, press copy", "2017-2019"]
    assert not moved["decides"]["male", "tenths", "2018-2020"], "another period is data, no method"
    assert moved["decides"]["male", "tenths, one release", "2017-2019"]
    ratios = inequality.ratio_changes(tables.read("healthy_life_expectancy_gaps"), fifths)
    expected = 100 * ((70.4 / 46.8) / (72.7 / 47.6) - 1)
    assert ratios["value"].iloc[0] == pytest.approx(expected)
    second = ratios["since"].str.endswith("print 2")
    assert second.any()
    assert (ratios["decides"] == ~second).all(), "one print of a period decides"


def test_from_a_period_known_from_the_press_only_no_change_between_tenths_decides(releases):
    fifths = inequality.of_fifths(tables.read("healthy_life_expectancy"))
    moved = inequality.gap_changes(releases, fifths, tables.read("found_values"), "2016-2018")
    assert set(moved[moved["decides"]]["groups"]) == {"tenths, one release", "fifths"}


def test_indices_by_hand():
    changes = inequality.index_changes(tables.read("found_values"))
    assert changes["value"].tolist() == pytest.approx([100 * 9 / 38, 25, 44])
    assert changes["sex"].tolist() == ["male", "female", "both"]
    assert changes["decides"].tolist() == [True, True, False]
