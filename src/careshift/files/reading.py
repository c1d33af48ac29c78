"""The sheets and tables of a file of any kind."""

from __future__ import annotations

from pathlib import Path

from careshift.files.grid import Grid, Sheet
from careshift.files.limits import FileError
from careshift.files.opening import kind_of, parsing
from careshift.files.parquet import parquet_grids, parquet_sheets
from careshift.files.text import text_grids, text_sheets
from careshift.files.workbooks import workbook_grids, workbook_sheets

TABLES = {"text": text_grids, "workbook": workbook_grids, "parquet": parquet_grids}
SHEETS = {"text": text_sheets, "workbook": workbook_sheets, "parquet": parquet_sheets}


def grids(file: Path) -> list[Grid]:
    """Return the tables of a file: one of a text or Parquet file, one a filled sheet of a workbook.

    Their first filled row names the columns. Raises FileError where the file is missing, empty, too large,
    damaged, or not what its name says.
    """
    kind = kind_of(file)
    with parsing(file):
        found = TABLES[kind](file)
    if not found:
        raise FileError(f"{file.name}: no sheet holds a table. The first filled row must name the columns.")
    return found


def sheets(file: Path) -> list[Sheet]:
    """Return all rows of a file, one sheet of a text or Parquet file; raises FileError as `grids` does."""
    kind = kind_of(file)
    with parsing(file):
        found = SHEETS[kind](file)
    if not found:
        raise FileError(f"{file.name}: no sheet holds anything. Look at it in a spreadsheet program.")
    return found
