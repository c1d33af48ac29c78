"""One line among many: a place's own series, the whole's, and all others as a quiet crowd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.collections import LineCollection

from careshift.figures.figure import Figure
from careshift.figures.line_charts import draw_line
from careshift.figures.marks import of_series
from careshift.figures.style import GRID, RULE, chart, finish, key
from careshift.figures.words import written

if TYPE_CHECKING:
    import pandas as pd


def crowd(
    data: pd.DataFrame,
    *,
    names: tuple[str, str, str],
    name: str,
    title: str,
    y_label: str,
    mark: tuple[float, str],
    tables: Sequence[str],
) -> Figure:
    """Return a line chart of one place among many.

    `data` has columns area, period, time, value, own and whole (true for the place and for the country);
    `names` are the legend's words for the place, the country and the others; `mark` is an interruption.
    """
    others = data[~data["own"] & ~data["whole"]]
    own, whole = (data[data[which]].sort_values("time") for which in ("own", "whole"))
    with chart() as (drawing, ax):
        drawn = [part[["time", "value"]].to_numpy(float) for _, part in others.groupby("area", sort=False)]
        ax.add_collection(LineCollection(drawn, colors=GRID, linewidths=1, label=names[2]))
        draw_line(ax, own["time"], own["value"], 0, names[0])
        draw_line(ax, whole["time"], whole["value"], 1, names[1])
        ax.axvline(mark[0], **RULE)
        ax.annotate(mark[1], (mark[0], 0.03), xycoords=("data", "axes fraction"), xytext=(4, 0),
                    textcoords="offset points", fontsize=9)  # fmt: skip
        ax.autoscale_view()
        finish(ax, y_label, "", True, None)
        key(drawing, ax)
    lines = [(names[0], own), (names[1], whole), *others.groupby("area", sort=False)]
    told = (
        of_series(ax, area, part["time"], part["value"], part["period"], part["value"])
        for area, part in lines
    )
    words = _words(data, own, whole, names, mark)
    return Figure(drawing, name, title, words, data, tuple(tables), tuple(told))


def _words(
    data: pd.DataFrame,
    own: pd.DataFrame,
    whole: pd.DataFrame,
    names: tuple[str, str, str],
    mark: tuple[float, str],
) -> str:
    said = []
    for label, rows in ((names[0], own), (names[1], whole)):
        known = rows.dropna(subset=["value"])
        (first, start), (last, end) = known[["value", "period"]].iloc[[0, -1]].to_numpy()
        said.append(f"{label}: from {written(first)} in {start} to {written(last)} in {end}")
    others = data[~data["own"] & ~data["whole"]]
    latest = others.loc[others["time"] == own["time"].max(), "value"].dropna()
    said.append(f"{names[2]}: from {written(latest.min())} to {written(latest.max())} in the last period")
    return f"Line chart. {'; '.join(said)}; dashed line: {mark[1]}."
