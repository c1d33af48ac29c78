"""The estimators that are fitted one series at a time: AR(2) errors, ARIMA, and counts."""

from collections.abc import Callable

import numpy as np

from careshift.interruption.boxjenkins import arima
from careshift.interruption.count_autocorrelation import count_reml
from careshift.interruption.counts import count_model, log_rate
from careshift.interruption.coverage.cells import AR1, HELD_ZEROS, MEAN_AND_SPREAD, Cell, Intervals
from careshift.interruption.fit import Fit
from careshift.interruption.likelihood import reml
from careshift.project import CareshiftError

ARIMA_FROM = 40


def intervals(cell: Cell, series: np.ndarray) -> tuple[Intervals, None]:
    """Estimate, standard error and df of the effects (B, t) by method, on the model's scale (log for counts).

    series : one a column (n, B). A fit that fails holds nothing: its estimate is missing.
    """
    time, found = np.arange(float(cell.points)), {}
    for name, estimator in estimators(cell).items():
        rows = [_effects(estimator, y, time, cell) for y in series.T]
        estimate, se, df = (np.array([row[k] for row in rows]) for k in range(3))
        found[name] = (estimate, se, df)
    return found, None


def estimators(cell: Cell) -> dict[str, Callable[..., Fit]]:
    """Name and estimator of each method that a cell of the second study tries."""
    if cell.errors in MEAN_AND_SPREAD:
        zeros = {} if cell.errors in HELD_ZEROS else {"REML Kenward-Roger of the log rate": log_rate(reml)}
        return {
            "REML Kenward-Roger of the counts": count_reml,
            **zeros,
            "Quasi-poisson": count_model,
            "Quasi-poisson, robust": lambda *series: count_model(*series, robust=True),
            "Negative-binomial": lambda *series: count_model(*series, family="negative-binomial"),
        }
    found: dict[str, Callable[..., Fit]] = {
        "REML Kenward-Roger, AR(2)": lambda *series: reml(*series, order=2)
    }
    if cell.errors == AR1 and cell.points >= ARIMA_FROM:
        found["ARIMA(1, 0, 0)"] = arima
    return found


def _effects(
    estimator: Callable[..., Fit], y: np.ndarray, time: np.ndarray, cell: Cell
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    effects = cell.design.is_effect
    try:
        fit = estimator(y, time, cell.model)
    except CareshiftError:
        missing = np.full(int(effects.sum()), np.nan)
        return missing, missing, np.full(missing.size, 2.0)
    return fit.estimate[effects], fit.se[effects], fit.df[effects]
