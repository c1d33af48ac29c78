"""All claims with their verdicts: the whole denominator, for people and for machines."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from careshift import arithmetic, claims, tables
from careshift.claims import OUTCOMES, TIERS, Claim, ClaimError, Evidence, Outcome, Tier, Verdict
from careshift.project import CHAPTERS, CLAIMS

Nation = Literal["Scotland", "Wales", "Northern Ireland", "England or UK"]
NATIONS: tuple[Nation, ...] = ("Scotland", "Wales", "Northern Ireland", "England or UK")
Ground = Literal["official data", "printed numbers", "data that only come near", "no number"]
WAITING = "not judged yet"
LISTED = CLAIMS / "listed.json"  # only in the folder of an edition
JUST = 1e-6  # how far past an edge a value is moved to be on its other side


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: the record, what a chapter found, and the verdict computed from both."""

    claim: Claim
    evidence: Evidence | None
    verdict: Verdict


@dataclass(frozen=True)
class Flip:
    """How far a derived value would have to move to change the verdict, in the claim's unit; and to which."""

    shift: float
    outcome: Outcome


def build(evidence: Iterable[Evidence]) -> list[Entry]:
    """Return the ledger: every claim that can be judged yet, in the order of the claim files.

    Claims whose chapter is not written are left to `pending`. Raises ClaimError where evidence names no claim
    or a claim twice, or where a claim has neither evidence nor a word on the data that would test it: nothing
    is left out silently.
    """
    found: dict[str, Evidence] = {}
    for item in evidence:
        claims.find(item.claim)
        if item.claim in found:
            both = f"{found[item.claim].chapter} and {item.chapter}"
            raise ClaimError(f"{item.claim} is judged twice, by {both}: let one chapter judge it.")
        found[item.claim] = item
    waiting = {claim.id for claim in pending()}
    judged = [c for c in listed() if c.id not in waiting]
    known = [(c, found.get(c.id) or arithmetic.evidence_of(c)) for c in judged]
    entries = [Entry(claim, item, claims.judge(claim, item)) for claim, item in known]
    unexplained = [e.claim.id for e in entries if e.verdict.outcome == "not testable" and not e.claim.needs]
    if unexplained:
        raise ClaimError(
            f"Not testable, and the record does not say what would test it: {', '.join(unexplained)}. "
            "Judge them in their chapter or say which data would test them."
        )
    return entries


def listed() -> tuple[Claim, ...]:
    """Return the claims that the ledger lists: all, or in an edition of some chapters those that it names."""
    if not LISTED.exists():
        return claims.load()
    names = set(json.loads(LISTED.read_text(encoding="utf-8")))
    return tuple(claim for claim in claims.load() if claim.id in names)


def pending() -> list[Claim]:
    """Return the claims that data at hand could test in a chapter that is not written yet."""
    written = {p.relative_to(CHAPTERS).with_suffix("").as_posix() for p in CHAPTERS.rglob("*.ipynb")}
    return [
        c for c in listed() if c.chapter not in written and c.kind != "reported" and not (c.derive or c.needs)
    ]


def everything(entries: Sequence[Entry]) -> list[tuple[Claim, Entry | None]]:
    """Return every claim in the order of the claim files, with its entry, or None where it waits."""
    by_id = {entry.claim.id: entry for entry in entries}
    return [(claim, by_id.get(claim.id)) for claim in listed()]


def nation(claim: Claim) -> Nation:
    """Return the country that a claim is about: its area, else the one that its section is about."""
    if claim.area in ("UK", "Great Britain", "England", "North East England"):
        return "England or UK"
    named = (claim.area, claim.where.section.split(":")[0])
    return next((n for text in named for n in NATIONS if n == text), "Scotland")


def ground(entry: Entry) -> Ground:
    """Return what a verdict rests on: official data, or only numbers that the documents print themselves.

    Sums, shares and the same quantity in two places test the print and not the world; a proxy tests neither.
    """
    if entry.verdict.derived is None or entry.evidence is None:
        return "no number"
    if entry.claim.kind in ("arithmetic", "cross_source"):
        return "printed numbers"
    return "data that only come near" if entry.evidence.proxy else "official data"


def select(
    entries: Sequence[Entry],
    outcome: Outcome | None = None,
    source: str | None = None,
    area: str | None = None,
    tier: Tier | None = None,
    text: str = "",
) -> list[Entry]:
    """Return the entries that meet every condition given; `area` is a nation or a place, `text` any words.

    The words are looked for in id, place in the source, statement, print, unit and period, in any case.
    """

    def found(entry: Entry) -> bool:
        claim = entry.claim
        where = f"{claim.where.section} {claim.where.item or ''}"
        spoken = f"{claim.id} {where} {claim.says} {claim.printed} {claim.unit} {claim.period}".lower()
        return (
            outcome in (None, entry.verdict.outcome)
            and source in (None, claim.source)
            and area in (None, claim.area, nation(claim))
            and tier in (None, claim.tier)
            and all(word in spoken for word in text.lower().split())
        )

    return [entry for entry in entries if found(entry)]


def flip(claim: Claim, evidence: Evidence | None) -> Flip | None:
    """Return the smallest move of the derived value that changes the verdict, and the verdict it would be.

    The value moves together with its span and its choices. None where nothing was derived, or where no value
    could change the verdict because the data only come near the claim.
    """
    if evidence is None or evidence.derived is None:
        return None
    now = claims.judge(claim, evidence).outcome
    for shift in sorted(_shifts(claim, evidence), key=abs):
        then = claims.judge(claim, _moved(evidence, shift)).outcome
        if then != now:
            return Flip(shift, then)
    return None


def _shifts(claim: Claim, evidence: Evidence) -> set[float]:
    """Return the moves at which a derived value meets an edge that could change the verdict."""
    printed, reach = claim.interval, claims.CLOSE_WITHIN * abs(claim.value)
    edges = {printed.low, printed.high, printed.low - reach, printed.high + reach, claim.pivot}
    values = {evidence.derived, *(evidence.span or ()), *(c.value for c in evidence.choices)}
    return {
        edge - value + step * JUST * max(1.0, abs(edge))
        for edge in edges
        for value in values
        if edge is not None and math.isfinite(edge)
        for step in (-1, 0, 1)
    }


def _moved(evidence: Evidence, shift: float) -> Evidence:
    def pair(ends: tuple[float, float] | None) -> tuple[float, float] | None:
        return None if ends is None else (ends[0] + shift, ends[1] + shift)

    choices = tuple(c.model_copy(update={"value": c.value + shift}) for c in evidence.choices)
    derived = None if evidence.derived is None else evidence.derived + shift
    return evidence.model_copy(
        update={"derived": derived, "rounding": pair(evidence.rounding), "choices": choices}
    )


def counts(entries: Sequence[Entry]) -> dict[Outcome, int]:
    """Return the number of claims under each of the seven verdicts, zero included."""
    tally = Counter(entry.verdict.outcome for entry in entries)
    return {outcome: tally.get(outcome, 0) for outcome in OUTCOMES}


def counts_by_tier(entries: Sequence[Entry]) -> dict[Tier, dict[Outcome, int]]:
    """Return the seven counts of each tier: headline claims, other numbers, context."""
    return {tier: counts([e for e in entries if e.claim.tier == tier]) for tier in TIERS}


def counts_by(
    entries: Sequence[Entry], key: Callable[[Claim], str], groups: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Return, for each group in the order given, the seven counts and how many claims are not judged yet."""
    tally = Counter(
        (key(claim), entry.verdict.outcome if entry else WAITING) for claim, entry in everything(entries)
    )
    return {group: {o: tally.get((group, o), 0) for o in (*OUTCOMES, WAITING)} for group in groups}


def as_json(entries: Sequence[Entry]) -> str:
    """Return the ledger for machines: the seven counts, the tables, and each claim, evidence and verdict."""
    used = {t.pop("name"): t for entry in entries for t in vintages(entry.evidence)}
    return json.dumps(
        {
            "counts": counts(entries),
            "tables": {name: used[name] for name in sorted(used)},
            "claims": [as_record(e) for e in entries],
        },
        indent=1,
        ensure_ascii=False,
    )


def from_json(text: str) -> list[Entry]:
    """Return the ledger that `as_json` wrote, its own records included: an older one stays as it was."""
    return [
        Entry(
            Claim.model_validate(item["claim"]),
            Evidence.model_validate(item["evidence"]) if item["evidence"] else None,
            Verdict.model_validate(item["verdict"]),
        )
        for item in json.loads(text)["claims"]
    ]


def as_record(entry: Entry) -> dict[str, Any]:
    """Return one entry for machines, as it stands in ledger.json."""
    return {
        "claim": entry.claim.model_dump(mode="json", exclude_none=True),
        "evidence": entry.evidence.model_dump(mode="json", exclude_defaults=True) if entry.evidence else None,
        "verdict": entry.verdict.model_dump(mode="json"),
    }


def vintages(evidence: Evidence | None) -> list[dict[str, str]]:
    """Return title, vintage and licence of each table that the evidence rests on."""
    described = [tables.describe(name) for name in (evidence.tables if evidence else ())]
    return [
        {
            "name": t["name"],
            "title": t["title"],
            "vintage": t["vintage"],
            "licence": ", ".join(licence["title"] for licence in t["licenses"]),
        }
        for t in described
    ]
