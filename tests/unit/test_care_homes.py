"""The care-home topic against sums done by hand on a made country."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.topics import care_homes

SCOTLAND = care_homes.SCOTLAND


@pytest.fixture
def made():
    cells = [("65-74", 10), ("75-84", 20), ("85-94", 30), ("95+", 40), ("18-64", 999)]
    residents = pd.DataFrame(
        [
            {
                "date": pd.Timestamp(f"{y}-03-31"),
                "area": SCOTLAND,
                "sex": sex,
                "age_band": band,
                "residents": n,
            }
            for y in (2010, 2015)
            for sex in ("female", "male")
            for band, n in cells
        ]
    ).astype({"residents": "Int64"})
    ages = {65: 1000, 80: 500, 90: 250}
    population = pd.DataFrame(
        [
            {"year": y, "area": SCOTLAND, "sex": sex, "age": age, "population": n * (2 if y >= 2014 else 1)}
            for y in (2008, 2009, 2010, 2014, 2015)
            for sex in ("female", "male")
            for age, n in ages.items()
        ]
    )
    official = pd.DataFrame(
        [{"series_id": care_homes.TOTALS, "period": "2009", "value": 100.0}],
        columns=["series_id", "period", "value"],
    )
    return {"residents": residents, "official": official, "population": population}


def test_a_doubled_population_doubles_the_expected_count(made) -> None:
    fall = care_homes.shortfall(**made, base=2010, year=2015)
    assert fall == pytest.approx(50.0)  # 200 residents where 400 were expected


def test_a_total_without_ages_borrows_the_shares(made) -> None:
    base = care_homes.base_residents(made["residents"], made["official"], 2009, ["age_band"])
    assert base["count"].tolist() == pytest.approx([10.0, 20.0, 70.0])
    assert care_homes.shortfall(**made, base=2009, year=2015) == pytest.approx(0.0)  # 200 against 100 doubled


def test_under_65s_do_not_count(made) -> None:
    assert care_homes.census(made["residents"], 2015, ["age_band"])["count"].sum() == 200


def test_a_missing_cell_is_not_nobody(made) -> None:
    made["residents"].loc[made["residents"]["age_band"] == "95+", "residents"] = pd.NA
    with pytest.raises(CareshiftError, match="No complete age split"):
        care_homes.shortfall(**made, base=2010, year=2015)


def test_a_missing_population_year_is_said(made) -> None:
    with pytest.raises(CareshiftError, match="No population for mid-1999"):
        care_homes.at_ages(made["population"], 1999, ["age_band"])


def test_misaligned_population_dates_do_not_decide(made) -> None:
    frame = care_homes.shortfalls(2010, 2015, **made)
    assert len(frame) == 8
    aligned = frame["base_population"] == frame["later_population"]
    assert (frame["decides"] == aligned).all()


def test_the_parts_sum_to_the_change(made) -> None:
    made["population"] = pd.concat([made["population"]], ignore_index=True)
    parts = care_homes.parts_of_change(2010, 2015, **made)
    assert parts["contribution"].sum() == pytest.approx(0.0)
    assert parts.set_index("factor")["contribution"]["population size"] > 0


def test_a_missing_row_is_no_complete_split() -> None:
    rows = [
        (f"{year}-03-31", "XA", sex, band, 10)
        for year in (2011, 2012)
        for sex in ("female", "male")
        for band in ("65-74", "95+")
    ]
    residents = pd.DataFrame(rows, columns=["date", "area", "sex", "age_band", "residents"])
    residents["date"] = pd.to_datetime(residents["date"])
    assert care_homes.split_years(residents, "XA") == [2011, 2012]
    assert care_homes.split_years(residents.iloc[1:], "XA") == [2012]
    with pytest.raises(CareshiftError, match="No complete age split of residents for March 2011"):
        care_homes.census(residents.iloc[1:], 2011, ["age_band"], "XA")
