"""The PDF: tagged, with bookmarks, a title and a language, and not too heavy to send."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest

from careshift.pipeline import pdf
from careshift.project import BUILD

pytestmark = pytest.mark.browser
HEAVIEST = 25_000_000  # bytes
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A small book</title></head>
<body><h1>First</h1><p>Words.</p><h2>Second</h2><table><caption>C</caption><tr><th scope="col">A</th></tr>
<tr><td>1</td></tr></table></body></html>"""


def assert_accessible(file: Path) -> pikepdf.Pdf:
    """Assert what a screen reader needs of a PDF, and that it is whole; answer it."""
    opened = pikepdf.open(file)
    assert not opened.check_pdf_syntax()
    assert opened.Root.MarkInfo.Marked
    assert opened.Root.StructTreeRoot.K
    assert str(opened.Root.Lang).startswith("en")
    assert len(str(opened.docinfo.Title)) > 8
    return opened


def titles(opened: pikepdf.Pdf) -> list[str]:
    def below(items):
        return [title for item in items for title in (item.title, *below(item.children))]

    with opened.open_outline() as outline:
        return below(outline.root)


def tags(opened: pikepdf.Pdf) -> list[str]:
    return [str(thing.S) for thing in opened.objects if is_tag(thing)]


def is_tag(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/StructElem"


def test_a_printed_page_has_tags_bookmarks_title_and_language(tmp_path) -> None:
    page, target = tmp_path / "a.html", tmp_path / "a.pdf"
    page.write_text(PAGE, encoding="utf-8")
    with ThreadPoolExecutor(1) as apart:  # the worker's own browser has a loop in this thread
        apart.submit(pdf.printed, pdf.browser(), page, target).result()
    before = tags(assert_accessible(target))
    pdf.pack(target)
    assert b"/ObjStm" in target.read_bytes()
    opened = assert_accessible(target)
    assert {"/H1", "/P", "/Table", "/TH"} <= set(before)
    assert sorted(tags(opened)) == sorted(before)
    assert titles(opened) == ["First", "Second"]
    assert opened.docinfo.Title == "A small book"


def test_a_single_page_prints_without_menus_and_says_what_is_folded(browser, built, tmp_path) -> None:
    tab = browser.new_page(viewport={"width": 794, "height": 1123})
    tab.goto(f"{built.resolve().as_uri()}/chapters/scotland/care_home_residents.html")
    tab.pdf(path=str(tmp_path / "page.pdf"), format="A4")
    tab.emulate_media(media="print")
    text = " ".join(tab.inner_text("body").split())
    notes = "[...document.querySelectorAll('summary')].map((s) => getComputedStyle(s, '::after').content)"
    folded = tab.evaluate(f"{notes}.filter((note) => note.includes('folded')).length")
    tab.close()
    assert 5 <= len(pikepdf.open(tmp_path / "page.pdf").pages) <= 20
    assert text.startswith("Care-home residents in Scotland Did Scotland end the decade")
    assert folded >= 5
    for pressed in ("Skip to main content", "Search", "Back to top", "Data (CSV)", "Overview"):
        assert pressed not in text


def test_without_a_staged_book_it_says_what_to_do(tmp_path) -> None:
    with pytest.raises(pdf.PdfError, match="make book"):
        pdf.build(tmp_path, tmp_path / "book.pdf")
    assert not list(tmp_path.iterdir())


@pytest.mark.audit
def test_the_whole_book_is_one_accessible_pdf(built, tmp_path, record_property) -> None:
    target = tmp_path / "book.pdf"
    with ThreadPoolExecutor(1) as apart:
        apart.submit(pdf.build, BUILD / "stage", target).result()
    opened = assert_accessible(target)
    bookmarks = titles(opened)
    assert any("Expected counts" in title for title in bookmarks)
    assert any("All claims" in title for title in bookmarks)
    assert len(bookmarks) > 200
    size = target.stat().st_size
    record_property(
        "measured", f"{size / 1e6:.1f} MB, {len(opened.pages)} pages, {len(bookmarks)} bookmarks, tagged"
    )
    assert size < HEAVIEST
