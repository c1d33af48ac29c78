"""Printed intervals and verdicts, by hand and by property."""

import math

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from made_records import OTHER, OUTSIDE, PRINTS, claim, found, printed
from pydantic import ValidationError

from careshift import claims, tables
from careshift.claims import APART, Choice, Interval, canonical_line, judge


def test_rounded_print_is_half_open() -> None:
    interval = claim(printed="4.2", rounded_to=0.1).interval
    assert (interval.low, interval.high) == pytest.approx((4.15, 4.25))
    assert interval.contains(4.15)
    assert interval.contains(4.2499)
    assert not interval.contains(4.25)


def test_exact_count_stands_for_itself() -> None:
    interval = claim(printed="30,418", rounded_to=None).interval
    assert interval.contains(30418)
    assert not interval.contains(30419)


@pytest.mark.parametrize(
    ("qualifier", "inside", "outside"),
    [
        ("about", [95, 100, 105], [94.9, 105.1]),
        ("more than", [100.1, 1e9], [100, 99]),
        ("at least", [100, 101], [99.9]),
        ("less than", [99.9, -5], [100]),
        ("up to", [100, 0], [100.1]),
        ("almost", [95, 99.9], [100, 94.9]),
        ("just over", [100.1, 105], [100, 105.1]),
    ],
)
def test_qualifiers(qualifier: str, inside: list[float], outside: list[float]) -> None:
    interval = claim(printed="100", rounded_to=1, qualifier=qualifier).interval
    assert all(interval.contains(x) for x in inside)
    assert not any(interval.contains(x) for x in outside)


@pytest.mark.parametrize(
    ("qualifier", "inside", "outside"),
    [("almost", [-99.9, -95], [-100, -94.9, -100.1]), ("just over", [-100.1, -105], [-100, -105.1, -99])],
)
def test_below_zero_almost_stops_short_and_just_over_is_beyond(qualifier, inside, outside) -> None:
    interval = claim(printed="-100", rounded_to=1, qualifier=qualifier).interval
    assert all(interval.contains(x) for x in inside)
    assert not any(interval.contains(x) for x in outside)


@pytest.mark.parametrize(
    ("record", "derived", "outcome"),
    [
        ({"printed": "2009", "rounded_to": None, "unit": "year"}, 1850, "differs"),
        ({"printed": "2009", "rounded_to": None, "unit": "year"}, 2010, "close"),
        ({"printed": "2009", "rounded_to": None, "unit": "year"}, 2011, "differs"),
        (
            {"printed": "a majority", "reads_as": 50, "qualifier": "more than", "unit": "percent"},
            46,
            "differs",
        ),
        (
            {"printed": "a minority", "reads_as": 50, "qualifier": "less than", "unit": "percent"},
            53,
            "differs",
        ),
        ({"printed": "95", "rounded_to": 1, "unit": "percent"}, 90, "differs"),
        ({"printed": "8", "rounded_to": 1, "unit": "percent"}, 8.6, "close"),
        ({"printed": "95", "rounded_to": 1, "unit": "percent change"}, 90, "close"),
    ],
)
def test_close_is_of_years_one_and_of_shares_on_one_side(record, derived, outcome) -> None:
    assert judge(claim(**record), found(derived)).outcome == outcome


def test_a_printed_range_keeps_its_ends() -> None:
    interval = claim(printed="80-85", reads_as=[80, 85], rounded_to=1).interval
    assert (interval.low, interval.high) == (79.5, 85.5)


def test_words_need_reads_as() -> None:
    with pytest.raises(ValidationError, match="add `reads_as`"):
        claim(printed="a fifth")
    assert claim(printed="a fifth", reads_as=20).value == 20


@pytest.mark.parametrize(
    ("derived", "choices", "outcome"),
    [
        (20.0, [], "reproduced"),
        (20.5, [], "close"),
        (18.0, [], "close"),
        (-20.0, [], "differs"),
        (17.0, [], "differs"),
        (20.0, [20.0, 18.2], "depends on method"),
        (20.0, [20.0, 19.6], "reproduced"),
        (18.2, [18.2, 18.6], "close"),
    ],
)
def test_outcomes(derived: float, choices: list[float], outcome: str) -> None:
    made = [Choice(label=str(v), value=v) for v in choices]
    assert judge(claim(), found(derived, choices=made)).outcome == outcome


def test_a_choice_that_does_not_decide_cannot_set_the_verdict() -> None:
    made = [Choice(label="main", value=20.0), Choice(label="misaligned", value=16.0, decides=False)]
    verdict = judge(claim(), found(20.0, choices=made))
    assert verdict.outcome == "reproduced"
    assert verdict.span == (20.0, 20.0)


@pytest.mark.parametrize("value", [20.0, 99.0])
@pytest.mark.parametrize("kind", ["statement", "cause", "view"])
def test_a_nearest_figure_never_decides(value: float, kind: str) -> None:
    verdict = judge(claim(kind=kind), found(value, nearest=True))
    assert verdict.outcome == ("reported" if kind == "view" else "data wanted")
    assert (verdict.held_against, verdict.derived, verdict.nearest) == ("nothing", None, value)


def test_a_nearest_figure_stands_beside_what_the_prints_say() -> None:
    for value, outcome in ((20.0, "adds up"), (99.0, "does not add up")):
        verdict = judge(claim(), found(50.0, nearest=True), printed(value))
        assert (verdict.held_against, verdict.outcome) == ("own numbers", outcome)
        assert (verdict.derived, verdict.nearest) == (value, 50.0)


@pytest.mark.parametrize(
    ("value", "choices", "outcome"),
    [
        (20.0, [], "reproduced"),
        (20.5, [], "revised since"),
        (99.0, [], "revised since"),
        (99.0, [99.0, 20.0], "depends on method"),
    ],
)
def test_a_later_vintage_that_misses_is_a_revision_and_no_contradiction(value, choices, outcome) -> None:
    made = found(value, later=True, choices=[Choice(label=str(v), value=v) for v in choices])
    assert judge(claim(), made).outcome == outcome
    assert judge(claim(), made.model_copy(update={"later": False})).outcome != "revised since"


@pytest.mark.parametrize(
    ("bounds", "outcome"),
    [
        ((10.0, 30.0), "bracketed"),
        ((20.0, 20.0), "bracketed"),
        ((20.4, 99.0), "bracketed"),
        ((20.5, 99.0), "differs"),
        ((1.0, 19.4), "differs"),
    ],
)
def test_bounds_only_bracket_or_refute(bounds: tuple[float, float], outcome: str) -> None:
    verdict = judge(claim(), found(20.0, bounds=bounds))
    assert (verdict.outcome, verdict.span) == (outcome, bounds)
    assert verdict.span_kind == "lowest and highest possible"


@pytest.mark.parametrize("value", [20.0, 99.0, -20.0])
def test_no_data_decide_a_cause(value: float) -> None:
    for evidence in (found(value), found(value, bounds=(value, value)), found(value, later=True)):
        verdict = judge(claim(kind="cause"), evidence, printed(value))
        assert (verdict.held_against, verdict.outcome) == ("nothing", "data wanted")
        assert verdict.check == ("adds up" if value == 20.0 else "does not add up")
    assert judge(claim(), found(value)).outcome != "data wanted"


def test_outside_data_come_before_prints_and_the_prints_stand_beside() -> None:
    verdict = judge(claim(), found(20.0), printed(99.0))
    assert (verdict.held_against, verdict.outcome, verdict.derived) == ("outside data", "reproduced", 20.0)
    assert verdict.check == "does not add up"
    verdict = judge(claim(), found(99.0), printed(20.0))
    assert (verdict.outcome, verdict.check) == ("differs", "adds up")


def test_prints_outside_the_print_do_not_add_up_and_rounding_of_inputs_counts() -> None:
    assert judge(claim(), None, printed(20.4)).outcome == "adds up"
    assert judge(claim(), None, printed(25.0)).outcome == "does not add up"
    assert judge(claim(), None, printed(25.0, rounding=(19.0, 26.0))).outcome == "adds up"


@pytest.mark.parametrize("rounding", [None, (20.4, 21.0), (20.5, 22.0), (19.0, 19.4), (18.0, 30.0)])
@pytest.mark.parametrize("value", [19.49, 19.5, 20.0, 20.5, 21.0])
def test_data_and_prints_agree_by_one_rule_of_tolerance(value, rounding) -> None:
    by_data = judge(claim(), found(value, rounding=rounding)).outcome == "reproduced"
    by_prints = judge(claim(), None, printed(value, rounding=rounding)).outcome == "adds up"
    assert by_data == by_prints


def test_a_table_of_prints_is_no_outside_data_whoever_judges() -> None:
    verdict = judge(claim(), found(20.0, tables=(PRINTS,)))
    assert (verdict.held_against, verdict.outcome, verdict.how) == ("own numbers", "adds up", None)
    mixed = judge(claim(), found(20.0, tables=(PRINTS, OUTSIDE)))
    assert (mixed.held_against, mixed.outcome, mixed.how) == ("outside data", "reproduced", "recomputed")


@pytest.mark.parametrize("name", [t for t in tables.names() if tables.is_print(t)])
def test_no_table_of_prints_gives_a_verdict_on_outside_data(name: str) -> None:
    assert judge(claim(), found(20.0, tables=(name,))).held_against == "own numbers"


def test_prints_of_another_document_are_told_apart() -> None:
    for other, held in ((OTHER, "own numbers"), ("msg2019/act-year", "another document")):
        verdict = judge(claim(), None, printed(20.0, rests_on=(other,)))
        assert (verdict.held_against, verdict.outcome) == (held, "adds up")


def test_without_evidence() -> None:
    assert judge(claim(), None).outcome == "data wanted"
    assert judge(claim(kind="cause"), None).outcome == "data wanted"
    assert judge(claim(kind="view"), None).outcome == "reported"


@pytest.mark.parametrize("kind", ["date", "count", "structure"])
def test_what_is_no_claim_stands_apart_whatever_is_found(kind: str) -> None:
    record = claim(kind=kind)
    assert judge(record, None).outcome == APART
    for evidence in (found(20.0), found(99.0), found(20.0, nearest=True)):
        assert judge(record, evidence).outcome == APART
    for value, check in ((20.0, "adds up"), (99.0, "does not add up")):
        verdict = judge(record, None, printed(value))
        assert (verdict.outcome, verdict.held_against, verdict.check) == (APART, "own numbers", check)


@pytest.mark.parametrize(
    ("kind", "repeats", "counted"),
    [
        ("statement", None, True),
        ("cause", None, True),
        ("view", None, True),
        ("statement", OTHER, False),
        ("date", None, False),
        ("count", None, False),
        ("structure", None, False),
    ],
)
def test_what_is_counted(kind: str, repeats: str | None, counted: bool) -> None:
    assert claim(kind=kind, repeats=repeats).is_counted == counted


OUTSIDE_DATA = {
    "match": "same",
    "basis": "b",
    "choices": [{"label": "l", "value": 'official("a", "b", "c")'}],
}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"repeats": OTHER, "derive": "total(1, 2)"}, "drop `derive` and `outside`"),
        ({"repeats": OTHER, "outside": OUTSIDE_DATA}, "drop `derive` and `outside`"),
        ({"kind": "date", "outside": OUTSIDE_DATA}, "a date is held against no data"),
        ({"outside": OUTSIDE_DATA | {"match": "bounds"}}, "bounds are two readings"),
        ({"outside": OUTSIDE_DATA | {"choices": []}}, "at least 1 item"),
        ({"outside": OUTSIDE_DATA | {"match": "near"}}, "'same', 'later', 'bounds' or 'nearest'"),
        ({"kind": "arithmetic"}, "'statement', 'cause', 'view'"),
    ],
)
def test_records_that_would_be_judged_wrongly_are_refused(fields, message) -> None:
    with pytest.raises(ValidationError, match=message):
        claim(**fields)


def test_every_outcome_is_held_against_what_its_name_says() -> None:
    assert set(claims.AGAINST) == set(claims.OUTCOMES)
    for evidence, own in (
        (found(20.0), None),
        (found(99.0, later=True), None),
        (found(99.0, bounds=(0, 50)), None),
        (None, printed(99.0)),
        (None, None),
    ):
        verdict = judge(claim(), evidence, own)
        assert verdict.held_against in claims.AGAINST[verdict.outcome]


def test_the_guard_at_an_edge_is_never_as_wide_as_the_interval() -> None:
    large = Interval(low=499_999_970.5, high=499_999_971.5, open_high=True)
    assert large.contains(499_999_971)
    assert not large.contains(499_999_972)


def test_margin_is_the_distance_to_the_nearest_edge() -> None:
    assert judge(claim(), found(20.0)).margin == pytest.approx(0.5)
    assert judge(claim(), found(18.0)).margin == pytest.approx(1.5)


def test_canonical_line() -> None:
    made = [Choice(label="a", value=18.2), Choice(label="b", value=20.03)]
    line = canonical_line(claim(), judge(claim(), found(20.03, choices=made)))
    expected = (
        "hendry2021/a-claim | printed 20 | derived 20.0 (18.2 to 20.0) | outside data (recomputed) "
        "| depends on method"
    )
    assert line == expected


def test_canonical_line_says_that_a_nearest_figure_is_none_of_ours() -> None:
    line = canonical_line(claim(), judge(claim(), found(31.5, nearest=True)))
    expected = "hendry2021/a-claim | printed 20 | derived none (nearest figure 31.5) | nothing | data wanted"
    assert line == expected


numbers = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


@given(value=numbers, unit=st.sampled_from([0.1, 1, 10, 1000]))
def test_every_number_lies_in_the_interval_of_its_own_print(value: float, unit: float) -> None:
    from_a_tie = abs(value / unit % 1 - 0.5) * unit
    assume(from_a_tie > 2 * claims.TINY * max(1.0, abs(value)))  # a tie may round either way
    printed = round(value / unit) * unit
    assert claim(printed="x", reads_as=printed, rounded_to=unit).interval.overlaps(value, value)


@given(value=numbers, low=numbers, width=st.floats(min_value=0.1, max_value=1e5))
def test_contains_agrees_with_distance(value: float, low: float, width: float) -> None:
    interval = Interval(low=low, high=low + width)
    assume(interval.distance(value) > 1e-3)
    assert interval.contains(value) == (low < value < low + width)


@given(low=numbers, width=st.floats(min_value=0, max_value=100), x=numbers, y=numbers)
def test_overlap_is_symmetric_with_containment(low: float, width: float, x: float, y: float) -> None:
    interval = Interval(low=low, high=low + width)
    start, end = sorted((x, y))
    if interval.contains(start) or interval.contains(end):
        assert interval.overlaps(start, end)
    if end < low - 1 or start > low + width + 1:
        assert not interval.overlaps(start, end)


def test_unknown_fields_and_ids_are_refused() -> None:
    with pytest.raises(ValidationError):
        claim(verdict="reproduced")
    with pytest.raises(ValidationError):
        claim(id="someone2020/a-claim")


def test_a_bad_record_names_file_record_and_field(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(claims, "CLAIMS", tmp_path)
    (tmp_path / "hendry2021.yml").write_text("- {id: hendry2021/x, says: y}\n")
    with pytest.raises(claims.ClaimError, match=r"hendry2021\.yml, hendry2021/x, where"):
        claims._load_file("hendry2021")


@pytest.mark.parametrize(
    ("repeats", "message"),
    [
        ("hendry2021/nothing", r"b, repeats: there is no claim .hendry2021/nothing."),
        ("hendry2021/c", "c is not a first saying in hendry2021"),
        ("hendry2021/b", "b is not a first saying in hendry2021"),
        ("msg2019/d", "msg2019/d is not a first saying in hendry2021"),
    ],
)
def test_a_repeat_names_the_first_saying_of_its_own_document(repeats: str, message: str) -> None:
    first = claim(id="hendry2021/a")
    again = claim(id="hendry2021/c", repeats=first.id)
    elsewhere = claim(id="msg2019/d")
    claims._check_repeats([first, again, elsewhere, claim(id="hendry2021/b", repeats=first.id)])
    with pytest.raises(claims.ClaimError, match=message):
        claims._check_repeats([first, again, elsewhere, claim(id="hendry2021/b", repeats=repeats)])


def test_an_unknown_claim_gets_the_nearest_names() -> None:
    with pytest.raises(claims.ClaimError, match="care-home-residents-below-expected"):
        claims.find("hendry2021/care-home-residents-below-expcted")


def test_intervals_without_end_have_a_distance() -> None:
    assert math.isfinite(judge(claim(qualifier="more than"), found(25.0)).margin or math.nan)


def test_a_key_that_stands_twice_is_told_with_the_line_of_its_record() -> None:
    with pytest.raises(yaml.constructor.ConstructorError) as refused:
        yaml.load("- id: a\n- says: one\n  says: other\n", claims.RecordLoader)
    assert (refused.value.problem, refused.value.problem_mark.line) == ('the key "says" stands twice', 1)
