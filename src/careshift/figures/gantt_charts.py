"""Gantt charts: what is due when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from careshift.figures.figure import Figure
from careshift.figures.marks import of_series
from careshift.figures.style import INK, PALETTE, RULE, SHADE, chart

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


def gantt(
    data: pd.DataFrame,
    *,
    label: str,
    group: str,
    name: str,
    title: str,
    tables: Sequence[str],
    marks: Sequence[tuple[Any, str]] = (),
) -> Figure:
    """Return a Gantt chart: a row a line of `data`, in groups, with columns begin, early, end and sign.

    `sign` is "span" (a bar to `early`, paler to `end`), "by" (a diamond on a printed date) or "from" (a
    diamond with an arrow). `marks` are days (day, label), dashed verticals.
    """
    groups = list(dict.fromkeys(data[group]))
    spaced = [row for g in groups for row in (g, *data.index[data[group] == g])]
    rows = {y: row for y, row in enumerate(spaced) if row not in groups}
    with chart(1.6 + 0.25 * len(spaced), grid="x") as (drawing, ax):
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
            ax.axvline(day, **RULE)
            ax.annotate(words, (day, -0.9), xytext=(4, 0), textcoords="offset points", fontsize=9)
        ax.set_yticks(list(rows), data.loc[list(rows.values()), label], fontsize=9)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_ylim(len(spaced) - 0.4, -1.2)
        _quarters(ax, data["begin"].min(), data["end"].max())
        _gantt_legend(drawing, data)
    spans = [_span_words(row) for _, row in data.iterrows()]
    words = "; ".join(f"{a}: {span}" for a, span in zip(data[label], spans, strict=True))
    drawn = data.loc[list(rows.values())]
    convert: Any = ax.convert_xunits
    ends = [convert(day) for day in drawn["end"]]
    told = of_series(ax, "due", ends, rows, drawn[label], [_span_words(row) for _, row in drawn.iterrows()])
    alt = f"Gantt chart. {words}."
    return Figure(drawing, name, title, alt, data, tuple(tables), (told,), downwards=True)


def _quarters(ax: Axes, first: pd.Timestamp, last: pd.Timestamp) -> None:
    import pandas as pd

    days: Any = pd.date_range(first, last, freq="QS")
    words = [f"{d:%b\n%Y}" if d.month == 1 or d == days[0] else f"{d:%b}" for d in days]
    ax.set_xticks(days, words)


def _gantt_row(ax: Axes, y: int, row: pd.Series) -> None:
    if row["sign"] == "span":
        ax.barh(y, row["early"] - row["begin"], left=row["begin"], height=0.55, color=PALETTE[0])
        if row["end"] > row["early"]:
            ax.barh(y, row["end"] - row["early"], left=row["early"], height=0.55, color=SHADE)
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
        shown["late end of a printed span"] = Patch(color=SHADE)
    if (data["sign"] == "by").any():
        shown["printed date"] = Line2D([], [], linestyle="", **diamond)
    if (data["sign"] == "from").any():
        shown["from a printed date on"] = Line2D([], [], linewidth=1, **diamond)
    drawing.legend(shown.values(), shown.keys(), loc="outside upper left", ncols=2)


def _span_words(row: pd.Series) -> str:
    if row["sign"] != "span":
        return f"{row['sign']} {row['end']:%-d %B %Y}"
    ends = [f"{day:%-d %B %Y}" for day in (row["early"], row["end"])]
    return f"until {' or '.join(dict.fromkeys(ends))}"
