"""Every chapter reads easily: short words and sentences, no number with a sign, titles that say one thing."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from careshift.project import CHAPTERS

RUNS = [run["chapter"] for run in yaml.safe_load((CHAPTERS / "runs.yml").read_text()) if "page" not in run]
PARTS = [part["folder"] for part in yaml.safe_load((CHAPTERS / "introductions.yml").read_text())]
WRITTEN = ["methods/cluster", "methods/glossary", "methods/rerun", "methods/reproducibility", "methods/speed"]
AREAS = ["areas/fife", "areas/nhs-fife"]  # a council and a board: all others have the same sentences
NAMES = sorted({*RUNS, *(f"{part}/index" for part in PARTS), *WRITTEN, *AREAS, "ledger/index"})
FIRST = "intro.html"
PAGES = (FIRST, *(f"chapters/{name}.html" for name in NAMES))
EASIEST = {FIRST: 65, "chapters/what_is_known/index.html": 65}
EASE, WORDS = 60, 30  # Flesch's reading ease at least, words of a sentence at most
TITLE = 15  # words of a figure's title at most
NO_PROSE = {"table", "details", "figure", "pre", "script", "style", "nav", "footer", "header", "h1", "h2"}
NO_PROSE |= {"h3", "h4"}
APART = {"chart-source", "chart-links", "colophon", "answers"}
VOID = {"img", "br", "hr", "input", "meta", "link", "source", "wbr"}
END = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9“\"£])")
SIGNED = re.compile(r"(?<![\w/])[+\-−]\d")
CITED = re.compile(r"\s*\[[^\]]*\d{4}[^\]]*\]")  # no reader reads the authors in brackets aloud
LATIN = (
    r"e\.g\.|i\.e\.|\betc\b|\b(?:per se|inter alia|vis-à-vis|ad hoc|de facto|a priori|via|ceteris paribus)\b"
)
STIFF = (
    "utilis|leverag|facilitat|in order to|with regard to|in terms of|prior to|going forward|thereof|hereby|"
    "whilst|amongst|respectively|hence|thus|notwithstanding|needless to say|should be noted|obviously|"
    "of course|stakeholder"
)
BANNED = re.compile(rf"{LATIN}|\b(?:{STIFF})", re.IGNORECASE)
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
            self._break(tag)
            return
        kinds = set((dict(attrs).get("class") or "").split())
        self.open.append(tag in NO_PROSE or bool(kinds & APART))
        self.article += tag == "article"
        if tag in ("p", "li") and self.article and not any(self.open):
            self.block += 1
            self.found.append("")

    def _break(self, tag: str) -> None:
        if tag == "br" and self.block and self.found:
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
    blocks = [" ".join(CITED.sub("", text).split()) for text in Prose(page).found]
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


def numbers(title: str) -> int:
    """Return how many numbers a title has: a range or a share is one; dates, ages and prints are none."""
    text = re.sub(r"\bprinted [£\d.,]+|\b(ages? |aged )?\d\d(\+| and over)|\b95 %(?= interval)", "", title)
    text = re.sub(r"\b(?:19|20)\d\d(?:/\d\d|Q\d)?\b", "", text)
    text = re.sub(r"([\d.,]+)(?: %)? (?:to|of|of the|in every) ([\d.,]+)", r"\1", text)
    text = re.sub(r"\bfrom (\D*)[\d.,]+(.*?) to ", r"from \1 to ", text)
    return len(re.findall(r"\d[\d.,]*", text))


def titles(page: Path) -> list[str]:
    found = re.findall(
        r"<figcaption><span>Figure \d+\.</span> ([^<]+)</figcaption>", page.read_text(encoding="utf-8")
    )
    return [unescape(title).replace("\N{NO-BREAK SPACE}", " ") for title in found]


def test_a_range_and_a_share_are_one_number_and_a_date_is_none() -> None:
    assert numbers("In 2019 care homes held 20 % fewer people aged 65 and over") == 1
    assert numbers("2 of 4 defensible choices give the printed 20 %") == 1
    assert numbers("From 2009/10 to 2013/14 the rate fell by 18.2 to 20.0 %") == 1
    assert numbers("It lay from behind England by 0.3 % to ahead of it by 10.0 %") == 1
    assert numbers("Beds fell by 40 %, days by 31 %") == 2


@pytest.mark.parametrize("page", PAGES)
def test_the_page_reads_easily(built, page: str) -> None:
    said = sentences(built / page)
    assert said
    assert ease(said) >= EASIEST.get(page, EASE)


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_is_long_and_no_number_has_a_sign(built, page: str) -> None:
    said = sentences(built / page)
    assert [s for s in said if len(s.split()) > WORDS] == []
    assert [s for s in said if SIGNED.search(s)] == []
    assert [s for s in said if BANNED.search(s)] == []


@pytest.mark.parametrize("page", PAGES)
def test_titles_say_what_happened_in_few_words_and_one_number(built, page: str) -> None:
    for title in titles(built / page):
        assert len(title.replace(" %", "%").split()) <= TITLE, title
        assert numbers(title) <= 1, title
        assert not SIGNED.search(title), title


@pytest.mark.parametrize("page", PAGES)
def test_no_two_captions_of_a_page_are_the_same(built, page: str) -> None:
    html = (built / page).read_text(encoding="utf-8")
    captions = re.findall(r"<caption>(.*?)</caption>", html, re.DOTALL) + titles(built / page)
    assert len(set(captions)) == len(captions)
