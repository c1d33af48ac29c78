"""Bars with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib as mpl
import seaborn as sns

from careshift.figures.figure import Figure
from careshift.figures.style import INK, PALETTE, STYLE, canvas
from careshift.figures.words import wrapped

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
    """Answer a horizontal bar chart, a bar a line of `data`, each labelled with its number."""
    drawing, ax = canvas(height=1.0 + 0.42 * len(data))
    with mpl.rc_context(STYLE):
        sns.barplot(data=data, x=value, y=label, color=PALETTE[0], saturation=1, ax=ax, orient="h")
        for container in ax.containers:
            ax.bar_label(container, fmt="{:,.0f}", padding=4, fontsize=10)
        ax.set_yticks(range(len(data)), [wrapped(text) for text in data[label]])
        ax.margins(x=0.15)
        ax.axvline(0, color=INK, linewidth=1)
        ax.set_xlabel(x_label)
        ax.set_ylabel("")
        ax.grid(visible=False)
    pairs = "; ".join(f"{a} {b:,.0f}" for a, b in zip(data[label], data[value], strict=True))
    return Figure(drawing, name, title, alt or f"Bar chart. {pairs}.", data, tuple(tables))
