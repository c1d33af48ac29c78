"""The care-home topic against sums done by hand on a made country."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.topics import care_homes, care_homes_choices

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


def test_wider_bands_change_what_is_expected(made) -> None:
    old = made["population"]["age"].eq(90) & made["population"]["year"].ge(2014)
    made["population"].loc[old, "population"] *= 2  # only the oldest grow fourfold
    frame = care_homes_choices.wider_shortfalls(2010, 2015, **made)
    assert len(frame) == len(care_homes_choices.WIDTHS) * 4
    after = frame[(frame["sexes"] == "pooled") & (frame["later_population"] == "mid-year after")]
    got = after.set_index("ages")["value"]
    assert got["65-84 and 85+"] == pytest.approx(100 * (1 - 200 / (60 * 2 + 140 * 4)))
    assert got["65+ as one"] == pytest.approx(100 * (1 - 200 / (200 * 2 * 4000 / 3500)))
    assert got.nunique() == 3


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


def homes(taken: list[float | None], area: str = "XA") -> pd.DataFrame:
    """Occupancy and places of made homes from March 2010 on: 1,000 places at first, 10 fewer each year."""
    years = range(2010, 2010 + len(taken))
    rows = {"date": [pd.Timestamp(f"{y}-03-31") for y in years], "area": "XA", "client_group": "older people"}
    filled = pd.DataFrame({**rows, "occupancy": pd.array(taken, "Int64")})
    places = pd.DataFrame({**rows, "places": [1000 - 10 * (y - 2010) for y in years]})
    others = filled.assign(client_group="all adults", occupancy=1)
    seen = filled["occupancy"].notna()
    return care_homes.occupancy(pd.concat([filled, others]), places[seen], area)


def test_a_year_without_a_census_has_no_occupancy() -> None:
    found = homes([80, None, 84])
    assert found["year"].tolist() == [2010, 2011, 2012]
    assert found["taken"].dropna().tolist() == [80, 84]
    assert found["places"].dropna().tolist() == [1000, 980]
    assert homes([80, 81], "XB").empty


def test_how_full_homes_stood_between_two_years() -> None:
    found = homes([80, None, 84, 84, 70, 75])
    at = care_homes.filled_between(found, 2009, 2013)
    assert at == {"first": 2010, "last": 2013, "was": 80, "now": 84, "places": pytest.approx(-3)}
    assert (
        care_homes.fullness(found, 2009, 2013)
        == "Homes stood fuller in 2013 than in 2010, with 3 % fewer places"
    )
    assert care_homes.fullness(found, 2012, 2013).startswith("Homes stood as full in 2013 as in 2012")
    assert care_homes.fullness(found, 2010, 2014).startswith("Homes stood less full in 2014 than in 2010")
    assert care_homes.lowest_after(found, 2013) == (
        "After that the lowest was 70 %, in March 2014; in March 2015 it was 75 %."
    )
    assert care_homes.lowest_after(found, 2015) == ""
    with pytest.raises(CareshiftError, match="fewer than two years, 2010 to 2011"):
        care_homes.filled_between(found, 2010, 2011)
