"""Intensive home care: clients aged 65 and over with ten or more hours a week, counted and expected."""

from __future__ import annotations

import pandas as pd

from careshift import effect_sizes, standardisation
from careshift.project import CareshiftError
from careshift.topics.care_homes import OFFSETS, at_ages
from careshift.topics.emergency_care import persons
from careshift.topics.places import SCOTLAND

BANDS = ("65-74", "75-84", "85+")
AT_HOME = "people aged 65 and over with intensive needs who receive care at home"
ANY_HOURS = "home_care_clients_65plus"
INDICATOR = "balance_of_care_pct_home"


def counts(hours: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return clients aged 65+ with ten or more hours in the last week of March: columns age_band, count.

    Raises CareshiftError where a band is missing. Clients of unknown age are in no band.
    """
    chosen = hours[(hours["year"] == year) & hours["age_band"].isin(BANDS)]
    if len(chosen) != len(BANDS) or chosen["clients_ten_hours"].isna().any():
        raise CareshiftError(f"No complete count of clients with ten or more hours for March {year}.")
    frame = chosen[["age_band", "clients_ten_hours"]].rename(columns={"clients_ten_hours": "count"})
    return frame.astype({"count": float}).reset_index(drop=True)


def series(hours: pd.DataFrame, population: pd.DataFrame, base: int, alignment: str) -> pd.DataFrame:
    """Return clients counted and expected from the base's rates by age: year, actual, expected, excess."""
    shift = OFFSETS[alignment]
    by, at_base = ["age_band"], at_ages(population, base + shift, ["age_band"])
    rows = []
    for year in sorted(hours["year"].unique()):
        later = at_ages(population, int(year) + shift, by)
        expected = standardisation.expected_counts(counts(hours, base), at_base, later, by)["expected"].sum()
        rows.append({"year": int(year), "actual": counts(hours, year)["count"].sum(), "expected": expected})
    return pd.DataFrame(rows).assign(excess=lambda frame: frame["actual"] - frame["expected"])


def shares(hours: pd.DataFrame) -> pd.DataFrame:
    """Return clients aged 65+ by year: all, with ten or more hours, and the share of these in percent."""
    old = hours[hours["age_band"].isin(BANDS)]
    frame = old.groupby("year")[["clients", "clients_ten_hours"]].sum().astype(float).reset_index()
    return frame.assign(share=100 * frame["clients_ten_hours"] / frame["clients"])


def implied_base(
    actual: float,
    excess: tuple[float, float],
    population: pd.DataFrame,
    rates: pd.DataFrame,
    bases: list[int],
    year: int = 2011,
) -> pd.DataFrame:
    """Return how many clients a base year must have had for an excess printed between two ends to hold.

    The projection, `actual` less the excess, is taken back to each base year by the growth of the population
    aged 65 and over, of that aged 75 and over, and of the age bands weighted by their `rates`. Columns base,
    low, high (clients).
    """
    rows = []
    for base in bases:
        back = [persons(population, base, age) / persons(population, year, age) for age in (65, 75)]
        back.append(_at_rates(population, rates, base) / _at_rates(population, rates, year))
        ends = [(actual - e) * factor for e in excess for factor in back]
        rows.append({"base": base, "low": min(ends), "high": max(ends)})
    return pd.DataFrame(rows)


def rates(hours: pd.DataFrame, population: pd.DataFrame, year: int, alignment: str) -> pd.DataFrame:
    """Return clients with ten or more hours per head by age band in March of a year: age_band, rate."""
    residents = at_ages(population, year + OFFSETS[alignment], ["age_band"])
    both = counts(hours, year).merge(residents, on="age_band", validate="1:1")
    return both.assign(rate=both["count"] / both["population"])[["age_band", "rate"]]


def _at_rates(population: pd.DataFrame, rates: pd.DataFrame, year: int) -> float:
    both = at_ages(population, year, ["age_band"]).merge(rates, on="age_band", validate="1:1")
    return float((both["population"] * both["rate"]).sum())


def cared_for_at_home(indicators: pd.DataFrame, area: str = SCOTLAND) -> pd.DataFrame:
    """Return an area's share of older people with intensive needs cared for at home: year, ..., percent.

    Columns year (start), financial_year, percent. Raises CareshiftError for an area without rows.
    """
    chosen = indicators[(indicators["area"] == area) & (indicators["indicator"] == AT_HOME)]
    if chosen.empty:
        raise CareshiftError(f"No share of people with intensive needs for area {area}.")
    frame = chosen[["financial_year", "value"]].rename(columns={"value": "percent"})
    frame = frame.assign(year=frame["financial_year"].str[:4].astype(int))
    return frame.sort_values("year", ignore_index=True)


def any_hours(official: pd.DataFrame) -> pd.DataFrame:
    """Return printed counts of clients aged 65+ with any hours, financial years only: period, clients."""
    chosen = official[(official["series_id"] == ANY_HOURS) & official["period"].str.contains("/")]
    frame = chosen[["period", "value"]].rename(columns={"value": "clients"})
    return frame.sort_values("period", ignore_index=True)


def any_hours_change(official: pd.DataFrame) -> float:
    """Return the change of clients with any hours from the first to the last printed year, in percent."""
    printed = any_hours(official)["clients"]
    return effect_sizes.percent_change(float(printed.iloc[0]), float(printed.iloc[-1]))


def ten_hours_change(years: pd.DataFrame) -> float:
    """Return the change of the clients counted from the first to the last year of `series`, in percent."""
    return effect_sizes.percent_change(float(years["actual"].iloc[0]), float(years["actual"].iloc[-1]))


def national_indicator(official: pd.DataFrame) -> pd.DataFrame:
    """Return the archived national share of people with high needs cared for at home: period, percent."""
    chosen = official[official["series_id"] == INDICATOR]
    frame = chosen[["period", "value"]].rename(columns={"value": "percent"})
    return frame.sort_values("period", ignore_index=True)
