"""The PDF: tagged, with bookmarks, a title and a language, and not too heavy to send."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader

from careshift.pipeline import pdf
from careshift.project import BUILD

pytestmark = pytest.mark.browser
HEAVIEST = 25_000_000  # bytes
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A small book</title></head>
<body><h1>First</h1><p>Words.</p><h2>Second</h2><table><caption>C</caption><tr><th scope="col">A</th></tr>
<tr><td>1</td></tr></table></body></html>"""


def assert_accessible(file: Path) -> PdfReader:
    """Assert what a screen reader needs of a PDF; answer it."""
    reader = PdfReader(file)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert len(reader.metadata.title) > 8
    return reader


def titles(outline: list) -> list[str]:
    return [title for item in outline for title in (titles(item) if isinstance(item, list) else [item.title])]


def test_a_printed_page_has_tags_bookmarks_title_and_language(tmp_path) -> None:
    page, target = tmp_path / "a.html", tmp_path / "a.pdf"
    page.write_text(PAGE, encoding="utf-8")
    with ThreadPoolExecutor(1) as apart:  # the worker's own browser has a loop in this thread
        apart.submit(pdf.printed, pdf.browser(), page, target).result()
    reader = assert_accessible(target)
    assert titles(reader.outline) == ["First", "Second"]
    assert reader.metadata.title == "A small book"


def test_without_a_staged_book_it_says_what_to_do(tmp_path) -> None:
    with pytest.raises(pdf.PdfError, match="make book"):
        pdf.build(tmp_path, tmp_path / "book.pdf")
    assert not list(tmp_path.iterdir())


@pytest.mark.audit
def test_the_whole_book_is_one_accessible_pdf(built, tmp_path) -> None:
    target = tmp_path / "book.pdf"
    with ThreadPoolExecutor(1) as apart:
        apart.submit(pdf.build, BUILD / "stage", target).result()
    reader = assert_accessible(target)
    bookmarks = titles(reader.outline)
    assert any("Expected counts" in title for title in bookmarks)
    assert any("All claims" in title for title in bookmarks)
    assert len(bookmarks) > 200
    assert target.stat().st_size < HEAVIEST
