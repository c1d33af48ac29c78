"""From somebody's columns to a table's: what to rename, what to turn from wide to long, what to add."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from careshift import tables
from careshift.checking import PATTERNS
from careshift.files import Grid
from careshift.own_data import constants
from careshift.project import CareshiftError, quoted

if TYPE_CHECKING:
    import pandas as pd

Field = dict[str, Any]

PERIOD = re.compile(r"(19|20)\d\d([-/]\d\d(\d\d)?|Q[1-4]|-\d\d-\d\d)?")
YEAR = re.compile(r"(19|20)\d\d")
FILLED_IN = re.compile(r"\{([^{}]+)\}")
MOSTLY = 0.6  # share of a column's cells that must look like a field's
TIMES = ("year", "date", "month", "quarter", "financial_year", "period", "week_ending", "survey")


@dataclass(frozen=True)
class Columns:
    """How a file's columns become the table's.

    `rename` gives theirs=ours, `long` PERIODS=VALUES for a file with one column a period or category, `add`
    FIELD=VALUE for a column that the file lacks: the same text in every row, in which {NAME} stands for what
    the row holds in the column of that name.
    """

    rename: Mapping[str, str]
    long: tuple[str, str] | None
    add: Mapping[str, str]


def columns(rename: Sequence[str], long: str | None, add: Sequence[str]) -> Columns:
    """Return the mapping that the options of `careshift check` say. Raises CareshiftError."""
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
    """Return the grid with the mapping applied. Raises CareshiftError where it names what is not there."""
    fields = {field["name"]: field for field in schema["fields"]}
    filled_in = {name for text in by.add.values() for name in FILLED_IN.findall(text)}
    _refuse_unknown(grid, by, fields, filled_in)
    cells = grid.cells.rename(columns=dict(by.rename))
    twice = [name for name in cells.columns if list(cells.columns).count(name) > 1]
    if twice:
        raise CareshiftError(f"{grid.file}: the column {quoted(twice[0])} stands twice. Keep one of them.")
    if by.long:
        spare = [name for name in cells.columns if name not in fields and name not in filled_in]
        wide = _named_alike(spare, fields.get(by.long[0])) or spare
        kept = [name for name in cells.columns if name not in spare]
        cells = cells.melt(kept, wide, var_name=by.long[0], value_name=by.long[1], ignore_index=False)
        cells = cells.astype("str").sort_index(kind="stable")
    for field, text in by.add.items():
        cells = cells.assign(**{field: _filled(text, cells)})
    return replace(grid, cells=cells)


def _refuse_unknown(grid: Grid, by: Columns, fields: Mapping[str, Field], filled_in: Collection[str]) -> None:
    """Raise CareshiftError where a mapping names a column that the file has not, or a field of no table."""
    for name in by.rename:
        if name not in grid.columns:
            raise CareshiftError(f"{grid.file}: no column {quoted(name)}. It has {', '.join(grid.columns)}.")
    periods, values = by.long or (None, None)
    there = {by.rename.get(name, name) for name in grid.columns} | {periods}
    for name in set(filled_in) - there:
        raise CareshiftError(f"{grid.file}: no column {quoted(name)} to fill in with --add.")
    named = [*by.rename.values(), *by.add, *(name for name in (periods, values) if name)]
    for name in named:
        if name not in fields and not (name == periods and name in filled_in):
            raise CareshiftError(f"The table has no field {quoted(name)}. It has {', '.join(fields)}.")


def _named_alike(spare: Sequence[str], field: Field | None) -> list[str]:
    """Return the columns that are named like values of the field: its categories, or periods."""
    categories = {str(value) for value in (field or {}).get("constraints", {}).get("enum", [])}
    if categories:
        return [name for name in spare if name in categories]
    return [name for name in spare if PERIOD.fullmatch(name)]


def _filled(text: str, cells: pd.DataFrame) -> Any:
    """Return the text with what each row holds in the columns that it names in braces."""
    first, *rest = FILLED_IN.split(text)
    filled: Any = first
    for name, after in zip(rest[::2], rest[1::2], strict=True):
        filled = filled + cells[name] + after
    return filled


def suggestions(grid: Grid, table: str, day: str | None = None, leave: Collection[str] = ()) -> list[str]:
    """Return the options of `careshift check` that would bring the file's columns to the table's.

    `day` is the month and day, as "03-31", that all dates of the table share, where they do: a year is then
    made a date with it. `leave` names fields that follow from others, so that a file need not have them.
    """
    schema = tables.describe(table)["schema"]
    missing = [f for f in schema["fields"] if f["name"] not in {*grid.columns, *leave}]
    fields = {field["name"] for field in schema["fields"]}
    spare = [name for name in dict.fromkeys(grid.columns) if name not in fields]
    options, used, columns = _wide(spare, missing, day)
    missing = [field for field in missing if field["name"] not in used]
    spare = [name for name in spare if name not in columns]
    lacking = []
    for field in missing:
        theirs = _like(field, spare, grid, day)
        if theirs:
            spare.remove(theirs)
            if field["type"] == "date" and day and _are_years(grid, theirs):
                options.append(f'--add "{field["name"]}={{{theirs}}}-{day}"')
            else:
                options.append(f'--rename "{theirs}={field["name"]}"')
        elif field.get("constraints", {}).get("required"):
            lacking.append(field)
    for field in lacking:
        options += constants.offered(field, grid, spare, table)
    return options


def used(by: Columns, grid: Grid, schema: Mapping[str, Any]) -> set[str]:
    """Return the file's columns that a mapping uses."""
    named = {*by.rename, *(name for text in by.add.values() for name in FILLED_IN.findall(text))}
    if not by.long:
        return named
    field = next((f for f in schema["fields"] if f["name"] == by.long[0]), None)
    spare = [name for name in grid.columns if name not in named]
    return named | set(_named_alike(spare, field) or spare)


def _wide(
    spare: Sequence[str], missing: list[Field], day: str | None
) -> tuple[list[str], set[str], Collection[str]]:
    """Return the options that melt columns which are periods, or values of a missing field.

    With them come the fields and the columns that they use.
    """
    values = next((f["name"] for f in missing if f["type"] in {"integer", "number"}), None)
    time = next((f for f in missing if f["name"] in TIMES), None)
    periods = [name for name in spare if PERIOD.fullmatch(name)]
    if values and time and len(periods) > 1:
        by_year = time["type"] == "date" and day and all(map(YEAR.fullmatch, periods))
        name = time["name"]
        options = [f'--long "year={values}"', f'--add "{name}={{year}}-{day}"'] if by_year else []
        return options or [f'--long "{name}={values}"'], {name, values}, periods
    for field in missing:
        among = _named_alike(spare, field) if field.get("constraints", {}).get("enum") else []
        if values and len(among) > 1:
            return [f'--long "{field["name"]}={values}"'], {field["name"], values}, among
    return [], set(), []


def _like(field: Field, spare: Sequence[str], grid: Grid, day: str | None) -> str | None:
    """Return the spare column that is likely the field: by its name, its title, or what its cells hold."""
    plain = {_plain(name): name for name in spare if name}
    for name in (field["name"], field.get("title", "")):
        near = difflib.get_close_matches(_plain(name), list(plain), n=1, cutoff=0.6)
        if near:
            return plain[near[0]]
    return next((name for name in spare if _holds(field, name, grid, day)), None)


def _holds(field: Field, name: str, grid: Grid, day: str | None) -> bool:
    """Return whether most filled cells of a column look like the field's."""
    cells = _filled_cells(grid, name)
    rules = field.get("constraints", {})
    allowed = [str(value).lower() for value in rules.get("enum", [])]
    if allowed:
        fits = cells.str.lower().isin(allowed)
    elif field["type"] == "date":
        fits = cells.str.fullmatch(f"{PATTERNS['date']}|{YEAR.pattern}" if day else PATTERNS["date"])
    elif field["type"] in {"integer", "number"}:
        fits = cells.str.fullmatch(PATTERNS[field["type"]]) & ~cells.str.fullmatch(PERIOD.pattern)
    elif "pattern" in rules:
        fits = cells.str.fullmatch(rules["pattern"])
    else:
        return False
    return bool(len(cells) and fits.mean() >= MOSTLY)


def _filled_cells(grid: Grid, name: str) -> pd.Series:
    """Return the cells of a column that hold something; none where two columns have the name."""
    cells: pd.Series = grid.cells.iloc[:, grid.columns.index(name)]
    return cells[cells != ""] if grid.columns.count(name) == 1 else cells.iloc[:0]


def _are_years(grid: Grid, name: str) -> bool:
    cells = _filled_cells(grid, name)
    return bool(len(cells) and cells.str.fullmatch(YEAR.pattern).all())


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()
