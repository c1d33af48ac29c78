"""The cells of a file that somebody brings, as text: CSV, Excel or Parquet, opened with care.

Whatever the file holds, the outcome is its cells or a FileError that says what to do. Nothing in it is
followed, run or believed: sizes are bounded before anything is unpacked, entities in a workbook's XML are
refused, a formula counts only by the value stored with it.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careshift.project import CareshiftError, not_there, quoted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MEBIBYTE = 2**20
LARGEST = 256 * MEBIBYTE  # of a text or Parquet file, unpacked; our largest table has 1 MB
LARGEST_WORKBOOK = 64 * MEBIBYTE  # of a workbook's XML, unpacked: each byte costs some ten of memory
MOST_ROWS = 5_000_000
MOST_COLUMNS = 2_000
LONGEST_CELL = 10_000
SEPARATORS = ",;\t"
KINDS = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".gz": "text",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xls": "old workbook",
    ".parquet": "parquet",
}
ARCHIVES = {".zip", ".7z", ".tar", ".tgz", ".rar"}
FORBIDDEN = "you may not read it. Change its permissions, or ask its owner."
AS_UTF8 = "Save it as CSV in UTF-8 (in Excel: Save as, CSV UTF-8)."


class FileError(CareshiftError):
    """A file that cannot be read as a table; the text names the file, the place and the remedy."""


@dataclass(frozen=True)
class Grid:
    """One table of a file, all cells as stripped text.

    `cells` has the file's column names; its index is the row number in the file, the first row being 1.
    `ragged` holds (row, cells found) for rows with too many or too few cells, which `cells` leaves out;
    `unfinished` says that a text file's last row has no line end.
    """

    file: str
    cells: pd.DataFrame
    ragged: tuple[tuple[int, int], ...] = ()
    sheet: str | None = None
    unfinished: bool = False

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns, as the file has them."""
        return [str(name) for name in self.cells.columns]


def grids(file: Path) -> list[Grid]:
    """Return the tables of a file: one of a text or Parquet file, one a filled sheet of a workbook.

    Raises FileError where the file is missing, empty, too large, damaged, or not what its name says.
    """
    if not file.is_file():
        raise FileError(f"{not_there(file)}.")
    kind = KINDS.get(file.suffix.lower())
    if file.suffix.lower() in ARCHIVES:
        raise FileError(f"{file.name}: an archive. Unpack it and give the file that is in it.")
    if kind is None:
        raise FileError(
            f"{file.name}: unknown kind of file. "
            "Bring CSV (.csv, .tsv, .txt, .gz), Excel (.xlsx, .xls) or Parquet."
        )
    openers = {
        "text": text_grids,
        "workbook": workbook_grids,
        "old workbook": workbook_grids,
        "parquet": parquet_grids,
    }
    with parsing(file):
        found = openers[kind](file)
    if not found:
        raise FileError(f"{file.name}: no sheet holds a table. The first filled row must name the columns.")
    return found


@contextmanager
def parsing(file: Path) -> Iterator[None]:
    """Turn whatever a parser raises on a damaged file into a FileError that names the file."""
    try:
        yield
    except CareshiftError:
        raise
    except PermissionError:
        raise FileError(f"{file.name}: {FORBIDDEN}") from None
    except Exception as error:  # noqa: BLE001 - a parser may raise anything on a damaged file
        why = quoted(f"{type(error).__name__}: {error}", 200)
        raise FileError(
            f"{file.name}: damaged or not the kind of file that its name says ({why}). "
            "Download or export it again."
        ) from None


def content_of(file: Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of a file, a .gz file unpacked; FileError where there are none, or over `largest`."""
    try:
        with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as handle:
            content = handle.read(largest + 1)
    except PermissionError:
        raise FileError(f"{file.name}: {FORBIDDEN}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(f"{file.name}: cannot be read ({error}). Download or export it again.") from None
    if len(content) > largest:
        raise FileError(
            f"{file.name}: more than {largest // MEBIBYTE} MiB. Cut it to the rows and columns of the table."
        )
    if not content.strip():
        raise FileError(f"{file.name}: the file is empty. Download or export it again.")
    return content


def text_of(file: Path) -> bytes:
    """Return a text file's content as UTF-8 without byte-order mark.

    UTF-16 is recognised by its mark. Raises FileError for a web page, a binary file, another encoding (with
    the row of the first wrong byte) and a quotation mark that is never closed.
    """
    content = content_of(file)
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        content = content.decode("utf-16").encode("utf-8")
    content = content.removeprefix(codecs.BOM_UTF8)
    if content[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise FileError(
            f"{file.name}: a web page, not a table. Look at it in a browser, then download the data."
        )
    if b"\0" in content:
        raise FileError(f"{file.name}: a binary file, not text. {AS_UTF8}")
    row = _row_of_wrong_byte(content)
    if row:
        raise FileError(f"{file.name}, row {row}: the text is not in UTF-8. {AS_UTF8}")
    if content.count(b'"') % 2:
        raise FileError(
            f"{file.name}: a quotation mark is opened and never closed; the file may be cut off. "
            "Download or export it again."
        )
    return content


def _row_of_wrong_byte(content: bytes) -> int:
    """Return the row of the first byte that is not UTF-8, or 0; in pieces, so that no copy is made."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    piece = MEBIBYTE
    view = memoryview(content)
    for start in range(0, len(content), piece):
        try:
            decoder.decode(view[start : start + piece], final=start + piece >= len(content))
        except UnicodeDecodeError as error:
            return content.count(b"\n", 0, start + max(error.start, 0)) + 1
    return 0


def text_grids(file: Path) -> list[Grid]:
    """Return the table of a delimited text file; the separator is the one that splits its first row most."""
    import pandas as pd

    whole = text_of(file)
    content = whole.lstrip(b"\r\n")
    before = whole.count(b"\n", 0, len(whole) - len(content))
    start = content[:MEBIBYTE].decode("utf-8", "ignore").splitlines()
    separator = max(SEPARATORS, key=lambda mark: len(_first_row(start, mark)))
    header = _first_row(start, separator)
    _refuse_width(file, header)
    ragged: list[tuple[int, int]] = []
    table = _arrow_table(content, separator, len(header), ragged)
    left_out = {row for row, _ in ragged}
    rows = [row for row in range(1, len(table) + len(left_out) + 1) if row not in left_out]
    cells = table.to_pandas(types_mapper=lambda kind: pd.StringDtype("pyarrow"), self_destruct=True)
    cells.index = pd.Index(rows) + before
    _refuse_swallowed(file, cells, separator)
    grid = _grid(file, cells, [(row + before, count) for row, count in ragged if count])
    return [replace(grid, unfinished=not content.endswith((b"\n", b"\r")))]


def _first_row(lines: Sequence[str], separator: str) -> list[str]:
    return next(csv.reader(lines, delimiter=separator), [])


def _arrow_table(content: bytes, separator: str, width: int, ragged: list[tuple[int, int]]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv as reader

    def keep(row: Any) -> str:
        ragged.append((row.number, row.actual_columns if row.text.strip() else 0))
        return "skip"

    return reader.read_csv(
        pa.BufferReader(content),
        # One thread, so that rows are numbered.
        reader.ReadOptions(use_threads=False, autogenerate_column_names=True, block_size=8 * MEBIBYTE),
        reader.ParseOptions(
            delimiter=separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        reader.ConvertOptions(
            strings_can_be_null=False, column_types={f"f{i}": pa.large_string() for i in range(width)}
        ),
    )


def _refuse_swallowed(file: Path, cells: pd.DataFrame, separator: str) -> None:
    """Raise FileError where a cell holds whole rows: two stray quotation marks hide what is between them."""
    for name in cells.columns:
        broken = cells[name][cells[name].str.contains("\n", regex=False)]
        hides = broken.str.split("\n").map(lambda lines: lines[1].count(separator)) >= len(cells.columns) - 1
        if len(cells.columns) > 1 and hides.any():
            row = hides.index[hides][0]
            raise FileError(
                f"{file.name}, row {row}: a cell holds whole rows. "
                "A quotation mark is missing or too many there: correct the row."
            )


def _refuse_width(file: Path, header: Sequence[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise FileError(
            f"{file.name}: {len(header):,} columns, more than {MOST_COLUMNS:,}. Cut it to the table."
        )


def _grid(
    file: Path, cells: pd.DataFrame, ragged: Sequence[tuple[int, int]] = (), sheet: str | None = None
) -> Grid:
    """Return cells whose first row names the columns as a grid: stripped, blank rows and columns left out."""
    cells = cells.apply(lambda column: column.str.strip())
    names = cells.iloc[0].tolist()
    body = cells.iloc[1:]
    if len(body) > MOST_ROWS:
        raise FileError(f"{file.name}: more than {MOST_ROWS:,} rows. Cut it to the rows of the table.")
    named = [place for place, name in enumerate(names) if name or (body.iloc[:, place] != "").any()]
    body = body.iloc[:, named]
    body.columns = [names[place] for place in named]
    filled = (body != "").any(axis=1)
    return Grid(file.name, body[filled], tuple(ragged), sheet)


def parquet_grids(file: Path) -> list[Grid]:
    """Return the table of a Parquet file; dates as ISO text, missing values empty.

    Raises FileError where it would be too large in memory or holds lists or records.
    """
    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(file) as opened:
        meta, schema = opened.metadata, opened.schema_arrow
        unpacked = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
        if meta.num_rows > MOST_ROWS or unpacked > LARGEST:
            raise FileError(
                f"{file.name}: {meta.num_rows:,} rows, {unpacked // MEBIBYTE} MiB; at most "
                f"{MOST_ROWS:,} rows and {LARGEST // MEBIBYTE} MiB. Cut it to the table."
            )
        _refuse_width(file, schema.names)
        nested = [field.name for field in schema if pa.types.is_nested(field.type)]
        if nested:
            raise FileError(
                f"{file.name}, column {quoted(nested[0])}: holds lists or records. Write single values."
            )
    # Repeated texts stay stored once: a small file of few long texts must not swell before it is measured.
    texts = [field.name for field in schema if _is_text(field.type)]
    table = parquet.read_table(file, read_dictionary=texts)
    table.validate(full=True)  # else a text that is no UTF-8 fails only where it is first looked at
    columns = {field.name: _arrow_text(file, table.column(field.name), field.name) for field in table.schema}
    cells = pd.DataFrame(columns, index=pd.RangeIndex(2, 2 + table.num_rows))
    head = pd.DataFrame([list(columns)], columns=list(columns), index=[1])
    return [_grid(file, pd.concat([head, cells]))]


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types

    tests = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(test(kind) for test in tests)


def _arrow_text(file: Path, column: pa.ChunkedArray, name: str) -> pd.Series:
    import pandas as pd
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_dictionary(column.type):
        longest = max(
            (compute.max(compute.binary_length(chunk.dictionary)).as_py() or 0 for chunk in column.chunks),
            default=0,
        )
        if longest > LONGEST_CELL:
            raise FileError(
                f"{file.name}, column {quoted(name)}: a cell of more than {LONGEST_CELL:,} characters."
            )
        column = column.cast(column.type.value_type)
    text: pd.Series = (
        column.cast(pa.large_string())
        .to_pandas(types_mapper=lambda kind: pd.StringDtype("pyarrow"))
        .fillna("")
    )
    if pa.types.is_temporal(column.type):
        text = text.str.replace(r"[ T]00:00:00(\.0+)?Z?$", "", regex=True)
    numbered: pd.Series = text.set_axis(pd.RangeIndex(2, 2 + len(text)))
    return numbered


def workbook_grids(file: Path) -> list[Grid]:
    """Return the tables of a workbook, one a filled sheet; the first filled row names the columns."""
    import pandas as pd

    found = []
    for sheet in sheet_names(file):
        rows = {number: row for number, row in enumerate(workbook_rows(file, sheet), 1) if any(row)}
        if not rows:
            continue
        width = max(len(row) for row in rows.values())
        padded = [[*row, *[""] * (width - len(row))] for row in rows.values()]
        found.append(_grid(file, pd.DataFrame(padded, index=list(rows), dtype="str"), sheet=sheet))
    return found


def sheet_names(file: Path) -> list[str]:
    """Return the names of a workbook's sheets (.xls or .xlsx). Raises FileError for a damaged workbook."""
    with parsing(file):
        if file.suffix.lower() == ".xls":
            return [str(name) for name in _old_book(file).sheet_names()]
        with _book(file) as book:
            return [str(sheet.title) for sheet in book.worksheets]


def workbook_rows(file: Path, sheet: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet as text, empty ends cut off: whole numbers without ".0", dates as ISO.

    Raises FileError for a damaged workbook, a sheet that is too large, a formula without a stored value.
    """
    with parsing(file):
        if file.suffix.lower() == ".xls":
            page = _old_book(file).sheet_by_name(sheet)
            rows: Iterator[Sequence[Any]] = (page.row_values(row) for row in range(page.nrows))
        else:
            rows = _new_rows(file, sheet)
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS or (len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:])):
                raise FileError(f'{file.name}, sheet "{sheet}": too large. Cut it to the table.')
            texts = [cell_text(value) for value in row[:MOST_COLUMNS]]
            while texts and not texts[-1]:
                texts.pop()
            yield texts


def _new_rows(file: Path, sheet: str) -> Iterator[list[Any]]:
    with _book(file, data_only=True) as values, _book(file) as formulas:
        pages = [book[sheet] for book in (values, formulas)]
        for page in pages:
            page.reset_dimensions()  # a workbook may claim any size; only the cells that are there count
        pairs = zip(*(page.iter_rows() for page in pages), strict=True)
        for number, (row, written) in enumerate(pairs, 1):
            for value, formula in zip(row, written, strict=True):
                if formula.data_type == "f" and value.value is None:
                    raise FileError(
                        f'{file.name}, sheet "{sheet}", row {number}: a formula without a stored value. '
                        "Open the workbook in a spreadsheet program, save it, and try again."
                    )
            yield [cell.value for cell in row]


@contextmanager
def _book(file: Path, data_only: bool = False) -> Iterator[Any]:
    import openpyxl  # type: ignore[import-untyped]

    if not openpyxl.DEFUSEDXML:
        raise FileError(f"{file.name}: install defusedxml first; without it a workbook may harm the reader.")
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > LARGEST_WORKBOOK:
        raise FileError(
            f"{file.name}: {unpacked // MEBIBYTE:,} MiB when unpacked, more than "
            f"{LARGEST_WORKBOOK // MEBIBYTE}. Cut it to the sheet of the table, or save that as CSV."
        )
    # openpyxl itself would leave the file of a damaged workbook open.
    with file.open("rb") as handle:
        book = openpyxl.load_workbook(handle, read_only=True, data_only=data_only, keep_links=False)
        with closing(book):
            yield book


def _old_book(file: Path) -> Any:
    import xlrd  # type: ignore[import-untyped]

    content_of(file, LARGEST_WORKBOOK)
    return xlrd.open_workbook(file, on_demand=True, logfile=io.StringIO())


def cell_text(value: Any) -> str:
    """Return a workbook's cell as text: nothing as "", 3.0 as "3", a date as ISO, truth as true or false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value).strip()
