"""Counts and the people behind them, by period and stratum, from one file or two."""

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
    time_of,
)
from careshift.own_series.periods import DayOrder, Scale
from careshift.project import quoted

if TYPE_CHECKING:
    import pandas as pd

STRATA = ("age_band", "age band", "age group", "age_group", "agegroup", "age", "sex", "gender")
TOTALS = {"all", "all ages", "total", "totals", "persons", "both", "both sexes", "all people", "all persons"}
RESERVED = ("time", "period", "count", "population")


@dataclass(frozen=True)
class Wanted:
    """Which columns are what; what is left empty is found.

    by : the columns that make a stratum, such as age band and sex. where, without : COLUMN and value of rows
    to keep, and to leave out.
    """

    time: str = ""
    count: str = ""
    population: str = ""
    by: Sequence[str] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    without: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Strata:
    """Counts by period and stratum: `frame` has time, period, the columns `by`, count and population.

    A count may be missing: its period then has an expected count and no actual one. `csv` is what was read.
    """

    file: str
    frame: pd.DataFrame
    csv: str
    scale: Scale
    by: tuple[str, ...]
    count: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what was read."""
        return hashlib.sha256(self.csv.encode()).hexdigest()

    def label(self, time: float) -> str:
        """Return the words of a period."""
        return time_label(time, self.scale.axis)

    def complete(self, value: str) -> list[float]:
        """Return the periods in which every stratum of the file has the value."""
        strata = len(self.frame[[*self.by]].drop_duplicates())
        filled = self.frame.groupby("time")[value].count()
        return [float(time) for time in filled.index[filled == strata]]

    @property
    def counted(self) -> list[float]:
        """Return the periods in which every stratum has a count."""
        return self.complete("count")


def read(
    file: Path,
    people: Path | None = None,
    wanted: Wanted | None = None,
    *,
    sheet: str | None = None,
    dates: DayOrder | None = None,
) -> Strata:
    """Return counts and population by period and stratum, of one file or of counts and a file of people.

    Periods with people and no counts stay: something can be expected of them. Raises SeriesError where a
    column is not found, a cell is no number, a stratum stands twice in a period, a row looks like a total
    of others, or a count has no people behind it.
    """
    asked = wanted or Wanted()
    grid = chosen(grid_of(located(file), sheet), asked.where, asked.without)
    by = tuple(asked.by) or _strata_of(grid)
    if people is None:
        population = asked.population or _named(grid, "population")
        table, scale, count = _table(grid, asked, by, dates, {"population": population})
    else:
        table, scale, count = _table(grid, asked, by, dates, {})
        table = _with_people(table, _people(people, asked, by, dates), by, grid.file, scale)
    _refuse_without_people(grid.file, table, by)
    table = table.sort_values(["time", *by], kind="stable").reset_index(drop=True)
    csv = table.drop(columns="time").to_csv(index=False, lineterminator="\n", float_format="%.15g")
    return Strata(grid.file, table, csv, scale, by, count)


def _strata_of(grid: Grid) -> tuple[str, ...]:
    """Return the columns named like an age band or a sex. Raises SeriesError where there is none."""
    found = tuple(name for name in grid.columns if name.casefold() in STRATA)
    if not found:
        among = ", ".join(map(quoted, grid.columns))
        raise SeriesError(f"{grid.file}: no column is named like an age or a sex: {among}. Say --by COLUMN.")
    return found


def _named(grid: Grid, name: str) -> str:
    """Return a column that has this word in its name. Raises SeriesError where none or several have."""
    found = [column for column in dict.fromkeys(grid.columns) if name in column.casefold()]
    if len(found) != 1:
        raise SeriesError(
            f"{grid.file}: {len(found) or 'no'} columns are named {name}. Say which with --{name}, or give "
            f"the {name} as a file of its own with --{name}-file."
        )
    return found[0]


def _table(
    grid: Grid, asked: Wanted, by: Sequence[str], dates: DayOrder | None, more: Mapping[str, str]
) -> tuple[pd.DataFrame, Scale, str]:
    """Return a file's rows as time, period, strata, count and `more`; what they count; the count's column."""
    time, made_of = time_of(grid, asked.time)
    taken = {*made_of, *by, *more.values(), *asked.where, *asked.without}
    count = asked.count or only_numbers(grid, taken, "the count", "--count")
    table, scale = _keyed(grid, time, by, dates)
    for ours, theirs in {"count": count, **more}.items():
        table[ours] = numbers_in(grid, theirs)
    return table, scale, count


def _keyed(
    grid: Grid, time: pd.Series, by: Sequence[str], dates: DayOrder | None
) -> tuple[pd.DataFrame, Scale]:
    """Return time, period and strata of each row, no row a total of others and none there twice."""
    import pandas as pd

    numbers, scale = periods.read(time, grid.file, dates)
    table = pd.DataFrame(
        {"time": numbers, "period": [time_label(n, scale.axis) for n in numbers]}, numbers.index
    )
    for name in by:
        if name in RESERVED or name != printable(name):
            raise SeriesError(f"{grid.file}: a column of strata cannot be called {quoted(name)}. Rename it.")
        table[name] = column_of(grid, name).map(printable)
        totals = table[name].str.casefold().isin(TOTALS)
        if totals.any() and not totals.all():
            row, value = totals.index[totals][0], table[name][totals].iloc[0]
            raise SeriesError(
                f"{grid.file}, row {row}, column {quoted(name)}: {quoted(value)} looks like a total of the "
                f"other rows. Leave it out with --without {quoted(f'{name}={value}')}."
            )
    twice = table.duplicated(["time", *by], keep=False)
    if twice.any():
        rows = twice.index[twice]
        what = ", ".join(str(table.loc[rows[0], name]) for name in ("period", *by))
        raise SeriesError(
            f"{grid.file}, row {rows[0]}: {what} stands more than once. Keep one kind of row with --where, "
            "or name every column that makes a stratum with --by."
        )
    return table, scale


def _people(file: Path, asked: Wanted, by: Sequence[str], dates: DayOrder | None) -> pd.DataFrame:
    """Return a file of people as time, period, strata and population."""
    grid = grid_of(located(file), None)
    named = [name for name in (*asked.where, *asked.without) if name in grid.columns]
    grid = chosen(
        grid,
        {name: value for name, value in asked.where.items() if name in named},
        {name: value for name, value in asked.without.items() if name in named},
    )
    time, made_of = time_of(grid, "" if asked.time not in grid.columns else asked.time)
    population = asked.population or only_numbers(
        grid, {*made_of, *by, *named}, "the population", "--population"
    )
    table, _ = _keyed(grid, time, by, dates)
    return table.assign(population=numbers_in(grid, population))


def _with_people(
    counts: pd.DataFrame, people: pd.DataFrame, by: Sequence[str], file: str, scale: Scale
) -> pd.DataFrame:
    """Return the counts with the people behind each, and people of strata that were counted at all."""
    counted = counts[[*by]].drop_duplicates()
    kept = people.merge(counted, on=[*by])
    if kept.empty:
        raise SeriesError(
            f"{file}: no stratum of the counts is in the file of people. Write {', '.join(by)} alike in both."
        )
    return kept.merge(counts.drop(columns="period"), on=["time", *by], how="outer").assign(
        period=lambda table: [time_label(time, scale.axis) for time in table["time"]]
    )


def _refuse_without_people(file: str, table: pd.DataFrame, by: Sequence[str]) -> None:
    """Raise SeriesError where a count has no people behind it, or fewer people than nobody."""
    bad = table[table["count"].notna() & ~(table["population"] > 0)]
    if len(bad):
        what = ", ".join(str(bad.iloc[0][name]) for name in ("period", *by))
        raise SeriesError(
            f"{file}: {what} has a count and no people behind it. Give its population, or leave it out."
        )
    negative = table[table["count"] < 0]
    if len(negative):
        what = ", ".join(str(negative.iloc[0][name]) for name in ("period", *by))
        raise SeriesError(f"{file}: {what} has a count below nought. Mend it.")


def without_gaps(strata: Strata) -> Strata:
    """Return the strata in periods that have people in every stratum: expected counts need them all."""
    whole = strata.complete("population")
    return replace(strata, frame=strata.frame[strata.frame["time"].isin(whole)].reset_index(drop=True))
