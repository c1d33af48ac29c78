"""The book's own search index, made from its finished pages, the ledger and the list of figures.

Sphinx's index knows whether a page has a word, not how much it is about it, and no claim by itself.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from lxml import html

from careshift import ledger, search_words, source_coverage
from careshift.ledger import Entry
from careshift.pages import documents, introductions, wording
from careshift.pages import entries as claim_pages
from careshift.pages.blocks import SIGNS, css_class, printed_words
from careshift.project import CareshiftError

# How much a word counts, by where it stands; within a text, the more often the more, up to the last.
TITLE, KNOWN, HEADING, SUMMARY, MOST = 9, 8, 5, 4, 4
UNREAD = (
    ".//*[contains(concat(' ', @class, ' '), ' cell_input ')]",
    ".//a[contains(@class, 'headerlink')]",
    ".//script",
    ".//style",
    ".//*[local-name() = 'svg']",
    ".//math",
)
LISTED = ("chapters/ledger/", "chapters/documents/")  # pages that list claims, which are found by themselves
CLAIMS = (
    ".//table[contains(@class, 'claims')]",
    ".//ul[contains(@class, 'document-claims')]",
    ".//section[span[starts-with(@id, 'claim-')]]",
)
LEDGER = "chapters/ledger/"
SHOWN = 240  # characters of what a page says, under its title


@dataclass
class Found:
    """What a search can find: kind, part of the book, title, address, what it says, weights of its words."""

    kind: str
    part: str
    title: str
    address: str
    says: str
    verdict: str = ""
    weights: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, weight: int) -> None:
        """Let each word of a text count at least so much."""
        for stem in search_words.stems(text):
            self.weights[stem] = max(self.weights[stem], weight)


def write(site: Path, entries: Sequence[Entry], contents: Path) -> None:
    """Write the index of a finished book in the place of Sphinx's, the same bytes for the same book.

    Sphinx's own index knows neither weights nor claims; its script is taken away. A page that the list of
    search words names and the book does not have, as in an edition of some chapters, is passed over.
    """
    found = [*pages(site, contents), *figures(site), *claims(entries)]
    text = json.dumps(index(found), ensure_ascii=False, separators=(",", ":"))
    site.joinpath("searchindex.js").write_text(f"bookSearch.open({text});\n", encoding="utf-8")
    site.joinpath("_static", "searchtools.js").unlink(missing_ok=True)


def pages(site: Path, contents: Path) -> Iterator[Found]:
    """Yield every page of the contents that the book has, and every term of its glossary."""
    known, areas = search_words.load().pages, search_words.load().areas
    for name, part in parts(contents):
        file = site / f"{name}.html"
        if not file.exists():
            continue
        article = html.parse(str(file), html.HTMLParser(encoding="utf-8")).find(".//article")
        if article is None:
            raise CareshiftError(f"{name}.html has no article to search.")
        page = _page(name, part, article)
        for phrase in (*known.get(name, ()), *(areas if page.kind == "area" else ())):
            for stem in phrase:
                page.weights[stem] = max(page.weights[stem], KNOWN)
        yield page
        yield from _terms(article, page)


def parts(contents: Path) -> Iterator[tuple[str, str]]:
    """Yield each page of the table of contents, in its order, with the part it stands in."""
    listed = yaml.safe_load(contents.read_text(encoding="utf-8"))
    yield listed["root"], ""
    for part in listed["parts"]:
        for chapter in part["chapters"]:
            yield chapter["file"], part["caption"]
            yield from ((section["file"], part["caption"]) for section in chapter.get("sections", ()))


def _page(name: str, part: str, article: html.HtmlElement) -> Found:
    _drop(article, UNREAD)
    title = " ".join(article.xpath("string(.//h1)").split())
    summary = " ".join(article.xpath("string((.//section[h1]/p)[1])").split())
    said = article.xpath("string((.//h2[contains(., 'The answer')]/following::p)[1])")
    page = Found(_kind(name), part, title, f"{name}.html", _cut(" ".join(said.split()) or summary))
    if name.startswith(LISTED):
        _drop(article, CLAIMS)
    often = Counter(search_words.stems(_text(article)))
    page.weights.update({stem: min(MOST, 1 + round(math.log2(n) / 2)) for stem, n in often.items()})
    page.add(summary, SUMMARY)
    for heading in article.xpath(".//h2 | .//h3"):
        page.add(heading.text_content(), HEADING)
    page.add(title, TITLE)
    return page


def _kind(name: str) -> str:
    """Return what a page is: an area, a list or page of entries, the overview of a part, or a chapter."""
    if name.startswith("chapters/areas/") and not name.endswith("/index"):
        return "area"
    if name.startswith(LISTED) and name != f"{LEDGER}index":
        return "entries" if "-" in name else "list"
    return "part" if name in _overviews() else "chapter"


@cache
def _overviews() -> frozenset[str]:
    return frozenset(f"chapters/{part.folder}/index" for part in introductions.load())


def _drop(article: html.HtmlElement, paths: Iterable[str]) -> None:
    for path in paths:
        for element in article.xpath(path):
            element.drop_tree()


def _text(article: html.HtmlElement) -> str:
    return " ".join(article.itertext())


def _terms(article: html.HtmlElement, page: Found) -> Iterator[Found]:
    for term in article.xpath(".//dl[contains(@class, 'glossary')]/dt[@id]"):
        title, says = _text(term).strip(), _text(term.getnext()).strip()
        found = Found("term", page.title, title, f"{page.address}#{term.get('id')}", says)
        found.add(says, SUMMARY)
        found.add(title, TITLE)
        yield found


def figures(site: Path) -> Iterator[Found]:
    """Yield every figure, table and box of the sources whose chapter the book has."""
    for item in source_coverage.load():
        if site.joinpath("chapters", f"{item.chapter}.html").exists():
            short = wording.SHORT[item.source]
            address = f"{documents.FOLDER}/{item.source}.html#{documents.anchor(item)}"
            found = Found("figure", short, item.item, address, item.caption)
            found.add(f"{item.caption} {item.source} {wording.TITLES[item.source]}", SUMMARY)
            found.add(f"{item.item} {short}", TITLE)
            yield found


def claims(entries: Sequence[Entry]) -> Iterator[Found]:
    """Yield every claim with its outcome, each said once."""
    home = claim_pages.homes()
    for entry in ledger.counted(entries):
        claim, outcome = entry.claim, entry.verdict.outcome
        address = f"{LEDGER}{home[claim.id]}.html#{claim.anchor}"
        says = f"Printed: {printed_words(claim)}. We find: {wording.derived(claim, entry.verdict)}."
        verdict = f"{css_class(outcome)}|{SIGNS[outcome]} {outcome}"
        found = Found("claim", wording.SHORT[claim.source], claim.says, address, says, verdict)
        found.add(f"{claim.where.section} {claim.where.item or ''} {claim.period} {claim.source}", 1)
        found.add(f"{claim.unit} {claim.id.replace('-', ' ')} {found.part} {outcome}", 2)
        found.add(f"{claim.says} {claim.area}", SUMMARY)
        found.add(claim.printed, TITLE)
        if claim.tier == "headline":
            found.weights.update(dict.fromkeys(found.weights, 2))
        yield found


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + " …"


def index(found: Sequence[Found]) -> dict[str, object]:
    """Return the index: entries in order; for each stem, who has it and with what weight; the lists."""
    postings: dict[str, list[int]] = {}
    before: dict[str, int] = {}
    for number, item in enumerate(found):
        for stem, weight in sorted(item.weights.items()):
            postings.setdefault(stem, []).extend((number - before.get(stem, 0), weight))
            before[stem] = number
    lists, at = search_words.load(), {item.address: n for n, item in reversed([*enumerate(found)])}
    return {
        "entries": [[i.kind, i.part, i.title, i.address, i.says, i.verdict] for i in found],
        "stems": {stem: postings[stem] for stem in sorted(postings)},
        "words": sorted(lists.spelt | {word for item in found for word in _spelt(item.title)}),
        "ignored": sorted(lists.ignored),
        "same": [[" ".join(way) for way in ways] for ways in lists.same],
        "names": {" ".join(way): name for way, name in lists.names.items()},
        "pages": _answers(at),
    }


def _answers(at: Mapping[str, int]) -> dict[str, int]:
    """Return, for each phrase that has a page and for its canonical form, the number of the page's entry."""
    pairs = [
        (phrase, at[f"{page}.html"])
        for page, phrases in search_words.load().pages.items()
        if f"{page}.html" in at
        for phrase in phrases
    ]
    other = {" ".join(search_words.canonical(phrase)): number for phrase, number in reversed(pairs)}
    other.pop("", None)  # a phrase of idle words, which only itself leads to its page
    return other | {" ".join(phrase): number for phrase, number in pairs}


def _spelt(title: str) -> Iterator[str]:
    """Yield the words of a title as they are spelt: what a misspelt word is compared with."""
    return (word for word in search_words.words(title) if len(word) > 2 and not re.search(r"\d", word))
