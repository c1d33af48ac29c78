"""Delayed transfers of care in Wales: the few official values, and what a lowest value on record implies."""

from __future__ import annotations

import pandas as pd

from careshift.project import CareshiftError

AVERAGES = "wales_dtoc_quarterly_average"
TOTALS = "wales_dtoc_total"
KINDS = {AVERAGES: "Average of a quarter's three censuses", TOTALS: "Count at one census"}
FIGURE_YEARS = (2004, 2012)  # of kingsfund2013 Figure 14, whose months are not public
FIGURE_SPAN = (2004.0, 2013.0)  # the same as dates


def values(official: pd.DataFrame, census: pd.DataFrame) -> pd.DataFrame:
    """Return every official value by date: kind, when (in words), date (as a year), people, said_by.

    The date is missing where the text prints no year; such a value is listed but never drawn.
    """
    stated = official[official["series_id"].isin(KINDS)]
    frame = pd.DataFrame(
        {
            "kind": stated["series_id"].map(KINDS),
            "when": stated["period"].str.replace("quarter ended", "quarter to").str.split(" \\(").str[0],
            "date": stated["period"].map(decimal_year),
            "people": stated["value"],
            "said_by": stated["publisher"],
        }
    )
    month = pd.Timestamp(census["month"].max())
    counted = {
        "kind": KINDS[TOTALS],
        "when": month_of(census),
        "date": month.year + (month.month - 0.5) / 12,
        "people": float(census_total(census)),
        "said_by": "Sum of the health boards",
    }
    return pd.concat([frame, pd.DataFrame([counted])], ignore_index=True).sort_values("date")


def decimal_year(period: str) -> float:
    """Return the middle of a month, or of a quarter's last month, as a year; NaN where no year is named."""
    month = pd.to_datetime(" ".join(period.split()[-2:]), format="%B %Y", errors="coerce")
    return float("nan") if pd.isna(month) else month.year + (month.month - 0.5) / 12


def census_total(census: pd.DataFrame) -> int:
    """Return the people delayed at the latest census: the sum of the cells that have a count."""
    latest = census[census["month"] == census["month"].max()]
    if latest["people"].isna().all():
        raise CareshiftError("No health board has a count of people delayed.")
    return int(latest["people"].sum())


def missing_cells(census: pd.DataFrame) -> int:
    """Return how many cells of the latest census hold no count."""
    latest = census[census["month"] == census["month"].max()]
    return int(latest["people"].isna().sum())


def lowest_average(found: pd.DataFrame) -> pd.Series:
    """Return the official value that is the lowest quarterly average, with its date in words."""
    averages = found[found["kind"] == KINDS[AVERAGES]].dropna(subset=["people"])
    if averages.empty:
        raise CareshiftError(f"No value of {AVERAGES} in the official values.")
    return averages.sort_values("people").iloc[0]


def averages_span(found: pd.DataFrame) -> tuple[float, float]:
    """Return the lowest and the highest quarterly average that a release prints, in people."""
    lowest = float(lowest_average(found)["people"])
    return lowest, float(found.loc[found["kind"] == KINDS[AVERAGES], "people"].max())


def others_must_average(mean: float, month: float) -> float:
    """Return what the two other months of a quarter must average if one month has this value."""
    return (3 * mean - month) / 2


def consequence(lowest: float, level: float) -> str:
    """Return in a clause what a lowest quarterly average says about a level."""
    if lowest > level:
        return f"so every quarter until then averaged more than {level:,.0f}"
    return f"so some quarter may have averaged {level:,.0f} or fewer"


def what_it_implies(lowest: float, level: float) -> str:
    """Return in a sentence what a month at or below the level would need, the lowest average being known."""
    if lowest <= level:
        return f"Months at or below {level:,.0f} are then no surprise."
    others = others_must_average(lowest, level)
    return (
        f"A month at or below {level:,.0f} would need the two other months of its quarter to average "
        f"{others:,.0f} or more. A figure with many months below {level:,.0f} would count fewer people than "
        "the official averages do."
    )


def in_years(found: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the values whose date lies in these years, both included."""
    return found[(found["date"] >= first) & (found["date"] < last + 1)]


def title(found: pd.DataFrame, level: float) -> str:
    """Return in one line how many of the dated official values are above the level that the source names."""
    dated = found.dropna(subset=["date"])
    above = int((dated["people"] > level).sum())
    return f"{above} of {len(dated)} official values are above the printed {level:,.0f}"


def by(census: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return people delayed at the latest census by health board or reason, largest first, with their share.

    Columns are the one asked for, people, percent and missing (cells without a count).
    """
    latest = census[census["month"] == census["month"].max()]
    grouped = latest.groupby(column)["people"]
    frame = pd.DataFrame(
        {"people": grouped.sum(), "missing": grouped.apply(lambda cells: cells.isna().sum())}
    )
    frame["percent"] = 100 * frame["people"] / frame["people"].sum()
    return frame.sort_values("people", ascending=False).reset_index()


def month_of(census: pd.DataFrame) -> str:
    """Return the month of the latest census in words."""
    return str(pd.Timestamp(census["month"].max()).strftime("%B %Y"))


def reasons_title(reasons: pd.DataFrame, census: pd.DataFrame) -> str:
    """Return in one line the commonest reason and its share."""
    first = reasons.iloc[0]
    return f"In {month_of(census)} “{first['reason']}” held back {first['percent']:.0f} % of the people"
