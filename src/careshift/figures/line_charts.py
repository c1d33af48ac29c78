"""Line charts, and how they read in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from careshift.figures.end_labels import label_ends
from careshift.figures.figure import Figure
from careshift.figures.marks import Marks, of_series
from careshift.figures.style import (
    DASHES,
    EDGE,
    MARKERS,
    PALETTE,
    PRINTED,
    RULE,
    SHADE,
    chart,
    few,
    finish,
    key,
)
from careshift.figures.words import written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MANY = 30  # points of a line that still have markers


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
    """Return a line chart: one line a column of `series` (column -> label), labelled at its end.

    `band` names the lower and upper columns of an interval; `printed` are the source's own points
    (x, y, label), always drawn as open diamonds; `marks` are interruptions (x, label), dashed verticals.
    `x_names` writes out each x, such as 8074 as "2018Q3", `ticks` the axis alone; `y_range` cuts
    the chart where a band leaves it.
    """
    with chart() as (drawing, ax):
        if band:
            draw_band(ax, data[x], data[band[0]], data[band[1]])
        for number, column in enumerate(series):
            draw_line(ax, data[x], data[column], number)
        for px, py, label in printed:
            ax.plot([px], [py], label=label, **PRINTED)
        _marks(ax, marks)
        finish(ax, y_label, x_label, zero, ticks or (few(x_names) if x_names else None))
        if y_range:
            ax.set_ylim(*y_range)
        key(drawing, ax)
        label_ends(drawing, ax, _ends(data, x, series))
    words = alt or alt_of_lines(data, x, series, printed, marks, x_names)
    told = _told(ax, data, x, dict(series), band, printed, x_names)
    return Figure(drawing, name, title, words, data, tuple(tables), told)


def _told(
    ax: Axes,
    data: pd.DataFrame,
    x: str,
    series: Mapping[str, str],
    band: tuple[str, str] | None,
    printed: Sequence[tuple[float, float, str]],
    x_names: Mapping[float, str] | None,
) -> tuple[Marks, ...]:
    """Return the marks of all lines, of both edges of the band, and of the source's own points."""
    edges = {column: column.replace("_", " ") for column in band or ()}
    columns = {**series, **edges}.items()
    when = [called(position, x_names) for position in data[x]]
    lines = [of_series(ax, label, data[x], data[column], when, data[column]) for column, label in columns]
    points = [
        of_series(ax, label, [px], [py], [called(px, x_names)], [f"{py:,.10g}"]) for px, py, label in printed
    ]
    return (*lines, *points)


def called(position: float, x_names: Mapping[float, str] | None) -> str:
    """Return what an x is called: its own name where it has one, else the number."""
    return x_names[position] if x_names and position in x_names else written(position, True)


def draw_band(ax: Axes, x: Any, low: Any, high: Any) -> None:
    """Draw an interval along a line: always the same shade, with edges that can be seen."""
    ax.fill_between(x, low, high, color=SHADE, linewidth=0)
    for edge in (low, high):
        ax.plot(x, edge, color=EDGE, linewidth=0.7)


def draw_line(ax: Axes, x: Any, y: Any, number: int, label: str | None = None) -> None:
    """Draw the line of this place in the order of lines, which gives its colour, dash and markers."""
    ax.plot(
        x,
        y,
        color=PALETTE[number % 5],
        linestyle=DASHES[number % 5],
        marker=MARKERS[number % 5] if len(x) <= MANY else None,
        markersize=4.5,
        linewidth=2,
        label=label,
    )


def _ends(data: pd.DataFrame, x: str, series: Mapping[str, str]) -> list[tuple[float, float, str, str]]:
    known = [(data[[x, column]].dropna().iloc[-1], label) for column, label in series.items()]
    return [
        (float(last.iloc[0]), float(last.iloc[1]), label, PALETTE[number % 5])
        for number, (last, label) in enumerate(known)
    ]


def _marks(ax: Axes, marks: Sequence[tuple[float, str]]) -> None:
    for number, (position, label) in enumerate(marks):
        ax.axvline(position, **RULE)
        ax.annotate(
            label,
            (position, 0.03 + 0.08 * (number % 3)),
            xycoords=("data", "axes fraction"),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=9,
        )


def alt_of_lines(
    data: pd.DataFrame,
    x: str,
    series: Mapping[str, str],
    printed: Sequence[tuple[float, float, str]] = (),
    marks: Sequence[tuple[float, str]] = (),
    x_names: Mapping[float, str] | None = None,
) -> str:
    """Return a line chart in words, computed from its data: where each line starts and ends."""

    words = []
    for column, label in series.items():
        known = data[[x, column]].dropna()
        (x0, y0), (x1, y1) = known.iloc[0], known.iloc[-1]
        start, end = called(x0, x_names), called(x1, x_names)
        words.append(f"{label}: from {written(y0)} in {start} to {written(y1)} in {end}")
    words += [f"{label}: {written(y)} in {called(px, x_names)}" for px, y, label in printed]
    words += [f"dashed line at {called(position, x_names)}: {label}" for position, label in marks]
    return f"Line chart. {'; '.join(words)}."
