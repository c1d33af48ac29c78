"""The report: short, accessible, made of the book's own pages; without a browser there is none."""

from pathlib import Path
from urllib.parse import unquote

import pikepdf
import pytest
import yaml
from lxml import html

from careshift.pipeline import pdf, report
from careshift.project import BUILD

pytestmark = pytest.mark.browser
TOC = BUILD / "stage" / "_toc.yml"
FIRST = (
    '<html><body><p>Words.</p>\n<p class="report-link"><a href="_static/report.pdf">R</a></p>\n</body></html>'
)
PAGE = '<html><body><h1>Contents</h1><img src="a.svg"/></body></html>'


@pytest.fixture(scope="module")
def composed(built) -> html.HtmlElement:
    """Give the report as it is before it is printed."""
    return html.fromstring(report.compose(built, TOC))


@pytest.fixture
def small(tmp_path, monkeypatch) -> Path:
    """Give the folder of a compiled book of one page and one picture, whose report is short."""
    for name, text in (("intro.html", FIRST), ("a.svg", "<svg/>")):
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    tmp_path.joinpath("_static").mkdir()
    monkeypatch.setattr(report, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(report, "compose", lambda site, toc: PAGE)
    monkeypatch.setattr(pdf, "browser", lambda: "a browser")
    return tmp_path


@pytest.fixture
def printed(monkeypatch) -> list[Path]:
    """Stand in for the printing, which makes two sheets; give what was printed."""
    done = []

    def two_sheets(program: str, page: Path, target: Path, numbered: bool) -> None:
        made = pikepdf.new()
        for _ in range(2):
            made.add_blank_page()
        made.save(target)
        done.append(target)

    monkeypatch.setattr(pdf, "printed", two_sheets)
    return done


def test_the_report_is_short_and_has_tags_bookmarks_and_a_language(built, composed) -> None:
    file = built / report.FILE
    headings = [" ".join(found.text_content().split()) for found in composed.iter("h1")]
    beginnings = pdf.beginnings(file)
    with pikepdf.open(file) as opened:
        assert not opened.check_pdf_syntax()
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.StructTreeRoot.K
        assert str(opened.Root.Lang).startswith("en")
        assert str(opened.docinfo.Title) == composed.findtext(".//title")
        assert 30 < len(opened.pages) <= report.SHEETS
        kinds = {str(thing.get("/S")) for thing in opened.objects if isinstance(thing, pikepdf.Dictionary)}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/Figure", "/L"} <= kinds
    plain = ["".join(title.split()) for title, _ in beginnings]
    assert plain == ["".join(title.split()) for title in headings]
    sheets = [sheet for _, sheet in beginnings]
    assert sheets == sorted(sheets)
    assert sheets[0] == 2


def test_every_page_with_an_answer_is_in_it_and_no_other(built, composed) -> None:
    toc = yaml.safe_load(TOC.read_text(encoding="utf-8"))
    names = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    judging = [name for name in names if 'id="the-answer"' in (built / f"{name}.html").read_text("utf-8")]
    wanted = [name for name in judging if name == report.KNOWN or not name.endswith("/index")]
    assert len(wanted) > 25
    found = [section.get("id") for section in composed.xpath("//section[@class='page']")]
    assert found == [report.anchor(name) for name in ("intro", *wanted, report.REFERENCES)]
    listed = [link.get("href") for link in composed.xpath("//section[@class='contents']//a")]
    assert listed == [f"#{name}" for name in found]


def test_its_links_lead_to_it_or_to_the_web_and_its_pictures_are_there(built, composed) -> None:
    ids = [element.get("id") for element in composed.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for link in composed.iter("a"):
        target = link.get("href")
        assert target.startswith("http") or target[1:] in ids, target
    pictures = composed.xpath("//img/@src")
    assert len(pictures) > 25
    assert all((built / unquote(picture)).is_file() for picture in pictures)
    assert all(picture.get("alt") for picture in composed.iter("img"))
    assert not composed.xpath("//details | //script | //*[contains(@class, 'headerlink')]")


def test_a_picture_made_for_a_long_screen_gives_way_to_its_table() -> None:
    """What stands before it speaks of it; a picture that a sheet can hold stays."""
    chart = '<p>{}</p><div class="chart"><img src="a.svg" width="100" height="{}"/></div>'
    section = html.fromstring(f"<section>{chart.format('Long', 301)}{chart.format('Short', 299)}</section>")
    report.without_columns(section)
    assert section.text_content() == "Short"
    assert len(section.xpath(".//img")) == 1


def test_only_what_it_cites_is_among_its_references(composed) -> None:
    works = composed.xpath("//*[@class='citation']/@id")
    linked = set(composed.xpath("//a/@href"))
    assert len(works) >= 5
    assert all(f"#{work}" in linked for work in works)


def test_the_contents_get_the_numbers_of_the_sheets(browser) -> None:
    tab = browser.new_page()
    tab.set_content('<h1>Contents</h1><p class="sheet"></p><p class="sheet"></p>')
    tab.evaluate(pdf.NUMBER, [2, 4, 17])
    assert tab.locator(".sheet").all_inner_texts() == ["4", "17"]
    tab.close()


def test_without_a_browser_the_book_has_no_link_to_it_and_a_line_says_why(small, monkeypatch, capsys) -> None:
    def missing() -> str:
        raise pdf.PdfError("Printing needs a browser.")

    monkeypatch.setattr(pdf, "browser", missing)
    assert not report.make(small, TOC)
    assert (small / "intro.html").read_text("utf-8") == "<html><body><p>Words.</p>\n</body></html>"
    assert "Printing needs a browser." in capsys.readouterr().err
    assert not (small / report.FILE).exists()


def test_a_book_whose_first_page_names_none_gets_none(small, printed) -> None:
    report.without_link(small / "intro.html")
    assert not report.make(small, TOC)
    assert not printed


def test_it_is_printed_again_only_where_its_text_or_a_picture_changed(small, printed, monkeypatch) -> None:
    assert report.make(small, TOC)
    assert report.make(small, TOC)
    assert len(printed) == 1
    (small / "a.svg").write_text("<svg></svg>", encoding="utf-8")
    assert report.make(small, TOC)
    monkeypatch.setattr(report, "compose", lambda site, toc: PAGE.replace("Contents", "More"))
    assert report.make(small, TOC)
    assert len(printed) == 3
    assert [file.suffix for file in (small / "kept").iterdir()] == [".pdf"]
    assert pdf.sheets(small / report.FILE) == 2
    assert not (small / "report.html").exists()


def test_one_that_is_too_long_is_refused(small, printed, monkeypatch) -> None:
    monkeypatch.setattr(report, "SHEETS", 1)
    with pytest.raises(pdf.PdfError, match="2 sheets, more than 1"):
        report.make(small, TOC)
    assert not (small / report.FILE).exists()
