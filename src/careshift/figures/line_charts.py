"""Line charts, one or in small multiples, and how they read in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from careshift.figures.figure import Figure
from careshift.figures.style import DASHES, INK, MARKERS, PALETTE, STYLE, canvas, few, finish
from careshift.figures.words import written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def lines(
    data: pd.DataFrame,
    *,
    x: str,
    series: Mapping[str, str],
    name: str,
    title: str,
    y_label: str,
    x_label: str = "",
    tables: Sequence[str],
    band: tuple[str, str] | None = None,
    printed: Sequence[tuple[float, float, str]] = (),
    marks: Sequence[tuple[float, str]] = (),
    zero: bool = True,
    alt: str | None = None,
    ticks: Mapping[float, str] | None = None,
    x_names: Mapping[float, str] | None = None,
    y_range: tuple[float, float] | None = None,
) -> Figure:
    """Answer a line chart: one line a column of `series` (column -> label), labelled in the legend.

    `band` names the lower and upper columns of an interval; `printed` are the source's own points
    (x, y, label), always drawn as open diamonds; `marks` are interruptions (x, label), dashed verticals.
    `x_names` writes out each x, such as 8074 as "2018Q3", `ticks` the axis alone; `y_range` cuts
    the chart where a band leaves it.
    """
    drawing, ax = canvas()
    with mpl.rc_context(STYLE):
        if band:
            ax.fill_between(data[x], data[band[0]], data[band[1]], color=PALETTE[1], alpha=0.18, linewidth=0)
        for number, (column, label) in enumerate(series.items()):
            _line(ax, data[x], data[column], label, number)
        for px, py, label in printed:
            ax.plot([px], [py], "D", ms=9, mfc="none", mec=INK, mew=1.8, label=label, zorder=5)
        _marks(ax, marks)
        finish(ax, y_label, x_label, zero, ticks or (few(x_names) if x_names else None))
        if y_range:
            ax.set_ylim(*y_range)
        handles, labels = ax.get_legend_handles_labels()
        shown = dict(zip(labels, handles, strict=True))
        ncols = 2 if len(shown) > 2 and max(map(len, shown)) <= 24 else 1
        drawing.legend(
            shown.values(), shown.keys(), loc="outside upper left", ncols=ncols, frameon=False, fontsize=10
        )
    words = alt or alt_of_lines(data, x, series, printed, marks, x_names)
    return Figure(drawing, name, title, words, data, tuple(tables))


def _line(ax: Axes, x: Any, y: Any, label: str, number: int) -> None:
    few = len(x) <= 30
    ax.plot(
        x,
        y,
        color=PALETTE[number % 5],
        linestyle=DASHES[number % 5],
        marker=MARKERS[number % 5] if few else None,
        markersize=4.5,
        linewidth=2,
        label=label,
    )


def _marks(ax: Axes, marks: Sequence[tuple[float, str]]) -> None:
    for number, (position, label) in enumerate(marks):
        ax.axvline(position, color=INK, linewidth=1, linestyle=(0, (2, 2)))
        ax.annotate(
            label,
            (position, 0.03 + 0.08 * (number % 3)),
            xycoords=("data", "axes fraction"),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=9,
        )


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
) -> Figure:
    """Answer small multiples: one small line chart for each value of `by`, all on the same scales.

    `reference` is a level drawn across every chart, such as the nominal 95 %; `y_range` the common scale.
    Without `same_scale` each chart has its own, for measures of different units. A value between two gaps is
    drawn as a dot. A chart's name may have two lines.
    """
    groups = [(str(group), data[data[by] == group]) for group in data[by].unique()]
    rows = -(-len(groups) // columns)
    with mpl.rc_context(STYLE):
        line = 0.17 * any("\n" in group for group, _ in groups)
        drawing = Canvas(figsize=(5.4, 0.8 + (1.15 + line) * rows), layout="constrained")
        grid = drawing.subplots(rows, columns, sharex=True, sharey=same_scale, squeeze=False)
        for ax, (group, part) in zip(grid.flat, groups, strict=False):
            for number, (column, label) in enumerate(series.items()):
                ax.plot(part[x], part[column], color=PALETTE[number], ls=DASHES[number], lw=1.8, label=label)
                lone = part[column].where(part[column].shift().isna() & part[column].shift(-1).isna())
                if lone.notna().any():
                    ax.plot(part[x], lone, MARKERS[number], color=PALETTE[number], ms=4)
            for position in marks:
                ax.axvline(position, color=INK, linewidth=1, linestyle=(0, (2, 2)))
            if reference is not None:
                ax.axhline(reference, color=INK, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
            ax.set_title(group, fontsize=9 if line else 10, loc="left", color=INK)
        for ax in list(grid.flat)[len(groups) :]:
            ax.set_visible(False)
        if x_names:
            ticks = few(x_names, 3)
            grid[0, 0].set_xticks(list(ticks), list(ticks.values()))
        for ax in grid.flat:
            ax.tick_params(labelsize=9)
        if y_range:
            grid[0, 0].set_ylim(*y_range)
        if y_label:
            drawing.supylabel(y_label, fontsize=11, color=INK)
        if x_label:
            drawing.supxlabel(x_label, fontsize=11, color=INK)
        handles, labels = grid[0, 0].get_legend_handles_labels()
        drawing.legend(
            handles, labels, loc="outside upper left", ncols=min(2, len(series)), frameon=False, fontsize=10
        )
    first = next(iter(series))
    ends = "; ".join(f"{g} {written(p[first].iloc[0])} to {written(p[first].iloc[-1])}" for g, p in groups)
    words = alt or f"{len(groups)} small line charts. {series[first]}, first to last period: {ends}."
    return Figure(drawing, name, title, words, data, tuple(tables))


def alt_of_lines(
    data: pd.DataFrame,
    x: str,
    series: Mapping[str, str],
    printed: Sequence[tuple[float, float, str]] = (),
    marks: Sequence[tuple[float, str]] = (),
    x_names: Mapping[float, str] | None = None,
) -> str:
    """Answer a line chart in words, computed from its data: where each line starts and ends."""

    def when(position: float) -> str:
        return x_names[position] if x_names and position in x_names else written(position, True)

    words = []
    for column, label in series.items():
        known = data[[x, column]].dropna()
        (x0, y0), (x1, y1) = known.iloc[0], known.iloc[-1]
        words.append(f"{label}: from {written(y0)} in {when(x0)} to {written(y1)} in {when(x1)}")
    words += [f"{label}: {written(y)} in {when(px)}" for px, y, label in printed]
    words += [f"dashed line at {when(position)}: {label}" for position, label in marks]
    return f"Line chart. {'; '.join(words)}."
