"""Spending in the four countries: within a release, linked over two, ranked, and against the print."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.topics import public_spending as topic

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
    assert topic.growth_title(grown, "Wales", "2010/11", "2013/14").endswith(
        "2013/14, the weakest of the four"
    )
    ranks = topic.ranks_of_growth(spending, population, "Wales")
    assert ranks["value"].tolist() == [1.0] * 6
    assert len(topic.all_growth(spending, population)) == 6
    health = pd.Series({"England": 1.0, "Scotland": 4.0, "Wales": 3.0, "Northern Ireland": 2.0})
    assert topic.rank(health, "Northern Ireland") == 3
    printed = health.replace(2.0, 9.0)
    assert topic.rank_title(health, printed, "Northern Ireland", "2010/11").endswith(
        "third of four in health spending per head in 2010/11, not first"
    )


def test_against_the_four_together(spending):
    # Together (100 + 200 + 300 + 400) grows to (150 + 300 + 300 + 600): 35 %; Wales does not grow.
    assert topic.against_uk(spending, topic.HEALTH, (2014, "2010/11", "2013/14"), "Wales") == pytest.approx(
        -35
    )


def test_the_index_starts_at_100(spending, population):
    index = topic.index(spending, population, topic.HEALTH, 2014, "2010/11", "2012/13")
    assert index["year"].tolist() == [2010, 2011, 2012]
    assert index["England"].tolist() == pytest.approx([100, 110, 120])
    assert topic.named(index) == {2010.0: "2010/11", 2011.0: "2011/12", 2012.0: "2012/13"}


def test_per_head_against_the_print(spending, population):
    rows = [(c, f, "2010/11", 125) for c in CODES for f in (topic.HEALTH, topic.SOCIAL)]
    printed = pd.DataFrame(rows, columns=["area", "function", "financial_year", "pounds"])
    compared = topic.against_print(spending, population, printed, 2014, "2010/11")
    assert compared["later"].tolist() == pytest.approx([100] * 8)
    assert compared["difference"].tolist() == pytest.approx([-20] * 8)
    assert compared["claim"].tolist()[:4] == [
        "england-health",
        "scotland-health",
        "wales-health",
        "ni-health",
    ]
    row = compared.iloc[0].to_dict()
    assert topic.choices_of_row(row)["value"].tolist() == pytest.approx([100, 100])


def test_leads_stand_side_by_side(spending, population):
    led = topic.leads(spending, population, "Northern Ireland", "Wales")
    assert led["year"].tolist() == [2010, 2011, 2012, 2013, 2014]
    assert led["r2014"].iloc[3] == pytest.approx(50)
    assert pd.isna(led["r2018"].iloc[0])
    assert "between +0.0 and +50.0 %" in topic.lead_title(led, "Northern Ireland", "Wales")
    both = topic.choices_of_lead(spending, population, "Northern Ireland", "Wales", 2014, "2013/14")
    assert both["value"].tolist() == pytest.approx([50, 50])
    assert topic.choices_of_rank(spending, population, "Wales", 2014, "2013/14")["value"].tolist() == [4, 4]
    places = topic.ranks(spending, population, topic.HEALTH)
    assert places[["release", "financial_year"]].to_numpy().tolist()[0] == [2014, "2010/11"]


def test_prices_that_turn_a_rise_into_a_fall():
    # 110 / 1.375 = 80: a rise of 10 % in cash is a real fall of 20 % if prices rose by 37.5 %.
    assert topic.prices_needed(10, 20) == pytest.approx(37.5)


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
