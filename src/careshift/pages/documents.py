"""A reading view of each document: its outline, each figure as we redraw it, its claims with verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from careshift import document_checks, ledger, site, source_coverage
from careshift.claims import SOURCES
from careshift.ledger import Entry
from careshift.pages import chart_page, entries, wording
from careshift.pages.blocks import SIGNS, css_class, printed_words
from careshift.pages.safe_text import Markdown, escape, html_block, html_text
from careshift.source_coverage import Item, Status

FOLDER = "chapters/documents"
WIDE = 260  # pixels of a thumbnail
REPLY = """\
Document: {title}
Place: (section, paragraph, figure or table)
What the document says there:
What the book says of it:
Our reply:
Name, and whether it may be printed:"""


@dataclass(frozen=True)
class Drawing:
    """One of our figures: what it shows, and its size as drawn."""

    title: str
    width: float
    height: float


def pages(judged: Sequence[Entry], drawn: Mapping[str, Drawing]) -> Iterator[tuple[str, str]]:
    """Yield path and text of the view of each document; `drawn` has our figures by chapter and name."""
    home, items = entries.homes(), source_coverage.load()
    for source in SOURCES:
        mine = [entry for entry in judged if entry.claim.source == source]
        statuses = [source_coverage.status(item, mine) for item in items if item.source == source]
        yield f"{FOLDER}/{source}.md", View(source, mine, statuses, drawn, home).page()


@dataclass(frozen=True)
class View:
    """One document with its records, the state of its figures, our drawings, and where entries stand."""

    source: str
    judged: Sequence[Entry]
    statuses: Sequence[Status]
    drawn: Mapping[str, Drawing]
    home: Mapping[str, str]

    def page(self) -> Markdown:
        """Return the page."""
        title = wording.TITLES[self.source]
        parts = [
            f"(reading-{self.source})=\n# {escape(title)}",
            f"{{cite:t}}`{self.source}` from its first section to its last. Beside each claim stands its "
            "verdict, which leads to the entry. Each figure and table stands where the document has it, as "
            "the book redraws it, or with the reason why not.",
            wording.rests(self.judged) if ledger.counted(self.judged) else "No claim of it is tested here.",
            self._checked(),
            self._places(),
            *self._outline(),
            f"## The authors' reply\n\n{self._reply(title)}",
        ]
        return Markdown("\n\n".join(part for part in parts if part) + "\n")

    def _checked(self) -> str:
        """Return who checked the records of this document and when; who was outside, by name."""
        done = [check for check in document_checks.load() if check.source == self.source]
        outside = [check for check in done if check.outside]
        told = "; ".join(f"{escape(check.what)}, {check.date:%-d %B %Y}" for check in outside or done)
        if outside:
            return f"**Checked from outside** by {', '.join(escape(c.by) for c in outside)}: {told}."
        return f"**Checked by the contributors only**: {told or 'no check is on record'}."

    def _places(self) -> str:
        """Return a line of links to each figure, table and box."""
        links = [f'<a href="#{anchor(s.item)}">{html_text(s.item.item)}</a>' for s in self.statuses]
        if not links:
            return "It has no figures, tables or boxes."
        return html_block(f'<p class="document-places">{" · ".join(links)}</p>')

    def _outline(self) -> Iterator[str]:
        """Yield the headings of the document with what stands below each, in its order."""
        above, left = "", list(self.statuses)
        sections = list(dict.fromkeys(entry.claim.where.section for entry in self.judged))
        for section in sections:
            part, _, name = section.rpartition(": ")
            if part and part != above:
                yield f"## {escape(part)}"
            above = part
            yield f"{'###' if part else '##'} {escape(name)}"
            yield html_block(*self._section(section, left))
        if left:
            yield "## Figures, tables and boxes without a recorded statement"
            yield html_block(*(line for status in left for line in self._figure(status)))

    def _section(self, section: str, left: list[Status]) -> Iterator[str]:
        mine = [entry for entry in self.judged if entry.claim.where.section == section]
        apart = [entry for entry in mine if not entry.claim.is_counted]
        waiting: list[str] = []
        for entry in mine:
            status = next((s for s in left if s.item.holds(entry)), None)
            if status:
                yield from _listed(waiting)
                waiting.clear()
                left.remove(status)
                yield from self._figure(status)
            if entry.claim.is_counted:
                waiting.append(self._claim(entry))
        yield from _listed(waiting)
        if apart:
            yield self._apart(apart)

    def _claim(self, entry: Entry) -> str:
        claim, outcome = entry.claim, entry.verdict.outcome
        place = claim.where.item or ""
        told = [
            f"{place[:1].upper()}{place[1:]}." if place else "",
            f"Printed: {printed_words(claim)}.",
            wording.we_find(claim, entry.verdict),
        ]
        words = html_text(" ".join(filter(None, told)))
        return (
            f"<li><span>{html_text(claim.says)}<small>{words}</small></span>"
            f'<a class="verdict {css_class(outcome)}" href="{self._entry(entry)}">'
            f"{SIGNS[outcome]} {html_text(outcome)}</a></li>"
        )

    def _apart(self, apart: Sequence[Entry]) -> str:
        repeats = sum(bool(entry.claim.repeats) for entry in apart)
        others = len(apart) - repeats
        name = "date, count or structure" if others == 1 else "dates, counts and structure"
        words = [f"{others} {name}"] * bool(others)
        words += [f"{repeats} said elsewhere in the document too"] * bool(repeats)
        link = f'<a href="{self._entry(apart[0])}">{"; ".join(words)}</a>'
        return f'<p class="document-apart">Not counted here: {link}.</p>'

    def _entry(self, entry: Entry) -> str:
        return f"../ledger/{self.home[entry.claim.id]}.html#{entry.claim.anchor}"

    def _figure(self, status: Status) -> Iterator[str]:
        """Yield a figure, table or box: our drawing of it or why there is none, its state and its address."""
        item, drawing = status.item, self.drawn.get(status.item.drawing or "")
        yield f'<div class="document-figure" id="{anchor(item)}">'
        if drawing and item.drawing:
            run, _, name = item.drawing.rpartition("/")
            high = round(WIDE * drawing.height / drawing.width)
            yield (
                f'<a href="../{run}.html#{chart_page.anchor(run, name)}">'
                f'<img src="../../_static/figures/{run}/{name}.svg" width="{WIDE}" height="{high}" '
                f'loading="lazy" class="dark-light" alt="{html_text(item.item)}, redrawn: '
                f'{html_text(drawing.title)}"></a>'
            )
        yield f"<div><p><strong>{html_text(item.item)}</strong>. {html_text(item.caption)}</p>"
        chapter = f'<a href="../{item.chapter}.html">the chapter</a>'
        yield f"<p>{_state(status, bool(drawing))} See {chapter}.</p>"
        yield (
            f'<p class="document-link"><a href="#{anchor(item)}">{item.source}, '
            f"{html_text(item.item)}</a></p></div></div>"
        )

    def _reply(self, title: str) -> Markdown:
        replied = [entry for entry in self.judged if entry.claim.reply]
        lines = [f"- [{escape(e.claim.says)}](#{e.claim.anchor}): {escape(e.claim.reply)}" for e in replied]
        address = site.load().repository
        to = f"Open an issue at <{address}>" if address else "Give it to whoever gave you this book"
        return Markdown(
            "\n\n".join(
                [
                    "\n".join(lines)
                    or "The authors have not replied yet. The place for their reply is here.",
                    "Are you one of the authors? Tell us where the book is wrong or unfair. Your reply is "
                    "printed here as you send it, and beside the claim that it is about. "
                    f"{to}; this text is ready to be filled in:",
                    f"```text\n{REPLY.format(title=title)}\n```",
                ]
            )
        )


def anchor(item: Item) -> str:
    """Return the lasting anchor of a figure, table or box: "kingsfund2013-figure-11"."""
    return f"{item.source}-{re.sub(r'[^a-z0-9]+', '-', item.item.lower()).strip('-')}"


def _listed(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield '<ul class="document-claims">'
        yield from lines
        yield "</ul>"


def _state(status: Status, drawn: bool) -> str:
    """Return how far an item is redone and, where it is not drawn, why."""
    words = f"{status.word[0].upper()}{status.word[1:]}: {source_coverage.WORDS[status.word]}."
    if drawn:
        return html_text(words)
    why = status.item.why or f"Missing: {'; '.join(status.missing)}." * bool(status.missing)
    return html_text(f"Not redrawn. {words} {why}".strip())
