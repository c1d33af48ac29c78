"""Long-stay hospital care: years from quarters, and Scotland from its boards where it has no row."""

import pandas as pd
import pytest

from careshift import tables
from careshift.project import CareshiftError
from careshift.topics import long_stay, series


def made(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["quarter", "area", "occupied_bed_days"])
    return frame.assign(specialty=long_stay.UNITS, available_bed_days=2 * frame["occupied_bed_days"])


def test_boards_are_added_only_where_scotland_has_no_row():
    first = [("2020Q1", "S92000003", 30), ("2020Q1", "S08000015", 10), ("2020Q1", "IE", 900)]
    beds = made([*first, ("2020Q2", "S08000015", 5), ("2020Q2", "SB0801", 7), ("2020Q2", "IE", 900)])
    quarters = long_stay.quarters(beds, "S92000003")
    assert quarters["occupied"].tolist() == [30, 12], "another country's rows are none of Scotland's"
    assert quarters["occupancy"].tolist() == [50, 50]
    with pytest.raises(CareshiftError, match="area S08000099"):
        long_stay.quarters(beds, "S08000099")


def test_a_financial_year_is_april_to_march_and_complete():
    beds = made([(f"{y}Q{q}", "S92000003", q) for y in (2018, 2019) for q in (1, 2, 3, 4)])
    years = long_stay.years(long_stay.quarters(beds, "S92000003"))
    assert years[["financial_year", "occupied"]].to_numpy().tolist() == [["2018/19", 10]]  # 2 + 3 + 4 + 1


def test_the_value_of_2018_19_and_no_gap():
    quarters = long_stay.quarters(tables.read("hospital_beds"), "S92000003")
    assert (quarters["time"].diff().dropna() == 1).all()
    years = long_stay.years(quarters).set_index("financial_year")["occupied"]
    assert years["2018/19"] == 264328
    falls = long_stay.falls(long_stay.years(quarters), "2018/19")
    assert falls["value"].tolist() == pytest.approx([100 * (264328 / 290990 - 1)])


def test_months_and_events():
    assert series.months_between("2019-11", "2020-02") == ["2019-11", "2019-12", "2020-01", "2020-02"]
    assert series.event_of("2020Q2") == "pandemic"
    assert series.event_of("2019Q2") == "interruption"
