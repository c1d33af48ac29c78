"""Money for care in Wales: health spending against the other countries, plans, and the councils' outturn."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from careshift import effect_sizes
from careshift.project import CareshiftError
from careshift.topics.public_spending import COUNTRIES, HEALTH, million, starts, years
from careshift.typography import rise_or_fall

WALES = "W92000004"
PLANS = "nhs_planned_real_change_appleby"
OUTTURN = "social_services_expenditure"
PRICES = "gdp_deflator_2013_03"


def gaps(spending: pd.DataFrame, release: int, first: str) -> pd.DataFrame:
    """Return by how many percentage points health spending grew more in Wales than elsewhere, by end year.

    Columns year, the growth of each country in percent, together (against the four countries), others
    (against the other three) and yearly (against the four, in points a year). Cash, within one release.
    """
    before = million(spending, release, HEALTH, first)
    rows = []
    for year in (year for year in years(spending, release) if year > first):
        after = million(spending, release, HEALTH, year)
        apart = [frame.drop("Wales").sum() for frame in (before, after)]
        factors = (after["Wales"] / before["Wales"], after.sum() / before.sum())
        span = starts(year) - starts(first)
        rows.append(
            {
                "year": year,
                **(100 * (after / before - 1)),
                "together": 100 * (factors[0] - factors[1]),
                "others": 100 * (factors[0] - apart[1] / apart[0]),
                "yearly": 100 * (factors[0] ** (1 / span) - factors[1] ** (1 / span)),
            }
        )
    return pd.DataFrame(rows)


def revision(spending: pd.DataFrame, year: str, releases: tuple[int, int]) -> pd.Series:
    """Return by how much the later release changed health spending of a year, by country, in percent."""
    before, after = (million(spending, release, HEALTH, year) for release in releases)
    return 100 * (after / before - 1)


def planned(values: pd.DataFrame) -> Mapping[str, float]:
    """Return the planned real change of health budgets by country, in percent; Scotland's is for one year."""
    chosen = values[values["series_id"] == PLANS].set_index("area")["value"]
    if sorted(chosen.index) != sorted(COUNTRIES):
        raise CareshiftError(f"The series {PLANS} needs one plan of each country.")
    return {name: float(chosen[code]) for code, name in COUNTRIES.items()}


def councils(values: pd.DataFrame, base: str = "2009/10", last: str = "2012/13") -> pd.DataFrame:
    """Return what Welsh councils spent on social services: year (its start), million, cash and real.

    Cash and real are an index, the base year being 100; real is in the prices of the whole economy.
    """
    spent = values[(values["series_id"] == OUTTURN) & (values["area"] == WALES)]
    amounts = spent.set_index(spent["period"].str.replace("-", "/"))["value"] / 1000
    prices = values[values["series_id"] == PRICES].set_index("period")["value"]
    found = pd.DataFrame({"million": amounts, "prices": prices}).dropna().sort_index().loc[:last]
    real = found["million"] / found["prices"]
    found = found.assign(cash=100 * found["million"] / found["million"][base], real=100 * real / real[base])
    return found.assign(year=[starts(year) for year in found.index])[["year", "million", "cash", "real"]]


def moved(before: float, after: float) -> str:
    """Return a change in words: "rose by 3.4 %" or "fell by 3.4 %"."""
    return rise_or_fall(effect_sizes.percent_change(before, after))
