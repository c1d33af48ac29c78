"""A series of one's own from a file: its columns, its rows, each cell a number or an error with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from careshift.files import Grid
from careshift.inert_text import printable
from careshift.interruption.axis import time_label
from careshift.own_series import periods
from careshift.own_series.columns import (
    SeriesError,
    chosen,
    column_of,
    grid_of,
    located,
    numbers_in,
    only_numbers,
    stands_once,
    time_of,
)
from careshift.own_series.periods import DayOrder, Scale
from careshift.project import quoted

if TYPE_CHECKING:
    import pandas as pd

LEAST = 3  # periods that a series must have to be one


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
    grid = chosen(grid_of(located(file), sheet), asked.where)
    time, made_of = time_of(grid, asked.time)
    asked = _with_value(grid, asked, made_of)
    numbers, scale = periods.read(time, grid.file, dates)
    labels = [time_label(number, scale.axis) for number in numbers]
    frame = pd.DataFrame({"time": numbers, "period": labels}, index=numbers.index)
    for ours, theirs in _wanted(grid, asked).items():
        frame[ours] = numbers_in(grid, theirs)
    frame = frame.sort_values("time", kind="stable")
    _refuse_twice(grid, frame)
    empty = frame.drop(columns=["time", "period"]).isna().any(axis=1)
    left_out = tuple(f"{frame.loc[row, 'period']} (row {row})" for row in frame.index[empty])
    csv = frame.drop(columns="time").to_csv(index=False, lineterminator="\n", float_format="%.15g")
    filled = frame[~empty].reset_index(drop=True)
    if len(filled) < LEAST:
        raise SeriesError(f"{grid.file}: {len(filled)} periods have a value; a series needs more.")
    return Series(grid.file, filled, csv, scale, asked, left_out)


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


def _with_value(grid: Grid, asked: Columns, time: Sequence[str]) -> Columns:
    """Return the columns with the one of values: as named, or the only other column of numbers."""
    for name in (asked.value, asked.population, *asked.controls, *asked.regressors):
        if name:
            column_of(grid, name)
    if asked.value:
        return asked
    taken = {*time, asked.population, *asked.controls, *asked.regressors, *asked.where}
    return replace(asked, value=only_numbers(grid, taken, "the series", "--value"))


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
        if stands_once(grid, name) and 1 < grid.cells[name].nunique() < len(grid.cells) / 2
    ]
    remedy = "Keep one of them."
    if spare:
        kind = f"{spare[0]}={grid.cells[spare[0]].iloc[0]}"
        remedy = f"Keep one kind of row, for example with --where {quoted(kind)}."
    times = int((twice["period"] == period).sum())
    raise SeriesError(f"{grid.file}, rows {rows}: {period} stands {times} times. {remedy}")
