"""All claims with their verdicts: the whole denominator, for people and for machines."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from careshift import arithmetic, claim_search, claims, tables
from careshift.claims import (
    APART,
    HELD,
    HOWS,
    OUTCOMES,
    TIERS,
    Claim,
    ClaimError,
    Evidence,
    HeldAgainst,
    How,
    Outcome,
    Tier,
    Verdict,
)
from careshift.evidence import inherited, strongest
from careshift.project import CLAIMS

Nation = Literal["Scotland", "Wales", "Northern Ireland", "England or UK"]
NATIONS: tuple[Nation, ...] = ("Scotland", "Wales", "Northern Ireland", "England or UK")
SCHEMA = "2.0"  # of ledger.json; 1 had one axis of seven verdicts
LISTED = CLAIMS / "listed.json"  # only in the folder of an edition
JUST = 1e-6  # how far past an edge a value is moved to be on its other side
FAILING: tuple[Outcome, ...] = ("differs", "does not add up")


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
    """Return the ledger: every record with its verdict, in the order of the claim files.

    A repeat takes the verdict of the record that it repeats; what adds up on a print that does not hold
    itself is no better than that print. Raises ClaimError where evidence names no claim or a claim twice, or
    where a claim has neither evidence nor a word on the data that would test it.
    """
    found: dict[str, Evidence] = {}
    for item in evidence:
        claims.find(item.claim)
        if item.claim in found:
            both = f"{found[item.claim].chapter} and {item.chapter}"
            raise ClaimError(f"{item.claim} is judged twice, by {both}: let one chapter judge it.")
        found[item.claim] = item
    judged = {claim.id: _judged(claim, found.get(claim.id)) for claim in listed()}
    entries = [_settled(entry, judged) for entry in judged.values()]
    unexplained = [
        e.claim.id
        for e in entries
        if e.claim.is_counted and e.verdict.outcome == "data wanted" and not e.claim.needs
    ]
    if unexplained:
        raise ClaimError(
            f"Not tested, and the record does not say what would test it: {', '.join(unexplained)}. "
            "Judge them in their chapter or say which data would test them."
        )
    return entries


def _judged(claim: Claim, found: Evidence | None) -> Entry:
    own = arithmetic.evidence_of(claim)
    best = strongest(claim, found)
    return Entry(claim, best or own, claims.judge(claim, best, own))


def _settled(entry: Entry, judged: Mapping[str, Entry]) -> Entry:
    """Return an entry after a look at the records that it repeats or rests on."""
    claim, verdict = entry.claim, entry.verdict
    if claim.repeats and claim.repeats in judged:
        first = _settled(judged[claim.repeats], judged)
        return Entry(claim, first.evidence, inherited(claim, first.verdict))
    if verdict.outcome != "adds up":
        return entry
    rests = [judged[name] for name in _rests_on(entry) if name in judged]
    said = [judged.get(e.claim.repeats or "", e).verdict for e in rests]  # where it was said first
    weak = next((v for v in said if v.outcome in FAILING), None)
    if weak is None:
        return entry
    weaker = {"outcome": "data wanted", "held_against": "nothing", "weakened_by": weak.claim}
    return Entry(claim, entry.evidence, verdict.model_copy(update=weaker))


def _rests_on(entry: Entry) -> tuple[str, ...]:
    """Return the records on whose prints an adding-up rests: those its chapter named, or its expression's.

    A nearest figure that stands beside it has no part in it.
    """
    found, own = entry.evidence, arithmetic.evidence_of(entry.claim)
    if found and found.rests_on and not found.nearest:
        return found.rests_on
    return own.rests_on if own else ()


def listed() -> tuple[Claim, ...]:
    """Return the records that the ledger lists: all, or those that an edition of some chapters names."""
    if not LISTED.exists():
        return claims.load()
    names = set(json.loads(LISTED.read_text(encoding="utf-8")))
    return tuple(claim for claim in claims.load() if claim.id in names)


def counted(entries: Iterable[Entry]) -> list[Entry]:
    """Return the claims in an expert's sense, each said once: the denominator of every count."""
    return [entry for entry in entries if entry.claim.is_counted]


def apart(entries: Iterable[Entry]) -> list[Entry]:
    """Return the dates, counts and structure, each said once."""
    return [e for e in entries if e.verdict.outcome == APART and not e.claim.repeats]


def repeats(entries: Iterable[Entry]) -> list[Entry]:
    """Return the records that say again what another of their document says."""
    return [entry for entry in entries if entry.claim.repeats]


def contradicted(entries: Iterable[Entry]) -> list[Entry]:
    """Return what another print contradicts, dates and counts too, each said once."""
    return [e for e in entries if e.verdict.check == "does not add up" and not e.claim.repeats]


def nation(claim: Claim) -> Nation:
    """Return the country that a claim is about: its area, else the one that its section is about."""
    if claim.area in ("UK", "Great Britain", "England", "North East England"):
        return "England or UK"
    named = (claim.area, claim.where.section.split(":")[0])
    return next((n for text in named for n in NATIONS if n == text), "Scotland")


def select(
    entries: Sequence[Entry],
    outcome: Outcome | None = None,
    held_against: HeldAgainst | None = None,
    source: str | None = None,
    area: str | Collection[str] | None = None,
    tier: Tier | None = None,
    text: str = "",
) -> list[Entry]:
    """Return the entries that meet every condition given; `area` is a nation or place, or several of them.

    The words of `text` are looked for as `careshift.claim_search.matches` says.
    """
    areas = {area} if isinstance(area, str) else area

    def found(entry: Entry) -> bool:
        claim = entry.claim
        return (
            outcome in (None, entry.verdict.outcome)
            and held_against in (None, entry.verdict.held_against)
            and source in (None, claim.source)
            and (areas is None or claim.area in areas or nation(claim) in areas)
            and tier in (None, claim.tier)
            and claim_search.matches(claim, text)
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
    moved = {"rounding": pair(evidence.rounding), "bounds": pair(evidence.bounds)}
    return evidence.model_copy(update={"derived": derived, "choices": choices, **moved})


def counts(entries: Iterable[Entry]) -> dict[Outcome, int]:
    """Return the number of claims under each outcome, zero included; what is not counted left out."""
    tally = Counter(entry.verdict.outcome for entry in counted(entries))
    return {outcome: tally.get(outcome, 0) for outcome in OUTCOMES}


def held(entries: Iterable[Entry]) -> dict[HeldAgainst, int]:
    """Return the number of claims by what they were held against, zero included."""
    tally = Counter(entry.verdict.held_against for entry in counted(entries))
    return {against: tally.get(against, 0) for against in HELD}


def hows(entries: Iterable[Entry]) -> dict[How, int]:
    """Return how many claims held against outside data are recomputed, and how many only read."""
    tally = Counter(e.verdict.how for e in counted(entries) if e.verdict.how)
    return {how: tally.get(how, 0) for how in HOWS}


def counts_by_tier(entries: Sequence[Entry]) -> dict[Tier, dict[Outcome, int]]:
    """Return the counts of each tier: headline claims, other numbers, context."""
    return {tier: counts([e for e in entries if e.claim.tier == tier]) for tier in TIERS}


def counts_by(
    entries: Sequence[Entry], key: Callable[[Claim], str], groups: Iterable[str]
) -> dict[str, dict[Outcome, int]]:
    """Return, for each group in the order given, the counts of its claims."""
    return {group: counts([e for e in entries if key(e.claim) == group]) for group in groups}


def as_json(entries: Sequence[Entry]) -> str:
    """Return the ledger for machines: version, counts, the tables, and each record, evidence and verdict."""
    used = {t.pop("name"): t for entry in entries for t in vintages(entry.evidence)}
    return json.dumps(
        {
            "schema": SCHEMA,
            "counts": counts(entries),
            "held_against": held(entries),
            "how": hows(entries),
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
