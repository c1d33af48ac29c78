"""The cells of a file that somebody brings, as text: CSV, a workbook or Parquet, opened with care.

Whatever the file holds, the outcome is its cells or a FileError that says what to do. Nothing in it is
followed, run or believed: sizes are bounded before anything is unpacked, definitions in a workbook's XML are
refused, a formula counts only by the value stored with it.
"""

from careshift.files.grid import Grid, Sheet
from careshift.files.limits import FileError
from careshift.files.opening import KINDS, content_of, parsing
from careshift.files.reading import grids, sheets
from careshift.files.text import text_grids, text_of
from careshift.files.workbooks import cell_text, sheet_names, workbook_rows

__all__ = [
    "KINDS",
    "FileError",
    "Grid",
    "Sheet",
    "cell_text",
    "content_of",
    "grids",
    "parsing",
    "sheet_names",
    "sheets",
    "text_grids",
    "text_of",
    "workbook_rows",
]
