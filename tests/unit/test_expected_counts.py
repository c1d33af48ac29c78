"""What the chapter on expected counts shows, on strata small enough to reckon by hand."""

import pandas as pd
import pytest

from careshift import standardisation
from careshift.topics import care_homes, expected_counts
from careshift.topics.places import SCOTLAND

COUNTS = {  # year: (sex, age band) -> residents
    2010: {("female", "65-74"): 10, ("female", "85+"): 200, ("male", "65-74"): 10, ("male", "85+"): 50},
    2019: {("female", "65-74"): 12, ("female", "85+"): 180, ("male", "65-74"): 9, ("male", "85+"): 60},
}
PEOPLE = {  # year: (sex, age) -> people
    2010: {("female", 70): 1000, ("female", 90): 800, ("male", 70): 1000, ("male", 90): 200},
    2019: {("female", 70): 1000, ("female", 90): 800, ("male", 70): 1000, ("male", 90): 400},
}


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    residents = [
        {"date": pd.Timestamp(year, 3, 31), "area": SCOTLAND, "sex": sex, "age_band": band, "residents": n}
        for year, strata in COUNTS.items()
        for (sex, band), n in strata.items()
    ]
    population = [
        {"year": year, "area": SCOTLAND, "sex": sex, "age": age, "population": n}
        for year, strata in PEOPLE.items()
        for (sex, age), n in strata.items()
    ]
    total = {"series_id": care_homes.TOTALS, "period": "2009", "value": 540.0}
    return {
        "residents": pd.DataFrame(residents),
        "official": pd.DataFrame([total]),
        "population": pd.DataFrame(population),
    }


def test_expected_counts_by_hand_pooled_and_by_sex(tables) -> None:
    pooled = expected_counts.worked(base=2010, year=2019, **tables)
    # 250 of 1,000 people of 85 and over, and later 1,200: 300; 20 of 2,000 younger ones stay 20.
    assert pooled["expected"].to_list() == [20, 300]
    assert pooled["base_rate"].to_list() == [10, 250]
    assert pooled["actual"].to_list() == [21, 240]
    by_sex = expected_counts.worked(base=2010, year=2019, by=expected_counts.BY_SEX, **tables)
    # A man of 85 and over is a resident as often as a woman here, so pooling changes nothing.
    assert by_sex["expected"].sum() == 320
    mix = expected_counts.sexes(by_sex)
    assert (mix["men_base"], mix["men_later"]) == (20, pytest.approx(100 / 3))
    assert (mix["men"], mix["women"]) == (250, 250)


def test_a_base_without_ages_borrows_them_and_its_total_counts(tables) -> None:
    people = tables["population"]
    tables["population"] = pd.concat([people, people[people["year"] == 2010].assign(year=2009)])
    table = expected_counts.worked(base=2009, year=2019, **tables)
    assert table["expected"].to_list() == [40, 600], "twice the residents of 2010, in its shares"
    ways = expected_counts.two_ways(base=2009, last=2010, **tables)
    assert ways.loc[0, ["actual", "pooled"]].to_list() == [540, 540]
    tables["official"] = pd.concat(
        [
            tables["official"],
            pd.DataFrame([{"series_id": care_homes.TOTALS, "period": "2010", "value": 271.0}]),
        ]
    )
    assert expected_counts.two_ways(base=2010, last=2010, **tables).loc[0, "actual"] == 271


def test_pooling_matters_once_the_sexes_differ(tables) -> None:
    residents = tables["residents"]
    men = (
        (residents["sex"] == "male") & (residents["age_band"] == "85+") & (residents["date"].dt.year == 2010)
    )
    residents.loc[men, "residents"] = 10
    ways = expected_counts.two_ways(base=2010, last=2010, **tables)
    assert ways.loc[0, "pooled"] == ways.loc[0, "by_sex"] == ways.loc[0, "actual"]
    by_sex = expected_counts.worked(base=2010, year=2019, by=expected_counts.BY_SEX, **tables)
    pooled = expected_counts.worked(base=2010, year=2019, **tables)
    assert by_sex["expected"].sum() == 20 + 200 + 20
    assert pooled["expected"].sum() == pytest.approx(20 + 210 * 1.2)


def test_the_total_row_adds_up_and_has_the_crude_rate(tables) -> None:
    total = expected_counts.with_total(expected_counts.worked(base=2010, year=2019, **tables)).iloc[-1]
    assert total["age_band"] == "65 and over"
    assert total["actual"] == 261
    assert total["base_rate"] == pytest.approx(1000 * 270 / 3000)
    one_rate = expected_counts.at_the_crude_rate(expected_counts.worked(base=2010, year=2019, **tables))
    assert one_rate == pytest.approx(270 / 3000 * 3200)
    assert one_rate != pytest.approx(total["expected"])


def test_limits_are_the_engines_and_wider_with_the_bases_variance(tables) -> None:
    table = expected_counts.worked(base=2010, year=2019, **tables)
    limits = expected_counts.limits_by_method(table).set_index(["rates", "method"])
    known = limits.loc[("taken as known", "Byar"), ["low", "high"]]
    assert tuple(known / 100) == pytest.approx(standardisation.ratio_limits(261, 320))
    assert (
        limits.loc["with their own variance", "width"].min()
        > limits.loc["taken as known", "width"].max() * 1.2
    )
    counted = expected_counts.limits_of_counts([0, 5]).set_index("count")
    assert counted.loc[0, "byar_low"] == counted.loc[0, "exact_low"] == 0
    assert counted.loc[5, "exact_low"] == pytest.approx(1.6235, abs=1e-4)


def test_a_ratio_has_a_row_a_stratum(tables) -> None:
    by_sex = expected_counts.worked(base=2010, year=2019, by=expected_counts.BY_SEX, **tables)
    ratios = expected_counts.ratios(by_sex).set_index("stratum")
    assert ratios.loc["female, 85+", "ratio"] == 90
    assert (ratios["low"] < ratios["ratio"]).all()
    assert (ratios["ratio"] < ratios["high"]).all()
    assert (
        expected_counts.title_of_ratios(ratios, 2019)
        == "In 2019 not every group was below its expected number"
    )
    below = ratios[ratios["ratio"] < 100]
    assert "at least 10 % below" in expected_counts.title_of_ratios(below, 2019)


def test_direct_rates_weigh_the_ages_alike_in_both_years(tables) -> None:
    rates = expected_counts.crude_and_direct(years=[2010, 2019], **tables).set_index("year")
    weights = standardisation.standard_population(["65-74", "85+"])
    by_hand = (10 * weights["65-74"] + 250 * weights["85+"]) / weights.sum()
    assert rates.loc[2010, "direct"] == pytest.approx(by_hand)
    assert rates.loc[2010, "crude"] == pytest.approx(90)


def test_the_weight_of_a_choice_is_the_gap_of_its_means() -> None:
    frame = pd.DataFrame(
        {"base": ["a", "a", "b", "b"], "sexes": ["x", "y"] * 2, "value": [1.0, 2.0, 4.0, 5.0]}
    )
    weights = expected_counts.weight_of_choices(frame, ["sexes", "base"])
    assert weights["choice"].to_list() == ["base", "sexes"]
    assert weights["points"].to_list() == [3, 1]
    assert weights.loc[0, "lowest"] == "a"
