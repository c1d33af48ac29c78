"""Small line charts side by side, on the same scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from careshift.figures.figure import Figure
from careshift.figures.line_charts import called
from careshift.figures.marks import of_series
from careshift.figures.style import DASHES, INK, MARKERS, PALETTE, RULE, STYLE, WIDTH, few, key
from careshift.figures.words import written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def panels(
    data: pd.DataFrame,
    *,
    x: str,
    by: str,
    series: Mapping[str, str],
    name: str,
    title: str,
    y_label: str,
    tables: Sequence[str],
    marks: Sequence[float] = (),
    x_names: Mapping[float, str] | None = None,
    columns: int = 2,
    x_label: str = "",
    reference: float | None = None,
    y_range: tuple[float, float] | None = None,
    same_scale: bool = True,
    alt: str | None = None,
    when: str | None = None,
) -> Figure:
    """Return small multiples: one small line chart for each value of `by`, all on the same scales.

    `reference` is a level drawn across every chart, such as the nominal 95 %; `y_range` the common scale.
    Without `same_scale` each chart has its own, for measures of different units. A value between two gaps is
    drawn as a dot. A chart's name may have two lines. `when` is the column that says each x in words.
    """
    groups = [(str(group), data[data[by] == group]) for group in data[by].unique()]
    rows = -(-len(groups) // columns)
    with mpl.rc_context(STYLE):
        line = 0.17 * any("\n" in group for group, _ in groups)
        drawing = Canvas(figsize=(WIDTH, 0.8 + (1.15 + line) * rows), layout="constrained")
        grid = drawing.subplots(rows, columns, sharex=True, sharey=same_scale, squeeze=False)
        for ax, (group, part) in zip(grid.flat, groups, strict=False):
            _panel(ax, part[x], {label: part[c] for c, label in series.items()}, marks, reference)
            ax.set_title(group, fontsize=9 if line else 10)
        for ax in list(grid.flat)[len(groups) :]:
            ax.set_visible(False)
        if x_names:
            ticks = few(x_names, 3)
            grid[0, 0].set_xticks(list(ticks), list(ticks.values()))
        if y_range:
            grid[0, 0].set_ylim(*y_range)
        if y_label:
            drawing.supylabel(y_label, fontsize=10)
        if x_label:
            drawing.supxlabel(x_label, fontsize=10)
        if len(series) > 1:
            key(drawing, grid[0, 0])
    first = next(iter(series))
    ends = "; ".join(f"{group} {_ends(part[first].dropna())}" for group, part in groups)
    words = alt or f"{len(groups)} small line charts. {series[first]}, first to last period: {ends}."
    told = [
        of_series(ax, f"{group}, {label}", part[x], part[c], _names(part, x, when, x_names), part[c])
        for ax, (group, part) in zip(grid.flat, groups, strict=False)
        for c, label in series.items()
    ]
    return Figure(drawing, name, title, words, data, tuple(tables), tuple(told))


def _names(
    part: pd.DataFrame, x: str, when: str | None, x_names: Mapping[float, str] | None
) -> Sequence[str]:
    return list(part[when]) if when else [called(position, x_names) for position in part[x]]


def _ends(known: pd.Series) -> str:
    """Return the first and last known value of a series in words."""
    return f"{written(known.iloc[0])} to {written(known.iloc[-1])}" if len(known) else "not known"


def _panel(
    ax: Axes, x: Any, lines: Mapping[str, Any], marks: Sequence[float], reference: float | None
) -> None:
    for number, (label, y) in enumerate(lines.items()):
        ax.plot(x, y, color=PALETTE[number % 5], ls=DASHES[number % 5], lw=1.8, label=label)
        lone = y.where(y.shift().isna() & y.shift(-1).isna())
        if lone.notna().any():
            ax.plot(x, lone, MARKERS[number % 5], color=PALETTE[number % 5], ms=4)
    for position in marks:
        ax.axvline(position, **RULE)
    if reference is not None:
        ax.axhline(reference, color=INK, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    ax.tick_params(labelsize=9)
