"""The whole book as one PDF with tags and bookmarks: all pages in one, printed by Chromium."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

from careshift.pipeline.book import compile_book
from careshift.project import BUILD, CareshiftError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOOT = (
    '<div style="font: 8px sans-serif; width: 100%; text-align: center">'
    '<span class="title"></span> · <span class="pageNumber"></span> of <span class="totalPages"></span></div>'
)
PAPER: dict[str, Any] = {
    "format": "A4",
    "margin": {"top": "16mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
    "tagged": True,
    "outline": True,
    "display_header_footer": True,
    "header_template": "<span></span>",
    "footer_template": FOOT,
}
NUMBER = """(numbers) => document.querySelectorAll('.sheet').forEach((place, at) => {
  place.textContent = numbers[at + 1]; })"""
MINUTES = 30
# A shadow would become a picture on every page that has one.
PLAIN = "*, ::before, ::after { box-shadow: none !important; text-shadow: none !important; }"
UP = re.compile(r"(?:\.\./)+(_static/)")


class PdfError(CareshiftError):
    """A PDF that could not be printed; the text says what is missing."""


def build(staged: Path, target: Path) -> None:
    """Compile the staged book into one page and print it to `target`, which appears only when it is whole.

    Raises PdfError where there is no staged book or no browser, BookError where it does not compile.
    """
    if not (staged / "_config.yml").exists():
        raise PdfError("There is no staged book. Build it first: make book")
    program = browser()
    work = BUILD / "pdf-work"
    shutil.rmtree(work, ignore_errors=True)
    compile_book(staged, work, BUILD / "logs" / "pdf.log", builder="singlehtml")
    page = next((work / "_build" / "singlehtml").glob("intro.html"))
    # Raw HTML of the pages leads to files by way of its own folder; here all stand in one.
    page.write_text(UP.sub(r"\1", page.read_text(encoding="utf-8")), encoding="utf-8")
    target.parent.mkdir(parents=True, exist_ok=True)
    half_made = target.with_suffix(".part")
    printed(program, page, half_made)
    pack(half_made)
    half_made.replace(target)
    shutil.rmtree(work)


def browser() -> str:
    """Return the path of a Chromium or Chrome. Raises PdfError where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise PdfError(f"Printing needs one of {', '.join(NAMES)}. On Debian: apt-get install chromium")
    return found


def printed(program: str, page: Path, target: Path, numbered: bool = False) -> None:
    """Print one page of HTML with tags for screen readers and a bookmark for each heading.

    Chromium knows no number of a sheet before it has printed. A `numbered` page is printed twice: its
    elements of class "sheet", one for each heading of the first level but the first, get the numbers between.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        tab = opened.new_page()
        tab.set_default_timeout(MINUTES * 60_000)
        tab.goto(page.resolve().as_uri())
        tab.add_style_tag(content=PLAIN)
        tab.evaluate("document.querySelectorAll('img').forEach((i) => { i.loading = 'eager'; })")
        tab.wait_for_function("[...document.images].every((i) => i.complete)")
        tab.pdf(path=str(target), **PAPER)
        if numbered:
            tab.evaluate(NUMBER, [first for _, first in beginnings(target)])
            tab.pdf(path=str(target), **PAPER)
        opened.close()


def beginnings(file: Path) -> list[tuple[str, int]]:
    """Return the title of each bookmark of the first level, and the number of the sheet it leads to."""
    import pikepdf

    with pikepdf.open(file) as whole, whole.open_outline() as outline:
        numbers = {page.obj.objgen: number for number, page in enumerate(whole.pages, start=1)}
        return [(str(item.title), numbers[_page(item).objgen]) for item in outline.root]


def _page(item: Any) -> Any:
    return item.destination[0]


def sheets(file: Path) -> int:
    """Return how many sheets a PDF has."""
    import pikepdf

    with pikepdf.open(file) as whole:
        return len(whole.pages)


def pack(file: Path) -> None:
    """Write a PDF anew with its objects in compressed streams and without the time of its making.

    Chromium leaves them as plain text, and in a book of this length the tags outweigh the pages. Without the
    time the same pages give the same file.
    """
    import pikepdf

    with pikepdf.open(file, allow_overwriting_input=True) as whole:
        for when in ("/CreationDate", "/ModDate"):
            if when in whole.docinfo:
                del whole.docinfo[when]
        whole.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def main(staged: str, target: str) -> int:
    """Print the book, for the Makefile; return the exit code."""
    try:
        build(Path(staged), Path(target))
    except CareshiftError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"PDF: {target} ({Path(target).stat().st_size / 1e6:.1f} MB)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
