"""Claims as plain text, for a terminal: one line each, or one whole."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from careshift import arithmetic, claims, ledger
from careshift.inert_text import printable
from careshift.ledger import Entry
from careshift.pages import blocks, wording
from careshift.pages.safe_text import escape


def line(entry: Entry) -> str:
    """Return the canonical line of a claim, the one that its chapter prints."""
    return printable(claims.canonical_line(entry.claim, entry.verdict))


def fitted(entry: Entry, width: int) -> str:
    """Return a claim on a few lines of at most `width` letters: outcome, statement, print and value, id."""
    claim, verdict = entry.claim, entry.verdict
    head = f"{blocks.SIGNS[verdict.outcome]} {verdict.outcome}, held against {verdict.held_against}"
    values = f"printed {blocks.printed_words(claim)}; we find {wording.derived(claim, verdict)}"
    parts = [(head, ""), (f"{claim.area}: {claim.says}", "  "), (values, "  "), (claim.id, "  ")]
    return "\n".join(line for text, indent in parts for line in _wrapped(text, width, indent))


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        printable(text),
        max(width, 20),
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def markdown(entries: Sequence[Entry]) -> str:
    """Return claims as a Markdown table; every cell is escaped."""
    head = ["| Claim | Printed | We find | Outcome | Held against | Id |", "|---|---|---|---|---|---|"]
    rows = []
    for entry in entries:
        claim, verdict = entry.claim, entry.verdict
        found = wording.derived(claim, verdict)
        cells = (
            claim.says,
            blocks.printed_words(claim),
            found,
            verdict.outcome,
            verdict.held_against,
            claim.id,
        )
        rows.append(f"| {' | '.join(escape(value) for value in cells)} |")
    return "\n".join([*head, *rows])


def whole(entry: Entry) -> str:
    """Return all that is known of a claim: what is said where, printed, derived, from what, how firm."""
    facts = [*_said(entry), *_found(entry), *_notes(entry)]
    width = max(len(name) for name, _ in facts)
    lines = (f"  {name:<{width}}  {printable(value)}" for name, value in facts)
    return "\n".join([printable(entry.claim.says), *lines])


def _said(entry: Entry) -> Iterator[tuple[str, str]]:
    claim = entry.claim
    yield "id", claim.id
    yield "held against", wording.against(entry.verdict)
    yield "outcome", entry.verdict.outcome
    yield "where", f"{wording.TITLES[claim.source]}, {wording.place(claim)}"
    yield "about", f"{claim.area}, {claim.period}"
    yield "printed", " ".join(filter(None, [claim.qualifier, claim.printed, f"({claim.unit})"]))
    yield "stands for", wording.interval(claim)
    yield "weight", wording.TIER_WORDS[claim.tier]


def _found(entry: Entry) -> Iterator[tuple[str, str]]:
    claim, evidence, verdict = entry.claim, entry.evidence, entry.verdict
    if verdict.inherits:
        yield "says again", verdict.inherits
        return
    if evidence is None or evidence.derived is None:
        return
    own = arithmetic.evidence_of(claim) if evidence.nearest and verdict.derived is not None else None
    yield "derived", wording.derived(claim, verdict)
    if own:  # the prints judge it, and the nearest figure stands beside
        yield "how", own.basis
        yield "nearest", f"{claims.number_words(claim, evidence.derived)}, no test"
    yield "that is" if own else "how", evidence.basis
    for choice in evidence.choices:
        apart = "" if choice.decides else " (shown apart, decides nothing)"
        yield "choice", f"{choice.label}: {choice.value:,.{claim.decimals}f}{apart}"
    change = ledger.flip(claim, own or evidence)
    if change:
        yield "flips", wording.distance(claim, change, verdict.span)
    for table in ledger.vintages(evidence):
        yield "data", f"{table['name']}: {table['title']}, {table['vintage']}, {table['licence']}"


def _notes(entry: Entry) -> Iterator[tuple[str, str]]:
    claim = entry.claim
    notes = {"chapter": claim.chapter, "would test it": claim.needs, "note": claim.note, "reply": claim.reply}
    yield from ((name, text) for name, text in notes.items() if text)
