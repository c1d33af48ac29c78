"""What the two chapters on emergency care share: financial years, printed values, population, reports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from careshift import effect_sizes
from careshift.project import CareshiftError
from careshift.topics.care_homes import people
from careshift.topics.financial_years import label, start_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careshift.interruption import Report

__all__ = ["label", "start_of"]  # chapters call them from here
BANDS = {"65 to 74": (65, 74), "75 to 84": (75, 84), "85 and over": (85, 200)}
PANDEMIC = "2020"


def printed(official: pd.DataFrame, series: str, period: str) -> float:
    """Return the value that an official text prints for a period, in the series' own unit.

    Of several texts the one not marked provisional counts. Raises CareshiftError where none prints it.
    """
    chosen = official[(official["series_id"] == series) & (official["period"].str.endswith(period))]
    if chosen.empty:
        raise CareshiftError(f"No value of {series} for {period} in the table of official values.")
    final_first = chosen.sort_values("status", key=lambda status: status == "provisional", kind="stable")
    return float(final_first["value"].iloc[0])


def persons(population: pd.DataFrame, year: int, youngest: int = 0) -> float:
    """Return Scotland's mid-year population from an age on, in persons.

    Raises CareshiftError for a year that is not in the table.
    """
    number = people(population, year, youngest)
    if number <= 0:
        raise CareshiftError(f"No population for mid-{year} in the table.")
    return number


def growth(population: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return how the population aged 65 and over grew between two mid-years, by age band, in percent."""
    rows = [
        {"age": "65 and over", **_grown(population, first, last, 65, 200)},
        *({"age": age, **_grown(population, first, last, *ends)} for age, ends in BANDS.items()),
    ]
    return pd.DataFrame(rows)


def _grown(population: pd.DataFrame, first: int, last: int, low: int, high: int) -> dict[str, float]:
    start, end = (persons(population, y, low) - people(population, y, high + 1) for y in (first, last))
    return {"first": start, "last": end, "growth": effect_sizes.percent_change(start, end)}


def ordinary(report: Report) -> float:
    """Return the mean of the series before its first interruption, in the series' unit."""
    return float(report.leading.y[~report.leading.design.is_after].mean())


def detectable(report: Report, term: str | None = None, digits: int = -2) -> str:
    """Return, in words, the smallest change of a term that the design would find with 80 % power.

    "158,000" stands for as much either way, rounded to `digits`; "none finite" where there is none.
    """
    least = report.minimum_detectable.set_index("term")["rise"][term or report.primary]
    return f"{round(least, digits):,.0f}" if math.isfinite(least) else "none finite"


def side_by_side(reports: Mapping[str, Report]) -> pd.DataFrame:
    """Return the leading estimates of several reports.

    Columns series, points, estimator, term, estimate, low, high, detectable (words; see `detectable`).
    """
    rows = []
    for series, report in reports.items():
        for term in report.leading.design.effects:
            effect = report.leading.effect(term)
            rows.append(
                {
                    "series": series,
                    "points": report.leading.y.size,
                    "estimator": report.leading.estimator,
                    "term": term,
                    "estimate": effect.estimate,
                    "low": effect.low,
                    "high": effect.high,
                    "detectable": detectable(report, term, 0),
                }
            )
    return pd.DataFrame(rows)


def span_of(report: Report, term: str) -> tuple[float, float]:
    """Return the lowest and highest estimate of a term over all estimators, in the series' unit."""
    found = report.estimates.query("term == @term")["estimate"]
    return float(found.min()), float(found.max())


def pandemic(period: str) -> str:
    """Return the words that open a title whose interruption is the pandemic, and none for another date."""
    return "The pandemic: " if period.startswith(PANDEMIC) else ""


def moved(percent: float, digits: int = 0) -> str:
    """Return a change in words: -27.4 -> "fell 27 %", 3.2 -> "rose 3 %"."""
    return f"{'fell' if percent < 0 else 'rose'} {abs(percent):.{digits}f} %"


def from_break(report: Report) -> pd.DataFrame:
    """Return observed and counterfactual values, the counterfactual from the last period before the break on.

    Columns as of the report's counterfactual; before that period counterfactual, low and high are missing.
    """
    frame = report.counterfactual()
    last_before = frame["time"][~report.leading.design.is_after].max()
    shown = frame["time"] >= last_before
    lines = ["counterfactual", "low", "high"]
    return frame.assign(**{name: frame[name].where(shown) for name in lines})


def found_in(report: Report, what: str) -> str:
    """Return a title that counts the interruption's terms whose interval excludes no change."""
    effects = [report.leading.effect(term) for term in report.leading.design.effects]
    clear = sum(not effect.low <= 0 <= effect.high for effect in effects)
    if clear == 0:
        return f"No change in {what} can be told from chance"
    return f"{clear} of {len(effects)} changes in {what} stand out from chance"
