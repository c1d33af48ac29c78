"""Sums over parts: only where every part of the book's own list is there, and every one has a value."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from careshift import tables
from careshift.project import CareshiftError, quoted


def areas_of(kind: str) -> set[str]:
    """Return the codes of all areas of a type, such as health board, from data/areas.csv."""
    areas = tables.read("areas")
    return set(areas.loc[areas["type"] == kind, "code"])


def where_all(parts: pd.DataFrame, by: Sequence[str], part: str, wanted: Collection[str]) -> pd.DataFrame:
    """Return the rows of those groups `by` in which the column `part` holds each wanted part."""
    there = parts[parts[part].isin(list(wanted))].groupby(list(by))[part].nunique()
    whole = there.index[there == len(set(wanted))]
    kept: pd.DataFrame = parts[pd.MultiIndex.from_frame(parts[list(by)]).isin(_as_tuples(whole))]
    return kept


def refuse_parts(parts: pd.DataFrame, by: str, part: str, wanted: Collection[str], file: Path) -> None:
    """Raise CareshiftError where some group `by` lacks one of the wanted parts of a whole."""
    there = parts.groupby(by)[part].agg(set)
    for group, held in there.items():
        missing = sorted(set(wanted) - held)
        if missing:
            raise CareshiftError(
                f"{file.name}: {quoted(group)} has no row of {', '.join(missing)}. "
                "Parts are not the whole: give the whole file."
            )


def _as_tuples(index: pd.Index) -> list[tuple[object, ...]]:
    return [value if isinstance(value, tuple) else (value,) for value in index]


def added_up(parts: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the sums of all other columns for each group; missing where a part has no value."""
    groups = parts.groupby(list(by))
    sums = groups.sum()
    missing = parts.drop(columns=list(by)).isna().groupby([parts[name] for name in by]).any()
    return sums.mask(missing).reset_index()
