"""Organisation charts: bodies as boxes, relations as arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from careshift.figures.figure import Figure
from careshift.figures.style import BOX, DASHES, INK, PALETTE, chart, key

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


BOX_WIDTH, BOX_HEIGHT = 0.88, 0.6  # shares of a column and of a row


def organisation(
    bodies: pd.DataFrame,
    links: pd.DataFrame,
    *,
    relations: Sequence[str],
    name: str,
    title: str,
    tables: Sequence[str],
) -> Figure:
    """Return an organisation chart: a box a line of `bodies` (body, label, row, column, number) and arrows.

    `links` has body, relation and other: an arrow from the body to the other, in the colour and dash of its
    place among `relations`, so that several charts look alike.
    """
    boxes: dict[str, Any] = {str(box["body"]): box for box in bodies.to_dict("records")}
    looks = dict(zip(relations, zip(PALETTE, DASHES, strict=True), strict=False))
    rows = bodies["row"].max() + 1
    with chart(0.9 + 1.2 * rows) as (drawing, ax):
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
        key(drawing, ax, columns=1)
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
