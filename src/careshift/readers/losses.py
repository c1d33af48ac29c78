"""What a release would take away from a table: rows, periods, categories, values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

HALF = 0.5  # share of what the table holds that a release must hold too
RELEASES = ("release", "base", "vintage")  # keys of tables that keep each release beside the others
TIMES = ("date", "year", "month", "quarter", "financial_year", "week_ending", "period", "survey")
PERIOD = r"(19|20)\d\d.*"
SHOWN = 5
MOST_CATEGORIES = 100  # different texts of a field, above which they are no categories
FEWEST = 20  # values from which their usual size says something
FAR = 2  # times the table's values, from which it is not the same statistic
NEW = " of the release"  # suffix of the release's columns beside the table's


def time_field(schema: Mapping[str, Any], old: pd.DataFrame) -> str | None:
    """Return the field of the key by which releases follow each other: a release's own year, else the period.

    `old` is the table as text; a field of which some cell begins with no year is none.
    """
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    numbered = [name for name in RELEASES if kinds.get(name) in {"integer", "year"}]
    for name in (*numbered, *TIMES):
        if name in schema["primaryKey"] and old[name].str.fullmatch(PERIOD).all():
            return name
    return None


def losses(old: pd.DataFrame, new: pd.DataFrame, descriptor: Mapping[str, Any]) -> list[str]:
    """Return what of the table a release lacks, in sentences; none where it holds what the table holds.

    Both are tables as text. A release whose periods all come after those of the table adds to it: it is held
    to the table's last period. Any other is held to all of it.
    """
    time = time_field(descriptor["schema"], old)
    key = list(descriptor["schema"]["primaryKey"])
    if time in RELEASES and set(old[time]) & set(new[time]):
        old = old[old[time].isin(set(new[time]))]  # releases stand beside each other; none replaces another
    adds = time is not None and len(old) > 0 and str(new[time].min()) > str(old[time].max())
    found = list(_backwards(old, new, time)) if time else []
    found += _too_few(old, new, key, time if adds else None)
    found += _categories(_alike(old, new, time, adds), new, descriptor, time)
    both = old.merge(new, on=key, suffixes=("", NEW))
    measures = [f["name"] for f in descriptor["schema"]["fields"] if f["type"] in {"integer", "number"}]
    for name in (name for name in measures if name not in key):
        found += _emptied(both, name)
        found += _other_size(both, name)
    return found


def _alike(old: pd.DataFrame, new: pd.DataFrame, time: str | None, adds: bool) -> pd.DataFrame:
    """Return the table's rows of the periods that the release is about; of the last one where it adds."""
    if time is None:
        return old
    if adds:
        last: pd.DataFrame = old[old[time] == old[time].max()]
        return last
    alike: pd.DataFrame = old[old[time].between(new[time].min(), new[time].max())]
    return alike


def _backwards(old: pd.DataFrame, new: pd.DataFrame, time: str) -> Iterator[str]:
    newest, had = str(new[time].max()), str(old[time].max())
    if newest < had:
        yield f"its newest {time} is {newest} and the table's is {had}: it looks like an older release"


def _too_few(old: pd.DataFrame, new: pd.DataFrame, key: list[str], time: str | None) -> Iterator[str]:
    """Yield that rows are missing: of all the table's, or beside its last period where the release adds."""
    if time is None:
        kept = len(old.merge(new[key], on=key))
        if kept < HALF * len(old):
            yield f"it holds {kept:,} of the table's {len(old):,} rows"
        return
    usual = int((old[time] == old[time].max()).sum())
    rows = new[time].value_counts().sort_index()
    thin = rows[rows < HALF * usual]
    if len(thin):
        count = "1 row" if thin.iloc[0] == 1 else f"{thin.iloc[0]:,} rows"
        yield f"it holds {count} of {time} {thin.index[0]}, the table {usual:,} of its last one"


def _categories(
    old: pd.DataFrame, new: pd.DataFrame, descriptor: Mapping[str, Any], time: str | None
) -> Iterator[str]:
    """Yield for each text of the key the values that only the table has."""
    schema = descriptor["schema"]
    texts = {field["name"] for field in schema["fields"] if field["type"] == "string"}
    for name in (name for name in schema["primaryKey"] if name in texts and name != time):
        gone = sorted(set(old[name]) - set(new[name]))
        if gone and old[name].nunique() <= MOST_CATEGORIES:
            more = f" and {len(gone) - SHOWN:,} more" if len(gone) > SHOWN else ""
            yield f"{name} {', '.join(gone[:SHOWN])}{more} is no longer there"


def _emptied(both: pd.DataFrame, name: str) -> Iterator[str]:
    """Yield that most rows of both have a measure in the table and not in the release."""
    filled = both[both[name] != ""]
    empty = int((filled[f"{name}{NEW}"] == "").sum())
    if empty > HALF * len(filled):
        yield f"{name} is empty in {empty:,} of {len(filled):,} rows where the table has a value"


def _other_size(both: pd.DataFrame, name: str) -> Iterator[str]:
    """Yield that a measure is of another size: a unit, a statistic or a place other than the table's."""
    was, now = (pd.to_numeric(both[column], errors="coerce") for column in (name, f"{name}{NEW}"))
    usable = (was > 0) & (now > 0)
    ratio = (now[usable] / was[usable]).median()
    if usable.sum() >= FEWEST and not 1 / FAR <= ratio <= FAR:
        yield (
            f"{name} is typically {_shown(ratio)} times what the table has: another unit, another statistic, "
            "or a part of the places?"
        )


def _shown(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2g}"
