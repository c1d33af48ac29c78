"""Whatever an expression says, its answer is the right value or a ClaimError, and soon."""

import ast
import math
import signal
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshift import arithmetic, outside_data
from careshift.arithmetic import FUNCTIONS, Quantity, evaluate
from careshift.claims import ClaimError

LIMIT = 20  # seconds in which anything must end; a hang would not end at all


@contextmanager
def ended():
    """Turn a hang into a failure."""

    def stop(*_: object) -> None:
        raise AssertionError("still running")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def answer(expression: str) -> Quantity | None:
    """Return the value, or None where the expression is refused; anything else escapes and fails the test."""
    try:
        with ended():
            found = evaluate(expression)
    except ClaimError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert len(told) < 1000, "the message repeats what it was given"
        return None
    assert all(math.isfinite(end) for end in found)
    assert found.low <= found.value <= found.high
    return found


HOSTILE = {
    "a power": "9**9**9",
    "a power of texts": '"a" * 10**9',
    "a text's method": '"a".upper()',
    "a text's long method": '"a".ljust(10**10)',
    "a text's format": '"{0.__class__}".format(1)',
    "a formatted text": 'f"{1}"',
    "an import": '__import__("os").system("true")',
    "an attribute": "(1).__class__",
    "a comprehension": "[x for x in (1, 2)]",
    "a function of its own": "(lambda: 1)()",
    "a name": "x",
    "a keyword": "total(x=1)",
    "a keyword that fits": "rounded(value=1, unit=1)",
    "a method behind a keyword": 'rounded(value="1".zfill(9), unit=1)',
    "a spread": "total(*[1, 2])",
    "a condition": "1 if 1 else 2",
    "a choice": "total(1) or 2",
    "an assignment": "(x := 5)",
    "two expressions": "total(1); total(2)",
    "a comparison": "1 < 2",
    "a truth": "True",
    "a truth in a call": "total(1, True)",
    "a negative truth": "-True",
    "an unknown function": "open('/etc/passwd')",
    "a function of the library": 'list("ab")',
    "a function of the library in a call": 'total(dict("ab"))',
    "a text as a number": 'total("12")',
    "digits of another script": "total(１２)",
    "digits of another script, as text": 'total("１２")',
    "an imaginary number": "total(1j)",
    "infinity": "total(1e999)",
    "no number": "difference(1e999, 1e999)",
    "too large a value": "product(1e308, 1e308)",
    "too large a whole number": "9" * 4000,
    "a division by zero": "ratio(1, 0)",
    "a division by nothing": "mean()",
    "a division by what may be zero": "ratio(1, rounded(0.4, 1))",
    "a share of what may be zero": "share(1, rounded(0.4, 1))",
    "a fall from what may be zero": "percent_fall(rounded(0.4, 1), 1)",
    "a rise from what may be zero": "percent_rise(rounded(0.4, 1), 1)",
    "a rounding to less than nothing": "rounded(1, -1)",
    "a rounding to nothing": "rounded(1, 0)",
    "a rounding without end": "rounded(1, 1e999)",
    "a claim that is no text": "same_as(5)",
    "no such claim": 'same_as("hendry2021/nothing")',
    "a very long expression": "total(" + "1, " * 100_000 + "1)",
    "a very long name of a claim": f'same_as("{"a" * 100_000}")',
    "deep calls": "total(" * 400 + "1" + ")" * 400,
    "deep brackets": "(" * 2000 + "1" + ")" * 2000,
    "deep signs": "-" * 4000 + "1",
    "many corners": f"product({', '.join(['rounded(2, 1)'] * 30)})",
    "a null": "\0",
    "half a character": "\ud800",
    "nothing": "",
    "half an expression": "total(",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_expression_is_refused(name) -> None:
    assert answer(HOSTILE[name]) is None


def told_outside(expression: str) -> Quantity | None:
    """Return the value of an expression over tables, or None where it is refused."""
    try:
        with ended():
            found, cells = outside_data.evaluate(expression)
    except ClaimError as error:
        told = str(error)
    else:
        assert cells.read
        return found
    assert len(told) < 1000, "the message repeats what it was given"
    return None


HOSTILE_OUTSIDE = HOSTILE | {
    "no cell at all": "total(1, 2)",
    "a number alone": "5",
    "no such table": 'count_of("no_such_table")',
    "a table that is a path": 'count_of("../../etc/passwd")',
    "a table of prints": 'summed("welsh_admissions", "count")',
    "a series of no table": 'official("no-such-series", "S92000003", "2019")',
    "a column of no table": 'summed("population", "no_such_column", area="S92000003", year="2011")',
    "a condition on no column": 'count_of("population", colour="red")',
    "a condition nothing meets": 'summed("population", "population", area="nowhere")',
    "many cells as one": 'cell("population", "population", area="S92000003")',
    "a column of words": 'summed("population", "vintage", area="S92000003", year="2011")',
    "a condition that is a number": 'count_of("population", year=2011)',
    "a condition that is a call": 'count_of("population", year=total(2011))',
    "a spread of conditions": 'count_of("population", **{"year": "2011"})',
    "a list as a table": 'count_of(["population"])',
    "a list alone": '["population"]',
    "a move between no periods": 'count_against("population", "population", "year", "1066", "2011")',
    "a line that is a text": 'count_above("population", "population", "many", area="S92000003", year="2011")',
    "a cell divided by nothing": 'ratio(count_of("areas"), count_of("population", year="1066"))',
}


@pytest.mark.parametrize("name", HOSTILE_OUTSIDE)
def test_a_hostile_expression_over_tables_is_refused(name) -> None:
    assert told_outside(HOSTILE_OUTSIDE[name]) is None


@pytest.mark.parametrize("library", ["list", "tuple", "dict", "set"])
def test_what_the_library_knows_besides_is_not_known_to_us(library: str) -> None:
    for expression in (
        f'{library}("ab")',
        f"total({library}())",
        f'count_of("population", year={library}("ab"))',
    ):
        for evaluated in (evaluate, outside_data.evaluate):
            with pytest.raises(ClaimError, match="is no number, text or known function") as refused:
                evaluated(expression)
            assert f", {library}" not in str(refused.value).partition("Known: ")[2]


def test_a_good_expression_over_tables_is_taken() -> None:
    women = 'count_of("population", area="S92000003", year="2011", sex="female")'
    both = 'count_of("population", area="S92000003", year="2011", sex=["female", "male"])'
    assert told_outside(f"share({women}, {both})") == (50, 50, 50)


@pytest.mark.parametrize(
    "expression",
    [
        'count_of("population", year="2011")',
        'total(count_of("population"))',
        'share(1, official("a", "b", "c"))',
    ],
)
def test_a_check_of_prints_knows_no_tables_lists_or_keywords(expression) -> None:
    assert answer(expression) is None
    with pytest.raises(ClaimError, match="Cannot evaluate"):
        evaluate("total([1, 2])")


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_ends_well(text: str) -> None:
    answer(text)


PIECES = st.sampled_from(
    [*FUNCTIONS, "(", ")", ",", "-", "**", "1", "2.5", "1e308", '"a"', ".", "[", "]", "if", ":", "x", " "]
)


@given(st.lists(PIECES, max_size=25))
@settings(max_examples=500)
def test_any_mixture_of_the_language_ends_well(pieces: list[str]) -> None:
    answer("".join(pieces))


NUMBERS = st.floats(min_value=-1e6, max_value=1e6).map(lambda x: round(x, 3))
UNITS = st.sampled_from([0.01, 0.1, 1.0, 10.0])
LEAVES = st.one_of(
    NUMBERS.map(lambda x: (repr(x), x, 0.0)),
    st.tuples(NUMBERS, UNITS).map(lambda pair: (f"rounded({pair[0]!r}, {pair[1]!r})", pair[0], pair[1] / 2)),
)
PLAINLY = {
    "difference": lambda x, y: x - y,
    "product": lambda x, y: x * y,
    "ratio": lambda x, y: x / y,
    "share": lambda x, y: 100 * x / y,
    "percent_fall": lambda x, y: 100 * (x - y) / x,
    "percent_rise": lambda x, y: 100 * (y - x) / x,
    "total": lambda x, y: x + y,
    "mean": lambda x, y: (x + y) / 2,
    "years_between": lambda x, y: y - x,
}


@given(st.sampled_from(sorted(PLAINLY)), LEAVES, LEAVES, st.floats(-1, 1), st.floats(-1, 1))
@settings(max_examples=500)
def test_the_value_is_right_and_its_span_holds_whatever_rounds_to_the_print(name, one, other, s, t) -> None:
    plainly = PLAINLY[name]
    found = answer(f"{name}({one[0]}, {other[0]})")
    x, y = one[1] + s * one[2], other[1] + t * other[2]  # any numbers that are printed like these
    if found is None:
        divides = {"ratio": other, "share": other, "percent_fall": one, "percent_rise": one}.get(name)
        value, half = (divides[1], divides[2]) if divides else (1.0, 0.0)
        assert abs(value) <= half or abs(value) < 1e-300
        return
    assert found.value == pytest.approx(plainly(one[1], other[1]), rel=1e-9, abs=1e-9)
    within = plainly(x, y)
    slack = 1e-9 * max(1.0, abs(within))
    assert found.low - slack <= within <= found.high + slack


def test_only_what_the_tree_allows_reaches_the_evaluator(monkeypatch) -> None:
    """Without our own look at the tree the library would run a text's methods and half of two expressions."""
    monkeypatch.setattr(arithmetic, "parsed", lambda text, *_, **__: ast.parse(text, mode="eval").body)
    with pytest.raises(ClaimError, match=r"the text .A. is no number"):
        evaluate('"a".upper()')
    assert evaluate("1 if 1 else 2").value == 1


def test_a_mean_of_nothing_says_so() -> None:
    with pytest.raises(ClaimError, match="a mean of nothing"):
        evaluate("mean()")
