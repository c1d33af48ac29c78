"""What would have been without the interruption, and how far the series lies from it.

Intervals are for the expected value, not for a single period's chance. Relative effects of linear models have
Fieller's (1954) limits; count models use the delta method on the log scale.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from careshift.interruption.fit import Estimate, Fit
from careshift.project import CareshiftError


@dataclass(frozen=True)
class Effect:
    """Effect at given times: absolute in the series' unit, relative in percent of the counterfactual."""

    absolute: Estimate
    relative: Estimate
    times: tuple[float, ...]


def counterfactual(fit: Fit) -> pd.DataFrame:
    """Observed, fitted and counterfactual values with the counterfactual's interval, in the series' unit.

    fit : of one series. One row a fitted period: ``time``, ``observed``, ``fitted``, ``counterfactual``,
    ``low``, ``high``. Before the interruption the counterfactual is the fit itself. Raises CareshiftError for
    stacked series, which have no single counterfactual. Source: Wagner and others (2002), segmented
    regression.
    """
    _require_one_series(fit)
    rows = [_baseline(fit, i) for i in range(fit.y.size)]
    columns = {"time": fit.design.time, "observed": fit.y, "fitted": fit.fitted}
    return pd.DataFrame(columns).assign(
        counterfactual=[row[0] for row in rows], low=[row[1] for row in rows], high=[row[2] for row in rows]
    )


def effect_at(fit: Fit, time: float) -> Effect:
    """Effect of the interruption at one fitted period after it, absolute and relative.

    fit : of one series. time : one value of its time axis. Absolute effects are in the series' unit, relative
    ones in percent of the counterfactual. Raises CareshiftError for a time that is not a fitted period after
    the interruption. Source of the relative effect's limits: Fieller (1954), Journal of the Royal Statistical
    Society B.
    """
    place = np.flatnonzero((fit.design.time == time) & fit.design.is_after)
    if place.size == 0:
        after = fit.design.time[fit.design.is_after]
        shown = ", ".join(f"{value:g}" for value in after) or "none"
        raise CareshiftError(f"{time:g} is not a fitted period after the interruption; those are {shown}.")
    return _effect(fit, place)


def cumulative_effect(fit: Fit) -> Effect:
    """Effect added up over all fitted periods after the first interruption, absolute and relative.

    fit : of one series. Absolute effects are in the series' unit, relative ones in percent of the
    counterfactual. Periods left out as transition or missing are not part of the sum. Raises CareshiftError
    without interruption. Source of the relative effect's limits: Fieller (1954).
    """
    after = np.flatnonzero(fit.design.is_after)
    if after.size == 0:
        raise CareshiftError("The model has no interruption, so there is no effect to add up.")
    return _effect(fit, after)


def _require_one_series(fit: Fit) -> None:
    if np.unique(fit.design.time).size < fit.design.time.size:
        raise CareshiftError(
            "Stacked series have no single counterfactual: fit the difference from the controls."
        )


def _baseline(fit: Fit, i: int) -> tuple[float, float, float]:
    """Counterfactual value of period i with its limits."""
    if fit.anchored:
        effect = fit.contrast(fit.design.effect_rows[i])
        ends = np.array([effect.estimate, effect.high, effect.low])
        without = fit.y[i] - ends if fit.link == "identity" else fit.y[i] * np.exp(-np.clip(ends, -500, 500))
        return float(without[0]), float(without[1]), float(without[2])
    line = fit.contrast(fit.design.counterfactual_rows[i])
    values = np.array([line.estimate, line.low, line.high])
    if fit.link == "log":
        values = np.exp(values + (0.0 if fit.offset is None else fit.offset[i]))
    return float(values[0]), float(values[1]), float(values[2])


def _effect(fit: Fit, places: np.ndarray) -> Effect:
    _require_one_series(fit)
    times = tuple(float(value) for value in fit.design.time[places])
    if fit.link == "log":
        absolute, relative = _log_effect(fit, places)
    else:
        weights = fit.design.effect_rows[places].sum(axis=0)
        absolute = fit.contrast(weights, "effect")
        relative = _anchored_ratio(fit, places, absolute) if fit.anchored else _fieller(fit, places, absolute)
    percent = {name: 100 * getattr(relative, name) for name in ("estimate", "se", "low", "high")}
    return Effect(absolute, replace(relative, **percent, scale="percent"), times)


def _anchored_ratio(fit: Fit, places: np.ndarray, effect: Estimate) -> Estimate:
    """Effect over observed less effect; the observed values are known, so the limits carry over."""
    observed = float(fit.y[places].sum())

    def ratio(value: float) -> float:
        rest = observed - value
        return value / rest if rest > 0 else float("inf")

    slope = observed / (observed - effect.estimate) ** 2
    return replace(
        effect,
        term="relative effect",
        estimate=ratio(effect.estimate),
        se=slope * effect.se,
        low=ratio(effect.low),
        high=ratio(effect.high),
    )


def _fieller(fit: Fit, places: np.ndarray, effect: Estimate) -> Estimate:
    """Limits of effect over counterfactual; unbounded where the counterfactual cannot be told from zero."""
    over, under = (
        rows[places].sum(axis=0) for rows in (fit.design.effect_rows, fit.design.counterfactual_rows)
    )
    base = fit.contrast(under)
    ratio = effect.estimate / base.estimate
    both = fit.contrast(over + under).se ** 2
    cross = (both - effect.se**2 - base.se**2) / 2
    t2 = float(stats.t.ppf(0.5 + fit.confidence / 2, effect.df)) ** 2
    a = base.estimate**2 - t2 * base.se**2
    b = effect.estimate * base.estimate - t2 * cross
    c = effect.estimate**2 - t2 * effect.se**2
    low, high = float("-inf"), float("inf")
    if a > 0 and b**2 >= a * c:
        root = float(np.sqrt(b**2 - a * c))
        low, high = (b - root) / a, (b + root) / a
    variance = effect.se**2 - 2 * ratio * cross + ratio**2 * base.se**2
    se = float(np.sqrt(max(variance, 0.0))) / abs(base.estimate)
    return replace(effect, term="relative effect", estimate=ratio, se=se, low=low, high=high)


def _log_effect(fit: Fit, places: np.ndarray) -> tuple[Estimate, Estimate]:
    """Absolute difference and relative change of expected counts, by the delta method."""
    x, x0 = fit.design.matrix[places], fit.design.counterfactual_rows[places]
    if fit.anchored:
        # Observed counts are known; only the effect that is taken off them is estimated.
        x, x0 = np.zeros_like(x), x0 - x
        mean = fit.y[places]
        base = mean * np.exp(x0 @ fit.estimate)
    else:
        offset = 0.0 if fit.offset is None else fit.offset[places]
        mean, base = np.exp(x @ fit.estimate + offset), np.exp(x0 @ fit.estimate + offset)
    difference = float(mean.sum() - base.sum())
    spread = fit.contrast(mean @ x - base @ x0, "effect")
    half = spread.high - spread.estimate
    absolute = replace(
        spread,
        estimate=difference,
        low=difference - half,
        high=difference + half,
        p=_p(difference, spread),
        scale="units",
    )
    log_ratio = float(np.log(mean.sum() / base.sum()))
    growth = fit.contrast(mean @ x / mean.sum() - base @ x0 / base.sum(), "relative effect")
    half = growth.high - growth.estimate
    low, middle, high = np.expm1(np.clip([log_ratio - half, log_ratio, log_ratio + half], -500, 500))
    relative = replace(
        growth,
        estimate=float(middle),
        se=float(middle + 1) * growth.se,
        low=float(low),
        high=float(high),
        p=_p(log_ratio, growth),
    )
    return absolute, relative


def _p(value: float, spread: Estimate) -> float:
    """p of a value whose standard error is that of its linear part, as in :meth:`Fit.contrast`."""
    return float(2 * stats.t.sf(abs(value) / spread.se, spread.df)) if spread.se > 0 else float("nan")
