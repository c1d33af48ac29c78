"""What each page weighs, computed from the files it names: whole, and before the reader scrolls.

Bytes as they lie on the disk; a server packs text to about a quarter. A browser measures a page of each kind
in `test_every_page.py`.
"""

import gzip
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

WHOLE, FIRST_VIEW, SITE = 1_500_000, 500_000, 64_000_000  # bytes
# Complete lists, and the search, which brings its index: their first view is held to what a server sends.
COMPLETE = ("search.html", "chapters/ledger/all.html", "chapters/ledger/wanted.html")
INSIDE = re.compile(r"url\([\"']?(?!data:)([^\"')]+)|@import [\"']([^\"']+)")


class Page(HTMLParser):
    """The files that one page asks for: at once, and when the reader comes near them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.home = path.parent
        self.at_once, self.later = {path.resolve()}, set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "link" and {"stylesheet", "icon", "preload"} & set(str(found.get("rel")).split()):
            sheet = self._add(self.at_once, found["href"])
            self.at_once |= drawn_by(sheet) if sheet.suffix == ".css" else set()
        elif tag in ("script", "img", "source", "video", "audio", "iframe") and found.get("src"):
            self._add(self.later if found.get("loading") == "lazy" else self.at_once, found["src"])

    def _add(self, where: set[Path], address: str) -> Path:
        file = (self.home / re.split(r"[?#]", address)[0]).resolve()
        assert file.is_file(), f"{address} is not in the book"
        where.add(file)
        return file


@cache
def drawn_by(sheet: Path) -> set[Path]:
    """Return the pictures, fonts and sheets of the book that a style sheet names, as if all were used."""
    found = INSIDE.findall(sheet.read_text(encoding="utf-8"))
    return {file for names in found if (file := (sheet.parent / "".join(names)).resolve()).is_file()}


@pytest.fixture(scope="module")
def pages(built) -> dict[str, Page]:
    files = [p for p in built.rglob("*.html") if "_static" not in p.parts and p.name != "index.html"]
    files += built.glob("chapters/*/index.html")
    return {p.relative_to(built).as_posix(): Page(p) for p in files}


def size(files: set[Path]) -> int:
    return sum(file.stat().st_size for file in files)


def sent(files: set[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def test_every_page_is_light(pages) -> None:
    heavy = {name: size(page.at_once | page.later) for name, page in pages.items()}
    assert len(pages) > 100
    assert min(heavy[name] for name in pages if name != "404.html") > 100_000
    assert not {name: weight for name, weight in heavy.items() if weight >= WHOLE}


def test_the_first_view_of_every_page_is_lighter(pages) -> None:
    heavy = {name: size(page.at_once) for name, page in pages.items() if name not in COMPLETE}
    assert not {name: weight for name, weight in heavy.items() if weight >= FIRST_VIEW}
    assert all(sent(pages[name].at_once) < FIRST_VIEW for name in COMPLETE)


def test_pictures_wait_for_the_reader(pages) -> None:
    """A figure is no part of the first view: the page keeps its place and loads it when it comes near."""
    eager = {
        name: sorted(file.name for file in page.at_once if "figures" in file.parts)
        for name, page in pages.items()
    }
    assert not {name: files for name, files in eager.items() if files}
    assert sum(len(page.later) for page in pages.values()) > 200


def test_the_whole_site_is_small_enough_to_pass_on(built) -> None:
    files = {path for path in built.rglob("*") if path.is_file()}
    assert 5_000_000 < size(files) < SITE


def test_no_large_file_stands_in_the_book_twice(built) -> None:
    found: dict[bytes, list[str]] = {}
    for path in built.rglob("*"):
        if path.is_file() and path.stat().st_size > 50_000:
            found.setdefault(path.read_bytes(), []).append(path.name)
    assert not [names for names in found.values() if len(names) > 1]
