"""A figure on a page: title, picture, source, downloads, and the same in words and numbers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from typing import Any

from careshift import tables
from careshift.claims import SOURCES
from careshift.pages.frames import html_table
from careshift.pages.markup import Markdown, escape, html_block, html_text

ROWS = 40  # of a figure's data shown on the page; the CSV has them all
LETTERS = 300  # of an alternative text; what is longer stands under the picture
KINDS = {"csv": "Data (CSV)", "svg": "Picture (SVG)", "png": "Picture (PNG)"}
SIZE = re.compile(r'<svg[^>]* viewBox="0 0 ([\d.]+) ([\d.]+)"')


def figure_block(
    anchor: str, address: str, number: int, figure: Mapping[str, Any], svg: str, code: str | None = None
) -> Markdown:
    """Answer a figure for the staged book.

    `address` is the folder of the figure's files as the page sees it, `figure` what the notebook carries, and
    `code` the address of the notebook that drew it, where there is a public repository.
    """
    base = f"{address}/{figure['name']}"
    wide, high = (round(float(side)) for side in SIZE.search(svg).groups())  # type: ignore[union-attr]
    words = html_text(short(figure))
    links = " ".join(f'<a href="{base}.{kind}" download>{label}</a>' for kind, label in KINDS.items())
    links += f' <a href="{html_text(code)}">Code of this figure</a>' if code else ""
    head = (
        f'<div class="chart" id="{anchor}"><figure>',
        f"<figcaption><span>Figure {number}.</span> {html_text(figure['title'])}</figcaption>",
        f'<img src="{base}.svg" alt="{words}" width="{wide}" height="{high}" loading="lazy" '
        'class="dark-light">',
        '</figure><div class="chart-source">',
    )
    tail = (f'</div><p class="chart-links">{links}</p>', _in_words(figure, number), "</div>")
    return Markdown(
        "\n\n".join([html_block(*head), f"Source: {source_words(figure['tables'])}.", html_block(*tail), ""])
    )


def short(figure: Mapping[str, Any]) -> str:
    """Answer an alternative text that can be listened to: the first sentence of a long one, and the title."""
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
        "<details><summary>This figure in words and numbers</summary>"
        f"<p>{html_text(figure['alt'])}</p>\n{table}</details>"
    )


def source_words(names: Iterable[str]) -> Markdown:
    """Answer a figure's sources: title, vintage and licence of each table, linked to the catalogue.

    The short key of a document stands for the numbers that it prints.
    """
    parts = []
    for name in names:
        if name in SOURCES:
            parts.append(f"{{cite:t}}`{name}`, as printed")
            continue
        about = tables.describe(name)
        licence = ", ".join(licence["title"] for licence in about["licenses"])
        words = f"{escape(about['vintage'])} ({escape(licence)})"
        parts.append(f"[{escape(about['title'])}](#table-{name}), {words}")
    return Markdown("; ".join(parts))
