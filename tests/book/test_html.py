"""The built HTML: whole, linked, with words for every picture."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from careshift import ledger
from careshift.project import BUILD

OUTSIDE = ("http:", "https:", "mailto:", "data:", "javascript:")


class Page(HTMLParser):
    """Ids, links, pictures and headings of one page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.scripts: list[str] = []
        self.tables: list[dict[str, int]] = []  # letters of the caption, header cells
        self._in_caption = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "img":
            self.pictures.append(found)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "script" and found.get("src"):
            self.scripts.append(str(found["src"]))
        if tag == "table":
            self.tables.append({"caption": 0, "th": 0})
        if tag == "th":
            self.tables[-1]["th"] += 1
        self._in_caption = self._in_caption or tag == "caption"

    def handle_endtag(self, tag: str) -> None:
        self._in_caption = self._in_caption and tag != "caption"

    def handle_data(self, data: str) -> None:
        if self._in_caption:
            self.tables[-1]["caption"] += len(data.strip())


@pytest.fixture(scope="module")
def pages(built) -> dict[str, Page]:
    return {
        p.relative_to(built).as_posix(): Page(p) for p in built.rglob("*.html") if "_static" not in p.parts
    }


def test_the_log_has_no_warning() -> None:
    assert "WARNING" not in (BUILD / "logs" / "book.log").read_text(encoding="utf-8")


def test_internal_links_and_anchors_resolve(built, pages) -> None:
    broken = []
    for page, found in pages.items():
        for link in found.links:
            if link.startswith(OUTSIDE):
                continue
            path, _, anchor = unquote(link).partition("#")
            path = path.partition("?")[0]
            target = (built / page).parent.joinpath(path).resolve() if path else (built / page).resolve()
            name = target.relative_to(built.resolve()).as_posix() if target.exists() else None
            if name is None or (anchor and name in pages and anchor not in pages[name].ids):
                broken.append(f"{page}: {link}")
    assert not broken


def test_every_picture_has_words_that_are_not_a_file_name(pages) -> None:
    wordless = [
        (page, picture.get("src"))
        for page, found in pages.items()
        for picture in found.pictures
        if not picture.get("alt")
        or re.search(r"\.(svg|png)$", str(picture["alt"]))
        or "\\" in str(picture["alt"])
    ]
    assert not wordless


def test_every_table_has_a_caption_and_header_cells(pages) -> None:
    tables = [(page, table) for page, found in pages.items() for table in found.tables]
    assert len(tables) > 300
    assert not [(page, table) for page, table in tables if not (table["caption"] and table["th"])]


BROKEN = re.compile(r">[^<]*\d (%|million|people)")
AS_IT_IS = re.compile(r"<(script|style|pre|code)\b.*?</\1>", re.DOTALL)
FOLDED = re.compile(r'<p class="collapsed admonition-title">(.*?)</p>')


@pytest.fixture(scope="module")
def articles(built) -> dict[Path, str]:
    """Give the text of each page, without what stands around it."""
    texts = {page: page.read_text(encoding="utf-8") for page in built.joinpath("chapters").rglob("*.html")}
    return {page: text.partition("<article")[2].partition("</article>")[0] for page, text in texts.items()}


def test_no_line_can_end_between_a_number_and_its_unit(articles) -> None:
    found = {page: BROKEN.search(AS_IT_IS.sub("", text)) for page, text in articles.items()}
    assert not {page: broken[0] for page, broken in found.items() if broken}
    assert any("\N{NO-BREAK SPACE}%" in text for text in articles.values())


def test_a_fold_says_what_it_holds(articles) -> None:
    folds = [words for text in articles.values() for words in FOLDED.findall(text)]
    assert len(folds) > 70
    assert {words for words in folds if not words.startswith("Show the table: ")} == {"Show the code"}
    assert not [page for page, text in articles.items() if "Toggle hidden" in text]


def test_each_file_of_a_figure_is_in_the_book_once(built) -> None:
    files = [p for kind in ("svg", "png", "csv") for p in built.rglob(f"*.{kind}")]
    figures = {p.name: p.read_bytes() for p in files if "figures" in p.parts}
    twice = [p.name for p in files if "figures" not in p.parts and p.read_bytes() in figures.values()]
    assert figures
    assert not twice


def test_headings_go_down_one_step_at_a_time(pages) -> None:
    skipped = [
        page
        for page, found in pages.items()
        if any(b - a > 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    ]
    assert not skipped


def test_no_page_shows_a_traceback_or_an_unrendered_role(built) -> None:
    for page in built.joinpath("chapters").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "Traceback" not in text, page
        assert not re.search(r"\{(cite(:[tp])?|ref|download)\}`", text), page


def test_the_first_page_leads_with_the_verdicts(built) -> None:
    text = built.joinpath("intro.html").read_text(encoding="utf-8")
    entries = ledger.from_json((BUILD / "ledger.json").read_text(encoding="utf-8"))
    for outcome, number in ledger.counts(entries).items():
        assert outcome in text
        assert f">{number:,}<" in re.sub(r"</?p>", "", text)


def test_the_book_carries_the_ledger_for_machines(built) -> None:
    (copy,) = built.rglob("ledger.json")
    assert json.loads(copy.read_text(encoding="utf-8"))["counts"]
