"""What there is to say about a file that somebody brings for a table."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from careshift import files, tables
from careshift.checking import MISSING, Problem
from careshift.files import FileError, Grid
from careshift.own_data import mapping, measures, plausibility
from careshift.own_data import reading as reading_of
from careshift.own_data.changes import Reading, counted
from careshift.own_data.how import How
from careshift.project import quoted
from careshift.readers import importing
from careshift.readers.build import as_csv
from careshift.readers.raw_files import LayoutError, NothingReadError


@dataclass(frozen=True)
class Report:
    """A file against a table: what is wrong, what is odd, how its columns might be mapped, and its rows.

    `content` is the table's CSV where the file is right, and `as_it_stands` says whether the file is such a
    table itself. `layout` names the layout of a publisher's raw file, which its reader read. `said` tells all
    that was found, matched and read as something else than is written.
    """

    file: str
    table: str
    errors: Sequence[Problem]
    warnings: Sequence[Problem]
    suggestions: Sequence[str]
    rows: int
    columns: Sequence[str]
    content: bytes | None
    layout: str | None = None
    as_it_stands: bool = True
    said: Sequence[str] = ()

    def as_record(self) -> dict[str, Any]:
        """Return the report as a dictionary for JSON."""
        return {
            "file": self.file,
            "table": self.table,
            "fits": not self.errors,
            "layout": self.layout,
            "rows": self.rows,
            "read": list(self.said),
            "errors": [problem.as_record() for problem in self.errors],
            "warnings": [problem.as_record() for problem in self.warnings],
            "suggestions": list(self.suggestions),
        }

    def lines(self, command: str | None = None, before: str = "") -> Iterator[str]:
        """Yield the report's lines: errors, how the columns might be mapped, oddities, and the sum of it.

        `command` is what the options that map the columns would be added to, a check where left out; each
        begins with `before`.
        """
        yield from (f"Read: {text.rstrip('.')}." for text in self.said)
        yield from (str(problem) for problem in self.errors)
        if any(problem.message == MISSING for problem in self.errors):
            yield f"The file has the columns {', '.join(map(quoted, self.columns))}."
        if self.suggestions:
            command = command or f"careshift check {self.file} --table {self.table}"
            options = [option.replace('"', f'"{before}', 1) for option in self.suggestions]
            yield f"Try: {command} {' '.join(options)}"
        yield from (f"Odd: {problem}" for problem in self.warnings)
        if self.errors:
            count = "1 error" if len(self.errors) == 1 else f"{len(self.errors):,} errors"
            yield f"{self.file}: {count}; it does not fit {self.table}."
        else:
            read = f" by the reader of a raw file ({self.layout})" if self.layout else ""
            odd = "; look at what is odd" if self.warnings else ""
            yield f"{self.file}: {counted(self.rows, 'row')}{read}; fits {self.table}{odd}."


def examine(
    table: str,
    file: Path,
    by: mapping.Columns | None = None,
    how: How | None = None,
    extends: bool = False,
) -> Report:
    """Return all that is to be said about a file as a table; `content` is the table's CSV where it is right.

    `by` maps the file's columns to the table's, `how` answers what a check asks. Without them a publisher's
    raw file is read by its reader. `extends` adds the rows to those of the book's table. Raises
    CareshiftError where the file cannot be opened, the mapping names what is not there, two readings of the
    file fit, or a raw file is broken.
    """
    schema = tables.describe(table)["schema"]
    located = tables.locate(table, file)
    raw = _as_raw(table, located) if by is None and how is None else None
    reading = reading_of.read_cells(table, raw[0]) if raw else reading_of.read(table, located, by, how)
    grid, layout = reading.grid, raw[1] if raw else None
    errors = sorted([*reading.problems, *_others(table, reading, by)], key=lambda problem: problem.row or 0)
    told = (len(grid.cells), grid.columns)
    if errors:
        suggestions = mapping.suggestions(grid, table, _day(table), measures.that_follow(schema))
        return Report(file.name, table, errors, [], suggestions, *told, None, layout, said=reading.said)
    content = tables.as_csv(table, grid)
    odd = _odd(table, grid, content)
    as_it_stands = not (by or layout or extends or reading.said or how)
    content = _extended(table, content) if extends else content
    return Report(file.name, table, [], odd, [], *told, content, layout, as_it_stands, reading.said)


def _others(table: str, reading: Reading, by: mapping.Columns | None) -> list[Problem]:
    """Return the errors of a table, those apart that the reading of its cells has told already."""
    asked = {(problem.field, problem.value) for problem in reading.problems}
    found = _said_once(tables.problems(table, reading.grid), by)
    follow = measures.that_follow(tables.describe(table)["schema"])
    return [
        problem
        for problem in found
        if (problem.field, problem.value) not in asked
        and not (problem.message == MISSING and problem.field in follow)
    ]


def _said_once(errors: Sequence[Problem], by: mapping.Columns | None) -> list[Problem]:
    """Return the errors of a file with one column a period without those that melting it repeats.

    A cell beside the periods stands in each of the rows made from its row, and a period in each row of the
    file: each is told once, a wrong period as an error of the first row.
    """
    if by is None or by.long is None:
        return list(errors)
    name = by.long[0]
    once = [replace(one, row=1) if one.field == name and one.value else one for one in errors]
    return list(dict.fromkeys(once))


def _extended(table: str, content: bytes) -> bytes:
    """Return the book's table with these rows in it; they replace those of the same key."""
    own = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)
    frame, _ = importing.merge(table, own, "own")
    return as_csv(frame)


def _as_raw(table: str, file: Path) -> tuple[Grid, str] | None:
    """Return the table that a publisher's raw file gives, and its layout; nothing for any other file."""
    if not tables.describe(table)["raw"] or _has_all(table, file):
        return None
    try:
        frame, layout = importing.read_raw(table, [file])
    except (
        LayoutError,
        NothingReadError,
        FileError,
    ):  # no publisher's file: whatever is wrong with it, its own reading tells
        return None
    cells = pd.read_csv(io.BytesIO(as_csv(frame)), dtype="str", keep_default_na=False)
    return Grid(file.name, cells.set_axis(pd.RangeIndex(2, 2 + len(cells)))), layout.name


def _has_all(table: str, file: Path) -> bool:
    """Return whether a file has the table's own columns, so that it is no publisher's raw file."""
    fields = {field["name"] for field in tables.describe(table)["schema"]["fields"]}
    return any(fields <= set(sheet.cells.iloc[0]) for sheet in files.sheets(file) if len(sheet.cells))


def _day(table: str) -> str | None:
    """Return the month and day, as "03-31", of all dates of the book's table, where they are the same."""
    frame = tables.read(table)
    dates = [f["name"] for f in tables.describe(table)["schema"]["fields"] if f["type"] == "date"]
    days = {day for name in dates for day in frame[name].dropna().dt.strftime("%m-%d")}
    return days.pop() if len(days) == 1 else None


def _odd(table: str, grid: Grid, content: bytes) -> list[Problem]:
    frame = tables.typed(table, io.BytesIO(content)).set_axis(grid.cells.index)
    fields = {field["name"] for field in tables.describe(table)["schema"]["fields"]}
    spare = [name for name in grid.columns if name not in fields]
    unused = [Problem(grid.file, "the column is not used", "Nothing to do.", 1, name) for name in spare]
    if grid.unfinished:
        text = "the last row has no line end; the file may be cut off"
        unused.append(Problem(grid.file, text, "Look at its last cell.", int(grid.cells.index[-1])))
    usual = tables.read(table)
    return unused + plausibility.warnings(grid.file, frame, usual, _with_parts(tables.describe(table)))


def _with_parts(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """Return the descriptor with the councils' codes where the parts of a total are all councils."""
    areas = tables.read("areas")
    councils = areas.loc[areas["type"] == "council", "code"].tolist()
    totals = [
        {**total, "parts": councils if total["parts"] == "councils" else total["parts"]}
        for total in descriptor.get("totals", [])
    ]
    return {**descriptor, "totals": totals}
