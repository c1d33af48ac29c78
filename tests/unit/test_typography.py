"""A minus is a minus, a hyphen stays a hyphen, and a month has a name."""

import pytest

from careshift.pages import say
from careshift.typography import minus, month


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
