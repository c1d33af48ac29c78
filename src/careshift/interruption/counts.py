"""Counts with a population behind them: Poisson, quasi-Poisson and negative binomial rate ratios.

The interval these families print assumes no autocorrelation; the robust one allows for it but is too narrow
in short series. A report therefore leads with :mod:`careshift.interruption.count_autocorrelation`. Source:
Lopez Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import optimize

from careshift.interruption.fit import Fit, constant_df
from careshift.interruption.linear import bartlett, default_lags
from careshift.interruption.model import ImpactModel, Problem, prepare
from careshift.interruption.values import Values
from careshift.project import CareshiftError

LEAST_LOG_ALPHA, MOST_LOG_ALPHA = -16.0, 12.0
Family = Literal["poisson", "quasi-poisson", "negative-binomial"]


def count_model(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    family: Family = "quasi-poisson",
    offset: Values | None = None,
    population: Values | None = None,
    regressors: pd.DataFrame | None = None,
    robust: bool = False,
    lags: int | None = None,
    confidence: float = 0.95,
) -> Fit:
    """Level and slope change of a count as rate ratios (1 = no change; slopes per unit of time).

    y, time, model, regressors, confidence : as in :func:`careshift.interruption.ols`; y holds n counts.
    family : ``poisson`` (variance equal to the mean), ``quasi-poisson`` (scaled
    by Pearson's chi-squared over n - k), ``negative-binomial`` (its overdispersion by maximum likelihood).
    offset, population : log exposure, or the exposure itself (n values above zero); not both.
    robust : errors robust to autocorrelation up to ``lags`` (Newey-West with n / (n - k), t intervals);
    otherwise Wald intervals by the normal.

    Returns a :class:`Fit` with log link. Raises CareshiftError for negative counts, a zero or missing
    population, an unknown family and other bad input. Sources: McCullagh and Nelder (1989), *Generalized
    Linear Models*; Newey and West (1987).
    """
    if family not in get_args(Family):
        raise CareshiftError(f'Unknown family "{family}": use {", ".join(get_args(Family))}.')
    exposure = log_exposure(np.size(y), offset, population)
    problem = prepare_counts(y, time, model, regressors, exposure)
    estimate, mean, alpha = _fit_family(problem, family)
    variance = mean * (1 + alpha * mean)
    at_end = alpha > 0.99 * np.exp(MOST_LOG_ALPHA)
    dispersion = float(np.sum((problem.y - mean) ** 2 / variance)) / problem.residual_df
    lags = default_lags(problem.y.size) if lags is None else lags
    scale = dispersion if family == "quasi-poisson" else 1.0
    parameters = {"dispersion": dispersion} | ({"alpha": alpha} if family == "negative-binomial" else {})
    return Fit(
        family.capitalize() + (", robust" if robust else ""),
        problem.design,
        problem.y,
        estimate,
        _covariance(problem, mean, variance, scale, lags if robust else None),
        constant_df(problem.residual_df if robust else float("inf")),
        confidence,
        link="log",
        offset=problem.offset,
        innovations=(problem.y - mean) / np.sqrt(variance),
        parameters=parameters,
        notes=(
            f"Newey-West errors, lag {lags}" if robust else "assumes no autocorrelation",
            *(("its dispersion stands at the end of the range that is searched",) if at_end else ()),
        ),
    )


def _covariance(
    problem: Problem, mean: np.ndarray, variance: np.ndarray, scale: float, lags: int | None
) -> np.ndarray:
    """Coefficients' covariance (k, k): the family's own times ``scale``, or Newey-West with ``lags``."""
    matrix = problem.design.matrix
    bread = np.linalg.inv(matrix.T @ (matrix * (mean**2 / variance)[:, None]))
    if lags is None:
        return np.asarray(scale * bread)
    scores = matrix * ((problem.y - mean) * mean / variance)[:, None]
    return np.asarray(problem.y.size / problem.residual_df * bread @ bartlett(scores, lags) @ bread)


def log_exposure(size: int, offset: Values | None, population: Values | None) -> np.ndarray | None:
    """Log exposure (n) of an offset or population, None without; raises CareshiftError on bad ones."""
    if offset is not None and population is not None:
        raise CareshiftError("Give the offset or the population, not both.")
    if population is None:
        return None if offset is None else np.asarray(offset, dtype=float)
    people = np.asarray(population, dtype=float)
    if people.size != size:
        raise CareshiftError(f"The population has {people.size} values but the series {size}.")
    bad = np.flatnonzero(~(np.isfinite(people) & (people > 0)))
    if bad.size:
        raise CareshiftError(f"Population {bad[0] + 1} is zero, negative or missing: a rate needs people.")
    return np.asarray(np.log(people))


def log_rate(estimator: Callable[..., Fit]) -> Callable[..., Fit]:
    """Return a linear estimator made to fit the log rate of counts; its effects are rate ratios."""

    def fit_log_rate(
        y: Values,
        time: Values,
        model: ImpactModel,
        *,
        offset: Values | None = None,
        **options: Any,
    ) -> Fit:
        counts = np.asarray(y, dtype=float)
        if not (counts > 0).all():
            raise CareshiftError("The log rate needs counts above zero: use a count model.")
        exposure = np.zeros(counts.size) if offset is None else np.asarray(offset, dtype=float)
        fit = estimator(np.log(counts) - exposure, time, model, **options)
        kept = fit.design.kept
        name = f"{fit.estimator} of the log rate"
        return replace(fit, estimator=name, y=counts[kept], link="log", offset=exposure[kept])

    return fit_log_rate


def prepare_counts(
    y: Values,
    time: Values,
    model: ImpactModel,
    regressors: pd.DataFrame | None,
    exposure: np.ndarray | None,
) -> Problem:
    """Check a series of counts against its impact model; raises CareshiftError for what is no count."""
    problem = prepare(y, time, model, regressors, exposure)
    counts = np.asarray(y, dtype=float)
    negative = np.flatnonzero(counts < 0)
    if negative.size:
        raise CareshiftError(f"Count {negative[0] + 1} is negative. Mend it or leave the period out.")
    broken = np.flatnonzero(counts % 1)
    if broken.size:
        raise CareshiftError(
            f"Count {broken[0] + 1} is {counts[broken[0]]:g}, and a count is a whole number. For a rate or a "
            "mean leave the family out."
        )
    return problem


def _fit_family(problem: Problem, family: Family) -> tuple[np.ndarray, np.ndarray, float]:
    """Coefficients (k), expected counts (n) and the negative binomial's alpha (0 for Poisson families)."""
    if family != "negative-binomial":
        estimate, mean = poisson_mean(problem, 0.0)
        return estimate, mean, 0.0

    def deviance(log_alpha: float) -> float:
        try:
            return -_negative_binomial_likelihood(problem, float(np.exp(log_alpha)))
        except CareshiftError:
            return float("inf")

    # The likelihood can have more than one hill, so that a grid finds the highest before the search.
    steps = np.arange(LEAST_LOG_ALPHA, MOST_LOG_ALPHA + 1, 2)
    start = float(steps[int(np.argmin([deviance(step) for step in steps]))])
    bounds = (max(start - 2, LEAST_LOG_ALPHA), min(start + 2, MOST_LOG_ALPHA))
    found = optimize.minimize_scalar(deviance, bounds=bounds, method="bounded", options={"xatol": 1e-8})
    alpha = float(np.exp(found.x))
    estimate, mean = poisson_mean(problem, alpha)
    return estimate, mean, alpha


def _negative_binomial_likelihood(problem: Problem, alpha: float) -> float:
    from scipy.special import gammaln

    _, mean = poisson_mean(problem, alpha)
    size, y = 1 / alpha, problem.y
    return float(
        np.sum(
            gammaln(y + size)
            - gammaln(size)
            - gammaln(y + 1)
            - size * np.log1p(alpha * mean)
            + y * (np.log(alpha * mean) - np.log1p(alpha * mean))
        )
    )


def poisson_mean(problem: Problem, alpha: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients (k) and expected counts (n) by reweighted least squares with a log link.

    alpha : overdispersion of the negative binomial, 0 for Poisson. Raises CareshiftError where none settles.
    """
    matrix, y = problem.design.matrix, problem.y
    common = np.exp(problem.offset) * y.sum() / np.exp(problem.offset).sum()
    predictor = np.log((y + common) / 2)
    for _ in range(100):
        mean = np.exp(predictor)
        root = np.sqrt(mean / (1 + alpha * mean))
        working = predictor - problem.offset + (y - mean) / mean
        estimate = np.linalg.lstsq(matrix * root[:, None], working * root, rcond=None)[0]
        before, predictor = predictor, matrix @ estimate + problem.offset
        if not np.isfinite(predictor).all() or np.abs(predictor).max() > 500:
            break
        if np.abs(predictor - before).max() < 1e-10:
            return estimate, np.exp(predictor)
    raise CareshiftError(
        "The count model does not settle: a period or group of periods may hold no events at all."
    )
