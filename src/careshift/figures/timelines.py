"""Timelines: dots stacked above their years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from careshift.figures.figure import Figure
from careshift.figures.marks import Marks, of_series
from careshift.figures.style import INK, PALETTE, chart, key, years

if TYPE_CHECKING:
    import pandas as pd


SIGNS = (("o", "none", INK), ("o", PALETTE[2], PALETTE[2]), ("D", PALETTE[1], PALETTE[1]), ("s", INK, INK))


def timeline(
    data: pd.DataFrame,
    *,
    year: str,
    row: str,
    sign: str,
    signs: Mapping[str, str],
    name: str,
    title: str,
    tables: Sequence[str],
    says: str | None = None,
) -> Figure:
    """Return a timeline: a dot a line of `data`, stacked above its year in the band of its row.

    `signs` names the values of the column `sign`, at most four, in the legend's order; `says` is the column
    that says what a dot stands for.
    """
    looks = dict(zip(signs, SIGNS, strict=False))
    bands = list(dict.fromkeys(data[row]))
    tallest = {band: data[data[row] == band].groupby(year).size().max() + 2 for band in bands}
    floor = float(sum(tallest.values()))
    told: list[Marks] = []
    with chart(1.2 + 0.105 * floor, grid="x") as (drawing, ax):
        for band in bands:
            floor -= tallest[band]
            ax.axhline(floor, color=INK, linewidth=0.8)
            ax.annotate(
                band,
                (0, floor + tallest[band] - 1.2),
                xycoords=("axes fraction", "data"),
                size=10,
                weight="bold",
            )
            inside = data[data[row] == band]
            heights = floor + 0.7 + inside.groupby(year).cumcount()
            named = inside[says] if says else inside[sign].map(signs)
            told.append(of_series(ax, band, inside[year], heights, inside[year].astype(str), named))
            for value, (marker, face, edge) in looks.items():
                here = inside[sign] == value
                ax.plot(inside[year][here], heights[here], marker, mfc=face, mec=edge, ms=4.6, mew=1.1)
        for value, (marker, face, edge) in looks.items():
            ax.plot([], [], marker, mfc=face, mec=edge, ms=6, mew=1.2, label=signs[value])
        ax.set_ylim(0, sum(tallest.values()))
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        years(ax.xaxis)
        key(drawing, ax, columns=1)
    alt = _alt_of_timeline(data, year, row, sign, signs)
    return Figure(drawing, name, title, alt, data, tuple(tables), tuple(told))


def _alt_of_timeline(data: pd.DataFrame, year: str, row: str, sign: str, signs: Mapping[str, str]) -> str:
    words = []
    for band in dict.fromkeys(data[row]):
        inside = data[data[row] == band]
        counted = "; ".join(f"{(inside[sign] == key).sum()} {label}" for key, label in signs.items())
        fullest = inside.groupby(year).size()
        words.append(
            f"{band}: {len(inside)} dots from {inside[year].min()} to {inside[year].max()}, most in "
            f"{fullest.idxmax()} ({fullest.max()}); {counted}"
        )
    return f"Timeline. {'. '.join(words)}."
