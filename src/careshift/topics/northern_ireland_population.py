"""Population of Northern Ireland: estimates and a later projection beside the printed numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from careshift import effect_sizes
from careshift.project import CareshiftError

OLDEST = 90  # the last age of the estimates holds 90 and over
BAND = 5  # years of age in a band of the projection
TRUSTS = 5
START, END = 2010, 2025  # of the projection that kingsfund2013 prints
DOUBLED = 2027  # by when, it says, people over 85 double
PENSION_AGES = {"women to 59, men to 64": {"female": 59, "male": 64}, "all to 64": {"female": 64, "male": 64}}


def estimated(population: pd.DataFrame, year: int, youngest: int = 0) -> int:
    """Return the estimated residents of an age and over at mid-year.

    Raises CareshiftError where the year is not in the table.
    """
    chosen = population[population["year"] == year]
    if chosen.empty:
        raise CareshiftError(f"No estimate of the population for mid-{year}.")
    return int(chosen.loc[chosen["age"] >= youngest, "population"].sum())


def projected(projections: pd.DataFrame, year: int, youngest: int = 0, sex: str | None = None) -> int:
    """Return the projected residents of an age and over, perhaps of one sex.

    Raises CareshiftError for an age inside a band (it is never split) and for a year that is not projected.
    """
    if youngest % BAND:
        raise CareshiftError(f"The projection has bands of {BAND} years: no count from age {youngest} on.")
    chosen = projections[projections["year"] == year]
    if chosen.empty:
        raise CareshiftError(f"No projection of the population for mid-{year}.")
    if sex:
        chosen = chosen[chosen["sex"] == sex]
    first = chosen["age_band"].str.extract(r"^(\d+)", expand=False).astype(int)
    return int(chosen.loc[first >= youngest, "population"].sum())


def miss(population: pd.DataFrame, projections: pd.DataFrame, year: int, youngest: int) -> float:
    """Return by how many percent the estimate of a mid-year lies above what was projected for it."""
    return effect_sizes.percent_change(
        projected(projections, year, youngest), estimated(population, year, youngest)
    )


def series(population: pd.DataFrame, projections: pd.DataFrame, youngest: int, last: int) -> pd.DataFrame:
    """Return residents of an age and over by year, in thousands: columns year, estimate, projection."""
    first, end = int(population["year"].min()), int(population["year"].max())
    start = int(projections["year"].min())
    rows = [
        {
            "year": year,
            "estimate": estimated(population, year, youngest) / 1000 if year <= end else float("nan"),
            "projection": projected(projections, year, youngest) / 1000 if year >= start else float("nan"),
        }
        for year in range(first, last + 1)
    ]
    return pd.DataFrame(rows)


def working_age(population: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return residents of working age under both readings: to the pension ages of 2010, or all to 64."""
    chosen = population[(population["year"] == year) & (population["age"] >= 16)]
    if chosen.empty:
        raise CareshiftError(f"No estimate of the population for mid-{year}.")
    rows = [
        {
            "ages": reading,
            "value": float(chosen.loc[chosen["age"] <= chosen["sex"].map(oldest), "population"].sum()),
        }
        for reading, oldest in PENSION_AGES.items()
    ]
    return pd.DataFrame(rows)


def women_among(projections: pd.DataFrame, year: int, youngest: int) -> float:
    """Return women's share of the projected residents of an age and over, in percent."""
    return 100 * projected(projections, year, youngest, "female") / projected(projections, year, youngest)


def per_trust(population: pd.DataFrame, year: int) -> float:
    """Return the mean population of a health and social care trust."""
    return estimated(population, year) / TRUSTS


def register(
    population: pd.DataFrame,
    projections: pd.DataFrame,
    start: int,
    end: int,
    printed: Mapping[str, tuple[float, float]],
) -> pd.DataFrame:
    """Return printed and later counts at both ends: a row a group, in thousands.

    `printed` gives for "all ages", "65 and over" and "85 and over" the printed counts of start and end in
    people. Columns group, then for each end printed, later, difference in percent of the print.
    """
    rows = []
    for group, (before, after) in printed.items():
        youngest = 0 if group == "all ages" else int(group.split()[0])
        now, then = estimated(population, start, youngest), projected(projections, end, youngest)
        rows.append(
            {
                "group": group,
                "printed_start": before / 1000,
                "start": now / 1000,
                "difference_start": effect_sizes.percent_change(before, now),
                "printed_end": after / 1000,
                "end": then / 1000,
                "difference_end": effect_sizes.percent_change(after, then),
                "printed_growth": effect_sizes.percent_change(before, after),
                "growth": effect_sizes.percent_change(now, then),
            }
        )
    return pd.DataFrame(rows)


def reaches(projections: pd.DataFrame, youngest: int, number: float) -> int:
    """Return the first projected year with so many residents of an age and over."""
    for year in sorted(projections["year"].unique()):
        if projected(projections, int(year), youngest) >= number:
            return int(year)
    raise CareshiftError(f"The projection does not reach {number:,.0f} people aged {youngest} and over.")


def title(frame: pd.DataFrame, end: int, printed: float, ages: str) -> str:
    """Return in one line how the later projection of an end year compares with the printed one, in people."""
    later = 1000 * float(frame.loc[frame["year"] == end, "projection"].iloc[0])
    side = "fewer" if later < printed else "more"
    gap = f"{abs(printed - later):,.0f} {side}"
    return f"A later projection has {gap} people aged {ages} than the print"
