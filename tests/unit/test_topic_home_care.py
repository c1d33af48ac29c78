"""Intensive home care: the three public counts, expectation and implied base by hand."""

import pandas as pd
import pytest

from careshift import tables
from careshift.project import CareshiftError
from careshift.topics import home_care


@pytest.fixture(scope="module")
def hours() -> pd.DataFrame:
    return tables.read("home_care_hours")


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return tables.read("population")


def test_the_three_counts(hours, people):
    years = home_care.series(hours, people, 2010, "mid-year after")
    assert years["actual"].tolist() == [15737, 15556, 15973]
    assert years["excess"].iloc[0] == pytest.approx(0)
    with pytest.raises(CareshiftError, match="2013"):
        home_care.counts(hours, 2013)


def test_expectation_by_hand(hours, people):
    def old(year: int, low: int, high: int) -> float:
        rows = people[(people["year"] == year) & people["age"].between(low, high)]
        return float(rows["population"].sum())

    clients = {(65, 74): 2818, (75, 84): 6213, (85, 200): 6706}
    expected = sum(n * old(2011, *ages) / old(2010, *ages) for ages, n in clients.items())
    years = home_care.series(hours, people, 2010, "mid-year after").set_index("year")
    assert years.loc[2011, "expected"] == pytest.approx(expected)


def test_the_implied_base_of_the_year_itself_is_the_projection(hours, people):
    rates = home_care.rates(hours, people, 2010, "mid-year after")
    row = home_care.implied_base(15556, (1700, 1900), people, rates, [2011]).iloc[0]
    assert (row["low"], row["high"]) == pytest.approx((13656, 13856))


def test_the_implied_base_takes_the_widest_growth(hours, people):
    def old(year: int, low: int, high: int = 200) -> float:
        rows = people[(people["year"] == year) & people["age"].between(low, high)]
        return float(rows["population"].sum())

    rates = home_care.rates(hours, people, 2010, "mid-year after")
    at = dict(zip(rates["age_band"], rates["rate"], strict=True))
    ages = {"65-74": (65, 74), "75-84": (75, 84), "85+": (85, 200)}
    assert at["85+"] == pytest.approx(6706 / old(2010, 85))
    weighted = [sum(at[band] * old(year, *ages[band]) for band in ages) for year in (2003, 2011)]
    factors = [old(2003, 65) / old(2011, 65), old(2003, 75) / old(2011, 75), weighted[0] / weighted[1]]
    row = home_care.implied_base(15556, (1700, 1900), people, rates, [2003]).iloc[0]
    assert (row["low"], row["high"]) == pytest.approx((13656 * min(factors), 13856 * max(factors)))


def test_shares_and_the_share_at_home(hours):
    assert home_care.shares(hours)["share"].iloc[0] == pytest.approx(100 * 15737 / (9835 + 22252 + 21574))
    at_home = home_care.cared_for_at_home(tables.read("local_indicators")).set_index("financial_year")
    assert at_home.loc["2018/19", "percent"] == pytest.approx(61.02, abs=0.005)
    years = home_care.series(hours, tables.read("population"), 2010, "mid-year after")
    assert home_care.ten_hours_change(years) == pytest.approx(100 * (15973 / 15737 - 1))
    indicator = home_care.national_indicator(tables.read("official_values"))
    assert indicator["percent"].tolist() == [30.5, 32.3]
    assert home_care.any_hours_change(tables.read("official_values")) == pytest.approx(
        100 * (51730 / 56700 - 1)
    )
