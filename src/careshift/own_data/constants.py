"""One text for every row: when it may be offered for a missing field, and when the file contradicts it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from careshift import checking, tables
from careshift.checking import Problem
from careshift.files import Grid

if TYPE_CHECKING:
    import pandas as pd

Field = Mapping[str, Any]
MOSTLY = 0.6  # share of a column's filled cells that must look like a field's
NEAR = 0.75  # likeness of names from which a column may be the field
ALIKE = {  # other words for what a field holds
    "sex": ("gender",),
    "area": (
        *("code", "geography", "place", "location", "region", "country", "council", "board", "trust"),
        *("district", "authority", "geo", "hb", "hbt", "ca", "la", "lad", "partnership", "locality"),
    ),
    "age_band": ("age", "ages"),
    "age_group": ("age", "ages"),
    "age": ("ages",),
    "department": ("type", "kind", "site"),
    "admission_type": ("admission", "type"),
    "client_group": ("client", "group"),
    "status": ("marker", "flag", "qualifier"),
}


def offered(field: Field, grid: Grid, spare: Sequence[str], table: str) -> list[str]:
    """Return the option that gives every row the one text that a field has in the whole of the book's table.

    None where the table has several, or where a column that is not used could hold it.
    """
    name = field["name"]
    if any(may_hold(field, grid, column) for column in spare):
        return []
    held = {row[name] for row in tables.rows(table)}
    if name == "status" and not _marked(grid):
        held &= {"ok"}
    return [f'--add "{name}={held.pop()}"'] if len(held) == 1 and "" not in held else []


def _marked(grid: Grid) -> bool:
    """Return whether some cell of a file is empty or holds a marker instead of a value."""
    return any(cells.str.lower().isin(["", *checking.MARKERS]).any() for _, cells in grid.cells.items())


def may_hold(field: Field, grid: Grid, column: str) -> bool:
    """Return whether a column could be the field: by its name, or by what most of its cells hold."""
    words = set(_words(column))
    if words & {field["name"], *ALIKE.get(field["name"], ())}:
        return True
    plain = " ".join(_words(column))
    names = [" ".join(_words(text)) for text in (field["name"], field.get("title", "")) if text]
    return bool(difflib.get_close_matches(plain, names, 1, NEAR)) or _looks_like(field, grid, column)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())


def _looks_like(field: Field, grid: Grid, column: str) -> bool:
    rules = field.get("constraints", {})
    if grid.columns.count(column) != 1 or not (rules.get("enum") or field["name"] == "area"):
        return False
    cells: pd.Series = grid.cells[column]
    filled = cells[cells != ""]
    allowed = {_plain(str(value)) for value in rules.get("enum", ())} or set(_places())
    return bool(len(filled) and filled.map(_plain).isin(list(allowed)).mean() >= MOSTLY)


def _plain(text: str) -> str:
    """Return a category as it is compared: lower case, singular, "&" as "and"."""
    return re.sub(r"s$", "", text.lower().replace("&", "and").strip())


def _places() -> dict[str, str]:
    """Return the code of each area, by its code and by its name."""
    rows = tables.rows("areas")
    return {_plain(row[name]): row["code"] for row in rows for name in ("code", "name")}


def contradicted(
    grid: Grid, add: Mapping[str, str], used: Iterable[str], schema: Mapping[str, Any]
) -> list[Problem]:
    """Return an error for each unused column that says otherwise than a text added to every row."""
    fields = {field["name"]: field for field in schema["fields"]}
    spare = [name for name in grid.columns if name and name not in {*used, *fields}]
    found = []
    for name, text in add.items():
        for column in (column for column in spare if "{" not in text and name in fields):
            if may_hold(fields[name], grid, column) and _says_another(grid, column, text):
                message = f'the column "{column}" is not used and says otherwise than "{text}" in every row'
                remedy = f'Use it, --rename "{column}={name}", or take that column out of the file.'
                found.append(Problem(grid.file, message, remedy, 1, name))
    return found


def _says_another(grid: Grid, column: str, text: str) -> bool:
    places = _places()
    wanted = _plain(text)
    held = {_plain(cell) for cell in grid.cells[column] if cell}
    return bool({places.get(cell, cell) for cell in held} - {places.get(wanted, wanted)})
