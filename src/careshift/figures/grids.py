"""Grids of whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from careshift.figures.figure import Figure
from careshift.figures.marks import of_series
from careshift.figures.style import SHADE, chart

if TYPE_CHECKING:
    import pandas as pd


def matrix(
    data: pd.DataFrame, *, row: str, column: str, value: str, name: str, title: str, tables: Sequence[str]
) -> Figure:
    """Return a grid of whole numbers, each on a disc of its size; rows and columns in the order of `data`."""
    rows, columns = list(dict.fromkeys(data[row])), list(dict.fromkeys(data[column]))
    shown = data[data[value] > 0]
    with chart(1.7 + 0.27 * len(rows), grid="both") as (drawing, ax):
        across = [columns.index(c) for c in shown[column]]
        down = [rows.index(r) for r in shown[row]]
        ax.scatter(across, down, s=110 + 30 * shown[value], color=SHADE, lw=0, clip_on=False)
        for x, y, number in zip(across, down, shown[value], strict=True):
            ax.text(x, y, f"{number:,.0f}", ha="center", va="center_baseline", size=9)
        ax.set_xticks(range(len(columns)), columns, rotation=90, fontsize=9)
        ax.set_yticks(range(len(rows)), rows, fontsize=9)
        ax.tick_params(length=0, labeltop=True, labelbottom=False)
        ax.set_xlim(-0.6, len(columns) - 0.4)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        for spine in ax.spines.values():
            spine.set_visible(False)
    words = "; ".join(
        f"{r}: {', '.join(f'{c} {n:,.0f}' for c, n in here.to_numpy())}"
        for r, here in shown.groupby(row, sort=False)[[column, value]]
    )
    told = [
        of_series(ax, r, map(columns.index, here[column]), [y] * len(here), here[column], here[value])
        for y, r in enumerate(rows)
        if len(here := shown[shown[row] == r])
    ]
    return Figure(drawing, name, title, f"Grid of numbers. {words}.", data, tuple(tables), tuple(told))
