"""The proposals of the 2019 review: when each is due, and how many fall due by a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

SCALES = ("3 months", "3 to 6 months", "6 months", "6 to 12 months", "12 months", "a date in 2019")
EARLIEST, LATEST = date(2018, 11, 15), date(2019, 6, 30)  # the auditors' report; well after the review
BUDGET_YEAR = pd.Timestamp("2019-04-01")  # start of the financial year 2019/20
STARTS = {
    "Conclusions to the ministerial group": "2019-01-23",
    "Publication, as the government's site gives it": "2019-02-04",
    "Start of the budget year": "2019-04-01",
}


def is_start(value: object) -> str | None:
    """Return what is wrong with a day to count months from, or None: a rule for `parameters.check`."""
    try:
        fits = EARLIEST <= date.fromisoformat(str(value)) <= LATEST
    except ValueError:
        fits = False
    return None if fits else f"a day such as 2019-01-23, from {EARLIEST} to {LATEST}"


def schedule(proposals: pd.DataFrame, start: str) -> pd.DataFrame:
    """Return the proposals with `label`, `scale`, `sign` (span, by, from) and the days begin, early, end.

    `start` is the day that months are counted from (ISO). A date that the print gives stands for itself.
    """
    begin = pd.Timestamp(start)
    dated = proposals["dated"]
    early = proposals["months_from"].map(lambda m: _later(begin, m))
    late = proposals["months_to"].map(lambda m: _later(begin, m))
    return proposals.assign(
        label=proposals["number"] + " " + proposals["topic"],
        scale=[_scale(*pair) for pair in zip(proposals["months_from"], proposals["months_to"], strict=True)],
        sign=proposals["date_meaning"].fillna("span"),
        begin=begin,
        early=early.fillna(dated),
        end=late.fillna(dated),
    )


def _later(begin: pd.Timestamp, months: Any) -> Any:
    return pd.NaT if pd.isna(months) else begin + pd.DateOffset(months=int(months))


def _scale(low: Any, high: Any) -> str:
    if pd.isna(high):
        return SCALES[-1]
    return f"{high} months" if low == high else f"{low} to {high} months"


def due_by(planned: pd.DataFrame, day: str) -> int:
    """Return how many proposals are due, at the late end of their span, by the day (ISO)."""
    return int((planned["end"] <= pd.Timestamp(day)).sum())


def by_scale(planned: pd.DataFrame) -> pd.DataFrame:
    """Return how many proposals have each time scale: columns scale and proposals."""
    counted = planned["scale"].value_counts().reindex(SCALES, fill_value=0)
    return counted.rename_axis("scale").rename("proposals").reset_index()


def by_heading(planned: pd.DataFrame) -> pd.DataFrame:
    """Return how many proposals each heading has in each time scale, and in all: a row a heading."""
    crossed = pd.crosstab(
        [planned["heading_number"], planned["heading"]], planned["scale"], margins=True, margins_name="All"
    ).reindex(columns=[*SCALES, "All"], fill_value=0)
    named = crossed.reset_index()
    named["heading"] = [
        f"{number}. {heading}" if number != "All" else "All"
        for number, heading in zip(named["heading_number"], named["heading"], strict=True)
    ]
    return named.drop(columns="heading_number").rename_axis(columns=None)


def under_starts(proposals: pd.DataFrame, starts: Mapping[str, str], days: tuple[str, ...]) -> pd.DataFrame:
    """Return how many proposals are due by each day, counting from each start (words -> ISO day)."""
    rows = []
    for words, start in starts.items():
        planned = schedule(proposals, start)
        counts = {day: due_by(planned, day) for day in days}
        rows.append({"start": start, "words": words, **counts, "last": f"{planned['end'].max():%Y-%m-%d}"})
    return pd.DataFrame(rows)


def months_until(start: str, day: pd.Timestamp) -> float:
    """Return the months from a day (ISO) to a later day, a twelfth of a year each."""
    return (day - pd.Timestamp(start)).days / 365.25 * 12
