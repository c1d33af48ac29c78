"""A share that is changed turns the claim that rests on it, and the chapter's numbers."""

import pytest

from careshift import arithmetic, claims
from careshift.topics import case_boxes

RISES = "kingsfund2013/stirling-intensive-at-home-rises"


def test_a_fall_would_turn_the_rise() -> None:
    claim = claims.find(RISES)
    assert claims.judge(claim, arithmetic.evidence_of(claim)).outcome == "reproduced"
    fallen = claim.model_copy(update={"derive": "ratio(rounded(15, 1), rounded(18, 1))"})
    assert claims.judge(fallen, arithmetic.evidence_of(fallen)).outcome == "inconsistent"


def test_the_chapter_follows_the_record(monkeypatch) -> None:
    kept = tuple(
        c.model_copy(update={"printed": "12"}) if c.id.endswith("midlothian-spending-growth") else c
        for c in claims.load()
    )
    monkeypatch.setattr(claims, "load", lambda source=None: kept)
    assert case_boxes.spending_growth()["against"].iloc[1] == pytest.approx(100 * (1 - 112 / 119))
