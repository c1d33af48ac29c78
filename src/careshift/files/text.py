"""Delimited text: its encoding, its separator, its rows."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careshift.files.grid import Grid, Sheet, headed, refuse_length, refuse_width
from careshift.files.limits import AGAIN, MEBIBYTE, FileError
from careshift.files.opening import content_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
AS_UTF8 = "Save it as CSV in UTF-8 (in Excel: Save as, CSV UTF-8)."
LOOKED_AT = 200  # rows that tell the separator and the number of columns
WINDOWS = "cp1252"


def text_of(file: Path) -> bytes:
    """Return a text file's content as UTF-8 without byte-order mark.

    UTF-16 is recognised by its mark. Raises FileError for a web page, a binary file, another encoding (with
    the row of the first wrong byte) and a quotation mark that is never closed.
    """
    content, encoding = decoded(file)
    if encoding == WINDOWS:
        row = _row_of_wrong_byte(content_of(file))
        raise FileError(f"{file.name}, row {row}: the text is not in UTF-8. {AS_UTF8}")
    return content


def decoded(file: Path) -> tuple[bytes, str]:
    """Return a text file's content as UTF-8 without byte-order mark, and the encoding that it had.

    What is not UTF-8 or UTF-16 is taken for Windows-1252, which Excel writes in western Europe, where every
    byte is a character of it. Raises FileError for a web page, a binary file and an open quotation mark.
    """
    content, encoding = _as_utf8(file, content_of(file))
    if content[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise FileError(
            f"{file.name}: a web page, not a table. Look at it in a browser, then download the data."
        )
    if content.count(b'"') % 2:
        raise FileError(
            f"{file.name}: a quotation mark is opened and never closed; the file may be cut off. {AGAIN}"
        )
    return content, encoding


def _as_utf8(file: Path, content: bytes) -> tuple[bytes, str]:
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return content.decode("utf-16").encode("utf-8"), "UTF-16"
    # Latin letters in UTF-16 have a zero in every second byte; no other text has any.
    sample = content[:2000]
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sample[start::2].count(0)
        if zeros and zeros >= 0.9 * len(sample[start::2]) and not sample[1 - start :: 2].count(0):
            return content.decode(name).encode("utf-8"), "UTF-16"
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content:
        raise FileError(f"{file.name}: a binary file, not text. {AS_UTF8}")
    row = _row_of_wrong_byte(content)
    if not row:
        return content, "UTF-8"
    try:
        return content.decode(WINDOWS).encode("utf-8"), WINDOWS
    except UnicodeDecodeError:
        raise FileError(f"{file.name}, row {row}: the text is not in UTF-8. {AS_UTF8}") from None


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
    content, before = _begun(text_of(file))
    start = _start(content)
    separator = max(SEPARATORS, key=lambda mark: len(_first_row(start, mark)))
    return [headed(_sheet(file, content, before, separator, len(_first_row(start, separator))))]


def text_sheets(file: Path) -> list[Sheet]:
    """Return all rows of a delimited text file in whatever encoding, with what was found out about it.

    The separator is the one that splits most rows into the same number of cells.
    """
    whole, encoding = decoded(file)
    content, before = _begun(whole)
    start = _start(content)
    widths = {mark: _width(start, mark) for mark in SEPARATORS}
    separator = max(widths, key=lambda mark: (widths[mark][0] - 1) * widths[mark][1])
    said = []
    if encoding == WINDOWS:
        said.append("the text is not in UTF-8; it was read as Windows-1252, as Excel writes it")
    elif encoding != "UTF-8":
        said.append(f"the text is in {encoding}")
    if separator != "," and widths[separator][0] > 1:
        said.append(f"cells are separated by {SEPARATORS[separator]}")
    return [_sheet(file, content, before, separator, widths[separator][0], tuple(said))]


def _begun(whole: bytes) -> tuple[bytes, int]:
    content = whole.lstrip(b"\r\n")
    return content, whole.count(b"\n", 0, len(whole) - len(content))


def _start(content: bytes) -> list[str]:
    return content[:MEBIBYTE].decode("utf-8", "ignore").splitlines()


def _first_row(lines: Sequence[str], separator: str) -> list[str]:
    return next(csv.reader(lines, delimiter=separator), [])


def _width(lines: Sequence[str], separator: str) -> tuple[int, int]:
    """Return the number of cells that most of the first rows have, and how many rows have it."""
    reader = csv.reader(lines, delimiter=separator)
    widths = Counter(len(row) for row, _ in zip(reader, range(LOOKED_AT), strict=False) if any(row))
    return max(widths.items(), key=lambda pair: ((pair[0] - 1) * pair[1], pair[0]), default=(1, 0))


def _sheet(
    file: Path, content: bytes, before: int, separator: str, width: int, said: tuple[str, ...] = ()
) -> Sheet:
    import pandas as pd

    refuse_width(file.name, range(width))  # type: ignore[arg-type]
    ragged: dict[int, Sequence[str]] = {}
    table = _arrow_table(content, separator, width, ragged)
    rows = [row for row in range(1, len(table) + len(ragged) + 1) if row not in ragged]
    refuse_length(file.name, len(rows) - 1)
    cells = table.to_pandas(types_mapper=lambda kind: pd.StringDtype("pyarrow"), self_destruct=True)
    cells.index = pd.Index(rows) + before
    cells.columns = pd.RangeIndex(cells.shape[1])
    _refuse_swallowed(file, cells, separator)
    cells = cells.apply(lambda column: column.str.strip())
    cut = not content.endswith((b"\n", b"\r"))
    moved = {row + before: found for row, found in ragged.items()}
    return Sheet(file.name, cells, moved, unfinished=cut, said=said)


def _arrow_table(content: bytes, separator: str, width: int, ragged: dict[int, Sequence[str]]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv as reader

    names = [f"f{place}" for place in range(width)]

    def keep(row: Any) -> str:
        # As many as there are: what pyarrow calls the text of a row may hold line breaks.
        found = next(csv.reader([row.text], delimiter=separator), [])
        ragged[row.number] = [cell.strip() for cell in found] if row.text.strip() else []
        return "skip"

    return reader.read_csv(
        pa.BufferReader(content),
        # One thread, so that rows are numbered.
        reader.ReadOptions(use_threads=False, column_names=names, block_size=8 * MEBIBYTE),
        reader.ParseOptions(
            delimiter=separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        reader.ConvertOptions(
            strings_can_be_null=False, column_types=dict.fromkeys(names, pa.large_string())
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
