"""Every page of a chapter, as a reader gets it: badges, figures with words and data, rerun box, citation."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from careshift import chapter_summary, claim_tags, claims, ledger, parameters
from careshift.figures import MIME as FIGURE
from careshift.pages import chart_page
from careshift.pages.blocks import css_class
from careshift.pipeline.runs import plan
from careshift.project import BUILD

RUNS = plan()
BESIDE = re.compile(r'<div class="answers[^>]*>(.*?)</div>', re.DOTALL)
BADGE = re.compile(r'class="verdict ([a-z-]+)"><a [^>]*href="[^"#]*#([^"]+)"')
STRAIGHT = str.maketrans("’‘“”", "''\"\"")  # the book sets quotation marks in pairs


def plain(text: str) -> str:
    return " ".join(text.split()).translate(STRAIGHT)


class Page(HTMLParser):
    """What the checklist asks for: pictures, downloads by file name, verdicts, and the words in order."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.pictures: list[str] = []
        self.downloads: dict[str, list[Path]] = {}
        self.verdicts = 0
        self.words: list[str] = []
        self._home = path.parent
        self.feed(path.read_text(encoding="utf-8"))
        self.text = plain(" ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.pictures.append(found.get("alt", ""))
        if tag == "a" and ("download" in found or "download" in found.get("class", "")):
            file = self._home / found["href"]
            self.downloads.setdefault(file.name, []).append(file)
        self.verdicts += "verdict" in found.get("class", "").split()

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """Give the verdicts of the built ledger by claim id."""
    entries = ledger.from_json((BUILD / "ledger.json").read_text(encoding="utf-8"))
    return {entry.claim.id: entry.verdict.outcome for entry in entries}


@pytest.fixture(scope="module", params=RUNS, ids=str)
def run(request):
    return RUNS[request.param]


@pytest.fixture(scope="module")
def page(run, built) -> Page:
    return Page(built / "chapters" / f"{run.id}.html")


@pytest.fixture(scope="module")
def outputs(run, executed) -> list[dict]:
    cells = json.loads((executed / f"{run.id}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]


def test_it_shows_question_and_answer(run, page, executed) -> None:
    opening = chapter_summary.read(executed / f"{run.id}.ipynb")
    assert plain(opening.title) in page.text
    numbers = [word for word in opening.sentences[0].replace("\\", "").split() if word[0].isdigit()]
    assert all(number.strip(",.;:") in page.text for number in numbers)


def test_every_claim_of_a_few_has_a_badge(run, page) -> None:
    mine = claims.of_chapter(run.chapter) if run.id == run.chapter else ()
    assert page.verdicts >= min(len(mine), 1)


def test_badges_below_paragraphs_say_what_the_ledger_says(run, built, kept) -> None:
    cells = json.loads(run.notebook.read_text(encoding="utf-8"))["cells"]
    answered = [claim for of in claim_tags.of_cells(run.chapter, cells) for claim in of]
    html = (built / "chapters" / f"{run.id}.html").read_text(encoding="utf-8")
    stated = [BADGE.findall(block) for block in BESIDE.findall(html)]
    assert len(stated) == sum(map(bool, claim_tags.of_cells(run.chapter, cells)))
    assert [badge for of in stated for badge in of] == [
        (css_class(kept[claim.id]), claim.anchor) for claim in answered
    ]


def test_every_figure_has_its_words_its_data_and_two_pictures(page, outputs) -> None:
    figures = [data[FIGURE] for data in outputs if FIGURE in data]
    assert figures
    for figure in figures:
        assert chart_page.short(figure) in page.pictures, figure["name"]
        assert plain(figure["alt"]) in page.text
        assert plain(figure["title"]) in page.text
        for kind in ("csv", "svg", "png"):
            files = page.downloads.get(f"{figure['name']}.{kind}", [])
            assert files, f"no download of {figure['name']}.{kind}"
            assert all(file.is_file() for file in files)


def test_the_data_behind_the_button_are_those_of_the_figure(page, outputs) -> None:
    for figure in (data[FIGURE] for data in outputs if FIGURE in data):
        kept = [file.read_text(encoding="utf-8") for file in page.downloads[f"{figure['name']}.csv"]]
        assert figure["csv"] in kept, figure["name"]


def test_it_says_how_to_rerun_it_with_every_parameter(run, page) -> None:
    assert f"careshift run {run.chapter}" in page.text
    assert f"papermill chapters/{run.chapter}.ipynb" in page.text
    rerun = page.text.rpartition("The parameters this page was run with")[2]
    assert all(name in rerun for name in parameters.declared(run.notebook))


def test_it_can_be_cited_and_fetched(run, page) -> None:
    name = Path(run.id).name
    for kind in ("ipynb", "bib", "ris"):
        assert any(file.is_file() for file in page.downloads.get(f"{name}.{kind}", [])), kind
    assert "To cite this page" in page.text
