"""A share that is changed turns the claim that rests on it, and the chapter's numbers."""

import pytest

from careshift import claims
from careshift.topics import case_boxes

RISES = "kingsfund2013/stirling-intensive-at-home-rises"


def test_a_fall_would_turn_the_rise(changed, judged) -> None:
    assert (judged(RISES).outcome, judged(RISES).held_against) == ("adds up", "own numbers")
    changed("kingsfund2013/stirling-intensive-at-home-after", "5")
    assert judged(RISES).outcome == "does not add up"


def test_the_chapter_follows_the_record(monkeypatch) -> None:
    kept = tuple(
        c.model_copy(update={"printed": "12"}) if c.id.endswith("midlothian-spending-growth") else c
        for c in claims.load()
    )
    monkeypatch.setattr(claims, "load", lambda source=None: kept)
    assert case_boxes.spending_growth()["against"].iloc[1] == pytest.approx(100 * (1 - 112 / 119))
