"""Workbooks (.xlsx, .xls, .ods): sizes looked at before anything is unpacked, cells as text."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careshift.files import limits
from careshift.files.grid import Grid, Sheet, headed
from careshift.files.limits import MEBIBYTE, FileError
from careshift.files.opening import content_of, parsing

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

PACKED = {".xlsx", ".xlsm", ".ods"}  # zip archives of XML
SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
PLACE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
UNSTORED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
REPEATED = re.compile(rb'number-(columns|rows)-repeated="([0-9]{1,12})"')
FORBIDDEN_XML = (b"<!DOCTYPE", b"<!ENTITY")
MOST_REPEATED = 1_000_000  # times that a cell of an .ods workbook may stand, its rows and columns together


def workbook_grids(file: Path) -> list[Grid]:
    """Return the tables of a workbook, one a filled sheet; the first filled row names the columns."""
    return [headed(sheet) for sheet in workbook_sheets(file)]


def workbook_sheets(file: Path) -> list[Sheet]:
    """Return the filled sheets of a workbook, all rows as text; merged cells hold their value in each row."""
    import pandas as pd

    with parsing(file):
        book = _book(file)
    found = []
    for name in _sheet_names(book):
        rows = {number: row for number, row in enumerate(_rows(file, book, name), 1) if any(row)}
        if rows:
            width = max(len(row) for row in rows.values())
            padded = [[*row, *[""] * (width - len(row))] for row in rows.values()]
            found.append(Sheet(file.name, pd.DataFrame(padded, index=list(rows), dtype="str"), name=name))
    return found


def sheet_names(file: Path) -> list[str]:
    """Return the names of a workbook's sheets. Raises FileError for a damaged workbook."""
    with parsing(file):
        return _sheet_names(_book(file))


def _sheet_names(book: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum

    return [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]


def workbook_rows(file: Path, sheet: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet as text, empty ends cut off: whole numbers without ".0", dates as ISO.

    A cell that is merged over rows holds its value in each of them. Raises FileError for a damaged workbook,
    a sheet that is too large, a formula without a stored value.
    """
    with parsing(file):
        yield from _rows(file, _book(file), sheet)


def _rows(file: Path, book: CalamineWorkbook, sheet: str) -> Iterator[list[str]]:
    with parsing(file):
        page = book.get_sheet_by_name(sheet)
        merged = _down(page)
        for number, row in enumerate(page.to_python(skip_empty_area=False), 1):
            if number > limits.MOST_ROWS or (
                len(row) > limits.MOST_COLUMNS and any(value != "" for value in row[limits.MOST_COLUMNS :])
            ):
                raise FileError(f'{file.name}, sheet "{sheet}": too large. Cut it to the table.')
            texts = [cell_text(value) for value in row[: limits.MOST_COLUMNS]]
            _fill_merged(texts, merged, number - 1)
            while texts and not texts[-1]:
                texts.pop()
            yield texts


def _down(page: CalamineSheet) -> dict[tuple[int, int], list[str | None]]:
    """Return for each place within a merged cell of several rows the value that it has, once known."""
    merged: dict[tuple[int, int], list[str | None]] = {}
    for (top, left), (bottom, right) in page.merged_cell_ranges or []:
        if left == right and top < bottom <= page.total_height:
            value: list[str | None] = [None]
            merged.update({(row, left): value for row in range(top, bottom + 1)})
    return merged


def _fill_merged(texts: list[str], merged: dict[tuple[int, int], list[str | None]], row: int) -> None:
    for column in range(len(texts)) if merged else ():
        value = merged.get((row, column))
        if value is not None:
            texts[column] = held = texts[column] if value[0] is None else value[0]
            value[0] = held


def _book(file: Path) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    if file.suffix.lower() in PACKED:
        _look_inside(file)
    else:
        content_of(file, limits.LARGEST_WORKBOOK)
    return CalamineWorkbook.from_path(file)


def _look_inside(file: Path) -> None:
    """Raise FileError where a packed workbook is too large, or holds what no spreadsheet program writes."""
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > limits.LARGEST_WORKBOOK:
            raise FileError(
                f"{file.name}: {unpacked // MEBIBYTE:,} MiB when unpacked, more than "
                f"{limits.LARGEST_WORKBOOK // MEBIBYTE}. "
                "Cut it to the sheet of the table, or save that as CSV."
            )
        for member in archive.namelist():
            if member.endswith((".xml", ".rels")):
                _refuse_content(file, member, archive.read(member))


def _refuse_content(file: Path, member: str, content: bytes) -> None:
    if any(word in content for word in FORBIDDEN_XML):
        raise FileError(
            f"{file.name}: its XML holds definitions of its own, which no spreadsheet program writes. "
            "Open it in a spreadsheet program and save it anew."
        )
    if SHEETS.fullmatch(member):
        _refuse_spread(file, content)
        _refuse_unstored(file, content)
    if member == "content.xml":
        _refuse_repeats(file, content)


def _refuse_spread(file: Path, content: bytes) -> None:
    """Raise FileError where cells lie so far apart that the empty ones between them would fill the memory."""
    places = set(PLACE.findall(content))
    wide = max((_column(letters) for letters, _ in places), default=0)
    long = max((int(number) for _, number in places), default=0)
    if wide * long > limits.MOST_CELLS:
        raise FileError(f"{file.name}: a sheet of {long:,} rows and {wide:,} columns. Cut it to the table.")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_unstored(file: Path, content: bytes) -> None:
    for found in UNSTORED.finditer(content):
        attributes = found.group(1)
        if b't="str"' in attributes or attributes.endswith(b"/"):
            continue
        place = re.search(rb'\br="([A-Z]+)([0-9]+)"', attributes)
        row = int(place.group(2)) if place else content.count(b"<row", 0, found.start())
        raise FileError(
            f"{file.name}, row {row}: a formula without a stored value. "
            "Open the workbook in a spreadsheet program, save it, and try again."
        )


def _refuse_repeats(file: Path, content: bytes) -> None:
    """Raise FileError where an .ods workbook says of a filled cell or row that it stands very often."""
    for row in re.finditer(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", content, re.DOTALL):
        if b"<text:p" not in row.group(2):
            continue
        times = {kind: int(count) for kind, count in REPEATED.findall(row.group(1))}.get(b"rows", 1)
        cells = 0
        for cell in re.split(rb"<table:(?:covered-)?table-cell\b", row.group(2))[1:]:
            repeats = REPEATED.search(cell.partition(b">")[0])
            filled = b"<text:p" in cell
            cells += int(repeats.group(2)) if repeats and filled else 1
        if times * cells > MOST_REPEATED:
            raise FileError(
                f"{file.name}: a cell that is repeated {times * cells:,} times. Cut it to the table."
            )


def cell_text(value: Any) -> str:
    """Return a workbook's cell as text: nothing as "", 3.0 as "3", a date as ISO, truth as true or false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    return str(value).strip()
