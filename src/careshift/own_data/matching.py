"""Which column of a file is which field of the table, where its name says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from careshift import places
from careshift.files import Grid
from careshift.own_data import column_names
from careshift.project import CareshiftError, quoted

MOSTLY = 0.8  # share of a column's texts that must be codes for it to be a column of codes


def matched(
    grid: Grid, schema: Mapping[str, Any], leave: Collection[str] = ()
) -> tuple[Grid, dict[str, str]]:
    """Return the grid with the columns named as the fields that their names say, and which was which.

    `leave` names columns and fields that are settled otherwise. Raises CareshiftError where two columns are
    named like one field and both fit.
    """
    taken: dict[str, str] = {}
    spare = [name for name in dict.fromkeys(grid.columns) if name and name not in leave]
    fields = [f for f in schema["fields"] if f["name"] not in grid.columns and f["name"] not in leave]
    ours = {f["name"] for f in schema["fields"]}
    spare = [name for name in spare if name not in ours and grid.columns.count(name) == 1]
    wanting = {name: [f["name"] for f in fields if column_names.may_be(name, f)] for name in spare}
    for field in fields:
        named = [name for name in spare if wanting[name] == [field["name"]] or _exactly(name, field)]
        named = [name for name in named if name not in taken]
        if named:
            taken[_one_of(named, field["name"], grid)] = field["name"]
    _measure(grid, schema, spare, taken, leave)
    return replace(grid, cells=grid.cells.rename(columns=taken)), taken


def _exactly(name: str, field: Mapping[str, Any]) -> bool:
    return column_names.plain(name) == column_names.plain(field["name"])


def _measure(
    grid: Grid, schema: Mapping[str, Any], spare: Sequence[str], taken: dict[str, str], leave: Collection[str]
) -> None:
    """Take the one column that only says that it holds numbers for the one measure of the table."""
    measures = [f["name"] for f in column_names.measures(schema)]
    there = {*grid.columns, *taken.values(), *leave}
    named = [name for name in spare if name not in taken and column_names.says_measure(name)]
    if len(measures) == 1 and measures[0] not in there and len(named) == 1:
        taken[named[0]] = measures[0]


def _one_of(named: Sequence[str], field: str, grid: Grid) -> str:
    """Return the column among several with a field's names: the exact one, or the codes beside names."""
    exact = [name for name in named if column_names.plain(name) == column_names.plain(field)]
    if len(named) == 1 or len(exact) == 1:
        return (exact or list(named))[0]
    if field == "area":
        codes = [name for name in named if _are_codes(grid, name)]
        if len(codes) == 1 and all(_agree(grid, codes[0], name) for name in named if name != codes[0]):
            return codes[0]
    listed = " or ".join(f'--rename "{name}={field}"' for name in named)
    raise CareshiftError(
        f"{grid.file}: {len(named)} columns may be {field}: {', '.join(map(quoted, named))}. "
        f"Say which: {listed}."
    )


def _are_codes(grid: Grid, name: str) -> bool:
    texts = [text for text in grid.cells[name].unique() if text]
    known = sum(text in places.register() for text in texts)
    return bool(texts) and known >= MOSTLY * len(texts)


def _agree(grid: Grid, codes: str, names: str) -> bool:
    """Return whether a column of names names the places of a column of codes: the same kind, row by row."""
    pairs = grid.cells[[codes, names]].drop_duplicates()
    for code, name in zip(pairs[codes], pairs[names], strict=True):
        place, called = places.register().get(code), places.find(name)
        if place and called and places.today(place) not in {places.today(other) for other in called}:
            return False
    return True


def told(taken: Mapping[str, str]) -> str:
    """Return which column was taken for which field."""
    return "columns: " + ", ".join(f"{quoted(theirs, 40)} is {ours}" for theirs, ours in taken.items())
