"""Welsh delayed transfers: dates, the lowest average, and sums that never count a missing cell."""

import math

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.topics import welsh_delays as topic


@pytest.fixture
def official() -> pd.DataFrame:
    rows = [
        (topic.AVERAGES, "quarter ended December 2004", 775.0, "Government"),
        (topic.AVERAGES, "quarter ended March 2017", 392.0, "Government"),
        (topic.TOTALS, "March (year not printed; see the text)", 421.0, "Newspaper"),
        ("another_series", "August 2016", 1.0, "Government"),
    ]
    return pd.DataFrame(rows, columns=["series_id", "period", "value", "publisher"])


@pytest.fixture
def census() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": pd.to_datetime(["2020-01-01", "2020-02-01", "2020-02-01", "2020-02-01"]),
            "health_board": ["A", "A", "A", "B"],
            "reason": ["x", "x", "y", "y"],
            "people": pd.array([99, 30, None, 10], dtype="Int64"),
        }
    )


def test_values_are_dated_where_a_year_is_printed(official, census):
    values = topic.values(official, census)
    assert values["people"].tolist() == [775, 392, 40, 421]
    assert values["date"].iloc[:3].tolist() == pytest.approx(
        [2004 + 11.5 / 12, 2017 + 2.5 / 12, 2020 + 1.5 / 12]
    )
    assert math.isnan(values["date"].iloc[3])
    assert values["when"].tolist() == [
        "quarter to December 2004",
        "quarter to March 2017",
        "February 2020",
        "March",
    ]
    assert len(topic.in_years(values, 2004, 2012)) == 1
    assert topic.title(values, 300) == "2 of 3 official values are above the printed 300"


def test_the_latest_census_is_summed_without_its_gaps(census):
    assert topic.census_total(census) == 40
    assert topic.missing_cells(census) == 1
    boards = topic.by(census, "health_board")
    assert boards[["health_board", "people", "missing"]].to_numpy().tolist() == [["A", 30, 1], ["B", 10, 0]]
    assert boards["percent"].tolist() == [75, 25]
    assert topic.reasons_title(topic.by(census, "reason"), census).startswith(
        "In February 2020 “x” held back 75 %"
    )
    with pytest.raises(CareshiftError):
        topic.census_total(census.assign(people=pd.array([None] * 4, dtype="Int64")))


def test_the_lowest_average_and_what_it_implies(official, census):
    values = topic.values(official, census)
    assert topic.lowest_average(values)["people"] == 392
    # 300 and twice 438 make a mean of 392.
    assert topic.others_must_average(392, 300) == 438
    assert "438 or more" in topic.what_it_implies(392, 300)
    assert "no surprise" in topic.what_it_implies(392, 400)
    assert topic.consequence(392, 300) == "so every quarter until then averaged more than 300"
    assert "400 or fewer" in topic.consequence(392, 400)
    with pytest.raises(CareshiftError, match=topic.AVERAGES):
        topic.lowest_average(values[values["kind"] != topic.KINDS[topic.AVERAGES]])
