"""Dates, counts and structure: what the documents say that is no claim about the world, complete."""

from __future__ import annotations

from collections.abc import Sequence

from careshift import ledger
from careshift.claims import SOURCES, Kind
from careshift.ledger import Entry
from careshift.pages import wording
from careshift.pages.blocks import captioned, printed_words
from careshift.pages.safe_text import Markdown, escape

KINDS: dict[Kind, tuple[str, str]] = {
    "date": ("Dates and lengths of time", "single dates, time scales, spans between two years"),
    "count": ("Counts of listed things", "how many items a list of the document has"),
    "structure": ("Structure", "how a text, a framework or a body is built"),
}


def page(judged: Sequence[Entry]) -> Markdown:
    """Return the page: what each kind is, then the records of each kind, document by document."""
    found = ledger.apart(judged)
    again = [e for e in ledger.repeats(judged) if e.claim.kind in KINDS]
    clashing = [e for e in found if e.verdict.check == "does not add up"]
    parts = [
        "(dates-counts-structure)=\n# Dates, counts and structure",
        f"{len(found)} statements of the documents are no claims about the world: "
        f"{'; '.join(words for _, words in KINDS.values())}. A check of them could hardly fail, so no count "
        f"of verdicts holds them. They stand here, each with its entry. Another {len(again)} say one "
        f"of these "
        "again and are left out of this page.",
        f"{len(clashing)} of them do not fit another place; those are findings, and stand under "
        "[contradictions](#all-contradictions) too.",
    ]
    for kind, (title, _) in KINDS.items():
        parts.append(f"## {title}")
        for source in SOURCES:
            mine = [e for e in found if e.claim.kind == kind and e.claim.source == source]
            if mine:
                rows = [_row(entry) for entry in mine]
                head = [
                    "| What the source says | Printed | Area and period | Other places |",
                    "|---|---|---|---|",
                ]
                parts.append(captioned(f"{wording.TITLES[source]}: {len(mine)}", "places", [*head, *rows]))
    return Markdown("\n\n".join(parts) + "\n")


def _row(entry: Entry) -> str:
    claim, check = entry.claim, entry.verdict.check
    words = {None: "", "adds up": "agree", "does not add up": "do not agree"}[check]
    return (
        f"| [{escape(claim.says)}](#{claim.anchor}) | {escape(printed_words(claim))} "
        f"| {escape(f'{claim.area}, {claim.period}')} | {words} |"
    )
