"""The care-home topic against sums done by hand on a made country."""

import pandas as pd
import pytest

from careshift import tables
from careshift.project import CareshiftError
from careshift.topics import (
    care_homes,
    care_homes_before,
    care_homes_choices,
    care_homes_gap,
    care_homes_since,
)

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


def test_what_fell_before_is_reckoned_by_hand(made) -> None:
    """200 residents in 2010; twice the people from 2014 on, so unchanged rates would have doubled them."""
    rows = [("31 March 2010", 1000.0), ("31 March 2014", 1620.0)]
    series = care_homes_before.EARLIER["Residents of homes for older people, all ages"]
    made["official"] = pd.DataFrame(
        [{"series_id": series, "period": period, "value": value} for period, value in rows]
    )
    made["population"] = pd.concat(
        [made["population"], made["population"].query("year == 2015").assign(year=2013)]
    )
    found = care_homes_before.paces(2014, 2016, **made)
    lead = found[found["leads"]].iloc[0]
    assert lead["below"] == pytest.approx(19)
    assert lead["pace"] == pytest.approx(100 * (1 - 0.81**0.25))
    assert lead["carried"] == pytest.approx(10), "half the years: the root of 0.81 is 0.9"
    words = care_homes_before.said(found, {}, 2014, 2016, 20.0)
    assert "by 5.1 to 5.1 % a year. That pace, carried on, makes 10 to 10 % by March 2016." in words
    made["official"].loc[1, "value"] = 2100.0
    risen = care_homes_before.paces(2014, 2016, **made)
    assert care_homes_before.said(risen, {}, 2014, 2016, 20.0).startswith("The earlier series do not all")
    assert care_homes_before.title(risen, 2016).startswith("The earlier series do not all")
    with pytest.raises(CareshiftError, match="two years up to March 2012"):
        care_homes_before.paces(2012, 2016, **made)


def test_scotlands_fall_before_2009_and_what_was_there_by_2016() -> None:
    """The paces and the gap of 2016 that a reader reckoned apart from this code."""
    names = ("care_home_residents", "official_values", "population")
    held = dict(zip(("residents", "official", "population"), map(tables.read, names), strict=True))
    found = care_homes_before.told(care_homes_before.paces(2009, 2019, **held))
    assert found["below"].round(1).tolist() == [12.4, 10.6, 3.9]
    assert found["pace"].round(1).tolist() == [1.5, 2.2, 2.0]
    assert found[["first", "end"]].iloc[1].tolist() == ["2003/04", "2008/09"]
    eve = care_homes_before.on_the_eve(2009, 2019, **held)
    assert round(eve["lead"], 1) == 13.3
    words = care_homes_before.said(care_homes_before.paces(2009, 2019, **held), eve, 2009, 2019, 20.0)
    assert "makes 14 to 20 % by March 2019. By March 2016, just before" in words
    assert "13.3 of the 20.0 % were there" in words
    assert care_homes_before.on_the_eve(2009, 2016, **held) == {}
    wrong = held["official"].copy()
    wrong.loc[wrong["period"] == "31 March 2000", "value"] = 30000
    moved = care_homes_before.paces(2009, 2019, **{**held, "official": wrong})
    assert "14 to 20 %" not in care_homes_before.said(moved, eve, 2009, 2019, 20.0)


def test_chance_alone_is_about_no_gap_and_smaller_in_larger_counts() -> None:
    alone = care_homes_gap.chance_alone(38040, 31378, 0.95)
    assert alone == pytest.approx(196 * (1 / 38040 + 1 / 31378) ** 0.5, rel=0.02)
    assert care_homes_gap.chance_alone(380, 314, 0.95) > 9 * alone


def test_population_and_rates_changed_in_turn(made) -> None:
    """Twice the people, ages alike, the same residents: people alone double them, rates halve them again."""
    turn = care_homes_gap.one_at_a_time(2010, 2015, **made)
    assert turn == pytest.approx({"people": 200, "population": 200, "rates": -200, "rates_first": -100})
    old = made["population"]["age"].eq(90) & made["population"]["year"].ge(2014)
    made["population"].loc[old, "population"] *= 2
    turn = care_homes_gap.one_at_a_time(2010, 2015, **made)
    assert turn["population"] == pytest.approx(60 * 2 + 140 * 4 - 200)
    assert turn["people"] < turn["population"]
    parts = care_homes.parts_of_change(2010, 2015, **made)
    assert care_homes_gap.title_of_parts(parts, 2010, 2015).startswith("Lower rates took away ")
    parts["contribution"] *= -1
    assert care_homes_gap.title_of_parts(parts, 2010, 2015).startswith("Higher rates added ")


def test_what_leads_is_the_nearest_mid_year_and_looks_at_no_print() -> None:
    assert (
        care_homes_choices.nearest_mid_year(care_homes.OFFSETS, care_homes_choices.CENSUS) == "mid-year after"
    )
    yearly = care_homes_choices.nearest_mid_year(care_homes_choices.MIDS, care_homes_choices.YEARLY_MEAN)
    assert yearly == "mid-year within"
    made = pd.DataFrame(
        {"sexes": ["pooled", "pooled", "by sex"], "value": [1.0, 2, 3], "decides": [True, False, True]}
    )
    assert care_homes_choices.leading(made, sexes="pooled") == 1
    with pytest.raises(CareshiftError, match="0 choices lead"):
        care_homes_choices.leading(made, sexes="neither")


def test_a_march_has_one_number_and_the_ages_that_differ_are_told(made) -> None:
    total = {"series_id": care_homes.TOTALS, "period": "2015", "value": 199.0}
    official = pd.concat([made["official"], pd.DataFrame([total])])
    counted = care_homes_since.later_counts(made["residents"], official, 2010)
    assert counted["count"].tolist() == [200, 199]
    assert care_homes_since.totals_and_ages(made["residents"], official) == (
        "The ages add up to 200 in March 2015 (total 199)."
    )
    assert "in every year" in care_homes_since.totals_and_ages(made["residents"], made["official"])
