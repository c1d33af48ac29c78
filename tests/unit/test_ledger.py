"""The ledger holds every claim once, with a verdict that follows from its evidence."""

import json

import pytest

from careshift import arithmetic, claims, ledger
from careshift.claims import OUTCOMES, ClaimError, Evidence

RESIDENTS = "hendry2021/care-home-residents-march-2019"


@pytest.fixture
def two_claims(monkeypatch):
    kept = (claims.find(RESIDENTS), claims.find("kingsfund2013/table-7-chd-admissions-fall"))
    monkeypatch.setattr(claims, "load", lambda source=None: kept)
    return kept


def test_a_claim_without_evidence_or_needs_stops_the_build(two_claims) -> None:
    with pytest.raises(ClaimError, match=RESIDENTS):
        ledger.build([])


def test_evidence_for_no_claim_stops_the_build() -> None:
    with pytest.raises(ClaimError, match="There is no claim"):
        ledger.build([Evidence(claim="hendry2021/nothing", derived=1, basis="none")])


def test_a_claim_judged_twice_stops_the_build(two_claims) -> None:
    item = Evidence(claim=RESIDENTS, derived=30418, basis="by hand", chapter="a")
    with pytest.raises(ClaimError, match="judged twice, by a and b"):
        ledger.build([item, item.model_copy(update={"chapter": "b"})])


def test_counts_show_all_seven_and_json_round_trips(two_claims) -> None:
    entries = ledger.build([Evidence(claim=RESIDENTS, derived=30419, basis="by hand")])
    counted = ledger.counts(entries)
    assert list(counted) == list(OUTCOMES)
    assert counted["close"] == 1
    assert counted["reproduced"] == 1  # the Welsh fall follows from the printed counts
    assert ledger.from_json(ledger.as_json(entries)) == entries
    assert json.loads(ledger.as_json(entries))["counts"] == counted


@pytest.mark.parametrize("claim", [c for c in claims.load() if c.derive], ids=lambda c: c.id)
def test_every_expression_evaluates(claim) -> None:
    found = arithmetic.evidence_of(claim)
    assert found is not None
    allowed = ("not testable", "inconsistent") if claim.needs else ("reproduced", "inconsistent")
    assert claims.judge(claim, found).outcome in allowed


def test_claims_that_nothing_could_judge_say_what_would() -> None:
    lost = [c.id for c in claims.load() if not (c.chapter or c.needs or c.derive) and c.kind != "reported"]
    assert not lost
