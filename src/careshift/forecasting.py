"""Forecasts from a past alone, tried from every origin: what a counterfactual would have been worth.

An expectation of what would have come is a forecast. Where nothing happened it can be scored: made from the
years up to an origin and held against the years after it.

Sources: Tashman (2000), International Journal of Forecasting 16: 437-450 (rolling origins); Hyndman and
Athanasopoulos (2021), Forecasting: Principles and Practice, third edition (intervals).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from careshift.project import CareshiftError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Method = Literal["straight trend", "last value"]
METHODS: tuple[Method, ...] = ("straight trend", "last value")
FEWEST = 4
"""Points that a straight trend and the spread around it need at least."""
MOST = 0.95
"""The share of errors that `high_trend` and `high_value` hold."""


def forecast(past: Array, ahead: int, method: Method, confidence: float = 0.95) -> tuple[Array, Array]:
    """Return the forecasts 1 to `ahead` periods after the last, and half the width of their intervals.

    past : (n,) or (n, areas), evenly spaced; both answers are (ahead,) or (ahead, areas), in its unit.
    method : a straight line by least squares with its prediction interval, or the last value with that of a
    random walk. An interval is for one observation. Raises CareshiftError below `FEWEST` points.
    """
    from scipy import stats

    count = len(past)
    if count < FEWEST:
        raise CareshiftError(f"A forecast needs at least {FEWEST} points before its origin, not {count}.")
    shape = (ahead, *[1] * (past.ndim - 1))
    steps = np.arange(1, ahead + 1).reshape(shape)
    if method == "last value":
        spread = np.sqrt(np.square(np.diff(past, axis=0)).mean(axis=0))
        half = stats.t.ppf((1 + confidence) / 2, count - 1) * spread * np.sqrt(steps)
        return np.broadcast_to(past[-1], half.shape).copy(), half
    times = np.arange(count) - (count - 1) / 2
    square = float(times @ times)
    slope, level = np.tensordot(times, past, 1) / square, past.mean(axis=0)
    later = times[-1] + steps
    left = past - level - np.multiply.outer(times, slope)
    error = np.sqrt(np.square(left).sum(axis=0) / (count - 2))
    half = stats.t.ppf((1 + confidence) / 2, count - 2) * error * np.sqrt(1 + 1 / count + later**2 / square)
    return level + slope * later, half


def rolling_origin(
    panel: pd.DataFrame, ahead: int, *, fewest: int = FEWEST, confidence: float = 0.95
) -> pd.DataFrame:
    """Return every forecast that could have been made and held against what came.

    panel : one row a period, evenly spaced whole numbers, one column an area, no gaps. An origin is the last
    known period; each has at least `fewest` periods up to it and `ahead` after it. A row a method, origin,
    step and area: method, origin, step, area, actual, forecast, error (forecast less actual), inside (its
    interval holds what came). Raises CareshiftError where no origin is left.
    """
    import pandas as pd

    if len(panel) < fewest + ahead:
        raise CareshiftError(
            f"{len(panel)} periods leave no origin with {fewest} before and {ahead} after it."
        )
    values, parts = panel.to_numpy(float), []
    for last in range(fewest - 1, len(panel) - ahead):
        came = values[last + 1 : last + 1 + ahead]
        for method in METHODS:
            made, half = forecast(values[: last + 1], ahead, method, confidence)
            inside = np.abs(made - came) <= half
            columns = {"actual": came, "forecast": made, "error": made - came, "inside": inside}
            rows = pd.DataFrame({name: array.ravel() for name, array in columns.items()})
            rows["area"] = np.tile(panel.columns.to_numpy(), ahead)
            rows["step"] = np.repeat(np.arange(1, ahead + 1), len(panel.columns))
            parts.append(rows.assign(method=method, origin=int(panel.index[last])))
    return pd.concat(parts, ignore_index=True)


def scores(forecasts: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return how good the forecasts of `rolling_origin` were, a row a value of the column `by`.

    Columns `by`, forecasts (how many a method), and for each method, named by its last word: error_trend and
    error_value (mean absolute error), percent_trend and percent_value (in percent of what came), high_trend
    and high_value (the percent that 95 of 100 errors stay within), and inside_trend and inside_value (percent
    of intervals that hold it).
    """
    import pandas as pd

    sized = forecasts.assign(error=forecasts["error"].abs(), inside=100.0 * forecasts["inside"])
    sized["percent"] = 100 * sized["error"] / sized["actual"].abs()
    columns: dict[str, pd.Series[float]] = {}
    for method in METHODS:
        grouped = sized[sized["method"] == method].groupby(by)
        means = grouped[["error", "percent", "inside"]].mean()
        means["high"] = grouped["percent"].quantile(MOST)
        columns |= {f"{name}_{method.split()[1]}": means[name] for name in means}
    count = sized[sized["method"] == METHODS[0]].groupby(by).size()
    return pd.DataFrame({"forecasts": count, **columns}).reset_index()
