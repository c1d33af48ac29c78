"""A sheet of a file as it stands, and the table that is in it: all cells as stripped text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from careshift.files import limits
from careshift.files.limits import FileError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Grid:
    """One table of a file, all cells as stripped text.

    `cells` has the file's column names; its index is the row number in the file, the first row being 1.
    `ragged` holds (row, cells found) for rows with too many or too few cells, which `cells` leaves out;
    `unfinished` says that a text file's last row has no line end; `width` is the number of its cells, where
    columns were added since.
    """

    file: str
    cells: pd.DataFrame
    ragged: tuple[tuple[int, int], ...] = ()
    sheet: str | None = None
    unfinished: bool = False
    width: int | None = None

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns, as the file has them."""
        return [str(name) for name in self.cells.columns]


@dataclass(frozen=True)
class Sheet:
    """All rows of a text file or of one sheet, nothing taken for a header yet.

    `cells` has columns 0, 1, ... and the row number in the file as index; `ragged` gives the cells of rows
    that have another number of them, by row; `said` tells how the file was read where that is not plain.
    """

    file: str
    cells: pd.DataFrame
    ragged: Mapping[int, Sequence[str]] = field(default_factory=dict)
    name: str | None = None
    unfinished: bool = False
    said: tuple[str, ...] = ()


def refuse_width(file: str, header: Sequence[str]) -> None:
    """Raise FileError where a table has more columns than any of ours could need."""
    if len(header) > limits.MOST_COLUMNS:
        raise FileError(
            f"{file}: {len(header):,} columns, more than {limits.MOST_COLUMNS:,}. Cut it to the table."
        )


def headed(sheet: Sheet) -> Grid:
    """Return a sheet as a table whose first row names the columns: blank rows and columns left out."""
    cells = sheet.cells
    names = cells.iloc[0].tolist()
    body = cells.iloc[1:]
    named = [place for place, name in enumerate(names) if name or (body.iloc[:, place] != "").any()]
    body = body.iloc[:, named]
    body.columns = [names[place] for place in named]
    filled = (body != "").any(axis=1)
    ragged = tuple((row, len(found)) for row, found in sheet.ragged.items() if any(found))
    return Grid(sheet.file, body[filled], ragged, sheet.name, sheet.unfinished)


def refuse_length(file: str, rows: int) -> None:
    """Raise FileError where a table has more rows than can be checked."""
    if rows > limits.MOST_ROWS:
        raise FileError(f"{file}: more than {limits.MOST_ROWS:,} rows. Cut it to the rows of the table.")
