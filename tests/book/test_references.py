"""The page of references is whole: every document, data set and method; and everything on it is used."""

import re
from html import unescape

import pytest
from pybtex.database import parse_file

from careshift import tables
from careshift.claims import SOURCES
from careshift.pages import bibliography, wording
from careshift.project import ROOT

TAG = re.compile(r"<[^>]+>")
NAMED = re.compile(r"\b([A-Z][a-z]{2,})(?:'s)?(?: and others)? \(?((?:1[89]|20)\d\d)\b")
DATES = {"January", "February", "March", "April", "June", "July", "August", "September", "October"}
ENTRIES = parse_file(str(ROOT / "references.bib"), "bibtex").entries


def words(text: str) -> str:
    """Return a text in lower case with single spaces, without tags, braces and typographic marks."""
    plain = re.sub(r"[{}\\]", "", unescape(TAG.sub(" ", text))).replace("’", "'").replace("–", "-")
    return " ".join(re.sub(r"-+", "-", plain).split()).lower()


@pytest.fixture(scope="module")
def html(built) -> str:
    return built.joinpath("chapters", "ledger", "references.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", ENTRIES)
def test_every_entry_of_the_bibliography_is_cited_and_so_listed(html, key) -> None:
    """Only what some page cites is listed, so an entry that nothing cites is missing here."""
    assert words(ENTRIES[key].fields["title"]) in words(html)


def test_every_document_is_in_the_bibliography() -> None:
    assert set(SOURCES) <= set(ENTRIES)


def test_a_document_is_cited_by_the_name_that_stands_beside_its_claims() -> None:
    cited = {source: ENTRIES[source].fields["shorttitle"].replace("’", "'") for source in SOURCES}
    assert cited == wording.SHORT


@pytest.mark.parametrize("name", tables.names())
def test_every_data_set_is_listed_with_its_publisher_and_leads_to_its_description(html, name) -> None:
    about = tables.describe(name)
    items = [
        item for item in html.split("<li>") if f'href="data.html#table-{name.replace("_", "-")}"' in item
    ]
    assert len(items) == 1
    said = words(items[0])
    for part in (about["publisher"], about["title"], about["vintage"], about["licenses"][0]["title"]):
        assert words(part).rstrip(".") in said


def test_every_paper_that_the_statistics_name_is_in_the_bibliography() -> None:
    unknown, known = [], 0
    for file in bibliography.files():
        text = " ".join(" ".join(bibliography.docstrings(file)).split())
        for name, year in NAMED.findall(text):
            same_year = [entry for entry in ENTRIES.values() if entry.fields["year"] == year]
            authors = [f"{e.persons} {e.fields.get('institution', '')}" for e in same_year]
            known += any(name in author for author in authors)
            if name not in DATES and not any(name in author for author in authors):
                unknown.append(f"{file.name}: {name} {year}")
    assert not unknown
    assert known > 30


def test_each_method_leads_to_the_paper_it_follows(html) -> None:
    rows = [row for row in html.split("<tr") if "careshift." in row]
    listed = {words(re.search(r"careshift[.\w]*", row)[0]) for row in rows}
    assert {
        "careshift.effect_sizes",
        "careshift.standardisation",
        "careshift.interruption.likelihood",
    } <= listed
    assert all(re.search(r'href="#id\d+"', row) for row in rows)
