"""A file beside the book's table: what it lacks of the same places, and what its rows replace there."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from careshift import tables
from careshift.readers import importing, losses

SHOWN = 5


def lacking(table: str, content: bytes) -> list[str]:
    """Return what the book's table has of the same places and the file lacks, in words.

    `content` is the file as the table's CSV. A file about other places lacks nothing.
    """
    schema = tables.describe(table)["schema"]
    book = pd.DataFrame(tables.rows(table), dtype="str")
    own = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)
    time = losses.time_field(schema, book)
    if "area" in schema["primaryKey"]:
        book = book[book["area"].isin(set(own["area"]))]
    if book.empty:
        return []
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    texts = [name for name in schema["primaryKey"] if kinds[name] == "string" and name not in {time, "area"}]
    found = [f"{time} {_stretches(book[time], own[time])}"] if time and _gone(book[time], own[time]) else []
    return found + list(_values(book, own, texts))


def replaced(table: str, content: bytes) -> str:
    """Return in words how many of the book's values rows take the place of, with first signs of why; or "".

    `content` is the book's table with the rows in it, as CSV.
    """
    both = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)
    schema = tables.describe(table)["schema"]
    book = pd.DataFrame(tables.rows(table), dtype="str")
    new = both.merge(book, how="left", indicator=True)["_merge"].eq("left_only").to_numpy()
    time = losses.time_field(schema, book)
    if time and new.any():
        both = both[both[time] <= both.loc[new, time].max()]  # what comes after is the book's own
    _, changes = importing.merge(table, both, "own")
    if not changes.revised:
        return ""
    signs = "".join(f"; {text}" for text in changes.definitions[:2])
    return f"{changes.revised:,} values take the place of others in the book's table{signs}"


def _gone(book: pd.Series, own: pd.Series) -> list[Any]:
    return sorted(set(book) - set(own))


def _values(book: pd.DataFrame, own: pd.DataFrame, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        gone = _gone(book[name], own[name])
        if gone:
            more = f" and {len(gone) - SHOWN} more" if len(gone) > SHOWN else ""
            yield f"{name} {', '.join(gone[:SHOWN])}{more}"


def _stretches(book: pd.Series, own: pd.Series) -> str:
    """Return the periods that only the book has, neighbours as a stretch: 2010 to 2014, 2019."""
    there = set(own)
    found: list[list[str]] = []
    for period in sorted(set(book)):
        if period in there:
            found.append([])
        elif found:
            found[-1].append(period)
        else:
            found = [[period]]
    shown = [
        stretch[0] if len(stretch) == 1 else f"{stretch[0]} to {stretch[-1]}" for stretch in found if stretch
    ]
    return ", ".join(shown)
