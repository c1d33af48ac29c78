"""Did care shift in one area: before and after, beside Scotland, and what its figure moves by itself."""

import pandas as pd
import pytest

from careshift import claims, figures
from careshift.topics import areas_shift
from careshift.topics.areas import Place

NAIRN = Place("S12000017", "Highland", "council")
FIFE = Place("S12000047", "Fife", "council")
YEARS = {"2011/12": 2011.5, "2015/16": 2015.5, "2019/20": 2019.5}
RATES = {
    "S12000047": (100.0, 100.0, 130.0),
    "S12000017": (80.0, 100.0, 88.0),
    "S12000033": (90.0, 90.0, 90.0),
    "S92000003": (100.0, 100.0, 110.0),
}


@pytest.fixture
def every() -> pd.DataFrame:
    return pd.DataFrame(
        {"measure": "admissions", "area": code, "period": year, "time": YEARS[year], "value": value}
        for code, values in RATES.items()
        for year, value in zip(YEARS, values, strict=True)
    )


def standing(error: float) -> pd.DataFrame:
    about = {
        "measure": "admissions",
        "label": "Emergency admissions, 65+",
        "unit": "per 1,000",
        "error": error,
    }
    return pd.DataFrame([about | {"area": code} for code in RATES])


def test_the_change_is_from_the_last_year_before_integration(every) -> None:
    (row,) = areas_shift.shifts(FIFE, every, standing(2.0)).to_dict("records")
    assert (row["start"], row["end"]) == ("2015/16", "2019/20")
    assert row["change"] == pytest.approx(30)
    assert row["scotland"] == pytest.approx(10)
    assert (row["lower"], row["of"]) == (2, 3)


def test_highland_starts_four_years_earlier(every) -> None:
    (row,) = areas_shift.shifts(NAIRN, every, standing(2.0)).to_dict("records")
    assert row["start"] == "2011/12"
    assert row["change"] == pytest.approx(10)
    assert areas_shift.mark(NAIRN)[0] == 2012.25 < areas_shift.mark(FIFE)[0]


@pytest.mark.parametrize(("error", "beyond"), [(2.0, True), (7.2, True), (7.3, False), (20.0, False)])
def test_more_than_usual_is_more_than_two_years_differ_by_themselves(every, error, beyond) -> None:
    """The change differs from Scotland's by 20; 1.96 times the root of two errors squared is 20 at 7.215."""
    rows = areas_shift.shifts(FIFE, every, standing(error))
    assert bool(rows["beyond"].iloc[0]) is beyond
    assert ("no further apart" in areas_shift.answer(rows, "Fife")) is not beyond


def test_a_place_without_both_years_has_no_change(every) -> None:
    gone = every.assign(value=every["value"].mask((every["area"] == FIFE.code) & (every["time"] > 2019)))
    rows = areas_shift.shifts(FIFE, gone, standing(2.0))
    assert rows.empty
    assert "No measure has figures of Fife" in areas_shift.answer(rows, "Fife")
    assert areas_shift.as_table(rows).empty


def test_the_chart_says_its_own_line_the_country_and_the_crowd(every) -> None:
    names = {"S12000047": "Fife", "S92000003": "Scotland"}
    made = figures.crowd(
        areas_shift.among(FIFE, every, "admissions", names),
        names=("Fife", "Scotland", "the other council areas"),
        name="a",
        title="Fife",
        y_label="rate",
        mark=areas_shift.mark(FIFE),
        tables=["population"],
    )
    assert "Fife: from 100 in 2011/12 to 130 in 2019/20" in made.alt
    assert "the other council areas: from 88.0 to 90.0 in the last period" in made.alt


def test_claims_of_a_place_are_found_by_the_name_of_its_page() -> None:
    areas = {claim.area for claim in claims.of_place("Aberdeenshire")}
    assert areas == {"Aberdeenshire", "Aberdeen City and Aberdeenshire"}
    assert {claim.area for claim in claims.of_place("NHS Greater Glasgow and Clyde")} == {
        "Greater Glasgow and Clyde"
    }
    assert not claims.of_place("Angus and Fife")
