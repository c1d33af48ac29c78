"""Spending in the four countries: within a release, linked over two, ranked, and against the print."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.topics import public_spending as topic
from careshift.typography import rise_or_fall

CODES = list(topic.COUNTRIES)


@pytest.fixture
def spending() -> pd.DataFrame:
    """Each country spends its number (1 to 4) times a growing amount; Wales first stands still."""
    rows = []
    for release, amounts in (
        (2014, {"2010/11": 100.0, "2011/12": 110.0, "2012/13": 120.0, "2013/14": 150.0}),
        (2018, {"2013/14": 200.0, "2014/15": 220.0}),
    ):
        for year, amount in amounts.items():
            for number, code in enumerate(CODES, 1):
                still = code == "W92000004" and release == 2014
                value = number * (100.0 if still else amount)
                rows += [(release, code, function, year, value) for function in (topic.HEALTH, topic.SOCIAL)]
    return pd.DataFrame(rows, columns=["release", "area", "function", "financial_year", "million_pounds"])


@pytest.fixture
def population() -> pd.DataFrame:
    """Each country has a million people for each of its number, and a tenth more in 2014."""
    rows = [
        (year, code, round(number * 1_000_000 * (1.1 if year == 2014 else 1)))
        for year in range(2010, 2016)
        for number, code in enumerate(CODES, 1)
    ]
    return pd.DataFrame(rows, columns=["year", "area", "population"])


def test_growth_stays_within_a_release_and_links_over_two(spending, population):
    within = topic.growth(spending, population, topic.HEALTH, [(2014, "2010/11", "2013/14")])
    assert within.round(9).to_dict() == {"England": 50, "Scotland": 50, "Wales": 0, "Northern Ireland": 50}
    steps = topic.SPANS["2010/11 to 2014/15 (two releases linked)"]
    linked = topic.growth(spending, population, topic.HEALTH, steps)
    # 1.5 x 1.1, not 220 / 100.
    assert linked["England"] == pytest.approx(65)
    a_head = topic.growth(spending, population, topic.HEALTH, steps, "per head")
    assert a_head["England"] == pytest.approx(50)


def test_places_and_titles(spending, population):
    grown = topic.growth(spending, population, topic.HEALTH, [(2014, "2010/11", "2013/14")])
    assert topic.rank(grown, "Wales", lowest_first=True) == 1
    assert topic.growth_title(grown, "Wales", "2010/11", "2013/14").endswith("2013/14, weakest of four")
    ranks = topic.ranks_of_growth(spending, population, "Wales")
    assert ranks["value"].tolist() == [1.0] * 6
    assert len(topic.all_growth(spending, population)) == 6
    health = pd.Series({"England": 1.0, "Scotland": 4.0, "Wales": 3.0, "Northern Ireland": 2.0})
    assert topic.rank(health, "Northern Ireland") == 3
    printed = health.replace(2.0, 9.0)
    assert topic.rank_title(health, printed, "Northern Ireland").endswith(
        "third of four in health spending per head, not first"
    )


def test_the_index_starts_at_100(spending, population):
    index = topic.index(spending, population, topic.HEALTH, 2014, "2010/11", "2012/13")
    assert index["year"].tolist() == [2010, 2011, 2012]
    assert index["England"].tolist() == pytest.approx([100, 110, 120])
    assert topic.named(index) == {2010.0: "2010/11", 2011.0: "2011/12", 2012.0: "2012/13"}


def found_values(**pounds: float) -> pd.DataFrame:
    rows = [(topic.OF_THE_DAY, code, pounds.get(code, 110.0)) for code in CODES]
    return pd.DataFrame([*rows, ("another", CODES[0], 1.0)], columns=["series_id", "area", "value"])


def test_figures_of_the_day_are_one_of_each_country():
    day = topic.of_the_day(found_values(S92000003=120.0))
    assert day.to_dict() == {"England": 110, "Scotland": 120, "Wales": 110, "Northern Ireland": 110}
    for table in (found_values().drop(index=2), pd.concat([found_values(), found_values().head(1)])):
        with pytest.raises(CareshiftError, match="one figure of each country"):
            topic.of_the_day(table)


def test_per_head_against_the_print(spending, population):
    rows = [
        (c, f, "2010/11", pounds)
        for c in CODES
        for f, pounds in ((topic.HEALTH, 125), (topic.SOCIAL, 125), (topic.BOTH, 250))
    ]
    printed = pd.DataFrame(rows, columns=["area", "function", "financial_year", "pounds"])
    heads = topic.heads(spending, population, 2014, "2010/11")
    compared = topic.against_print(heads, topic.of_the_day(found_values()), printed, "2010/11")
    assert compared["later"].tolist() == pytest.approx([100] * 8 + [200] * 4)
    assert compared["difference"].tolist() == pytest.approx([-20] * 12)
    assert compared["day"].dropna().tolist() == [110] * 4
    assert compared["claim"].tolist()[3::4] == ["ni-health", "ni-social", "ni-total"]


def test_only_the_population_within_the_year_decides(spending, population):
    heads = topic.heads(spending, population, 2014, "2013/14")[topic.HEALTH]
    day = topic.of_the_day(found_values(S92000003=121.0))
    above = topic.choices(topic.lead("Scotland", "Wales"), heads, day)
    assert above["value"].tolist() == pytest.approx([50, 50, 10])
    assert above["decides"].tolist() == [True, False, False]
    assert above["figures"].iloc[2] == topic.SECOND_HAND
    # The later mid-year has a tenth more people.
    assert topic.choices(topic.amount("England"), heads)["value"].tolist() == pytest.approx([150, 150 / 1.1])
    assert topic.pounds_above("Scotland", "Wales")(day) == pytest.approx(11)
    assert topic.leads_apart("Scotland", "Wales", "England")(heads["mid-year within"]) == pytest.approx(50)


def test_a_release_moves_the_one_before_it(spending):
    moved = topic.revisions(spending, 2018)
    assert moved["function"].tolist() == [topic.HEALTH, topic.SOCIAL]
    assert set(moved["financial_year"]) == {"2013/14"}
    # 150 became 200, and Wales's 100 became 200.
    assert moved["Scotland"].tolist() == pytest.approx([100 / 3] * 2)
    assert moved["Wales"].tolist() == pytest.approx([100] * 2)
    with pytest.raises(CareshiftError, match="No release before 2014"):
        topic.revisions(spending, 2014)


def test_leads_stand_side_by_side(spending, population):
    led = topic.leads(spending, population, "Northern Ireland", "Wales")
    assert led["year"].tolist() == [2010, 2011, 2012, 2013, 2014]
    assert led["r2014"].iloc[3] == pytest.approx(50)
    assert pd.isna(led["r2018"].iloc[0])
    assert "ahead of Wales by 50.0 %" in topic.lead_title(led, "Northern Ireland", "Wales")
    places = topic.ranks(spending, population, topic.HEALTH)
    assert places[["release", "financial_year"]].to_numpy().tolist()[0] == [2014, "2010/11"]
    # Wales comes last once it falls behind; equal countries share a place.
    assert topic.years_of_lowest(places, "Wales") == (3, 6)


def test_differences_in_words():
    assert topic.ahead(4.44, "Wales", "%") == "ahead of Wales by 4.4 %"
    assert topic.ahead(-1075.2, "Scotland", "pounds", 0) == "behind Scotland by 1,075 pounds"
    assert rise_or_fall(-33.3, 0) == "fell by 33 %"
    assert rise_or_fall(4, 0) == "rose by 4 %"


def test_gaps_are_refused(spending, population):
    with pytest.raises(CareshiftError, match="2005/06"):
        topic.million(spending, 2014, topic.HEALTH, "2005/06")
    with pytest.raises(CareshiftError, match="mid-1999"):
        topic.people(population, 1999)
    with pytest.raises(CareshiftError, match="no year after 2013/14"):
        topic.next_year_change(spending, 2014, topic.SOCIAL, "2013/14")
    jump = topic.next_year_change(spending, 2014, topic.SOCIAL, "2010/11")
    assert jump["England"] == pytest.approx(10)


def test_an_amount_that_jumps_is_taken_to_be_sorted_anew(spending):
    assert topic.resorted(spending, 2014, topic.SOCIAL, "2010/11") == set()
    jumps = spending.copy()
    mine = (
        (jumps["area"] == "N92000002")
        & (jumps["financial_year"] == "2010/11")
        & (jumps["function"] == topic.SOCIAL)
    )
    jumps.loc[mine, "million_pounds"] *= 2
    assert topic.resorted(jumps, 2014, topic.SOCIAL, "2010/11") == {"Northern Ireland"}
