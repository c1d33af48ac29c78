"""All claims with their verdicts: the whole denominator, for people and for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from careshift import arithmetic, claims, tables
from careshift.claims import OUTCOMES, TIERS, Claim, ClaimError, Evidence, Outcome, Tier, Verdict
from careshift.project import CHAPTERS


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: the record, what a chapter found, and the verdict computed from both."""

    claim: Claim
    evidence: Evidence | None
    verdict: Verdict


def build(evidence: Iterable[Evidence]) -> list[Entry]:
    """Answer the ledger: every claim that can be judged yet, in the order of the claim files.

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
    judged = [c for c in claims.load() if c.id not in waiting]
    known = [(c, found.get(c.id) or arithmetic.evidence_of(c)) for c in judged]
    entries = [Entry(claim, item, claims.judge(claim, item)) for claim, item in known]
    unexplained = [e.claim.id for e in entries if e.verdict.outcome == "not testable" and not e.claim.needs]
    if unexplained:
        raise ClaimError(
            f"No evidence and no `needs` for {', '.join(unexplained)}. "
            "Judge them in their chapter or say which data would test them."
        )
    return entries


def pending() -> list[Claim]:
    """Answer the claims that data at hand could test in a chapter that is not written yet."""
    written = {p.relative_to(CHAPTERS).with_suffix("").as_posix() for p in CHAPTERS.rglob("*.ipynb")}
    return [
        c
        for c in claims.load()
        if c.chapter not in written and c.kind != "reported" and not (c.derive or c.needs)
    ]


def counts(entries: Sequence[Entry]) -> dict[Outcome, int]:
    """Answer the number of claims under each of the seven verdicts, zero included."""
    tally = Counter(entry.verdict.outcome for entry in entries)
    return {outcome: tally.get(outcome, 0) for outcome in OUTCOMES}


def counts_by_tier(entries: Sequence[Entry]) -> dict[Tier, dict[Outcome, int]]:
    """Answer the seven counts of each tier: headline claims, other numbers, context."""
    return {tier: counts([e for e in entries if e.claim.tier == tier]) for tier in TIERS}


def as_json(entries: Sequence[Entry]) -> str:
    """Answer the ledger for machines: claim, evidence and verdict of each entry, and the seven counts."""
    return json.dumps(
        {"counts": counts(entries), "claims": [_entry(e) for e in entries]}, indent=1, ensure_ascii=False
    )


def from_json(text: str) -> list[Entry]:
    """Answer the ledger that `as_json` wrote."""
    return [
        Entry(
            claims.find(item["claim"]["id"]),
            Evidence.model_validate(item["evidence"]) if item["evidence"] else None,
            Verdict.model_validate(item["verdict"]),
        )
        for item in json.loads(text)["claims"]
    ]


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "claim": entry.claim.model_dump(mode="json", exclude_none=True),
        "evidence": entry.evidence.model_dump(mode="json", exclude_defaults=True) if entry.evidence else None,
        "verdict": entry.verdict.model_dump(mode="json"),
    }


def vintages(evidence: Evidence | None) -> list[dict[str, str]]:
    """Answer title, vintage and licence of each table that the evidence rests on."""
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
