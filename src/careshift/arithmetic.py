"""Arithmetic claims: small declared expressions over printed numbers, their rounding carried along."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Container, Mapping
from functools import partial
from itertools import product
from typing import NamedTuple

from simpleeval import EvalWithCompoundTypes, InvalidExpression

from careshift import claims
from careshift.claims import Claim, ClaimError, Evidence

MOST_CORNERS = 4096  # of the rounding of one call's terms
MISTAKES = (ArithmeticError, KeyError, MemoryError, RecursionError, TypeError, ValueError)
LONGEST = 5000  # characters of an expression; keeps depth, time and messages in bounds


class Quantity(NamedTuple):
    """A number and the lowest and highest that its rounding allows."""

    value: float
    low: float
    high: float


def rounded(value: float, unit: float) -> Quantity:
    """Return a number printed to a unit: rounded(2.8, 0.1) stands for 2.75 to 2.85."""
    if unit <= 0:
        raise ValueError(f"a number is rounded to a unit above zero, not to {unit}")
    return Quantity(value, value - unit / 2, value + unit / 2)


def same_as(claim_id: str) -> Quantity:
    """Return the printed value of another claim, with its rounding and qualifier.

    Where the qualifier leaves an end open ("more than 70,000"), that end is the printed number itself: no
    claim may be said not to add up for lying beyond it.
    """
    claim = claims.find(claim_id)
    low, high = claim.interval.low, claim.interval.high
    value = claim.value
    return Quantity(value, low if math.isfinite(low) else value, high if math.isfinite(high) else value)


def total(*terms: float | Quantity) -> Quantity:
    """Return the sum of the terms."""
    return Quantity(*(sum(ends) for ends in zip(_quantity(0), *map(_quantity, terms), strict=True)))


def mean(*terms: float | Quantity) -> Quantity:
    """Return the mean of the terms."""
    if not terms:
        raise ValueError("a mean of nothing")
    return Quantity(*(end / len(terms) for end in total(*terms)))


def _quantity(term: float | Quantity) -> Quantity:
    if isinstance(term, str):
        raise TypeError(f'the text "{term[:40]}" is no number')
    return term if isinstance(term, Quantity) else Quantity(float(term), float(term), float(term))


def _on_quantities(
    function: Callable[..., float], *terms: float | Quantity, divisor: int | None = None
) -> Quantity:
    """Return a function of quantities: its value, and its extremes over the corners of their rounding.

    The extremes lie in the corners as long as the term that divides, here by its place, cannot be zero.
    """
    quantities = [_quantity(term) for term in terms]
    if divisor is not None and quantities[divisor].low <= 0 <= quantities[divisor].high:
        raise ValueError("it would divide by what may be zero")
    ends = [sorted({q.low, q.high}) for q in quantities]
    if math.prod(map(len, ends)) > MOST_CORNERS:
        raise ValueError("too many rounded numbers in one call; split the expression")
    value = function(*(q.value for q in quantities))
    reached = [value, *(function(*corner) for corner in product(*ends))]
    return Quantity(value, min(reached), max(reached))


FUNCTIONS: dict[str, Callable[..., Quantity]] = {
    "rounded": rounded,
    "same_as": same_as,
    "total": total,
    "mean": mean,
    "difference": partial(_on_quantities, operator.sub),
    "product": partial(_on_quantities, lambda *terms: math.prod(terms)),
    "ratio": partial(_on_quantities, operator.truediv, divisor=1),
    "share": partial(_on_quantities, lambda part, whole: 100 * part / whole, divisor=1),
    "percent_fall": partial(_on_quantities, lambda start, end: 100 * (start - end) / start, divisor=0),
    "percent_rise": partial(_on_quantities, lambda start, end: 100 * (end - start) / start, divisor=0),
    "years_between": partial(_on_quantities, lambda first, last: last - first),
}
CONVERSIONS = (7, 12, 52, 100, 365, 1000)  # numbers that no document prints: days, months, percent


def evaluate(expression: str, more: Mapping[str, Callable[..., Quantity]] | None = None) -> Quantity:
    """Return the value of `percent_fall(same_as("a/first"), same_as("a/last"))`, with its rounding span.

    Only numbers, texts, a minus sign before a number, and calls of the named functions are known; `more`
    functions may be given by name, and take lists and keywords. Raises ClaimError for anything else, and for
    a value that is not a finite number.
    """
    functions = FUNCTIONS | dict(more or {})
    known = EvalWithCompoundTypes(functions=dict(functions), names={}, operators={ast.USub: operator.neg})
    try:
        tree = parsed(expression, functions, keywords=more is not None)
        value: float | Quantity = known.eval(expression, previously_parsed=tree)
        found = _quantity(value)
        if not all(map(math.isfinite, found)):
            raise ValueError("its value is not a finite number")
    except (InvalidExpression, SyntaxError, *MISTAKES) as error:
        short = expression if len(expression) <= 80 else f"{expression[:80]}..."
        raise ClaimError(f"Cannot evaluate `{short}`: {error}. Known: {', '.join(functions)}.") from None
    return found


def parsed(expression: str, functions: Container[str] = FUNCTIONS, keywords: bool = False) -> ast.expr:
    """Return the expression as a tree of numbers, texts and calls of known functions, and of nothing else.

    With `keywords` a call may have keywords, and lists of texts in them. Raises ValueError for anything else,
    RecursionError or MemoryError for what is nested too deep to parse.
    """
    if len(expression) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} characters")
    tree = ast.parse(expression.strip(), mode="eval").body
    waiting = [tree]
    while waiting:
        match waiting.pop():
            case ast.Constant(value=bool()) | ast.UnaryOp(operand=ast.Constant(value=bool())) as truth:
                raise ValueError(f"`{ast.unparse(truth)}` is no number")
            case ast.Constant(value=str() | int() | float()):
                continue
            case ast.UnaryOp(ast.USub(), ast.Constant(value=int() | float())):
                continue
            case ast.Call(ast.Name(name), args, given) if name in functions and (keywords or not given):
                waiting += [*args, *(word.value for word in given)]
            case ast.List(elts=items) if keywords:
                waiting += items
            case other:
                raise ValueError(f"`{ast.unparse(other)[:40]}` is no number, text or known function")
    return tree


def prints_of(expression: str) -> tuple[str, ...]:
    """Return the ids of the records whose prints an expression uses, in their order, each once."""
    calls = [node for node in ast.walk(parsed(expression)) if isinstance(node, ast.Call)]
    named = [ast.literal_eval(c.args[0]) for c in calls if ast.unparse(c.func) == "same_as" and c.args]
    return tuple(dict.fromkeys(sorted(map(str, named), key=expression.index)))


def typed_numbers(expression: str) -> tuple[float, ...]:
    """Return the numbers that an expression holds itself, conversions apart: no record stands behind them."""
    nodes = [node for node in ast.walk(parsed(expression)) if isinstance(node, ast.Constant)]
    numbers = [node.value for node in nodes if isinstance(node.value, int | float)]
    return tuple(number for number in numbers if number not in CONVERSIONS)


def evidence_of(claim: Claim) -> Evidence | None:
    """Return the evidence that a claim's own expression gives, or None where it has none.

    Raises ClaimError with file, record and what is known.
    """
    if claim.derive is None:
        return None
    try:
        found = evaluate(claim.derive)
    except ClaimError as error:
        raise ClaimError(f"{claim.source}.yml, {claim.id}, derive: {error}") from None
    return Evidence(
        claim=claim.id,
        derived=found.value,
        rounding=(found.low, found.high) if found.low != found.high else None,
        basis=f"From the printed numbers: {claim.derive}",
        rests_on=prints_of(claim.derive),
        chapter=claim.chapter or "",
    )
