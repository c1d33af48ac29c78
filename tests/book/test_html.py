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
