"""The report: the book's argument on at most eighty sheets, cut from the finished pages, printed by Chromium.

Every word and picture is taken from a page of the book; nothing is written for the report but its cover.
"""

from __future__ import annotations

import copy
import hashlib
import posixpath
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from lxml import html
from lxml.html import HtmlElement
from lxml.html.builder import E

from careshift import site as site_settings
from careshift.pipeline import pdf
from careshift.project import BUILD, ROOT, CareshiftError

ROOT_PAGE, KNOWN, JUDGING = "intro", "chapters/what_is_known/index", "chapters/methods/how_we_judge"
REFERENCES = "chapters/ledger/references"
ANSWER, LIMITS = "the-answer", "limits"
# What a page gives beside its question, answer and limits.
MORE = {
    KNOWN: ("question-by-question", "method-how-the-grades-are-made"),
    JUDGING: ("a-printed-number-is-an-interval", "what-a-verdict-does-not-say"),
}
LINK = 'class="report-link"'
# What needs a screen, or says again what stands elsewhere in the report.
DROPPED = (
    ".//a[contains(@class, 'headerlink')]",
    ".//script",
    ".//details",
    ".//*[contains(@class, 'toctree-wrapper')]",
    ".//*[contains(@class, 'chart-links')]",
    ".//*[@class='answers' or starts-with(@class, 'answers ')]",
    f".//*[@{LINK}]",
    ".//*[contains(@class, 'cell_input')]",
)
FILE = "_static/report.pdf"
PARAGRAPH = re.compile(rf"<p {LINK}>.*?</p>\s*", re.DOTALL)
STYLE = (ROOT / "assets" / "book.css", ROOT / "templates" / "report.css")
KEPT = BUILD / "report"
TALL = 1.3  # a picture so many times as high as wide may fill a sheet
COLUMN = 3  # and so many times, it is no picture for a sheet
SHEETS = 80  # the report is read at one sitting, or not at all


@dataclass(frozen=True)
class Part:
    """What the report takes from one page of the book, under the part of the book where the page stands."""

    caption: str
    name: str
    title: str
    content: tuple[HtmlElement, ...] = field(repr=False)

    @property
    def anchor(self) -> str:
        """Return the id of its section in the report."""
        return anchor(self.name)


def anchor(page: str, place: str = "") -> str:
    """Return the id in the report of a page of the book, or of a place on it."""
    slug = page.removeprefix("chapters/").replace("/", "-")
    return f"{slug}--{place}" if place else slug


def make(site: Path, toc: Path) -> bool:
    """Print the report of a compiled book to its place in the book; return whether there is one.

    `site` is the folder of the finished pages, `toc` the table of contents they were made by. A book whose
    first page has no link to a report gets none. Where no browser is at hand, the link goes and a line says
    why. A report whose text and pictures are those of the last build is not printed again. Raises PdfError
    where it has more than SHEETS.
    """
    first = site / f"{ROOT_PAGE}.html"
    if LINK not in first.read_text(encoding="utf-8"):
        return False
    try:
        program = pdf.browser()
    except pdf.PdfError as missing:
        print(f"The report as a PDF is left out. {missing}", file=sys.stderr)
        without_link(first)
        return False
    page = site / "report.html"
    page.write_text(compose(site, toc), encoding="utf-8")
    kept = KEPT / f"{digest(page)}.pdf"
    if not kept.exists():
        _print(program, page, kept)
    shutil.copyfile(kept, site / FILE)
    page.unlink()
    return True


def _print(program: str, page: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    half_made = kept.with_suffix(".part")
    pdf.printed(program, page, half_made, numbered=True)
    pdf.pack(half_made)
    if (sheets := pdf.sheets(half_made)) > SHEETS:
        raise pdf.PdfError(f"The report has {sheets} sheets, more than {SHEETS}: {half_made}")
    for old in kept.parent.glob("*.pdf"):
        old.unlink()
    half_made.replace(kept)


def without_link(first: Path) -> None:
    """Take the paragraph that leads to the report out of the first page."""
    first.write_text(PARAGRAPH.sub("", first.read_text(encoding="utf-8")), encoding="utf-8")


def digest(page: Path) -> str:
    """Return a digest of a page and of every picture that it shows."""
    made = hashlib.sha256(page.read_bytes())
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    for name in sorted(set(tree.xpath(".//img/@src"))):
        made.update((page.parent / unquote(name)).read_bytes())
    return made.hexdigest()[:16]


def compose(site: Path, toc: Path) -> str:
    """Return the report as one page of HTML that stands in the folder of the book's pages.

    Raises CareshiftError where no page has an answer.
    """
    parts = list(chosen(site, toc))
    if len(parts) < 2:
        raise CareshiftError(f"{site}: no page has an answer to print")
    body = E.body(cover(parts[0]), contents(parts), *written(parts), references(site, parts))
    own_links(body, {part.name for part in parts})
    settings = site_settings.load()
    head = E.head(
        E.meta(charset="utf-8"),
        E.title(f"{settings.title}: the report"),
        E.style("".join(sheet.read_text(encoding="utf-8") for sheet in STYLE)),
    )
    page = E.html(head, body, lang="en-GB")
    page.set("data-theme", "light")
    text: str = html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>")
    return text


def chosen(site: Path, toc: Path) -> Iterator[Part]:
    """Yield what the report takes from each page, in the order of the table of contents."""
    said = yaml.safe_load(toc.read_text(encoding="utf-8"))
    yield taken(site, "", said["root"])
    for part in said["parts"]:
        names = [chapter["file"] for chapter in part["chapters"]]
        for name in (one for one in names if one == KNOWN or not one.endswith("/index")):
            if (found := taken(site, part["caption"], name)).content:
                yield found


def taken(site: Path, caption: str, name: str) -> Part:
    """Return a page's question, answer, first chart, main verdicts and limits; nothing without an answer."""
    section = article(site, name)
    title = section.find("h1").text_content().rstrip("#")
    if name == ROOT_PAGE:
        without_columns(section)
        kept = list(section)[1:]
    elif section.find(f"section[@id='{ANSWER}']") is None:
        return Part(caption, name, title, ())
    else:
        kept = [*section.iterchildren("p"), *answer(section.find(f"section[@id='{ANSWER}']"), name == KNOWN)]
        kept += [
            part for key in (*MORE.get(name, ()), LIMITS) for part in section.findall(f"section[@id='{key}']")
        ]
    rooted(kept, name)
    return Part(caption, name, title, tuple(kept))


def without_columns(section: HtmlElement) -> None:
    """Take out each picture made for a long screen, with the words before it; its table stays."""
    for picture in section.xpath(".//*[@class='chart'][.//img]"):
        image = picture.find(".//img")
        if int(image.get("height", 0)) > COLUMN * int(image.get("width", 1)):
            before = picture.getprevious()
            picture.drop_tree()
            if before is not None and before.tag == "p":
                before.drop_tree()


def article(site: Path, name: str) -> HtmlElement:
    """Return the outermost section of a page, without what does not go on paper."""
    page = html.fromstring((site / f"{name}.html").read_text(encoding="utf-8"))
    section: HtmlElement = page.xpath(".//article/section")[0]
    for path in DROPPED:
        for found in section.xpath(path):
            found.drop_tree()
    return section


def answer(section: HtmlElement, whole: bool) -> list[HtmlElement]:
    """Return what an answer says: its text, its first chart and its main verdicts, or all of it."""
    if whole:
        return list(section)[1:]
    charts = section.xpath(".//*[@class='chart']")
    for late in charts[1:]:
        late.drop_tree()
    for table in section.xpath(".//table[not(ancestor::*[@class='chart'])]"):
        table.drop_tree()
    return [
        part for part in list(section)[1:] if part.text_content().strip() or part.find(".//img") is not None
    ]


def rooted(kept: list[HtmlElement], name: str) -> None:
    """Give pictures, links and ids of a page's parts their names as seen from the root of the book."""
    folder = posixpath.dirname(name)
    for element in (one for part in kept for one in part.iter()):
        if element.get("id"):
            element.set("id", anchor(name, element.get("id")))
        if element.tag == "img":
            element.set("src", posixpath.normpath(posixpath.join(folder, element.get("src"))))
            element.attrib.pop("loading", None)
            if int(element.get("height", 0)) > TALL * int(element.get("width", 1)):
                element.set("class", "tall")
        if element.tag == "a" and (href := element.get("href")):
            address = urlsplit(href)
            if not address.scheme:
                place = (
                    posixpath.normpath(posixpath.join(folder, address.path))
                    if address.path
                    else f"{name}.html"
                )
                element.set("href", f"{place}#{address.fragment}" if address.fragment else place)


def own_links(body: HtmlElement, names: set[str]) -> None:
    """Lead every link to its place in the report, or to the public book; unwrap what leads nowhere."""
    ids = {element.get("id") for element in body.iter() if element.get("id")}
    address = site_settings.load().address
    for link in list(body.iter("a")):
        target = urlsplit(link.get("href", ""))
        name = target.path.removesuffix(".html")
        inside = anchor(name, target.fragment) if name in names | {REFERENCES} else ""
        if target.scheme or link.get("href", "").startswith("#"):
            continue
        if inside in ids:
            link.set("href", f"#{inside}")
        elif name in names:
            link.set("href", f"#{anchor(name)}")
        elif address:
            link.set("href", address + link.get("href"))
        else:
            link.drop_tag()


def cover(first: Part) -> HtmlElement:
    """Return the cover: title, question, who is responsible, the day."""
    settings = site_settings.load()
    question = next(part.text_content() for part in first.content if part.tag == "h2").rstrip("#")
    return E.section(
        E.p(question, {"class": "cover-question"}),
        E.p(settings.title, {"class": "cover-title"}),
        E.p("The report", {"class": "cover-kind"}),
        E.p(
            " · ".join(filter(None, ("The careshift contributors", settings.made_on))), {"class": "cover-who"}
        ),
        {"class": "cover"},
    )


def contents(parts: list[Part]) -> HtmlElement:
    """Return the table of contents; the numbers of the sheets are filled in when they are known."""
    rows: list[HtmlElement] = []
    for before, part in pairwise([Part("", "", "", ()), *parts]):
        if part.caption not in (before.caption, part.title):
            rows.append(E.li(part.caption, {"class": "contents-part"}))
        rows.append(_contents_row(part.title, part.anchor))
    rows.append(_contents_row("References", anchor(REFERENCES)))
    return E.section(E.h1("Contents"), E.ul(*rows), {"class": "contents"})


def _contents_row(title: str, place: str) -> HtmlElement:
    number = E.span({"class": "sheet", "data-place": place})
    return E.li(E.a(E.span(title), number, href=f"#{place}"))


def written(parts: list[Part]) -> Iterator[HtmlElement]:
    """Yield a section for each page, with its headings one level below its title."""
    for part in parts:
        yield E.section(
            E.h1(part.title), *map(copy.deepcopy, part.content), {"class": "page", "id": part.anchor}
        )


def references(site: Path, parts: list[Part]) -> HtmlElement:
    """Return the list of the works that the report cites."""
    cited = {
        urlsplit(link.get("href")).fragment
        for part in parts
        for element in part.content
        for link in element.iter("a")
        if link.get("href", "").startswith(f"{REFERENCES}.html#")
    }
    listed = [
        one for one in article(site, REFERENCES).xpath(".//*[@class='citation']") if one.get("id") in cited
    ]
    for one in listed:
        one.set("id", anchor(REFERENCES, one.get("id")))
        for back in one.xpath(".//a[@role='doc-backlink']"):
            back.drop_tag()
    return E.section(E.h1("References"), *listed, {"class": "page", "id": anchor(REFERENCES)})
