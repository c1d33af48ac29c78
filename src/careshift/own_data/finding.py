"""Which table somebody's file is for, where neither its own columns nor a publisher's layout say it."""

from __future__ import annotations

from pathlib import Path

from careshift import files, tables
from careshift.own_data import column_names, reading
from careshift.own_data.how import How
from careshift.project import CareshiftError
from careshift.readers import recognising
from careshift.readers.recognising import NAME_IT, SeveralFitError


def table_of(file: Path, how: How | None = None) -> str:
    """Return the one table that a file is for: by its columns or layout, else by names that publishers use.

    Raises CareshiftError where none or several fit, and where the file cannot be opened.
    """
    try:
        return recognising.table_of(file, how.sheet if how else None)
    except SeveralFitError:
        raise
    except CareshiftError:
        fits = by_names(file, how) if file.suffix.lower() in files.KINDS else []
        if len(fits) > 1:
            raise SeveralFitError(f"{file.name}: it fits {' and '.join(fits)}. {NAME_IT}") from None
        if not fits:
            raise
        return fits[0]


def by_names(file: Path, how: How | None = None) -> list[str]:
    """Return the tables that a file's columns are named after, in the words of publishers, and fill.

    A table fits where each of its measures and each field that a row must have is there, those apart that
    follow from others, and every cell is right.
    """
    fits = []
    for name in (name for name in tables.names() if not tables.is_print(name)):
        measured = column_names.measures(tables.describe(name)["schema"])
        try:
            read = reading.read(name, file, None, how) if measured else None
        except CareshiftError:
            continue
        if read and not read.problems and not tables.problems(name, read.grid):
            fits.append(name)
    return fits
