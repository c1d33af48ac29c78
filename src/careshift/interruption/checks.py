"""Checks that accompany an estimate: residuals, placebo dates, curved trends and other windows.

None of them chooses the estimator: pre-testing the residuals spoils the interval that follows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from careshift.interruption.axis import time_label
from careshift.interruption.fit import Fit
from careshift.interruption.model import ImpactModel
from careshift.project import CareshiftError

LEAST_EACH_SIDE = 3
MOST_DATES = 200
COLUMNS = ("term", "estimate", "low", "high", "excludes_none", "p", "none")


@dataclass(frozen=True)
class Analysis:
    """A series with its impact model and the estimator that leads, ready to be run again on a part of it.

    estimator : called as ``estimator(y, time, model, regressors=..., confidence=..., [offset=...])``.
    """

    y: np.ndarray
    time: np.ndarray
    model: ImpactModel
    estimator: Callable[..., Fit]
    regressors: pd.DataFrame | None = None
    offset: np.ndarray | None = None
    confidence: float = 0.95

    def fit(self, model: ImpactModel | None = None, where: np.ndarray | None = None) -> Fit:
        """Fit of another impact model or of some of the n periods only (``where``, a mask)."""
        kept = np.ones(self.y.size, dtype=bool) if where is None else where
        options: dict[str, object] = {"confidence": self.confidence}
        if self.regressors is not None:
            options["regressors"] = self.regressors[kept].reset_index(drop=True)
        if self.offset is not None:
            options["offset"] = self.offset[kept]
        return self.estimator(self.y[kept], self.time[kept], model or self.model, **options)


def diagnostics(fit: Fit) -> pd.DataFrame:
    """Residual and autocorrelation checks: one row a check with ``check``, ``value``, ``p`` and ``meaning``.

    Residuals are the innovations, from which modelled autocorrelation is taken out, where the fit has them.
    Sources: Durbin and Watson (1950), Ljung and Box (1978), Shapiro and Wilk (1965), Breusch and Pagan
    (1979).
    """
    left = fit.residuals if fit.innovations is None else fit.innovations
    left = left - left.mean()
    square = float(left @ left)
    lag_one = float(left[1:] @ left[:-1]) / square
    watson = float(np.sum(np.diff(fit.residuals) ** 2) / np.sum(fit.residuals**2))
    ljung, ljung_p = _ljung_box(left, max(1, min(10, left.size // 5)))
    shapiro = stats.shapiro(left)
    spread = stats.linregress(fit.design.time - fit.design.time.mean(), left**2)
    largest = int(np.argmax(np.abs(left)))
    label = time_label(float(fit.design.time[largest]), fit.design.model.axis)
    rows = [
        ("lag-one autocorrelation left", lag_one, np.nan, "near 0 where the model has taken it up"),
        ("Durbin-Watson of the residuals", watson, np.nan, "2 without autocorrelation; chooses nothing here"),
        ("Ljung-Box", ljung, ljung_p, "a small p means autocorrelation is left"),
        ("Shapiro-Wilk", shapiro.statistic, shapiro.pvalue, "a small p means residuals are not normal"),
        ("spread against time", spread.slope, spread.pvalue, "a small p means the spread changes over time"),
        (f"largest residual, at {label}", left[largest] / np.std(left), np.nan, "in standard deviations"),
    ]
    return pd.DataFrame(rows, columns=["check", "value", "p", "meaning"])


def placebo_dates(analysis: Analysis | None) -> pd.DataFrame:
    """Return the first interruption's shape tried at every date before it, on the periods before all.

    One row a date and term: ``time``, ``term``, ``estimate``, ``low``, ``high``, ``excludes_none``, ``p``,
    ``none`` (the value of no change). At least three points lie on each side; of more than 200 dates 200
    are tried, evenly spread. The frame is empty where the time before is too short, and without an
    analysis. About one date in twenty excludes no change by chance alone, and neighbouring dates are not
    independent.
    """
    columns = ["time", *COLUMNS]
    if analysis is None:
        return pd.DataFrame(columns=columns)
    interruptions = analysis.model.interruptions
    first = min(interruptions, key=lambda item: item.start)
    before = analysis.time < min(item.first_left_out for item in interruptions)
    times = analysis.time[before]
    rows = []
    dates = times[LEAST_EACH_SIDE : times.size - LEAST_EACH_SIDE + 1]
    if dates.size > MOST_DATES:
        dates = dates[np.linspace(0, dates.size - 1, MOST_DATES).round().astype(int)]
    for date in dates:
        model = replace(analysis.model, interruptions=(replace(first, at=float(date), lag=0),))
        rows += [(float(date), *effect) for effect in _effects(analysis, model, before)]
    return pd.DataFrame(rows, columns=columns)


def sensitivity(analysis: Analysis) -> pd.DataFrame:
    """Return the estimates under a quadratic trend, other windows and neighbouring dates.

    One row a variant and term: ``variant``, ``term``, ``estimate``, ``low``, ``high``, ``excludes_none``,
    ``p``, ``none``; the first variant is the prespecified model. Variants that cannot be estimated are
    left out.
    """
    everything = np.ones(analysis.y.size, dtype=bool)
    step = float(np.diff(analysis.time).min())
    variants: list[tuple[str, ImpactModel, np.ndarray]] = [
        ("as prespecified", analysis.model, everything),
        ("quadratic trend", replace(analysis.model, curved=True), everything),
        ("one period earlier", analysis.model.moved(-step), everything),
        ("one period later", analysis.model.moved(step), everything),
    ]
    for count in (1, 2, 3):
        variants.append((f"first {count} left out", analysis.model, np.arange(analysis.y.size) >= count))
    for count in (1, 2, 3):
        kept = np.arange(analysis.y.size) < analysis.y.size - count
        variants.append((f"last {count} left out", analysis.model, kept))
    rows = []
    for name, model, where in variants:
        rows += [(name, *effect) for effect in _effects(analysis, model, where)]
    return pd.DataFrame(rows, columns=["variant", *COLUMNS])


def _effects(
    analysis: Analysis, model: ImpactModel, where: np.ndarray
) -> list[tuple[str, float, float, float, bool, float, float]]:
    """Term, estimate, limits, whether they exclude no change, p; nothing for a variant of too few points."""
    try:
        fit = analysis.fit(model, where)
    except CareshiftError:
        return []
    rows = []
    for term in fit.design.effects:
        effect = fit.effect(term)
        none = 1.0 if effect.scale == "ratio" else 0.0
        excluded = not effect.low <= none <= effect.high
        rows.append((term, effect.estimate, effect.low, effect.high, excluded, effect.p, none))
    return rows


def _ljung_box(left: np.ndarray, lags: int) -> tuple[float, float]:
    n, square = left.size, float(left @ left)
    total = sum((float(left[lag:] @ left[:-lag]) / square) ** 2 / (n - lag) for lag in range(1, lags + 1))
    statistic = n * (n + 2) * total
    return statistic, float(stats.chi2.sf(statistic, lags))
