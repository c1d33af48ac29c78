"""Emergency attendances of the four nations since the pandemic: how many, and how many within four hours."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from careshift import effect_sizes, interruption
from careshift.project import CareshiftError
from careshift.topics.emergency_care import moved
from careshift.topics.four_nations import NATIONS
from careshift.typography import month as month_words

BASE = ("2018-04", "2019-03")  # the last year before England's trial of other measures and the pandemic
TRIAL = ("2019-05", "2023-05")  # 14 of England's trusts did not report the four hours in these months
LATELY = 12  # months


def by_month(attendances: Mapping[str, pd.DataFrame], department: str) -> pd.DataFrame:
    """Return attendances and the share of them that ended within four hours, by nation and month.

    `attendances` holds a table a nation, `department` is "major" or "all". A department whose four hours are
    not known in a month leaves both sides of the share. Columns nation, month, time (engine's axis),
    attendances, share (percent; missing in England's months of trial, when some trusts did not report).
    """
    frames = []
    for nation, code in NATIONS.items():
        table = attendances[nation]
        chosen = table[(table["area"] == code) & ((table["department"] == "major") | (department == "all"))]
        columns = ["attendances", "within_4_hours"]
        cells = chosen[columns].astype(float).assign(month=chosen["month"].dt.strftime("%Y-%m"))
        known = cells["attendances"].where(cells["within_4_hours"].notna())
        sums = cells.assign(known=known).groupby("month").sum(min_count=1)
        frame = sums.assign(share=100 * sums["within_4_hours"] / sums["known"]).reset_index()
        if nation == "England":
            frame["share"] = frame["share"].mask(frame["month"].between(*TRIAL))
        frames.append(frame.assign(nation=nation, time=interruption.months(frame["month"].tolist())))
    return pd.concat(frames, ignore_index=True)[["nation", "month", "time", "attendances", "share"]]


# The columns of `lately` as a reader sees them.
HEADERS = {
    "nation": "Nation",
    "until": "Last month",
    "base": "Year to March 2019",
    "before": "Twelve months before the last twelve",
    "last": "Last twelve months",
    "change": "% since the year to March 2019",
    "year_change": "% in a year",
    "share_base": "Within four hours, year to March 2019",
    "share_before": "The twelve before",
    "share_last": "Last twelve",
}


def lately(months: pd.DataFrame) -> pd.DataFrame:
    """Return the last twelve months of each nation and the twelve before, beside the year before all that.

    `months` as from `by_month`. Columns nation, until (last month at hand), base, before, last (attendances),
    change (percent from the base year), year_change (percent from the twelve months before), share_base,
    share_before, share_last (percent within four hours, weighed by attendances). Raises CareshiftError where
    a nation lacks a month.
    """
    rows = []
    for nation, frame in months.groupby("nation", sort=False):
        series = frame.set_index("month").sort_index()
        spans = {
            "base": series.loc[slice(*BASE)],
            "before": series.iloc[-2 * LATELY : -LATELY],
            "last": series.iloc[-LATELY:],
        }
        if any(len(span) < LATELY for span in spans.values()):
            raise CareshiftError(
                f"{nation} lacks a month of {BASE[0]} to {BASE[1]} or of its last two years."
            )
        counts = {name: float(span["attendances"].sum()) for name, span in spans.items()}
        shares = {f"share_{name}": _share(span) for name, span in spans.items()}
        changes = {
            "change": effect_sizes.percent_change(counts["base"], counts["last"]),
            "year_change": effect_sizes.percent_change(counts["before"], counts["last"]),
        }
        rows.append({"nation": nation, "until": str(series.index[-1])} | counts | changes | shares)
    return pd.DataFrame(rows)


def lately_words(table: pd.DataFrame) -> str:
    """Return in a few sentences how attendances and the four hours moved since the base year.

    `table` as from `lately`.
    """
    rows = table.to_dict("records")
    counts = [f"{moved(row['change'])} in {row['nation']}" for row in rows]
    shares = [
        f"{row['share_base']:.0f} to {row['share_last']:.0f} % in {row['nation']}"
        for row in rows
        if pd.notna(row["share_last"])
    ]
    fell = sum(row["share_last"] < row["share_base"] for row in rows)
    return (
        f"Since the year to {month_words(BASE[1])} attendances {_listed(counts)}. The share that ended "
        f"within four hours fell in {fell} of {len(rows)} nations. It went from {_listed(shares)}. "
        "All are of the last twelve months at hand."
    )


def waits_title(table: pd.DataFrame) -> str:
    """Return in a line in how many nations fewer attendances end within four hours than in the base year."""
    fell = int((table["share_last"] < table["share_base"]).sum())
    return f"The share that ended within four hours fell in {fell} of {len(table)} nations"


def _share(span: pd.DataFrame) -> float:
    """Return the share of a span's months together, weighed by attendances; missing where a month's is."""
    weighed = (span["share"] * span["attendances"]).sum(min_count=len(span))
    return float(weighed / span["attendances"].sum())


def _listed(parts: list[str]) -> str:
    """Return parts as a list in a sentence: "a, b and c"."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
