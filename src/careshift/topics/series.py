"""What chapters with an interrupted series share: titles in words, months, small sums of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from careshift import interruption
from careshift.interruption import multiplicity
from careshift.interruption.words import number
from careshift.typography import month

if TYPE_CHECKING:
    from careshift.interruption import Report

PANDEMIC = "2020"


def months_between(first: str, last: str) -> list[str]:
    """Return every month from the first to the last, both included: "2016-07" to "2016-09" gives three."""
    return [f"{month:%Y-%m}" for month in pd.period_range(first, last, freq="M").to_timestamp()]


def month_names(times: pd.Series) -> dict[float, str]:
    """Return the words of each time on a monthly axis: 24192 -> "2016-01"."""
    return {float(time): interruption.time_label(float(time), "month") for time in times}


def event_of(period: str, other: str = "interruption") -> str:
    """Return what an interruption is called: the pandemic for a period of 2020, else `other`."""
    return "pandemic" if period.startswith(PANDEMIC) else other


def clear_terms(report: Report) -> list[str]:
    """Return the terms of the interruption whose interval excludes no change, by the leading estimator."""
    effects = [report.leading.effect(term) for term in report.leading.design.effects]
    return [effect.term for effect in effects if not effect.low <= 0 <= effect.high]


def title(report: Report, what: str, when: str) -> str:
    """Return in one line whether a series shows a change beyond chance; one in 2020 names the pandemic."""
    clear, pandemic, when = clear_terms(report), when.startswith(PANDEMIC), month(when)
    opening = "The pandemic: " if pandemic else ""
    if not clear:
        return f"{opening}{'no' if pandemic else 'No'} change in {what} in {when} can be told from chance"
    words = []
    for kind in ("level", "slope"):
        if any(term.startswith(kind) for term in clear):
            term = next(term for term in clear if term.startswith(kind))
            way = "rise" if report.leading.effect(term).estimate > 0 else "fall"
            words.append(f"a {way} in {kind}")
    shown = what if pandemic else f"{what[0].upper()}{what[1:]}"
    return f"{opening}{shown} show {' and '.join(words)} in {when} beyond chance"


def excluding(report: Report) -> tuple[int, int]:
    """Return how many estimates of the primary term exclude no change, and how many there are."""
    rows = report.estimates[report.estimates["term"] == report.primary]
    return int(((rows["low"] > 0) | (rows["high"] < 0)).sum()), len(rows)


def placebo_words(report: Report) -> str:
    """Return how often the placebo dates before the interruption seem to show a change, or that none fits."""
    if report.placebo.empty:
        return "No placebo date fits: too few periods come before the interruption."
    counted = tally_of(report.placebo, confidence=report.leading.confidence)
    return f"Of the estimates at placebo dates before it, {counted}."


def tally_of(table: pd.DataFrame, term: str | None = None, confidence: float = 0.95) -> str:
    """Return how many estimates of a table exclude no change, one by one and together; of one term or of all.

    `table` is of placebo dates or variants.
    """
    chosen = table if term is None else table[table["term"] == term]
    return multiplicity.tally_words(multiplicity.tally(chosen, confidence))


def variants(report: Report, term: str | None = None) -> str:
    """Return how many estimates under other windows, dates and trends exclude no change, alone and together.

    `term` keeps the estimates of one term only.
    """
    others = report.sensitivity[report.sensitivity["variant"] != "as prespecified"]
    return tally_of(others, term, report.leading.confidence)


def variants_title(caption: str, report: Report, term: str | None = None) -> str:
    """Return a table's caption with how many of its variants exclude no change, one by one and together."""
    return f"{caption}: {variants(report, term)}"


def counts_of(effects: pd.DataFrame) -> tuple[int, int]:
    """Return how many of the effects exclude no change one by one, and how many stand tested together."""
    clear = (effects["high"] < 0) | (effects["low"] > 0)
    return int(clear.sum()), int(effects["together"].sum())


def at_the_edge(effects: pd.DataFrame, things: str) -> str:
    """Return in words how many fits have their autocorrelation at its boundary, and what that forbids.

    `effects` has a row a fit with the column `boundary`; `things` is what they are, such as "boards".
    """
    many = int(effects["boundary"].sum())
    return (
        f"In {many} of the {len(effects)} {things} the autocorrelation is fitted at its boundary, "
        "where the method may make a change larger or smaller than it was. "
        f"So do not rank {things} by these estimates."
        if many
        else f"In none of the {len(effects)} {things} is the autocorrelation fitted at its boundary."
    )


def with_yes(effects: pd.DataFrame) -> pd.DataFrame:
    """Return effects with the column `together` as "yes" or "no", for a table."""
    return effects.assign(together=effects["together"].map({True: "yes", False: "no"}))


def equivalence_limits(report: Report) -> pd.DataFrame:
    """Return how large a change each term of the interruption could be and not be ruled out.

    Two one-sided tests at the level that the confidence leaves (Schuirmann 1987, Journal of
    Pharmacokinetics and Biopharmaceutics 15: 657-680): a change of `limit` or more, either way, is ruled
    out. Columns term, limit (in the unit of the series; for a slope a period), share (percent of the mean
    of the series).
    """
    fit = report.leading
    mean = abs(float(np.nanmean(report.analysis.y)))
    rows = []
    for term in fit.design.effects:
        effect = fit.effect(term)
        half = float(stats.t.ppf(fit.confidence, effect.df)) * effect.se
        limit = max(abs(effect.estimate - half), abs(effect.estimate + half))
        rows.append({"term": term, "limit": limit, "share": 100 * limit / mean})
    return pd.DataFrame(rows)


def ruled_out(report: Report) -> str:
    """Return in a sentence which changes of level the series rules out."""
    table = equivalence_limits(report)
    levels = table[table["term"].str.startswith("level")].to_dict("records")
    said = [f"{number(row['limit'])} {report.unit} ({row['share']:.0f} % of the mean)" for row in levels]
    further = [f"At the next date the limit is {size}." for size in said[1:]]
    return " ".join([f"The series rules out a change of level beyond {said[0]}.", *further])
