"""The book's own Sphinx extension: what the head of each page says to machines, and how numbers are set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from markupsafe import Markup
from sphinx.search.en import SearchEnglish

from careshift import exports
from careshift.pages.news import FEED
from careshift.pipeline import citing, formulas, glossary
from careshift.typography import unbroken_html

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# What the theme and Sphinx write that no screen reader can use: a fold without a name, a list without items.
FOLD = re.compile(r"(<a [^>]*>\s*([^<]*?)\s*</a>\s*<details[^>]*>\s*<summary)")
BIBLIOGRAPHY = re.compile(r' role="(?:list"(?= class="citation-list")|doc-biblioentry")')
UNNAMED = re.compile(r' aria-label="Toggle hidden content"')  # which hides the fold's own words
SCRIPTS = {
    "data-marks": "marks.js",
    "data-maps": "map.js",
    "data-explorer": "explorer.js",
}  # by the attribute that each reads
LONGEST = 300  # characters of a description


class NoIndexOfSphinx(SearchEnglish):
    """English whose index stays empty: the book makes its own, and takes from Sphinx the stemmer alone.

    Of Sphinx's two stemmers for English this one stems as `search_words` does, letter for letter.
    """

    language_name = "Porter"
    js_stemmer_rawcode = "porter-stemmer.js"

    def split(self, input: str) -> list[str]:
        """Return no words, which spares the time of stemming every one."""
        return []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    citing.register(app)
    formulas.register(app)
    app.add_search_language(NoIndexOfSphinx)
    app.connect("doctree-resolved", lazy)
    app.connect("doctree-resolved", glossary.link)
    app.connect("html-page-context", describe, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def describe(
    app: Sphinx, name: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page's template its description, its JSON-LD and the addresses of the book and its feed.

    In its text no line ends between a number and its unit, and a fold is called by its own words.
    """
    context["address"] = app.config.html_baseurl
    context["feed"] = f"_static/{FEED}" if (Path(app.srcdir) / "assets" / FEED).exists() else ""
    if make := context.get("generate_toctree_html"):
        context["generate_toctree_html"] = lambda **options: FOLD.sub(
            r'\1 aria-label="Pages of \2"', str(make(**options))
        )
    if doctree is not None:
        for name, script in SCRIPTS.items():
            if f" {name}='" in context["body"]:
                app.add_js_file(script, loading_method="defer")  # for this page alone
        context["body"] = unbroken_html(UNNAMED.sub("", BIBLIOGRAPHY.sub("", context["body"])))
        context["description"] = description(doctree)
        context["records"] = [exports.inert(record(app, name, context))]


def lazy(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Let a browser load each picture when a reader comes near it."""
    for picture in doctree.findall(nodes.image):
        picture["loading"] = "lazy"


def record(app: Sphinx, name: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what schema.org calls this page: the report itself, or an article that is part of it."""
    about = exports.citation()
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
    """Return a page's first paragraph as plain text, cut at a word."""
    paragraphs = (p for p in doctree.findall(nodes.paragraph) if isinstance(p.parent, nodes.section))
    text = " ".join(next((p.astext() for p in paragraphs), "").split())
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
