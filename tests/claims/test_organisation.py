"""Numbers of bodies: a number changed in one place turns the claim and the picture."""

import pytest

from careshift import arithmetic, claims, tables
from careshift.topics import bodies

HEALTH_BOARDS = "kingsfund2013/territorial-boards"


@pytest.fixture
def changed(monkeypatch):
    def change(claim_id: str, **fields: object) -> None:
        kept = tuple(c.model_copy(update=fields) if c.id == claim_id else c for c in claims.load())
        monkeypatch.setattr(claims, "load", lambda source=None: kept)

    return change


def outcome(claim_id: str) -> str:
    claim = claims.find(claim_id)
    return claims.judge(claim, arithmetic.evidence_of(claim)).outcome


def test_one_board_fewer_turns_claim_count_and_picture(changed) -> None:
    assert outcome(HEALTH_BOARDS) == "reproduced"
    before = bodies.by_group(bodies.counted())["agrees"].sum()
    changed("kingsfund2018/nhs-boards", printed="13")
    assert outcome(HEALTH_BOARDS) == "inconsistent"
    assert bodies.by_group(bodies.counted())["agrees"].sum() == before - 1
    chart = bodies.diagram(tables.read("bodies"), tables.read("body_links"), "chief-officer-2018")
    assert bodies.number(chart, "health") == 13


def test_thirty_one_authorities_would_agree(changed) -> None:
    claim = "hendry2021/integration-authorities"
    assert outcome(claim) == "inconsistent"
    changed(claim, printed="31", reads_as=None)
    assert outcome(claim) == "reproduced"


def test_the_37_is_the_sum_of_all_bodies_not_of_the_others() -> None:
    assert outcome("kingsfund2013/figure-1-all-bodies-before") == "reproduced"
    assert outcome("kingsfund2013/ni-other-quangos") == "inconsistent"
    assert bodies.reform().set_index("body").loc["All", "before"] == 37
