"""The page that lists every figure, table and box of the sources with its chapter and status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from careshift import source_coverage
from careshift.claims import APART, OUTCOMES, SOURCES
from careshift.ledger import Entry
from careshift.pages import wording
from careshift.pages.blocks import captioned
from careshift.pages.safe_text import Markdown, escape
from careshift.source_coverage import WORDS, Status

WHY = {"in words": "It holds no number that data could test."}


def page(entries: Sequence[Entry]) -> Markdown:
    """Return the coverage page: totals, what the words mean, then each source's items in their order."""
    every = [source_coverage.status(item, entries) for item in source_coverage.load()]
    tally = Counter(status.word for status in every)
    meanings = [
        f"- **{word}**: {tally[word]}. {meaning[0].upper()}{meaning[1:]}." for word, meaning in WORDS.items()
    ]
    parts = [
        "(coverage-list)=\n# Figures, tables and boxes",
        f"The sources have {len(every)} figures, tables and boxes. This is where each of them went. "
        "Only data from outside the documents make a figure recomputed. Whether it then holds is for its "
        "verdict to say.",
        "\n".join(meanings),
    ]
    for source in SOURCES:
        mine = [status for status in every if status.item.source == source]
        rows = [_row(status) for status in mine]
        head = ["| Item | Chapter | Status | Why, what is missing, and its claims |", "|---|---|---|---|"]
        body = captioned("Where each item went", "coverage", [*head, *rows])
        nothing = "It has no figures, tables or boxes."
        parts += [f"## {wording.TITLES[source]}", f"Source: {{cite:t}}`{source}`.", body if rows else nothing]
    return Markdown("\n\n".join(parts) + "\n")


def _row(status: Status) -> str:
    item = status.item
    chapter = f"[](/chapters/{item.chapter}.ipynb)"
    return (
        f"| **{escape(item.item)}**. {escape(item.caption)} | {chapter} | {status.word} | {_claims(status)} |"
    )


def _claims(status: Status) -> str:
    reasons = _reasons(status)
    if not status.claims:
        return reasons or "no claim recorded at this place"
    tally = Counter(entry.verdict.outcome for entry in status.claims)
    counted = ", ".join(f"{tally[outcome]} {outcome}" for outcome in (*OUTCOMES, APART) if tally[outcome])
    first = status.claims[0].claim.anchor
    return f"{reasons} [{counted}](#{first})".strip()


def _reasons(status: Status) -> str:
    """Return why an item is not wholly recomputed, and the data that would do it."""
    parts = [escape(status.item.why or WHY.get(status.word, ""))]
    if status.missing:
        parts.append(f"Missing: {escape('; '.join(status.missing))}.")
    return " ".join(filter(None, parts))
