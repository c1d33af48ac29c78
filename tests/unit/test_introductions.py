"""The introductions: every chapter of the contents in its order, two sentences each, no number typed."""

import json
import re
from dataclasses import replace

import pytest
import yaml

from careshift import arithmetic, chapter_summary, claims
from careshift.chapter_summary import Opening
from careshift.ledger import Entry
from careshift.pages import dashboard, introductions
from careshift.project import ROOT, CareshiftError


@pytest.fixture(scope="module")
def judged() -> list[Entry]:
    """Give the ledger before any chapter ran: only what the documents' own numbers decide."""
    known = [(claim, arithmetic.evidence_of(claim)) for claim in claims.load()]
    return [Entry(claim, evidence, claims.judge(claim, evidence)) for claim, evidence in known]


@pytest.fixture
def opened() -> dict[str, Opening]:
    return {
        chapter: Opening("A title", "Why?", f"Finding of {chapter}. The rest.")
        for part in introductions.load()
        for chapter in part.chapters
    }


def contents() -> dict[str, list[str]]:
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    return {part["caption"]: [item["file"] for item in part["chapters"]] for part in parts}


def test_each_part_of_the_contents_starts_with_its_introduction() -> None:
    for caption, files in contents().items():
        assert files[0].endswith("/index"), caption


def test_an_introduction_leads_through_the_chapters_in_the_order_of_the_contents() -> None:
    listed = contents()
    for part in introductions.load():
        assert [f"chapters/{name}" for name in part.contents] == listed[part.title][1:], part.title


def test_question_and_answer_are_one_and_two_sentences() -> None:
    for part in introductions.load():
        assert part.question.endswith("?"), part.title
        assert len(Opening("", "", part.answer).sentences) == 2, part.title


def test_no_result_is_typed() -> None:
    """Years, ages and days apart, an introduction has no digit outside a place to fill."""
    allowed = re.compile(r"\b(19|20)\d\d(/\d\d)?\b|\bages? \d\d\b|\b30 days\b")
    for part in introductions.load():
        words = " ".join([part.question, part.answer, *(step.says for step in part.steps)])
        words += " ".join(line for step in part.steps for line in step.pages.values())
        rest = allowed.sub("", re.sub(r"\{[^}]*\}", "", words))
        assert not re.search(r"\d", rest), rest


def found(value: float) -> dict:
    return {"derived": value, "span": (value - 0.5, value + 0.5)}


def with_numbers(judged, values: dict[str, float]):
    """Return the ledger as if these claims had been derived."""
    return [
        replace(e, verdict=e.verdict.model_copy(update=found(values[e.claim.id])))
        if e.claim.id in values
        else e
        for e in judged
    ]


def test_the_numbers_are_those_of_the_ledger(judged, opened) -> None:
    scotland = introductions.load()[0]
    places = re.findall(r"(?:derived|low)\[([^\]]+)\]", scotland.answer)
    assert len(places) == 3
    page = introductions.page(
        scotland, with_numbers(judged, {c: 77.25 + i for i, c in enumerate(places)}), opened
    )
    for i in range(len(places)):
        spread = f"{76.75 + i:.1f} to {77.75 + i:.1f} %"
        assert (spread if f"low[{places[i]}]" in scotland.answer else f"{77.25 + i:.1f} %") in page
    for chapter in scotland.chapters:
        assert f"[](/chapters/{chapter}.ipynb): Finding of {chapter}." in page


def test_a_number_that_the_ledger_lacks_stops_the_build(judged, opened) -> None:
    with pytest.raises(CareshiftError, match="care-home-residents-below-expected', which was not given"):
        introductions.page(introductions.load()[0], judged, opened)


def test_a_wrong_record_names_its_field(tmp_path) -> None:
    file = tmp_path / "introductions.yml"
    file.write_text("- folder: scotland\n  title: Scotland\n", encoding="utf-8")
    with pytest.raises(CareshiftError, match=r"introductions.yml, question: Field required"):
        introductions.load(file)


def notebook(tmp_path, *cells):
    file = tmp_path / "chapter.ipynb"
    file.write_text(json.dumps({"cells": list(cells)}), encoding="utf-8")
    return file


def text(source: str) -> dict:
    return {"cell_type": "markdown", "source": source}


def said(sentence: str) -> dict:
    return {"cell_type": "code", "source": "", "outputs": [{"data": {"text/markdown": sentence}}]}


QUIET = {"cell_type": "code", "source": "", "outputs": []}


def test_the_answer_is_the_first_sentence_computed_under_its_heading(tmp_path) -> None:
    file = notebook(
        tmp_path,
        text("# Beds\n\nDid they fall?"),
        said("No."),
        text("## The answer"),
        QUIET,
        said("By 4.5 %. So\nyes."),
    )
    opening = chapter_summary.read(file)
    assert opening == Opening("Beds", "Did they fall?", "By 4.5 %. So yes.")
    assert opening.finding == "By 4.5 %."


@pytest.mark.parametrize(
    "cells",
    [
        [text("# Beds"), said("By 4.5 %.")],
        [text("# Beds"), text("## The answer"), text("## Data"), said("By 4.5 %.")],
    ],
)
def test_a_chapter_without_an_answer_is_refused(tmp_path, cells) -> None:
    with pytest.raises(CareshiftError, match="no computed sentence"):
        chapter_summary.read(notebook(tmp_path, *cells))


def test_the_ledger_answers_in_two_sentences_whose_numbers_add_up(judged) -> None:
    answer = dashboard.answer(judged)
    assert len(Opening("", "", answer).sentences) == 2
    numbers = [int(n.replace(",", "")) for n in re.findall(r"[\d,]+\d|\d", answer)]
    tested, held, others, untested, needing, reported = numbers
    assert (tested, untested) == (held + others, needing + reported)
    assert tested + untested == len(judged)
