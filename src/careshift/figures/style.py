"""The one style of all charts: colours, signs, sizes, axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#1f2329"  # text, axes and printed points; the dark rendering swaps it
GRID = "#d5d9df"
BOX = "#eef1f5"  # inside of a box; the dark rendering swaps it
BOX_WIDTH, BOX_HEIGHT = 0.88, 0.6  # shares of a column and of a row
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#b0609a", "#7a7a7a")  # Okabe-Ito, legible on light and dark
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1)))
MARKERS = ("o", "s", "^", "D", "v")
SIGNS = (("o", "none", INK), ("o", PALETTE[2], PALETTE[2]), ("D", PALETTE[1], PALETTE[1]), ("s", INK, INK))
STYLE: dict[Any, Any] = {
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 11,
    "svg.hashsalt": "careshift",
}


def canvas(height: float = 3.7, rows: int = 1) -> tuple[Canvas, Any]:
    """Answer an empty chart in the book's style, 5.4 inches wide so that its text is legible on a phone."""
    with mpl.rc_context(STYLE):
        drawing = Canvas(figsize=(5.4, height), layout="constrained")
        axes = drawing.subplots(rows, 1)
    return drawing, axes


def finish(ax: Axes, y_label: str, x_label: str, zero: bool, ticks: Mapping[float, str] | None) -> None:
    """Label the axes, start at nought where asked, and write thousands and years in full."""
    ax.set_ylabel(y_label)
    ax.set_xlabel(x_label)
    low, high = ax.get_ylim()
    if zero:
        ax.set_ylim(min(0, low), high + 0.03 * max(high, 0))  # room for the uppermost marker
    if max(abs(low), abs(high)) >= 1000:
        ax.yaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
    if ticks:
        ax.set_xticks(list(ticks), list(ticks.values()))
    elif not x_label or "year" in x_label.lower():
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=8))


def few(x_names: Mapping[float, str], most: int = 6) -> dict[float, str]:
    """Answer every second, third ... name, so that no more than `most` stand below the axis."""
    return dict(list(x_names.items())[:: -(-len(x_names) // most)])
