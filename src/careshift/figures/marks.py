"""Where the marks of a chart stand and what each says: values for hover, keys and touch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from careshift.figures.words import exact
from careshift.inert_text import printable
from careshift.typography import month

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

PARTS = 1000  # of the picture's width and height: half a pixel of a picture on a page

EDGE = 0.02  # of the axes: a mark on their edge still shows


@dataclass(frozen=True)
class Marks:
    """The marks of one series: `x`, `y` in the numbers of their axes; `when` names each, `says` its value."""

    axes: Axes
    series: str
    x: Sequence[float]
    y: Sequence[float]
    when: Sequence[str]
    says: Sequence[str]


def of_series(
    axes: Axes, series: object, x: Iterable[Any], y: Iterable[Any], when: Iterable[Any], says: Iterable[Any]
) -> Marks:
    """Return the marks of a series, less those without a place; `says` are values or words for them."""
    rows = [
        (float(across), float(up), month(printable(name)), exact(value))
        for across, up, name, value in zip(x, y, when, says, strict=True)
        if across == across and up == up
    ]
    across, up, names, values = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Marks(axes, printable(series), across, up, names, values)


def spans(values: Iterable[Any], low: Iterable[Any], high: Iterable[Any]) -> list[str]:
    """Return values with their intervals in words."""
    rows = zip(values, low, high, strict=True)
    return [f"{exact(value)} ({exact(least)} to {exact(most)})" for value, least, most in rows]


def placed(groups: Iterable[Marks], frame: Bbox) -> list[dict[str, Any]]:
    """Return each series as a record of its marks that the axes show, for the page's script.

    Keys: s the series, x and y in thousandths of `frame` (inches) from its left and top (one number where
    all are alike), w what each mark is called, v what it says. What is as in the record before is left out.
    """
    made: list[dict[str, Any]] = []
    before: Mapping[str, Any] = {}
    for group in groups:
        if record := _record(group, frame):
            made.append({key: value for key, value in record.items() if before.get(key) != value})
            before = record
    return made


def packed(records: list[dict[str, Any]]) -> str:
    """Return the records as JSON on one line: a notebook would give each number a line of its own."""
    return json.dumps(records, ensure_ascii=False, separators=(",", ":")) if records else ""


def _record(group: Marks, frame: Bbox) -> dict[str, Any]:
    if not group.x:
        return {}
    points = group.axes.transData.transform(np.column_stack([group.x, group.y]))
    inches = points / group.axes.get_figure(root=True).dpi  # type: ignore[union-attr]
    across = np.rint(PARTS * (inches[:, 0] - frame.x0) / frame.width).astype(int)
    down = np.rint(PARTS * (frame.y1 - inches[:, 1]) / frame.height).astype(int)
    inside = group.axes.transAxes.inverted().transform(points)
    seen = np.flatnonzero(((inside >= -EDGE) & (inside <= 1 + EDGE)).all(axis=1)).tolist()
    columns = (group.when, group.says)
    words = [[column[at] for at in seen] for column in columns]
    x, y = ([int(places[at]) for at in seen] for places in (across, down))
    return {"s": group.series, "x": _short(x), "y": _short(y), "w": words[0], "v": words[1]} if seen else {}


def _short(places: list[int]) -> int | list[int]:
    """Return one number for all marks of a series, where all stand alike."""
    return places[0] if len(places) > 1 and len(set(places)) == 1 else places
