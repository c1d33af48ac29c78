"""Restricted maximum likelihood with AR(1) or AR(2) errors, Satterthwaite and Kenward-Roger intervals."""

from typing import Literal

import numpy as np
import pandas as pd
from scipy import optimize

from careshift.interruption import kenward_roger
from careshift.interruption.ar1 import HIGHEST, LOWEST, Ar1Reml, whiten
from careshift.interruption.fit import Fit
from careshift.interruption.model import ImpactModel, Problem, prepare
from careshift.interruption.values import Values
from careshift.project import CareshiftError

Inference = Literal["kenward-roger", "kenward-roger-1997", "satterthwaite"]
NAMES: dict[Inference, str] = {
    "kenward-roger": "REML Kenward-Roger",
    "kenward-roger-1997": "REML Kenward-Roger 1997",
    "satterthwaite": "REML Satterthwaite",
}
BOUNDARY_NOTE = "autocorrelation at its upper boundary: a random walk around the trend fits as well"


def reml(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    order: Literal[1, 2] = 1,
    inference: Inference = "kenward-roger",
    regressors: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Fit:
    """Level and slope change under autocorrelated errors of unknown strength, in the series' unit.

    y, time, model, regressors, confidence : as in :func:`careshift.interruption.ols`, n values and n rows;
    times may have gaps. Correlation falls as phi to the power of the time between
    two points, in units of the smallest step; steps that are not whole multiples of it are measured by the
    median one and allow only positive phi.
    order : 1, or 2 for AR(2) errors (whole gaps only).
    inference : ``satterthwaite`` uses the plain standard error, ``kenward-roger`` one that carries the
    uncertainty of phi to first order and is never smaller, ``kenward-roger-1997`` adds the authors' term in
    second derivatives, which explodes as phi nears 1. All use the same degrees of freedom, kept within 2 and
    n - k.

    Returns a :class:`Fit`; ``parameters`` has phi (phi and phi_2 as AR coefficients for order 2), the
    marginal variance, and ``at_boundary`` (1 where phi cannot be told from 1). Raises CareshiftError on bad
    input. Sources: Patterson and Thompson (1971), Biometrika; Kenward and Roger (1997), Biometrics; for
    interrupted series Turner and others (2021), BMC Medical Research Methodology.
    """
    if inference not in NAMES:
        raise CareshiftError(f'Unknown inference "{inference}": use one of {", ".join(NAMES)}.')
    problem = prepare(y, time, model, regressors)
    if order == 1:
        return _first_order(problem, inference, confidence)
    if order == 2:
        return _second_order(problem, inference, confidence)
    raise CareshiftError(f"REML is written for AR(1) and AR(2) errors, not AR({order}).")


def _first_order(problem: Problem, inference: Inference, confidence: float) -> Fit:
    design = problem.design
    # A unit-free series keeps the sums of squares within range whatever the unit.
    scale = float(np.std(problem.y))
    fits = Ar1Reml(design.matrix, design.gaps).fit((problem.y / scale)[:, None])
    phi = float(fits.phi[0])
    residuals = problem.y - design.matrix @ (fits.estimate[0] * scale)
    parameters = {
        "phi": phi,
        "variance": float(fits.variance[0]) * scale**2,
        "at_boundary": float(fits.at_boundary[0]),
        "log_likelihood": float(fits.log_likelihood[0]),
    }
    return as_fit(
        problem,
        fits.estimate[0] * scale,
        fits.adjustment(0),
        scale**2,
        inference=inference,
        confidence=confidence,
        innovations=whiten(residuals, phi, design.gaps),
        parameters=parameters,
        suffix="",
    )


def _second_order(problem: Problem, inference: Inference, confidence: float) -> Fit:
    design = problem.design
    gaps = np.round(design.gaps)
    if not np.allclose(gaps, design.gaps, atol=1e-6):
        raise CareshiftError("AR(2) errors need gaps that are whole multiples of the smallest one.")
    places = np.concatenate([[0], np.cumsum(gaps)]).astype(int)
    distance = np.abs(places[:, None] - places[None, :])
    partial, deviance = _best_partials(design.matrix, problem.y / np.std(problem.y), distance)
    estimate, variance, innovations, _ = _generalised(design.matrix, problem.y, partial, distance)
    first, second = _derivatives(partial, distance)
    fitted = variance * ar2_correlation(partial, distance)
    adjustment = kenward_roger.adjust(design.matrix, fitted, variance * first, variance * second)
    phi_1, phi_2 = partial[0] * (1 - partial[1]), partial[1]
    parameters = {
        "phi": float(phi_1),
        "phi_2": float(phi_2),
        "variance": variance,
        "at_boundary": float(partial.max() >= HIGHEST - 1e-6),
        "log_likelihood": -0.5 * deviance,
    }
    return as_fit(
        problem,
        estimate,
        adjustment,
        1.0,
        inference=inference,
        confidence=confidence,
        innovations=innovations,
        parameters=parameters,
        suffix=", AR(2)",
    )


def as_fit(
    problem: Problem,
    estimate: np.ndarray,
    adjustment: kenward_roger.Adjustment,
    scale: float,
    *,
    inference: Inference,
    confidence: float,
    innovations: np.ndarray,
    parameters: dict[str, float],
    suffix: str,
) -> Fit:
    """Return a fit of k coefficients with its adjustment times ``scale``, and what it says of phi."""
    plain = adjustment.covariance * scale
    adjusted = {
        "kenward-roger": adjustment.adjusted * scale,
        "kenward-roger-1997": adjustment.second_order * scale,
        "satterthwaite": plain,
    }[inference]
    usable = np.isfinite(adjusted).all()
    phi = parameters["phi"] if "phi_2" not in parameters else parameters["phi"] / (1 - parameters["phi_2"])
    notes = [f"lag-one autocorrelation {phi:.2f}"]
    if parameters["at_boundary"]:
        notes.append(BOUNDARY_NOTE)
    if not usable:
        notes.append("the adjustment could not be computed: plain standard errors with 2 degrees of freedom")
    return Fit(
        NAMES[inference] + suffix,
        problem.design,
        problem.y,
        estimate,
        adjusted if usable else plain,
        lambda weights: adjustment.degrees_of_freedom(weights, problem.residual_df),
        confidence,
        least_covariance=plain,
        anchored=bool(parameters["at_boundary"]),
        innovations=innovations,
        parameters=parameters,
        notes=tuple(notes),
    )


def ar2_correlation(partial: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Correlation matrix of an AR(2) process from its two partial autocorrelations."""
    phi_2 = partial[1]
    phi_1 = partial[0] * (1 - phi_2)
    at = np.ones(int(distance.max()) + 1)
    at[1:2] = partial[0]
    for lag in range(2, at.size):
        at[lag] = phi_1 * at[lag - 1] + phi_2 * at[lag - 2]
    return np.asarray(at[distance])


def _whiten_ar2(columns: np.ndarray, partial: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, float]:
    """Columns (n, any) freed of AR(2) correlation, and the log determinant of the correlation matrix."""
    points = columns.shape[0]
    if distance[0, -1] > points - 1:
        root = np.linalg.cholesky(ar2_correlation(partial, distance))
        return np.linalg.solve(root, columns), 2 * float(np.log(np.diag(root)).sum())
    # Without gaps each value is predicted from the two before it, and nothing of size n by n is needed.
    left = 1 - partial**2
    later = columns[2:] - partial[0] * (1 - partial[1]) * columns[1:-1] - partial[1] * columns[:-2]
    second = (columns[1:2] - partial[0] * columns[:1]) / np.sqrt(left[0])
    whitened = np.concatenate([columns[:1], second, later / np.sqrt(left[0] * left[1])])
    return whitened, float((points - 1) * np.log(left[0]) + (points - 2) * np.log(left[1]))


def _generalised(
    matrix: np.ndarray, y: np.ndarray, partial: np.ndarray, distance: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray, float]:
    """Coefficients (k), variance, innovations (n) and the log determinants of the restricted likelihood."""
    whitened, log_determinant = _whiten_ar2(np.column_stack([matrix, y]), partial, distance)
    q, r = np.linalg.qr(whitened[:, :-1])
    estimate = np.linalg.solve(r, q.T @ whitened[:, -1])
    innovations = whitened[:, -1] - whitened[:, :-1] @ estimate
    logs = log_determinant + 2 * float(np.log(np.abs(np.diag(r))).sum())
    return estimate, float(innovations @ innovations) / (y.size - matrix.shape[1]), innovations, logs


def _best_partials(matrix: np.ndarray, y: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, float]:
    """Partial autocorrelations of the highest restricted likelihood (several starts), and its deviance."""
    basis, _ = np.linalg.qr(matrix)

    def deviance(partial: np.ndarray) -> float:
        _, variance, _, logs = _generalised(basis, y, partial, distance)
        return float((y.size - matrix.shape[1]) * np.log(variance) + logs)

    bounds = [(LOWEST, HIGHEST)] * 2
    starts = [(0.0, 0.0), (0.5, 0.0), (0.8, -0.3), (0.5, 0.4), (-0.3, 0.0)]
    found = [optimize.minimize(deviance, start, method="L-BFGS-B", bounds=bounds) for start in starts]
    best = min(found, key=lambda result: result.fun)
    return np.asarray(best.x), float(best.fun)


def _derivatives(partial: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return derivatives of the covariance by (relative variance, two partials), by central differences."""
    step = 1e-4
    moves = [np.zeros(2), np.array([step, 0.0]), np.array([0.0, step])]

    def at(*shifts: np.ndarray) -> np.ndarray:
        return ar2_correlation(partial + sum(shifts, np.zeros(2)), distance)

    middle = at()
    first = np.stack([middle, *((at(m) - at(-m)) / (2 * step) for m in moves[1:])])
    second = np.zeros((3, 3, *middle.shape))
    for i in (1, 2):
        second[0, i] = second[i, 0] = first[i]
        for j in (1, 2):
            a, b = moves[i], moves[j]
            second[i, j] = (at(a, b) - at(a, -b) - at(-a, b) + at(-a, -b)) / (4 * step**2)
    return first, second
