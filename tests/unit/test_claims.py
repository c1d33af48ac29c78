"""Printed intervals and verdicts, by hand and by property."""

import math

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from made_records import claim, found
from pydantic import ValidationError

from careshift import claims
from careshift.claims import Choice, Interval, canonical_line, judge


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


def test_a_proxy_never_confirms() -> None:
    assert judge(claim(), found(20.0, proxy=True)).outcome == "not testable"
    assert judge(claim(), found(99.0, proxy=True)).outcome == "not testable"


def test_a_proxy_can_contradict_a_sources_own_arithmetic() -> None:
    arithmetic = claim(kind="arithmetic")
    assert judge(arithmetic, found(20.0, proxy=True)).outcome == "not testable"
    assert judge(arithmetic, found(99.0, proxy=True)).outcome == "inconsistent"


def test_arithmetic_outside_the_print_is_inconsistent_and_rounding_of_inputs_counts() -> None:
    arithmetic = claim(kind="arithmetic")
    assert judge(arithmetic, found(25.0)).outcome == "inconsistent"
    assert judge(arithmetic, found(25.0, rounding=(19.0, 26.0))).outcome == "reproduced"


def test_without_evidence() -> None:
    assert judge(claim(), None).outcome == "not testable"
    assert judge(claim(kind="reported"), None).outcome == "reported"


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
    expected = "hendry2021/a-claim | printed 20 | derived 20.0 (18.2 to 20.0) | depends on method"
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


def test_an_unknown_claim_gets_the_nearest_names() -> None:
    with pytest.raises(claims.ClaimError, match="care-home-residents-below-expected"):
        claims.find("hendry2021/care-home-residents-below-expcted")


def test_intervals_without_end_have_a_distance() -> None:
    assert math.isfinite(judge(claim(qualifier="more than"), found(25.0)).margin or math.nan)


def test_a_key_that_stands_twice_is_told_with_the_line_of_its_record() -> None:
    with pytest.raises(yaml.constructor.ConstructorError) as refused:
        yaml.load("- id: a\n- says: one\n  says: other\n", claims.RecordLoader)
    assert (refused.value.problem, refused.value.problem_mark.line) == ('the key "says" stands twice', 1)
