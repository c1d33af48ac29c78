"""Words for what a claim record and its verdict hold: place, printed interval, formula, distance."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Sequence

from careshift import claims, ledger
from careshift.claims import Claim, Verdict, derived_words
from careshift.ledger import JUST, Entry, Flip
from careshift.typography import minus

TITLES = {
    "hendry2021": "Scotland's integration journey (2021)",
    "kingsfund2013": "The King's Fund on the three nations (2013)",
    "kingsfund2018": "The King's Fund on chief officers (2018)",
    "msg2019": "Ministerial Strategic Group review (2019)",
    "policy2026": "From policy to practice (2026)",
}
SHORT = {
    "hendry2021": "Journey 2021",
    "kingsfund2013": "King's Fund 2013",
    "kingsfund2018": "King's Fund 2018",
    "msg2019": "Review 2019",
    "policy2026": "Study 2026",
}
PERCENT = re.compile(r"\bpercent\b")
OPPOSITE = {"above": "below", "higher": "lower"}
NUMBER = re.compile(r"\d[\d.,]*")
CHANGE = re.compile(r"(−?[\d.,]+)(?: \((−?[\d.,]+) to (−?[\d.,]+)\))? (.+?) change\b(.*)")
NOTHING = "–"  # where nothing was derived
TIER_WORDS = {"headline": "headline", "quantitative": "number", "context": "context"}


def place(claim: Claim) -> str:
    """Return where it is said: "King's Fund 2018, Conclusions, paragraph 1"."""
    return ", ".join(filter(None, [SHORT[claim.source], claim.where.section, claim.where.item]))


def chapter(name: str) -> str:
    """Return a chapter's name in words: northern_ireland/case_studies is "Northern Ireland: case studies"."""
    part, _, title = name.replace("_", " ").partition("/")
    return f"{part.title()}: {title}"


def derived(claim: Claim, verdict: Verdict | None) -> str:
    """Return the derived value and its span, with a unit where the print is words; a dash where none is.

    A nearest figure is never a derived value: it is named as what it is.
    """
    if verdict is None or (verdict.derived is None and verdict.nearest is None):
        return NOTHING
    if verdict.derived is None:
        near = minus(claims.number_words(claim, verdict.nearest or 0.0))
        return f"no test; nearest public figure {near}"
    if claim.unit == "rank":
        return f"place {verdict.derived:.0f}"
    if verdict.span_kind == claims.BOUNDS and verdict.span:
        low, high = (minus(claims.number_words(claim, end)) for end in verdict.span)
        return low if low == high else f"between {low} and {high}"
    words = minus(derived_words(claim, verdict))
    return f"{words} {unit(claim).partition(',')[0]}" if in_words(claim) and not claim.is_year else words


def we_find(claim: Claim, verdict: Verdict) -> str:
    """Return what we find, in sentences without a sign: "We find 75.1 pounds per head below Scotland."

    Nothing where nothing is found.
    """
    found = derived(claim, verdict)
    if found == NOTHING:
        return ""
    if verdict.derived is None:
        near = minus(claims.number_words(claim, verdict.nearest or 0.0))
        return f"We find no test. The nearest public figure is {unsigned(f'{near} {unit(claim)}'.strip())}."
    return f"We find {unsigned(found)}."


def unsigned(found: str) -> str:
    """Return a finding without signs: for "−3.0 % change in beds" "a fall of 3.0 % in beds"."""
    if change := CHANGE.fullmatch(found):
        lead, low, high = (_rise_or_fall(change[end] or "", change[4]) for end in (1, 2, 3))
        return f"{lead} ({low} to {high}){change[5]}" if change[2] else f"{lead}{change[5]}"
    for word, opposite in OPPOSITE.items():
        if f" {word}" in found and len(NUMBER.findall(found)) == found.count("−"):
            return found.replace("−", "").replace(f" {word}", f" {opposite}")
    return found.replace("−", "minus ")


def _rise_or_fall(number: str, unit: str) -> str:
    return f"a {'fall' if number.startswith('−') else 'rise'} of {number.lstrip('−')} {unit}"


def against(verdict: Verdict) -> str:
    """Return what a claim was held against, and how: "outside data, recomputed"."""
    return ", ".join(filter(None, [verdict.held_against, verdict.how]))


def beside(verdict: Verdict) -> str:
    """Return what a claim was held against, for the side of its outcome in a table; nothing for nothing."""
    return "" if verdict.held_against == "nothing" else against(verdict)


def in_words(claim: Claim) -> bool:
    """Return whether the source prints words and no bare number: "almost a third"."""
    return any(c.isalpha() for c in claim.printed)


def unit(claim: Claim) -> str:
    """Return a claim's unit as it follows a number, "% fall"; a year has none."""
    return "" if claim.is_year else PERCENT.sub("%", claim.unit)


def rests(entries: Sequence[Entry]) -> str:
    """Return in two or three sentences what the claims were held against; the hardest test leads."""
    held, hows, out = ledger.held(entries), ledger.hows(entries), ledger.counts(entries)
    agree = out["reproduced"]
    inside = held["own numbers"] + held["another document"]
    return (
        f"Of {sum(held.values()):,} claims, {held['outside data']:,} could be held against data from outside "
        f"the documents: {hows['recomputed']:,} recomputed from data, {hows['read']:,} read in another "
        f"text. Of these {agree:,} come out as printed. Another {inside:,} could only be held against "
        f"printed numbers: {out['adds up']:,} add up and {out['does not add up']:,} do not. That checks the "
        f"print, not what it says about the world. {held['nothing']:,} could not be tested yet."
    )


def number(value: float, is_year: bool = False) -> str:
    """Return a number as short as it can be: 30,418 and 4.15; years without a comma."""
    return f"{round(value, 6):{'' if is_year else ','}.10g}"


def interval(claim: Claim) -> str:
    """Return in words which numbers the print stands for: "19.5 up to, but not including, 20.5 percent"."""
    printed = claim.interval
    low, high = number(printed.low, claim.is_year), number(printed.high, claim.is_year)
    if printed.low == printed.high:
        words = f"exactly {low}"
    elif math.isinf(printed.high):
        words = f"any number above {low}" if printed.open_low else f"{low} or more"
    elif math.isinf(printed.low):
        words = f"any number below {high}" if printed.open_high else f"{high} or less"
    else:
        start = f"above {low}" if printed.open_low else low
        words = f"{start} up to, but not including, {high}" if printed.open_high else f"{start} to {high}"
    return words if claim.is_year else f"{words} {claim.unit}"


def distance(claim: Claim, flip: Flip, span: tuple[float, float] | None) -> str:
    """Return how far the derived value would have to move to change the verdict, and to which.

    Where several values make a `span` they move together: which of them decides is not said by the first.
    """
    size, digits = abs(flip.shift), claim.decimals + 1
    if size <= 2 * JUST * max(1.0, abs(claim.value)):
        return f"any other value would make it “{flip.outcome}”"
    words = number(size) if size >= 1 and float(size).is_integer() else f"{size:,.{digits}f}"
    if float(words.replace(",", "")) == 0:
        words = f"{size:.1g}"
    way = "higher" if flip.shift > 0 else "lower"
    unit = "" if claim.is_year else f" ({claim.unit})"
    ours = "all our values were" if span and span[0] != span[1] else "our value were"
    return f"it would be “{flip.outcome}” if {ours} {words} {way}{unit}"


def formula(expression: str) -> str:
    """Return an arithmetic expression as a reader would write it: "100 × (221 − 19) ÷ 300"."""
    return _said(ast.parse(expression, mode="eval").body)


def _said(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Constant(value=int() | float() as value):
            return number(value, is_year=abs(value) < 10_000)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"−{_said(operand)}"
        case ast.Call(func=ast.Name(id=name), args=args):
            return _called(name, args)
    return ast.unparse(node)


def _called(name: str, args: list[ast.expr]) -> str:
    if name == "same_as":
        return claims.find(_said(args[0])).printed
    words = [_said(arg) for arg in args]
    inner = [f"({word})" if _is_compound(arg) else word for arg, word in zip(args, words, strict=True)]
    return SAID[name](inner) if name in SAID else f"{name} of {', '.join(words)}"


def _is_compound(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) not in ("same_as", "rounded")


SAID: dict[str, Callable[[list[str]], str]] = {
    "rounded": lambda words: words[0],
    "total": " + ".join,
    "difference": " − ".join,
    "product": " × ".join,
    "ratio": " ÷ ".join,
    "share": lambda words: f"100 × {words[0]} ÷ {words[1]}",
    "mean": lambda words: f"the mean of {', '.join(words)}",
    "percent_fall": lambda words: f"the fall from {words[0]} to {words[1]}, in percent",
    "percent_rise": lambda words: f"the rise from {words[0]} to {words[1]}, in percent",
    "years_between": lambda words: f"the years from {words[0]} to {words[1]}",
}
