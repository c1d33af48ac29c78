"""The book's own Sphinx extension: what the head of each page says to machines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from markupsafe import Markup

from careshift import machine

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LONGEST = 300  # characters of a description
FEED = "_static/feed.xml"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def describe(
    app: Sphinx, name: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page's template its description, its JSON-LD and the addresses of the book and its feed."""
    context["address"] = app.config.html_baseurl
    context["feed"] = FEED if (Path(app.srcdir) / "assets" / Path(FEED).name).exists() else ""
    if doctree is not None:
        context["description"] = description(doctree)
        context["records"] = [machine.inert(record(app, name, context))]


def record(app: Sphinx, name: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what schema.org calls this page: the report itself, or an article that is part of it."""
    about = machine.citation()
    address = app.config.html_baseurl
    described = {
        "@context": "https://schema.org/",
        "@type": "Report" if name == app.config.root_doc else "Article",
        "headline": Markup(context["title"]).striptags(),  # noqa: S704 (its tags go)
        "description": context["description"],
        "inLanguage": app.config.language,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": about["version"],
        "author": [{"@type": "Organization", "name": author["name"]} for author in about["authors"]],
        "isPartOf": {"@type": "Report", "name": about["title"]},
    }
    return described | ({"url": f"{address}{name}.html"} if address else {})


def description(doctree: nodes.document) -> str:
    """Answer a page's first paragraph as plain text, cut at a word."""
    paragraphs = (p for p in doctree.findall(nodes.paragraph) if isinstance(p.parent, nodes.section))
    text = " ".join(next((p.astext() for p in paragraphs), "").split())
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
