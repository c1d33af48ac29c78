"""Expected counts of one's own: the rates of a base period on the people of every period, planned before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import pandas as pd

from careshift import standardisation
from careshift.inert_text import cell
from careshift.own_series import periods
from careshift.own_series.fitting import plain
from careshift.own_series.plan import Plan, PlanError, one_of
from careshift.own_series.strata import Strata, without_gaps
from careshift.project import replace_whole

if TYPE_CHECKING:
    pass

METHODS = ("byar", "exact")
LIMITS = "limits of counted over expected that carry the chance of both periods' counts"


@dataclass(frozen=True)
class Asked:
    """What somebody asks of expected counts, None where they leave it to the plan or the rule."""

    base: str | None = None
    method: str | None = None
    unit: str | None = None
    reason: str | None = None
    confidence: float | None = None


def make(strata: Strata, asked: Asked) -> Plan:
    """Return the plan for expected counts, from what is asked and the strata and periods alone.

    Raises PlanError where no base period is given or it has not every count, PeriodError where it is none.
    """
    if not asked.base:
        raise PlanError("Say which period's rates are the base, for example --base 2010.")
    base = periods.number_of(asked.base, strata.scale)
    if base not in strata.counted:
        known = ", ".join(strata.label(time) for time in strata.counted)
        raise PlanError(f"{strata.label(base)} has not a count in every stratum. Complete periods: {known}.")
    confidence = 0.95 if asked.confidence is None else asked.confidence
    if not 0 < confidence < 1:
        raise PlanError(f"confidence must lie between 0 and 1 (0.95 for 95 %), not {confidence}.")
    labels = [strata.label(time) for time in sorted(set(strata.frame["time"]))]
    return Plan(
        {
            "plan": "expected counts",
            "series": {
                "digest": f"sha256:{strata.digest}",
                "counts": strata.scale.axis or "number",
                "first": labels[0],
                "last": labels[-1],
                "periods": len(labels),
            },
            "base": strata.label(base),
            "by": list(strata.by),
            "method": one_of("--method", asked.method or METHODS[0], METHODS),
            "limits": LIMITS,
            "confidence": confidence,
            "unit": asked.unit or strata.count,
            "reason": asked.reason or "",
            "asked": {name: value for name, value in vars(asked).items() if value is not None},
        }
    )


@dataclass(frozen=True)
class Expected:
    """Expected counts answered.

    by_period : period, counted (missing where a stratum has no count), expected, ratio, low, high (percent of
    expected). by_stratum : the arithmetic of the last counted period, a row a stratum. parts : what
    population size, age structure and rates add to the change from the base to that period.
    """

    strata: Strata
    plan: Plan
    by_period: pd.DataFrame
    by_stratum: pd.DataFrame
    parts: pd.DataFrame

    @property
    def last(self) -> dict[str, Any]:
        """Return the row of the last period with a count, beside the base where there is one."""
        counted = self.by_period[self.by_period["counted"].notna()]
        return {str(name): value for name, value in counted.iloc[-1].items()}


def compute(strata: Strata, plan: Plan) -> Expected:
    """Return expected counts for each period with people in every stratum. Raises CareshiftError."""
    whole = without_gaps(strata)
    base = periods.number_of(plan.content["base"], strata.scale)
    if base not in whole.counted:
        raise PlanError(f"{strata.label(base)} has not people in every stratum. Give its population.")
    rows = [_period(whole, plan, base, time) for time in sorted(set(whole.frame["time"]))]
    last = max(time for time in whole.counted)
    return Expected(whole, plan, pd.DataFrame(rows), _worked(whole, base, last), _parts(whole, base, last))


def _of(strata: Strata, time: float, value: str) -> pd.DataFrame:
    rows = strata.frame[strata.frame["time"] == time]
    return rows[[*strata.by, value]]


def _table(strata: Strata, base: float, time: float) -> pd.DataFrame:
    counts, people = (_of(strata, base, value) for value in ("count", "population"))
    return standardisation.expected_counts(counts, people, _of(strata, time, "population"), strata.by)


def _period(strata: Strata, plan: Plan, base: float, time: float) -> dict[str, Any]:
    table = _table(strata, base, time)
    expected = float(table["expected"].sum())
    row: dict[str, Any] = {"period": strata.label(time), "counted": None, "expected": expected}
    if time not in strata.counted or expected == 0:
        return row | dict.fromkeys(("ratio", "low", "high"))
    counted = float(_of(strata, time, "count")["count"].sum())
    row |= {"counted": counted, "ratio": 100 * counted / expected, "low": None, "high": None}
    if time != base:
        method = cast(Literal["byar", "exact"], plan.content["method"])
        behind = standardisation.effective_base_count(table)
        limits = standardisation.ratio_limits(counted, expected, method, plan.content["confidence"], behind)
        row |= {"low": 100 * limits[0], "high": 100 * limits[1]}
    return row


def _worked(strata: Strata, base: float, time: float) -> pd.DataFrame:
    table = _table(strata, base, time)
    counted = _of(strata, time, "count").rename(columns={"count": "counted"})
    return table.merge(counted, on=list(strata.by))


def _parts(strata: Strata, base: float, last: float) -> pd.DataFrame:
    if last == base:
        return pd.DataFrame(columns=["factor", "contribution"])
    (counts, people), (later, later_people) = (
        [_of(strata, time, value) for value in ("count", "population")] for time in (base, last)
    )
    return standardisation.decompose(counts, people, later, later_people, strata.by)


def interval_kind(plan: Plan) -> str:
    """Return what kind of limits the ratios have, in words."""
    name = {"byar": "Byar's", "exact": "exact"}[plan.content["method"]]
    return f"{100 * plan.content['confidence']:g} % confidence interval, {name} {plan.content['limits']}"


def sentence(found: Expected) -> str:
    """Return in plain sentences how many were counted beside how many the base period's rates would give."""
    row, plan = found.last, found.plan.content
    counted = f"{row['counted']:,.0f} {plan['unit']} were counted in {row['period']}"
    if row["low"] is None or pd.isna(row["low"]):
        return f"{counted}; no other period has every count to hold against the rates of {plan['base']}."
    gap = row["ratio"] - 100
    way = "more" if gap > 0 else "fewer"
    clear = not row["low"] <= 100 <= row["high"]
    told = "beyond" if clear else "within"
    return (
        f"{counted}, {abs(gap):.1f} % {way} than the {row['expected']:,.0f} that the rates of {plan['base']} "
        f"would give for the people of {row['period']}. The count is {row['low']:.1f} to {row['high']:.1f} % "
        f"of what was expected ({100 * plan['confidence']:g} % interval), {told} what chance in the counts "
        "explains. For a stock counted on one day that interval only shows the scale of chance. What changed "
        "the rates the counts do not say."
    )


def record(found: Expected) -> dict[str, Any]:
    """Return all results as plain values for JSON."""
    return {
        "plan": {"digest": f"sha256:{found.plan.digest}", **found.plan.content},
        "sentence": sentence(found),
        "interval": interval_kind(found.plan),
        "by_period": plain(found.by_period),
        "by_stratum": plain(found.by_stratum),
        "parts_of_the_change": plain(found.parts),
    }


def write(folder: Path, found: Expected) -> list[str]:
    """Write results.json and results.csv into a folder and return their names. Raises CareshiftError."""
    text = json.dumps(record(found), indent=1, ensure_ascii=False, allow_nan=False)
    table = found.by_period.assign(interval=interval_kind(found.plan)).map(cell)
    csv = table.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    for name, content in {"results.json": f"{text}\n", "results.csv": csv}.items():
        replace_whole(folder / name, content.encode())
    return ["results.json", "results.csv"]


def title(found: Expected, name: str) -> str:
    """Return in one line how the last count stands to what was expected."""
    row, base = found.last, found.plan.content["base"]
    if row["ratio"] is None or row["period"] == base:
        return f"{name}: what the rates of {base} would give"
    way = "above" if row["ratio"] > 100 else "below"
    gap = abs(row["ratio"] - 100)
    return f"{name} in {row['period']}: {gap:.1f} % {way} what the rates of {base} would give"


def picture(found: Expected) -> pd.DataFrame:
    """Return the chart's data: time, counted, expected."""
    times = sorted(set(found.strata.frame["time"]))
    table = found.by_period[["counted", "expected"]].astype(float)
    return table.assign(time=times)[["time", "counted", "expected"]]


def periods_table(found: Expected) -> pd.DataFrame:
    """Return the counts by period under their headers; limits in percent of the expected count."""
    names = {
        "period": "Period",
        "counted": "Counted",
        "expected": "Expected",
        "ratio": "Counted as % of expected",
        "low": "Low",
        "high": "High",
    }
    table = found.by_period.rename(columns=names)
    percent = dict.fromkeys((names["ratio"], "Low", "High"), ".1f")
    return _formatted(table, {"Counted": ",.0f", "Expected": ",.1f"} | percent)


def strata_table(found: Expected) -> pd.DataFrame:
    """Return the arithmetic of the last counted period under its headers."""
    names = {
        "base_count": "Base count",
        "base_population": "Base population",
        "base_rate": "Base rate per 1,000",
        "later_population": "Population",
        "expected": "Expected",
        "counted": "Counted",
    }
    table = found.by_stratum.assign(base_rate=1000 * found.by_stratum["base_rate"]).rename(columns=names)
    forms: dict[str, str] = dict.fromkeys(names.values(), ",.0f")
    return _formatted(table, forms | {"Base rate per 1,000": ",.2f", "Expected": ",.1f"})


def parts_table(found: Expected) -> pd.DataFrame:
    """Return what adds up to the change since the base period."""
    table = found.parts.rename(columns={"factor": "Part", "contribution": "Contribution"})
    return _formatted(table, {"Contribution": "+,.0f"})


def _formatted(table: pd.DataFrame, forms: dict[str, str]) -> pd.DataFrame:
    made = table.copy()
    for name, form in forms.items():
        made[name] = [None if pd.isna(value) else format(float(value), form) for value in table[name]]
    return made
