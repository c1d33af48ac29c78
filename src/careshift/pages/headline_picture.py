"""The headline claims as one picture: the print as a band, our range as a bar, what it was held against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from careshift import ledger
from careshift.claims import OUTCOMES, Claim, Verdict
from careshift.ledger import Entry
from careshift.pages.blocks import SIGNS

if TYPE_CHECKING:
    import pandas as pd

    from careshift.figures import Figure

NAME = "headline-claims"
ROW = ["claim", "held_against", "outcome", "scale", "band_low", "band_high", "low", "high"]


def picture(judged: Sequence[Entry]) -> Figure | None:
    """Return the picture of all headline claims; None where the ledger has none."""
    from careshift import figures

    data = rows(judged)
    if data.empty:
        return None
    tables = sorted({name for e in _leading(judged) if e.evidence for name in e.evidence.tables})
    return figures.claim_rows(
        data, name=NAME, title=title(judged), tables=tables, alt=figures.alt_of_claims(data)
    )


def title(judged: Sequence[Entry]) -> str:
    """Return how many headline claims agree with outside data, the hardest test."""
    leading = _leading(judged)
    agree = sum(e.verdict.outcome == "reproduced" for e in leading)
    claims = "headline claim agrees" if agree == 1 else "headline claims agree"
    return f"{agree} {claims} with outside data, whatever the method"


def _leading(judged: Sequence[Entry]) -> list[Entry]:
    kept = [e for e in ledger.counted(judged) if e.claim.tier == "headline"]
    return sorted(kept, key=lambda e: OUTCOMES.index(e.verdict.outcome))


def rows(judged: Sequence[Entry]) -> pd.DataFrame:
    """Return a row for each headline claim, the hardest test first, in the columns of the chart."""
    import pandas as pd

    made = [_row(entry.claim, entry.verdict) for entry in _leading(judged)]
    return pd.DataFrame(made, columns=ROW)


def _row(claim: Claim, verdict: Verdict) -> tuple[str | float, ...]:
    ends = verdict.span or (None if verdict.derived is None else (verdict.derived, verdict.derived))
    scale = "number" if claim.value else "words"
    unit = abs(claim.value) if scale == "number" else _largest(ends, claim)
    band = (claim.interval.low / unit, claim.interval.high / unit)
    ours = (math.nan, math.nan) if ends is None else (ends[0] / unit, ends[1] / unit)
    outcome = f"{SIGNS[verdict.outcome]} {verdict.outcome}"
    return claim.says, verdict.held_against, outcome, scale, *band, *ours


def _largest(ends: tuple[float, float] | None, claim: Claim) -> float:
    return max([abs(value) for value in ends or ()] + [abs(claim.value)]) or 1.0
