"""A minus is a minus, a hyphen stays a hyphen, a month has a name, and a number keeps its unit."""

import pytest

from careshift import typography
from careshift.pages import say
from careshift.typography import from_fall_to_rise, minus, month, unbroken, unbroken_html


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fell by -3.1 %", "fell by −3.1 %"),
        ("(-12.7 to +3.8)", "(−12.7 to +3.8)"),
        (r"missed by \-1 and +1", "missed by −1 and +1"),
        ("-5", "−5"),
        ("2013-2014", "2013-2014"),
        (r"2016\-04", r"2016\-04"),
        ("REML-2, page-3, 75-84", "REML-2, page-3, 75-84"),
        ("[a](#claim)-2", "[a](#claim)-2"),
        ("a - b", "a - b"),
    ],
)
def test_only_a_sign_becomes_a_minus(text: str, wanted: str) -> None:
    assert minus(text) == wanted


def test_sentences_carry_it() -> None:
    assert say("{x:+.1f} and {y}", x=-2.5, y="-7") == "−2.5 and −7"


def test_months_have_names_and_other_periods_stay() -> None:
    assert [month(p) for p in ("2016-04", r"2025\-12", "2020Q2", "2016/17")] == [
        "April 2016",
        "December 2025",
        "2020Q2",
        "2016/17",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fell by 20 % in", "fell by 20~% in"),
        ("£4.5 billion, 1,429 beds", "£4.5~billion, 1,429~beds"),
        ("95 % of 24 months", "95~% of 24~months"),
        ("in 2019 peoples moved", "in 2019 peoples moved"),
        ("% 20 and 5 of 6", "% 20 and 5 of 6"),
    ],
)
def test_a_number_and_its_unit_stay_on_one_line(text: str, wanted: str) -> None:
    assert unbroken(text) == wanted.replace("~", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    "kept",
    [
        '<a title="20 % of it">x</a>',
        "<code>p * 20 % 3</code>",
        "<pre>a <b>20 %</b></pre>",
        '<script>{"says": "20 % less"}</script>',
        '<style class="a">a { width: 20 % }</style>',
    ],
)
def test_tags_code_and_scripts_stay_as_they_are(kept: str) -> None:
    made = unbroken_html(f"<p>20 %</p>{kept}<td>5 days</td>")
    assert made == f"<p>20~%</p>{kept}<td>5~days</td>".replace("~", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (typography.rise_or_fall(-11.68), "fell by 11.7 %"),
        (typography.rise_or_fall(4), "rose by 4.0 %"),
        (typography.rise_or_fall(-7.5, unit="points"), "fell by 7.5 points"),
        (typography.a_rise_or_fall(-14382, 0, ""), "a fall of 14,382"),
        (typography.below_or_above(-0.66), "0.7 % below"),
        (typography.below_or_above(0.302, 2), "0.30 % above"),
        (typography.more_or_fewer(-512), "512 fewer"),
        (typography.more_or_fewer(0), "no more"),
    ],
)
def test_a_change_is_told_without_a_sign(said, words) -> None:
    assert said == words


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (-12.4, 3.1, "a fall of 12 % to a rise of 3 %"),
        (-9, -4, "a fall of 9 to 4 %"),
        (1, 2, "a rise of 1 to 2 %"),
        (0, 2, "a rise of 0 to 2 %"),
    ],
)
def test_a_range_of_changes_has_no_sign(low: float, high: float, wanted: str) -> None:
    assert from_fall_to_rise(low, high, 0) == wanted
