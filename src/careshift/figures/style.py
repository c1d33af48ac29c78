"""The one style of all charts: colours in the light and in the dark, signs, sizes, axes, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from careshift.figures.words import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 5.4  # inches: with text of 10 points still legible on a phone
INK = "#1f2329"  # text, axes and printed points
GRID = "#d5d9df"
BOX = "#eef1f5"  # inside of a box, and of a printed interval
SHADE = "#c3d4e4"  # inside of every interval of ours
EDGE = "#5f7488"  # its edges
PALETTE = ("#0069a8", "#b34700", "#00755a", "#93407f", "#5f6670")  # after Okabe and Ito, dark enough for text
DARK = {
    INK: "#e8eaed",
    GRID: "#454b54",
    BOX: "#262b33",
    SHADE: "#34495e",
    EDGE: "#8fa6bc",
    **dict(zip(PALETTE, ("#6db9ee", "#f2935c", "#41c49c", "#dd97cb", "#adb5bf"), strict=True)),
}
CONCEPTS = {  # one colour for each concept
    "actual": PALETTE[0],
    "expected": PALETTE[1],
    "other": PALETTE[4],
    "earlier": PALETTE[2],
    "printed": INK,
}
PAPER = {"light": "#ffffff", "dark": "#121212"}  # what the pictures stand on in the book
FONTS = ["DejaVu Sans"]  # measures the text; a reader's system font is narrower, so nothing overlaps
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1)))
MARKERS = ("o", "s", "^", "D", "v")
PRINTED: dict[str, Any] = {
    "marker": "D",
    "ms": 9,
    "mfc": "none",
    "mec": INK,
    "mew": 1.8,
    "ls": "",
    "zorder": 5,
}
RULE: dict[str, Any] = {"color": INK, "linewidth": 1, "linestyle": (0, (2, 2))}
STYLE: dict[Any, Any] = {
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "grid.color": GRID,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.family": FONTS,
    "font.size": 10,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "careshift",
}
LARGE: dict[Any, Any] = {  # for a chart that a phone shows: no text under 11 pixels there
    "font.size": 12.5,
    "axes.labelsize": 12.5,
    "axes.titlesize": 12.5,
    "xtick.labelsize": 12.5,
    "ytick.labelsize": 12.5,
    "legend.fontsize": 12.5,
}


@contextmanager
def chart(height: float = 3.6, grid: str = "y") -> Iterator[tuple[Canvas, Axes]]:
    """Open an empty chart in the book's style, with grid lines from the axis "x", "y" or "both"."""
    with mpl.rc_context({**STYLE, "axes.grid.axis": grid}):
        drawing = Canvas(figsize=(WIDTH, height), layout="constrained")
        yield drawing, drawing.subplots()


@contextmanager
def rows_chart(
    labels: Sequence[object], x_label: str, pitch: float = 0.32, keys: int = 1
) -> Iterator[tuple[Canvas, Axes]]:
    """Open a chart with a row a label, downwards from nought: `pitch` inches a row, `keys` lines of key."""
    words = [wrapped(label) for label in labels]
    tall = max((text.count("\n") for text in words), default=0)
    with chart(0.7 + 0.22 * keys + (pitch + 0.15 * tall) * len(words), grid="x") as (drawing, ax):
        ax.set_yticks(range(len(words)), words)
        ax.set_ylim(len(words) - 0.4, -0.6)  # room for the marks of the first and the last row
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.margins(x=0.06)
        ax.set_xlabel(x_label)
        yield drawing, ax


def finish(ax: Axes, y_label: str, x_label: str, zero: bool, ticks: Mapping[float, str] | None) -> None:
    """Label the axes, the upright one above itself; start at nought where asked; write years in full."""
    ax.set_title(y_label)
    ax.set_xlabel(x_label)
    low, high = ax.get_ylim()
    if zero:
        ax.set_ylim(min(0, low), high + 0.03 * max(high, 0))  # room for the uppermost marker
    thousands(ax.yaxis)
    if ticks:
        ax.set_xticks(list(ticks), list(ticks.values()))
    elif not x_label or "year" in x_label.lower():
        years(ax.xaxis)


def years(axis: Any) -> None:
    """Mark an axis at whole numbers: years, or counts of a few."""
    axis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=6, steps=[1, 2, 5, 10]))


def thousands(axis: Any) -> None:
    """Write the axis with separators where it reaches a thousand."""
    if max(map(abs, axis.get_view_interval())) >= 1000:
        axis.set_major_locator(mpl.ticker.MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))


def few(x_names: Mapping[float, str], most: int = 4) -> dict[float, str]:
    """Return every second, third ... name, so that no more than `most` stand below the axis."""
    return dict(list(x_names.items())[:: -(-len(x_names) // most)])


def key(drawing: Canvas, ax: Axes, columns: int = 2) -> None:
    """Write the key above the chart, each label once, in `columns` if they are short enough."""
    shown = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    if shown:
        short = max(map(len, shown)) <= 34 - 6 * (columns - 2)
        drawing.legend(shown.values(), shown.keys(), loc="outside upper left", ncols=columns if short else 1)
