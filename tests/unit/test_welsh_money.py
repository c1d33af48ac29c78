"""Money for care in Wales: gaps by end year, plans and the councils' outturn, by hand."""

import pandas as pd
import pytest

from careshift import tables
from careshift.project import CareshiftError
from careshift.topics import public_spending, welsh_money


@pytest.fixture
def spending() -> pd.DataFrame:
    """England grows by half, Scotland and Northern Ireland by a tenth, Wales by a fifth, each in one year."""
    grown = {"E92000001": 150.0, "S92000003": 110.0, "W92000004": 120.0, "N92000002": 110.0}
    rows = [
        (2010, code, public_spending.HEALTH, year, amount)
        for code, last in grown.items()
        for year, amount in (("2004/05", 100.0), ("2005/06", last))
    ]
    rows += [(2014, code, public_spending.HEALTH, "2005/06", 120.0) for code in grown]
    return pd.DataFrame(rows, columns=["release", "area", "function", "financial_year", "million_pounds"])


def test_wales_against_all_four_and_against_the_other_three(spending) -> None:
    row = welsh_money.gaps(spending, 2010, "2004/05").iloc[0]
    # All four grow from 400 to 490, the other three from 300 to 370.
    assert row["together"] == pytest.approx(20 - 22.5)
    assert row["others"] == pytest.approx(20 - 100 * (370 / 300 - 1))
    assert row["yearly"] == pytest.approx(row["together"])
    assert row["Wales"] == pytest.approx(20)


def test_a_yearly_gap_is_that_of_the_mean_growth() -> None:
    gaps = welsh_money.gaps(tables.read("public_spending"), 2010, "2004/05").set_index("year")
    assert gaps["together"]["2009/10"] == pytest.approx(-8.3, abs=0.05)
    assert gaps["yearly"]["2009/10"] == pytest.approx(-1.27, abs=0.01)


def test_a_revision_is_the_change_between_releases(spending) -> None:
    found = welsh_money.revision(spending, "2005/06", (2010, 2014))
    assert found["England"] == pytest.approx(-20)
    assert found["Wales"] == pytest.approx(0)


def test_one_plan_of_each_country() -> None:
    values = tables.read("found_values")
    plans = welsh_money.planned(values)
    assert min(plans, key=plans.__getitem__) == "Wales"
    with pytest.raises(CareshiftError, match="one plan of each country"):
        welsh_money.planned(values[values["area"] != "S92000003"])


def test_outturn_in_cash_and_in_the_prices_of_the_economy() -> None:
    found = welsh_money.councils(tables.read("found_values"))
    assert found.index[-1] == "2012/13"
    assert found["cash"]["2012/13"] == pytest.approx(100 * 1536238 / 1418044)
    assert found["real"]["2012/13"] == pytest.approx(found["cash"]["2012/13"] * 95.389 / 101.3)
    assert welsh_money.moved(50, 60) == "rose by 20.0 %"
    assert welsh_money.moved(100, 97.8) == "fell by 2.2 %"
