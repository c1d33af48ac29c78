"""Every verdict hangs on its numbers: moved to the other side of a boundary, one of them changes it.

Arithmetic claims: one number of the expression is changed, or one item that it counts is dropped or added;
where the expression only quotes another claim, the print of this record is changed. Claims that a chapter
judges: one choice is moved alone, and where one alone decides nothing, the derived value with all that moves
with it.
"""

import ast
import math
from collections.abc import Iterator

import pytest

from careshift import arithmetic, claims, evidence, ledger
from careshift.claims import Claim, ClaimError, Evidence, judge
from careshift.project import CHAPTERS

STEPS = (1.0, 0.1, 0.5, 2.0, 10.0, 100.0)
COMMITTED = [item for notebook in sorted(CHAPTERS.rglob("*.ipynb")) for item in evidence.collect(notebook)]


def targets(claim: Claim, width: float = 0) -> list[float]:
    """Return values inside the printed interval and on both sides, off by the width at least."""
    ends = [end for end in (claim.interval.low, claim.interval.high) if math.isfinite(end)]
    size = max(1.0, abs(claim.value))
    inside = [sum(ends) / len(ends), claim.value]
    return [
        *inside,
        *(end + way * (step * size + width) for end in ends for step in (1e-3, 0.5) for way in (-1, 1)),
    ]


def numbers(tree: ast.expr) -> list[ast.Constant]:
    """Return the numbers of an expression; the unit that a number is rounded to is none of them."""
    units = {
        id(node.args[1])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "rounded"
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and id(node) not in units
    ]


def value_with(tree: ast.expr, number: ast.Constant, value: float) -> float:
    number.value = value
    try:
        return arithmetic.evaluate(ast.unparse(tree)).value
    except ClaimError:
        return math.nan


def solved(tree: ast.expr, number: ast.Constant, target: float) -> float:
    """Return the value of one number at which the expression gives the target, by the secant method."""
    x, y = float(number.value), float(number.value) * 1.01 + 0.01
    fx, fy = (value_with(tree, number, at) - target for at in (x, y))
    for _ in range(30):
        if fx == fy or not math.isfinite(fy):
            break
        x, fx, y = y, fy, y - fy * (y - x) / (fy - fx)
        fy = value_with(tree, number, y) - target
        if fy == 0:
            break
    return y


def other_expressions(claim: Claim) -> Iterator[str]:
    """Yield the claim's expression with one number changed, or one counted item dropped or added."""
    tree = ast.parse(claim.derive or "", mode="eval").body
    _, low, high = arithmetic.evaluate(claim.derive or "")
    for number in numbers(tree):
        kept = number.value
        for target in targets(claim, high - low):
            number.value = kept
            number.value = solved(tree, number, target)
            yield ast.unparse(tree)
        for step in STEPS:
            for way in (-1, 1):
                number.value = kept + way * step
                yield ast.unparse(tree)
        number.value = kept
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "count":
            kept_items = node.args
            for extra in range(-2, 3):
                node.args = [*kept_items, *map(ast.Constant, "ab")][: len(kept_items) + extra]
                yield ast.unparse(tree)
            node.args = kept_items


def other_prints(claim: Claim) -> Iterator[Claim]:
    """Yield the record with another print: the derived value, and what lies on both sides of it."""
    derived = arithmetic.evaluate(claim.derive or "").value
    size = max(1.0, abs(derived))
    for value in (derived, *(derived + way * step * size for step in (0.001, 0.1, 1, 10) for way in (-1, 1))):
        yield claim.model_copy(update={"reads_as": value})


def mutants(claim: Claim) -> Iterator[str]:
    """Yield the verdicts of the claim under each change of one of its numbers."""
    for expression in other_expressions(claim):
        try:
            found = arithmetic.evidence_of(claim.model_copy(update={"derive": expression}))
        except ClaimError:
            continue
        if found and math.isfinite(found.derived or math.nan):
            yield judge(claim, found).outcome
    if not numbers(ast.parse(claim.derive or "", mode="eval").body):
        yield from (judge(other, arithmetic.evidence_of(claim)).outcome for other in other_prints(claim))


@pytest.mark.parametrize("claim", [c for c in claims.load() if c.derive], ids=lambda c: c.id)
def test_one_number_of_an_expression_changes_the_verdict(claim) -> None:
    now = judge(claim, arithmetic.evidence_of(claim)).outcome
    assert any(outcome != now for outcome in mutants(claim)), f"nothing would change “{now}”"


def moved_choices(claim: Claim, found: Evidence) -> Iterator[Evidence]:
    """Yield the evidence with one deciding choice moved inside the print, and to each side of it."""
    for place, choice in enumerate(found.choices):
        if choice.decides:
            for value in targets(claim):
                moved = choice.model_copy(update={"value": value})
                others = (*found.choices[:place], moved, *found.choices[place + 1 :])
                yield found.model_copy(update={"choices": others})


@pytest.mark.parametrize("found", [e for e in COMMITTED if not e.proxy], ids=lambda e: e.claim)
def test_a_moved_choice_or_value_changes_the_verdict(found) -> None:
    claim = claims.find(found.claim)
    now, change = judge(claim, found).outcome, ledger.flip(claim, found)
    assert change is not None, f"no value would change “{now}”"
    assert judge(claim, ledger._moved(found, change.shift)).outcome == change.outcome != now
    values = [c.value for c in found.choices if c.decides]
    alone = now != "depends on method" or 1 in (
        sum(claim.interval.contains(v) for v in values),
        sum(not claim.interval.contains(v) for v in values),
    )
    if values and alone and claim.kind not in ("arithmetic", "cross_source"):
        assert any(judge(claim, other).outcome != now for other in moved_choices(claim, found))


def test_a_proxy_can_never_confirm_wherever_it_is_moved() -> None:
    for found in (e for e in COMMITTED if e.proxy):
        claim = claims.find(found.claim)
        moved = (found.model_copy(update={"derived": value, "choices": ()}) for value in targets(claim))
        assert {judge(claim, other).outcome for other in moved} <= {"not testable", "inconsistent"}


def test_the_search_can_fail_where_a_verdict_hangs_on_nothing(monkeypatch) -> None:
    claim = claims.find("hendry2021/years-since-full-integration")
    monkeypatch.setitem(arithmetic.FUNCTIONS, "years_between", lambda first, last: arithmetic.rounded(5, 1))
    assert set(mutants(claim)) == {"reproduced"}


def test_the_unit_of_a_rounded_number_is_no_number_to_change() -> None:
    assert [n.value for n in numbers(ast.parse("rounded(2.8, 0.1)", mode="eval").body)] == [2.8]
