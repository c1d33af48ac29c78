"""The ledger holds every claim once, with a verdict that follows from its evidence."""

import json

import pytest
from made_records import OTHER, OUTSIDE, entry, found, printed
from made_records import claim as made

from careshift import arithmetic, claims, ledger, outside_data, tables
from careshift.claims import AGAINST, APART, OUTCOMES, Claim, ClaimError, Evidence
from careshift.evidence import Chapter, collect
from careshift.ledger import Entry

RESIDENTS = "hendry2021/care-home-residents-march-2019"


@pytest.fixture
def two_claims(monkeypatch):
    whole = made(id=RESIDENTS, printed="30,418", rounded_to=None)
    half = made(id="hendry2021/half", printed="15,209", derive=f'ratio(same_as("{RESIDENTS}"), 2)')
    kept = (whole, half)
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


def test_counts_show_every_outcome_and_json_round_trips(two_claims) -> None:
    entries = ledger.build([Evidence(claim=RESIDENTS, derived=30419, basis="by hand", tables=(OUTSIDE,))])
    counted = ledger.counts(entries)
    assert list(counted) == list(OUTCOMES)
    assert counted["close"] == 1
    assert counted["adds up"] == 1  # the half follows from the printed count
    assert ledger.held(entries) == {
        "outside data": 1,
        "own numbers": 1,
        "another document": 0,
        "nothing": 0,
    }
    assert ledger.hows(entries) == {"recomputed": 1, "read": 0}
    assert ledger.from_json(ledger.as_json(entries)) == entries
    said = json.loads(ledger.as_json(entries))
    assert (said["counts"], said["held_against"]) == (counted, ledger.held(entries))
    assert said["schema"] == ledger.SCHEMA


@pytest.mark.parametrize("claim", [c for c in claims.load() if c.derive], ids=lambda c: c.id)
def test_every_expression_evaluates(claim) -> None:
    found = arithmetic.evidence_of(claim)
    assert found is not None
    verdict = claims.judge(claim, None, found)
    assert verdict.check in ("adds up", "does not add up")
    if claim.kind in ("statement", "view"):
        assert verdict.outcome == verdict.check
        assert verdict.held_against in AGAINST[verdict.outcome]


@pytest.mark.parametrize("claim", [c for c in claims.load() if c.outside], ids=lambda c: c.id)
def test_every_reading_of_outside_data_evaluates(claim) -> None:
    found = outside_data.evidence_of(claim)
    assert found is not None
    assert found.is_outside()
    assert not [name for name in found.tables if tables.is_print(name)]
    verdict = claims.judge(claim, found)
    if claim.outside.match == "nearest" or found.nearest or claim.kind == "cause":
        assert verdict.held_against == "nothing"
    else:
        assert (verdict.held_against, verdict.how) == ("outside data", found.how)
    if claim.outside.match == "bounds":
        assert verdict.outcome in ("bracketed", "differs", "data wanted")


def test_counted_claims_that_nothing_could_judge_say_what_would() -> None:
    lost = [
        c.id
        for c in claims.load()
        if c.is_counted and c.kind != "view" and not (c.chapter or c.needs or c.derive or c.outside)
    ]
    assert not lost


def test_every_record_is_a_claim_a_repeat_or_stands_apart() -> None:
    entries = [entry(20), entry(99, kind="date"), entry(kind="count"), entry(20, repeats=OTHER)]
    assert ledger.counted(entries) == entries[:1]
    assert ledger.apart(entries) == entries[1:3]
    assert ledger.repeats(entries) == entries[3:]
    assert sum(ledger.counts(entries).values()) == sum(ledger.held(entries).values()) == 1


@pytest.fixture
def ledger_of(monkeypatch):
    """Give a function that builds the ledger of made records, from the evidence given for them."""

    def build(*records: Claim, evidence: tuple[Evidence, ...] = ()) -> dict[str, Entry]:
        monkeypatch.setattr(claims, "load", lambda source=None: records)
        return {e.claim.id.split("/")[1]: e for e in ledger.build(evidence)}

    return build


def a(name: str, **fields: object) -> Claim:
    return made(id=f"hendry2021/{name}", needs="some data", **fields)


@pytest.mark.parametrize(
    ("evidence", "outcome"),
    [
        ((), "data wanted"),
        ((found(20, claim="hendry2021/first"),), "reproduced"),
        ((found(99, claim="hendry2021/first"),), "differs"),
        ((found(99, claim="hendry2021/first", later=True),), "revised since"),
    ],
)
def test_a_repeat_has_the_verdict_of_the_first_saying(ledger_of, evidence, outcome) -> None:
    built = ledger_of(a("again", repeats="hendry2021/first", printed="21"), a("first"), evidence=evidence)
    assert built["again"].verdict.outcome == built["first"].verdict.outcome == outcome
    assert (built["again"].verdict.inherits, built["first"].verdict.inherits) == ("hendry2021/first", None)
    assert built["again"].verdict.claim == "hendry2021/again"
    assert sum(ledger.counts(built.values()).values()) == 1


def test_a_repeat_in_an_edition_without_the_first_saying_waits(ledger_of, monkeypatch) -> None:
    first, again = a("first"), a("again", repeats="hendry2021/first")
    monkeypatch.setattr(ledger, "listed", lambda: (again,))
    assert ledger_of(first, again)["again"].verdict.outcome == "data wanted"


FIRST = 'same_as("hendry2021/first")'


@pytest.mark.parametrize("rests_on", ["hendry2021/first", "hendry2021/again"])
def test_what_adds_up_on_a_print_that_differs_is_weakened_by_it(ledger_of, rests_on) -> None:
    records = (
        a("first"),
        a("again", repeats="hendry2021/first"),
        a("half", printed="10", derive=f'ratio(same_as("{rests_on}"), 2)'),
    )
    for value, outcome, weak in ((20, "adds up", None), (99, "data wanted", "hendry2021/first")):
        built = ledger_of(*records, evidence=(found(value, claim="hendry2021/first"),))
        verdict = built["half"].verdict
        assert (verdict.outcome, verdict.weakened_by, verdict.check) == (outcome, weak, "adds up")
        assert verdict.held_against in AGAINST[verdict.outcome]


def test_a_nearest_figure_beside_it_saves_no_print_from_being_weakened(ledger_of) -> None:
    records = a("first"), a("half", printed="10", derive=f"ratio({FIRST}, 2)")
    near = found(50, claim="hendry2021/half", nearest=True)
    for value, weak in ((20, None), (99, "hendry2021/first")):
        built = ledger_of(*records, evidence=(near, found(value, claim="hendry2021/first")))
        assert built["half"].verdict.weakened_by == weak
        assert built["half"].verdict.nearest == 50


def test_what_meets_outside_data_itself_is_not_weakened(ledger_of) -> None:
    records = a("first"), a("half", printed="10", derive=f"ratio({FIRST}, 2)")
    outside = found(99, claim="hendry2021/first"), found(10.0, claim="hendry2021/half")
    verdict = ledger_of(*records, evidence=outside)["half"].verdict
    assert (verdict.outcome, verdict.weakened_by) == ("reproduced", None)


def test_what_another_print_contradicts_is_listed_whatever_its_outcome(ledger_of) -> None:
    records = (
        a("first"),
        a("clash", derive=f"product({FIRST}, 2)"),
        a("date", kind="date", derive=f"product({FIRST}, 2)"),
        a("tested", derive=f"product({FIRST}, 2)"),
        a("again", repeats="hendry2021/clash"),
    )
    built = ledger_of(*records, evidence=(found(20, claim="hendry2021/tested"),))
    listed = [e.claim.id.split("/")[1] for e in ledger.contradicted(built.values())]
    assert listed == ["clash", "date", "tested"]
    assert [built[name].verdict.outcome for name in listed] == ["does not add up", APART, "reproduced"]


def test_outside_data_of_the_chapter_judge_before_those_of_the_record(ledger_of) -> None:
    outside = {
        "match": "same",
        "basis": "of the record",
        "choices": [{"label": "rows", "value": f'count_of("{OUTSIDE}", year="no such year")'}],
    }
    with pytest.raises(ClaimError, match=r"hendry2021\.yml, hendry2021/first, outside: .* reads no cell"):
        ledger_of(a("first", outside=outside))
    read = {**outside, "choices": [{"label": "rows", "value": f'count_of("{OUTSIDE}", area="S92000003")'}]}
    record = a("first", outside=read)
    assert ledger_of(record)["first"].verdict.outcome == "differs"
    for chapter, basis, outcome in (
        (found(20, claim=record.id), "by hand", "reproduced"),
        (found(20, claim=record.id, nearest=True), "of the record", "differs"),
        (printed(20, claim=record.id), "of the record", "differs"),
    ):
        built = ledger_of(record, evidence=(chapter,))["first"]
        assert built.evidence.basis == basis
        assert built.verdict.outcome == outcome


def test_a_chapters_evidence_survives_its_notebook(tmp_path) -> None:
    first = claims.find(RESIDENTS)
    chapter = Chapter("scotland/care_home_residents")
    about = {"basis": "b", "tables": (OUTSIDE,), "nearest": True, "later": True, "how": "read"}
    chapter.judge(
        first.id, 1.0, bounds=(0.5, 2), limits=(0, 3), limits_kind="a range", rests_on=(OTHER,), **about
    )
    output = {"output_type": "display_data", "data": chapter._repr_mimebundle_()}
    notebook = tmp_path / "a.ipynb"
    notebook.write_text(json.dumps({"cells": [{"outputs": [output]}]}), encoding="utf-8")
    (kept,) = collect(notebook)
    assert kept == chapter.evidence[first.id]
    assert (kept.bounds, kept.limits_kind, kept.rests_on) == ((0.5, 2.0), "a range", (OTHER,))
    assert (kept.nearest, kept.later, kept.how) == (True, True, "read")


def test_a_chapter_judges_no_repeat_and_its_own_table_lets_it_inherit(monkeypatch) -> None:
    records = a("first", chapter="a/b"), a("again", chapter="a/b", repeats="hendry2021/first")
    monkeypatch.setattr(claims, "load", lambda source=None: records)
    chapter = Chapter("a/b")
    with pytest.raises(ClaimError, match="hendry2021/again repeats hendry2021/first: judge that one in a/b"):
        chapter.judge("hendry2021/again", 20, basis="b")
    for value, outcome in ((20, "reproduced"), (99, "differs")):
        chapter.judge("hendry2021/first", value, basis="b", tables=(OUTSIDE,))
        told = [(v.claim, v.outcome, v.inherits) for _, v in chapter.verdicts()]
        assert told == [
            ("hendry2021/first", outcome, None),
            ("hendry2021/again", outcome, "hendry2021/first"),
        ]
