"""A file's cells against a table's schema: every error with its row, column, value and what to do.

The rules are those of the Table Schema standard (types, constraints, keys) with two differences: a number
must be finite, and a file of one's own may use ISO 3166 codes for the areas of other countries.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from careshift.files import Grid
from careshift.project import quoted

if TYPE_CHECKING:
    import pandas as pd

Field = dict[str, Any]
OTHER_COUNTRY = r"[A-Z]{2,3}(-[A-Z0-9]{1,3})?"  # ISO 3166: IE, FRA, CA-ON
PATTERNS = {
    "integer": r"[+-]?[0-9]{1,18}",
    "number": r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?",
    "year": r"[0-9]{4}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "boolean": r"true|false|True|False|TRUE|FALSE|1|0",
}
WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "year": "a year of four digits",
    "date": "a date",
    "boolean": "true or false",
}
MARKERS = {"na", "n/a", "nan", "null", "none", "-", "--", ":", "*", "c", "x", "..", "inf", "-inf", "infinity"}
CONTROL = "[\x00-\x08\x0b-\x1f\x7f]"  # all but tabulator and line feed
MISSING = "the column is missing"
MOST_SHOWN = 10_000


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file, or odd: where it is, what it is, what to do about it."""

    file: str
    message: str
    remedy: str
    row: int | None = None
    field: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        field = f", field {quoted(self.field)}" if self.field else ""
        return f"{self.file}{row}{field}: {self.message}. {self.remedy}"

    def as_record(self) -> dict[str, str | int | None]:
        """Return the problem as a dictionary for JSON."""
        return asdict(self)


def errors(
    grid: Grid, schema: Mapping[str, Any], known: Mapping[str, Collection[str]], own: bool = True
) -> list[Problem]:
    """Return all errors of a grid, in the order of rows; past 10,000 of one kind, one says how many more.

    `known` gives for each field with a foreign key the values it may have. `own` allows the codes of other
    countries in such fields.
    """
    found = list(_column_errors(grid, schema))
    missing = {problem.field for problem in found}
    found += [_ragged(grid, row, cells) for row, cells in grid.ragged]
    for field in schema["fields"]:
        if field["name"] not in missing:
            found += _cell_errors(grid, field, known.get(field["name"]), own)
    if not missing:
        found += _key_errors(grid, schema.get("primaryKey", []))
    if not len(grid.cells) and not found:
        found.append(Problem(grid.file, "no rows below the column names", "Add the rows of the table."))
    return sorted(found, key=lambda problem: problem.row or 0)


def _column_errors(grid: Grid, schema: Mapping[str, Any]) -> Iterator[Problem]:
    for field in schema["fields"]:
        count = grid.columns.count(field["name"])
        optional = not field.get("constraints", {}).get("required") and _is_text(field)
        if count > 1:
            text = f"the column stands {count} times"
            yield Problem(grid.file, text, "Keep one of them.", 1, field["name"])
        if count == 0 and not optional:
            remedy = "Add it, or say which of the file's columns it is."
            yield Problem(grid.file, MISSING, remedy, 1, field["name"])


def _is_text(field: Field) -> bool:
    return bool(field["type"] == "string")


def _ragged(grid: Grid, row: int, cells: int) -> Problem:
    wide = grid.width or len(grid.columns)
    text = f"{cells} cells where the first row has {wide}"
    remedy = "Put a text that holds a comma into quotation marks, or add the missing cells."
    return Problem(grid.file, text, remedy, row)


def _cell_errors(grid: Grid, field: Field, known: Collection[str] | None, own: bool) -> Iterator[Problem]:
    if field["name"] not in grid.columns:
        return
    name: str = field["name"]
    cells = grid.cells[name]
    rules = field.get("constraints", {})
    filled = cells.loc[cells.ne("")]
    right = filled
    if rules.get("required"):
        yield from _report(grid, field, cells[cells == ""], lambda value: ("the cell is empty", _fill(field)))
    if not _is_text(field):
        is_typed = _typed(filled, field["type"])
        right = filled[is_typed]
        yield from _report(grid, field, filled[~is_typed], lambda value: _wrong_type(value, field))
    foreign = right.str.fullmatch(OTHER_COUNTRY) if own and known is not None else right != right
    for wrong, message in _against_rules(right[~foreign], field, known):
        yield from _report(grid, field, wrong, message)


def _report(
    grid: Grid, field: Field, wrong: pd.Series, words: Callable[[str], tuple[str, str]]
) -> Iterator[Problem]:
    for row, value in wrong.iloc[:MOST_SHOWN].items():
        message, remedy = words(value)
        yield Problem(grid.file, message, remedy, int(str(row)), field["name"], value or None)
    yield from _more(grid, len(wrong), field["name"])


def _more(grid: Grid, count: int, field: str) -> Iterator[Problem]:
    if count > MOST_SHOWN:
        yield Problem(
            grid.file, f"{count - MOST_SHOWN:,} more cells like these", "Mend them too.", None, field
        )


def _typed(cells: pd.Series, kind: str) -> pd.Series:
    """Return which of the cells are of the type."""
    import numpy as np
    import pandas as pd

    right = cells.str.fullmatch(PATTERNS[kind])
    if kind == "number":
        right[right] = np.isfinite(cells[right].astype("float64"))
    if kind == "date":
        right[right] = pd.to_datetime(cells[right], format="%Y-%m-%d", errors="coerce").notna()
    return right


def _fill(field: Field) -> str:
    allowed = field.get("constraints", {}).get("enum")
    return f"Fill in one of {', '.join(allowed)}." if allowed else "Fill it in, or take out the row."


def _wrong_type(value: str, field: Field) -> tuple[str, str]:
    kind = field["type"]
    return f"{quoted(value)} is not {WORDS[kind]}", _mend_type(value, kind)


def _mend_type(value: str, kind: str) -> str:
    if value.lower().lstrip("+") in MARKERS:
        return "Leave the cell empty where there is no value."
    if kind in {"integer", "number"}:
        plain = value.replace(",", "").replace(" ", "").replace("\u00a0", "")
        if _is(plain, kind):
            return f"Write it without thousands separators, {plain}, or with a point before decimals."
        if _is(value.replace(",", "."), "number") and kind == "number":
            return "Write a point before the decimals."
        if value.endswith("%") and _is(value.rstrip("% "), "number"):
            return "Write the number alone, without its sign."
        return "Whole people or days only, no decimals." if _is(value, "number") else "Correct the cell."
    if kind == "date":
        return "Write a date that exists as year-month-day, such as 2019-03-31."
    return "Write 2019, not 2018/19." if kind == "year" else "Write true or false."


def _is(text: str, kind: str) -> bool:
    import re

    return re.fullmatch(PATTERNS[kind], text) is not None


def _against_rules(
    cells: pd.Series, field: Field, known: Collection[str] | None
) -> Iterator[tuple[pd.Series, Callable[[str], tuple[str, str]]]]:
    """Yield for each rule of the field the cells that break it, and what to say of one."""
    rules = field.get("constraints", {})
    controls = cells[cells.str.contains(CONTROL)]
    yield controls, lambda value: (f"{quoted(value)} holds a control character", "Type the cell anew.")
    if "enum" in rules:
        allowed = [str(value) for value in rules["enum"]]
        yield cells[~cells.isin(allowed)], lambda value: _not_among(value, allowed)
        return
    if "pattern" in rules:
        fits, form = cells.str.fullmatch(rules["pattern"]), f"It must look like {rules['pattern']}."
        yield cells[~fits], lambda value: (f"{quoted(value)} has another form", form)
        cells = cells[fits]
    if known is not None:
        yield cells[~cells.isin(list(known))], _unknown_area
    if "minimum" in rules:
        low = rules["minimum"]
        below = cells[cells.astype("float64") < low]
        yield below, lambda value: (f"{quoted(value)} is below {low}", "Correct the cell.")
    if "maximum" in rules:
        high = rules["maximum"]
        above = cells[cells.astype("float64") > high]
        yield above, lambda value: (f"{quoted(value)} is above {high}", "Correct the cell.")
    if rules.get("unique"):
        yield cells[cells.duplicated()], lambda value: (f"{quoted(value)} stands twice", "Keep one row.")


def _not_among(value: str, allowed: list[str]) -> tuple[str, str]:
    near = difflib.get_close_matches(value.lower(), allowed, n=1)
    shown = ", ".join(allowed)
    return (
        f"{quoted(value)} is not one of {shown}",
        f"Did you mean {near[0]}?" if near else "Correct the cell.",
    )


def _unknown_area(value: str) -> tuple[str, str]:
    return (
        f"{quoted(value)} is no code of data/areas.csv",
        "Correct it; a place outside the United Kingdom has its ISO 3166 code, such as IE or CA-ON.",
    )


def _key_errors(grid: Grid, key: list[str]) -> Iterator[Problem]:
    if not key or not len(grid.cells):
        return
    cells = grid.cells[key]
    twice = cells[cells.duplicated()]
    if not len(twice):
        return
    first = cells.drop_duplicates().reset_index(names="__row").set_index(key)["__row"]
    shown_twice = twice.iloc[:MOST_SHOWN]
    for row, values in zip(shown_twice.index, shown_twice.itertuples(index=False, name=None), strict=True):
        earlier = first.loc[values if len(key) > 1 else values[0]]
        shown = ", ".join(quoted(value, 40) for value in values)
        text = f"the same {', '.join(key)} as row {earlier} ({shown})"
        yield Problem(grid.file, text, "Keep one of the two rows.", int(row))
    yield from _more(grid, len(twice), key[0])
