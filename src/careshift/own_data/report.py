"""What there is to say about a file that somebody brings for a table."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careshift import tables
from careshift.checking import MISSING, Problem
from careshift.files import Grid
from careshift.own_data import hints, plausibility
from careshift.project import quoted


@dataclass(frozen=True)
class Report:
    """A file against a table: what is wrong, what is odd, how its columns might be mapped, and its rows."""

    file: str
    table: str
    errors: Sequence[Problem]
    warnings: Sequence[Problem]
    suggestions: Sequence[str]
    rows: int
    columns: Sequence[str]
    content: bytes | None

    def as_record(self) -> dict[str, Any]:
        """Answer the report as a dictionary for JSON."""
        return {
            "file": self.file,
            "table": self.table,
            "fits": not self.errors,
            "rows": self.rows,
            "errors": [problem.as_record() for problem in self.errors],
            "warnings": [problem.as_record() for problem in self.warnings],
            "suggestions": list(self.suggestions),
        }

    def lines(self) -> Iterator[str]:
        """Yield the report's lines: errors, how the columns might be mapped, oddities, and the sum of it."""
        yield from (str(problem) for problem in self.errors)
        if any(problem.message == MISSING for problem in self.errors):
            yield f"The file has the columns {', '.join(map(quoted, self.columns))}."
        if self.suggestions:
            yield f"Try: careshift check {self.file} --table {self.table} {' '.join(self.suggestions)}"
        yield from (f"Odd: {problem}" for problem in self.warnings)
        if self.errors:
            count = "1 error" if len(self.errors) == 1 else f"{len(self.errors):,} errors"
            yield f"{self.file}: {count}; it does not fit {self.table}."
        else:
            odd = "; look at what is odd" if self.warnings else ""
            yield f"{self.file}: {self.rows:,} rows; fits {self.table}{odd}."


def examine(table: str, file: Path, by: hints.Columns | None = None, sheet: str | None = None) -> Report:
    """Answer all that is to be said about a file as a table; `content` is the table's CSV where it is right.

    `by` maps the file's columns to the table's, `sheet` names a workbook's sheet. Raises CareshiftError where
    the file cannot be opened or the mapping names what is not there.
    """
    schema = tables.describe(table)["schema"]
    grid = tables.grid_of(table, tables.locate(table, file), sheet)
    if by is not None:
        grid = tables.whole_numbers(table, hints.reshaped(grid, by, schema))
    errors = tables.problems(table, grid)
    if errors:
        suggestions = hints.suggestions(grid, schema)
        return Report(file.name, table, errors, [], suggestions, len(grid.cells), grid.columns, None)
    content = tables.as_csv(table, grid)
    return Report(
        file.name, table, [], _odd(table, grid, content), [], len(grid.cells), grid.columns, content
    )


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
    """Answer the descriptor with the councils' codes where the parts of a total are all councils."""
    areas = tables.read("areas")
    councils = areas.loc[areas["type"] == "council", "code"].tolist()
    totals = [
        {**total, "parts": councils if total["parts"] == "councils" else total["parts"]}
        for total in descriptor.get("totals", [])
    ]
    return {**descriptor, "totals": totals}
