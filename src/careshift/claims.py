"""Claim records, printed intervals and verdicts: what a source prints, and how what we derive compares."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence
from functools import cache
from statistics import median
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from careshift import tables
from careshift.project import CLAIMS, CareshiftError

SOURCES = ("hendry2021", "kingsfund2013", "kingsfund2018", "msg2019", "policy2026")
Kind = Literal["statement", "cause", "view", "date", "count", "structure"]
COUNTED: tuple[Kind, ...] = ("statement", "cause", "view")  # what an expert would call a claim
Tier = Literal["headline", "quantitative", "context"]
TIERS: tuple[Tier, ...] = ("headline", "quantitative", "context")
Qualifier = Literal["about", "more than", "less than", "at least", "up to", "almost", "just over"]
HeldAgainst = Literal["outside data", "own numbers", "another document", "nothing"]
HELD: tuple[HeldAgainst, ...] = get_args(HeldAgainst)
How = Literal["recomputed", "read"]
HOWS: tuple[How, ...] = get_args(How)
Match = Literal["same", "later", "bounds", "nearest"]
Outcome = Literal[
    "reproduced",
    "close",
    "depends on method",
    "differs",
    "revised since",
    "bracketed",
    "adds up",
    "does not add up",
    "data wanted",
    "reported",
    "date, count or structure",
]
APART: Outcome = "date, count or structure"  # what is no claim: kept and findable, not counted
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)[:-1]  # of what is counted
AGAINST: dict[Outcome, tuple[HeldAgainst, ...]] = {
    **dict.fromkeys(OUTCOMES[:6], ("outside data",)),
    **dict.fromkeys(OUTCOMES[6:8], ("own numbers", "another document")),
    **dict.fromkeys(OUTCOMES[8:], ("nothing",)),
}
LIMITS = "95 % confidence interval"  # what a statistical interval is unless its chapter says otherwise
FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NUMBER = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")  # as a source prints one
CLOSE_WITHIN = 0.10  # share of the printed value within which a miss on the same side is "close"
BOUNDS = "lowest and highest possible"  # a span that data allow, in which no value leads
CLOSE_YEARS = 1.0  # of a year of the calendar
WHOLE = 100.0  # percent
ABOVE, BELOW = ("more than", "at least", "just over"), ("less than", "up to", "almost")
ABOUT = 0.05  # "about" widens the printed value by this share, or by its rounding if that is more
TINY = 1e-9  # guards comparisons at an interval's edge against binary fractions


class ClaimError(CareshiftError):
    """A claim record that cannot be read, or evidence for a claim that does not exist."""


class RecordLoader(FastLoader):  # type: ignore[misc, valid-type]
    """Reads YAML without code in it, and refuses a key that stands twice in one record."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return the mapping. Raises ConstructorError with the line of a second key of the same name."""
        kept: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        if len(kept) < len(node.value):
            names = [self.construct_object(key, deep=True) for key, _ in node.value]
            twice = next(name for name in names if names.count(name) > 1)
            raise yaml.constructor.ConstructorError(
                None, None, f'the key "{twice}" stands twice', node.start_mark
            )
        return kept


class Record(BaseModel):
    """A base for everything kept: nothing unknown in it, every number finite, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Interval(Record):
    """The numbers a printed value may stand for; `open_high` leaves the upper end out, as in [4.15, 4.25)."""

    model_config = ConfigDict(allow_inf_nan=True)
    low: float
    high: float
    open_low: bool = False
    open_high: bool = False

    def contains(self, value: float) -> bool:
        """Return whether the value lies in the interval."""
        slack = TINY * max(1.0, abs(value))
        if self.high > self.low:  # of a large number a billionth may be more than the interval is wide
            slack = min(slack, (self.high - self.low) / 1000)
        above = value > self.low + slack if self.open_low else value >= self.low - slack
        below = value < self.high - slack if self.open_high else value <= self.high + slack
        return above and below

    def overlaps(self, low: float, high: float) -> bool:
        """Return whether any value from low to high, both included, lies in the interval."""
        nearest = min(max(low, self.low), high)
        return any(self.contains(x) for x in (nearest, low, high)) or low <= self.low < self.high <= high

    def distance(self, value: float) -> float:
        """Return how far the value is from the nearest edge, inside or outside, in the value's unit."""
        return min(abs(value - edge) for edge in (self.low, self.high) if math.isfinite(edge))


class Where(Record):
    """Where the source says it: section, and the figure, table, box, proposal or paragraph."""

    section: str = Field(pattern=r"\S")
    item: str | None = None


class Reading(Record):
    """One defensible reading of outside data for a claim: what it is, and the expression that gives it.

    A reading of another period or copy than the first is data, no method: it is shown and does not decide.
    """

    label: str = Field(pattern=r"\S")
    value: str = Field(pattern=r"\S")
    decides: bool = True


class Outside(Record):
    """Official or independently published figures that test a claim without a chapter of their own.

    `match` says how near they come: the "same" statistic; the same in a "later" vintage or definition;
    "bounds", the lowest and the highest possible; "nearest", another population, period or definition, which
    is no test. The first reading leads: the one nearest to the source's own words. `mind` is a caveat.
    """

    match: Match
    basis: str = Field(pattern=r"\S")
    mind: str | None = None
    choices: tuple[Reading, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_both_bounds(self) -> Outside:
        if self.match == "bounds" and len(self.choices) != 2:
            raise ValueError("bounds are two readings, the lowest and the highest possible")
        if not self.choices[0].decides:
            raise ValueError("the first reading leads, so it must decide")
        return self


class Claim(Record):
    """One statement of a source, in our words, with what the source prints as it prints it.

    `kind` says what it is: a statement about the world, a cause, a view that no data decide, or what is no
    claim: a date, a count of listed things, the structure of a text or a body. `repeats` names the record of
    the same document that says the same. `derive` compares it with other prints, `outside` with data.
    """

    id: str = Field(pattern=rf"^({'|'.join(SOURCES)})/[a-z0-9]+(-[a-z0-9]+)*$")
    where: Where
    says: str
    printed: str
    reads_as: float | tuple[float, float] | None = None
    rounded_to: float | None = Field(default=None, gt=0)
    qualifier: Qualifier | None = None
    unit: str
    period: str
    area: str
    kind: Kind
    tier: Tier = "quantitative"
    pivot: float | None = None
    repeats: str | None = None
    derive: str | None = None
    outside: Outside | None = None
    chapter: str | None = None
    needs: str | None = None
    note: str | None = None
    reply: str | None = None

    @field_validator("period", mode="before")
    @classmethod
    def _year_as_text(cls, value: object) -> object:
        return str(value)

    @field_validator("reads_as", "rounded_to", "pivot", mode="before")
    @classmethod
    def _no_truth_value(cls, value: object) -> object:
        if isinstance(value, bool):
            raise ValueError("yes and no are no numbers")
        return value

    @model_validator(mode="after")
    def _is_readable(self) -> Claim:
        low, high = self.ends
        if not (math.isfinite(low) and math.isfinite(high) and low <= high):
            raise ValueError(f"reads as {low:g} to {high:g}: give finite numbers, the lower one first")
        if self.repeats and (self.derive or self.outside):
            raise ValueError("a repeat is judged where it was said first: drop `derive` and `outside`")
        if not self.is_counted and self.outside:
            raise ValueError(f"a {self.kind} is held against no data: drop `outside` or change `kind`")
        return self

    @property
    def source(self) -> str:
        """Return the short key of the document, e.g. hendry2021."""
        return self.id.split("/")[0]

    @property
    def is_counted(self) -> bool:
        """Return whether the record is a claim in an expert's sense and not a repeat of another."""
        return self.kind in COUNTED and self.repeats is None

    @property
    def anchor(self) -> str:
        """Return the HTML anchor of the claim's ledger entry."""
        return "claim-" + self.id.replace("/", "-")

    @property
    def is_year(self) -> bool:
        """Return whether the printed number is a calendar year, such as 2009 or 2009/10."""
        return self.unit == "year" or self.unit.startswith("year in which")

    @property
    def ends(self) -> tuple[float, float]:
        """Return the ends of a printed range, the same number twice where one number is printed.

        ValueError where the print is no number and `reads_as` does not say how to read it.
        """
        if isinstance(self.reads_as, tuple):
            return self.reads_as
        if self.reads_as is None and not NUMBER.fullmatch(self.printed):
            raise ValueError(f'printed "{self.printed}" is not a number: add `reads_as`')
        value = float(self.printed.replace(",", "")) if self.reads_as is None else self.reads_as
        return value, value

    @property
    def value(self) -> float:
        """Return the printed value as one number in the claim's unit: the middle of a printed range."""
        low, high = self.ends
        return (low + high) / 2

    @property
    def interval(self) -> Interval:
        """Return the numbers the printed value stands for, after rounding and qualifier.

        A value printed to a unit u stands for [v - u/2, v + u/2); an exact count for itself; the qualifier
        widens or opens that (see the chapter How we judge).
        """
        (low, high), half = self.ends, (self.rounded_to or 0) / 2
        wide = max(2 * half, ABOUT * abs(self.value))
        match self.qualifier:
            case "about":
                half = max(half, ABOUT * abs(self.value))
                return Interval(low=low - half, high=high + half)
            case "more than":
                return Interval(low=low, high=math.inf, open_low=True)
            case "at least":
                return Interval(low=low, high=math.inf)
            case "less than":
                return Interval(low=-math.inf, high=high, open_high=True)
            case "up to":
                return Interval(low=-math.inf, high=high)
            case "almost" | "just over":
                # Below zero "almost" stops short of the number on the way down, and "just over" is beyond.
                if (self.qualifier == "almost") == (self.value >= 0):
                    return Interval(low=low - wide, high=high, open_high=True)
                return Interval(low=low, high=high + wide, open_low=True)
        return Interval(low=low - half, high=high + half, open_high=half > 0)

    @property
    def decimals(self) -> int:
        """Return how many decimals a derived value is shown with: one more than printed, none for counts."""
        if self.rounded_to is None:
            return 0 if float(self.value).is_integer() else 2
        return max(0, 1 - math.floor(math.log10(self.rounded_to) + TINY))


class Choice(Record):
    """A derived value under one defensible choice of method; only choices that decide can set the verdict."""

    label: str
    value: float
    decides: bool = True


class Evidence(Record):
    """What was derived for one claim, and from what.

    `choices` are the value under other methods; `rounding` the span that the rounding of inputs leaves.
    `tables` are those of outside data, `rests_on` the records whose prints were used. `nearest` says that the
    figure is of another population, period or definition, `later` that only a later vintage or definition is
    at hand; `bounds` are the lowest and highest value that the data allow. `limits` is a statistical interval
    of the kind that `limits_kind` names: shown, never a judge.
    """

    claim: str
    derived: float | None = None
    choices: tuple[Choice, ...] = ()
    rounding: tuple[float, float] | None = None
    bounds: tuple[float, float] | None = None
    limits: tuple[float, float] | None = None
    limits_kind: str = LIMITS
    nearest: bool = False
    later: bool = False
    how: How = "recomputed"
    basis: str
    tables: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    chapter: str = ""

    @property
    def deciding(self) -> tuple[float, ...]:
        """Return the values of the choices that decide; without choices the derived value alone."""
        values = tuple(c.value for c in self.choices if c.decides)
        return values or (() if self.derived is None else (self.derived,))

    @property
    def span(self) -> tuple[float, float] | None:
        """Return the lowest and highest derived value: the bounds, over choices, or the inputs' rounding."""
        if self.bounds:
            return self.bounds
        return (
            (min(self.deciding), max(self.deciding))
            if any(c.decides for c in self.choices)
            else self.rounding
        )

    @property
    def span_kind(self) -> str | None:
        """Return what the two ends of the span are."""
        if self.bounds:
            return BOUNDS
        deciding = sum(c.decides for c in self.choices)
        if deciding:
            return f"range over {deciding} methods" if deciding > 1 else "one method"
        return "rounding of the numbers used" if self.rounding else None

    @property
    def lead(self) -> str:
        """Return by which rule the derived value leads. ValueError where it is neither of the two rules.

        One deciding choice, named in advance as the method nearest to the source's own words, leads; else the
        middle of the range.
        """
        if self.derived is None or not any(c.decides for c in self.choices) or self.bounds:
            return "the only value"
        if any(math.isclose(self.derived, value, rel_tol=1e-8, abs_tol=TINY) for value in self.deciding):
            return "the method nearest to the source's own words"
        if math.isclose(self.derived, median(self.deciding), rel_tol=1e-8, abs_tol=TINY):
            return "the middle of the range"
        raise ValueError(
            f"{self.claim}: {self.derived:g} is neither one of the choices nor the middle of them"
        )

    def is_outside(self) -> bool:
        """Return whether it rests on data from outside the documents."""
        return any(not tables.is_print(name) for name in self.tables)


class Verdict(Record):
    """The judgement on two axes: what the claim was held against, and what came out.

    `nearest` is a figure that tests nothing; `check` what the document's own numbers say beside the verdict;
    `inherits` the record whose verdict a repeat takes, `weakened_by` the one that an adding-up rests on and
    that does not hold itself. `margin` is the distance from the nearest edge of the printed interval.
    """

    claim: str
    held_against: HeldAgainst
    how: How | None = None
    outcome: Outcome
    derived: float | None = None
    span: tuple[float, float] | None = None
    span_kind: str | None = None
    margin: float | None = None
    nearest: float | None = None
    check: Literal["adds up", "does not add up"] | None = None
    inherits: str | None = None
    weakened_by: str | None = None


def judge(claim: Claim, evidence: Evidence | None, own: Evidence | None = None) -> Verdict:
    """Return the verdict of a claim, computed from its evidence and never from anything else.

    `evidence` is what a chapter or outside data gave, `own` what the claim's expression over printed numbers
    gave. Outside data lead; printed numbers come next; a nearest figure is shown and decides nothing. A claim
    of a cause is decided by neither: a change that goes along with something shows no cause.
    """
    if evidence and not evidence.is_outside():
        named = evidence.rests_on or (own.rests_on if own else ())
        own = own if evidence.nearest else evidence.model_copy(update={"rests_on": named})
        evidence = None
    check = _adds_up(claim, own)
    nothing: Outcome = "reported" if claim.kind == "view" else "data wanted"
    if claim.kind not in COUNTED:
        held = _of_prints(claim, own)
        bare = Verdict(claim=claim.id, held_against=held, outcome=APART)
        return _told(claim, own, APART, held, check) if own and check else bare
    if evidence and evidence.derived is not None and not evidence.nearest and claim.kind != "cause":
        return _told(claim, evidence, _against_data(claim, evidence), "outside data", check)
    nearest = evidence.derived if evidence else None
    if check and own and claim.kind != "cause":
        return _told(claim, own, check, _of_prints(claim, own), check).model_copy(update={"nearest": nearest})
    return Verdict(claim=claim.id, held_against="nothing", outcome=nothing, nearest=nearest, check=check)


def _told(
    claim: Claim,
    evidence: Evidence,
    outcome: Outcome,
    held: HeldAgainst,
    check: Literal["adds up", "does not add up"] | None,
) -> Verdict:
    """Return the verdict with the derived value, the kind of its span and its distance from the print."""
    return Verdict(
        claim=claim.id,
        held_against=held,
        how=evidence.how if held == "outside data" else None,
        outcome=outcome,
        derived=evidence.derived,
        span=evidence.span,
        span_kind=evidence.span_kind,
        margin=None if evidence.derived is None else claim.interval.distance(evidence.derived),
        check=check,
    )


def _of_prints(claim: Claim, own: Evidence | None) -> HeldAgainst:
    """Return whether prints of the claim's own document were used, or those of another."""
    if own is None or own.derived is None:
        return "nothing"
    elsewhere = any(name.split("/")[0] != claim.source for name in own.rests_on)
    return "another document" if elsewhere else "own numbers"


def _adds_up(claim: Claim, own: Evidence | None) -> Literal["adds up", "does not add up"] | None:
    if own is None or own.derived is None:
        return None
    return "adds up" if _agrees(claim, own.derived, own.rounding) else "does not add up"


def _agrees(claim: Claim, value: float, rounding: tuple[float, float] | None = None) -> bool:
    """Return whether a value agrees with the print: the one rule of tolerance, for data and for prints.

    They agree where the numbers that the print stands for, and those that the rounding of the inputs leaves
    for the value, have a number in common; a value without rounding stands for itself.
    """
    return claim.interval.overlaps(*(rounding or (value, value)))


def _against_data(claim: Claim, evidence: Evidence) -> Outcome:
    lead = evidence.deciding[0] if evidence.derived is None else evidence.derived
    if evidence.bounds:
        return "bracketed" if _agrees(claim, lead, evidence.bounds) else "differs"
    rounding = None if any(c.decides for c in evidence.choices) else evidence.rounding
    inside = [_agrees(claim, value, rounding) for value in evidence.deciding]
    if all(inside):
        return "reproduced"
    if any(inside):
        return "depends on method"
    if evidence.later:
        return "revised since"
    return "close" if _is_close(claim, lead, claim.interval) else "differs"


def _is_close(claim: Claim, derived: float, printed: Interval) -> bool:
    """Whether a miss is small: within a tenth of the print, and for years within one.

    A tenth of a year of the calendar is two centuries. A share is as close as what is left of the whole is:
    95 and 90 percent are not close, for 5 and 10 are not. A share said to be more, or less, than half names
    the side of the majority, and none on the other side is close.
    """
    same_side = claim.pivot is None or (derived - claim.pivot) * (claim.value - claim.pivot) > 0
    reach = CLOSE_YEARS if claim.is_year else CLOSE_WITHIN * abs(claim.value)
    if _is_share(claim):
        reach = CLOSE_WITHIN * min(claim.value, WHOLE - claim.value)
        if claim.value == WHOLE / 2 and claim.qualifier in (*ABOVE, *BELOW):
            same_side &= (derived > WHOLE / 2) == (claim.qualifier in ABOVE)
    return same_side and printed.distance(derived) <= reach


def _is_share(claim: Claim) -> bool:
    """Whether a claim is a share of a whole, not a change in percent."""
    return (claim.unit == "percent" or claim.unit.startswith("percent of")) and 0 <= claim.value <= WHOLE


def canonical_line(claim: Claim, verdict: Verdict) -> str:
    """Return the line a chapter prints for a claim: id, printed, derived with its span, both axes."""
    found = derived_words(claim, verdict)
    if verdict.derived is None and verdict.nearest is not None:
        found = f"none (nearest figure {number_words(claim, verdict.nearest)})"
    against = " ".join(filter(None, [verdict.held_against, verdict.how and f"({verdict.how})"]))
    return f"{claim.id} | printed {claim.printed} | derived {found} | {against} | {verdict.outcome}"


def derived_words(claim: Claim, verdict: Verdict) -> str:
    """Return the derived value and its span as words, to one digit more than the source prints."""
    if verdict.derived is None:
        return "none"
    words = number_words(claim, verdict.derived)
    if verdict.span:
        low, high = (number_words(claim, end, verdict.derived) for end in verdict.span)
        if low != high and not (verdict.span_kind or "").startswith("range over"):
            low, high = _rounded_inwards(verdict.span, len(low.partition(".")[2]), claim.is_year)
        words += f" ({low} to {high})" if low != high else ""
    return words


def _rounded_inwards(span: tuple[float, float], digits: int, is_year: bool) -> tuple[str, str]:
    """Return both ends as words that name numbers inside the span, told apart by the fewest decimals.

    Rounded to the nearest, an end such as 23.85 would become 23.9, which lies outside.
    """
    for more in range(digits, digits + 4):
        slack = TINY * max(1.0, *map(abs, span)) * 10**more
        low = math.ceil(span[0] * 10**more - slack) / 10**more
        high = math.floor(span[1] * 10**more + slack) / 10**more
        if low < high:
            break
    spec = f"{'' if is_year else ','}.{more}f"
    return format(low, spec), format(high, spec)


def number_words(claim: Claim, value: float, like: float | None = None) -> str:
    """Return a number in a claim's unit with as many decimals as the claim calls for, or as `like` has."""
    lead = value if like is None else like
    small = abs(lead) < 100 and not float(lead).is_integer()
    digits = max(claim.decimals, 1 if small else 0)
    return format(value, f"{'' if claim.is_year else ','}.{digits}f")


@cache
def load(source: str | None = None) -> tuple[Claim, ...]:
    """Return the claims of one source, or of all, in the order of their files.

    Raises ClaimError that names the file, the record and the field.
    """
    sources = SOURCES if source is None else (source,)
    claims = [claim for name in sources for claim in _load_file(name)]
    ids = [claim.id for claim in claims]
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        files = sorted({f"{i.split('/')[0]}.yml" for i in twice})
        raise ClaimError(
            f"{', '.join(files)}: claim ids must be unique; twice: {', '.join(sorted(twice))}. "
            "Rename one, or drop it where it says the same."
        )
    if source is None:
        _check_repeats(claims)
    return tuple(claims)


def _check_repeats(claims: Sequence[Claim]) -> None:
    """Raise ClaimError where a repeat names no record of its document, or one that is itself a repeat."""
    by_id = {claim.id: claim for claim in claims}
    for claim in claims:
        if claim.repeats is None:
            continue
        said = f"{claim.source}.yml, {claim.id}, repeats:"
        first = by_id.get(claim.repeats)
        if first is None:
            raise ClaimError(
                f'{said} there is no claim "{claim.repeats}". {_nearest(claim.repeats, list(by_id))}'
            )
        if first.repeats or first.source != claim.source or first is claim:
            raise ClaimError(f"{said} {first.id} is not a first saying in {claim.source}. Name that one.")


def _load_file(source: str) -> list[Claim]:
    file = CLAIMS / f"{source}.yml"
    if not file.exists():
        return []
    try:
        records = yaml.load(file.read_text(encoding="utf-8"), Loader=RecordLoader)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise ClaimError(
            f"{file.name} is not YAML: {' '.join(str(error).split())}. Mend that line."
        ) from None
    if not isinstance(records, list):
        raise ClaimError(f"{file.name} is no list of records: start each with `- id: ...`.")
    return [_claim(record, file.name, number) for number, record in enumerate(records, 1)]


def _claim(record: object, file: str, number: int) -> Claim:
    try:
        return Claim.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "record"
        name = record.get("id", f"record {number}") if isinstance(record, dict) else f"record {number}"
        said = first["msg"].removeprefix("Value error, ")
        raise ClaimError(f"{file}, {name}, {field}: {said}. {_remedy(first['type'], field)}") from None


def _remedy(problem: str, field: str) -> str:
    """Return what to do about a field that cannot be read."""
    import difflib

    if problem == "extra_forbidden":
        known = Where.model_fields if field.startswith("where.") else Claim.model_fields
        near = difflib.get_close_matches(field.split(".")[-1], known, n=1)
        return f"Did you mean {near[0]}?" if near else f"Drop it; known keys: {', '.join(known)}."
    if field.startswith("where"):
        return "Give its place in the source: where: {section: ..., item: ...}."
    return 'See "Add a claim" in CONTRIBUTING.md.'


def find(claim_id: str) -> Claim:
    """Return the claim with this id; ClaimError, with the nearest ids, where there is none."""
    by_id = {claim.id: claim for claim in load()}
    if claim_id not in by_id:
        raise ClaimError(f'There is no claim "{claim_id}" in data/claims/. {_nearest(claim_id, list(by_id))}')
    return by_id[claim_id]


def _nearest(claim_id: str, ids: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(claim_id, ids, n=3)
    return f"Nearest: {', '.join(near)}." if near else ""


def of_chapter(chapter: str) -> list[Claim]:
    """Return the claims that a chapter answers, headline claims first."""
    mine = [claim for claim in load() if claim.chapter == chapter]
    return sorted(mine, key=lambda claim: TIERS.index(claim.tier))


def of_place(name: str) -> list[Claim]:
    """Return the claims about one place, alone or with another, in the order of their weight.

    A health board goes by its name with or without "NHS".
    """
    names = {name, name.removeprefix("NHS ")}
    mine = [claim for claim in load() if names & {claim.area, *claim.area.split(" and ")}]
    return sorted(mine, key=lambda claim: TIERS.index(claim.tier))
