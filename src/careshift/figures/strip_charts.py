"""Ranked strips: where one of many areas stands in several measures, each on its own scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D

from careshift.figures.figure import Figure
from careshift.figures.marks import Marks, of_series, spans
from careshift.figures.style import GRID, INK, PALETTE, chart
from careshift.figures.words import written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

HIGH, LOW = 0.2, -0.2  # ends of a tick, in rows


def strips(
    data: pd.DataFrame,
    *,
    by: str,
    value: str,
    interval: tuple[str, str],
    own: str,
    reference: str,
    words: tuple[str, str],
    names: tuple[str, str, str],
    name: str,
    title: str,
    tables: Sequence[str],
) -> Figure:
    """Return a strip for each value of `by`: a tick for every area, a dot and interval for the page's own.

    Each strip runs from its lowest to its highest value. `own` names the true-or-false column of the page's
    area, `reference` the column of the value drawn as a diamond, `words` the columns of the text above a
    strip, left and right; `names` are the legend's words for dot, ticks and diamond. An own value that is
    missing has no dot. The column "area" names each tick.
    """
    groups = [part for _, part in data.groupby(by, sort=False)]
    with chart(0.9 + 0.46 * len(groups)) as (drawing, ax):
        ax.set_axis_off()
        told = [
            _strip(ax, row, part, value, interval, own, reference, words, names)
            for row, part in enumerate(groups)
        ]
        ax.set_xlim(-0.02, 1.02)
        ax.set_ylim(len(groups) - 0.4, -0.75)
        drawing.legend(*_legend(names), loc="outside upper left", ncols=2)
    alt = _alt(groups, value, interval, own, reference, words, names)
    return Figure(drawing, name, title, alt, data.drop(columns=list(words)), tuple(tables), tuple(told))


def _strip(
    ax: Axes,
    row: int,
    part: pd.DataFrame,
    value: str,
    interval: tuple[str, str],
    own: str,
    reference: str,
    words: tuple[str, str],
    names: tuple[str, str, str],
) -> Marks:
    mine = part[part[own]].iloc[0]
    ends = [*part[value].dropna(), mine[reference], mine[interval[0]], mine[interval[1]]]
    low, high = min(e for e in ends if e == e), max(e for e in ends if e == e)
    width = (high - low) or 1.0

    def at(number: Any) -> Any:
        return (number - low) / width

    ax.plot([0, 1], [row, row], color=GRID, lw=1, zorder=1)
    ticks = at(part.loc[~part[own], value].dropna())
    across = [x for tick in ticks for x in (tick, tick, float("nan"))]
    ax.plot(across, [row + LOW, row + HIGH, row] * len(ticks), color=PALETTE[4], lw=1.2, zorder=2)
    ax.plot([at(mine[reference])], [row], "D", ms=8, mfc="none", mec=INK, mew=1.4, zorder=3)
    if mine[value] == mine[value]:
        ax.plot(at(mine[list(interval)]), [row, row], color=PALETTE[0], lw=2.6, zorder=4)
        ax.plot([at(mine[value])], [row], "o", ms=7, color=PALETTE[0], zorder=5)
    ax.text(0, row - 0.3, mine[words[0]], size=9, color=INK, va="bottom")
    ax.text(1, row - 0.3, mine[words[1]], size=9, color=INK, va="bottom", ha="right")
    reach = iter(spans(*([mine[column]] for column in (value, *interval))))
    said = [next(reach) if is_own else number for number, is_own in zip(part[value], part[own], strict=True)]
    said, shown = [*said, mine[reference]], [*at(part[value]), at(mine[reference])]
    return of_series(ax, mine[words[0]], shown, [row] * len(shown), [*part["area"], names[2]], said)


def _legend(names: tuple[str, str, str]) -> tuple[list[Line2D], list[str]]:
    signs = [
        Line2D([], [], color=PALETTE[0], marker="o", ms=7, lw=2.6),
        Line2D([], [], color=PALETTE[4], marker="|", ms=9, mew=1.2, lw=0),
        Line2D([], [], color=INK, marker="D", ms=8, mfc="none", mew=1.4, lw=0),
    ]
    return signs, list(names)


def _alt(
    groups: Sequence[pd.DataFrame],
    value: str,
    interval: tuple[str, str],
    own: str,
    reference: str,
    words: tuple[str, str],
    names: tuple[str, str, str],
) -> str:
    parts = []
    for part in groups:
        mine = part[part[own]].iloc[0]
        known = part[value].dropna()
        reach = f"{written(mine[interval[0]])} to {written(mine[interval[1]])}"
        figure = f"{written(mine[value])} ({reach})" if mine[value] == mine[value] else "no figure"
        parts.append(
            f"{mine[words[0]]}: {figure}, rank {mine[words[1]]}; {names[2]} {written(mine[reference])}; "
            f"all from {written(known.min())} to {written(known.max())}"
        )
    return f"One strip a measure, higher values to the right. {'. '.join(parts)}."
