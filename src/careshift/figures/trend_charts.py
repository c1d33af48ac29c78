"""Long trends on a true time axis: a colour for each concept, breaks as gaps, policy dates as quiet marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from careshift.figures.figure import Figure
from careshift.figures.marks import of_series
from careshift.figures.style import CONCEPTS, EDGE, LARGE, STYLE, key, thousands
from careshift.figures.words import written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SIDE = 5.0  # inches; with text of 12.5 points no letter is smaller than 11 pixels on a phone
HEADROOM = 0.62  # of the tallest value, for the names of the policy dates
LOOKS: dict[str, dict[str, Any]] = {
    "actual": {"linestyle": "-", "marker": "o"},
    "expected": {"linestyle": (0, (5, 2)), "marker": None},
    "other": {"linestyle": (0, (1, 1.5)), "marker": "s"},
    "earlier": {"linestyle": "", "marker": "^"},
}
MANY = 40  # points of a line that still have markers


@contextmanager
def large(height: float) -> Iterator[Canvas]:
    """Open an empty drawing whose text can be read on a phone."""
    with mpl.rc_context({**STYLE, **LARGE}):
        yield Canvas(figsize=(SIDE, height), layout="constrained")


def trend(
    data: pd.DataFrame,
    *,
    name: str,
    title: str,
    y_label: str,
    tables: Sequence[str],
    marks: Sequence[tuple[float, str]] = (),
    finding: str = "",
) -> Figure:
    """Return a long trend: `data` has columns time (decimal year), when (in words), series, concept, value.

    `concept` is "actual", "expected", "other" (of other people or another count) or "earlier" (single counts,
    never joined). A missing value is a gap in its line. `finding` opens the alternative text.
    """
    shown = data.dropna(subset="value")
    with large(4.5) as drawing:
        ax = drawing.subplots()
        for series, part in data.groupby("series", sort=False):
            _line(ax, str(series), part)
        top = float(shown["value"].max())
        ax.set_ylim(0, top * (1 + (HEADROOM if marks else 0.06)))
        span = float(shown["time"].min()), float(shown["time"].max())
        inside = [(at, words) for at, words in marks if span[0] <= at <= span[1]]
        _quiet(ax, inside, top)
        ax.set_title(y_label)
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=5, steps=[1, 2, 5, 10]))
        thousands(ax.yaxis)
        ticks = mpl.ticker.MaxNLocator(nbins=4, steps=[1, 2, 5, 10]).tick_values(0, top)
        ax.set_yticks([tick for tick in ticks if 0 <= tick <= top * 1.05])
        key(drawing, ax, columns=1)
    told = (
        of_series(ax, series, part["time"], part["value"], part["when"], part["value"])
        for series, part in shown.groupby("series", sort=False)
    )
    return Figure(drawing, name, title, _alt(shown, inside, finding), data, tuple(tables), tuple(told))


def _line(ax: Axes, series: str, part: pd.DataFrame) -> None:
    concept = str(part["concept"].iloc[0])
    looks = dict(LOOKS[concept])
    if len(part) > MANY:
        looks["marker"] = None
    ax.plot(part["time"], part["value"], color=CONCEPTS[concept], lw=2.2, ms=5, label=series, **looks)


def _quiet(ax: Axes, marks: Sequence[tuple[float, str]], top: float) -> None:
    """Draw policy dates as thin lines with upright names above the data."""
    for at, words in marks:
        ax.axvline(at, color=EDGE, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0)
        ax.text(at, top * 1.06, words, rotation=90, va="bottom", ha="center", color=EDGE)


def _alt(shown: pd.DataFrame, marks: Sequence[tuple[float, str]], finding: str) -> str:
    """Return the trend in words: first what was counted and expected, then the finding and all else.

    The first sentence, with the chart's title, is what a listener hears of a long text.
    """
    told = {str(series): _told(str(series), part) for series, part in shown.groupby("series", sort=False)}
    concepts = dict(zip(shown["series"], shown["concept"], strict=True))
    leads = [words for series, words in told.items() if concepts[series] in ("actual", "expected")]
    rest = [words for series, words in told.items() if concepts[series] not in ("actual", "expected")]
    marked = "; ".join(" ".join(name.split()) for _, name in marks)
    parts = ["; ".join(leads), finding.rstrip("."), *rest, f"Marked: {marked}" if marks else ""]
    return " ".join(f"{part}." for part in parts if part)


def _told(series: str, part: pd.DataFrame) -> str:
    """Return a line in words: where it starts, its highest value between, where it ends."""
    first, last = part.iloc[0], part.iloc[-1]
    said = f"{series}: {written(first['value'])} in {first['when']}"
    if len(part) == 1:
        return said
    peak = part.iloc[int(part["value"].to_numpy().argmax())]
    if peak["when"] not in (first["when"], last["when"]):
        said += f", at most {written(peak['value'])} in {peak['when']}"
    return f"{said}, {written(last['value'])} in {last['when']}"
