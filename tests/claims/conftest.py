"""For tests that print another number or change a table, and see which verdicts turn."""

from collections.abc import Callable

import pytest

from careshift import arithmetic, claims
from careshift.claims import Verdict
from careshift.evidence import strongest


@pytest.fixture
def changed(monkeypatch) -> Callable[[str, str], None]:
    """Give a function that lets a claim print another number: changed("hendry2021/name", "2003")."""

    def change(claim_id: str, printed: str) -> None:
        other = {"printed": printed, "reads_as": None}
        kept = tuple(c.model_copy(update=other) if c.id == claim_id else c for c in claims.load())
        monkeypatch.setattr(claims, "load", lambda source=None: kept)

    return change


@pytest.fixture
def judged() -> Callable[[str], Verdict]:
    """Give a function that judges a claim by what its record names: outside data, and other prints."""

    def by_record(claim_id: str) -> Verdict:
        claim = claims.find(claim_id)
        return claims.judge(claim, strongest(claim, None), arithmetic.evidence_of(claim))

    return by_record
