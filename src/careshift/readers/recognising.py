"""Which table a file is for, by the publishers' layouts and by the tables' own columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from careshift import files, tables
from careshift.project import CareshiftError, not_there
from careshift.readers import importing, raw_files
from careshift.readers.raw_files import LayoutError, NothingReadError

NAME_IT = "Say which table it is for: --table TABLE."


class SeveralFitError(CareshiftError):
    """A file that several tables take, so that the one that is meant has to be said."""


def table_of_raw(raw: Sequence[Path]) -> str:
    """Return the one table that publishers' raw files are for, by the layout that they have.

    Raises CareshiftError where a file is missing, no layout fits, or several do.
    """
    fits, refused = by_layout(raw)
    return _the_one(raw, fits, refused)


def table_of(file: Path, sheet: str | None = None) -> str:
    """Return the one table that somebody's file is for: by all of its columns, else by a publisher's layout.

    Raises CareshiftError where none or several fit, and where the file cannot be opened.
    """
    if not file.is_file():
        raise CareshiftError(f"{not_there(file)}.")
    fits = by_columns(file, sheet) if file.suffix.lower() in files.KINDS else []
    if fits:
        return _the_one([file], fits, [])
    fits, refused = by_layout([file])
    return _the_one([file], fits, refused)


def known(table: str | None = None) -> list[str]:
    """Return for one table or all what its raw files look like, a line a layout. Raises CareshiftError."""
    names = [table] if table else [name for name in tables.names() if tables.describe(name)["raw"]]
    return [f"{name} ({layout.name}): {layout.says}" for name in names for layout in importing.layouts(name)]


def by_columns(file: Path, sheet: str | None = None) -> list[str]:
    """Return the tables of which a file has every required column, those with most columns only."""
    held = [set(grid.columns) for grid in files.grids(file) if sheet in (None, grid.sheet)]
    sizes = {}
    for name in tables.names():
        fields = tables.describe(name)["schema"]["fields"]
        wanted = {f["name"] for f in fields if f.get("constraints", {}).get("required")}
        if wanted and any(wanted <= columns for columns in held):
            sizes[name] = len(wanted)
    return [name for name, size in sizes.items() if size == max(sizes.values())]


def by_layout(raw: Sequence[Path]) -> tuple[list[str], list[str]]:
    """Return the tables whose readers read the files, and what the readers say that know the layout only."""
    for file in raw:
        _open(file)
    fits, refused = [], []
    for name in (name for name in tables.names() if tables.describe(name)["raw"]):
        try:
            importing.read_raw(name, raw)
        except LayoutError:
            continue
        except NothingReadError:
            refused.append(f"{name}: the columns fit, and no row is for it.")
        except CareshiftError as error:
            refused.append(f"{name}: {error}")
        else:
            fits.append(name)
    return fits, list(dict.fromkeys(refused))


def _open(file: Path) -> None:
    """Raise CareshiftError where a file is missing or cannot be opened, before every reader says so."""
    if not file.is_file():
        raise CareshiftError(f"{not_there(file)}.")
    kind = file.suffix.lower()
    if kind in raw_files.TEXTS:
        raw_files.column_names(file)
    elif kind in files.KINDS and kind != ".parquet":
        raw_files.sheet_names(file)


def _the_one(raw: Sequence[Path], fits: Sequence[str], refused: Iterable[str]) -> str:
    names = ", ".join(file.name for file in raw)
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise SeveralFitError(f"{names}: it fits {' and '.join(fits)}. {NAME_IT}")
    lines = "\n".join(f"- {text}" for text in refused)
    if lines:
        raise CareshiftError(f"{names}: no table takes it as it is. {NAME_IT}\n{lines}")
    raise CareshiftError(f"{names}: no publisher's layout that is known, nor a table's columns. {NAME_IT}")
