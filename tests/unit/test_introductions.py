"""The introductions: every chapter of the contents in its order, two sentences each, no number typed."""

import json
import re
from dataclasses import replace

import pytest
import yaml

from careshift import arithmetic, chapter_summary, claims, ledger
from careshift.chapter_summary import Opening
from careshift.claims import Evidence
from careshift.ledger import Entry
from careshift.pages import introductions, wording
from careshift.project import ROOT, CareshiftError


@pytest.fixture(scope="module")
def judged() -> list[Entry]:
    """Give the ledger before any chapter ran: only what the documents' own numbers decide."""
    known = [(claim, arithmetic.evidence_of(claim)) for claim in claims.load()]
    return [Entry(claim, own, claims.judge(claim, None, own)) for claim, own in known]


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
    """The part with the documents themselves has none: each of its pages is an overview."""
    for caption, files in contents().items():
        assert files[0].endswith("/index") or caption == "The documents", caption


def test_an_introduction_leads_through_the_chapters_in_the_order_of_the_contents() -> None:
    listed = contents()
    for part in introductions.load():
        assert [f"chapters/{name}" for name in part.contents] == listed[part.title][1:], part.title


def test_the_question_is_one_and_the_answer_a_few_sentences() -> None:
    for part in introductions.load():
        assert part.question.endswith("?"), part.title
        assert 2 <= len(Opening("", "", part.answer).sentences) <= 4, part.title


def test_no_result_is_typed() -> None:
    """Years, ages and days apart, an introduction has no digit outside a place to fill."""
    allowed = re.compile(r"\b(19|20)\d\d(/\d\d)?\b|\bages? \d\d\b|\b30 days\b")
    for part in introductions.load():
        words = " ".join([part.question, part.answer, *(step.says for step in part.steps)])
        words += " ".join(line for step in part.steps for line in step.pages.values())
        rest = allowed.sub("", re.sub(r"\{[^}]*\}", "", words))
        assert not re.search(r"\d", rest), rest


PLACE = re.compile(r"\{(derived|nearest|low|high)\[([^\]]+)\]")


def with_numbers(judged: list[Entry], values: dict[str, float]) -> list[Entry]:
    """Return the ledger as if these claims had been derived: the value, half around it, a nearest one."""

    def told(entry: Entry) -> Entry:
        value = values.get(entry.claim.id)
        if value is None:
            return entry
        verdict = entry.verdict.model_copy(update={"derived": value, "nearest": value + 0.25})
        ends = (value - 0.5, value + 0.5)
        evidence = Evidence(
            claim=entry.claim.id, derived=value, rounding=ends, basis="made", tables=("population",)
        )
        return replace(entry, verdict=verdict, evidence=evidence)

    return [told(entry) for entry in judged]


@pytest.mark.parametrize("part", introductions.load(), ids=lambda part: part.folder)
def test_the_numbers_are_those_of_the_ledger(judged, opened, part) -> None:
    places = PLACE.findall(part.answer)
    values = {name: 77.25 + 2 * i for i, name in enumerate(dict.fromkeys(name for _, name in places))}
    page = introductions.page(part, with_numbers(judged, values), opened)
    moved = {"derived": 0, "nearest": 0.25, "low": -0.5, "high": 0.5}
    rounded = {what: ".1f" in part.answer.split(f"{what}[{name}]")[1][:5] for what, name in places}
    for what, name in places:
        assert f"{values[name] + moved[what]:{'.1f' if rounded[what] else '.0f'}}" in page, name
    for chapter in part.chapters:
        assert f"[](/chapters/{chapter}.ipynb)\\\n  Finding of {chapter}." in page


def test_a_part_counts_its_claims_once(judged) -> None:
    part = next(part for part in introductions.load() if part.folder == "wales")
    mine = [entry for entry in judged if entry.claim.chapter in part.chapters]
    made = part.model_copy(update={"answer": "{claims} of {all_claims}, {held[nothing]} without a test"})
    once = [entry for entry in mine if entry.claim.is_counted]
    untested = sum(entry.verdict.held_against == "nothing" for entry in once)
    said = f"{len(once)} of {len(ledger.counted(judged))}, {untested} without a test"
    again = mine[0].claim.model_copy(update={"repeats": mine[1].claim.id})
    date = mine[0].claim.model_copy(update={"kind": "date"})
    more = [replace(mine[0], claim=claim) for claim in (again, date)]
    assert introductions.answer(made, judged, mine) == said
    assert introductions.answer(made, judged, [*mine, *more]) == said


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


def test_the_ledger_answers_in_numbers_that_add_up(judged) -> None:
    numbers = [int(n.replace(",", "")) for n in re.findall(r"[\d,]+\d|\d", wording.rests(judged))]
    every, outside, recomputed, read, agree, prints, up, clash, untested = numbers
    assert every == outside + prints + untested == len(ledger.counted(judged)) < len(judged)
    assert agree <= outside == recomputed + read
    assert prints == up + clash > 0
