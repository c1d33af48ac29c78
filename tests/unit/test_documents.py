"""The reading view of a document: its outline, its figures where it has them, verdicts, checks, reply."""

import datetime
import re

import pytest
from made_records import claim as made_claim

from careshift import claims, document_checks, ledger, source_coverage
from careshift.claims import SOURCES
from careshift.pages import documents, entries
from careshift.pages.documents import Drawing
from careshift.project import DATA
from careshift.source_coverage import Item

DRAWN = {"scotland/residents/by-year": Drawing("Fewer <b>residents</b>", 400, 300)}
ITEM = {"source": "hendry2021", "caption": "Residents", "chapter": "scotland/residents"}


def record(name: str, section: str, place: str, **said: object) -> claims.Claim:
    return made_claim(id=f"hendry2021/{name}", where={"section": section, "item": place}, **said)


@pytest.fixture
def view(monkeypatch) -> str:
    """Give the view of a made document whose text is hostile."""
    records = (
        record("one", "Results: Care <script>", "paragraph 1", says="First said ``` <img src=x>"),
        record("two", "Results: Care <script>", "Figure 2", says="In the figure"),
        record("again", "Results: Care <script>", "paragraph 9", repeats="hendry2021/one"),
        record("last", "Conclusions", "paragraph 3", says="Last said", needs="Data"),
    )
    items = (
        Item(item="Figure 2", drawing="scotland/residents/by-year", **ITEM),
        Item(item="Box: <i>none</i>", why="It is a picture.", **ITEM),
    )
    monkeypatch.setattr(claims, "load", lambda: records)
    monkeypatch.setattr(source_coverage, "load", lambda: items)
    monkeypatch.setattr(entries, "homes", lambda: {claim.id: "hendry2021-all" for claim in records})
    judged = [ledger.Entry(claim, None, claims.judge(claim, None, None)) for claim in records]
    return dict(documents.pages(judged, DRAWN))["chapters/documents/hendry2021.md"]


def test_the_view_keeps_the_documents_order_and_nests_its_parts(view) -> None:
    said = ["## Results", "### Care", "First said", 'id="hendry2021-figure-2"', "In the figure", "Last said"]
    places = [view.index(words) for words in said]
    assert places == sorted(places)
    assert view.index("## Conclusions") < view.index("Last said")
    assert "1 said elsewhere in the document too" in view
    assert view.count('<a class="verdict') == 3


def test_a_figure_is_shown_as_redrawn_or_says_why_not(view) -> None:
    (picture,) = re.findall(r"<img [^>]*>", view.replace("<img src=x>", ""))
    assert 'src="../../_static/figures/scotland/residents/by-year.svg"' in picture
    assert 'loading="lazy"' in picture
    assert 'width="260" height="195"' in picture
    assert 'href="../scotland/residents.html#figure-scotland-residents-by-year"' in view
    assert '<a href="#hendry2021-figure-2">hendry2021, Figure 2</a>' in view
    box = view[view.index('id="hendry2021-box-i-none-i"') :]
    assert "Not redrawn." in box
    assert "It is a picture." in box


def test_what_a_document_says_stays_text(view) -> None:
    tags = set(
        re.findall(r"<(\w+)", "".join(re.findall(r"``````\{raw\} html\n(.*?)\n``````", view, re.DOTALL)))
    )
    assert tags <= {"p", "a", "ul", "li", "span", "small", "div", "img", "strong"}
    assert view.count("<img") == 1
    assert not re.search(r"(?<!\\)<script", view)
    assert "Care \\<script\\>" in view


def test_who_checked_is_said_and_the_contributors_are_not_called_outside(view, monkeypatch) -> None:
    assert "**Checked by the contributors only**: two independent readings" in view
    check = document_checks.DocumentCheck(
        source="hendry2021", date=datetime.date(2027, 1, 5), by="A. Reader", outside=True, what="all of it"
    )
    monkeypatch.setattr(document_checks, "load", lambda: (check,))
    page = dict(documents.pages([], {}))["chapters/documents/hendry2021.md"]
    assert "**Checked from outside** by A. Reader: all of it, 5 January 2027." in page
    other = dict(documents.pages([], {}))["chapters/documents/msg2019.md"]
    assert "**Checked by the contributors only**: no check is on record." in other


def test_the_authors_are_invited_and_what_they_replied_is_printed(view) -> None:
    assert "The authors have not replied yet." in view
    assert "Document: Scotland's integration journey (2021)" in view
    replied = record("one", "Abstract", "paragraph 1", says="Said", reply="You are *wrong*")
    entry = ledger.Entry(replied, None, claims.judge(replied, None, None))
    told = documents.View("hendry2021", [entry], [], {}, {replied.id: "hendry2021-all"}).page()
    assert "[Said](#claim-hendry2021-one): You are \\*wrong\\*" in told
    assert "not replied yet" not in told


def test_every_document_has_a_check_on_record_and_every_address_is_its_own() -> None:
    assert {check.source for check in document_checks.load()} == set(SOURCES)
    anchors = [documents.anchor(item) for item in source_coverage.load()]
    assert len(set(anchors)) == len(anchors) > 40
    assert "kingsfund2013-figure-11" in anchors


def test_a_check_without_a_date_is_refused(tmp_path) -> None:
    file = tmp_path / "checks.yml"
    text = (DATA / "document_checks.yml").read_text(encoding="utf-8")
    file.write_text(re.sub(r", date: \S+,", ",", text, count=1), encoding="utf-8")
    with pytest.raises(document_checks.DocumentCheckError, match=r"check 1, date"):
        document_checks.load(file)
