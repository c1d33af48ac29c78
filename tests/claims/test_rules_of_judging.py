"""The rules of judging, over all records: a check can fail, like evidence gets like verdict."""

import json
import re

import pytest

from careshift import arithmetic, claims, evidence, exports, ledger, needs, outside_data, tables
from careshift.arithmetic import Quantity
from careshift.claims import APART, COUNTED, Claim, Verdict
from careshift.project import BUILD, ROOT

FACTORS = (1000.0, -1000.0, 0.0, 1e6, -1e6, -100.0, -3.0, -2.0, -1.0, 0.01, 0.3, 0.9, 1.1, 2.0, 3.0, 30.0)
EVERY = claims.load()
CHECKED = [claim for claim in EVERY if claim.derive]
OUTSIDE = [claim for claim in EVERY if claim.outside]


def named(claim: Claim) -> str:
    return claim.id


@pytest.fixture(scope="module")
def entries() -> list[ledger.Entry]:
    return ledger.from_json((BUILD / "ledger.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("claim", CHECKED, ids=named)
def test_a_check_compares_records(claim: Claim) -> None:
    """No number is typed into it, and it names another record that is not this one said again."""
    others = [claims.find(name) for name in arithmetic.prints_of(claim.derive or "")]
    assert arithmetic.typed_numbers(claim.derive or "") == ()
    assert others
    assert claim.id not in {other.id for other in others}
    assert claim.id not in {other.repeats for other in others}


@pytest.mark.parametrize("claim", [c for c in CHECKED if c.is_counted], ids=named)
def test_each_number_of_a_check_can_turn_it(claim: Claim) -> None:
    """What adds up stops to, by each of its numbers; what does not moves with each, and could be mended."""
    own = arithmetic.evidence_of(claim)
    kept = claims.judge(claim, None, own)
    for name in arithmetic.prints_of(claim.derive or ""):
        found = (check_with(claim, name, factor) for factor in FACTORS)
        if kept.check == "adds up":
            assert any(check != "adds up" for check, _ in found), name
        else:
            assert any(value != own.derived for _, value in found), name
            assert ledger.flip(claim.model_copy(update={"kind": "statement"}), own), name


def check_with(claim: Claim, changed: str, factor: float) -> tuple[str | None, float | None]:
    def same_as(name: str) -> Quantity:
        found = arithmetic.same_as(name)
        moved = [factor * end for end in found]
        return Quantity(moved[0], min(moved), max(moved)) if name == changed else found

    try:
        found = arithmetic.evaluate(claim.derive or "", {"same_as": same_as})
    except claims.ClaimError:  # it would divide by nought
        return "no value", None
    own = claims.Evidence(
        claim=claim.id, derived=found.value, rounding=(found.low, found.high), basis="changed"
    )
    return claims.judge(claim, None, own).check, found.value


@pytest.mark.parametrize("claim", OUTSIDE, ids=named)
def test_each_cell_of_outside_data_can_turn_the_verdict(
    claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, claim = outside_data._number, deciding_alone(claim)
    kept, cells = with_cell(claim, monkeypatch, original, None, 1.0)
    if kept.nearest is not None or kept.held_against == "nothing":
        assert kept.outcome in ("data wanted", "reported", "adds up", "does not add up")
        return
    for cell in range(min(cells, 6)):
        turned = (with_cell(claim, monkeypatch, original, cell, factor)[0] != kept for factor in FACTORS)
        assert any(turned), f"cell {cell}"


def deciding_alone(claim: Claim) -> Claim:
    """Return the claim with the readings that decide; another period or copy is shown and moves nothing."""
    assert claim.outside is not None
    readings = tuple(reading for reading in claim.outside.choices if reading.decides)
    return claim.model_copy(update={"outside": claim.outside.model_copy(update={"choices": readings})})


def with_cell(claim, monkeypatch, original, changed, factor) -> tuple[Verdict, int]:
    """Return the verdict with one cell multiplied, and how many cells were read."""
    seen = 0

    def number(row, table, column) -> float:
        nonlocal seen
        seen += 1
        value = original(row, table, column)
        return factor * (value + 1) - 1 if seen - 1 == changed else value  # a cell may hold nought

    monkeypatch.setattr(outside_data, "_number", number)
    try:
        found = outside_data.evidence_of(claim)
    except claims.ClaimError:
        return Verdict(claim=claim.id, held_against="nothing", outcome="data wanted"), seen
    return claims.judge(claim, found, arithmetic.evidence_of(claim)), seen


def test_the_verdict_does_not_hang_on_what_an_author_typed(entries) -> None:
    """Data needed, weight, note and chapter of a record are no evidence."""
    for entry in entries:
        bare = entry.claim.model_copy(
            update={"needs": None, "tier": "context", "note": None, "chapter": None}
        )
        own = arithmetic.evidence_of(entry.claim)
        if entry.claim.repeats or entry.verdict.weakened_by:
            continue
        assert claims.judge(bare, entry.evidence, own).outcome == entry.verdict.outcome, entry.claim.id


def test_a_repeat_has_the_verdict_of_what_it_repeats_and_is_not_counted(entries) -> None:
    by_id = {entry.claim.id: entry.verdict for entry in entries}
    found = ledger.repeats(entries)
    assert found
    for entry in found:
        first = by_id[entry.claim.repeats]
        assert (entry.verdict.outcome, entry.verdict.held_against) == (first.outcome, first.held_against)
        assert entry.verdict.inherits == first.claim
    assert not {e.claim.id for e in found} & {e.claim.id for e in ledger.counted(entries)}


def test_one_rule_of_tolerance_holds_for_sums_and_for_data(entries) -> None:
    """A verdict that agrees has a number in common with the print, one that does not has none."""
    for entry in ledger.counted(entries):
        prints, verdict = entry.verdict.held_against != "outside data", entry.verdict
        found = (prints and arithmetic.evidence_of(entry.claim)) or entry.evidence
        if found is None or verdict.derived is None or verdict.weakened_by:
            continue
        rounding = None if any(c.decides for c in found.choices) else found.rounding
        ends = [found.bounds] if found.bounds else [rounding or (value, value) for value in found.deciding]
        inside = [entry.claim.interval.overlaps(*pair) for pair in ends]
        agrees = {"reproduced": all(inside), "adds up": all(inside), "bracketed": all(inside)}
        misses = {"close": not any(inside), "differs": not any(inside), "does not add up": not any(inside)}
        expected = agrees | misses | {"revised since": not any(inside)}
        assert expected.get(verdict.outcome, any(inside) and not all(inside)), entry.claim.id


def test_adding_up_is_never_held_against_outside_data(entries) -> None:
    for entry in ledger.counted(entries):
        assert entry.verdict.held_against in claims.AGAINST[entry.verdict.outcome], entry.claim.id
        outside = entry.evidence is not None and entry.evidence.is_outside()
        assert outside or entry.verdict.held_against != "outside data", entry.claim.id


def test_a_contradiction_stands_once() -> None:
    clashing = {
        c.id for c in CHECKED if claims.judge(c, None, arithmetic.evidence_of(c)).check == "does not add up"
    }
    for name in clashing:
        others = arithmetic.prints_of(claims.find(name).derive or "")
        for other in set(others) & clashing:
            back = claims.find(other).derive or ""
            assert name not in arithmetic.prints_of(back), f"{name} and {other}"


def test_a_nearest_figure_is_never_a_derived_value(entries) -> None:
    found = [e for e in entries if e.evidence and e.evidence.nearest and not e.claim.repeats]
    assert found
    for entry in found:
        assert entry.verdict.held_against != "outside data", entry.claim.id
        if entry.claim.kind in COUNTED:
            assert entry.verdict.nearest == entry.evidence.derived, entry.claim.id


def test_every_pair_of_limits_says_what_it_is(entries) -> None:
    for entry in entries:
        if entry.verdict.span:
            assert entry.verdict.span_kind, entry.claim.id
        if entry.evidence and entry.evidence.limits:
            assert re.search(r"interval|limits|set of ranks", entry.evidence.limits_kind), entry.claim.id


def test_the_value_that_leads_follows_one_of_two_rules(entries) -> None:
    assert {e.evidence.lead for e in entries if e.evidence} >= {"the only value"}


def test_no_association_decides_a_claim_of_cause(entries) -> None:
    causes = [e for e in entries if e.claim.kind == "cause"]
    assert causes
    assert {e.verdict.held_against for e in causes} == {"nothing"}
    assert {e.verdict.outcome for e in causes} == {"data wanted"}
    assert all(e.claim.needs for e in causes if not e.claim.repeats)


def test_dates_counts_and_structure_are_kept_and_not_counted(entries) -> None:
    told = [e for e in entries if e.claim.kind not in COUNTED]
    assert {e.verdict.outcome for e in told} == {APART}
    assert (
        sum(ledger.counts(entries).values())
        == len(ledger.counted(entries))
        == sum(ledger.held(entries).values())
    )
    assert len(entries) == len(EVERY)


def test_every_claim_stands_in_the_log_of_looks(entries) -> None:
    """A view alone needs no data: none would decide it."""
    told = [e.claim for e in ledger.counted(entries) if e.claim.kind != "view"]
    assert [c.id for c in told if not c.needs or needs.find(c.needs) is None] == []


def test_every_need_of_the_log_is_wanted_by_a_claim() -> None:
    wanted = {needs.key(claim.needs) for claim in EVERY if claim.needs}
    assert [need.need for need in needs.load() if needs.key(need.need) not in wanted] == []


def test_headline_claims_come_from_all_documents(entries) -> None:
    leading = [e for e in ledger.counted(entries) if e.claim.tier == "headline"]
    assert 25 <= len(leading) <= 30
    assert {e.claim.source for e in leading} == set(claims.SOURCES)


def test_figures_at_second_hand_only_bracket(entries) -> None:
    for entry in entries:
        outside = entry.claim.outside
        if outside is None:
            continue
        used = [outside_data.evaluate(choice.value)[1] for choice in outside.choices]
        if any(cells.secondary for cells in used):
            found = outside_data.evidence_of(entry.claim)
            assert found is not None
            assert found.bounds or found.nearest, entry.claim.id


def test_recomputed_means_an_operation_on_two_cells_or_more() -> None:
    for claim in OUTSIDE:
        _, cells = outside_data.evaluate(claim.outside.choices[0].value)
        found = outside_data.evidence_of(claim)
        assert (found.how == "recomputed") == (cells.read > 1), claim.id


def test_tables_of_prints_are_no_outside_data() -> None:
    prints = {name for name in tables.names() if tables.is_print(name)}
    assert {"welsh_admissions", "welsh_workforce", "case_study_counts", "frameworks"} <= prints
    for claim in OUTSIDE:
        assert not prints & set(outside_data.evidence_of(claim).tables), claim.id


def test_what_two_places_show_is_one_sum(entries) -> None:
    """README, JSON, CSV, JSON-LD and codecheck.yml agree with the ledger."""
    counts, held = ledger.counts(entries), ledger.held(entries)
    kept = json.loads((BUILD / "ledger.json").read_text(encoding="utf-8"))
    assert (kept["schema"], kept["counts"], kept["held_against"]) == (ledger.SCHEMA, counts, held)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == exports.readme(readme, entries)
    assert (ROOT / "codecheck.yml").read_text(encoding="utf-8") == exports.codecheck(entries)
    rows = exports.as_csv(entries).splitlines()
    assert len(rows) == len(entries) + 1
    for outcome, number in counts.items():
        assert f'"claims with the outcome: {outcome}", "value": {number}' in exports.dataset(entries, ".")


def test_strongest_prefers_a_test_to_a_nearest_figure() -> None:
    claim = next(c for c in OUTSIDE if c.outside.match == "same")
    near = claims.Evidence(claim=claim.id, derived=1.0, nearest=True, basis="near", tables=("population",))
    found = evidence.strongest(claim, near)
    assert found is not None
    assert not found.nearest
