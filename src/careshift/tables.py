"""Tidy tables in: named in data/datapackage.json, typed from their schema, checked before use."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from careshift import checking, files
from careshift.checking import Problem
from careshift.files import Grid
from careshift.project import DATA, ROOT, CareshiftError, not_there, quoted

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = DATA / "datapackage.json"
DTYPES = {"integer": "Int64", "year": "Int64", "number": "float64", "string": "str", "boolean": "boolean"}


class TableError(CareshiftError):
    """A table that is missing, unknown or breaks its schema; the text names file, row, field and remedy."""


@cache
def package() -> dict[str, Any]:
    """Return the data package descriptor (data/datapackage.json) as a dictionary."""
    descriptor: dict[str, Any] = json.loads(PACKAGE.read_text(encoding="utf-8"))
    return descriptor


def names() -> list[str]:
    """Return the names of all tables, in the order of the data package."""
    return [resource["name"] for resource in package()["resources"]]


def describe(name: str) -> dict[str, Any]:
    """Return the descriptor of one table: schema, publisher, licence, vintage, raw files, caveats.

    Raises TableError where the data package has no table of that name.
    """
    for resource in package()["resources"]:
        if resource["name"] == name:
            return dict(resource)
    near = difflib.get_close_matches(name, names())
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Tables: {', '.join(names())}."
    raise TableError(f"There is no table {quoted(name)}. {hint}")


def is_print(name: str) -> bool:
    """Return whether a table holds what the documents themselves print: such a table tests no claim."""
    return bool(describe(name).get("prints_of"))


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the project's own table as its rows of text, an empty text where a cell is empty."""
    with locate(name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def packaged(name: str) -> str:
    """Return how a parameter names the project's own file of a table, e.g. "data/population.csv"."""
    return f"data/{describe(name)['path']}"


def locate(name: str, path: str | Path | None = None) -> Path:
    """Return where the table's file is: the project's own, or the one the user gave.

    `path` equal to the project's path ("data/NAME.csv") means the project's file wherever the caller stands;
    any other path is taken from the caller's working directory. Raises TableError where no file is there.
    """
    ours = packaged(name)
    given = ours if path is None else str(path)
    file = ROOT / ours if given == ours else Path(given).expanduser().absolute()
    if not file.is_file():
        raise TableError(
            f"{not_there(Path(given))}. Give {name} as {ours} or as the path of a CSV, Excel or Parquet file."
        )
    return file


def read(name: str, path: str | Path | None = None) -> pd.DataFrame:
    """Return the table as a DataFrame with the types of its schema; integers may be missing (Int64).

    The project's own tables were checked by the build; any other file (CSV, Excel, Parquet) is checked here,
    and refused with its first errors. Raises TableError or FileError.
    """
    file = locate(name, path)
    if file == locate(name):
        return typed(name, file)
    return typed(name, io.BytesIO(csv_of(name, file)))


def csv_of(name: str, file: Path) -> bytes:
    """Return a user's file of any kind as the table's CSV, refused with its first errors if wrong."""
    grid = grid_of(name, file)
    _refuse(name, problems(name, grid))
    return as_csv(name, grid)


def typed(name: str, content: Path | IO[bytes]) -> pd.DataFrame:
    """Return right CSV content of a table as a DataFrame with the types of its schema."""
    import pandas as pd

    fields = describe(name)["schema"]["fields"]
    frame = pd.read_csv(
        content,
        dtype={f["name"]: DTYPES[f["type"]] for f in fields if f["type"] in DTYPES},
        parse_dates=[f["name"] for f in fields if f["type"] == "date"],
        keep_default_na=False,
        na_values=[""],
    )
    whole = [f["name"] for f in fields if f["type"] in {"integer", "year"} and frame[f["name"]].notna().all()]
    return frame.astype(dict.fromkeys(whole, "int64"))


def grid_of(name: str, file: Path, sheet: str | None = None) -> Grid:
    """Return the cells of a file of any kind that a table is to be read from.

    Of a workbook it is the sheet that is named, else the one that has most of the table's columns. Raises
    FileError, and TableError for a sheet that is not there.
    """
    columns = [field["name"] for field in describe(name)["schema"]["fields"]]
    found = files.grids(file)
    if sheet is not None:
        found = [grid for grid in found if grid.sheet == sheet]
    if not found:
        held = ", ".join(quoted(grid.sheet) for grid in files.grids(file) if grid.sheet is not None)
        remedy = f"Sheets: {held}." if held else "It is no workbook: leave the sheet out."
        raise TableError(f"{file.name}: no filled sheet {quoted(sheet)}. {remedy}")
    return whole_numbers(name, max(found, key=lambda one: len(set(one.columns) & set(columns))))


def whole_numbers(name: str, grid: Grid) -> Grid:
    """Return the grid with whole numbers as such: programs write 31890.0 beside missing cells."""
    for field in describe(name)["schema"]["fields"]:
        if field["type"] in {"integer", "year"} and grid.columns.count(field["name"]) == 1:
            cells = grid.cells[field["name"]]
            grid.cells[field["name"]] = cells.str.replace(r"^([+-]?[0-9]+)\.0+$", r"\1", regex=True)
    return grid


def problems(name: str, grid: Grid, own: bool = True) -> list[Problem]:
    """Return all errors of a grid against the table's schema; `own` allows the codes of other countries."""
    return checking.errors(grid, describe(name)["schema"], _known(name, own), own)


def as_csv(name: str, grid: Grid) -> bytes:
    """Return a grid without errors as the table's CSV: its columns in order, UTF-8, LF."""
    columns = [field["name"] for field in describe(name)["schema"]["fields"]]
    content = grid.cells.reindex(columns=columns, fill_value="").to_csv(index=False, lineterminator="\n")
    return str(content).encode("utf-8")


def refuse_if_wrong(name: str, file: Path) -> None:
    """Raise TableError with the first errors if the project's file breaks the table's schema."""
    _refuse(name, errors_of(name, file))


def errors_of(name: str, file: Path | None = None) -> list[Problem]:
    """Return the errors of a file of the project, by the strict rules: no codes of other countries."""
    return problems(name, grid_of(name, file or locate(name)), own=False)


def _refuse(name: str, found: list[Problem], limit: int = 5) -> None:
    if found:
        lines = [str(problem) for problem in found[:limit]]
        more = f"... and {len(found) - limit:,} more. " if len(found) > limit else ""
        every = f"Every error: careshift check {found[0].file} --table {name}"
        raise TableError("\n".join([*lines, f"{more}{every}. Another file: --data {name}=FILE."]))


def _known(name: str, own: bool) -> Mapping[str, Collection[str]]:
    """Return for each field with a foreign key the values it may have; one's own file any place of today."""
    known: dict[str, set[str]] = {}
    for key in describe(name)["schema"].get("foreignKeys", []):
        (field,), (column,) = key["fields"], key["reference"]["fields"]
        other = typed(key["reference"]["resource"], locate(key["reference"]["resource"]))
        known[field] = set(other[column])
        if own and key["reference"]["resource"] == "areas":
            known[field] |= {row["code"] for row in rows("places") if row["code"] == row["current"]}
    return known


def sha256(file: Path) -> str:
    """Return the file's SHA-256 checksum in hexadecimal."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
