"""What a chapter finds out about its claims: recorded in the open, carried by the notebook's own outputs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from careshift import arithmetic, claims
from careshift.claims import Choice, Claim, ClaimError, Evidence, Verdict

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
        limits: tuple[float, float] | None = None,
        proxy: bool = False,
    ) -> None:
        """Record what was derived for a claim; the verdict follows from it.

        `derived` is in the claim's unit; `choices` are the same value under other methods; `rounding` is the
        span that the rounding of printed inputs leaves; `limits` a statistical interval (shown, never a
        judge); `proxy` says that the data bracket the claim without being able to test it. Raises ClaimError
        for an unknown claim and for a value that is not finite.
        """
        claims.find(claim)
        choices = tuple(choices)
        numbers = [derived, *(c.value for c in choices), *(rounding or ()), *(limits or ())]
        if not all(map(math.isfinite, numbers)):
            raise ClaimError(f"{claim}: {self.name} derives a value that is not a finite number.")
        self.evidence[claim] = Evidence(
            claim=claim,
            derived=_short(derived),
            choices=tuple(c.model_copy(update={"value": _short(c.value)}) for c in choices),
            rounding=_pair(rounding),
            limits=_pair(limits),
            proxy=proxy,
            basis=basis,
            tables=tuple(tables),
            chapter=self.name,
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
    """Return a chapter's claims with their verdicts, from what it found or the claims' own expressions."""
    by_id = {item.claim: item for item in found}
    mine = claims.of_chapter(chapter)
    return [(c, claims.judge(c, by_id.get(c.id) or arithmetic.evidence_of(c))) for c in mine]


def collect(notebook: Path) -> list[Evidence]:
    """Return the evidence that an executed notebook carries in its outputs."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    found = [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]
    return [Evidence.model_validate(item) for kept in found for item in kept["evidence"]]
