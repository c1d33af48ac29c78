"""Every verdict hangs on its numbers: moved to the other side of a boundary, one of them changes it.

Checks of printed numbers: the print of each record that an expression uses is moved alone. Outside data that
a record names: one cell of a table is moved alone. Claims that a chapter judges: one choice is moved alone,
and where one alone decides nothing, the derived value with all that moves with it.
"""

import math
from collections.abc import Callable, Iterator

import pytest
from made_records import claim as made_claim
from made_records import found as made_evidence

from careshift import arithmetic, claims, evidence, ledger, outside_data
from careshift.arithmetic import Quantity
from careshift.claims import Claim, ClaimError, Evidence, judge
from careshift.project import CHAPTERS

COMMITTED = [item for notebook in sorted(CHAPTERS.rglob("*.ipynb")) for item in evidence.collect(notebook)]


GRID = (100, 0.1, 0.5, 0.9, 1.5, 2, 3, 5, 8, 12, 20, 30, 50)  # of a print: how far it is moved


def is_decided(claim: Claim) -> bool:
    """Return whether numbers can decide a record: no cause, and no date, count or structure."""
    return claim.kind in ("statement", "view")


def targets(claim: Claim, width: float = 0) -> list[float]:
    """Return values inside the printed interval and on both sides, off by the width at least."""
    ends = [end for end in (claim.interval.low, claim.interval.high) if math.isfinite(end)]
    size = max(1.0, abs(claim.value))
    inside = [sum(ends) / len(ends), claim.value]
    return [
        *inside,
        *(end + way * (step * size + width) for end in ends for step in (1e-3, 0.5) for way in (-1, 1)),
    ]


def with_moved(claim: Claim, name: str, shift: float) -> Evidence | None:
    """Return what a claim's expression gives where the print of one record that it uses is moved.

    None where nothing comes out.
    """

    def same_as(other: str) -> Quantity:
        by = shift if other == name else 0.0
        return Quantity(*(end + by for end in arithmetic.same_as(other)))

    try:
        value, low, high = arithmetic.evaluate(claim.derive or "", {"same_as": same_as})
    except ClaimError:
        return None
    return Evidence(claim=claim.id, derived=value, rounding=(low, high), basis="moved", rests_on=(name,))


def solved(function: Callable[[float], float], start: float, target: float) -> float:
    """Return where a function has the target as its value, by the secant method."""
    x, y = 0.0, start
    fx, fy = function(x) - target, function(y) - target
    for _ in range(30):
        if fx == fy or not math.isfinite(fy) or fy == 0:
            break
        x, fx, y = y, fy, y - fy * (y - x) / (fy - fx)
        fy = function(y) - target
    return y


def checks_with_moved(claim: Claim, name: str) -> Iterator[str | None]:
    """Yield how a claim's numbers check where one of the prints is moved."""
    own = arithmetic.evidence_of(claim)
    low, high = (own and own.rounding) or (0.0, 0.0)
    size = max(1.0, abs(claims.find(name).value))

    def derived(shift: float) -> float:
        moved = with_moved(claim, name, shift)
        return math.nan if moved is None or moved.derived is None else moved.derived

    shifts = [way * factor * size for factor in GRID for way in (-1, 1)]
    for shift in (*shifts, *(solved(derived, size / 100, aim) for aim in targets(claim, high - low))):
        moved = with_moved(claim, name, shift)
        if moved is not None:
            yield judge(claim, None, moved).check


CHECKED = [(c, name) for c in claims.load() if c.derive for name in arithmetic.prints_of(c.derive)]


@pytest.mark.parametrize(("claim", "name"), CHECKED, ids=[f"{c.id} on {n}" for c, n in CHECKED])
def test_each_print_of_an_expression_changes_the_check(claim, name) -> None:
    now = judge(claim, None, arithmetic.evidence_of(claim)).check
    assert now in ("adds up", "does not add up")
    assert any(check != now for check in checks_with_moved(claim, name)), f"nothing would change “{now}”"


@pytest.mark.parametrize("claim", [c for c in claims.load() if c.derive], ids=lambda c: c.id)
def test_another_print_of_its_own_changes_the_check(claim) -> None:
    own = arithmetic.evidence_of(claim)
    now, size = judge(claim, None, own).check, max(1.0, abs(own.derived))
    steps = (0, *(way * step * size for step in (0.001, 0.1, 1, 10) for way in (-1, 1)))
    others = [claim.model_copy(update={"reads_as": own.derived + step, "qualifier": None}) for step in steps]
    assert any(judge(other, None, own).check != now for other in others)


NAMED = [c for c in claims.load() if c.outside and c.outside.match != "nearest" and is_decided(c)]


Cell = tuple[str, ...]


@pytest.fixture
def rows_kept(monkeypatch) -> None:
    """Look rows up once: it is their numbers that a test moves."""
    found, kept = outside_data.Cells._found, {}

    def once(cells: outside_data.Cells, table: str, where: dict) -> list[dict[str, str]]:
        key = (table, repr(where))
        if key not in kept:
            fresh = outside_data.Cells()
            kept[key] = (found(fresh, table, where), fresh)
        rows, fresh = kept[key]
        cells.read += fresh.read
        cells.tables |= fresh.tables
        cells.secondary |= fresh.secondary
        return rows

    monkeypatch.setattr(outside_data.Cells, "_found", once)


def cells_of(claim: Claim, monkeypatch: pytest.MonkeyPatch) -> list[Cell]:
    """Return the cells that a claim's outside data read, each once, the first few of many."""
    read: dict[Cell, None] = {}
    kept = outside_data._number

    def number(row: dict[str, str], table: str, column: str) -> float:
        read[table, column, *row.values()] = None
        return kept(row, table, column)

    with monkeypatch.context() as patch:
        patch.setattr(outside_data, "_number", number)
        outside_data.evidence_of(claim)
    return list(read)[:6]


def with_moved_cell(
    claim: Claim, cell: Cell, shift: float, monkeypatch: pytest.MonkeyPatch
) -> Evidence | None:
    """Return what the outside data give where one cell is another wherever it is read; None for nothing."""
    kept = outside_data._number

    def number(row: dict[str, str], table: str, column: str) -> float:
        return kept(row, table, column) + (shift if (table, column, *row.values()) == cell else 0.0)

    with monkeypatch.context() as patch:
        patch.setattr(outside_data, "_number", number)
        try:
            return outside_data.evidence_of(claim)
        except ClaimError:
            return None


def outcomes_with_other_cells(claim: Claim, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the verdicts of a claim where one cell is moved, or where rows are gone."""
    for cell in cells_of(claim, monkeypatch):

        def derived(shift: float, cell: Cell = cell) -> float:
            found = with_moved_cell(claim, cell, shift, monkeypatch)
            return math.nan if found is None or found.derived is None else found.derived

        shifts = [way * 10.0**power for power in range(7, -2, -1) for way in (-1, 1)]
        for shift in (*shifts, *(solved(derived, 0.01, aim) for aim in targets(claim))):
            found = with_moved_cell(claim, cell, shift, monkeypatch)
            if found is not None:
                yield judge(claim, found).outcome
    kept = outside_data.Cells._found
    for gone in (1, -1):
        with monkeypatch.context() as patch:
            patch.setattr(outside_data.Cells, "_found", lambda *args, gone=gone: kept(*args)[gone:])
            try:
                yield judge(claim, outside_data.evidence_of(claim)).outcome
            except ClaimError:
                continue


@pytest.mark.parametrize("claim", NAMED, ids=lambda c: c.id)
def test_one_cell_of_the_outside_data_changes_the_verdict(claim, rows_kept, monkeypatch) -> None:
    found = outside_data.evidence_of(claim)
    now, change = judge(claim, found).outcome, ledger.flip(claim, found)
    if found.nearest:  # at second hand, and not even near the print
        assert (now, change) == ("data wanted", None)
        return
    assert change is not None, f"no value would change “{now}”"
    assert judge(claim, ledger._moved(found, change.shift)).outcome == change.outcome != now
    alone = now not in ("depends on method", "bracketed")  # else another reading may hold the verdict
    assert not alone or any(outcome != now for outcome in outcomes_with_other_cells(claim, monkeypatch))


def moved_choices(claim: Claim, found: Evidence) -> Iterator[Evidence]:
    """Yield the evidence with one deciding choice moved inside the print, and to each side of it."""
    for place, choice in enumerate(found.choices):
        if choice.decides:
            for value in targets(claim):
                moved = choice.model_copy(update={"value": value})
                others = (*found.choices[:place], moved, *found.choices[place + 1 :])
                yield found.model_copy(update={"choices": others})


DECIDING = [e for e in COMMITTED if not e.nearest and is_decided(claims.find(e.claim))]


@pytest.mark.parametrize("found", DECIDING, ids=lambda e: e.claim)
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
    if values and alone and found.is_outside() and not found.bounds:
        assert any(judge(claim, other).outcome != now for other in moved_choices(claim, found))


UNDECIDED = [e for e in COMMITTED if e.nearest or not is_decided(claims.find(e.claim))]


@pytest.mark.parametrize("found", UNDECIDED, ids=lambda e: e.claim)
def test_what_decides_nothing_decides_nothing_wherever_it_is_moved(found) -> None:
    claim = claims.find(found.claim)
    moved = (found.model_copy(update={"derived": value, "choices": ()}) for value in targets(claim))
    verdicts = [judge(claim, other) for other in moved]
    assert len({(v.outcome, v.held_against) for v in verdicts}) == 1
    assert verdicts[0].outcome in ("data wanted", "reported", claims.APART)


@pytest.mark.parametrize("changes", [{"nearest": True}, {"kind": "cause"}, {"kind": "date"}])
def test_what_decides_nothing_can_be_made_to_decide(changes) -> None:
    kind, near = changes.get("kind", "statement"), changes.get("nearest", False)
    record = made_claim(kind=kind)
    values = targets(record)
    assert len({judge(record, made_evidence(v, nearest=near)).outcome for v in values}) == 1
    assert len({judge(made_claim(), made_evidence(v)).outcome for v in values}) > 1


def test_the_search_can_fail_where_a_check_hangs_on_nothing(monkeypatch) -> None:
    record = next(c for c in claims.load() if (c.derive or "").startswith("total("))
    name = arithmetic.prints_of(record.derive)[0]
    monkeypatch.setitem(arithmetic.FUNCTIONS, "total", lambda *terms: arithmetic.rounded(record.value, 1))
    assert set(checks_with_moved(record, name)) == {"adds up"}


def test_the_search_can_fail_where_the_cells_are_not_used(monkeypatch) -> None:
    record = next(c for c in NAMED if "official(" in c.outside.choices[0].value)
    monkeypatch.setattr(outside_data.Cells, "_one", lambda cells, *_: _read(cells))
    monkeypatch.setattr(outside_data.Cells, "_found", lambda cells, *_: [])
    assert len(set(outcomes_with_other_cells(record, monkeypatch))) == 1


def _read(cells: outside_data.Cells) -> Quantity:
    cells.read, cells.tables = 1, {"official_values": None}
    return Quantity(1.0, 1.0, 1.0)
