"""Case studies: proportions that printed counts give, and what each box of a source leaves to be tested."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import pandas as pd

from careshift import effect_sizes
from careshift.claims import APART, OUTCOMES, Claim, Verdict
from careshift.project import CareshiftError

Method = Literal["exact", "score"]
BOX = "Case study: "


def count(counts: pd.DataFrame, case_study: str, measure: str) -> float:
    """Return one printed count or share of a project; CareshiftError where it is not in the table."""
    chosen = counts[(counts["case_study"] == case_study) & (counts["measure"] == measure)]
    if chosen.empty:
        raise CareshiftError(f"No {measure} for {case_study}.")
    return float(chosen["value"].iloc[0])


def whole_numbers(percent: float, total: int, unit: float) -> list[int]:
    """Return the counts whose share of the total rounds to the printed percentage.

    `unit` is what the percentage is rounded to: 0.1 for "8.6". Raises CareshiftError where there is none.
    """
    low, high = (percent - unit / 2) * total / 100, (percent + unit / 2) * total / 100
    found = [n for n in range(math.ceil(low - 1e-9), math.floor(high) + 1) if n < high - 1e-9]
    if not found:
        raise CareshiftError(f"No whole number of {total} rounds to {percent} %.")
    return found


def span_words(numbers: Sequence[int]) -> str:
    """Return one whole number, or the span of several: "19", "19 to 21"."""
    ends = min(numbers), max(numbers)
    return f"{ends[0]}" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def share(part: int, total: int, confidence: float, method: Method) -> dict[str, float]:
    """Return a share in percent with its limits: value, low, high."""
    low, high = effect_sizes.share_limits(part, total, confidence, method)
    return {"value": 100 * part / total, "low": 100 * low, "high": 100 * high}


def clinic(
    seen: int,
    sent_home: int,
    later: int,
    printed: Sequence[float],
    confidence: float,
    method: Method,
) -> pd.DataFrame:
    """Return the shares that the clinic's counts give: a row each, the first two with the print.

    `later` is the number of people sent home whom the emergency department admitted afterwards. The last row
    leaves out only these, so it is a ceiling: it has neither print nor interval. Columns label, part, total,
    value, low, high (percent) and printed.
    """
    rows = [
        ("No admission on the day", sent_home, seen),
        ("Admitted later by way of the emergency department", later, sent_home),
    ]
    frame = pd.DataFrame(
        [
            {
                "label": label,
                "part": part,
                "total": total,
                **share(part, total, confidence, method),
                "printed": said,
            }
            for (label, part, total), said in zip(rows, printed, strict=True)
        ]
    )
    left = sent_home - later
    ceiling = {"label": "Not admitted that way", "part": left, "total": seen, "value": 100 * left / seen}
    return pd.concat([frame, pd.DataFrame([ceiling])], ignore_index=True)


def implied(
    seen: int, sent_home: int, later: Sequence[int], printed_percent: float, unit: float
) -> pd.DataFrame:
    """Return how many later admissions a printed share without any leaves: columns way, people (in words).

    The last row is what other ways than the emergency department (`later`) must have brought.
    """
    without = whole_numbers(printed_percent, seen, unit)
    fewest, most = sent_home - max(without), sent_home - min(without)
    rows = {
        "By way of the emergency department, as printed": later,
        f"By any way, which the printed {printed_percent:g} % leaves": (fewest, most),
        "So by other ways": (fewest - max(later), most - min(later)),
    }
    return pd.DataFrame([{"way": way, "people": span_words(people)} for way, people in rows.items()])


def against_ceiling(printed: float, ceiling: float) -> str:
    """Return in words on which side of the highest possible share a printed one lies."""
    if printed > ceiling:
        return "above that, which the counts do not allow"
    return "below that, which other ways into hospital would explain"


def title(counted: pd.DataFrame) -> str:
    """Return in one line what the clinic's counts say of those sent home."""
    home = counted.iloc[0]
    return f"The clinic sent home {home['part']:,} of the {home['total']:,} people whom it saw"


def boxes(judged: Iterable[tuple[Claim, Verdict]]) -> pd.DataFrame:
    """Return how many claims each box makes: held against data or other prints, data wanted, or no claims."""
    rows = [
        {
            "box": _box(claim.where.item or ""),
            "claims": 1,
            "tested": verdict.outcome in OUTCOMES and verdict.held_against != "nothing",
            "wanted": verdict.outcome in OUTCOMES and verdict.held_against == "nothing",
            "apart": verdict.outcome == APART,
        }
        for claim, verdict in judged
    ]
    return pd.DataFrame(rows).groupby("box", sort=True).sum().astype(int).reset_index()


def _box(item: str) -> str:
    """Return the name of the box an item stands for; what is not in a box introduces them."""
    return item.removeprefix(BOX) if item.startswith(BOX) else "Introduction"


def needs(judged: Iterable[tuple[Claim, Verdict]]) -> pd.DataFrame:
    """Return each claim that cannot be tested, in our words, with the data that would test it."""
    rows = [
        {"says": claim.says, "needs": claim.needs}
        for claim, verdict in judged
        if verdict.outcome == "data wanted"
    ]
    return pd.DataFrame(rows, columns=["says", "needs"])
