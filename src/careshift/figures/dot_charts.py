"""Dots: with intervals, alone, in pairs, by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from careshift.figures.figure import Figure
from careshift.figures.marks import of_series, spans
from careshift.figures.style import (
    EDGE,
    GRID,
    INK,
    MARKERS,
    PALETTE,
    PRINTED,
    RULE,
    SHADE,
    chart,
    finish,
    key,
    rows_chart,
    thousands,
    years,
)
from careshift.figures.words import written

if TYPE_CHECKING:
    import pandas as pd


def intervals(
    data: pd.DataFrame,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    name: str,
    title: str,
    x_label: str,
    tables: Sequence[str],
    printed: str | None = None,
    reference: float | None = None,
    alt: str | None = None,
) -> Figure:
    """Return a dot-and-interval chart, a row a line of `data`; `printed` names the source's column."""
    rows = list(range(len(data)))
    with rows_chart(list(data[label]), x_label) as (drawing, ax):
        ax.hlines(rows, data[low], data[high], color=SHADE, linewidth=8)
        ax.hlines(rows, data[low], data[high], color=EDGE, linewidth=1)
        ax.plot(data[low], rows, "|", data[high], rows, "|", color=EDGE, ms=8)
        ax.plot(data[value], rows, "o", color=PALETTE[0], ms=6, label="derived, with its interval")
        if printed:
            ax.plot(data[printed], rows, label="printed", **PRINTED)
        if reference is not None:
            ax.axvline(reference, **RULE)
        thousands(ax.xaxis)
        key(drawing, ax)
    words = alt or alt_of_intervals(data, label, value, low, high, printed)
    said = spans(data[value], data[low], data[high])
    told = [of_series(ax, "derived, with its interval", data[value], rows, data[label], said)]
    told += [of_series(ax, "printed", data[printed], rows, data[label], data[printed])] if printed else []
    return Figure(drawing, name, title, words, data, tuple(tables), tuple(told), downwards=True)


def alt_of_intervals(
    data: pd.DataFrame, label: str, value: str, low: str, high: str, printed: str | None = None
) -> str:
    """Return a dot-and-interval chart in words, computed from its data: value, interval and print."""
    prints = data[printed] if printed else [float("nan")] * len(data)
    rows = zip(data[label], data[value], data[low], data[high], prints, strict=True)
    words = (
        f"{a}: {written(v)} ({written(p)} to {written(q)}{f'; printed {written(d)}' if d == d else ''})"
        for a, v, p, q, d in rows
    )
    return f"Dots with intervals. {'; '.join(words)}."


def points(
    data: pd.DataFrame,
    *,
    x: str,
    y: str,
    by: str,
    when: str,
    name: str,
    title: str,
    y_label: str,
    tables: Sequence[str],
    level: tuple[float, str] | None = None,
    window: tuple[float, float, str] | None = None,
) -> Figure:
    """Return single values that no line may join, one marker for each kind that the column `by` names.

    `when` is the column that says each date in words; `level` is a dashed horizontal (y, label), `window` a
    shaded span of dates (from, to, label).
    """
    with chart() as (drawing, ax):
        if window:
            ax.axvspan(window[0], window[1], color=GRID, alpha=0.5, linewidth=0, label=window[2])
        if level:
            ax.axhline(level[0], label=level[1], **RULE)
        for number, (kind, part) in enumerate(data.groupby(by, sort=False)):
            ax.plot(
                part[x], part[y], MARKERS[number % 5], color=PALETTE[number % 5], ms=7, ls="", label=str(kind)
            )
        ax.margins(y=0.1)
        finish(ax, y_label, "", True, None)
        key(drawing, ax, columns=1)
    words = [f"{k}: {written(v)} in {w}" for k, v, w in zip(data[by], data[y], data[when], strict=True)]
    words += [f"dashed line at {written(level[0])}: {level[1]}"] if level else []
    alt = f"Single points, not joined. {'; '.join(words)}."
    kinds = data.groupby(by, sort=False)
    told = (of_series(ax, kind, part[x], part[y], part[when], part[y]) for kind, part in kinds)
    return Figure(drawing, name, title, alt, data, tuple(tables), tuple(told))


def paired(
    data: pd.DataFrame,
    *,
    label: str,
    first: str,
    last: str,
    names: tuple[str, str],
    name: str,
    title: str,
    x_label: str,
    tables: Sequence[str],
) -> Figure:
    """Return a chart of two values a row, a square and a dot, with a line from the first to the last."""
    rows = range(len(data))
    with rows_chart(list(data[label]), x_label) as (drawing, ax):
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.hlines(rows, data[first], data[last], color=EDGE, linewidth=1.2)
        ax.plot(data[first], rows, "s", color=PALETTE[1], ms=7, label=names[0])
        ax.plot(data[last], rows, "o", color=PALETTE[0], ms=8, label=names[1])
        key(drawing, ax)
    pairs = zip(data[label], data[first], data[last], strict=True)
    words = "; ".join(f"{a}: {written(v)} in {names[0]}, {written(w)} in {names[1]}" for a, v, w in pairs)
    told = (
        of_series(ax, legend, data[column], rows, data[label], data[column])
        for legend, column in zip(names, (first, last), strict=True)
    )
    alt = f"Two marks a row. {words}."
    return Figure(drawing, name, title, alt, data, tuple(tables), tuple(told), downwards=True)


def places(
    data: pd.DataFrame,
    *,
    label: str,
    value: str,
    place: str,
    places: Mapping[str, str],
    name: str,
    title: str,
    x_label: str,
    tables: Sequence[str],
) -> Figure:
    """Return one row a `label` with a sign for each place that gives a value, and a line between them.

    `places` names the values of the column `place`; each has its own marker.
    """
    labels = list(dict.fromkeys(data[label]))
    kept = {key: words for key, words in places.items() if (data[place] == key).any()}
    with rows_chart(labels, x_label, keys=len(kept)) as (drawing, ax):
        for y, words in enumerate(labels):
            at = data[data[label] == words][value]
            ax.hlines(y, at.min(), at.max(), color=EDGE, linewidth=1.2)
        for number, (source, words) in enumerate(kept.items()):
            here = data[data[place] == source]
            rows = [labels.index(a) for a in here[label]]
            ax.plot(
                here[value], rows, MARKERS[number % 5], color=PALETTE[number % 5], ms=8, ls="", label=words
            )
        years(ax.xaxis)
        key(drawing, ax, columns=1)
    words = "; ".join(
        f"{a}: {', '.join(f'{v:g} ({places[p]})' for v, p in here.drop_duplicates().to_numpy())}"
        for a, here in data.groupby(label, sort=False)[[value, place]]
    )
    told = (
        of_series(
            ax,
            source,
            here[value],
            map(labels.index, here[label]),
            here[label],
            map("{:g}".format, here[value]),
        )
        for source, here in data.assign(place=data[place].map(places)).groupby("place", sort=False)
    )
    alt = f"Rows with signs by place. {words}."
    return Figure(drawing, name, title, alt, data, tuple(tables), tuple(told), downwards=True)
