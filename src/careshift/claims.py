"""Claim records, printed intervals and verdicts: what a source prints, and how what we derive compares."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence
from functools import cache
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from careshift.project import CLAIMS, CareshiftError

SOURCES = ("hendry2021", "kingsfund2013", "kingsfund2018", "msg2019", "policy2026")
Kind = Literal["arithmetic", "official", "expected", "interrupted", "cross_source", "reported"]
Tier = Literal["headline", "quantitative", "context"]
TIERS: tuple[Tier, ...] = ("headline", "quantitative", "context")
Qualifier = Literal["about", "more than", "less than", "at least", "up to", "almost", "just over"]
Outcome = Literal[
    "reproduced", "close", "depends on method", "differs", "inconsistent", "not testable", "reported"
]
OUTCOMES: tuple[Outcome, ...] = (
    "reproduced",
    "close",
    "depends on method",
    "differs",
    "inconsistent",
    "not testable",
    "reported",
)
FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NUMBER = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")  # as a source prints one
CLOSE_WITHIN = 0.10  # share of the printed value within which a miss on the same side is "close"
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


class Claim(Record):
    """One quantitative statement of a source, in our words, with what the source prints as it prints it."""

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
    derive: str | None = None
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
        if self.kind == "reported" and self.needs:
            raise ValueError("a reported claim needs no data: drop `needs` or change `kind`")
        return self

    @property
    def source(self) -> str:
        """Return the short key of the document, e.g. hendry2021."""
        return self.id.split("/")[0]

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
            case "almost":
                return Interval(low=low - wide, high=high, open_high=True)
            case "just over":
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
    """What a chapter derived for one claim, and from what."""

    claim: str
    derived: float | None = None
    choices: tuple[Choice, ...] = ()
    rounding: tuple[float, float] | None = None
    limits: tuple[float, float] | None = None
    proxy: bool = False
    basis: str
    tables: tuple[str, ...] = ()
    chapter: str = ""

    @property
    def span(self) -> tuple[float, float] | None:
        """Return the lowest and highest derived value: over deciding choices, or the inputs' rounding."""
        deciding = [c.value for c in self.choices if c.decides]
        return (min(deciding), max(deciding)) if deciding else self.rounding


class Verdict(Record):
    """The judgement: outcome, and how far the derived value is from an edge of the printed interval."""

    claim: str
    outcome: Outcome
    derived: float | None = None
    span: tuple[float, float] | None = None
    margin: float | None = None


def judge(claim: Claim, evidence: Evidence | None) -> Verdict:
    """Return the verdict of a claim, computed from its evidence and never from anything else.

    A proxy can contradict a source's own arithmetic, but never confirm a claim.
    """
    if evidence is None or evidence.derived is None:
        return Verdict(claim=claim.id, outcome="reported" if claim.kind == "reported" else "not testable")
    printed = claim.interval
    outcome = _outcome(claim, evidence.derived, evidence, printed)
    return Verdict(
        claim=claim.id,
        outcome="not testable" if evidence.proxy and outcome != "inconsistent" else outcome,
        derived=evidence.derived,
        span=evidence.span,
        margin=printed.distance(evidence.derived),
    )


def _outcome(claim: Claim, derived: float, evidence: Evidence, printed: Interval) -> Outcome:
    if claim.kind in ("arithmetic", "cross_source"):
        low, high = evidence.rounding or (derived, derived)
        return "reproduced" if printed.overlaps(low, high) else "inconsistent"
    values = [c.value for c in evidence.choices if c.decides] or [derived]
    inside = [printed.contains(v) for v in values]
    if all(inside):
        return "reproduced"
    if any(inside):
        return "depends on method"
    return "close" if _is_close(claim, derived, printed) else "differs"


def _is_close(claim: Claim, derived: float, printed: Interval) -> bool:
    same_side = claim.pivot is None or (derived - claim.pivot) * (claim.value - claim.pivot) > 0
    return same_side and printed.distance(derived) <= CLOSE_WITHIN * abs(claim.value)


def canonical_line(claim: Claim, verdict: Verdict) -> str:
    """Return the line a chapter prints for a claim: id, printed, derived with its span, outcome."""
    return (
        f"{claim.id} | printed {claim.printed} | derived {derived_words(claim, verdict)} | {verdict.outcome}"
    )


def derived_words(claim: Claim, verdict: Verdict) -> str:
    """Return the derived value and its span as words, to one digit more than the source prints."""
    if verdict.derived is None:
        return "none"
    small = abs(verdict.derived) < 100 and not verdict.derived.is_integer()
    digits = max(claim.decimals, 1 if small else 0)
    spec = f"{'' if claim.is_year else ','}.{digits}f"
    words = format(verdict.derived, spec)
    if verdict.span:
        low, high = (format(x, spec) for x in verdict.span)
        words += f" ({low} to {high})" if low != high else ""
    return words


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
    return tuple(claims)


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
