"""Labels at the ends of lines, moved apart where they would overlap."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

LETTERS = 17  # of a line of a label
GAP = 3.0  # points between two labels


def label_ends(drawing: Canvas, ax: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    """Write each label right of the chart, at the height where its line ends (x, y, label, colour).

    A thin line joins label and end, so that the two belong together without colour.
    """
    notes = [
        ax.annotate(
            textwrap.fill(label, LETTERS),
            (x, y),
            xytext=(1.02, y),
            textcoords=("axes fraction", "data"),
            va="center",
            color=colour,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.8, "shrinkA": 1, "shrinkB": 4},
        )
        for x, y, label, colour in ends
    ]
    drawing.draw_without_rendering()
    heights = [Text.get_window_extent(note).height for note in notes]
    frame, up = ax.get_window_extent(), ax.transData
    wanted = [up.transform((x, y))[1] for x, y, _, _ in ends]
    gap = GAP * drawing.dpi / 72
    placed = apart(wanted, [h + gap for h in heights], frame.y0, frame.y1)
    for note, height in zip(notes, placed, strict=True):
        note.set_position((1.02, up.inverted().transform((0, height))[1]))


def apart(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres near the wanted ones at which things of these sizes do not overlap, low to high."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    edge = low
    for i in order:
        placed[i] = max(placed[i], edge + sizes[i] / 2)
        edge = placed[i] + sizes[i] / 2
    edge = max(high, low + sum(sizes))
    for i in reversed(order):
        placed[i] = min(placed[i], edge - sizes[i] / 2)
        edge = placed[i] - sizes[i] / 2
    return placed
