"""Case studies: proportions that printed counts give, and what each box of a source leaves to be tested."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import pandas as pd

from careshift import effect_sizes
from careshift.claims import Claim, Verdict
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
    """Return the three proportions of the clinic's audit: a row each, with the print.

    `later` is the number of people sent home who needed an unscheduled admission afterwards. Columns label,
    part, total, value, low, high (percent) and printed.
    """
    rows = [
        ("No admission on the day", sent_home, seen),
        ("Admitted later, of those sent home", later, sent_home),
        ("No admission within 30 days", sent_home - later, seen),
    ]
    return pd.DataFrame(
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


def readings(seen: int, sent_home: int, later_percent: float, printed_percent: float) -> pd.DataFrame:
    """Return the share without admission within 30 days under each reading, and what the print would need.

    Columns reading, admitted_later (people), percent.
    """
    of_home, of_all = later_percent / 100 * sent_home, later_percent / 100 * seen
    needed = sent_home - printed_percent / 100 * seen
    rows = [
        (f"{later_percent:g} % of those sent home", of_home),
        (f"{later_percent:g} % of all seen", of_all),
        (f"what the printed {printed_percent:g} % would need", needed),
    ]
    return pd.DataFrame(
        [{"reading": r, "admitted_later": n, "percent": 100 * (sent_home - n) / seen} for r, n in rows]
    )


def title(counted: pd.DataFrame) -> str:
    """Return in one line what the counts give for 30 days, against the print."""
    last = counted.iloc[-1]
    joined = (
        "as printed" if round(last["value"]) == round(last["printed"]) else f"not {last['printed']:.0f} %"
    )
    return (
        f"The printed counts leave {last['value']:.0f} % of people without an admission in 30 days, {joined}"
    )


def boxes(judged: Iterable[tuple[Claim, Verdict]]) -> pd.DataFrame:
    """Return how many claims each box makes: tested, not testable, or only reported."""
    rows = [
        {
            "box": _box(claim.where.item or ""),
            "claims": 1,
            "tested": verdict.outcome not in ("not testable", "reported"),
            "not_testable": verdict.outcome == "not testable",
            "reported": verdict.outcome == "reported",
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
        if verdict.outcome == "not testable"
    ]
    return pd.DataFrame(rows, columns=["says", "needs"])
