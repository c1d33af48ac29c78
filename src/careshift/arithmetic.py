"""Arithmetic claims: small declared expressions over printed numbers, their rounding carried along."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import NamedTuple

from simpleeval import InvalidExpression, SimpleEval

from careshift import claims
from careshift.claims import Claim, ClaimError, Evidence

MOST_CORNERS = 4096


class Quantity(NamedTuple):
    """A number and the lowest and highest that its rounding allows."""

    value: float
    low: float
    high: float


def rounded(value: float, unit: float) -> Quantity:
    """Answer a number printed to a unit: rounded(2.8, 0.1) stands for 2.75 to 2.85."""
    return Quantity(value, value - unit / 2, value + unit / 2)


def same_as(claim_id: str) -> Quantity:
    """Answer the printed value of another claim, with its rounding and qualifier."""
    claim = claims.find(claim_id)
    low, high = claim.interval.low, claim.interval.high
    value = claim.value
    return Quantity(value, low if math.isfinite(low) else value, high if math.isfinite(high) else value)


def total(*terms: float | Quantity) -> Quantity:
    """Answer the sum of the terms."""
    return Quantity(*(sum(ends) for ends in zip(*map(_quantity, terms), strict=True)))


def mean(*terms: float | Quantity) -> Quantity:
    """Answer the mean of the terms."""
    return Quantity(*(end / len(terms) for end in total(*terms)))


def count(*items: float | str) -> Quantity:
    """Answer how many items are listed."""
    return _quantity(len(items))


def _quantity(term: float | Quantity) -> Quantity:
    return term if isinstance(term, Quantity) else Quantity(float(term), float(term), float(term))


def _on_quantities(function: Callable[..., float], *terms: float | Quantity) -> Quantity:
    """Answer a function of quantities: its value, and its extremes over the corners of their rounding."""
    quantities = [_quantity(term) for term in terms]
    ends = [sorted({q.low, q.high}) for q in quantities]
    if math.prod(map(len, ends)) > MOST_CORNERS:
        raise ClaimError("Too many rounded numbers in one call; split the expression.")
    corners = [function(*corner) for corner in product(*ends)]
    return Quantity(function(*(q.value for q in quantities)), min(corners), max(corners))


FUNCTIONS: dict[str, Callable[..., Quantity]] = {
    "rounded": rounded,
    "same_as": same_as,
    "total": total,
    "mean": mean,
    "count": count,
    "difference": partial(_on_quantities, operator.sub),
    "product": partial(_on_quantities, lambda *terms: math.prod(terms)),
    "ratio": partial(_on_quantities, operator.truediv),
    "share": partial(_on_quantities, lambda part, whole: 100 * part / whole),
    "percent_fall": partial(_on_quantities, lambda start, end: 100 * (start - end) / start),
    "percent_rise": partial(_on_quantities, lambda start, end: 100 * (end - start) / start),
    "years_between": partial(_on_quantities, lambda first, last: last - first),
}


def evaluate(expression: str) -> Quantity:
    """Answer the value of an expression such as `percent_fall(16805, 15243)`, with its rounding span.

    Only numbers, texts, a minus sign and the named functions are known. Raises ClaimError otherwise.
    """
    known = SimpleEval(functions=FUNCTIONS, names={}, operators={ast.USub: operator.neg})
    try:
        return _quantity(known.eval(expression))
    except (InvalidExpression, SyntaxError, TypeError, ValueError, ZeroDivisionError, KeyError) as error:
        raise ClaimError(f"Cannot evaluate `{expression}`: {error}. Known: {', '.join(FUNCTIONS)}.") from None


def evidence_of(claim: Claim) -> Evidence | None:
    """Answer the evidence that a claim's own expression gives, or None where it has none.

    Where the record also says which data a test needs, agreeing with the print's own numbers is no test of
    the claim: the evidence is a proxy. Raises ClaimError with file, record and what is known.
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
        proxy=claim.needs is not None,
        basis=f"From the printed numbers: {claim.derive}",
        chapter=claim.chapter or "",
    )
