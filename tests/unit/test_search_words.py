"""What readers type, and the index of the search: words, synonyms, weights, the same bytes each time."""

import json
from pathlib import Path

import pytest
import yaml

from careshift import search_words
from careshift.pipeline import searching
from careshift.project import ROOT

CONTENTS = """\
root: intro
parts:
  - caption: Scotland
    chapters: [{file: chapters/scotland/delays, sections: [{file: chapters/areas/fife}]}]
"""
PAGE = (
    "<html><body>menu words<article><section><h1>{title}<a class='headerlink'>#</a></h1><p>{first}</p>"
    "<h2>The answer</h2><p>{answer}</p><div class='cell_input'>secretcode</div>{more}</section></article>"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Fell from 30,418 to 4.2 % in 2009/10",
            ["fell", "from", "n30418", "to", "n4.2", "in", "n2009", "n10"],
        ),
        ("The King’s Fund, the King's Fund", ["the", "kings", "fund", "the", "kings", "fund"]),
        ("A&E, £300m and 5bn", ["a", "and", "e", "n300", "million", "and", "n5", "billion"]),
        ("over-75s 65+ 20pc S12000033", ["over", "n75", "n65", "n20", "s12000033"]),
        ("de Brún", ["de", "brun"]),
        ("", []),
    ],
)
def test_a_text_falls_into_words_and_numbers(text, expected) -> None:
    assert search_words.words(text) == expected


def test_a_query_asks_for_phrases_with_their_like_and_not_for_what_says_nothing() -> None:
    blocked, fife = search_words.groups("what about bed-blocking in Fife?")
    assert blocked[0] == search_words.stems("bed blocking")
    assert search_words.stems("delayed discharges") in blocked
    assert fife == (("fife",),)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("IJB", "integration joint boards"),
        ("A&E", "accident and emergency"),
        ("re-ablement", "reablement"),
        ("HSCPs", "health and social care partnership"),
        ("nursing homes", "care home"),
    ],
)
def test_what_readers_type_stands_for_the_words_of_the_book(typed, meant) -> None:
    (group,) = search_words.groups(typed)
    assert search_words.stems(meant) in group


def test_words_that_say_nothing_count_where_there_are_no_others() -> None:
    assert search_words.groups("who are they") == [(("who",),), (("ar",),), (("thei",),)]


def test_a_list_with_a_phrase_twice_or_without_a_part_is_refused(tmp_path) -> None:
    twice = tmp_path / "twice.yml"
    twice.write_text(
        "ignored: [a]\nsame: [[care home, care homes]]\nareas: []\npages: {}\n", encoding="utf-8"
    )
    with pytest.raises(search_words.SearchWordsError, match=r"care home.*twice"):
        search_words.load(twice)
    part = tmp_path / "part.yml"
    part.write_text("ignored: [no]\nsame: []\nareas: []\npages: {}\n", encoding="utf-8")
    with pytest.raises(search_words.SearchWordsError, match="quote"):
        search_words.load(part)


def test_every_page_that_the_list_leads_to_is_in_the_book() -> None:
    contents = {name for name, _ in searching.parts(ROOT / "_toc.yml")}
    assert set(search_words.load().pages) <= contents


@pytest.fixture
def site(tmp_path) -> Path:
    pages = {
        "intro": ("The book", "Care.", "It depends.", ""),
        "chapters/scotland/delays": (
            "Delayed discharge",
            "Who waits?",
            "Fewer wait.",
            "<p>wait wait wait</p>",
        ),
        "chapters/areas/fife": ("Fife", "A council.", "It waits.", "<h2>Delayed discharge</h2>"),
    }
    (tmp_path / "toc.yml").write_text(CONTENTS, encoding="utf-8")
    (tmp_path / "_static").mkdir()
    for name, (title, first, answer, more) in pages.items():
        file = tmp_path / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        words = PAGE.format(title=title, first=first, answer=answer, more=more)
        file.write_text(words, encoding="utf-8")
    return tmp_path


def test_a_page_is_found_by_its_title_before_its_text_and_not_by_its_code(site) -> None:
    pages = {page.address: page for page in searching.pages(site, site / "toc.yml")}
    delays, fife = pages["chapters/scotland/delays.html"], pages["chapters/areas/fife.html"]
    assert (delays.title, delays.part, delays.says) == ("Delayed discharge", "Scotland", "Fewer wait.")
    assert delays.weights["delai"] == searching.TITLE > fife.weights["delai"] == searching.HEADING
    assert 0 < pages["intro.html"].weights["depend"] < searching.HEADING
    assert not {"secretcod", "menu"} & set(delays.weights)
    assert (delays.kind, fife.kind) == ("chapter", "area")


def test_the_index_is_the_same_each_time_and_tells_what_each_word_weighs(site) -> None:
    made = []
    for _ in range(2):
        searching.write(site, [], site / "toc.yml")
        made.append(site.joinpath("searchindex.js").read_text(encoding="utf-8"))
    assert made[0] == made[1]
    index = json.loads(made[0].removeprefix("bookSearch.open(").removesuffix(");\n"))
    assert [entry[3] for entry in index["entries"]][:2] == ["intro.html", "chapters/scotland/delays.html"]
    assert index["stems"]["discharg"] == [1, searching.TITLE, 1, searching.HEADING]
    assert "discharge" in index["words"]


def test_the_words_of_the_list_are_text() -> None:
    lists = yaml.safe_load(search_words.FILE.read_text(encoding="utf-8"))
    every = [lists["ignored"], *lists["same"], *lists["pages"].values()]
    assert all(isinstance(word, str) for words in every for word in words)
