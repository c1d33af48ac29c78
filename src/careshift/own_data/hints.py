"""From somebody's columns to a table's: what to rename, what to turn from wide to long, what to add."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from careshift.checking import PATTERNS
from careshift.files import Grid
from careshift.project import CareshiftError, quoted

PERIOD = re.compile(r"(19|20)\d\d([-/]\d\d(\d\d)?|Q[1-4]|-\d\d-\d\d)?")
MOSTLY = 0.6  # share of a column's cells that must look like a field's
TIMES = ("year", "date", "month", "quarter", "financial_year", "period", "week_ending", "survey")


@dataclass(frozen=True)
class Columns:
    """How a file's columns become the table's.

    `rename` gives theirs=ours, `long` PERIODS=VALUES for a file with one column a period or category, `add`
    FIELD=VALUE for a column that is the same in every row.
    """

    rename: Mapping[str, str]
    long: tuple[str, str] | None
    add: Mapping[str, str]


def columns(rename: Sequence[str], long: str | None, add: Sequence[str]) -> Columns:
    """Answer the mapping that the options of `careshift check` say. Raises CareshiftError."""
    pairs = [_pair("--long", long)] if long else []
    return Columns(
        dict(_pair("--rename", text) for text in rename),
        pairs[0] if pairs else None,
        dict(_pair("--add", text) for text in add),
    )


def _pair(option: str, text: str) -> tuple[str, str]:
    left, mark, right = text.rpartition("=") if option == "--rename" else text.partition("=")
    if not (left and mark and right):
        raise CareshiftError(f'Write {option} "LEFT=RIGHT", not {quoted(text)}.')
    return left, right


def reshaped(grid: Grid, by: Columns, schema: Mapping[str, Any]) -> Grid:
    """Answer the grid with the mapping applied. Raises CareshiftError where it names what is not there."""
    fields = [field["name"] for field in schema["fields"]]
    for name in by.rename:
        if name not in grid.columns:
            raise CareshiftError(f"{grid.file}: no column {quoted(name)}. It has {', '.join(grid.columns)}.")
    for name in [*by.rename.values(), *(by.long or ()), *by.add]:
        if name not in fields:
            raise CareshiftError(f"The table has no field {quoted(name)}. It has {', '.join(fields)}.")
    cells = grid.cells.rename(columns=dict(by.rename))
    cells = cells.assign(**dict(by.add))
    if by.long:
        kept = [name for name in cells.columns if name in fields]
        wide = [name for name in cells.columns if name not in fields]
        cells = cells.melt(kept, wide, var_name=by.long[0], value_name=by.long[1], ignore_index=False)
        cells = cells.astype("str").sort_index(kind="stable")
    return replace(grid, cells=cells)


def suggestions(grid: Grid, schema: Mapping[str, Any]) -> list[str]:
    """Answer the options of `careshift check` that would bring the file's columns to the table's."""
    missing = [f for f in schema["fields"] if f["name"] not in grid.columns]
    fields = {field["name"] for field in schema["fields"]}
    spare = [name for name in dict.fromkeys(grid.columns) if name not in fields]
    wide = _wide(spare, missing)
    if wide:
        option, used, columns = wide
        missing = [field for field in missing if field["name"] not in used]
        spare = [name for name in spare if name not in columns]
    found = []
    for field in missing:
        theirs = _like(field, spare, grid)
        if theirs:
            spare.remove(theirs)
            found.append(f'--rename "{theirs}={field["name"]}"')
        elif field.get("constraints", {}).get("required"):
            found += _constant(field)
    return [*([option] if wide else []), *found]


def _wide(spare: Sequence[str], missing: list[dict[str, Any]]) -> tuple[str, set[str], set[str]] | None:
    """Answer the option that melts columns which are periods, or values of a missing field."""
    values = next((f["name"] for f in missing if f["type"] in {"integer", "number"}), None)
    periods = {name for name in spare if PERIOD.fullmatch(name)}
    time = next((f["name"] for f in missing if f["name"] in TIMES), None)
    if values and time and len(periods) > 1:
        return f'--long "{time}={values}"', {time, values}, periods
    for field in missing:
        among = set(spare) & set(map(str, field.get("constraints", {}).get("enum", [])))
        if values and len(among) > 1:
            return f'--long "{field["name"]}={values}"', {field["name"], values}, among
    return None


def _like(field: dict[str, Any], spare: Sequence[str], grid: Grid) -> str | None:
    """Answer the spare column that is likely the field: by its name, its title, or what its cells hold."""
    plain = {_plain(name): name for name in spare if name}
    for name in (field["name"], field.get("title", "")):
        near = difflib.get_close_matches(_plain(name), list(plain), n=1, cutoff=0.6)
        if near:
            return plain[near[0]]
    return next(_holding(field, spare, grid), None)


def _holding(field: dict[str, Any], spare: Sequence[str], grid: Grid) -> Iterator[str]:
    rules = field.get("constraints", {})
    for name in spare:
        if grid.columns.count(name) > 1:
            continue
        cells = grid.cells[name]
        cells = cells[cells != ""]
        allowed = [str(value) for value in rules.get("enum", [])]
        fits = cells.str.lower().isin(allowed)
        if not allowed and "pattern" in rules:
            fits = cells.str.fullmatch(rules["pattern"])
        if field["type"] == "date":
            fits = cells.str.fullmatch(PATTERNS["date"])
        if field["type"] in {"integer", "number"}:
            fits = cells.str.fullmatch(PATTERNS[field["type"]]) & ~cells.str.fullmatch(PERIOD.pattern)
        if len(cells) and fits.mean() >= MOSTLY:
            yield name


def _constant(field: dict[str, Any]) -> list[str]:
    allowed = field.get("constraints", {}).get("enum")
    if allowed:
        return [f'--add "{field["name"]}={allowed[0]}"']
    return ['--add "area=S92000003"'] if field["name"] == "area" else []


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()
