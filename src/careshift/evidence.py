"""What a chapter finds out about its claims: recorded in the open, carried by the notebook's own outputs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from careshift import arithmetic, claims, outside_data
from careshift.claims import LIMITS, Choice, Claim, ClaimError, Evidence, How, Verdict

MIME = "application/vnd.careshift.evidence+json"
DIGITS = 10  # significant digits kept, so that the last bits of a sum do not differ between machines


class Chapter:
    """The evidence of one chapter. Put it last in a cell to print one canonical line a claim.

    `found = Chapter("scotland/care_home_residents")`, then `found.judge(...)` for each claim, then `found`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.evidence: dict[str, Evidence] = {}

    def judge(
        self,
        claim: str,
        derived: float,
        basis: str,
        tables: Sequence[str] = (),
        choices: Iterable[Choice] = (),
        rounding: tuple[float, float] | None = None,
        bounds: tuple[float, float] | None = None,
        limits: tuple[float, float] | None = None,
        limits_kind: str = LIMITS,
        nearest: bool = False,
        later: bool = False,
        how: How = "recomputed",
        rests_on: Sequence[str] = (),
    ) -> None:
        """Record what was derived for a claim; the verdict follows from it.

        `derived` is in the claim's unit: one of the `choices` (the same value under other methods), named in
        advance, or their middle. The others are the fields of :class:`careshift.claims.Evidence`. Raises
        ClaimError for an unknown claim, a repeat, and a value that is not finite.
        """
        record = claims.find(claim)
        if record.repeats:
            raise ClaimError(f"{claim} repeats {record.repeats}: judge that one in {self.name}.")
        choices = tuple(choices)
        ends = (*(rounding or ()), *(bounds or ()), *(limits or ()))
        if not all(map(math.isfinite, [derived, *(c.value for c in choices), *ends])):
            raise ClaimError(f"{claim}: {self.name} derives a value that is not a finite number.")
        self.evidence[claim] = Evidence(
            claim=claim,
            derived=_short(derived),
            choices=tuple(c.model_copy(update={"value": _short(c.value)}) for c in choices),
            rounding=_pair(rounding),
            bounds=_pair(bounds),
            limits=_pair(limits),
            nearest=nearest,
            later=later,
            how=how,
            basis=basis,
            tables=tuple(tables),
            rests_on=tuple(rests_on),
            chapter=self.name,
            limits_kind=limits_kind,
        )

    def verdicts(self) -> list[tuple[Claim, Verdict]]:
        """Return the chapter's claims with their verdicts, tested or not, in the order of the ledger."""
        return verdicts(self.name, self.evidence.values())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        lines = [claims.canonical_line(claim, verdict) for claim, verdict in self.verdicts()]
        kept = [e.model_dump(mode="json", exclude_defaults=True) for e in self.evidence.values()]
        return {"text/plain": "\n".join(lines), MIME: {"chapter": self.name, "evidence": kept}}


def _short(value: float) -> float:
    return float(f"{float(value):.{DIGITS}g}")


def _pair(pair: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if pair is None else (_short(pair[0]), _short(pair[1]))


def verdicts(chapter: str, found: Iterable[Evidence]) -> list[tuple[Claim, Verdict]]:
    """Return a chapter's claims with their verdicts, from what it found or the claims' own expressions.

    A repeat has the verdict of the record that it repeats, as far as this chapter can know it.
    """
    by_id = {item.claim: item for item in found}
    return [(c, _verdict(c, by_id)) for c in claims.of_chapter(chapter)]


def _verdict(claim: Claim, found: Mapping[str, Evidence]) -> Verdict:
    first = claims.find(claim.repeats) if claim.repeats else claim
    verdict = claims.judge(first, strongest(first, found.get(first.id)), arithmetic.evidence_of(first))
    return verdict if first is claim else inherited(claim, verdict)


def inherited(claim: Claim, verdict: Verdict) -> Verdict:
    """Return the verdict of the record that a claim repeats as the claim's own."""
    return verdict.model_copy(update={"claim": claim.id, "inherits": verdict.claim})


def strongest(claim: Claim, found: Evidence | None) -> Evidence | None:
    """Return the evidence that judges a claim: outside data that test it, of its chapter before its record's.

    Else what the chapter found in prints or a nearest figure, the record's nearest figure last.
    """
    named = outside_data.evidence_of(claim)
    for item in (found, named):
        if item and item.is_outside() and not item.nearest:
            return item
    return found or named


def collect(notebook: Path) -> list[Evidence]:
    """Return the evidence that an executed notebook carries in its outputs."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    found = [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]
    return [Evidence.model_validate(item) for kept in found for item in kept["evidence"]]
