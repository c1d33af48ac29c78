"""Charts that carry their data, alternative text and sources; printed points always look the same."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure as Canvas

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from careshift.claims import Choice, Claim, Interval

MIME = "application/vnd.careshift.figure+json"
INK = "#1f2329"  # text, axes and printed points; the dark rendering swaps it
GRID = "#d5d9df"
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#b0609a", "#7a7a7a")  # Okabe-Ito, legible on light and dark
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1)))
MARKERS = ("o", "s", "^", "D", "v")
STYLE: dict[Any, Any] = {
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 11,
    "svg.hashsalt": "careshift",
}


@dataclass(frozen=True)
class Figure:
    """A finished chart: show it last in a cell. `name` is its file name and anchor within the chapter."""

    canvas: Canvas
    name: str
    title: str
    alt: str
    data: pd.DataFrame
    tables: tuple[str, ...]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        csv = StringIO()
        self.data.to_csv(csv, index=False, float_format="%.6g", lineterminator="\n")
        return {
            "text/plain": f"Figure: {self.title}\n{self.alt}",
            "image/svg+xml": self._picture("svg").decode(),
            "image/png": base64.b64encode(self._picture("png")).decode(),
            MIME: {
                "name": self.name,
                "title": self.title,
                "alt": self.alt,
                "csv": csv.getvalue(),
                "tables": list(self.tables),
            },
        }

    def _picture(self, kind: str) -> bytes:
        out = BytesIO()
        opaque: dict[str, Any] = {"facecolor": "white", "dpi": 200} if kind == "png" else {}
        metadata = {"Date": None} if kind == "svg" else {}
        with mpl.rc_context(STYLE):
            self.canvas.savefig(out, format=kind, bbox_inches="tight", metadata=metadata, **opaque)
        return out.getvalue()


def canvas(height: float = 3.7, rows: int = 1) -> tuple[Canvas, Any]:
    """Answer an empty chart in the book's style, 5.4 inches wide so that its text is legible on a phone."""
    with mpl.rc_context(STYLE):
        drawing = Canvas(figsize=(5.4, height), layout="constrained")
        axes = drawing.subplots(rows, 1)
    return drawing, axes


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
        _finish(ax, y_label, x_label, zero, ticks or (_few(x_names) if x_names else None))
        if y_range:
            ax.set_ylim(*y_range)
        handles, labels = ax.get_legend_handles_labels()
        shown = dict(zip(labels, handles, strict=True))
        drawing.legend(
            shown.values(), shown.keys(), loc="outside upper left", ncols=1, frameon=False, fontsize=10
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


def _finish(ax: Axes, y_label: str, x_label: str, zero: bool, ticks: Mapping[float, str] | None) -> None:
    ax.set_ylabel(y_label)
    ax.set_xlabel(x_label)
    low, high = ax.get_ylim()
    if zero:
        ax.set_ylim(min(0, low), high)
    if max(abs(low), abs(high)) >= 1000:
        ax.yaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
    if ticks:
        ax.set_xticks(list(ticks), list(ticks.values()))
    elif not x_label or "year" in x_label.lower():
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=8))


def _few(x_names: Mapping[float, str], most: int = 6) -> dict[float, str]:
    """Answer every second, third ... name, so that no more than `most` stand below the axis."""
    return dict(list(x_names.items())[:: -(-len(x_names) // most)])


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
    alt: str | None = None,
) -> Figure:
    """Answer small multiples: one small line chart for each value of `by`, all on the same scales."""
    groups = [(str(group), data[data[by] == group]) for group in data[by].unique()]
    rows = -(-len(groups) // columns)
    with mpl.rc_context(STYLE):
        drawing = Canvas(figsize=(5.4, 0.8 + 1.15 * rows), layout="constrained")
        grid = drawing.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for ax, (group, part) in zip(grid.flat, groups, strict=False):
            for number, (column, label) in enumerate(series.items()):
                ax.plot(part[x], part[column], color=PALETTE[number], ls=DASHES[number], lw=1.8, label=label)
            for position in marks:
                ax.axvline(position, color=INK, linewidth=1, linestyle=(0, (2, 2)))
            ax.set_title(group, fontsize=10, loc="left", color=INK)
        for ax in list(grid.flat)[len(groups) :]:
            ax.set_visible(False)
        if x_names:
            ticks = _few(x_names, 3)
            grid[0, 0].set_xticks(list(ticks), list(ticks.values()))
        for ax in grid.flat:
            ax.tick_params(labelsize=9)
        drawing.supylabel(y_label, fontsize=11, color=INK)
        handles, labels = grid[0, 0].get_legend_handles_labels()
        drawing.legend(
            handles, labels, loc="outside upper left", ncols=len(series), frameon=False, fontsize=10
        )
    first = next(iter(series))
    ends = "; ".join(f"{g} {_number(p[first].iloc[0])} to {_number(p[first].iloc[-1])}" for g, p in groups)
    words = alt or f"{len(groups)} small line charts. {series[first]}, first to last period: {ends}."
    return Figure(drawing, name, title, words, data, tuple(tables))


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
    """Answer a dot-and-whisker chart, a row a line of `data`; `printed` names the source's column."""
    drawing, ax = canvas(height=1.2 + 0.42 * len(data))
    rows = list(range(len(data)))
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        ax.grid(visible=False)
        ax.grid(visible=True, axis="x")
        ax.hlines(rows, data[low], data[high], color=PALETTE[0], linewidth=2.4)
        ax.plot(data[value], rows, "o", color=PALETTE[0], ms=6, label="derived, with its interval")
        if printed:
            ax.plot(data[printed], rows, "D", ms=9, mfc="none", mec=INK, mew=1.8, label="printed")
        if reference is not None:
            ax.axvline(reference, color=INK, linewidth=1, linestyle=(0, (2, 2)))
        ax.set_yticks(rows, data[label])
        ax.invert_yaxis()
        ax.set_xlabel(x_label)
        drawing.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=10)
    words = alt or alt_of_intervals(data, label, value, low, high, printed)
    return Figure(drawing, name, title, words, data, tuple(tables))


def choices(
    made: Sequence[Choice],
    printed: Interval,
    *,
    name: str,
    title: str,
    x_label: str,
    tables: Sequence[str],
) -> Figure:
    """Answer a value under every choice of method against the printed interval, drawn as a shaded band.

    Filled dots may set the verdict; hollow ones are shown apart.
    """
    import pandas as pd

    data = pd.DataFrame([c.model_dump() for c in made]).sort_values(["decides", "value"], ascending=False)
    data["inside_print"] = [printed.contains(v) for v in data["value"]]
    drawing, ax = canvas(height=1.2 + 0.3 * len(data))
    rows = range(len(data))
    with mpl.rc_context(STYLE):
        ax.grid(visible=False)
        low, high = _drawn(printed, list(data["value"]))
        ax.axvspan(low, high, color=PALETTE[0], alpha=0.2, linewidth=0, label="printed")
        for decides, face, label in ((True, INK, "decides"), (False, "none", "shown apart")):
            at = [r for r, d in zip(rows, data["decides"], strict=True) if d == decides]
            if at:
                values = data["value"].iloc[at]
                ax.plot(values, at, "o", mec=INK, mfc=face, ms=7, mew=1.5, linestyle="", label=label)
        ax.set_yticks(list(rows), data["label"])
        ax.invert_yaxis()
        ax.set_xlabel(x_label)
        drawing.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=10)
    inside = int((data["inside_print"] & data["decides"]).sum())
    words = "; ".join(f"{a}: {_number(v)}" for a, v in zip(data["label"], data["value"], strict=True))
    alt = (
        f"Dots against the printed {_reach(printed)}; {inside} of "
        f"{int(data['decides'].sum())} deciding choices lie inside. {words}."
    )
    return Figure(drawing, name, title, alt, data, tuple(tables))


def _drawn(printed: Interval, values: Sequence[float]) -> tuple[float, float]:
    """Answer where the printed interval is drawn: an end without limit stops just outside the values."""
    ends = [*values, *(end for end in (printed.low, printed.high) if math.isfinite(end))]
    margin = 0.08 * (max(ends) - min(ends)) or 1.0
    low = printed.low if math.isfinite(printed.low) else min(ends) - margin
    high = printed.high if math.isfinite(printed.high) else max(ends) + margin
    return low, high


def _reach(printed: Interval) -> str:
    if math.isinf(printed.high):
        return f"value, more than {_number(printed.low)}"
    if math.isinf(printed.low):
        return f"value, less than {_number(printed.high)}"
    return f"interval {_number(printed.low)} to {_number(printed.high)}"


def bars(
    data: pd.DataFrame,
    *,
    label: str,
    value: str,
    name: str,
    title: str,
    x_label: str,
    tables: Sequence[str],
    alt: str | None = None,
) -> Figure:
    """Answer a horizontal bar chart, a bar a line of `data`, each labelled with its number."""
    drawing, ax = canvas(height=1.0 + 0.42 * len(data))
    with mpl.rc_context(STYLE):
        sns.barplot(data=data, x=value, y=label, color=PALETTE[0], ax=ax, orient="h")
        for container in ax.containers:
            ax.bar_label(container, fmt="{:,.0f}", padding=4, fontsize=10)
        ax.margins(x=0.15)
        ax.axvline(0, color=INK, linewidth=1)
        ax.set_xlabel(x_label)
        ax.set_ylabel("")
        ax.grid(visible=False)
    pairs = "; ".join(f"{a} {b:,.0f}" for a, b in zip(data[label], data[value], strict=True))
    return Figure(drawing, name, title, alt or f"Bar chart. {pairs}.", data, tuple(tables))


def verdict_title(claim: Claim, made: Sequence[Choice]) -> str:
    """Answer a title that counts how many deciding choices give the printed value."""
    deciding = [c.value for c in made if c.decides]
    inside = sum(claim.interval.contains(v) for v in deciding)
    unit = "%" if claim.unit.startswith("percent") else claim.unit
    return f"{inside} of {len(deciding)} defensible choices give the printed {claim.printed} {unit}"


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
        return x_names[position] if x_names and position in x_names else _number(position, True)

    words = []
    for column, label in series.items():
        known = data[[x, column]].dropna()
        (x0, y0), (x1, y1) = known.iloc[0], known.iloc[-1]
        words.append(f"{label}: from {_number(y0)} in {when(x0)} to {_number(y1)} in {when(x1)}")
    words += [f"{label}: {_number(y)} in {when(px)}" for px, y, label in printed]
    words += [f"dashed line at {when(position)}: {label}" for position, label in marks]
    return f"Line chart. {'; '.join(words)}."


def alt_of_intervals(
    data: pd.DataFrame, label: str, value: str, low: str, high: str, printed: str | None = None
) -> str:
    """Answer a dot-and-whisker chart in words, computed from its data: value, interval and print."""
    prints = data[printed] if printed else [float("nan")] * len(data)
    rows = zip(data[label], data[value], data[low], data[high], prints, strict=True)
    words = (
        f"{a}: {_number(v)} ({_number(p)} to {_number(q)}{f'; printed {_number(d)}' if d == d else ''})"
        for a, v, p, q, d in rows
    )
    return f"Dots with intervals. {'; '.join(words)}."


def _number(value: Any, is_time: bool = False) -> str:
    if isinstance(value, (str, bytes)):
        return str(value)
    number = float(value)
    if is_time:
        return f"{number:g}"
    return (
        f"{number:,.0f}" if abs(number) >= 100 else f"{number:,.1f}" if abs(number) >= 1 else f"{number:.3g}"
    )
