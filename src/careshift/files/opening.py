"""Open a file that somebody brings: its kind by its name, its size bounded, an error where it is damaged."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from careshift.files import limits
from careshift.files.limits import AGAIN, MEBIBYTE, FileError
from careshift.project import CareshiftError, not_there, quoted

KINDS = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".gz": "text",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
    ".parquet": "parquet",
}
ARCHIVES = {".zip", ".7z", ".tar", ".tgz", ".rar"}
FORBIDDEN = "you may not read it. Change its permissions, or ask its owner."


def kind_of(file: Path) -> str:
    """Return text, workbook or parquet. Raises FileError where no file is there, or of another kind."""
    if not file.is_file():
        raise FileError(f"{not_there(file)}.")
    if file.suffix.lower() in ARCHIVES:
        raise FileError(f"{file.name}: an archive. Unpack it and give the file that is in it.")
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise FileError(
            f"{file.name}: unknown kind of file. "
            "Bring CSV (.csv, .tsv, .txt, .gz), a workbook (.xlsx, .xls, .ods) or Parquet."
        )
    return kind


@contextmanager
def parsing(file: Path) -> Iterator[None]:
    """Turn whatever a parser raises on a damaged file into a FileError that names the file."""
    try:
        yield
    except CareshiftError:
        raise
    except PermissionError:
        raise FileError(f"{file.name}: {FORBIDDEN}") from None
    except BaseException as error:
        # A parser that is written in Rust raises no Exception where it gives up.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        why = quoted(f"{type(error).__name__}: {error}", 200)
        raise FileError(
            f"{file.name}: damaged or not the kind of file that its name says ({why}). {AGAIN}"
        ) from None


def content_of(file: Path, largest: int | None = None) -> bytes:
    """Return the bytes of a file, a .gz file unpacked; FileError where there are none, or over `largest`."""
    largest = limits.LARGEST if largest is None else largest
    try:
        with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as handle:
            content = handle.read(largest + 1)
    except PermissionError:
        raise FileError(f"{file.name}: {FORBIDDEN}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(f"{file.name}: cannot be read ({error}). {AGAIN}") from None
    if len(content) > largest:
        raise FileError(
            f"{file.name}: more than {largest // MEBIBYTE} MiB. Cut it to the rows and columns of the table."
        )
    if not content.strip():
        raise FileError(f"{file.name}: the file is empty. {AGAIN}")
    return content
