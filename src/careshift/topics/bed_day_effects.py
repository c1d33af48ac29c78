"""Like series of bed days beside each other: what each fit finds, and what two plain quarters say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from careshift import effect_sizes
from careshift.interruption import multiplicity
from careshift.topics.emergency_care import ordinary, span_of
from careshift.topics.series import at_the_edge

if TYPE_CHECKING:
    from careshift.interruption import Report

YEAR = 4  # quarters
HEADINGS = {
    "effect": "Change, %",
    "low": "Low",
    "high": "High",
    "on_year": "Against the same quarter a year before, %",
    "lowest": "Lowest of all estimators, %",
    "highest": "Highest, %",
    "boundary": "Autocorrelation at its boundary",
    "detectable": "Smallest change it could show, %",
}
FORMATS = dict.fromkeys(["effect", "low", "high", "on_year", "lowest", "highest", "detectable"], ".1f")


def effects_by_area(reports: dict[str, Report], time: float) -> pd.DataFrame:
    """Return each area's effect at one time in percent of its mean quarter before.

    Columns area, effect, low, high (percent), days (bed days), detectable (the smallest change of level that
    the design would find, in percent), p, on_year (change from the same quarter a year before, in percent of
    that quarter; missing where the series does not hold it), lowest and highest (change of level over all
    estimators, percent), boundary (whether the fitted autocorrelation is at its boundary), together (whether
    the change stands when all are tested together). The order is that of `on_year`, largest fall first: fits
    with other autocorrelations spread one fall differently, and give no order of areas.
    """
    rows = []
    confidence = next(iter(reports.values())).leading.confidence
    for area, report in reports.items():
        effect, share = report.effect_at(time).absolute, 100 / ordinary(report)
        least = report.minimum_detectable.set_index("term")["rise"][report.primary]
        ends = {name: share * getattr(effect, name) for name in ("low", "high")}
        lowest, highest = (share * end for end in span_of(report, report.primary))
        rows.append(
            {"area": area, "effect": share * effect.estimate, **ends, "days": effect.estimate}
            | {"detectable": share * least, "p": effect.p, "on_year": _on_year(report, time)}
            | {"lowest": lowest, "highest": highest}
            | {"boundary": bool(report.leading.parameters.get("at_boundary", 0))}
        )
    frame = pd.DataFrame(rows).sort_values(["on_year", "area"], ignore_index=True)
    return frame.assign(together=multiplicity.stands_together(frame["p"], confidence))


def _on_year(report: Report, time: float) -> float:
    """Return the change from the same quarter a year before, in percent, missing where it is not there."""
    observed = report.counterfactual().set_index("time")["observed"]
    if not {time, time - YEAR} <= set(observed.index):
        return float("nan")
    return effect_sizes.percent_change(float(observed[time - YEAR]), float(observed[time]))


def shown(effects: pd.DataFrame) -> pd.DataFrame:
    """Return effects with the column `boundary` as "yes" or "no", for a table."""
    return effects.assign(boundary=effects["boundary"].map({True: "yes", False: "no"}))


def caution(effects: pd.DataFrame, things: str) -> str:
    """Return in words why the effects of like series give no order, and where their estimators disagree.

    `effects` as from `effects_by_area`; `things` is what they are, such as "boards".
    """
    split = effects.loc[effects["lowest"] * effects["highest"] <= 0, effects.columns[0]]
    known = effects["on_year"].dropna()
    words = [at_the_edge(effects, things)]
    if not known.empty:
        words.append(f"The plainer comparison, with the same quarter a year before, gives {_ends(known)}.")
    words.append(
        f"On the direction itself the estimators disagree in {_listed(split)}."
        if len(split)
        else "On the direction all estimators agree."
    )
    return " ".join(words)


def _ends(changes: pd.Series[float]) -> str:
    """Return the smallest and the largest of changes in percent, in words."""
    ends = (changes.max(), changes.min())
    first, last = (f"a {'fall' if end < 0 else 'rise'} of {abs(end):.0f} %" for end in ends)
    return f"{first} to {last}"


def _listed(names: pd.Series[str]) -> str:
    """Return names as a list in words."""
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else str(last)
