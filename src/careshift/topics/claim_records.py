"""A chapter's claims as a frame, with the verdicts that their own expressions give."""

from __future__ import annotations

import pandas as pd

from careshift import evidence
from careshift.claims import Claim, Evidence, Verdict


def frame(chapter: str, found: tuple[Evidence, ...] = ()) -> pd.DataFrame:
    """Return the chapter's claims, a row each: the record's fields, the printed value, derived, outcome."""
    return pd.DataFrame([_row(*judged) for judged in evidence.verdicts(chapter, found)])


def _row(claim: Claim, verdict: Verdict) -> dict[str, object]:
    return {
        "id": claim.id,
        "says": claim.says,
        "printed": claim.printed,
        "qualifier": claim.qualifier,
        "value": claim.value,
        "unit": claim.unit,
        "derived": verdict.derived,
        "held_against": verdict.held_against,
        "outcome": verdict.outcome,
        "check": verdict.check,
        "kind": claim.kind,
        "counted": claim.is_counted,
        "tier": claim.tier,
        "period": claim.period,
        "area": claim.area,
        "source": claim.source,
    }


def tally(records: pd.DataFrame, outcome: str) -> int:
    """Return how many of the chapter's claims, each said once, have the outcome."""
    return int((records["counted"] & (records["outcome"] == outcome)).sum())


def held(records: pd.DataFrame, against: str) -> int:
    """Return how many of the chapter's claims, each said once, were held against this, "nothing" say."""
    return int((records["counted"] & (records["held_against"] == against)).sum())


def clashing(records: pd.DataFrame) -> int:
    """Return how many of the chapter's records, dates too, another print contradicts."""
    return int((records["check"] == "does not add up").sum())
