"""Data frames saved by R (.rds, .RData, .rda), read without R: serialised in XDR, versions 2 and 3.

The form is described in "R Internals", section 1.8. Only what a data frame of numbers, text, factors
and logical values needs is read; dates stay numbers, and anything else is refused.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from careshift.files.limits import LARGEST
from careshift.project import CareshiftError, not_there
from careshift.readers.raw_files import LayoutError

SYMBOL, PAIRS, STRING, LOGICAL, INTEGER, REAL, STRINGS, VECTOR = 1, 2, 9, 10, 13, 14, 16, 19
REFERENCE, NIL = 255, 254
MISSING_INTEGER = -(2**31)
KINDS = (".rds", ".rda", ".rdata")
OPENERS: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZ": bz2.open,
    b"\xfd7": lzma.open,
}


def r_frames(file: Path) -> dict[str, pd.DataFrame]:
    """Return the data frames of the file by name; the only frame of an .rds file is named "".

    Text and factors become text with missing cells as None; whole numbers Int64; decimals float64. Raises
    LayoutError for another kind of file, CareshiftError where it is missing, is not an XDR file, or holds
    what this reader does not know.
    """
    if not file.is_file():
        raise CareshiftError(f"{not_there(file)}. Download it again, or correct the folder.")
    if file.suffix.lower() not in KINDS:
        raise LayoutError(f"{file.name}: not a data frame saved by R ({', '.join(KINDS)}).")
    try:
        content = _content(file)
        named = content[:4] in {b"RDX2", b"RDX3"}
        value = _Stream(content, 5 if named else 0).document()
    except (struct.error, ValueError, KeyError, EOFError, OSError, lzma.LZMAError) as error:
        raise CareshiftError(
            f"{file.name}: not a data frame that this reader knows ({error}). Save it again as CSV."
        ) from error
    return {name: _frame(entry) for name, entry in (value if named else [("", value)])}


def _content(file: Path) -> bytes:
    """Return the bytes of a file, unpacked where it is packed. Raises CareshiftError over the limit."""
    with file.open("rb") as opened:
        kind = opened.read(2)
    with OPENERS.get(kind, open)(file, "rb") as packed:
        content: bytes = packed.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise CareshiftError(
            f"{file.name}: more than {LARGEST // 2**20} MiB. Cut it to the columns of the table."
        )
    return content


class _Object:
    """A vector of R with its attributes."""

    def __init__(self, items: Any, attributes: dict[str, Any]) -> None:
        self.items = items
        self.attributes = attributes


class _Stream:
    """The bytes of one serialised value, read from front to back."""

    def __init__(self, content: bytes, position: int) -> None:
        self.content = content
        self.position = position
        self.symbols: list[str] = []

    def document(self) -> Any:
        """Return the value of the whole document."""
        if self.take(2) != b"X\n":
            raise ValueError("it is not in XDR form")
        version, _, _ = self.integer(), self.integer(), self.integer()
        if version == 3:
            self.take(self.integer())  # the name of the native encoding
        return self.item()

    def take(self, length: int) -> bytes:
        """Return the next bytes."""
        self.position += length
        return self.content[self.position - length : self.position]

    def integer(self) -> int:
        """Return the next whole number of four bytes."""
        return int(struct.unpack(">i", self.take(4))[0])

    def array(self, kind: str, length: int) -> np.ndarray[Any, Any]:
        """Return the next numbers as an array."""
        kind_of = np.dtype(kind)
        return np.frombuffer(self.take(length * kind_of.itemsize), dtype=kind_of)

    def item(self) -> Any:
        """Return the next value: text, an _Object, a list of (name, value) pairs, or None."""
        flags = self.integer()
        kind, has_attributes, has_tag = flags & 0xFF, bool(flags & 0x200), bool(flags & 0x400)
        if kind == NIL:
            return None
        if kind == REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == STRING:
            length = self.integer()
            return None if length == -1 else _text(self.take(length))
        if kind == PAIRS:
            return self.pairs(has_attributes, has_tag)
        return self.vector(kind, has_attributes)

    def pairs(self, has_attributes: bool, has_tag: bool) -> list[tuple[str, Any]]:
        """Return a pair list whose first cell's flags are read."""
        found = []
        while True:
            if has_attributes:
                self.item()
            name = self.item() if has_tag else ""
            found.append((name, self.item()))
            flags = self.integer()
            if flags & 0xFF == NIL:
                return found
            has_attributes, has_tag = bool(flags & 0x200), bool(flags & 0x400)

    def vector(self, kind: int, has_attributes: bool) -> _Object:
        """Return a vector of a kind that data frames hold."""
        if kind not in {LOGICAL, INTEGER, REAL, STRINGS, VECTOR}:
            raise ValueError(f"it holds values of R's type {kind}")
        length = self.integer()
        items: Any
        if kind == REAL:
            items = self.array(">f8", length)
        elif kind in {LOGICAL, INTEGER}:
            items = self.array(">i4", length)
        else:
            items = [self.item() for _ in range(length)]
        return _Object(items, dict(self.item()) if has_attributes else {})


def _frame(entry: _Object) -> pd.DataFrame:
    names = entry.attributes["names"].items
    return pd.DataFrame({name: _column(column) for name, column in zip(names, entry.items, strict=True)})


def _column(column: _Object) -> Any:
    if "levels" in column.attributes:
        levels = column.attributes["levels"].items
        return [None if code == MISSING_INTEGER else levels[code - 1] for code in column.items]
    if isinstance(column.items, list):
        return column.items
    if column.items.dtype.kind == "f":
        return column.items.astype("float64")
    whole = pd.Series(column.items.astype("int64"), dtype="Int64")
    return whole.mask(whole == MISSING_INTEGER)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")
