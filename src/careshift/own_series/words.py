"""What the report on a series of one's own shows: its title, its picture's data and its tables, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from careshift.interruption import Report, multiplicity
from careshift.interruption.words import number
from careshift.own_series.fitting import estimates
from careshift.own_series.plan import MEASURED, Plan
from careshift.own_series.reading import Series
from careshift.typography import month

if TYPE_CHECKING:
    from careshift.interruption import Estimate

HEADERS = {
    "estimator": "Estimator",
    "variant": "Variant",
    "period": "Period",
    "check": "Check",
    "term": "Term",
    "estimate": "Estimate",
    "low": "Low",
    "high": "High",
    "df": "df",
    "interval": "Interval",
    "value": "Value",
    "p": "p",
    "meaning": "Meaning",
    "clear": "Excludes no change",
}
NUMBERS = ("estimate", "low", "high", "se", "value", "p", "df", "rise", "fall")


def title(report: Report, name: str, plan: Plan) -> str:
    """Return in one line which terms of the interruptions stand out from chance by the leading estimator."""
    effects = [report.leading.effect(term) for term in report.leading.design.effects]
    clear = [effect for effect in effects if not effect.low <= _none(effect) <= effect.high]
    whens = [month(item["at"]) for item in plan.content["interruptions"]]
    if not clear:
        return f"{name}: no change from {' or '.join(whens)} on can be told from chance"
    told = [f"{'a rise' if e.estimate > _none(e) else 'a fall'} in {_what(e.term)}" for e in clear]
    when = f" from {whens[0]} on" if len(whens) == 1 else ""
    return f"{name}: {' and '.join(told)}{when}, beyond chance"


def _none(effect: Estimate) -> float:
    """Return the value that means no change: one for a ratio, else zero."""
    return 1.0 if effect.scale == "ratio" else 0.0


def _what(term: str) -> str:
    """Return a term as a noun: "level change (Act)" gives "level (Act)"."""
    return term.replace(" change", "")


def picture(report: Report) -> pd.DataFrame:
    """Return observed values and, from the last period before the first interruption on, what was expected.

    Columns time, observed, counterfactual, low, high.
    """
    frame = report.counterfactual()
    last_before = frame["time"][~report.leading.design.is_after].max()
    shown = frame["time"] >= last_before
    expected = ["counterfactual", "low", "high"]
    later = frame.assign(**{name: frame[name].where(shown) for name in expected})
    return later[["time", "observed", *expected]]


def dated(at: str, what: str) -> list[str]:
    """Return the interruptions of two texts of a line each, the periods and what happened, as a request's."""
    labels = what.splitlines()
    return [
        f"{period}={labels[place] if place < len(labels) else ''}"
        for place, period in enumerate(at.splitlines())
    ]


def lines(report: Report) -> dict[str, str]:
    """Return the columns of the picture that are lines, and what each is called."""
    return {
        "observed": "Observed, less the mean of the controls" if report.controls else "Observed",
        "counterfactual": "Expected without the interruption, with its interval",
    }


def answers(report: Report) -> list[str]:
    """Return the report's sentences about every term of its interruptions, the headline first."""
    terms = [report.primary, *(t for t in report.leading.design.effects if t != report.primary)]
    return [report.sentence_for(term) for term in terms]


def marks(report: Report) -> list[tuple[float, str]]:
    """Return the interruptions as a picture marks them: the time, and its label or nothing."""
    return [(item.start, item.label) for item in report.analysis.model.interruptions]


def all_estimates(report: Report) -> pd.DataFrame:
    """Return every estimator's estimates with their intervals and the kind of each, numbers as words."""
    return shown(estimates(report), ["estimator", "term", "estimate", "low", "high", "df", "interval"])


def leading_estimates(report: Report) -> pd.DataFrame:
    """Return the leading estimator's estimates, numbers as words."""
    table = estimates(report)
    return shown(table[table["leads"]], ["term", "estimate", "low", "high", "df", "interval"])


def detectable(report: Report) -> pd.DataFrame:
    """Return the smallest change of each term that the series had four chances in five to show."""
    table = report.minimum_detectable[["term", "words"]]
    return table.rename(columns={"term": "Term", "words": "Smallest change"})


def checklist(report: Report) -> pd.DataFrame:
    """Return the reporting checklist, answered."""
    return report.checklist.rename(columns={"item": "Item", "answer": "Answer"})


def checks(report: Report) -> pd.DataFrame:
    """Return the checks of the residuals, numbers as words."""
    return shown(report.diagnostics, ["check", "value", "p", "meaning"])


def placebo(report: Report, series: Series) -> pd.DataFrame:
    """Return the estimates at placebo dates, numbers as words; empty where none fits."""
    table = report.placebo
    named = table.assign(period=table["time"].map(series.label), clear=_yes(table["excludes_none"]))
    return shown(named, ["period", "term", "estimate", "low", "high", "clear"])


def sensitivity(report: Report) -> pd.DataFrame:
    """Return the estimates under other trends, dates and windows, numbers as words."""
    table = report.sensitivity.assign(clear=_yes(report.sensitivity["excludes_none"]))
    return shown(table, ["variant", "term", "estimate", "low", "high", "clear"])


def planned(plan: Plan) -> pd.DataFrame:
    """Return what the plan fixed, a row an entry: columns Entry, Fixed."""
    entries = {name: value for name, value in plan.content.items() if name != "asked"}
    rows = [(name.replace("_", " "), _said(value)) for name, value in entries.items()]
    return pd.DataFrame([*rows, ("digest of the plan", f"sha256:{plan.digest}")], columns=["Entry", "Fixed"])


def _said(value: object) -> str:
    if isinstance(value, dict):
        parts = {name.replace("_", " "): _said(part) for name, part in value.items() if part not in ([], "")}
        return ", ".join(f"{name} {part}" for name, part in parts.items())
    if isinstance(value, list):
        return "; ".join(map(_said, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value in (None, "") else str(value)


def shown(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return some columns of a table under their headers, numbers with three significant digits."""
    chosen = table[list(columns)].copy()
    for name in set(NUMBERS) & set(columns):
        chosen[name] = [number(float(value)) for value in chosen[name]]
    return chosen.rename(columns=HEADERS)


def _yes(column: pd.Series) -> pd.Series:
    return column.map({True: "yes", False: "no"})


def left_out(series: Series, report: Report) -> str:
    """Return which periods and estimators are left out, and why, in a sentence."""
    parts = (
        [f"Periods without a value are left out: {', '.join(series.left_out)}."] if series.left_out else []
    )
    return " ".join([*parts, *report.left_out]) or "Nothing is left out."


def placebo_sentence(report: Report) -> str:
    """Return how many estimates at placebo dates exclude no change, and how many chance alone would give."""
    if report.placebo.empty:
        return "No placebo date fits: too few periods come before the interruption."
    counted = multiplicity.tally(report.placebo, report.leading.confidence)
    return (
        f"At placebo dates before the interruption, {multiplicity.tally_words(counted)}. By chance alone "
        f"about {(1 - report.leading.confidence) * counted.tried:.1f} would, one by one."
    )


def scale_sentence(report: Report, plan: Plan) -> str:
    """Return what the estimates are measured in, in a sentence."""
    if plan.content["family"] == MEASURED:
        less = ", as the difference from the mean of the controls" if report.controls else ""
        return f"Estimates are in {report.unit}{less}; a slope is a change a period."
    return "Estimates are rate ratios: 1 is no change, 0.9 a fall of 10 %; a slope is a ratio a period."
