"""What was read as something else than is written, told in one line a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from careshift.checking import Problem
from careshift.files import Grid
from careshift.project import quoted

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 4  # examples of a column


@dataclass
class Reading:
    """A table while it is read: its grid, what is said of it, what is wrong, and why cells are missing.

    `reasons` holds for each measure the reason of each cell that has no number, by row.
    """

    grid: Grid
    said: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reasons: dict[str, pd.Series] = field(default_factory=dict)

    def column(self, name: str) -> pd.Series:
        """Return the cells of a column that stands once."""
        cells: pd.Series = self.grid.cells[name]
        return cells

    def replace(self, name: str, cells: pd.Series) -> None:
        """Put cells in the place of a column."""
        from dataclasses import replace

        self.grid = replace(self.grid, cells=self.grid.cells.assign(**{name: cells}))

    def keep(self, rows: pd.Series) -> None:
        """Leave out the rows that are false."""
        from dataclasses import replace

        self.grid = replace(self.grid, cells=self.grid.cells[rows.to_numpy()])

    def wrong(
        self, message: str, remedy: str, field: str, cells: pd.Series, value: str | None = None
    ) -> None:
        """Note one problem of a column, at the first of the cells concerned."""
        row = int(cells.index[0]) if len(cells) else None
        self.problems.append(Problem(self.grid.file, message, remedy, row, field, value))


def counted(count: int, what: str) -> str:
    """Return a count with its noun: "1 row", "1,234 rows"."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def translated(
    cells: pd.Series, odd: pd.Series, reads: Callable[[str], str | None]
) -> tuple[pd.Series, dict[str, str]]:
    """Return the cells with those that are odd as they are read, and what was read as what.

    A cell that cannot be read stays as it is; each text is read once.
    """
    known = {text: reads(text) for text in cells[odd].unique()}
    changed = {text: new for text, new in known.items() if new is not None and new != text}
    if not changed:
        return cells, {}
    return cells.where(~cells.isin(list(changed)), cells.map(changed.get)).astype("str"), changed


def line(name: str, changed: Mapping[str, str], shown: Callable[[str], str] = str) -> str:
    """Return what was read as what, a few examples first: `sex: "Females" is female, "Males" is male`."""
    pairs = list(changed.items())
    parts = [f"{quoted(old, 40)} is {shown(new) or 'missing'}" for old, new in pairs[:SHOWN]]
    more = f", and {len(pairs) - SHOWN:,} more" if len(pairs) > SHOWN else ""
    return f"{name}: {', '.join(parts)}{more}"
