"""Every claim whose source disagrees with itself or with another source, both places side by side."""

from __future__ import annotations

from collections.abc import Sequence

from careshift import arithmetic, claims, ledger
from careshift.claims import SOURCES, Claim
from careshift.ledger import Entry
from careshift.pages import wording
from careshift.pages.blocks import captioned, printed_words
from careshift.pages.entries import SAME_AS
from careshift.pages.safe_text import Markdown, escape
from careshift.typography import minus

BODIES = ("integration authorities", "council areas", "bodies")
TIMES = ("year", "month")
MONEY = ("scotland/money", "wales/money", "northern_ireland/spending_per_head")
GROUPS = (
    "Authorities, councils and other bodies",
    "Dates and lengths of time",
    "Money",
    "Tables whose columns miss their totals",
    "People and services",
)


def page(judged: Sequence[Entry]) -> Markdown:
    """Return the page of contradictions, grouped by what they are about."""
    found = ledger.contradicted(judged)
    between = sum(any(c.source != e.claim.source for c in _others(e.claim)) for e in found)
    parts = [
        "(all-contradictions)=\n# Where the sources contradict themselves or each other",
        f"{len(found)} statements do not fit another number that the same source, or another of the five, "
        f"prints. In {between} of them two sources disagree; in the others one source disagrees with itself. "
        "Each stands here once. Code decides: no number within the roundings of all the prints would mend "
        "it. Under each stands the reading that would reconcile the places, where we know one, and which is "
        "right where a register says so. The entry of each has room for the authors' reply.",
        f"The sources: {'; '.join(f'{wording.SHORT[s]}, {wording.TITLES[s]}' for s in SOURCES)}.",
    ]
    for group in GROUPS:
        mine = [e for e in found if group_of(e.claim) == group]
        if mine:
            parts += [f"## {group}", *(_contradiction(e) for e in mine)]
    return Markdown("\n\n".join(parts) + "\n")


def group_of(claim: Claim) -> str:
    """Return the group of the page under which a contradiction stands."""
    if claim.unit in BODIES:
        return GROUPS[0]
    if claim.unit.startswith(TIMES):
        return GROUPS[1]
    if claim.chapter in MONEY or "change-fund" in claim.id:
        return GROUPS[2]
    return GROUPS[3] if (claim.where.item or "").startswith("Table") else GROUPS[4]


def _contradiction(found: Entry) -> str:
    claim = found.claim
    rows = [_row(claim), *(_row(other) for other in _others(claim))]
    if len(rows) == 1 or "(" in _after_first(claim.derive or ""):
        value, unit = _computed(found), wording.unit(claim).partition(",")[0]
        words = value if value.endswith(unit) else f"{value} {unit}"
        how = (
            wording.formula(claim.derive)
            if claim.derive
            else (found.evidence.basis if found.evidence else "")
        )
        rows.append(f"| {escape(words)} | computed: {escape(how)} |")
    head = ["| What is printed | Where |", "|---|---|"]
    table = captioned("The prints that disagree, and where they stand", "places", [*head, *rows])
    heading = f"### [{escape(claim.says)}](#{claim.anchor})"
    return "\n\n".join([heading, table, *([escape(claim.note)] if claim.note else [])])


def _computed(found: Entry) -> str:
    """Return what the other prints give, with the span of their rounding."""
    own = arithmetic.evidence_of(found.claim) or found.evidence
    if own is None or own.derived is None:
        return ""
    ends = own.rounding or (own.derived, own.derived)
    low, value, high = (
        minus(claims.number_words(found.claim, end, own.derived)) for end in (ends[0], own.derived, ends[1])
    )
    return value if low == high else f"{value} ({low} to {high})"


def _row(claim: Claim) -> str:
    return f"| {escape(printed_words(claim))} | {escape(wording.place(claim))} |"


def _others(claim: Claim) -> list[Claim]:
    """Return the claims that a contradiction is computed from."""
    return [claims.find(name) for name in dict.fromkeys(SAME_AS.findall(claim.derive or ""))]


def _after_first(expression: str) -> str:
    """Return an expression's inside; a bracket there shows more than the print of one other claim."""
    return expression.partition("(")[2]
