"""Each verdict can be reached and lost; contradictions are found and explained; lists filter as asked."""

import math

import pytest
from made_records import claim, entry, found, printed

from careshift import arithmetic, claims, ledger
from careshift.claims import AGAINST, OUTCOMES, SOURCES, Choice, judge
from careshift.cli.ledger import areas_named
from careshift.project import CareshiftError


def both(inside: float, outside: float) -> tuple[Choice, ...]:
    return Choice(label="one", value=inside), Choice(label="other", value=outside)


# the outcome, the record, evidence that gives it, and evidence or a record that breaks its rule
RULES = {
    "reproduced": (claim(), found(19.6), claim(), found(20.5)),
    "close": (claim(), found(21.0), claim(), found(23.0)),
    "depends on method": (
        claim(),
        found(20.0, choices=both(20.0, 18.2)),
        claim(),
        found(20.0, choices=both(20.0, 19.9)),
    ),
    "differs": (claim(), found(25.0), claim(), found(21.0)),
    "revised since": (claim(), found(25.0, later=True), claim(), found(25.0)),
    "bracketed": (claim(), found(25.0, bounds=(10, 40)), claim(), found(31.0, bounds=(22, 40))),
    "adds up": (claim(), printed(20.4), claim(), printed(21.0)),
    "does not add up": (claim(), printed(21.0), claim(), printed(20.4)),
    "data wanted": (claim(), None, claim(), found(20.0)),
    "reported": (claim(kind="view"), None, claim(kind="statement"), None),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_verdict_is_reached_and_lost_when_its_rule_is_broken(outcome) -> None:
    record, evidence, other_record, other_evidence = RULES[outcome]
    assert judge(record, evidence).outcome == outcome
    assert judge(record, evidence).held_against in AGAINST[outcome]
    assert judge(other_record, other_evidence).outcome != outcome


def test_data_that_only_come_near_a_claim_never_confirm_it() -> None:
    assert judge(claim(), found(20.0, nearest=True)).outcome == "data wanted"
    assert ledger.flip(claim(), found(20.0, nearest=True)) is None


def test_no_move_of_the_data_decides_a_cause() -> None:
    assert ledger.flip(claim(kind="cause"), found(20.0)) is None
    assert ledger.flip(claim(), found(20.0)) is not None


def test_a_miss_on_the_other_side_of_the_pivot_is_never_close() -> None:
    tiny = claim(printed="0.2", rounded_to=0.1)
    assert judge(tiny, found(0.14)).outcome == "close"
    assert judge(tiny, found(-0.01)).outcome == "differs"


@pytest.mark.parametrize("outcome", [o for o in OUTCOMES if "nothing" not in AGAINST[o]])
def test_the_stated_move_changes_the_verdict_and_a_smaller_one_does_not(outcome) -> None:
    record, evidence, *_ = RULES[outcome]
    change = ledger.flip(record, evidence)
    assert change is not None
    assert change.outcome != outcome
    assert judge(record, ledger._moved(evidence, change.shift)).outcome == change.outcome
    assert judge(record, ledger._moved(evidence, 0.99 * change.shift)).outcome == outcome


@pytest.mark.parametrize(
    "record", [c for c in claims.load() if c.derive and c.kind in ("statement", "view")], ids=lambda c: c.id
)
def test_every_derived_verdict_can_change(record) -> None:
    evidence = arithmetic.evidence_of(record)
    now, change = judge(record, evidence).outcome, ledger.flip(record, evidence)
    assert change is not None, "no value would change this verdict"
    assert judge(record, ledger._moved(evidence, change.shift)).outcome == change.outcome != now


CLASHING = [
    c
    for c in claims.load()
    if c.derive and judge(c, None, arithmetic.evidence_of(c)).check == "does not add up"
]


# id: what contradicts it
CONTRADICTIONS = {
    "hendry2021/reshaping-care-answers-christie": "published in 2010, the Commission reported in 2011",
    "kingsfund2018/devolution-year": "1997 against 1999",
    "kingsfund2018/local-authority-areas": "31 against 32",
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_known_contradictions_are_found(name) -> None:
    assert name in {record.id for record in CLASHING}


@pytest.mark.parametrize("record", CLASHING, ids=lambda c: c.id)
def test_no_contradiction_is_read_off_a_number_without_an_upper_or_lower_end(record) -> None:
    named = [claims.find(other).interval for other in arithmetic.prints_of(record.derive)]
    assert named
    assert all(math.isfinite(end) for interval in named for end in (interval.low, interval.high))


@pytest.mark.parametrize("record", CLASHING, ids=lambda c: c.id)
def test_each_contradiction_is_explained(record) -> None:
    assert record.note


@pytest.mark.parametrize("record", [c for c in claims.load() if c.derive], ids=lambda c: c.id)
def test_every_printed_number_of_an_expression_is_that_of_another_record(record) -> None:
    """A check against a number that we typed ourselves, or against itself, is no check."""
    assert arithmetic.typed_numbers(record.derive) == ()
    named = [claims.find(name) for name in arithmetic.prints_of(record.derive)]
    assert named
    assert record.id not in {other.id for other in named}
    assert record.id not in {other.repeats for other in named}


def test_every_claim_belongs_to_a_nation() -> None:
    places = {n: {c.area for c in claims.load() if ledger.nation(c) == n} for n in ledger.NATIONS}
    assert {"Lurgan", "Western trust", "Belfast trust"} <= places["Northern Ireland"]
    assert {"Gwent", "Cwm Taf", "Hywel Dda"} <= places["Wales"]
    assert {"Highland", "Glasgow City", "Benchmark council"} <= places["Scotland"]
    assert places["England or UK"] == {"England", "Great Britain", "North East England", "UK"}


@pytest.mark.parametrize("name", ["Glasgow", "glasgow city", "S12000046", "Glaschu", "Glasgow City Council"])
def test_claims_are_found_by_any_name_of_a_place(name) -> None:
    entries = [entry(id="msg2019/one", area="Glasgow City"), entry(id="msg2019/two", area="Gwent")]
    assert areas_named(name, entries) == ["Glasgow City"]
    with pytest.raises(CareshiftError, match=r"No claim is about .*Nearest: Gwent"):
        areas_named("Gwnt", entries)


def test_select_meets_every_condition() -> None:
    entries = [
        entry(id="msg2019/one", area="Fife", kind="view"),
        entry(id="msg2019/two", printed="25", tier="headline"),
        entry(id="kingsfund2013/three", where={"section": "Wales: Funding", "item": "Table 4"}, area="Gwent"),
    ]
    ids = lambda **conditions: [e.claim.id for e in ledger.select(entries, **conditions)]  # noqa: E731
    assert ids() == ["msg2019/one", "msg2019/two", "kingsfund2013/three"]
    assert ids(outcome="reported") == ["msg2019/one"]
    assert ids(held_against="nothing", tier="headline") == ["msg2019/two"]
    assert ids(held_against="outside data") == []
    assert ids(source="msg2019") == ["msg2019/one", "msg2019/two"]
    assert ids(area="Scotland") == ["msg2019/one", "msg2019/two"]
    assert ids(area="Fife") == ["msg2019/one"]
    assert ids(area="Wales", text="table FELL") == ["kingsfund2013/three"]
    assert ids(tier="headline", text="25") == ["msg2019/two"]
    assert ids(tier="headline", area="Wales") == []


def test_counts_by_hold_every_counted_claim_once() -> None:
    entries = [ledger.Entry(c, None, judge(c, None)) for c in claims.load()]
    counted = ledger.counts_by(entries, lambda c: c.source, SOURCES)
    number = sum(c.is_counted for c in claims.load())
    assert sum(n for of in counted.values() for n in of.values()) == number < len(entries)
    assert sum(ledger.held(entries).values()) == number
    by_tier = ledger.counts_by_tier(entries)
    assert sum(n for of in by_tier.values() for n in of.values()) == number
