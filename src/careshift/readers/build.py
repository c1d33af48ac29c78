"""Rebuild data/*.csv from raw files: python -m careshift.readers.build RAW_FOLDER [TABLE...].

Each table names its reader and its raw files in data/datapackage.json; a table typed by hand has none.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import json
import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from careshift import corrections, files, tables
from careshift.project import DATA, CareshiftError, replace_whole


def build(table: str, raw_folder: Path) -> pd.DataFrame:
    """Return the table made from the raw files that the data package names, found in the folder.

    Raises CareshiftError where one is missing, and as `build_from` does.
    """
    descriptor = tables.describe(table)
    found = [raw_folder / raw["file"] for raw in descriptor["raw"]]
    missing = [str(file) for file in found if not file.is_file()]
    if missing:
        raise CareshiftError(
            f"{table} needs {missing[0]}, which is not there. Its addresses: {_addresses(descriptor)}"
        )
    return build_from(table, found)


def build_from(table: str, raw: Sequence[Path]) -> pd.DataFrame:
    """Return the table read from these raw files, corrected, with the schema's columns, sorted by key.

    The files stand in the order of the data package; a newer release may have another name. Raises
    CareshiftError where there are too few or too many, a file is unlike the layout that the reader names, a
    correction no longer fits, the reader's columns are not the schema's, or two rows have the same key.
    """
    descriptor = tables.describe(table)
    wanted = [Path(raw["file"]).name for raw in descriptor["raw"]]
    if len(raw) != len(wanted) or not wanted:
        names = f" ({', '.join(wanted)})" if wanted else ""
        raise CareshiftError(f"{table} is made from {len(wanted)} raw files{names}, not {len(raw)}.")
    return in_order(corrections.correct(table, read_raw(reader_of(table), raw)), descriptor)


def read_raw(reader: Callable[..., pd.DataFrame], raw: Sequence[Path]) -> pd.DataFrame:
    """Return what a reader makes of raw files. Raises CareshiftError, whatever a damaged file makes fail."""
    with files.parsing(raw[0]):
        return reader(*raw)


def reader_of(table: str) -> Callable[..., pd.DataFrame]:
    """Return the reader function that the data package names for the table."""
    module, _, function = tables.describe(table)["reader"].rpartition(".")
    reader: Callable[..., pd.DataFrame] = getattr(importlib.import_module(module), function)
    return reader


def built_tables() -> list[str]:
    """Return the names of the tables that have raw files; the others are typed by hand."""
    return [name for name in tables.names() if tables.describe(name)["raw"]]


def in_order(frame: pd.DataFrame, descriptor: dict[str, Any]) -> pd.DataFrame:
    """Return the frame with the schema's columns in order and its rows sorted by the primary key."""
    schema = descriptor["schema"]
    columns = [field["name"] for field in schema["fields"]]
    if set(columns) != set(frame.columns):
        odd = ", ".join(sorted(set(columns) ^ set(frame.columns)))
        raise CareshiftError(f"{descriptor['name']}: the reader and the schema disagree on {odd}.")
    key = schema["primaryKey"]
    twice = frame.duplicated(key)
    if twice.any():
        row = frame.loc[twice, key].iloc[0].to_dict()
        raise CareshiftError(f"{descriptor['name']}: more than one row for {row}. Look at the raw file.")
    return frame.loc[:, columns].sort_values(key, kind="stable").reset_index(drop=True)


def as_csv(frame: pd.DataFrame) -> bytes:
    """Return the frame as CSV: UTF-8, LF, no index, whole numbers without decimals, missing cells empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*([_text(value) for value in frame[name]] for name in frame.columns), strict=True))
    return text.getvalue().encode("utf-8")


def rewrite(table: str, raw_folder: Path) -> str:
    """Rebuild one table and its raw checksums in place, once it is found right; return what changed."""
    if tables.describe(table).get("extended_by"):
        raise CareshiftError("extended by careshift import since; the raw files alone would undo that.")
    content = as_csv(build(table, raw_folder))
    file = DATA / tables.describe(table)["path"]
    before = file.read_bytes() if file.is_file() else b""
    refuse_if_wrong(table, content)
    replace_whole(file, content)
    _write_checksums(table, raw_folder)
    rows = content.count(b"\n") - 1
    if content == before:
        return f"{table}: unchanged ({rows:,} rows)"
    old, lines = set(before.splitlines()), set(content.splitlines())
    changed = f"{len(lines - old):,} lines new, {len(old - lines):,} gone"
    return f"{table}: {rows:,} rows, {len(content):,} bytes; {changed}"


def refuse_if_wrong(table: str, content: bytes) -> None:
    """Raise TableError with the first errors where content is not right for the table."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder, tables.describe(table)["path"])
        new.write_bytes(content)
        tables.refuse_if_wrong(table, new)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild the tables named, or all; print what changed; return 1 where one could not be built."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("raw_folder", type=Path, help="folder with the publishers' raw files")
    parser.add_argument(
        "tables", nargs="*", metavar="TABLE", help="tables to rebuild (default: all that have raw files)"
    )
    chosen = parser.parse_args(arguments)
    failed = 0
    for table in chosen.tables or built_tables():
        try:
            print(rewrite(table, chosen.raw_folder), flush=True)
        except CareshiftError as error:
            failed = 1
            print(f"{table}: {error}", file=sys.stderr, flush=True)
    return failed


def _write_checksums(table: str, raw_folder: Path) -> None:
    package = json.loads(tables.PACKAGE.read_text(encoding="utf-8"))
    resource = next(entry for entry in package["resources"] if entry["name"] == table)
    for raw in resource["raw"]:
        raw["sha256"] = tables.sha256(raw_folder / raw["file"])
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    replace_whole(tables.PACKAGE, text.encode("utf-8"))
    tables.package.cache_clear()


def _addresses(descriptor: dict[str, Any]) -> str:
    return ", ".join(source["path"] for source in descriptor["sources"])


def _text(value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(float(value))
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
