"""The columns of a file that somebody brings: found by name or by content, each cell read or refused."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careshift import files
from careshift.files import Grid
from careshift.own_data import header
from careshift.own_series import periods
from careshift.own_series.values import MISSING, number
from careshift.project import ROOT, CareshiftError, quoted

if TYPE_CHECKING:
    import pandas as pd

NO_FIELDS: Mapping[str, Any] = {"fields": []}  # a series has no schema: its columns go by any name
TIME_NAMES = ("date", "month", "quarter", "period", "year", "time", "week")
MOSTLY = 0.9  # share of a column's cells that must be periods, or numbers, for it to be taken as such


class SeriesError(CareshiftError):
    """A series that cannot be read; the text names the file, the row or column, and the remedy."""


def located(file: Path) -> Path:
    """Return where a file is: where the caller stands, or among the project's own."""
    given = file.expanduser()
    ours = ROOT / file
    return ours if not given.exists() and ours.is_file() else given


def grid_of(file: Path, sheet: str | None) -> Grid:
    """Return the table of a file, without titles and notes: of the sheet named, or of the one that is dated.

    Raises SeriesError where no sheet or several could be meant, and where a row has another number of cells.
    """
    grid = _of_sheet(file, [header.table_in(each, NO_FIELDS).grid for each in files.sheets(file)], sheet)
    if grid.ragged:
        row, cells = grid.ragged[0]
        raise SeriesError(
            f"{file.name}, row {row}: {cells} cells where the table has {len(grid.columns)}. Mend the row."
        )
    return grid


def _of_sheet(file: Path, found: Sequence[Grid], sheet: str | None) -> Grid:
    """Return the table of the sheet that is named, or of the only one that is dated. Raises SeriesError."""
    if sheet is not None:
        named = [each for each in found if each.sheet == sheet]
        if not named:
            known = ", ".join(quoted(each.sheet) for each in found if each.sheet) or "none: it is no workbook"
            raise SeriesError(f"{file.name}: no sheet {quoted(sheet)}. It has {known}.")
        return named[0]
    dated = [each for each in found if len(found) == 1 or _is_dated(each)]
    if len(dated) != 1:
        known = ", ".join(quoted(each.sheet) for each in dated or found)
        many = len(dated) or "no"
        raise SeriesError(f"{file.name}: {many} sheets hold periods. Say which with --sheet: {known}.")
    return dated[0]


def _is_dated(grid: Grid) -> bool:
    """Return whether some column of a table holds periods."""
    single = [name for name in grid.columns if stands_once(grid, name)]
    return len(single) > 1 and any(periods.share_read(grid.cells[name]) >= MOSTLY for name in single)


def chosen(grid: Grid, where: Mapping[str, str], without: Mapping[str, str] | None = None) -> Grid:
    """Return the rows that have the values of `where` and not those of `without`, whatever their case.

    Raises SeriesError where a value is in no row.
    """
    cells = grid.cells
    for wanted, pairs in ((True, where), (False, without or {})):
        for name, value in pairs.items():
            column = column_of(replace(grid, cells=cells), name)
            same = column.str.casefold() == value.casefold()
            if not same.any():
                known = [*column.unique()]
                near = difflib.get_close_matches(value, known, n=3, cutoff=0.4) or known[:3]
                raise SeriesError(
                    f"{grid.file}: no row has {quoted(value)} in column {quoted(name)}. "
                    f"It holds {', '.join(map(quoted, near))}."
                )
            cells = cells[same if wanted else ~same]
    return replace(grid, cells=cells)


def column_of(grid: Grid, name: str) -> pd.Series:
    """Return a column by its name, whatever its case. Raises SeriesError with the nearest names."""
    alike = [at for at, known in enumerate(grid.columns) if known == name]
    alike = alike or [at for at, known in enumerate(grid.columns) if known.casefold() == name.casefold()]
    if len(alike) == 1:
        column: pd.Series = grid.cells.iloc[:, alike[0]]
        return column
    if alike:
        raise SeriesError(f"{grid.file}: {len(alike)} columns are called {quoted(name)}. Rename one.")
    near = difflib.get_close_matches(name, grid.columns, n=1)
    hint = f" Did you mean {quoted(near[0])}?" if near else ""
    raise SeriesError(
        f"{grid.file}: no column {quoted(name)}.{hint} It has {', '.join(map(quoted, grid.columns))}."
    )


def time_of(grid: Grid, name: str) -> tuple[pd.Series, list[str]]:
    """Return the column of periods, as named or as found, and the columns that it is made of."""
    if name:
        return column_of(grid, name), [name]
    named = {known.casefold(): known for known in grid.columns}
    for part, mark in (("month", "-"), ("quarter", "Q")):
        if "year" in named and part in named and grid.cells[named[part]].str.fullmatch(r"\d{1,2}").all():
            both = [named["year"], named[part]]
            return (grid.cells[both[0]] + mark + grid.cells[both[1]]).rename(" and ".join(both)), both
    fit = [
        name
        for name in grid.columns
        if stands_once(grid, name) and periods.share_read(grid.cells[name]) >= MOSTLY
    ]
    fit = fit or [named[known] for known in TIME_NAMES if known in named]
    fit = [name for name in fit if any(word in name.casefold() for word in TIME_NAMES)] or fit
    if len(fit) != 1:
        what = "no column holds periods" if not fit else f"{len(fit)} columns could hold the periods"
        among = ", ".join(map(quoted, fit or grid.columns))
        raise SeriesError(f"{grid.file}: {what}: {among}. Say which with --time.")
    return column_of(grid, fit[0]), fit


def only_numbers(grid: Grid, taken: Collection[str], what: str, option: str) -> str:
    """Return the one column of numbers that is not taken. Raises SeriesError where none stands alone."""
    spare = [
        name
        for name in dict.fromkeys(grid.columns)
        if name not in taken and stands_once(grid, name) and share_of_numbers(grid.cells[name]) >= MOSTLY
    ]
    if len(spare) != 1:
        found = "no column holds numbers" if not spare else f"{len(spare)} columns hold numbers"
        among = ", ".join(map(quoted, spare or grid.columns))
        raise SeriesError(f"{grid.file}: {found}: {among}. Say which is {what} with {option}.")
    return spare[0]


def stands_once(grid: Grid, name: str) -> bool:
    """Return whether a file has one column of this name."""
    return grid.columns.count(name) == 1


def share_of_numbers(column: pd.Series) -> float:
    """Return the share of a column's filled cells that are numbers."""
    filled = column[~column.str.casefold().isin(MISSING)]
    return float(filled.map(lambda text: number(text) is not None).mean()) if len(filled) else 0.0


def numbers_in(grid: Grid, name: str) -> pd.Series:
    """Return a column as numbers; an empty or suppressed cell is missing, never zero."""
    texts = column_of(grid, name)
    missing = texts.str.casefold().isin(MISSING)
    values = texts.map(number)
    wrong = values.index[values.isna() & ~missing]
    if len(wrong):
        row = wrong[0]
        raise SeriesError(
            f"{grid.file}, row {row}, column {quoted(name)}: {quoted(texts[row])} is not a number. Mend it, "
            "or leave the row out with --where."
        )
    return values.astype(float)
