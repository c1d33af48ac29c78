"""Bars with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from careshift.figures.figure import Figure
from careshift.figures.marks import of_series
from careshift.figures.style import INK, PALETTE, rows_chart
from careshift.typography import minus

if TYPE_CHECKING:
    import pandas as pd


def bars(
    data: pd.DataFrame,
    *,
    label: str,
    value: str,
    name: str,
    title: str,
    x_label: str,
    tables: Sequence[str],
    alt: str | None = None,
) -> Figure:
    """Return a horizontal bar chart, a bar a line of `data`, each labelled with its number."""
    import seaborn as sns

    numbers = [minus(f"{number:,.0f}") for number in data[value]]
    with rows_chart(list(data[label]), x_label) as (drawing, ax):
        rows = list(range(len(data)))
        sns.barplot(
            x=list(data[value]),
            y=rows,
            color=PALETTE[0],
            saturation=1,
            width=0.7,
            ax=ax,
            orient="h",
            native_scale=True,
        )
        bars_drawn: Any = ax.containers[0]
        ax.bar_label(bars_drawn, labels=numbers, padding=4)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ends = min(0, *data[value]), max(0, *data[value])
        room = 0.2 * (ends[1] - ends[0])  # for the numbers
        ax.set_xlim(ends[0] - room * (ends[0] < 0), ends[1] + room)
        ax.axvline(0, color=INK, linewidth=1)
        ax.set_xlabel(x_label)
        ax.set_ylabel("")
        ax.grid(visible=False)
        ax.set_xticks([])  # every bar carries its number
        ax.spines["bottom"].set_visible(False)
    pairs = "; ".join(f"{a} {b}" for a, b in zip(data[label], numbers, strict=True))
    told = of_series(ax, x_label, data[value], rows, data[label], data[value])
    words = alt or f"Bar chart. {pairs}."
    return Figure(drawing, name, title, words, data, tuple(tables), (told,), downwards=True)
