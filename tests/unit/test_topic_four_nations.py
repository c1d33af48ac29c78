"""Emergency attendances on one footing: rates by hand, no gaps, each nation in turn."""

import pandas as pd
import pytest

from careshift import interruption, tables
from careshift.project import CareshiftError
from careshift.topics import four_nations


@pytest.fixture(scope="module")
def attendances() -> dict[str, pd.DataFrame]:
    names = {nation: nation.lower().replace(" ", "_") for nation in four_nations.NATIONS}
    return {nation: tables.read(f"emergency_attendances_{name}") for nation, name in names.items()}


@pytest.fixture(scope="module")
def people() -> pd.Series:
    return four_nations.populations(tables.read("population_uk"), tables.read("population_areas"))


@pytest.fixture(scope="module")
def months(attendances, people) -> pd.DataFrame:
    return four_nations.monthly(attendances, people, "major", "2013-01", "2020-02")


@pytest.fixture(scope="module")
def model() -> interruption.ImpactModel:
    at = float(interruption.months(["2016-04"])[0])
    return interruption.ImpactModel((interruption.Interruption(at=at),), harmonics=6, period=12, axis="month")


def test_a_rate_by_hand(months):
    april = months.set_index("month").loc["2015-04", "Scotland"]
    assert april == pytest.approx(1000 * 111227 / 30 * 365.25 / 5_373_000, rel=0.0002)
    assert len(months) == 86


def test_all_departments_hold_more_than_major_ones(attendances, people, months):
    every = four_nations.monthly(attendances, people, "all", "2013-01", "2020-02")
    assert (every[list(four_nations.NATIONS)] > months[list(four_nations.NATIONS)]).all(axis=None)


def test_a_missing_month_is_refused(attendances, people):
    with pytest.raises(CareshiftError, match="Wales"):
        four_nations.monthly(attendances, people, "major", "2009-04", "2020-02")


def test_population_steps_to_the_releases_by_age(people):
    assert people["S92000003", 2018] == 5438100
    assert people["S92000003", 2019] == 5463300


def test_scotlands_series_has_no_gap(attendances):
    table = attendances["Scotland"]
    major = table[(table["area"] == "S92000003") & (table["department"] == "major")]
    wanted = pd.period_range("2007-07", "2025-12", freq="M")
    assert sorted(major["month"].dt.to_period("M")) == list(wanted)


def test_a_shift_of_the_treated_nation_comes_back(months, model):
    moved = months.copy()
    moved.loc[moved["month"] >= "2016-04", "Scotland"] += 30
    first, later = (
        four_nations.without_each(frame, model, "Scotland")["estimate"] for frame in (months, moved)
    )
    assert (later - first)[::2].tolist() == pytest.approx([30] * 4, abs=0.5)
    turns = four_nations.in_turn(moved, model, "Scotland")
    rank = turns[(turns["nation"] == "Scotland") & (turns["term"] == "level change")]["share"].iloc[0]
    assert rank == 0.25


def test_the_shares_are_those_of_the_table_beside_them(months, model):
    """Northern Ireland's slope changes by more than Scotland's: two nations of four, not one."""
    turns = four_nations.in_turn(months, model, "Scotland")
    slopes = turns[turns["term"] == "slope change"].set_index("nation")
    further = (slopes["estimate"].abs() >= abs(slopes.loc["Scotland", "estimate"])).sum()
    assert slopes.loc["Scotland", "share"] == further / 4 == 0.5
    assert slopes.loc["Northern Ireland", "share"] == 0.25


def test_the_slope_is_tried_with_ar2_errors_and_a_curved_trend(months, model):
    controls = months[["Wales", "Northern Ireland", "England"]]
    made = interruption.report(
        months["Scotland"], months["time"], model, unit="a year", controls=controls, placebo=False
    )
    models = four_nations.other_models(made, "slope change").set_index("variant")
    assert models.index.tolist()[:4] == [
        "as prespecified",
        "quadratic trend",
        "AR(2) errors",
        "AR(2) errors, quadratic trend",
    ]
    ar2 = made.fit_by("REML Kenward-Roger, AR(2)").effect("slope change")
    assert models.loc["AR(2) errors", "estimate"] == pytest.approx(ar2.estimate)
    words = four_nations.in_doubt_words(models.reset_index())
    assert words.startswith(
        "its interval includes no change under 3 of 11 other models (quadratic trend; AR(2)"
    )
    sure = models.reset_index().assign(excludes_none=True)
    assert (
        four_nations.in_doubt_words(sure) == "its interval excludes no change under all 11 other models tried"
    )


def test_financial_years_are_complete(months):
    years = four_nations.by_year(months)
    assert years["financial_year"].tolist()[0] == "2013/14"
    assert years["financial_year"].tolist()[-1] == "2018/19"


def test_englands_apportioned_months(attendances):
    assert four_nations.apportioned(attendances["England"]) == ("2010-11", "2015-05", 55)


def test_the_difference_by_calendar_year():
    names = list(four_nations.NATIONS)
    frame = pd.DataFrame([[10.0, 1, 2, 3], [20, 1, 2, 3]], columns=names).assign(month=["2014-01", "2014-02"])
    assert four_nations.calendar_means(frame, "Scotland") == {2014: 13}


def test_the_title_names_the_nations_that_grew_most_and_least():
    years = pd.DataFrame(
        {
            "financial_year": ["2013/14", "2014/15", "2015/16"],
            "Scotland": [100.0, 300, 102],
            "Wales": [100.0, 1, 95],
            "Northern Ireland": [200.0, 1, 240],
            "England": [100.0, 1, 110],
        }
    )
    title = four_nations.growth_title(years)
    assert title == "Attendances per head rose by 20 % in Northern Ireland, the most, and least in Wales"
