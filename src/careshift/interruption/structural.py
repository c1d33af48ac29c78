"""Local-level models: a level that wanders, a fixed season, and the interruption as regressors."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from careshift.interruption.fit import Fit, constant_df
from careshift.interruption.model import ImpactModel, Problem, prepare
from careshift.interruption.values import Values
from careshift.project import CareshiftError

VARIANCES = 2  # of the level and of what is left


def structural(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    season: int | None = None,
    regressors: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Fit:
    """Level and slope change around a level that follows a random walk, in the series' unit.

    y, time, model, regressors, confidence : as in :func:`careshift.interruption.ols`, n values and n rows;
    evenly spaced times. season : periods of a fixed seasonal pattern, for example 12. The
    wandering level takes the place of the constant; coefficients are states with an exact diffuse start.
    Intervals take the two variances as known. Raises CareshiftError on bad input, uneven spacing, or too few
    points for the season and the terms. Source: Commandeur and Koopman (2007), *An Introduction to State
    Space Time Series Analysis*, chapters 4 to 7.
    """
    problem = prepare(y, time, model, regressors)
    if not problem.design.is_evenly_spaced:
        raise CareshiftError("A local-level model needs evenly spaced times; REML takes gaps into account.")
    _refuse_too_little(problem, season)
    moving = np.array([term != "constant" for term in problem.design.terms])
    terms = tuple(term for term in problem.design.terms if term != "constant")
    design = replace(problem.design, matrix=problem.design.matrix[:, moving], terms=terms)
    x_scale, y_scale = design.matrix.std(axis=0), float(np.std(problem.y))
    result, converged = _best(problem.y / y_scale, design.matrix / x_scale, season)
    back, states = y_scale / x_scale, slice(-len(terms), None)
    innovations = np.asarray(result.resid) * y_scale
    variances = zip(result.param_names, np.asarray(result.params) * y_scale**2, strict=True)
    return Fit(
        "Local level",
        design,
        problem.y,
        result.smoothed_state[states, -1] * back,
        result.smoothed_state_cov[states, states, -1] * np.outer(back, back),
        constant_df(float("inf")),
        confidence,
        anchored=True,
        one_step=problem.y - innovations,
        innovations=innovations,
        parameters={name: float(value) for name, value in variances} | {"converged": float(converged)},
        notes=("variances taken as known", *(() if converged else ("the fit did not converge",))),
    )


def _refuse_too_little(problem: Problem, season: int | None) -> None:
    """Raise CareshiftError for a season of no length, no terms, or fewer points than the states need."""
    if season is not None and season < 2:
        raise CareshiftError(f"A season has 2 periods or more, not {season}.")
    terms = [term for term in problem.design.terms if term != "constant"]
    if not terms:
        raise CareshiftError("A local-level model needs a trend, an interruption or a regressor.")
    needed = len(terms) + (season or 1) + VARIANCES
    if problem.y.size < needed:
        raise CareshiftError(
            f"{problem.y.size} points are too few for a wandering level, a season and {len(terms)} terms; "
            f"{needed} are needed."
        )


def _best(y: np.ndarray, matrix: np.ndarray, season: int | None) -> tuple[Any, bool]:
    """Return the fit of the highest likelihood from several starts, and whether it converged."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    options: dict[str, Any] = {} if season is None else {"seasonal": season, "stochastic_seasonal": False}
    model = UnobservedComponents(
        y, level="local level", exog=matrix, mle_regression=False, use_exact_diffuse=True, **options
    )
    fits = []
    for start in (None, np.array([0.5, 0.01]), np.array([0.1, 0.1])):
        with warnings.catch_warnings():
            # A start that fails is dropped; the best one's convergence is reported in the notes.
            warnings.simplefilter("ignore")
            fits.append(model.fit(start, disp=0, maxiter=500, cov_type="none"))
    best = max(fits, key=lambda fit: (round(fit.llf, 6), fit.mle_retvals["converged"]))
    return best, bool(best.mle_retvals["converged"])
