"""Claims in rows: the print as a band and our range as a bar, all on one scale."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from careshift.figures.figure import Figure
from careshift.figures.marks import Marks, of_series
from careshift.figures.style import BOX, CONCEPTS, GRID, INK, RULE
from careshift.figures.trend_charts import large
from careshift.figures.words import exact, written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LINE, LANE, GAP = 0.19, 0.2, 0.12  # inches: a line of words, the lane of band and bar, the space between rows
LETTERS, LINES = 50, 2  # of a claim's words
PLAIN: dict[str, Any] = {"parse_math": False, "in_layout": False}  # no words are markup, or narrow the axes
SCALES = {  # what a row is measured in, where its axis ends, and its marks
    "number": ("Times the printed number", (0.0, 2.0), (0, 0.5, 1, 1.5, 2)),
    "words": ("0 = no change; above 0 = as the words say", (-1.1, 1.1), (-1, 0, 1)),
}
HEADS = {
    "nothing": "Not tested yet",
    "own numbers": "Held against the document’s own numbers",
    "another document": "Held against another document",
}


def claim_rows(data: pd.DataFrame, *, name: str, title: str, tables: Sequence[str], alt: str) -> Figure:
    """Return claims in rows. `data`: claim, held_against, outcome, scale, band_low, band_high, low, high.

    `scale` is "number" (all four values as multiples of the print) or "words" (on a scale of -1 to 1). A row
    without low and high has words only. A value beyond its axis ends at its edge, with an arrow.
    """
    parts = [(scale, data[data["scale"] == scale]) for scale in SCALES if (data["scale"] == scale).any()]
    told: list[Marks] = []
    heights = [_height(part) + 0.75 for _, part in parts]
    with large(sum(heights)) as drawing:
        grid = drawing.subplots(len(parts), 1, height_ratios=heights, squeeze=False)
        for ax, (scale, part) in zip(grid[:, 0], parts, strict=True):
            told.append(_scale(ax, scale, part))
        drawing.legend(*_legend(), loc="outside upper left", ncols=2)
    return Figure(drawing, name, title, alt, data, tuple(tables), tuple(told), downwards=True)


def _legend() -> tuple[list[Any], list[str]]:
    from matplotlib.patches import Patch

    print_ = Patch(facecolor=BOX, edgecolor=INK, linewidth=1.2)
    return [print_, Patch(facecolor=CONCEPTS["actual"])], ["the print", "our range"]


def _words(row: Any) -> list[str]:
    most = LINES if _has(row) else 1  # what was not tested stands under that heading, in one line
    said = textwrap.wrap(f"{row.outcome}: {row.claim}" if _has(row) else row.claim, LETTERS)
    return said if len(said) <= most else [*said[: most - 1], f"{said[most - 1][: LETTERS - 1].rstrip()}…"]


def _height(part: pd.DataFrame) -> float:
    groups = part["held_against"].nunique()
    rows = part.itertuples()
    return groups * (LINE + GAP) + sum(LINE * len(_words(r)) + LANE * _has(r) + GAP for r in rows)


def _has(row: Any) -> bool:
    return bool(row.low == row.low)


def _scale(ax: Axes, scale: str, part: pd.DataFrame) -> Marks:
    words, (left, right), ticks = SCALES[scale]
    ax.set_xlim(left, right)
    ax.set_ylim(_height(part), 0)
    ax.axvline(1 if scale == "number" else 0, zorder=0, **{**RULE, "color": GRID})
    y = 0.0
    ranged: list[tuple[Any, float]] = []
    for against, group in part.groupby("held_against", sort=False):
        y += LINE
        head = HEADS.get(str(against), f"Held against {against}")
        ax.text(left, y, head, weight="bold", va="bottom", **PLAIN)
        y += GAP
        for row in group.itertuples():
            y = _row(ax, row, y, (left, right))
            ranged += [(row, y - GAP - LANE / 2)] if _has(row) else []
    ax.set_yticks([])
    ax.set_xticks(ticks)
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(words)
    return of_series(
        ax,
        words,
        [(max(row.low, left) + min(row.high, right)) / 2 for row, _ in ranged],
        [height for _, height in ranged],
        [row.claim for row, _ in ranged],
        [f"{exact(row.low)} to {exact(row.high)} ({row.outcome})" for row, _ in ranged],
    )


def _row(ax: Axes, row: Any, y: float, ends: tuple[float, float]) -> float:
    """Draw a claim's words, and its lane where there is a range; return where the next row starts."""
    said = _words(row)
    y += LINE * len(said)
    ax.text(ends[0], y, "\n".join(said), va="bottom", linespacing=1.1, **PLAIN)
    if _has(row):
        _span(ax, row.band_low, row.band_high, y + 0.02, LANE - 0.02, ends, facecolor=BOX, edgecolor=INK)
        bar = CONCEPTS["actual"]
        _span(ax, row.low, row.high, y + 0.06, LANE - 0.1, ends, facecolor=bar, edgecolor=bar)
        y += LANE
    return y + GAP


def _span(
    ax: Axes, low: float, high: float, top: float, tall: float, ends: tuple[float, float], **looks: Any
) -> None:
    """Draw a span from low to high, cut at the ends of the axis; an arrow says that it goes on."""
    from matplotlib.patches import Rectangle

    left, right = (min(max(value, ends[0]), ends[1]) for value in (low, high))
    least = 0.008 * (ends[1] - ends[0])  # a single value is still seen
    width = max(right - left, least)
    ax.add_patch(Rectangle((min(left, ends[1] - width), top), width, tall, linewidth=1, **looks))
    for value, edge, sign in ((low, ends[0], "◂"), (high, ends[1], "▸")):
        if math.isfinite(value) and not ends[0] <= value <= ends[1]:
            ax.text(edge, top + tall / 2, sign, ha="center", va="center", color=INK)


def alt_of_claims(data: pd.DataFrame) -> str:
    """Return the rows in words: how many there are, and our range against the print in each that has one."""
    ranged = data[data["low"].notna() & (data["scale"] == "number")]
    words = [
        f"{r.claim}: {written(r.low)} to {written(r.high)} times the print ({r.outcome})"
        for r in ranged.itertuples()
    ]
    return (
        f"{len(data)} headline claims in rows; {int(data['low'].notna().sum())} have a range of ours. "
        f"{'; '.join(words)}."
    )
