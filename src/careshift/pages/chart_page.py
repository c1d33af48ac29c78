"""A figure on a page: title, picture, source, downloads, and the same in words and numbers."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from careshift import tables
from careshift.claims import SOURCES
from careshift.pages.frames import html_table
from careshift.pages.safe_text import Markdown, as_attribute, escape, html_block, html_text

ROWS = 40  # of a figure's data shown on the page; the CSV has them all
FEW = 3  # tables of a figure that its source line names one by one
LETTERS = 300  # of an alternative text; what is longer stands under the picture
KINDS = {"csv": "Data (CSV)", "svg": "Picture (SVG)", "png": "Picture (PNG)"}
SIZE = re.compile(r'<svg[^>]* viewBox="0 0 ([\d.]+) ([\d.]+)"')


def figure_block(
    anchor: str, address: str, number: int, figure: Mapping[str, Any], svg: str, code: str | None = None
) -> Markdown:
    """Return a figure for the staged book.

    `address` is the folder of the figure's files as the page sees it, `figure` what the notebook carries, and
    `code` the address of the notebook that drew it, where there is a public repository.
    """
    base = f"{address}/{figure['name']}"
    wide, high = map(round, size(svg))
    words = html_text(short(figure))
    links = " ".join(f'<a href="{base}.{kind}" download>{label}</a>' for kind, label in KINDS.items())
    links += f' <a href="{html_text(code)}">Code of this figure</a>' if code else ""
    head = (
        f'<div class="chart" id="{anchor}"{handle(figure)}><figure>',
        f"<figcaption><span>Figure {number}.</span> {html_text(figure['title'])}</figcaption>",
        f'<img src="{base}.svg" alt="{words}" width="{wide}" height="{high}" loading="lazy" '
        'class="dark-light">',
        '</figure><div class="chart-source">',
    )
    tail = (f'</div><p class="chart-links">{links}</p>', _in_words(figure, number), "</div>")
    return Markdown("\n\n".join([html_block(*head), sources(figure["tables"]), html_block(*tail), ""]))


def handle(figure: Mapping[str, Any]) -> str:
    """Return the attribute that carries a figure's marks for `assets/marks.js`; nothing where it has none.

    JSON in single quotes, escaped, so that no word of it can leave the attribute.
    """
    if not figure.get("marks"):
        return ""
    told = {"rows": int(figure["downwards"]), "marks": json.loads(figure["marks"])}
    return f" data-marks='{as_attribute(told)}'"


def anchor(run_id: str, name: str) -> str:
    """Return the anchor of a run's figure, which lasts."""
    return f"figure-{run_id.replace('/', '-').replace('_', '-')}-{name}"


def size(svg: str) -> tuple[float, float]:
    """Return the width and the height of a drawing."""
    wide, high = SIZE.search(svg).groups()  # type: ignore[union-attr]
    return float(wide), float(high)


def short(figure: Mapping[str, Any]) -> str:
    """Return an alternative text that can be listened to: the first sentence of a long one, and the title."""
    alt: str = figure["alt"]
    if len(alt) <= LETTERS:
        return alt
    return f"{alt.split('. ')[0].rstrip('.')}. {figure['title']}. All numbers stand below the picture."


def _in_words(figure: Mapping[str, Any], number: int) -> str:
    head, *rows = csv.reader(figure["csv"].splitlines())
    part = f" (the first {ROWS} of {len(rows)} rows)" if len(rows) > ROWS else ""
    caption = f"The numbers of figure {number}{part}"
    table = html_table([name.replace("_", " ") for name in head], rows[:ROWS], caption)
    return (
        f"<details><summary>Figure {number} in words and numbers</summary>"
        f"<p>{html_text(figure['alt'])}</p>\n{table}</details>"
    )


def sources(names: Sequence[str]) -> Markdown:
    """Return a figure's sources: of a few each table, of more one line and a fold with each table."""
    if len(names) <= FEW:
        return Markdown(f"Source: {'; '.join(map(source_words, names))}.")
    each = "\n".join(f"- {source_words(name)}" for name in names)
    fold = html_block(f"<details><summary>The {len(names)} tables, with their licences</summary>")
    return Markdown("\n\n".join([f"Source: {by_publisher(names)}.", fold, each, html_block("</details>")]))


def source_words(name: str) -> Markdown:
    """Return title, vintage and licence of a figure's table, linked to the catalogue.

    The short key of a document stands for the numbers that it prints.
    """
    if name in SOURCES:
        return Markdown(f"{{cite:t}}`{name}`, as printed")
    about = tables.describe(name)
    licence = ", ".join(licence["title"] for licence in about["licenses"])
    words = f"{escape(about['vintage'])} ({escape(licence)})"
    return Markdown(f"[{escape(about['title'])}](#table-{name}), {words}")


def by_publisher(names: Iterable[str]) -> Markdown:
    """Return the publishers of several tables with their vintages: "Welsh Government (census of 2020)"."""
    vintages: dict[str, list[str]] = {}
    for name in names:
        who, when = _origin(name)
        vintages.setdefault(who, []).append(when)
    return Markdown("; ".join(f"{who} ({'; '.join(dict.fromkeys(of))})" for who, of in vintages.items()))


def _origin(name: str) -> tuple[str, str]:
    """Return who published a table, in few words, and when."""
    if name in SOURCES:
        return f"{{cite:t}}`{name}`", "as printed"
    about = tables.describe(name)
    who = about["publisher"].partition(", from data")[0].replace("; ", " and ")
    return escape(who), escape(about["vintage"])
