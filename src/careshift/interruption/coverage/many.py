"""Every linear estimator for many simulated series at once, in the arrays of the AR(1) engine.

The first two terms of a design are its constant and trend; the effects follow.
"""

import numpy as np

from careshift.interruption.ar1 import Ar1Fits, Ar1Reml
from careshift.interruption.coverage.cells import Cell, Intervals
from careshift.interruption.linear import LARGEST_RHO, default_lags


def intervals(cell: Cell, series: np.ndarray) -> tuple[Intervals, np.ndarray]:
    """Estimate, standard error and df of the t effects (B, t) by method; mask of boundary fits (B).

    series : one a column (n, B).
    """
    matrix = cell.design.matrix
    points, terms = matrix.shape
    engine = Ar1Reml(matrix, np.ones(points - 1))
    fits = engine.fit(series)
    inverse = np.linalg.inv(matrix.T @ matrix)
    estimate = (inverse @ matrix.T @ series).T
    residuals = series - matrix @ estimate.T
    df = np.full((series.shape[1], terms - 2), float(points - terms))
    found: Intervals = {
        "OLS-t": (estimate[:, 2:], _ols_errors(inverse, residuals, points - terms), df),
        "Newey-West": (estimate[:, 2:], _newey_west_errors(matrix, inverse, residuals), df),
        "Prais-Winsten": (*_prais_winsten(engine, matrix, series, residuals), df),
    }
    own_df = np.stack([fits.degrees_of_freedom(term, points - terms) for term in range(2, terms)], axis=1)
    for method, covariance in _reml_covariances(fits).items():
        plain = np.diagonal(fits.covariance, axis1=1, axis2=2)[:, 2:]
        variance = np.maximum(np.diagonal(covariance, axis1=1, axis2=2)[:, 2:], plain)
        found[method] = (fits.estimate[:, 2:], np.sqrt(variance), own_df)
    return found, fits.at_boundary


def _reml_covariances(fits: Ar1Fits) -> dict[str, np.ndarray]:
    return {
        "REML Kenward-Roger": fits.adjusted,
        "REML Kenward-Roger 1997": fits.second_order,
        "REML Satterthwaite": fits.covariance,
    }


def _ols_errors(inverse: np.ndarray, residuals: np.ndarray, df: int) -> np.ndarray:
    variance = (residuals**2).sum(axis=0) / df
    return np.asarray(np.sqrt(variance[:, None] * np.diag(inverse)[2:]))


def _newey_west_errors(matrix: np.ndarray, inverse: np.ndarray, residuals: np.ndarray) -> np.ndarray:
    points, terms = matrix.shape
    lags = default_lags(points)
    errors = []
    for term in range(2, terms):
        scores = (matrix @ inverse[:, term])[:, None] * residuals
        total = (scores**2).sum(axis=0)
        for lag in range(1, lags + 1):
            total = total + 2 * (1 - lag / (lags + 1)) * (scores[lag:] * scores[:-lag]).sum(axis=0)
        errors.append(np.sqrt(points / (points - terms) * total))
    return np.stack(errors, axis=1)


def _prais_winsten(
    engine: Ar1Reml, matrix: np.ndarray, series: np.ndarray, residuals: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    rho = np.zeros(series.shape[1])
    moving = np.ones(series.shape[1], dtype=bool)
    for _ in range(100):
        fresh = (residuals[1:] * residuals[:-1]).sum(axis=0) / (residuals[:-1] ** 2).sum(axis=0)
        fresh = np.where(moving, np.clip(fresh, -LARGEST_RHO, LARGEST_RHO), rho)
        moving &= (np.abs(fresh - rho) >= 1e-6) & (np.abs(fresh) < LARGEST_RHO)
        rho = fresh
        estimate, covariance = engine.at(rho, series)
        if not moving.any():
            break
        residuals = series - matrix @ estimate.T
    return estimate[:, 2:], np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)[:, 2:])
