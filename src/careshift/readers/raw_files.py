"""Cells of publishers' files as text: columns checked, markers kept apart, numbers read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd

from careshift import files
from careshift.files import Grid
from careshift.project import CareshiftError, not_there, quoted

NOT_AVAILABLE = "not available"
SUPPRESSED = "suppressed"
TEXTS = {name for name, kind in files.KINDS.items() if kind == "text"}
MARKERS = {"": NOT_AVAILABLE, ":": NOT_AVAILABLE, "c": SUPPRESSED, "*": SUPPRESSED}


class LayoutError(CareshiftError):
    """A file that is not in the layout that a reader reads: a column or sheet is missing."""


class NothingReadError(CareshiftError):
    """A file in the right layout, of which no row is for the table."""


def read_csv(file: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return the named columns of a delimited file as stripped text; blank cells are empty strings.

    Survives a byte-order mark, CRLF line ends, spaces around column names, and columns that a publisher
    added. The row index is the row number of the file, for messages. Raises LayoutError where a column is
    missing, CareshiftError where the file is missing, damaged or cut off in the middle of a row.
    """
    grid = _grid(file)
    require(file, grid.columns, columns)
    if grid.ragged:
        row, count = grid.ragged[0]
        raise CareshiftError(
            f"{file.name}, row {row}: {count} cells, {len(grid.columns)} columns. Download the file again."
        )
    kept: pd.DataFrame = grid.cells.loc[:, list(columns)].astype("str")
    return some(kept, file)


def some(cells: pd.DataFrame, file: Path) -> pd.DataFrame:
    """Return the cells, if there are any. Raises NothingReadError."""
    if cells.empty:
        raise NothingReadError(f"{file.name}: the columns are there, and no row is for the table.")
    return cells


def column_names(file: Path) -> list[str]:
    """Return the names of a delimited file's columns. Raises CareshiftError where it is damaged."""
    return _grid(file).columns


def _grid(file: Path) -> Grid:
    """Return the cells of a delimited file, which several readers may look at. Raises CareshiftError."""
    _refuse_missing(file)
    if file.suffix.lower() not in TEXTS:
        raise LayoutError(f"{file.name}: not a delimited text file ({', '.join(sorted(TEXTS))}).")
    return _read_once(file, *_mark(file))


def _mark(file: Path) -> tuple[int, int]:
    about = file.stat()
    return about.st_mtime_ns, about.st_size


@lru_cache(maxsize=2)
def _read_once(file: Path, changed: int, size: int) -> Grid:
    with files.parsing(file):
        return files.text_grids(file)[0]


def sheet_names(file: Path) -> list[str]:
    """Return the names of a workbook's sheets (.xls or .xlsx).

    Raises LayoutError for another kind of file, CareshiftError where it is missing or damaged.
    """
    _refuse_missing(file)
    if file.suffix.lower() not in {".xls", ".xlsx"}:
        raise LayoutError(f"{file.name}: not an Excel workbook (.xls, .xlsx).")
    return _names_once(file, *_mark(file))


@lru_cache(maxsize=2)
def _names_once(file: Path, changed: int, size: int) -> list[str]:
    return files.sheet_names(file)


@lru_cache(maxsize=4)
def _rows_once(file: Path, sheet: str, changed: int, size: int) -> list[list[str]]:
    return list(files.workbook_rows(file, sheet))


def sheet_rows(file: Path, sheet: str) -> list[list[str]]:
    """Return all rows of one workbook sheet (.xls or .xlsx) as stripped text, whole numbers without ".0".

    Raises LayoutError where the sheet is missing, CareshiftError where the file is missing or damaged.
    """
    found = sheet_names(file)
    if sheet not in found:
        raise LayoutError(f'{file.name}: sheet "{sheet}" is missing. Sheets found: {", ".join(found)}.')
    rows = _rows_once(file, sheet, *_mark(file))
    width = max((len(row) for row in rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def table_in(rows: list[list[str]], columns: Sequence[str], where: str) -> pd.DataFrame:
    """Return the table below the first row that holds all of `columns`, as text, in the sheet's column order.

    Columns without a name are left out. The row index is the row number of the sheet. Raises LayoutError,
    naming `where`, when no row holds the columns.
    """
    header = next((i for i, row in enumerate(rows) if set(columns) <= set(row)), None)
    if header is None:
        raise LayoutError(
            f"{where}: no row holds all of the columns {', '.join(columns)}. "
            "The publisher may have changed the layout: compare the sheet with what the reader says it reads."
        )
    frame = pd.DataFrame(rows[header + 1 :], columns=rows[header], dtype=str)
    frame.index = pd.RangeIndex(header + 2, header + 2 + len(frame))
    return frame.loc[:, [name for name in frame.columns if name]]


def whole_numbers(cells: pd.Series, file: Path) -> pd.Series:
    """Return text cells as whole numbers (Int64); blank stays missing; thousands separators are read.

    Raises CareshiftError with file, row and column where a cell is anything else.
    """
    text = cells.str.replace(",", "").str.replace(r"\.0+$", "", regex=True)
    _refuse(text, r"-?\d+", cells, file, "a whole number")
    return text.mask(text == "").astype("Int64")


def numbers(cells: pd.Series, file: Path) -> pd.Series:
    """Return text cells as float64, to the last digit; blank stays missing. Raises CareshiftError."""
    text = cells.str.replace(",", "")
    _refuse(text, r"-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", cells, file, "a number")
    return text.map(lambda cell: float(cell) if cell else float("nan")).astype("float64")


MONTH_FORMS = (
    *("%Y-%m-%d", "%Y-%m", "%Y%m", "%Y%m%d", "%d/%m/%Y"),
    *("%b-%y", "%b %y", "%b-%Y", "%b %Y", "%B %Y", "%d %B %Y", "%d %b %Y"),
)
POSSIBLE_YEAR = r"(?:19|20)\d\d|[ -]\d\d$|^[2-7]\d{4}(?:\.\d+)?$"  # no year out of a column of numbers
SERIAL = r"[2-7]\d{4}(\.\d+)?"  # a day as Excel counts them since 30 December 1899: 1954 to 2118


def first_of_month(cells: pd.Series, file: Path) -> pd.Series:
    """Return the first day of each cell's month, as 2010-08-01.

    A month is written in numbers or words (2010-08-31, 201008, Aug-10, August 2010, 31/08/2010) or is the
    number that Excel keeps for a day. Raises CareshiftError with file, row and column for anything else.
    """
    days = days_of(cells)
    unread = days.isna()
    if unread.any():
        row = cells.index[unread][0]
        raise CareshiftError(
            f'{file.name}, row {row}, column "{cells.name}": {quoted(cells[row])} is no month. '
            "Correct the file or download it again."
        )
    months: pd.Series = days.dt.strftime("%Y-%m-01")
    return months


def days_of(cells: pd.Series) -> pd.Series:
    """Return text cells as dates, by the forms that `first_of_month` reads; NaT where none fits."""
    text = pd.Series(cells.unique(), dtype="str").str.replace(r"[ T]00:00:00(\.0+)?$", "", regex=True)
    text = text.where(text.str.contains(POSSIBLE_YEAR), "")
    serial = pd.to_numeric(text.where(text.str.fullmatch(SERIAL)), errors="coerce")
    days = pd.to_datetime(serial, unit="D", origin="1899-12-30").astype("datetime64[ns]")
    for form in MONTH_FORMS:
        left = text.where(days.isna(), "")
        days = days.fillna(pd.to_datetime(left, format=form, errors="coerce").astype("datetime64[ns]"))
    by_cell = dict(zip(cells.unique(), days, strict=True))
    return pd.Series(cells.map(by_cell)).astype("datetime64[ns]")


def counts_with_status(values: pd.Series, markers: pd.Series, file: Path) -> tuple[pd.Series, pd.Series]:
    """Return (whole numbers, status) of value cells and their qualifier cells.

    Status is "ok", "not available" (":" or blank) or "suppressed" ("c"). A marker may stand in either
    column; the number of a marked blank stays missing, and is never zero. Raises CareshiftError on an
    unknown marker.
    """
    shown = values.mask(values.isin(list(MARKERS)), "")
    marker = markers.mask(markers == "", values.where(values.isin(list(MARKERS)), ""))
    counts = whole_numbers(shown, file)
    status = marker.map(MARKERS).mask(counts.notna(), "ok")
    unknown = status.isna()
    if unknown.any():
        row = marker.index[unknown][0]
        raise CareshiftError(
            f'{file.name}, row {row}, column "{markers.name}": unknown marker "{marker[row]}" beside an '
            "empty value. Look it up in the publisher's notes and add it to MARKERS in readers/raw_files.py."
        )
    return counts, status


def renamed(cells: pd.Series, names: Mapping[str, str], file: Path) -> pd.Series:
    """Return the cells with the publisher's names turned into ours. Raises CareshiftError on another."""
    unknown = ~cells.isin(list(names))
    if unknown.any():
        row = cells.index[unknown][0]
        raise CareshiftError(
            f'{file.name}, row {row}, column "{cells.name}": "{cells[row]}" is not known. '
            "Known: " + "; ".join(names) + ". Add it to the reader if it belongs to the table."
        )
    return cells.map(dict(names))


def require(file: Path, present: Iterable[str], columns: Sequence[str]) -> None:
    """Raise LayoutError that names the file and the columns it lacks."""
    missing = [name for name in columns if name not in set(present)]
    if missing:
        raise LayoutError(
            f'{file.name}: column "{missing[0]}" is missing'
            + (f" (and {', '.join(missing[1:])})" if missing[1:] else "")
            + f". Columns found: {', '.join(present)}. Check that this is the right file, in this layout."
        )


def _refuse_missing(file: Path) -> None:
    if not file.is_file():
        raise CareshiftError(f"{not_there(file)}. Download it from the publisher, or correct the folder.")


def _refuse(text: pd.Series, pattern: str, cells: pd.Series, file: Path, wanted: str) -> None:
    wrong = (text != "") & ~text.str.fullmatch(pattern)
    if wrong.any():
        row = cells.index[wrong][0]
        raise CareshiftError(
            f'{file.name}, row {row}, column "{cells.name}": "{cells[row]}" is not {wanted}. '
            "Correct the file or download it again."
        )
