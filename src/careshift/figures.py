"""Charts that carry their data, alternative text and sources; printed points always look the same."""

from __future__ import annotations

import base64
import math
import textwrap
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
BOX = "#eef1f5"  # inside of a box; the dark rendering swaps it
BOX_WIDTH, BOX_HEIGHT = 0.88, 0.6  # shares of a column and of a row
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#b0609a", "#7a7a7a")  # Okabe-Ito, legible on light and dark
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1)))
MARKERS = ("o", "s", "^", "D", "v")
SIGNS = (("o", "none", INK), ("o", PALETTE[2], PALETTE[2]), ("D", PALETTE[1], PALETTE[1]), ("s", INK, INK))
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


def _finish(ax: Axes, y_label: str, x_label: str, zero: bool, ticks: Mapping[float, str] | None) -> None:
    ax.set_ylabel(y_label)
    ax.set_xlabel(x_label)
    low, high = ax.get_ylim()
    if zero:
        ax.set_ylim(min(0, low), high + 0.03 * max(high, 0))  # room for the uppermost marker
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
    x_label: str = "",
    reference: float | None = None,
    y_range: tuple[float, float] | None = None,
    alt: str | None = None,
) -> Figure:
    """Answer small multiples: one small line chart for each value of `by`, all on the same scales.

    `reference` is a level drawn across every chart, such as the nominal 95 %; `y_range` the common scale.
    """
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
            if reference is not None:
                ax.axhline(reference, color=INK, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
            ax.set_title(group, fontsize=10, loc="left", color=INK)
        for ax in list(grid.flat)[len(groups) :]:
            ax.set_visible(False)
        if x_names:
            ticks = _few(x_names, 3)
            grid[0, 0].set_xticks(list(ticks), list(ticks.values()))
        for ax in grid.flat:
            ax.tick_params(labelsize=9)
        if y_range:
            grid[0, 0].set_ylim(*y_range)
        drawing.supylabel(y_label, fontsize=11, color=INK)
        drawing.supxlabel(x_label, fontsize=11, color=INK)
        handles, labels = grid[0, 0].get_legend_handles_labels()
        drawing.legend(
            handles, labels, loc="outside upper left", ncols=min(2, len(series)), frameon=False, fontsize=10
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
        ax.set_yticks(rows, [_wrapped(text) for text in data[label]])
        ax.set_ylim(len(data) - 0.4, -0.6)  # downwards, with room for the marks of the first and last row
        ax.set_xlabel(x_label)
        drawing.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=10)
    words = alt or alt_of_intervals(data, label, value, low, high, printed)
    return Figure(drawing, name, title, words, data, tuple(tables))


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
    """Answer single values that no line may join, one marker for each kind that the column `by` names.

    `when` is the column that says each date in words; `level` is a dashed horizontal (y, label), `window` a
    shaded span of dates (from, to, label).
    """
    drawing, ax = canvas()
    with mpl.rc_context(STYLE):
        if window:
            ax.axvspan(window[0], window[1], color=GRID, alpha=0.5, linewidth=0, label=window[2])
        if level:
            ax.axhline(level[0], color=INK, linewidth=1.2, linestyle=(0, (2, 2)), label=level[1])
        for number, (kind, part) in enumerate(data.groupby(by, sort=False)):
            ax.plot(
                part[x], part[y], MARKERS[number % 5], color=PALETTE[number % 5], ms=7, ls="", label=str(kind)
            )
        ax.margins(y=0.1)
        _finish(ax, y_label, "", True, None)
        drawing.legend(loc="outside upper left", ncols=1, frameon=False, fontsize=10)
    words = [f"{k}: {_number(v)} in {w}" for k, v, w in zip(data[by], data[y], data[when], strict=True)]
    words += [f"dashed line at {_number(level[0])}: {level[1]}"] if level else []
    alt = f"Single points, not joined. {'; '.join(words)}."
    return Figure(drawing, name, title, alt, data, tuple(tables))


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
        sns.barplot(data=data, x=value, y=label, color=PALETTE[0], saturation=1, ax=ax, orient="h")
        for container in ax.containers:
            ax.bar_label(container, fmt="{:,.0f}", padding=4, fontsize=10)
        ax.set_yticks(range(len(data)), [_wrapped(text) for text in data[label]])
        ax.margins(x=0.15)
        ax.axvline(0, color=INK, linewidth=1)
        ax.set_xlabel(x_label)
        ax.set_ylabel("")
        ax.grid(visible=False)
    pairs = "; ".join(f"{a} {b:,.0f}" for a, b in zip(data[label], data[value], strict=True))
    return Figure(drawing, name, title, alt or f"Bar chart. {pairs}.", data, tuple(tables))


def _wrapped(label: object, width: int = 28) -> str:
    return textwrap.fill(str(label), width)


def gantt(
    data: pd.DataFrame,
    *,
    label: str,
    group: str,
    name: str,
    title: str,
    tables: Sequence[str],
    marks: Sequence[tuple[pd.Timestamp, str]] = (),
) -> Figure:
    """Answer a Gantt chart: a row a line of `data`, in groups, with columns begin, early, end and sign.

    `sign` is "span" (a bar to `early`, paler to `end`), "by" (a diamond on a printed date) or "from" (a
    diamond with an arrow). `marks` are days (day, label), dashed verticals.
    """
    groups = list(dict.fromkeys(data[group]))
    spaced = [row for g in groups for row in (g, *data.index[data[group] == g])]
    rows = {y: row for y, row in enumerate(spaced) if row not in groups}
    drawing, ax = canvas(height=1.6 + 0.25 * len(spaced))
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        ax.grid(visible=False)
        ax.grid(visible=True, axis="x")
        for y, row in rows.items():
            _gantt_row(ax, y, data.loc[row])
        for y, words in enumerate(spaced):
            if y not in rows:
                head = ax.annotate(
                    words,
                    (0, y),
                    xycoords=("figure fraction", "data"),
                    va="center",
                    fontsize=9,
                    fontweight="bold",
                )
                head.set_in_layout(False)
        for day, words in marks:
            ax.axvline(day, color=INK, linewidth=1, linestyle=(0, (2, 2)))
            ax.annotate(words, (day, -0.9), xytext=(4, 0), textcoords="offset points", fontsize=9)
        ax.set_yticks(list(rows), data.loc[list(rows.values()), label], fontsize=9)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_ylim(len(spaced) - 0.4, -1.2)
        _quarters(ax, data["begin"].min(), data["end"].max())
        _gantt_legend(drawing, data)
    spans = (_span_words(row) for _, row in data.iterrows())
    words = "; ".join(f"{a}: {span}" for a, span in zip(data[label], spans, strict=True))
    return Figure(drawing, name, title, f"Gantt chart. {words}.", data, tuple(tables))


def _quarters(ax: Axes, first: pd.Timestamp, last: pd.Timestamp) -> None:
    import pandas as pd

    days: Any = pd.date_range(first, last, freq="QS")
    words = [f"{d:%b\n%Y}" if d.month == 1 or d == days[0] else f"{d:%b}" for d in days]
    ax.set_xticks(days, words)


def _gantt_row(ax: Axes, y: int, row: pd.Series) -> None:
    if row["sign"] == "span":
        ax.barh(y, row["early"] - row["begin"], left=row["begin"], height=0.55, color=PALETTE[0])
        if row["end"] > row["early"]:
            ax.barh(y, row["end"] - row["early"], left=row["early"], height=0.55, color=PALETTE[0], alpha=0.4)
        return
    ax.plot([row["end"]], [y], "D", ms=7, mfc="none", mec=INK, mew=1.6)
    if row["sign"] == "from":
        ax.annotate(
            "",
            (1, y),
            xytext=(row["end"], y),
            xycoords=("axes fraction", "data"),
            textcoords="data",
            arrowprops={"arrowstyle": "->", "color": INK, "shrinkA": 6},
        )


def _gantt_legend(drawing: Canvas, data: pd.DataFrame) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    diamond: dict[str, Any] = {"marker": "D", "mfc": "none", "mec": INK, "mew": 1.6, "color": INK}
    shown: dict[str, Any] = {"time allowed": Patch(color=PALETTE[0])}
    if (data["early"] < data["end"]).any():
        shown["late end of a printed span"] = Patch(color=PALETTE[0], alpha=0.4)
    if (data["sign"] == "by").any():
        shown["printed date"] = Line2D([], [], linestyle="", **diamond)
    if (data["sign"] == "from").any():
        shown["from a printed date on"] = Line2D([], [], linewidth=1, **diamond)
    drawing.legend(
        shown.values(), shown.keys(), loc="outside upper left", ncols=2, frameon=False, fontsize=10
    )


def _span_words(row: pd.Series) -> str:
    if row["sign"] != "span":
        return f"{row['sign']} {row['end']:%-d %B %Y}"
    ends = [f"{day:%-d %B %Y}" for day in (row["early"], row["end"])]
    return f"until {' or '.join(dict.fromkeys(ends))}"


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
) -> Figure:
    """Answer a timeline: a dot a line of `data`, stacked above its year in the band of its row.

    `signs` names the values of the column `sign`, at most four, in the legend's order.
    """
    looks = dict(zip(signs, SIGNS, strict=False))
    bands = list(dict.fromkeys(data[row]))
    tallest = {band: data[data[row] == band].groupby(year).size().max() + 2 for band in bands}
    drawing, ax = canvas(height=1.2 + 0.105 * sum(tallest.values()))
    floor = float(sum(tallest.values()))
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        ax.grid(visible=False)
        ax.grid(visible=True, axis="x")
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
            for key, (marker, face, edge) in looks.items():
                here = inside[sign] == key
                ax.plot(inside[year][here], heights[here], marker, mfc=face, mec=edge, ms=4.6, mew=1.1)
        for key, (marker, face, edge) in looks.items():
            ax.plot([], [], marker, mfc=face, mec=edge, ms=6, mew=1.2, label=signs[key])
        ax.set_ylim(0, sum(tallest.values()))
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=8))
        drawing.legend(loc="outside upper left", ncols=1, frameon=False, fontsize=10)
    return Figure(drawing, name, title, _alt_of_timeline(data, year, row, sign, signs), data, tuple(tables))


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
    """Answer one row a `label` with a sign for each place that gives a value, and a line between them.

    `places` names the values of the column `place`; each has its own marker.
    """
    labels = list(dict.fromkeys(data[label]))
    kept = {key: words for key, words in places.items() if (data[place] == key).any()}
    drawing, ax = canvas(height=1.3 + 0.42 * len(labels))
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        ax.grid(visible=False)
        ax.grid(visible=True, axis="x")
        for y, words in enumerate(labels):
            at = data[data[label] == words][value]
            ax.hlines(y, at.min(), at.max(), color=INK, linewidth=1.2)
        for number, (key, words) in enumerate(kept.items()):
            here = data[data[place] == key]
            rows = [labels.index(a) for a in here[label]]
            ax.plot(here[value], rows, MARKERS[number % 5], color=PALETTE[number % 5], ms=8, label=words)
        ax.set_yticks(range(len(labels)), labels)
        ax.set_ylim(len(labels) - 0.5, -0.5)
        ax.set_xlabel(x_label)
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=6))
        drawing.legend(loc="outside upper left", ncols=1, frameon=False, fontsize=10)
    words = "; ".join(
        f"{a}: {', '.join(f'{v:g} ({places[p]})' for v, p in here.drop_duplicates().to_numpy())}"
        for a, here in data.groupby(label, sort=False)[[value, place]]
    )
    return Figure(drawing, name, title, f"Rows with signs by place. {words}.", data, tuple(tables))


def organisation(
    bodies: pd.DataFrame,
    links: pd.DataFrame,
    *,
    relations: Sequence[str],
    name: str,
    title: str,
    tables: Sequence[str],
) -> Figure:
    """Answer an organisation chart: a box a line of `bodies` (body, label, row, column, number) and arrows.

    `links` has body, relation and other: an arrow from the body to the other, in the colour and dash of its
    place among `relations`, so that several charts look alike.
    """
    boxes: dict[str, Any] = {str(box["body"]): box for box in bodies.to_dict("records")}
    looks = dict(zip(relations, zip(PALETTE, DASHES, strict=True), strict=False))
    rows = bodies["row"].max() + 1
    drawing, ax = canvas(height=0.9 + 1.2 * rows)
    with mpl.rc_context(STYLE):
        ax.set_axis_off()
        ax.set_xlim(-0.5, bodies["column"].max() + 0.5)
        ax.set_ylim(rows - 0.6, -0.4)
        for link in links.to_dict("records"):
            _arrow(ax, boxes[link["body"]], boxes[link["other"]], *looks[link["relation"]])
        for box in boxes.values():
            _box(ax, box)
        for relation in (r for r in relations if r in set(links["relation"])):
            colour, dash = looks[relation]
            ax.plot([], [], color=colour, linestyle=dash, linewidth=2, label=f"{relation} (arrow)")
        drawing.legend(loc="outside upper left", ncols=1, frameon=False, fontsize=10)
    return Figure(drawing, name, title, _alt_of_organisation(boxes, links), links, tuple(tables))


def _box(ax: Axes, box: Mapping[str, Any]) -> None:
    from textwrap import wrap

    from matplotlib.patches import Rectangle

    x, y = box["column"], box["row"]
    corner = (x - BOX_WIDTH / 2, y - BOX_HEIGHT / 2)
    frame = Rectangle(corner, BOX_WIDTH, BOX_HEIGHT, facecolor=BOX, edgecolor=INK, linewidth=1.2, zorder=3)
    ax.add_patch(frame)
    counted = box["number"] == box["number"]
    lines = wrap(box["label"], 22) + ([f"{box['number']:,.0f}"] if counted else [])
    for place, line in enumerate(lines):
        down = y + (place - (len(lines) - 1) / 2) * 0.125
        weight = "bold" if counted and place == len(lines) - 1 else "normal"
        ax.text(x, down, line, ha="center", va="center", size=9, weight=weight, zorder=4)


def _arrow(ax: Axes, start: Mapping[str, Any], end: Mapping[str, Any], colour: str, dash: Any) -> None:
    (x0, y0), (x1, y1) = (start["column"], start["row"]), (end["column"], end["row"])
    down = (y1 > y0) - (y1 < y0)
    side = 0 if down else (x1 > x0) - (x1 < x0)
    edge = {"arrowstyle": "-|>", "color": colour, "linestyle": dash, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
    ax.annotate(
        "",
        (x1 - BOX_WIDTH / 2 * side, y1 - BOX_HEIGHT / 2 * down),
        xytext=(x0 + BOX_WIDTH / 2 * side, y0 + BOX_HEIGHT / 2 * down),
        arrowprops=edge,
        zorder=2,
    )


def _alt_of_organisation(boxes: Mapping[str, Mapping[str, Any]], links: pd.DataFrame) -> str:
    counted = (
        box["label"] if box["number"] != box["number"] else f"{box['label']} ({box['number']:,.0f})"
        for box in boxes.values()
    )
    joined = (
        f"{boxes[link['body']]['label']}: {link['relation']} {boxes[link['other']]['label']}"
        for link in links.to_dict("records")
    )
    return f"Organisation chart. Bodies: {'; '.join(counted)}. Links: {'; '.join(joined)}."


def matrix(
    data: pd.DataFrame, *, row: str, column: str, value: str, name: str, title: str, tables: Sequence[str]
) -> Figure:
    """Answer a grid of whole numbers, each on a disc of its size; rows and columns in the order of `data`."""
    rows, columns = list(dict.fromkeys(data[row])), list(dict.fromkeys(data[column]))
    shown = data[data[value] > 0]
    drawing, ax = canvas(height=1.7 + 0.27 * len(rows))
    with mpl.rc_context(STYLE):
        ax.grid(visible=True, axis="both")
        across = [columns.index(c) for c in shown[column]]
        down = [rows.index(r) for r in shown[row]]
        ax.scatter(across, down, s=110 + 30 * shown[value], color=PALETTE[0], alpha=0.25, lw=0, clip_on=False)
        for x, y, number in zip(across, down, shown[value], strict=True):
            ax.text(x, y, f"{number:,.0f}", ha="center", va="center_baseline", size=9)
        ax.set_xticks(range(len(columns)), columns, rotation=90, fontsize=9)
        ax.set_yticks(range(len(rows)), rows, fontsize=9)
        ax.tick_params(length=0, labeltop=True, labelbottom=False)
        ax.set_xlim(-0.6, len(columns) - 0.4)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        for spine in ax.spines.values():
            spine.set_visible(False)
    words = "; ".join(
        f"{r}: {', '.join(f'{c} {n:,.0f}' for c, n in here.to_numpy())}"
        for r, here in shown.groupby(row, sort=False)[[column, value]]
    )
    return Figure(drawing, name, title, f"Grid of numbers. {words}.", data, tuple(tables))


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
    """Answer a chart of two values a row, an open circle and a filled one, with a line from first to last."""
    rows = range(len(data))
    drawing, ax = canvas(height=1.2 + 0.42 * len(data))
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        ax.grid(visible=False)
        ax.grid(visible=True, axis="x")
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.hlines(rows, data[first], data[last], color=INK, linewidth=1.2)
        ax.plot(data[first], rows, "o", mfc="white", mec=INK, ms=8, mew=1.6, label=names[0])
        ax.plot(data[last], rows, "o", color=PALETTE[0], ms=8, label=names[1])
        ax.set_yticks(list(rows), data[label])
        ax.set_ylim(len(data) - 0.5, -0.5)
        ax.set_xlabel(x_label)
        drawing.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=10)
    pairs = zip(data[label], data[first], data[last], strict=True)
    words = "; ".join(f"{a}: {_number(v)} in {names[0]}, {_number(w)} in {names[1]}" for a, v, w in pairs)
    return Figure(drawing, name, title, f"Two dots a row. {words}.", data, tuple(tables))


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
