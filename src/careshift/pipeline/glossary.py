"""Link the first use of a glossary term on a page to its meaning, which shows on hover and on focus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE = "chapters/methods/glossary"
LINKED = ("chapters/ledger/", PAGE)  # pages that lead to the terms already, or that would drown in links
QUIET = (nodes.reference, nodes.table, nodes.caption, nodes.title, nodes.figure)
Terms = dict[str, tuple[str, str]]  # by the term in lower case: where it is explained, and the explanation


def link(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Turn the first use of each term in the running text of a page into a link with its explanation."""
    if name.startswith(LINKED) or PAGE not in app.env.found_docs:
        return
    terms = dict(explained(app.env.get_doctree(PAGE)))
    for text in [node for node in doctree.findall(nodes.Text) if _is_prose(node)]:
        if not terms:
            return
        parts = list(_parted(text.astext(), terms, app.builder.get_relative_uri(name, PAGE)))
        if len(parts) > 1:
            text.parent.replace(text, parts)


def explained(glossary: nodes.document) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each term of the glossary with its anchor and its explanation as plain text."""
    for item in glossary.findall(nodes.definition_list_item):
        words = " ".join(item[-1].astext().split())
        for term in item.findall(nodes.term):
            yield term.astext().lower(), (term["ids"][0], words)


def _is_prose(text: nodes.Text) -> bool:
    if not isinstance(text.parent, nodes.paragraph):
        return False
    above = text.parent
    while above is not None:
        if isinstance(above, QUIET):
            return False
        above = above.parent
    return True


def _parted(text: str, terms: Terms, page: str) -> Iterator[nodes.Node]:
    """Yield the text in pieces, the first use of each term as a link; a term that is used leaves `terms`."""
    start = 0
    pattern = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    for found in re.finditer(rf"\b(?:({pattern})s?)\b", text, re.IGNORECASE):
        if found[1].lower() not in terms:
            continue
        anchor, words = terms.pop(found[1].lower())
        if found.start() > start:
            yield nodes.Text(text[start : found.start()])
        link = nodes.reference("", found[0], internal=True, refuri=f"{page}#{anchor}", reftitle=words)
        yield nodes.inline("", "", link, classes=["glossary-term"])
        start = found.end()
    if start == 0 or start < len(text):
        yield nodes.Text(text[start:])
