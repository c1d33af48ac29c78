"""Least squares with three kinds of standard error: independent, Newey-West, and Prais-Winsten."""

import numpy as np
import pandas as pd

from careshift.interruption.fit import Fit, constant_df
from careshift.interruption.model import ImpactModel, Problem, prepare
from careshift.interruption.values import Values
from careshift.project import CareshiftError

LARGEST_RHO = 0.999


def ols(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    regressors: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Fit:
    """Level and slope change by ordinary least squares with t intervals, in the series' unit.

    y, time : n values each, ascending times. model : what may change, fixed beforehand. regressors : frame of
    n rows, a named column each. confidence : share of such intervals that should hold the truth, between 0
    and 1.

    Assumes independent errors of equal variance: with positive autocorrelation its intervals are too narrow.
    Returns a :class:`Fit` of k terms with n - k degrees of freedom. Raises CareshiftError on bad input (see
    :func:`careshift.interruption.prepare`). Source: Wagner and others (2002), segmented regression.
    """
    problem = prepare(y, time, model, regressors)
    estimate, inverse, residuals = least_squares(problem.design.matrix, problem.y)
    variance = float(residuals @ residuals) / problem.residual_df
    return _as_fit(
        "OLS-t",
        problem,
        estimate,
        variance * inverse,
        confidence,
        innovations=residuals,
        parameters={"variance": variance},
        notes=("assumes no autocorrelation",),
    )


def newey_west(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    lags: int | None = None,
    regressors: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Fit:
    """Level and slope change by least squares with Newey-West errors and t intervals, in the series' unit.

    y, time, model, regressors, confidence : as in :func:`ols`, n values and n rows.
    lags : highest lag of the Bartlett kernel, in periods; by default the whole part of 4 (n / 100) ** (2 /
    9), at least 1. The covariance carries the small-sample factor n / (n - k), as in Stata's ``newey``.
    Neighbouring values are taken as one period apart. Raises CareshiftError on bad input or a lag of n or
    more. Source: Newey and West (1987), Econometrica; in short series its intervals are too narrow.
    """
    problem = prepare(y, time, model, regressors)
    points = problem.y.size
    lags = default_lags(points) if lags is None else lags
    if not 0 <= lags < points:
        raise CareshiftError(f"Newey-West needs between 0 and {points - 1} lags, not {lags}.")
    estimate, inverse, residuals = least_squares(problem.design.matrix, problem.y)
    middle = bartlett(problem.design.matrix * residuals[:, None], lags)
    across = () if problem.design.is_evenly_spaced else ("neighbours across a gap taken as one period apart",)
    return _as_fit(
        "Newey-West",
        problem,
        estimate,
        points / problem.residual_df * inverse @ middle @ inverse,
        confidence,
        innovations=residuals,
        parameters={"lags": lags},
        notes=(f"lag {lags}, small-sample factor", *across),
    )


def prais_winsten(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    regressors: pd.DataFrame | None = None,
    confidence: float = 0.95,
    tolerance: float = 1e-6,
) -> Fit:
    """Level and slope change by iterated Prais-Winsten regression with AR(1) errors, in the series' unit.

    y, time, model, regressors, confidence : as in :func:`ols`, n values and n rows; evenly spaced times.
    tolerance : of the autocorrelation, a number between -1 and 1.

    The first observation is kept. The autocorrelation is re-estimated from the residuals until it moves by
    less than ``tolerance``; intervals take it as known, so they are too narrow in short series. Raises
    CareshiftError on bad input, and for unevenly spaced times. Source: Prais and Winsten (1954), Cowles
    Commission discussion paper 383; iteration as in Wooldridge, *Introductory Econometrics*, section 12.3.
    """
    problem = prepare(y, time, model, regressors)
    if not problem.design.is_evenly_spaced:
        raise CareshiftError("Prais-Winsten needs evenly spaced times; REML takes gaps into account.")
    rho, iterations, notes = _iterate_rho(problem, tolerance)
    estimate, inverse, innovations = least_squares(*_transformed(problem, rho))
    variance = float(innovations @ innovations) / problem.residual_df
    return _as_fit(
        "Prais-Winsten",
        problem,
        estimate,
        variance * inverse,
        confidence,
        innovations=innovations,
        parameters={"rho": rho, "iterations": iterations, "variance": variance},
        notes=notes,
    )


def _as_fit(
    name: str,
    problem: Problem,
    estimate: np.ndarray,
    covariance: np.ndarray,
    confidence: float,
    *,
    innovations: np.ndarray,
    parameters: dict[str, float],
    notes: tuple[str, ...],
) -> Fit:
    """Return a least-squares fit with the residual degrees of freedom."""
    return Fit(
        name,
        problem.design,
        problem.y,
        estimate,
        covariance,
        constant_df(problem.residual_df),
        confidence,
        innovations=innovations,
        parameters=parameters,
        notes=notes,
    )


def default_lags(points: int) -> int:
    """Newey-West lags for n points: the whole part of 4 (n / 100) ** (2 / 9), at least 1."""
    return max(1, int(4 * (points / 100) ** (2 / 9)))


def least_squares(matrix: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients (k), inverse of X'X (k, k) and residuals (n) of a full-rank least-squares problem."""
    q, r = np.linalg.qr(matrix)
    inverse_r = np.linalg.inv(r)
    estimate = inverse_r @ (q.T @ y)
    return estimate, inverse_r @ inverse_r.T, y - matrix @ estimate


def bartlett(scores: np.ndarray, lags: int) -> np.ndarray:
    """Bartlett-weighted autocovariances of scores (n, k): the middle of a Newey-West covariance (k, k)."""
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (cross + cross.T)
    return np.asarray(middle)


def _iterate_rho(problem: Problem, tolerance: float) -> tuple[float, int, tuple[str, ...]]:
    estimate, _, residuals = least_squares(problem.design.matrix, problem.y)
    rho = 0.0
    for iteration in range(1, 101):
        before, rho = rho, float(residuals[1:] @ residuals[:-1] / (residuals[:-1] @ residuals[:-1]))
        if abs(rho) >= LARGEST_RHO:
            held = float(np.copysign(LARGEST_RHO, rho))
            look = "look like a random walk" if rho > 0 else "swing from one value to the next"
            return held, iteration, (f"autocorrelation held at {held:g}: the residuals {look}",)
        if abs(rho - before) < tolerance:
            return rho, iteration, ()
        estimate, _, _ = least_squares(*_transformed(problem, rho))
        residuals = problem.y - problem.design.matrix @ estimate
    return rho, 100, ("the autocorrelation did not settle in 100 iterations",)


def _transformed(problem: Problem, rho: float) -> tuple[np.ndarray, np.ndarray]:
    def transform(values: np.ndarray) -> np.ndarray:
        rest = values[1:] - rho * values[:-1]
        return np.concatenate([np.sqrt(1 - rho**2) * values[:1], rest])

    return transform(problem.design.matrix), transform(problem.y)
