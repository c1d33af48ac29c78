"""The openings of parts: question, answer, chapters with their counts, the chart that carries it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from careshift import ledger
from careshift.chapter_summary import Opening
from careshift.claims import Record
from careshift.ledger import Entry
from careshift.pages import dashboard
from careshift.pages.blocks import counts_table
from careshift.pages.safe_text import Markdown, say
from careshift.project import CHAPTERS, CareshiftError

FILE = CHAPTERS / "introductions.yml"


class Step(Record):
    """Chapters that are read together and the words that lead to them; `pages` are no chapters, each told."""

    says: str
    chapters: tuple[str, ...] = ()
    pages: Mapping[str, str] = Field(default={})


class Part(Record):
    """A part of the book. Its answer has places for numbers: `{derived[SOURCE/claim]:.1f}`, `{claims}`."""

    folder: str
    title: str
    question: str
    answer: str
    steps: tuple[Step, ...]

    @property
    def chapters(self) -> tuple[str, ...]:
        """Return the part's chapters in the order of reading."""
        return tuple(f"{self.folder}/{name}" for step in self.steps for name in step.chapters)

    @property
    def contents(self) -> tuple[str, ...]:
        """Return the part's chapters and other pages in the order of reading."""
        every = ((*step.chapters, *step.pages) for step in self.steps)
        return tuple(f"{self.folder}/{name}" for names in every for name in names)


def load(file: Path = FILE) -> tuple[Part, ...]:
    """Return the parts in the order of the file. Raises CareshiftError with the part and field at fault."""
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        return tuple(Part.model_validate(item) for item in listed)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise CareshiftError(
            f"{file.name}, {field}: {first['msg']}. A part has folder, title, question, answer and steps."
        ) from None


def pages(entries: Sequence[Entry], openings: Mapping[str, Opening]) -> Iterator[tuple[str, str]]:
    """Yield path and text of each part's introduction; `openings` are by chapter."""
    for part in load():
        yield f"chapters/{part.folder}/index.md", page(part, entries, openings)


def page(part: Part, entries: Sequence[Entry], openings: Mapping[str, Opening]) -> Markdown:
    """Return the introduction of a part."""
    mine = [entry for entry in entries if entry.claim.chapter in part.chapters]
    pieces = [
        f"(part-{part.folder.replace('_', '-')})=\n# {part.title}",
        part.question,
        f"## The answer\n\n{answer(part, entries, mine)}",
        "## The evidence, chapter by chapter",
        *(_step(part, step, openings) for step in part.steps),
    ]
    if any(entry.claim.tier == "headline" for entry in mine):
        pieces += ["## The headline claims of this part", dashboard.headlines(mine)]
    if mine:
        pieces += ["## Every claim of this part, counted", counts_table(ledger.counts_by_tier(mine))]
    return Markdown("\n\n".join(pieces) + "\n")


def answer(part: Part, entries: Sequence[Entry], mine: Sequence[Entry]) -> Markdown:
    """Return the part's answer with its numbers, all taken from the ledger.

    Raises CareshiftError for a number that the ledger does not have.
    """
    spans = {e.claim.id: e.evidence.span for e in entries if e.evidence and e.evidence.span}
    return say(
        part.answer,
        low={claim: low for claim, (low, _) in spans.items()},
        high={claim: high for claim, (_, high) in spans.items()},
        derived={e.claim.id: e.verdict.derived for e in entries if e.verdict.derived is not None},
        nearest={e.claim.id: e.verdict.nearest for e in entries if e.verdict.nearest is not None},
        printed={e.claim.id: e.claim.printed for e in entries},
        counts=ledger.counts(mine),
        held=ledger.held(mine),
        claims=len(ledger.counted(mine)),
        all_claims=len(ledger.counted(entries)),
    )


def _step(part: Part, step: Step, openings: Mapping[str, Opening]) -> str:
    found = {f"{name}.ipynb": openings[f"{part.folder}/{name}"].finding for name in step.chapters}
    told = {f"{name}.md": words for name, words in step.pages.items()}
    lines = [f"- [](/chapters/{part.folder}/{file})\\\n  {line}" for file, line in (found | told).items()]
    return "\n".join([step.says, "", *lines])
