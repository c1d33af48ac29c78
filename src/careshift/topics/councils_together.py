"""Delayed discharge of the 32 councils together: one mean change, under every defensible option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from careshift import interruption, pooling
from careshift.topics.financial_years import label
from careshift.typography import a_rise_or_fall

if TYPE_CHECKING:
    from careshift.interruption.panels import Method
    from careshift.pooling import Pooled

COLUMNS = ("value", "low", "high", "least")


def options(rates: pd.DataFrame, year: int, confidence: float = 0.95) -> pd.DataFrame:
    """Return the councils' mean change from a year on under other options, in percent of the mean before.

    `rates` as from `delayed_discharge.council_rates`. Columns option, value, low, high, least (smallest
    change found with 80 % power; missing where the method gives none). The first row leads. `placebo` (a
    date within the years before) and `as if` (errors that overlook common shocks) are no options; options
    for which there are too few years are left out.
    """
    logs = rates.assign(value=100 * np.log(rates["value"].where(rates["value"] > 0)))
    before, others = rates[rates["time"] < year], rates[rates["time"] != year]
    halfway = int(before["time"].min()) + before["time"].nunique() // 2
    people = "councils count by their people"
    rows = {"as prespecified": _pooled(rates, year, confidence)}
    if others.loc[others["time"] > year, "time"].nunique() >= pooling.FEWEST:
        rows[f"without {label(year)}"] = _pooled(others, year, confidence)
    rows["a straight trend underneath"] = _pooled(rates, year, confidence, trend=True)
    rows["as ratios"] = _ratios(pooling.mean_change(logs, year, confidence))
    rows[f"{people}, errors by year"] = _mean(rates, year, "common shocks", confidence)
    rows[f"{people}, one year carries over"] = _mean(rates, year, "mean series", confidence)
    if before["time"].nunique() >= 2 * pooling.FEWEST:
        rows[f"placebo: {label(halfway)}, years before only"] = _pooled(before, halfway, confidence)
    alike = rates.assign(population=1)
    rows["as if no shock were common"] = _mean(alike, year, "area-clustered", confidence)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))
    return table.rename_axis("option").reset_index()


def _pooled(rates: pd.DataFrame, year: int, confidence: float, trend: bool = False) -> list[float]:
    fit = pooling.mean_change(rates, year, confidence, trend)
    return [100 * part / fit.before for part in (fit.estimate, fit.low, fit.high, fit.detectable)]


def _ratios(fit: Pooled) -> list[float]:
    """Return a row in percent of a fit to logarithms times 100; its smallest change is a fall."""
    parts = 100 * np.expm1(np.array([fit.estimate, fit.low, fit.high, -fit.detectable]) / 100)
    return [*parts[:3], -parts[3]]


def _mean(rates: pd.DataFrame, year: int, method: Method, confidence: float) -> list[float]:
    """Return a row in percent of the change of level alone in the councils' mean."""
    step = interruption.Interruption(at=year, slope=False)
    model = interruption.ImpactModel((step,), trend=False, axis="fiscal year")
    fit = interruption.panel(rates, model, population="population", method=method, confidence=confidence)
    effect = fit.effect(fit.design.effects[0])
    before = rates[rates["time"] < year]
    usual = np.average(before["value"], weights=before["population"])
    return [*(100 * part / usual for part in (effect.estimate, effect.low, effect.high)), np.nan]


def title(fit: Pooled, year: int) -> str:
    """Return in one line whether the mean change can be told from chance, and how many lie apart."""
    moved = _moved(fit) + " beyond chance" if _clear(fit) else "show no change beyond chance"
    return f"All councils together: delays {moved} from {label(year)}; {apart(fit)} lie apart"


def apart(fit: Pooled) -> int:
    """Return how many areas changed otherwise than the mean by more than their interval."""
    return int(((fit.areas["low"] > 0) | (fit.areas["high"] < 0)).sum())


def in_words(fit: Pooled, confidence: float = 0.95) -> str:
    """Return the mean change with its interval, the smallest that could be found, and what it rests on."""
    told = "That is more than chance alone would explain."
    doubt = "That cannot be told from no change, and is no evidence of no effect either."
    return (
        f"Taken together, the {len(fit.areas)} councils' delayed bed days {_moved(fit)} by "
        f"{abs(fit.estimate):.0f} a year per 1,000 people aged 75 and over, from {fit.before:.0f}. The "
        f"{100 * confidence:g} % interval goes from {_way(fit.low)} to {_way(fit.high)}. "
        f"{told if _clear(fit) else doubt} The smallest change that the councils had four chances in five to "
        f"show is {fit.detectable:.0f}. Winters and rules are shared: in any one year the {len(fit.areas)} "
        f"councils are worth {fit.witnesses:.0f} independent ones."
    )


def by_council(fit: Pooled, areas: pd.DataFrame) -> pd.DataFrame:
    """Return how far each council's change lies from the mean of all: area (name), apart, low, high, own.

    Drawn to the mean as far as its own years waver; per 1,000 people, lowest first.
    """
    names = areas.set_index("code")["name"]
    return fit.areas.assign(area=fit.areas["area"].map(names)).sort_values("apart", ignore_index=True)


def robust_words(table: pd.DataFrame) -> str:
    """Return between which changes the options lie, and how many exclude none. `table` as from `options`."""
    own = table[~table["option"].str.startswith(("placebo", "as if"))]
    ends = " to ".join(a_rise_or_fall(value) for value in (own["value"].min(), own["value"].max()))
    out = int(((own["low"] > 0) | (own["high"] < 0)).sum())
    return (
        f"Over {len(own)} options the change goes from {ends}; {out or 'none'} of them can be told from none."
    )


def _clear(fit: Pooled) -> bool:
    return not fit.low <= 0 <= fit.high


def _moved(fit: Pooled) -> str:
    return "fell" if fit.estimate < 0 else "rose"


def _way(change: float) -> str:
    return a_rise_or_fall(change, 0, "").strip()
