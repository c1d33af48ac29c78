"""Verdicts that changed: their page, their section of the change log, and a feed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from careshift import claims, verdict_changes
from careshift.claims import APART
from careshift.inert_text import printable
from careshift.pages import entries
from careshift.pages.blocks import captioned, css_class
from careshift.pages.safe_text import Markdown, escape, html_block
from careshift.project import CareshiftError
from careshift.verdict_changes import VerdictChange

FEED = "verdict_changes.xml"
ATOM = "http://www.w3.org/2005/Atom"
FIRST = datetime.date(2026, 11, 23)  # of the first verdicts
NAME = "tag:careshift,2026:verdicts"  # a name and no address: the book may be read anywhere
TITLE = "Changed verdicts: Shifting the balance of care, reproduced"
START, END = "<!-- changed verdicts: written by careshift refresh -->", "<!-- end of changed verdicts -->"


def page(changes: Sequence[VerdictChange] | None = None) -> Markdown:
    """Return the page, newest change first; the changes on record where none are given."""
    every = verdict_changes.load() if changes is None else changes
    kept = [change for change in every if change.after != APART]
    says = {claim.id: f"[{escape(claim.says)}](#{claim.anchor})" for claim in claims.load()}
    rows = [
        f"| {c.date.isoformat()} | {says.get(c.claim, f'`{c.claim}`')} | {c.before} | {c.after} "
        f"| {escape(c.reason)} |"
        for c in reversed(kept)
    ]
    head = ["| Day | What the source says | From | To | Why |", "|---|---|---|---|---|"]
    parts = [
        "(changed-verdicts)=\n# Changed verdicts",
        "A changed verdict is a finding. It is listed here with its reason, whether the data, the method or "
        "our reading of the source changed.",
        html_block(f'<p><a href="../../_static/{FEED}">Follow the changes as a feed (Atom)</a>.</p>'),
        f"Another {len(every) - len(kept)} statements turned out to be no claims and stand under "
        "[dates, counts and structure](#dates-counts-structure). The change log and the feed list them too.",
        captioned("Verdicts that changed, newest first", "changes", [*head, *rows]),
    ]
    return Markdown("\n\n".join(parts) + "\n")


def changelog(text: str, changes: Sequence[VerdictChange]) -> str:
    """Return the change log with the changed verdicts, newest first, between its two markers."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise CareshiftError(f'CHANGELOG.md has lost a marker: put back "{START}" and "{END}".')
    lines = []
    for day, group in groupby(reversed(changes), key=lambda change: change.date):
        lines.append(f"### {day.isoformat()}\n")
        lines += [f"- `{c.claim}`: from {c.before} to {c.after}. {escape(c.reason)}" for c in group]
        lines.append("")
    return "\n".join([f"{before}{START}\n", *lines, f"{END}{after}"])


def atom(changes: Sequence[VerdictChange], pages: Mapping[str, str]) -> str:
    """Return the changes as an Atom feed, newest first.

    `pages` gives the address of each claim's entry, from the feed's own folder; a claim taken back has none.
    """
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    newest = max((change.date for change in changes), default=FIRST)
    _add(root, "id", NAME)
    _add(root, "title", TITLE)
    _add(root, "updated", _moment(newest))
    _add(_add(root, "author"), "name", "The careshift contributors")
    for change in reversed(changes):
        entry = _add(root, "entry")
        _add(entry, "id", _name(change))
        _add(entry, "title", f"{change.claim}: from {change.before} to {change.after}")
        _add(entry, "updated", _moment(change.date))
        _add(entry, "content", printable(change.reason)).set("type", "text")
        if change.claim in pages:
            _add(entry, "link").attrib.update(rel="alternate", type="text/html", href=pages[change.claim])
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element


def _moment(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _name(change: VerdictChange) -> str:
    """Return a change's permanent name."""
    return f"{NAME}/{change.claim}/{change.date.isoformat()}/{css_class(change.after)}"


def feed() -> str:
    """Return the feed of the changes on record, whose entries lead to the claims' entries in the book."""
    page_of = entries.homes()
    addresses = {c.id: f"../chapters/ledger/{page_of[c.id]}.html#{c.anchor}" for c in claims.load()}
    return atom(verdict_changes.load(), addresses)
