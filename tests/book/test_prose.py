"""The first page and *What is known* read easily: short words, short sentences, no number with a sign."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

PAGES = ("intro.html", "chapters/what_is_known/index.html")
EASE, WORDS = 65, 30  # Flesch's reading ease at least, words of a sentence at most
NO_PROSE = {"table", "details", "figure", "pre", "script", "style", "nav", "footer", "header", "h1", "h2"}
NO_PROSE |= {"h3", "h4"}
APART = {"chart-source", "chart-links", "colophon", "answers"}
VOID = {"img", "br", "hr", "input", "meta", "link", "source", "wbr"}
END = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9“\"£])")
SIGNED = re.compile(r"(?<![\w/])[+\-−]\d")
# What stands on every page, or is a name of data from a record: not the page's own prose.
FRAME = re.compile(r"^(What would change our mind:|To cite this page|papermill|careshift|Source:)")


class Prose(HTMLParser):
    """The paragraphs and list items of an article, without tables, figures and folds."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.open: list[bool] = []  # for each open tag: does it leave the prose?
        self.article, self.block = 0, 0
        self.found: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        kinds = set((dict(attrs).get("class") or "").split())
        self.open.append(tag in NO_PROSE or bool(kinds & APART))
        self.article += tag == "article"
        if tag in ("p", "li") and self.article and not any(self.open):
            self.block += 1
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self.open:
            return
        self.open.pop()
        self.article -= tag == "article"
        self.block -= tag in ("p", "li") and self.block > 0

    def handle_data(self, data: str) -> None:
        if self.block and self.article and not any(self.open):
            self.found[-1] += data


def syllables(word: str) -> int:
    """Return about how many syllables a word has: groups of vowels, a silent e left out."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee"))
    return max(groups - silent, 1)


def sentences(page: Path) -> list[str]:
    blocks = [" ".join(text.split()) for text in Prose(page).found]
    kept = [text for text in blocks if text and not FRAME.match(text)]
    return [sentence for text in kept for sentence in END.split(text)]


def ease(said: list[str]) -> float:
    words = [word for sentence in said for word in re.findall(r"[A-Za-z’']+", sentence)]
    per_word = sum(map(syllables, words)) / len(words)
    return 206.835 - 1.015 * len(words) / len(said) - 84.6 * per_word


def test_the_measure_tells_easy_from_hard() -> None:
    assert ease(["The cat sat on the mat.", "It was fat."]) > 100
    assert ease(["Institutional integration necessitates considerable organisational reconfiguration."]) < 0
    assert SIGNED.search("fell by −3.1 %")
    assert not SIGNED.search("from 2010-11, aged 65+, in S12000033")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_reads_easily(built, page: str) -> None:
    said = sentences(built / page)
    assert len(said) > 20
    assert ease(said) >= EASE


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_is_long_and_no_number_has_a_sign(built, page: str) -> None:
    said = sentences(built / page)
    assert [s for s in said if len(s.split()) > WORDS] == []
    assert [s for s in said if SIGNED.search(s)] == []


@pytest.mark.parametrize("page", PAGES)
def test_titles_say_what_happened_in_few_words_and_one_number(built, page: str) -> None:
    html = (built / page).read_text(encoding="utf-8")
    titles = re.findall(r"<figcaption><span>Figure \d+\.</span> ([^<]+)</figcaption>", html)
    assert len(titles) >= 4
    assert len(set(titles)) == len(titles)
    for title in titles:
        words = title.replace("\N{NO-BREAK SPACE}", " ").replace(" %", "%").split()
        assert len(words) <= 14, title
        dates_and_ages = re.compile(r"^(19|20)\d\d(/\d\d)?$|^\d\d\+$")
        numbers = [w for w in words if any(c.isdigit() for c in w) and not dates_and_ages.match(w)]
        assert len(numbers) == 1, title
