"""Panels of areas that all switch on one date: what such a panel can tell, and what it cannot.

Thirty-two areas are not thirty-two witnesses when one shock moves them all: errors clustered by area then
miss the shock and are far too narrow. Inference goes through the population-weighted mean series, or through
errors robust to common shocks (Driscoll and Kraay 1998, Review of Economics and Statistics 80: 549-560).
Errors clustered by area (Liang and Zeger 1986, Biometrika) are here to be shown beside them.
"""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from careshift.interruption.ar1 import Ar1Reml
from careshift.interruption.fit import Fit, constant_df
from careshift.interruption.likelihood import reml
from careshift.interruption.linear import bartlett, default_lags, least_squares
from careshift.interruption.model import ImpactModel, Interruption, prepare
from careshift.interruption.values import finite
from careshift.project import CareshiftError

Method = Literal["mean series", "common shocks", "area-clustered"]


def panel(
    data: pd.DataFrame,
    model: ImpactModel,
    *,
    area: str = "area",
    time: str = "time",
    value: str = "value",
    population: str | None = None,
    method: Method = "mean series",
    confidence: float = 0.95,
) -> Fit:
    """Level and slope change common to a panel of areas, in the unit of ``value``.

    model, confidence : as in :func:`careshift.interruption.ols`. area, time, value : names of columns.
    data : frame of one row an area and time, the same times for every area. population : column of people; an
    area weighs as much as its mean population over time (all alike without it), so that the three methods
    share their least-squares estimates. Every area has its own level; trend and change are common.

    method : ``mean series`` fits the weighted mean by REML with Kenward-Roger intervals; ``common shocks`` is
    least squares with errors robust to shocks common to areas and to autocorrelation; ``area-clustered`` is
    for comparison only. Raises CareshiftError for an unbalanced panel, a zero or missing population, and
    other bad input. Sources: Driscoll and Kraay (1998), Review of Economics and Statistics; Liang and Zeger
    (1986), Biometrika.
    """
    values, weights, times = _wide(data, area, time, value, population)
    mean = values @ weights
    if method == "mean series":
        fit = reml(mean, times, model, confidence=confidence)
        note = f"weighted mean of {weights.size} areas"
        return replace(fit, estimator=f"{fit.estimator} of the mean series", notes=(*fit.notes, note))
    if method not in ("common shocks", "area-clustered"):
        raise CareshiftError(
            f'Unknown method "{method}": use "mean series", "common shocks" or "area-clustered".'
        )
    problem = prepare(mean, times, model)
    matrix, points, rest = problem.design.matrix, problem.y.size, problem.residual_df
    estimate, inverse, residuals = least_squares(matrix, problem.y)
    if method == "common shocks":
        # With common terms and a balanced panel the scores summed over areas are those of the mean series.
        lags = default_lags(points)
        middle = points / rest * bartlett(matrix * residuals[:, None], lags)
        df, name, note = rest, "OLS, robust to common shocks", f"Driscoll-Kraay, lag {lags}"
    else:
        middle = _cluster_middle(matrix, values[problem.design.kept], weights)
        df, name = weights.size - 1, "OLS, area-clustered"
        note = "too narrow wherever a shock is common to areas"
    covariance = inverse @ middle @ inverse
    return Fit(
        name, problem.design, problem.y, estimate, covariance, constant_df(df), confidence, notes=(note,)
    )


def _cluster_middle(matrix: np.ndarray, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Middle of the area-clustered covariance (k, k), each area with its own level."""
    inverse = least_squares(matrix, values[:, 0])[1]
    own = inverse @ matrix.T @ values
    centred = own - (own @ weights)[:, None]
    # The level belongs to the area, so that it carries no information about the others.
    centred[0] = 0.0
    scores = (matrix.T @ matrix) @ (centred * weights)
    areas = weights.size
    return np.asarray(areas / (areas - 1) * scores @ scores.T)


def _wide(
    data: pd.DataFrame, area: str, time: str, value: str, population: str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values (times, areas), weights that add up to one (areas), and times of a balanced panel."""
    missing = [name for name in (area, time, value, population) if name and name not in data.columns]
    if missing:
        raise CareshiftError(f'The panel has no column "{missing[0]}".')
    if data.duplicated([area, time]).any():
        row = data[data.duplicated([area, time])].iloc[0]
        raise CareshiftError(f"Area {row[area]} has time {row[time]} twice.")
    wide = data.pivot(index=time, columns=area, values=value).sort_index()
    if wide.shape[1] < 2:
        raise CareshiftError("A panel needs at least two areas; use report for one series.")
    if wide.isna().to_numpy().any():
        row, column = np.argwhere(wide.isna().to_numpy())[0]
        when, where = wide.index[row], wide.columns[column]
        raise CareshiftError(f"Area {where} has no value at {when}: every area needs the same times.")
    weights = np.ones(wide.shape[1])
    if population is not None:
        people = data[population].to_numpy(dtype=float)
        if not (np.isfinite(people) & (people > 0)).all():
            raise CareshiftError("A population of the panel is zero, negative or missing.")
        weights = data.groupby(area)[population].mean().reindex(wide.columns).to_numpy(dtype=float)
    times = finite(list(wide.index), "the time axis")
    return wide.to_numpy(dtype=float), weights / weights.sum(), times


def common_shock_coverage(
    draws: int = 2000,
    *,
    areas: int = 32,
    before: int = 8,
    after: int = 8,
    common_share: float = 0.5,
    phi: float = 0.4,
    seed: int = 20160401,
) -> pd.DataFrame:
    """Coverage of nominal 95 % intervals in panels whose areas share a shock, in percent.

    draws : number of panels. areas, before, after : number of areas, and of periods before and after. Each
    area's errors are AR(1) with coefficient ``phi``; ``common_share`` of their variance is one series
    that all areas share. One row a method and term: ``method``, ``term``, ``coverage``,
    ``monte_carlo_error``, ``draws``, ``areas``, ``points_before``, ``points_after``, ``phi``,
    ``common_share``, ``seed``. Raises CareshiftError for fewer than two areas, a share outside 0 to 1, or a
    ``phi`` of 1 or more. Source of the question: Bertrand, Duflo and Mullainathan (2004), Quarterly Journal
    of Economics.
    """
    if areas < 2 or not 0 <= common_share <= 1 or not 0 <= phi < 1:
        raise CareshiftError("Give at least two areas, a common share of 0 to 1 and a phi from 0 to below 1.")
    points = before + after
    matrix = ImpactModel((Interruption(before),)).design(np.arange(points)).matrix
    distance = np.abs(np.subtract.outer(np.arange(points), np.arange(points)))
    root = np.linalg.cholesky(np.power(phi, distance))
    rng = np.random.default_rng(seed)
    shared = np.sqrt(common_share) * root @ rng.standard_normal((points, draws))
    own = np.sqrt(1 - common_share) * np.einsum(
        "ij,jad->iad", root, rng.standard_normal((points, areas, draws))
    )
    series = shared[:, None, :] + own
    rows = []
    for method, (estimate, se, df) in _panel_intervals(matrix, series).items():
        hit = np.mean(np.abs(estimate) <= stats.t.ppf(0.975, df) * se, axis=0)
        for place, term in enumerate(("level change", "slope change")):
            error = 100 * np.sqrt(hit[place] * (1 - hit[place]) / draws)
            rows.append((method, term, 100 * hit[place], error))
    table = pd.DataFrame(rows, columns=["method", "term", "coverage", "monte_carlo_error"])
    return table.assign(
        draws=draws,
        areas=areas,
        points_before=before,
        points_after=after,
        phi=phi,
        common_share=common_share,
        seed=seed,
    )


def _panel_intervals(
    matrix: np.ndarray, series: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Estimate, standard error and df of level and slope (draws, 2) by method, for equal weights."""
    points, terms = matrix.shape
    areas, draws = series.shape[1:]
    mean = series.mean(axis=1)
    weights = np.linalg.inv(matrix.T @ matrix) @ matrix.T
    estimate = (weights @ mean).T
    residuals = mean - matrix @ estimate.T
    own = np.einsum("kt,tad->kad", weights, series)
    clustered = np.sqrt(((own - own.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) / (areas * (areas - 1)))
    plain = np.sqrt((residuals**2).sum(axis=0) / (points - terms) * (weights**2).sum(axis=1)[:, None])
    fits = Ar1Reml(matrix, np.ones(points - 1)).fit(mean)
    kenward = np.sqrt(np.diagonal(fits.adjusted, axis1=1, axis2=2))
    own_df = np.stack([fits.degrees_of_freedom(term, points - terms) for term in (2, 3)], axis=1)

    def constant(df: float) -> np.ndarray:
        return np.full((draws, 2), df)

    return {
        "OLS, area-clustered": (estimate[:, 2:], clustered.T[:, 2:], constant(areas - 1)),
        "OLS-t of the mean series": (estimate[:, 2:], plain.T[:, 2:], constant(points - terms)),
        "OLS, robust to common shocks": (
            estimate[:, 2:],
            _driscoll_kraay(weights, residuals, points / (points - terms)),
            constant(points - terms),
        ),
        "REML Kenward-Roger of the mean series": (fits.estimate[:, 2:], kenward[:, 2:], own_df),
    }


def _driscoll_kraay(weights: np.ndarray, residuals: np.ndarray, factor: float) -> np.ndarray:
    lags = default_lags(residuals.shape[0])
    errors = []
    for row in weights[2:]:
        scores = row[:, None] * residuals
        total = (scores**2).sum(axis=0)
        for lag in range(1, lags + 1):
            total = total + 2 * (1 - lag / (lags + 1)) * (scores[lag:] * scores[:-lag]).sum(axis=0)
        errors.append(np.sqrt(factor * total))
    return np.stack(errors, axis=1)
