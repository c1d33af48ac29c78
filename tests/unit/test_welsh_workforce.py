"""Welsh staff: changes, sums, the year before and doctors per patient, by hand."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.topics import welsh_workforce as topic


@pytest.fixture
def workforce() -> pd.DataFrame:
    """Every group goes from 100 to 150 staff; the printed totals are 700 and 1,051 (sums 700 and 1,050)."""
    rows = []
    for group in topic.GROUPS:
        before, after = (700, 1051) if group == topic.TOTAL else (100, 150)
        rows += [(group, 2001, before, None, None), (group, 2011, after, 50.0, 25.0)]
    columns = ["staff_group", "year", "staff", "printed_change_ten_years", "printed_change_one_year"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def changed(workforce) -> pd.DataFrame:
    return topic.changes(workforce, 2001, 2011)


def test_changes_carry_the_rounding_of_the_print(changed):
    nurses = topic.one(changed, "nurses, midwives and health visitors")
    assert (nurses["added"], nurses["change"], nurses["printed"]) == (50, 50, 50)
    assert nurses["low"] == pytest.approx(100 * (149.5 / 100.5 - 1))
    assert nurses["high"] == pytest.approx(100 * (150.5 / 99.5 - 1))
    assert topic.title(changed) == "7 of 7 groups of staff grew over the decade"
    assert topic.added_title(changed).endswith("make 14 % of those added")


def test_managers_are_not_added_twice(changed):
    summed = topic.sums(changed, 2001, 2011)
    assert summed["sum"].tolist() == [700, 1050]
    assert summed["difference"].tolist() == [0, -1]
    assert summed[["low", "high"]].iloc[1].tolist() == [1046.5, 1053.5]
    assert topic.rounding_words(summed) == "which rounding can explain"
    assert topic.rounding_words(summed.assign(total=2000)) == "more than rounding can explain"


def test_the_year_before_is_the_last_over_the_printed_change(changed):
    implied = topic.year_before(changed)
    assert implied["implied"].iloc[0] == pytest.approx(120)
    assert implied["low"].iloc[0] == pytest.approx(149.5 / 1.2505)
    middle, low, high = topic.one_year_change_of_groups(implied)
    assert middle == pytest.approx(25)
    assert low < middle < high


def test_a_missing_count_is_refused(workforce):
    with pytest.raises(CareshiftError, match="medical and dental staff in 2001"):
        topic.changes(workforce[workforce["year"] == 2011], 2001, 2011)


def test_doctors_over_patients_and_residents():
    practice = pd.DataFrame(
        {"measure": ["doctors", "average list"], "year": [2011, 2011], "value": [2000.0, 1600.0]}
    )
    population = pd.DataFrame({"area": [topic.WALES], "year": [2011], "population": [4_000_000]})
    rates = topic.doctors_per_10000(practice, population, 2011)
    assert rates["number"].tolist() == [3_200_000, 3_100_000, 4_000_000]
    assert rates["value"].tolist() == pytest.approx([6.25, 2000 / 310, 5])
    assert rates["low"].iloc[0] == pytest.approx(10_000 / 1600.5)
    assert (rates["low"].iloc[2], rates["high"].iloc[2]) == (5, 5)
    assert topic.list_fall(1600, 1200) == 25
    assert topic.per_thousand(8000, population, 2011) == 2
    with pytest.raises(CareshiftError, match="mid-2012"):
        topic.residents(population, 2012)
    with pytest.raises(CareshiftError, match="practices"):
        topic.practice(practice, "practices", 2011)
