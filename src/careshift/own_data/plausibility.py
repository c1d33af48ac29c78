"""What is odd in a right table: values far from the usual, a year twice, gaps, totals unlike their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from careshift.checking import Problem
from careshift.own_data import comparison

FAR = 10  # times beyond the smallest or largest value of the project's own table
YEAR = r"^(\d{4})"
STEPS = {"month": "M", "quarter": "Q", "week_ending": "W"}
TIMES = ("date", "year", "month", "quarter", "financial_year", "week_ending")
KINDS = ("indicator", "measure", "unit", "function", "status", "series_id")


def warnings(
    file: str, frame: pd.DataFrame, usual: pd.DataFrame, descriptor: Mapping[str, Any]
) -> list[Problem]:
    """Return what is odd in a frame, beside the project's own table; neither need be wrong.

    Both frames are typed as the schema says; the frame's index is the row of the file.
    """
    schema = descriptor["schema"]
    time = next((name for name in schema.get("primaryKey", []) if name in TIMES), None)
    found = [*_far(file, frame, usual, schema)]
    found = _beside_the_book(file, frame, usual, schema, time, found)
    if time:
        found += _periods(file, frame, usual, schema, time)
    for total in descriptor.get("totals", []):
        found += _totals(file, frame, schema, total)
    return found


def _beside_the_book(
    file: str,
    frame: pd.DataFrame,
    usual: pd.DataFrame,
    schema: Mapping[str, Any],
    time: str | None,
    far: list[Problem],
) -> list[Problem]:
    """Return what is far from the book's values or differs from the same one, each row once."""
    compared = list(comparison.warnings(file, frame, usual, schema, time))
    of_all = {problem.field for problem in compared if problem.message.startswith(comparison.TYPICALLY)}
    far = [problem for problem in far if problem.field not in of_all]
    told = {(problem.row, problem.field) for problem in far}
    return far + [problem for problem in compared if (problem.row, problem.field) not in told]


def _far(file: str, frame: pd.DataFrame, usual: pd.DataFrame, schema: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a warning for each column and kind of row whose values lie far outside those of our table."""
    keys = set(schema.get("primaryKey", []))
    numeric = [f["name"] for f in schema["fields"] if f["type"] in {"integer", "number"}]
    by = [name for name in KINDS if name in frame.columns]
    for name in (column for column in numeric if column not in keys):
        groups = frame.groupby(by, dropna=False) if by else [((), frame)]
        for kind, rows in groups:
            alike = usual[(usual[by] == list(kind)).all(axis=1)] if by else usual
            held = alike[name].dropna().abs()
            held = held[held > 0]
            if len(held):
                yield from _outside(file, name, rows[name].dropna(), held.min(), held.max())


def _outside(file: str, name: str, values: pd.Series, low: float, high: float) -> Iterator[Problem]:
    sizes = values.abs()
    far = values[(sizes > 0) & ((sizes < low / FAR) | (sizes > high * FAR))]
    if len(far):
        more = f" and {len(far) - 1:,} more like it" if len(far) > 1 else ""
        text = f"{far.iloc[0]:,.10g}{more}, where the book's table has {low:,.10g} to {high:,.10g}"
        remedy = "Check the unit: a share or a rate of another base, thousands, or another area?"
        yield Problem(file, text, remedy, int(far.index[0]), name, f"{far.iloc[0]:.10g}")


def _periods(
    file: str, frame: pd.DataFrame, usual: pd.DataFrame, schema: Mapping[str, Any], time: str
) -> Iterator[Problem]:
    others = [name for name in schema["primaryKey"] if name != time]
    if time == "date" and not _twice_a_year(usual, time, others).any():
        twice = frame[_twice_a_year(frame, time, others)]
        if len(twice):
            year = twice[time].iloc[0].year
            text = f"{year} stands twice, with two dates, where the book's table has one date a year"
            yield Problem(file, text, "Keep one date a year.", int(twice.index[0]), time, str(year))
    held, had = _calendar(frame[time], time), _calendar(usual[time], time)
    gaps, usual_gaps = _gaps(held), _gaps(had)
    for period in [period for period in gaps if period not in usual_gaps][:20]:
        text = f"{period} is missing between {held.min()} and {held.max()}"
        yield Problem(file, text, "Add its rows if there are any; a gap is never filled in.", None, time)
    yield from _thin(file, frame, usual, time)


def _twice_a_year(frame: pd.DataFrame, time: str, others: Sequence[str]) -> pd.Series:
    return frame.assign(year=frame[time].dt.year).duplicated(["year", *others])


def _calendar(times: pd.Series, name: str) -> pd.Series:
    """Return times as periods of the column's step, so that the next one is one more."""
    if name in STEPS:
        days = pd.PeriodIndex(times, freq="Q") if name == "quarter" else pd.to_datetime(times)
        return pd.Series(days if name == "quarter" else pd.DatetimeIndex(days).to_period(STEPS[name]))
    if name == "date":
        return pd.Series(pd.DatetimeIndex(times).to_period("Y"))
    return pd.Series(pd.PeriodIndex(times.astype(str).str.extract(YEAR)[0], freq="Y"))


def _gaps(periods: pd.Series) -> list[pd.Period]:
    if not len(periods):
        return []
    there = set(periods)
    return [p for p in pd.period_range(periods.min(), periods.max()) if p not in there]


def _thin(file: str, frame: pd.DataFrame, usual: pd.DataFrame, time: str) -> Iterator[Problem]:
    """Yield a warning for each area with fewer rows in a period than in its others; ours may have as few."""
    if "area" not in frame.columns:
        return
    counts = frame.groupby(["area", time]).size().reset_index(name="rows")
    counts["most"] = counts.groupby("area")["rows"].transform(lambda sizes: sizes.mode().max())
    ours = usual.groupby(["area", time]).size().reset_index(name="ours")
    thin = counts[counts["rows"] < counts["most"]].merge(ours, how="left", on=["area", time])
    for row in thin[thin["rows"] != thin["ours"]].head(20).to_dict("records"):
        period = row[time]
        shown = period.date() if isinstance(period, pd.Timestamp) else period
        count = "1 row" if row["rows"] == 1 else f"{row['rows']} rows"
        text = f"{row['area']} has {count} in {shown}, {row['most']} in most others"
        yield Problem(file, text, "Look for rows that were left out.", None, time, str(shown))


def _totals(
    file: str, frame: pd.DataFrame, schema: Mapping[str, Any], total: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield a warning where a row that is a total differs from the sum of the rows that are its parts."""
    field, measures = total["field"], total["measures"]
    keys = [name for name in schema["primaryKey"] if name != field]
    parts = frame[frame[field].isin(total["parts"])]
    whole = frame[frame[field] == total["total"]]
    shown = ", ".join(total["parts"]) if len(total["parts"]) < 10 else f"its {len(total['parts'])} parts"
    complete = parts.groupby(keys)[field].nunique() == len(total["parts"])
    for measure in measures:
        sums = parts.groupby(keys)[measure].agg(lambda cells: cells.sum(skipna=False))
        sums = sums[complete].dropna().rename("sum")
        both = whole.reset_index(names="row").merge(sums, left_on=keys, right_index=True)
        both = both.dropna(subset=[measure])
        off = both[(both[measure] - both["sum"]).abs() > total.get("within", 0)]
        for row in off.head(20).to_dict("records"):
            text = f"{row[measure]:,.10g} is not the sum of {shown}, {row['sum']:,.10g}"
            yield Problem(file, text, "Look for a part that is wrong or missing.", int(row["row"]), measure)
