"""Amounts that are changed turn the claims that rest on them."""

import pytest

from careshift import arithmetic, claims

SPENDING = "kingsfund2013/older-people-spending"


@pytest.fixture
def changed(monkeypatch):
    def change(claim_id: str, printed: str) -> None:
        kept = tuple(
            c.model_copy(update={"printed": printed, "reads_as": None}) if c.id == claim_id else c
            for c in claims.load()
        )
        monkeypatch.setattr(claims, "load", lambda source=None: kept)

    return change


def outcome(claim_id: str) -> str:
    claim = claims.find(claim_id)
    return claims.judge(claim, arithmetic.evidence_of(claim)).outcome


def test_a_wider_spending_would_make_it_one_percent(changed) -> None:
    assert outcome("hendry2021/change-fund-share") == "inconsistent"
    changed(SPENDING, "7.5")
    assert outcome("hendry2021/change-fund-share") == "reproduced"


def test_five_more_points_would_complete_2012(changed) -> None:
    assert outcome("kingsfund2013/change-fund-shares-total-2012-13") == "inconsistent"
    changed("kingsfund2013/change-fund-home-2012-13", "53")
    assert outcome("kingsfund2013/change-fund-shares-total-2012-13") == "reproduced"
