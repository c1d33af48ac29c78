"""How claims are judged, shown on the claim records: printed intervals, arithmetic, one example a verdict."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from careshift import arithmetic, claims, outside_data
from careshift.claims import OUTCOMES, TIERS, Choice, Claim, Evidence, Verdict
from careshift.evidence import strongest

Judged = tuple[Claim, Verdict]
SUPPOSED = "official_values"  # a table of outside data, so that a supposed value is judged as one
RULES: dict[str | None, str] = {
    None: "half a unit of rounding to each side, the upper end left out",
    "exact": "an exact count stands for itself",
    "about": "a twentieth of the value to each side, or half a unit of rounding if that is more",
    "more than": "anything above",
    "less than": "anything below",
    "at least": "the value or anything above",
    "up to": "the value or anything below",
    "almost": "below the value, by a twentieth or one unit at most, whichever is more",
    "just over": "above the value, by a twentieth or one unit at most, whichever is more",
}
KINDS: dict[str, str] = {
    "statement": "a level, a share, a change, a comparison, an amount: what an expert would call a claim",
    "cause": "something is said to be an effect; no change that goes along with it shows that it is",
    "view": "an opinion that no data decide",
    "date": "a single date, a time scale, a span of years: no claim",
    "count": "how many items a list of the document has: no claim",
    "structure": "how a text, a framework or a body is built: no claim",
}


def by_tier(records: Iterable[Claim]) -> list[Claim]:
    """Return claims with the headline ones first, else in the order of their files."""
    return sorted(records, key=lambda claim: TIERS.index(claim.tier))


def first_of_each(worked: Sequence[tuple[Claim, Evidence]] = ()) -> list[Judged]:
    """Return one claim for each outcome that has one, in their order, with its verdict.

    The claims that are `worked` with data come first; then those that their own record can judge, headline
    claims before others. Claims that a chapter judges count only where no record can give an example. An
    example of outside data is computed from cells of published tables; a figure read in a text, which may
    come from the document's own source, stands only where there is no other.
    """
    seen = {claim.id for claim, _ in worked}
    pairs: list[tuple[Claim, Evidence | None]] = list(worked)
    pairs += [(claim, None) for claim in by_tier(claims.load()) if claim.is_counted and claim.id not in seen]
    found: dict[str, Judged] = {}
    in_texts: dict[str, Judged] = {}
    for claim, given in pairs:
        evidence = strongest(claim, given)
        verdict = claims.judge(claim, evidence, arithmetic.evidence_of(claim))
        if verdict.outcome != "data wanted" or claim.chapter is None:
            kept = in_texts if rests_on_a_text(evidence) else found
            kept.setdefault(verdict.outcome, (claim, verdict))
    found = in_texts | found
    return [found[outcome] for outcome in OUTCOMES if outcome in found]


def rests_on_a_text(evidence: Evidence | None) -> bool:
    """Return whether outside data are a figure read in a text and not cells of a table."""
    if evidence is None or not evidence.is_outside():
        return False
    return evidence.how == "read" or not set(evidence.tables) - set(outside_data.VALUES)


def worked_on(
    claim_id: str,
    derived: float,
    basis: str,
    tables: Sequence[str],
    choices: Iterable[Choice] = (),
    nearest: bool = False,
) -> tuple[Claim, Evidence]:
    """Return a claim with evidence that a chapter derived for it from outside data, ready to be judged."""
    claim = claims.find(claim_id)
    found = Evidence(
        claim=claim.id,
        derived=float(derived),
        basis=basis,
        tables=tuple(tables),
        choices=tuple(choices),
        nearest=nearest,
    )
    return claim, found


def interval_words(claim: Claim) -> str:
    """Return in words the numbers that a printed value stands for, with the digits that its ends need."""
    printed = claim.interval
    # Rounded to the digits of the print, an end such as 23.85 would name a number that is not inside.
    ends = [end for end in (printed.low, printed.high) if math.isfinite(end)]
    more = (d for d in range(claim.decimals, 7) if all(abs(round(end, d) - end) < 1e-7 for end in ends))
    spec = f"{'' if claim.is_year else ','}.{next(more, 6)}f"
    low, high = format(printed.low, spec), format(printed.high, spec)
    if math.isinf(printed.high):
        return f"{'above' if printed.open_low else 'from'} {low}"
    if math.isinf(printed.low):
        return f"{'below' if printed.open_high else 'up to'} {high}"
    if printed.low == printed.high:
        return low
    start, end = "above" if printed.open_low else "from", "to below" if printed.open_high else "to"
    return f"{start} {low} {end} {high}"


def printed_rules() -> pd.DataFrame:
    """Return how each form of a print is read, with the first claim of that form as its example.

    Columns form, rule, says, printed, stands_for. Forms that no claim has are left out.
    """
    rows = []
    for form, rule in RULES.items():
        example = next((c for c in by_tier(claims.load()) if _has_form(c, form)), None)
        if example is not None:
            words = form or "a rounded number"
            rows.append((words, rule, example.says, example.printed, interval_words(example)))
    return pd.DataFrame(rows, columns=["form", "rule", "says", "printed", "stands_for"])


def _has_form(claim: Claim, form: str | None) -> bool:
    is_number = not any(c.isalpha() for c in claim.printed) and claim.ends[0] == claim.ends[1]
    if claim.is_year or not is_number:
        return False
    if form == "exact":
        return claim.qualifier is None and claim.rounded_to is None
    return claim.qualifier == form and (form is not None or claim.rounded_to is not None)


def carried(tier: str = "headline") -> pd.DataFrame:
    """Return the claims of a tier whose own numbers give another one of them, rounding carried along.

    Columns says, printed, stands_for, value, low, high (of the derived value), verdict. Where all inputs are
    exact, low and high are the value.
    """
    rows = []
    for claim in claims.load():
        evidence = arithmetic.evidence_of(claim)
        if claim.tier != tier or evidence is None or evidence.derived is None:
            continue
        low, high = evidence.rounding or (evidence.derived, evidence.derived)
        check = claims.judge(claim, None, evidence).check
        printed = (claim.says, claim.printed, interval_words(claim))
        rows.append((*printed, evidence.derived, low, high, check))
    names = ["says", "printed", "stands_for", "value", "low", "high", "verdict"]
    return pd.DataFrame(rows, columns=names)


def corners(start: float, start_unit: float, end: float, end_unit: float) -> pd.DataFrame:
    """Return a percentage fall between two rounded numbers at the ends of their rounding.

    Columns start, end, fall; the first row has the numbers as printed.
    """
    pairs = [(start, end)] + [
        (start + a * start_unit / 2, end + b * end_unit / 2) for a in (-1, 1) for b in (-1, 1)
    ]
    return pd.DataFrame([(s, e, 100 * (s - e) / s) for s, e in pairs], columns=["start", "end", "fall"])


def supposed(claim: Claim, values: Sequence[float]) -> pd.DataFrame:
    """Return the verdict that each supposed derived value would have: columns derived, verdict, distance.

    The distance is to the nearest edge of the printed interval, in the claim's unit.
    """
    rows = []
    for value in values:
        made = Evidence(claim=claim.id, derived=value, basis="supposed", tables=(SUPPOSED,))
        verdict = claims.judge(claim, made)
        rows.append((value, verdict.outcome, verdict.margin))
    return pd.DataFrame(rows, columns=["derived", "verdict", "distance"])


def edges(claim: Claim) -> list[float]:
    """Return derived values on both sides of every edge at which a claim's verdict changes.

    The edges are those of the printed interval and of the reach of "close".
    """
    printed, reach = claim.interval, claims.CLOSE_WITHIN * abs(claim.value)
    step = (claim.rounded_to or abs(claim.value) / 100) / 10
    ends = [printed.low - reach, printed.low, printed.high, printed.high + reach]
    sides = [value for end in ends if math.isfinite(end) for value in (end - step, end + step)]
    return sorted({round(value, 10) for value in [*sides, claim.value]})


def margins(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return for the judged claims that have a derived value how far it is from the nearest printed edge.

    Columns verdict, says, stands_for, derived (words), margin and unit.
    """
    rows = [
        (
            verdict.outcome,
            claim.says,
            interval_words(claim),
            claims.derived_words(claim, verdict),
            f"{verdict.margin:,.{max(claim.decimals, 1)}f}",
            claim.unit,
        )
        for claim, verdict in judged
        if verdict.derived is not None and verdict.margin is not None
    ]
    return pd.DataFrame(rows, columns=["verdict", "says", "stands_for", "derived", "margin", "unit"])


def by_kind() -> pd.DataFrame:
    """Return how many records there are of each kind, each said once: kind, what it is, records."""
    tally = Counter(claim.kind for claim in claims.load() if claim.repeats is None)
    rows = [(kind, words, tally[kind]) for kind, words in KINDS.items()]  # type: ignore[index]
    return pd.DataFrame(rows, columns=["kind", "what", "records"])


def tiers() -> dict[str, int]:
    """Return how many claims there are of each tier, each said once: headline, other, context."""
    tally = Counter(claim.tier for claim in claims.load() if claim.is_counted)
    return {"headline": tally["headline"], "other": tally["quantitative"], "context": tally["context"]}
