"""Tables for a page: numbers to the right, words to the left, headers, a caption, room to scroll."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from careshift.pages.safe_text import html_text
from careshift.typography import minus

if TYPE_CHECKING:
    import pandas as pd

NOTHING = "–"
PLAIN = "careshift-table"
NUMBER = re.compile(r"[−+-]?[£$]?\d[\d,. ]*(%| %)?( \([^)]*\))?|–|−?inf|[−+-]?[\d.]+e[+-]?\d+")
WORDS = {"True": "yes", "False": "no"}


@dataclass(frozen=True)
class Table:
    """A table with a caption and column headers, as plain text and as accessible HTML; cells are escaped.

    A table of words alone turns into cards on a phone.
    """

    frame: pd.DataFrame
    caption: str
    of_words: bool = False

    @property
    def classes(self) -> str:
        """Return the table's classes for the style sheet."""
        return f"{PLAIN} words" if self.of_words else PLAIN

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:
        shown = self.frame.to_string(index=False, na_rep=NOTHING)
        rows = ([*row] for row in self.frame.itertuples(index=False, name=None))
        made = html_table(list(self.frame.columns), rows, self.caption, self.classes, self.of_words)
        return {"text/plain": f"{self.caption}\n{shown}", "text/html": made}


def table(
    frame: pd.DataFrame,
    caption: str,
    headers: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
) -> Table:
    """Return a table for a page. `headers` renames and selects columns; `formats` are format specs.

    `formats` go by column: {"rate": ",.0f"}. A missing value is shown as a dash, never as zero.
    """
    import pandas as pd

    shown = frame.copy()
    for column, spec in (formats or {}).items():
        shown[column] = [NOTHING if pd.isna(value) else minus(format(value, spec)) for value in frame[column]]
    chosen = shown[list(headers)].rename(columns=dict(headers)) if headers else shown
    of_words = not formats and all(isinstance(value, str) for value in chosen.to_numpy().flat)
    return Table(chosen, caption, of_words)


def html_table(
    headers: Sequence[object],
    rows: Iterable[Sequence[object]],
    caption: str,
    classes: str = PLAIN,
    labelled: bool = False,
) -> str:
    """Return a table as HTML in a region that scrolls sideways by touch or keyboard where it must.

    A column of numbers is set flush right; the first cell of a row is its header. Where `labelled`, each
    further cell carries its column's name, which a card on a phone shows.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    right = [all(NUMBER.fullmatch(c) for c in column) for column in zip(*cells, strict=True)]
    sides = [' class="number"' if r else "" for r in right] or [""] * len(headers)
    names = [html_text(head) for head in headers]
    heads = "".join(f'<th scope="col"{s}>{n}</th>' for n, s in zip(names, sides, strict=True))
    marks = [f'{s} data-label="{n}"' if labelled else s for n, s in zip(names, sides, strict=True)]
    body = "\n".join(f"<tr>{_row(row, [sides[0], *marks[1:]])}</tr>" for row in cells)
    words = html_text(caption)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{words}">\n<table class="{classes}">\n'
        f"<caption><span>{words}</span></caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n"
        "</tbody>\n</table>\n</div>"
    )


def _row(cells: Sequence[str], marks: Sequence[str]) -> str:
    first = f'<th scope="row"{marks[0]}>{html_text(cells[0])}</th>'
    pairs = zip(cells[1:], marks[1:], strict=True)
    return first + "".join(f"<td{mark}>{html_text(cell)}</td>" for cell, mark in pairs)


def _cell(value: object) -> str:
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return NOTHING
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return minus(WORDS.get(text, text)) or NOTHING
