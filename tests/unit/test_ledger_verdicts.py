"""Each verdict can be reached and lost; the known contradictions are found; lists filter as asked."""

import math

import pytest
from made_records import claim, entry, found

from careshift import arithmetic, claims, ledger
from careshift.claims import OUTCOMES, SOURCES, Choice, judge
from careshift.pages.entries import SAME_AS


def both(inside: float, outside: float) -> tuple[Choice, ...]:
    return Choice(label="one", value=inside), Choice(label="other", value=outside)


# the verdict, the record, evidence that gives it, and evidence or a record that breaks its rule
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
    "inconsistent": (claim(kind="arithmetic"), found(21.0), claim(kind="arithmetic"), found(20.4)),
    "not testable": (claim(), None, claim(), found(20.0)),
    "reported": (claim(kind="reported"), None, claim(kind="official"), None),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_verdict_is_reached_and_lost_when_its_rule_is_broken(outcome) -> None:
    record, evidence, other_record, other_evidence = RULES[outcome]
    assert judge(record, evidence).outcome == outcome
    assert judge(other_record, other_evidence).outcome != outcome


def test_data_that_only_bracket_a_claim_never_confirm_it() -> None:
    assert judge(claim(), found(20.0, proxy=True)).outcome == "not testable"
    assert ledger.flip(claim(), found(20.0, proxy=True)) is None


def test_a_miss_on_the_other_side_of_the_pivot_is_never_close() -> None:
    tiny = claim(printed="0.2", rounded_to=0.1)
    assert judge(tiny, found(0.14)).outcome == "close"
    assert judge(tiny, found(-0.01)).outcome == "differs"


@pytest.mark.parametrize("outcome", ["reproduced", "close", "depends on method", "differs", "inconsistent"])
def test_the_stated_move_changes_the_verdict_and_a_smaller_one_does_not(outcome) -> None:
    record, evidence, *_ = RULES[outcome]
    change = ledger.flip(record, evidence)
    assert change is not None
    assert change.outcome != outcome
    assert judge(record, ledger._moved(evidence, change.shift)).outcome == change.outcome
    assert judge(record, ledger._moved(evidence, 0.99 * change.shift)).outcome == outcome


@pytest.mark.parametrize("record", [c for c in claims.load() if c.derive], ids=lambda c: c.id)
def test_every_derived_verdict_can_change(record) -> None:
    evidence = arithmetic.evidence_of(record)
    now, change = judge(record, evidence).outcome, ledger.flip(record, evidence)
    assert change is not None, "no value would change this verdict"
    assert judge(record, ledger._moved(evidence, change.shift)).outcome == change.outcome != now


# id: what contradicts it
CONTRADICTIONS = {
    "hendry2021/reshaping-care-answers-christie": "published in 2010, the Commission reported in 2011",
    "hendry2021/change-fund-share": "about 1 % against 1.67 % of the 4.5 billion of 2013",
    "hendry2021/integration-authorities": "30 against 31",
    "hendry2021/long-term-conditions-alliance-founded": "2009 against a strategy of 2008",
    "hendry2021/joint-improvement-team-start": "2006 against 2004",
    "kingsfund2013/joint-improvement-team-start": "2004 against 2006",
    "kingsfund2013/self-management-strategy-year": "2008 against 2009",
    "kingsfund2013/ni-devolution-restored": "1998 against direct rule until 1999",
    "kingsfund2013/ni-other-quangos": "37 others, but 37 is the total of Figure 1",
    "kingsfund2013/figure-1-reform-year": "Figure 1 has 2007, the text 2009",
    "kingsfund2013/ni-trusts-created-2009": "the text has 2009, Figure 1 2007",
    "kingsfund2013/figure-5-year-in-text": "2008/9 in the text, 2009/10 in the caption",
    "kingsfund2013/lurgan-admission-avoided-30-days": "59 % against 67.3 from the counts",
    "kingsfund2013/scotland-health-spending-highest": "Table 1 has Northern Ireland ahead",
    "kingsfund2013/long-term-conditions-count-against-share": "one in four against 2 of 5.2 million",
    "kingsfund2013/change-fund-shares-total-2012-13": "the shares add up to 95",
    "kingsfund2013/change-fund-transitions-mirror-institutions": "-7 points matched by +4",
    "kingsfund2013/reshaping-care-start": "2009/10 against 2011",
    "kingsfund2013/long-term-conditions-programme-start": "2009/10 against 2008",
    "kingsfund2013/figure-8-base-year": "rates of 2007/8 beside a saving from 2009/10",
    "kingsfund2013/wales-gps-per-10000": "6.5 against 6.39 from the list size",
    "kingsfund2013/table-4-column-sum-2001": "the column misses its total by one",
    "kingsfund2013/table-4-column-sum-2011": "the column misses its total by one",
    "kingsfund2013/local-health-boards-created-2010": "2010 against 2009",
    "kingsfund2013/integration-not-three-years-old": "2009 to 2013 is not under three years",
    "kingsfund2018/devolution-year": "1997 against 1999",
    "kingsfund2018/months-since-audit-report": "18 months against 2015 to 2018",
    "kingsfund2018/local-authority-areas": "31 against 32",
    "msg2019/set-aside-time-against-budget-year": "6 months against about 2",
}


def test_exactly_the_known_contradictions_are_found() -> None:
    judged = [(c, arithmetic.evidence_of(c)) for c in claims.load() if c.derive]
    clashing = {c.id for c, evidence in judged if judge(c, evidence).outcome == "inconsistent"}
    assert clashing == set(CONTRADICTIONS)


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_no_contradiction_is_read_off_a_number_without_an_upper_or_lower_end(name) -> None:
    named = [claims.find(other).interval for other in SAME_AS.findall(claims.find(name).derive or "")]
    assert all(math.isfinite(end) for interval in named for end in (interval.low, interval.high))


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_each_contradiction_is_explained(name) -> None:
    assert claims.find(name).note


def test_every_claim_belongs_to_a_nation() -> None:
    places = {n: {c.area for c in claims.load() if ledger.nation(c) == n} for n in ledger.NATIONS}
    assert {"Lurgan", "Western trust", "Belfast trust"} <= places["Northern Ireland"]
    assert {"Gwent", "Cwm Taf", "Hywel Dda"} <= places["Wales"]
    assert {"Highland", "Glasgow City", "Benchmark council"} <= places["Scotland"]
    assert places["England or UK"] == {"England", "Great Britain", "North East England", "UK"}


def test_select_meets_every_condition() -> None:
    entries = [
        entry(id="msg2019/one", area="Fife", kind="reported"),
        entry(id="msg2019/two", printed="25", tier="headline"),
        entry(id="kingsfund2013/three", where={"section": "Wales: Funding", "item": "Table 4"}, area="Gwent"),
    ]
    ids = lambda **conditions: [e.claim.id for e in ledger.select(entries, **conditions)]  # noqa: E731
    assert ids() == ["msg2019/one", "msg2019/two", "kingsfund2013/three"]
    assert ids(outcome="reported") == ["msg2019/one"]
    assert ids(source="msg2019") == ["msg2019/one", "msg2019/two"]
    assert ids(area="Scotland") == ["msg2019/one", "msg2019/two"]
    assert ids(area="Fife") == ["msg2019/one"]
    assert ids(area="Wales", text="table FELL") == ["kingsfund2013/three"]
    assert ids(tier="headline", text="25") == ["msg2019/two"]
    assert ids(tier="headline", area="Wales") == []


def test_counts_by_hold_every_claim_once() -> None:
    counted = ledger.counts_by([], lambda c: c.source, SOURCES)
    assert sum(n for of in counted.values() for n in of.values()) == len(claims.load())
    assert {of[ledger.WAITING] for of in counted.values()} == {sum(of.values()) for of in counted.values()}
