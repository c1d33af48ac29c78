"""The expressions of arithmetic claims: right, safe, and with their rounding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshift.arithmetic import CONVERSIONS, FUNCTIONS, evaluate, prints_of, typed_numbers
from careshift.claims import ClaimError


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("percent_fall(16805, 15243)", 9.2949),
        ("percent_rise(200, 250)", 25),
        ("total(1, 2, 3.5)", 6.5),
        ("difference(10, 4)", 6),
        ("share(8, 30)", 26.6667),
        ("ratio(2106, 1900)", 1.1084),
        ("mean(1, 2, 6)", 3),
        ("years_between(2006, 2016)", 10),
        ("product(2, 3, 4)", 24),
        ("difference(-1, 2)", -3),
    ],
)
def test_by_hand(expression: str, value: float) -> None:
    assert evaluate(expression).value == pytest.approx(value, abs=1e-4)


def test_rounding_is_carried_to_the_corners() -> None:
    found = evaluate("percent_fall(rounded(3.5, 0.1), rounded(2.8, 0.1))")
    assert (found.low, found.value, found.high) == pytest.approx(
        (100 * 0.6 / 3.45, 20, 100 * 0.8 / 3.55), abs=1e-9
    )


@given(a=st.floats(1, 1e4), b=st.floats(1, 1e4), u=st.floats(0.001, 1))
def test_the_value_lies_within_its_rounding(a: float, b: float, u: float) -> None:
    found = evaluate(f"difference(rounded({a!r}, {u!r}), {b!r})")
    assert found.low <= found.value <= found.high
    assert found.high - found.low == pytest.approx(u, abs=1e-6)


@pytest.mark.parametrize(
    "hostile",
    [
        '__import__("os").system("true")',
        "(1).__class__",
        "9**9**9",
        "[x for x in (1, 2)]",
        "open('/etc/passwd')",
        "lambda: 1",
        "ratio(1, 0)",
        "percent_fall(1)",
        "",
        "total(",
    ],
)
def test_nothing_but_the_named_functions_runs(hostile: str) -> None:
    with pytest.raises(ClaimError, match="Cannot evaluate"):
        evaluate(hostile)


def test_the_message_lists_what_is_known() -> None:
    with pytest.raises(ClaimError, match=", ".join(FUNCTIONS)):
        evaluate("sum(1, 2)")


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("ratio(1, rounded(1, 2))", "it would divide by what may be zero"),
        ("ratio(1, rounded(-1, 2))", "it would divide by what may be zero"),
        ("mean()", "a mean of nothing"),
        ("rounded(3, -0.5)", "a number is rounded to a unit above zero, not to -0.5"),
        ("product(1e200, 1e200)", "its value is not a finite number"),
        ("total(True)", "`True` is no number"),
        ("total(unknown, 1)", "`unknown` is no number, text or known function"),
        ("total(unknown, -1)", "`unknown` is no number, text or known function"),
        (f"total({'x' * 50})", f"`{'x' * 40}` is no number, text or known function"),
        (f'total("{"y" * 50}")', f'the text "{"y" * 40}" is no number'),
    ],
)
def test_a_refusal_quotes_the_expression_and_says_why(expression: str, why: str) -> None:
    with pytest.raises(ClaimError) as refused:
        evaluate(expression)
    known = ", ".join(FUNCTIONS)
    assert str(refused.value) == f"Cannot evaluate `{expression}`: {why}. Known: {known}."


@pytest.mark.parametrize(("length", "quoted"), [(80, "z" * 80), (81, "z" * 80 + "...")])
def test_a_long_expression_is_quoted_by_its_beginning(length: int, quoted: str) -> None:
    with pytest.raises(ClaimError) as refused:
        evaluate("z" * length)
    assert str(refused.value).startswith(f"Cannot evaluate `{quoted}`: `zz")


def test_an_expression_has_a_greatest_length() -> None:
    assert evaluate("7".ljust(5000)).value == 7
    with pytest.raises(ClaimError, match="it has more than 5000 characters"):
        evaluate("7".ljust(5001))


@pytest.mark.parametrize(
    ("expression", "typed"),
    [
        ('same_as("a/b")', ()),
        ('ratio(same_as("a/b"), 1000)', ()),
        ('ratio(product(same_as("a/b"), 12), 365)', ()),
        ('share(same_as("a/b"), 4.5)', (4.5,)),
        ("total(3907, 24751)", (3907, 24751)),
        ('difference(rounded(2.8, 0.1), same_as("a/b"))', (2.8, 0.1)),
        ('years_between(same_as("a/b"), -2011)', (2011,)),
    ],
)
def test_numbers_that_no_record_stands_behind_are_found(expression: str, typed: tuple[float, ...]) -> None:
    assert sorted(typed_numbers(expression)) == sorted(typed)


def test_conversions_are_of_time_shares_and_thousands_only() -> None:
    assert all(typed_numbers(f"total({number})") == () for number in CONVERSIONS)
    assert typed_numbers("total(2, 10, 24, 60, 1000000)") == (2, 10, 24, 60, 1000000)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("total(1, 2)", ()),
        ('same_as("a/b")', ("a/b",)),
        ('ratio(same_as("b/two"), total(same_as("a/one"), same_as("b/two")))', ("b/two", "a/one")),
        ('total(same_as("a/longer-name"), same_as("a/long"))', ("a/longer-name", "a/long")),
    ],
)
def test_the_records_that_an_expression_uses_come_in_order_and_once(expression, names) -> None:
    assert prints_of(expression) == names


@pytest.mark.parametrize("gone", ['count("a", "b")', 'total(count("a"))'])
def test_counting_our_own_words_is_no_check(gone: str) -> None:
    with pytest.raises(ClaimError, match="is no number, text or known function"):
        evaluate(gone)
