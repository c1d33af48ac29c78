"""A series of one's own from a file: its columns, its rows, each cell a number or an error with its place."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from careshift import files
from careshift.files import Grid
from careshift.inert_text import printable
from careshift.interruption.axis import time_label
from careshift.own_series import periods
from careshift.own_series.periods import DayOrder, Scale
from careshift.own_series.values import MISSING, number
from careshift.project import ROOT, CareshiftError, quoted

if TYPE_CHECKING:
    import pandas as pd

TIME_NAMES = ("date", "month", "quarter", "period", "year", "time", "week")
MOSTLY = 0.9  # share of a column's cells that must be periods, or numbers, for it to be taken as such
LEAST = 3  # periods that a series must have to be one


class SeriesError(CareshiftError):
    """A series that cannot be read; the text names the file, the row or column, and the remedy."""


@dataclass(frozen=True)
class Columns:
    """Which columns of a file are what; what is left empty is found, or not there.

    `where` holds COLUMN=VALUE: only rows with these values belong to the series.
    """

    time: str = ""
    value: str = ""
    population: str = ""
    controls: Sequence[str] = ()
    regressors: Sequence[str] = ()
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """A dated series: `frame` has time (a number), period (its words), value, and what stands beside it.

    Columns of `frame`: time, period, value, population where there is one, and one each for the controls and
    regressors. `left_out` says which periods had no value, and where; `csv` is all that was read, these
    periods too.
    """

    file: str
    frame: pd.DataFrame
    csv: str
    scale: Scale
    columns: Columns
    left_out: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the series as it was read."""
        return hashlib.sha256(self.csv.encode()).hexdigest()

    def label(self, time: float) -> str:
        """Return the words of a time on the axis of the series."""
        return time_label(time, self.scale.axis)


def read(
    file: Path, columns: Columns | None = None, *, sheet: str | None = None, dates: DayOrder | None = None
) -> Series:
    """Return the series of a CSV, Excel or Parquet file, in order of time.

    Columns that are not named are found: the one that holds periods, and the one other that holds numbers. A
    period without a value is left out and said. Raises SeriesError or PeriodError where a column is not
    there or could be several, a cell is no number, or a period stands twice.
    """
    import pandas as pd

    asked = columns or Columns()
    grid = _chosen(_grid(_located(file), sheet), asked.where)
    time, made_of = _time_of(grid, asked.time)
    asked = _with_value(grid, asked, made_of)
    numbers, scale = periods.read(time, grid.file, dates)
    labels = [time_label(number, scale.axis) for number in numbers]
    frame = pd.DataFrame({"time": numbers, "period": labels}, index=numbers.index)
    for ours, theirs in _wanted(grid, asked).items():
        frame[ours] = _numbers(grid, theirs)
    frame = frame.sort_values("time", kind="stable")
    _refuse_twice(grid, frame)
    empty = frame.drop(columns=["time", "period"]).isna().any(axis=1)
    left_out = tuple(f"{frame.loc[row, 'period']} (row {row})" for row in frame.index[empty])
    csv = frame.drop(columns="time").to_csv(index=False, lineterminator="\n", float_format="%.15g")
    filled = frame[~empty].reset_index(drop=True)
    if len(filled) < LEAST:
        raise SeriesError(f"{grid.file}: {len(filled)} periods have a value; a series needs more.")
    return Series(grid.file, filled, csv, scale, asked, left_out)


def _located(file: Path) -> Path:
    """Return where a file is: where the caller stands, or among the project's own."""
    given = file.expanduser()
    ours = ROOT / file
    return ours if not given.exists() and ours.is_file() else given


def _wanted(grid: Grid, asked: Columns) -> dict[str, str]:
    """Return the columns of a series and those of the file that they come from."""
    wanted = {"value": asked.value} | ({"population": asked.population} if asked.population else {})
    for name in (*asked.controls, *asked.regressors):
        if name != printable(name):
            raise SeriesError(f"{grid.file}: column {quoted(name)} has a line break in its name. Rename it.")
        if name in {*wanted, "time", "period", "value", "population"}:
            raise SeriesError(
                f"{grid.file}: the column {quoted(name)} would stand twice. Rename it in the file."
            )
        wanted[name] = name
    return wanted


def _grid(file: Path, sheet: str | None) -> Grid:
    """Return the table of a file, or of the sheet that is named."""
    found = files.grids(file)
    if sheet is not None:
        named = [grid for grid in found if grid.sheet == sheet]
        if not named:
            known = ", ".join(quoted(grid.sheet) for grid in found if grid.sheet) or "none: it is no workbook"
            raise SeriesError(f"{file.name}: no sheet {quoted(sheet)}. It has {known}.")
        return named[0]
    if len(found) > 1:
        known = ", ".join(quoted(grid.sheet) for grid in found)
        raise SeriesError(f"{file.name}: {len(found)} sheets hold tables. Say which with --sheet: {known}.")
    if found[0].ragged:
        row, cells = found[0].ragged[0]
        raise SeriesError(
            f"{file.name}, row {row}: {cells} cells where the first row has {len(found[0].columns)}. "
            "Mend the row."
        )
    return found[0]


def _chosen(grid: Grid, where: Mapping[str, str]) -> Grid:
    """Return the rows that have the values asked for. Raises SeriesError where none has."""
    cells = grid.cells
    for name, value in where.items():
        column = _column(replace(grid, cells=cells), name)
        kept = column.str.casefold() == value.casefold()
        if not kept.any():
            near = (
                difflib.get_close_matches(value, [*column.unique()], n=3, cutoff=0.4)
                or [*column.unique()][:3]
            )
            raise SeriesError(
                f"{grid.file}: no row has {quoted(value)} in column {quoted(name)}. "
                f"It holds {', '.join(map(quoted, near))}."
            )
        cells = cells[kept]
    return replace(grid, cells=cells)


def _column(grid: Grid, name: str) -> pd.Series:
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


def _time_of(grid: Grid, name: str) -> tuple[pd.Series, list[str]]:
    """Return the column of periods, as named or as found, and the columns that it is made of."""
    if name:
        return _column(grid, name), [name]
    named = {known.casefold(): known for known in grid.columns}
    for part, mark in (("month", "-"), ("quarter", "Q")):
        if "year" in named and part in named and grid.cells[named[part]].str.fullmatch(r"\d{1,2}").all():
            both = [named["year"], named[part]]
            return (grid.cells[both[0]] + mark + grid.cells[both[1]]).rename(" and ".join(both)), both
    fit = [
        name for name in grid.columns if _once(grid, name) and periods.share_read(grid.cells[name]) >= MOSTLY
    ]
    fit = fit or [named[known] for known in TIME_NAMES if known in named]
    fit = [name for name in fit if any(word in name.casefold() for word in TIME_NAMES)] or fit
    if len(fit) != 1:
        what = "no column holds periods" if not fit else f"{len(fit)} columns could hold the periods"
        among = ", ".join(map(quoted, fit or grid.columns))
        raise SeriesError(f"{grid.file}: {what}: {among}. Say which with --time.")
    return _column(grid, fit[0]), fit


def _once(grid: Grid, name: str) -> bool:
    return grid.columns.count(name) == 1


def _with_value(grid: Grid, asked: Columns, time: Sequence[str]) -> Columns:
    """Return the columns with the one of values: as named, or the only other column of numbers."""
    for name in (asked.value, asked.population, *asked.controls, *asked.regressors):
        if name:
            _column(grid, name)
    if asked.value:
        return asked
    taken = {*time, asked.population, *asked.controls, *asked.regressors, *asked.where}
    spare = [
        name
        for name in grid.columns
        if name not in taken and _once(grid, name) and _share_of_numbers(grid.cells[name]) >= MOSTLY
    ]
    if len(spare) != 1:
        what = "no column holds numbers" if not spare else f"{len(spare)} columns hold numbers"
        among = ", ".join(map(quoted, spare or grid.columns))
        raise SeriesError(f"{grid.file}: {what}: {among}. Say which is the series with --value.")
    return replace(asked, value=spare[0])


def _share_of_numbers(column: pd.Series) -> float:
    filled = column[~column.str.casefold().isin(MISSING)]
    return float(filled.map(lambda text: number(text) is not None).mean()) if len(filled) else 0.0


def _numbers(grid: Grid, name: str) -> pd.Series:
    """Return a column as numbers; an empty or suppressed cell is missing, never zero."""
    texts = _column(grid, name)
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


def _refuse_twice(grid: Grid, frame: pd.DataFrame) -> None:
    """Raise SeriesError where two rows are of one period."""
    twice = frame[frame["time"].duplicated(keep=False)]
    if twice.empty:
        return
    period = twice["period"].iloc[0]
    rows = ", ".join(str(row) for row in twice.index[twice["period"] == period][:4])
    spare = [
        name
        for name in grid.columns
        if _once(grid, name) and 1 < grid.cells[name].nunique() < len(grid.cells) / 2
    ]
    remedy = "Keep one of them."
    if spare:
        kind = f"{spare[0]}={grid.cells[spare[0]].iloc[0]}"
        remedy = f"Keep one kind of row, for example with --where {quoted(kind)}."
    times = int((twice["period"] == period).sum())
    raise SeriesError(f"{grid.file}, rows {rows}: {period} stands {times} times. {remedy}")
