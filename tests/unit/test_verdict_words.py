"""How verdicts, claims that are not found and records that cannot be read are put into words."""

import pytest
from made_records import BASE, OTHER, claim, entry

from careshift import claims
from careshift.arithmetic import MOST_CORNERS, evaluate, evidence_of, same_as
from careshift.claims import ClaimError, Interval, Verdict, derived_words
from careshift.figures import choice_charts


def words(derived: float | None, span: tuple[float, float] | None = None, **fields: object) -> str:
    verdict = Verdict(
        claim="hendry2021/a-claim", outcome="differs", held_against="outside data", derived=derived, span=span
    )
    return derived_words(claim(**fields), verdict)


def outcome(derived: float, **fields: object) -> str:
    return entry(derived, **fields).verdict.outcome


def test_derived_values_have_a_digit_where_they_are_small_and_none_where_large() -> None:
    counted = {"rounded_to": None}
    assert words(None) == "none"
    assert words(19.64, **counted) == "19.6"
    assert words(20.0, **counted) == "20"
    assert words(99.96, **counted) == "100.0"
    assert words(100.4, **counted) == "100"
    assert words(-19.64, **counted) == "-19.6"
    assert words(12345.6, **counted) == "12,346"
    assert words(20.0) == "20.0"
    assert words(19.64, printed="4.25", rounded_to=0.01) == "19.640"


def test_a_span_stands_behind_the_value_unless_its_ends_read_alike() -> None:
    assert words(19.6, (18.2, 20.0)) == "19.6 (18.2 to 20.0)"
    assert words(19.6, (19.58, 19.62)) == "19.6"


@pytest.mark.parametrize(
    ("derived", "span", "expected"),
    [
        (23.8, (23.75, 23.85), "23.8 (23.75 to 23.85)"),
        (3.0, (2.5, 3.5), "3.0 (2.5 to 3.5)"),
        (-1.614, (-1.6615, -1.5674), "-1.6 (-1.66 to -1.57)"),
        (57594.0, (57590.54, 57597.46), "57,594.0 (57,590.6 to 57,597.4)"),
        (18.08, (17.9343, 18.2254), "18.1 (18.0 to 18.2)"),
    ],
)
def test_a_span_never_names_a_number_outside_it(derived, span, expected: str) -> None:
    assert words(derived, span) == expected
    ends = expected.partition("(")[2].rstrip(")").replace(",", "").split(" to ")
    assert all(span[0] <= float(end) <= span[1] for end in ends)


def test_the_ends_of_a_range_of_methods_are_values_and_read_like_them() -> None:
    verdict = Verdict(
        claim="hendry2021/a-claim",
        outcome="differs",
        held_against="outside data",
        derived=6364.55,
        span=(5080.98, 6364.55),
        span_kind="range over 4 methods",
    )
    assert derived_words(claim(rounded_to=500, printed="6500"), verdict) == "6,365 (5,081 to 6,365)"


@pytest.mark.parametrize(
    ("printed", "rounded_to", "expected"),
    [("23.8", 0.1, "interval 23.75 to 23.85"), ("5.7", 0.1, "interval 5.65 to 5.75")],
)
def test_a_printed_interval_is_drawn_with_the_digits_it_has(printed, rounded_to, expected: str) -> None:
    made = claim(printed=printed, rounded_to=rounded_to)
    assert choice_charts._reach(made.interval) == expected


def test_a_year_has_no_separator() -> None:
    assert words(2012.0, printed="2012", rounded_to=None, unit="year") == "2012"


@pytest.mark.parametrize(
    ("derived", "fields", "expected"),
    [
        (21.5, {}, "close"),
        (22.5, {}, "close"),
        (22.6, {}, "differs"),
        (1.4, {"printed": "1", "pivot": 0, "rounded_to": 0.6}, "close"),
        (-0.1, {"printed": "1", "pivot": 0, "rounded_to": 2.1}, "differs"),
        (0.0, {"printed": "1", "pivot": 0, "rounded_to": 1.9}, "differs"),
        (-21.0, {"printed": "-20", "pivot": 0}, "close"),
        (12.0, {"printed": "11", "pivot": 10, "rounded_to": 1}, "close"),
        (9.9, {"printed": "11", "pivot": 10, "rounded_to": 2}, "differs"),
        (9.6, {"printed": "9", "pivot": 10, "rounded_to": 0.1}, "close"),
    ],
)
def test_close_ends_a_tenth_away_and_at_the_pivot(
    derived: float, fields: dict[str, object], expected: str
) -> None:
    assert outcome(derived, **fields) == expected


def test_the_lower_end_of_a_print_belongs_to_it() -> None:
    assert outcome(19.5) == "reproduced"
    assert outcome(20.5) == "close"


def test_the_slack_at_an_edge_is_a_thousand_millionth_of_the_value_and_no_more() -> None:
    large, one = Interval(low=1e6, high=1e6), Interval(low=1, high=1)
    assert large.contains(1e6 + 5e-4)
    assert not large.contains(1e6 + 2e-3)
    assert one.contains(1 + 5e-10)
    assert not one.contains(1 + 1.5e-9)
    assert Interval(low=0, high=0).contains(5e-10)


def test_a_range_over_an_open_interval_overlaps_it_even_at_its_ends() -> None:
    between = Interval(low=0, high=1, open_low=True, open_high=True)
    assert between.overlaps(-1, 2)
    assert between.overlaps(0, 2)
    assert between.overlaps(-1, 1)
    assert not between.overlaps(1, 2)
    assert not between.overlaps(-1, 0)
    assert not Interval(low=5, high=5, open_low=True, open_high=True).overlaps(4, 6)


def test_a_record_that_cannot_be_read_is_named_by_its_id_or_its_number(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(claims, "CLAIMS", tmp_path)
    file = tmp_path / "hendry2021.yml"
    for record, words in (
        ("just words", "hendry2021.yml, record 2, record: Input should be"),
        ("{printed: '20'}", "hendry2021.yml, record 2, id: Field required. "),
        (
            str(BASE | {"printed": "many"}),
            'hendry2021.yml, hendry2021/a-claim, record: printed "many" is not',
        ),
    ):
        file.write_text(f"- {BASE}\n- {record}\n", encoding="utf-8")
        with pytest.raises(ClaimError) as refused:
            claims._load_file("hendry2021")
        assert str(refused.value).startswith(words)


def test_three_nearest_claims_are_named_and_none_where_nothing_is_near() -> None:
    assert claims._nearest("ab", ["abc", "abd", "abe", "abf"]) == "Nearest: abf, abe, abd."
    assert claims._nearest("zzz", ["abc"]) == ""
    with pytest.raises(ClaimError) as refused:
        claims.find("zzzz")
    assert str(refused.value) == 'There is no claim "zzzz" in data/claims/. '


def test_a_record_that_cannot_be_read_says_what_to_do() -> None:
    assert claims._remedy("extra_forbidden", "printd") == "Did you mean printed?"
    assert claims._remedy("extra_forbidden", "where.sction") == "Did you mean section?"
    assert claims._remedy("extra_forbidden", "xyzzy").startswith("Drop it; known keys: id, ")
    assert claims._remedy("missing", "where") == (
        "Give its place in the source: where: {section: ..., item: ...}."
    )
    assert claims._remedy("missing", "says") == 'See "Add a claim" in CONTRIBUTING.md.'


def test_a_chapter_has_its_own_claims_headlines_first() -> None:
    mine = claims.of_chapter("scotland/care_home_residents")
    assert mine
    assert {claim.chapter for claim in mine} == {"scotland/care_home_residents"}
    order = [claims.TIERS.index(claim.tier) for claim in mine]
    assert order == sorted(order)
    assert order[0] < order[-1]


def test_evidence_of_an_expression_says_what_it_rests_on() -> None:
    exact = evidence_of(claim(derive="percent_fall(200, 150)"))
    assert exact is not None
    assert (exact.derived, exact.rounding, exact.nearest, exact.chapter) == (25, None, False, "")
    assert (exact.tables, exact.rests_on) == ((), ())
    rough = evidence_of(claim(derive="percent_fall(200, rounded(150, 2))", chapter="wales/money"))
    assert rough is not None
    assert rough.rounding == pytest.approx((24.5, 25.5))
    assert (rough.nearest, rough.chapter) == (False, "wales/money")
    assert not rough.is_outside()
    assert evidence_of(claim()) is None
    named = evidence_of(claim(derive=f'total(same_as("{OTHER}"), 1, same_as("{OTHER}"))'))
    assert named is not None
    assert named.rests_on == (OTHER,)


def test_the_same_number_elsewhere_brings_its_rounding_and_an_open_end_brings_none(monkeypatch) -> None:
    monkeypatch.setattr(claims, "find", lambda wanted: claim(qualifier=wanted))
    assert same_as(None) == (20, 19.5, 20.5)
    assert same_as("more than") == (20, 20, 20)


def test_too_many_rounded_numbers_are_refused_and_as_many_as_allowed_are_not() -> None:
    most = MOST_CORNERS.bit_length() - 1
    allowed = ", ".join(["rounded(1, 0.1)"] * most)
    assert evaluate(f"product({allowed})").high == pytest.approx(1.05**most)
    with pytest.raises(ClaimError, match=r"too many rounded numbers in one call; split the expression\."):
        evaluate(f"product({allowed}, rounded(1, 0.1))")
