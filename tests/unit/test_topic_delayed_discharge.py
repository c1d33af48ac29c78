"""Delayed discharge: definitions stay apart, dashes stay missing, sums are done by hand."""

import math

import pandas as pd
import pytest

from careshift import interruption, tables
from careshift.project import CareshiftError
from careshift.topics import delayed_discharge as delays


@pytest.fixture(scope="module")
def official() -> pd.DataFrame:
    return tables.read("official_values")


def test_each_definition_has_its_own_column_and_a_dash_stays_missing(official):
    censuses = delays.over_six_weeks(official).set_index("census")
    april_2004 = censuses.loc["April 2004"]
    assert (april_2004["aged_65"], april_2004["all_reasons"]) == (859, 1036)
    assert math.isnan(april_2004["community_care"])
    assert censuses.loc["April 2008"].drop("time").isna().all()
    assert censuses["time"].is_monotonic_increasing


def test_medians_are_within_one_definition(official):
    since = delays.censuses_since_target(delays.over_six_weeks(official)).set_index("definition")
    care = since.loc["community-care reasons"]
    assert (care["value"], care["censuses"]) == (63, 5)  # 38, 41, 63, 74, 80
    every = since.loc["all reasons, partly second-hand"]
    assert (every["value"], every["censuses"]) == (105.5, 4)  # 55, 83, 128, 168


def test_2002_lies_between_floor_and_ceiling(official):
    raised, floor, ceiling = delays.in_2002(official)["value"]
    assert (floor, ceiling) == (1679, 3116)
    assert raised == pytest.approx(1679 * 1036 / 859)


def test_yearly_series_and_its_rate(official):
    table, people = tables.read("delayed_discharge_75plus"), tables.read("population")
    years = delays.yearly(table, people, official, 2012, 2019).set_index("financial_year")
    assert years.loc[["2012/13", "2014/15", "2019/20"], "bed_days"].tolist() == [370629, 452294, 360733]
    assert years.loc["2014/15", "rate"] == pytest.approx(years.loc["2014/15", "printed"], rel=0.001)
    with pytest.raises(CareshiftError, match="2011/12"):
        delays.yearly(table, people, official, 2011, 2019)


def test_months_of_scotland():
    table = tables.read("delayed_discharge")
    months = delays.monthly(table, "S92000003", "18+").set_index("month")
    assert months.loc["2020-02", "beds"] == 1616
    assert (months["time"].diff().dropna() == 1).all()
    with pytest.raises(CareshiftError, match="ages 65"):
        delays.monthly(table, "S92000003", "65+")
    assert delays.by_reason(table)["share"].sum() == pytest.approx(100, abs=0.01)


@pytest.fixture(scope="module")
def areas() -> pd.DataFrame:
    return tables.read("areas")


def test_then_and_now_of_a_council_keeps_what_is_missing(areas):
    councils = areas.loc[areas["type"] == "council", "code"].tolist()
    months = [pd.Timestamp(day) for day in ("2020-02-01", "2020-04-01", "2025-01-01")]
    beds = {councils[0]: [10, 4, 15], councils[1]: [0, 0, 3]}
    table = pd.DataFrame(
        [
            {"area": code, "month": month, "age_group": "75+", "reason": "all", "average_daily_beds": value}
            for code, values in beds.items()
            for month, value in zip(months, values, strict=True)
        ]
    )
    found = delays.then_and_now(table, areas, "75+").set_index("area")
    names = areas.set_index("code")["name"]
    assert len(found) == 32
    assert found.loc[names[councils[0]]].tolist() == [10, 4, 15, pytest.approx(50)]
    assert math.isnan(found.loc[names[councils[1]], "change"])
    assert found.loc[names[councils[2]]].isna().all()


def test_the_level_of_a_board_is_found_where_it_was_put(areas):
    """A made board that loses 40 of 100 beds in April 2020, on a season; the others keep theirs."""
    boards = areas.loc[areas["type"] == "health board", "code"].tolist()
    months = pd.date_range("2016-07-01", "2024-06-01", freq="MS")
    fallen = months >= "2020-04-01"
    rows = [
        {"area": code, "month": month, "age_group": "75+", "reason": "all"}
        | {"average_daily_beds": 100 + (month.month % 5) - (40 if code == boards[3] and late else 0) + n % 5}
        for code in boards
        for n, (month, late) in enumerate(zip(months, fallen, strict=True))
    ]
    table = pd.DataFrame(rows)
    table["bed_days"] = table["average_daily_beds"] * table["month"].dt.days_in_month
    at = float(interruption.months(["2020-03"])[0])
    model = interruption.ImpactModel(
        interruptions=(interruption.Interruption(at=at, transition=1),), harmonics=6, period=12, axis="month"
    )
    found = delays.level_by_board(table, areas, model, "75+").set_index("area")
    names = areas.set_index("code")["name"].str.removeprefix("NHS ")
    assert found.index[0] == names[boards[3]]
    assert found["effect"].iloc[0] == pytest.approx(-40 * 100 / 104, abs=2)
    assert found["effect"].iloc[1:].abs().max() < 3
    assert found["together"].tolist() == [True] + [False] * (len(boards) - 1)
    assert found["low"].iloc[0] < found["effect"].iloc[0] < found["high"].iloc[0] < 0


def test_no_board_falls_by_more_than_all_it_had(areas):
    """A trend far above the mean before, as in Shetland: a straight line would put the fall beyond 100 %."""
    boards = areas.loc[areas["type"] == "health board", "code"].tolist()
    months = pd.date_range("2016-07-01", "2024-06-01", freq="MS")
    days = [2 + n if month < pd.Timestamp("2020-04-01") else n % 2 for n, month in enumerate(months)]
    every = [
        {"area": code, "month": month, "age_group": "75+", "reason": "all"}
        | {"average_daily_beds": beds / month.days_in_month, "bed_days": beds}
        for code in boards
        for month, beds in zip(months, days, strict=True)
    ]
    at = float(interruption.months(["2020-03"])[0])
    model = interruption.ImpactModel(
        interruptions=(interruption.Interruption(at=at, transition=1),), harmonics=1, period=12, axis="month"
    )
    found = delays.level_by_board(pd.DataFrame(every), areas, model, "75+")
    assert (found[["effect", "low", "high"]] > -100).all(axis=None)
    assert (found["effect"] < -90).all()


@pytest.fixture
def on_the_day() -> pd.DataFrame:
    """A made census, May 2016 to July 2017 without June 2017: 100 people, 120 from July 2016; 110 beds."""
    days = [
        day for day in pd.date_range("2016-05-31", "2017-07-31", freq="ME") if f"{day:%Y-%m}" != "2017-06"
    ]
    census = pd.DataFrame(
        {"date": days, "people": [100 if day.year == 2016 and day.month < 7 else 120 for day in days]}
    )
    months = pd.DataFrame({"month": [f"{day:%Y-%m}" for day in days if f"{day:%Y-%m}" >= "2016-07"]})
    return delays.at_census(census, months.assign(beds=[110.0] * (len(months) - 1) + [100.0]))


def test_the_two_counts_of_the_census_are_two_columns(on_the_day):
    at = on_the_day.set_index("month")
    assert at["earlier"].dropna().to_dict() == {"2016-05": 100, "2016-06": 100}
    assert at["later"].dropna().index.min() == "2016-07"
    assert at.loc["2017-06", ["earlier", "later", "beds"]].isna().all()
    assert at.loc["2017-07", "differs"] == pytest.approx(20)
    assert (on_the_day["time"].diff().dropna() == 1).all()


def test_across_the_new_count_the_same_months_are_compared(on_the_day):
    """June 2017 is missing, so that June 2016 has no month to stand beside."""
    rows = delays.across_the_change(on_the_day).to_dict("records")
    assert rows == [{"month": "2016-05", "before": 100, "after": 120, "change": pytest.approx(20)}]


def test_census_day_published_elsewhere():
    """The monthly release prints 604 people at the census of April 2020, the lowest count."""
    months = delays.monthly(tables.read("delayed_discharge"), "S92000003", "18+")
    at = delays.at_census(tables.read("delayed_discharge_census"), months).set_index("month")
    assert at["later"].min() == at.loc["2020-04", "later"] == 604
    assert math.isnan(at.loc["2019-07", "later"])
