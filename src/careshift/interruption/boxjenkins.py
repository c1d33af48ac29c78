"""ARIMA models with the interruption as regressors, for monthly and quarterly series with strong seasons."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from careshift.interruption.fit import Fit, constant_df
from careshift.interruption.model import Design, ImpactModel, prepare
from careshift.interruption.values import Values
from careshift.project import CareshiftError

Order = tuple[int, int, int]
SeasonalOrder = tuple[int, int, int, int]


def arima(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    order: Order = (1, 0, 0),
    seasonal_order: SeasonalOrder = (0, 0, 0, 0),
    regressors: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Fit:
    """Level and slope change by regression with ARIMA errors, in the series' unit, with normal intervals.

    y, time, model, regressors, confidence : as in :func:`careshift.interruption.ols`, n values and n rows;
    evenly spaced times. order : (p, d, q); seasonal_order : (P, D, Q, s). Terms that
    differencing removes (the constant, a trend) are left out. ``parameters`` has the ARMA coefficients,
    ``converged`` and the log-likelihood of the differenced, rescaled series.

    The series is differenced before the fit and scaled to unit variance, and the fit is started from several
    points: the defaults of statsmodels fail on published series. Intervals take the ARMA coefficients as
    known. Raises CareshiftError on bad input, uneven spacing, or too few points for the orders. Sources: Box
    and Tiao (1975), JASA; Schaffer, Dobbins and Pearson (2021), BMC Medical Research Methodology 21: 58.
    """
    _check_orders(order, seasonal_order)
    problem = prepare(y, time, model, regressors)
    if not problem.design.is_evenly_spaced:
        raise CareshiftError("ARIMA needs evenly spaced times; REML takes gaps into account.")
    design, differenced = _differenced(problem.design, order, seasonal_order)
    y_scale = float(np.std(_difference(problem.y, order[1], seasonal_order)))
    x_scale = np.sqrt((differenced**2).mean(axis=0))
    result, converged = _best(problem.y / y_scale, design.matrix / x_scale, order, seasonal_order)
    back, count = y_scale / x_scale, len(design.terms)
    innovations = np.asarray(result.resid) * y_scale
    lost = problem.y.size - innovations.size
    parameters = dict(zip(result.param_names[count:], map(float, result.params[count:]), strict=True))
    parameters["variance"] = parameters.pop("sigma2") * y_scale**2
    return Fit(
        f"ARIMA{order}" + (f"{seasonal_order[:3]}{seasonal_order[3]}" if seasonal_order[3] else ""),
        design,
        problem.y,
        np.asarray(result.params[:count]) * back,
        np.asarray(result.cov_params())[:count, :count] * np.outer(back, back),
        constant_df(float("inf")),
        confidence,
        anchored=lost > 0,
        one_step=problem.y - np.concatenate([np.zeros(lost), innovations]),
        innovations=innovations,
        parameters=parameters | {"converged": float(converged), "log_likelihood": float(result.llf)},
        notes=("autocorrelation taken as known", *(() if converged else ("the fit did not converge",))),
    )


def _check_orders(order: Order, seasonal_order: SeasonalOrder) -> None:
    """Raise CareshiftError for a negative order, or a season of no length."""
    if min(*order, *seasonal_order) < 0:
        raise CareshiftError(f"The orders of ARIMA{order}{seasonal_order} must be 0 or more.")
    if any(seasonal_order[:3]) and seasonal_order[3] < 2:
        raise CareshiftError(f"Seasonal orders need a season of 2 periods or more, not {seasonal_order[3]}.")


def _difference(values: np.ndarray, times: int, seasonal_order: SeasonalOrder) -> np.ndarray:
    for _ in range(seasonal_order[1]):
        values = values[seasonal_order[3] :] - values[: -seasonal_order[3]]
    return np.diff(values, n=times, axis=0)


def _differenced(design: Design, order: Order, seasonal_order: SeasonalOrder) -> tuple[Design, np.ndarray]:
    """Return the design without the terms that differencing removes, and its differenced matrix."""
    points, lost = design.time.size, order[1] + seasonal_order[1] * seasonal_order[3]
    if points <= lost + 2:
        raise CareshiftError(f"{points} points are too few for these differences.")
    differenced = _difference(design.matrix, order[1], seasonal_order)
    stays = np.abs(differenced).max(axis=0) > 1e-9 * np.abs(design.matrix).max(axis=0)
    terms = tuple(term for term, stay in zip(design.terms, stays, strict=True) if stay)
    removed = [term for term in design.effects if term not in terms]
    if removed:
        raise CareshiftError(f"Differencing removes the term {removed[0]}: use a lower order of differences.")
    if points - lost < len(terms) + sum(order[::2]) + sum(seasonal_order[:3:2]) + 2:
        raise CareshiftError(f"{points} points are too few for ARIMA{order}{seasonal_order} and its terms.")
    return replace(design, matrix=design.matrix[:, stays], terms=terms), differenced[:, stays]


def _best(y: np.ndarray, matrix: np.ndarray, order: Order, seasonal_order: SeasonalOrder) -> tuple[Any, bool]:
    """Return the fit of highest likelihood from several starts, and whether it converged."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    model = SARIMAX(
        y, exog=matrix, order=order, seasonal_order=seasonal_order, simple_differencing=True, trend="n"
    )
    fits = []
    for start in _starts(model, matrix.shape[1]):
        with warnings.catch_warnings():
            # Failed starts are expected and dropped; the best one's convergence is reported in the notes.
            warnings.simplefilter("ignore")
            try:
                fits.append(model.fit(start, disp=0, maxiter=500, cov_type="none"))
            except (np.linalg.LinAlgError, ValueError):
                continue
    usable = [fit for fit in fits if np.isfinite(fit.llf)]
    if not usable:
        raise CareshiftError(f"ARIMA{order}{seasonal_order} could not be fitted from any start.")
    best = max(usable, key=lambda fit: (round(fit.llf, 6), fit.mle_retvals["converged"]))
    result = model.smooth(best.params, cov_type="approx")
    if not np.isfinite(result.bse).all():
        raise CareshiftError(f"The standard errors of ARIMA{order}{seasonal_order} could not be computed.")
    return result, bool(best.mle_retvals["converged"])


def _starts(model: Any, regressions: int) -> Iterator[np.ndarray]:
    """Return the starts: statsmodels' own, then least squares with no, negative and positive ARMA terms."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = np.asarray(model.start_params, dtype=float)
    yield own
    x, z = np.asarray(model.exog), np.asarray(model.endog).ravel()
    plain = np.linalg.lstsq(x, z, rcond=None)[0]
    for value in (0.0, -0.3, 0.3):
        start = own.copy()
        start[:regressions] = plain
        start[regressions:-1] = value
        start[-1] = max(float(np.var(z - x @ plain)), 1e-3)
        yield start
