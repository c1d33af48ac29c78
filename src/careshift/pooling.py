"""Areas that all changed on one date, pooled in part: their mean change, and how each lies from it.

Thirty-two areas that share one country's winters and rules are not thirty-two witnesses. A shock of each
period, common to all areas, goes into the error of the mean change; the rest is what areas have apart.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from careshift.project import CareshiftError

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 2
"""Times that each side of the date needs at least."""
POWER = 0.8
PARTS = {"level": "0 + C(area)", "move": "0 + C(area):after", "shock": "0 + C(time)"}


@dataclass(frozen=True)
class Pooled:
    """The mean change of all areas, in the unit of the values, and how each area lies from it.

    estimate, low, high : mean change with its t interval. se, se_if_independent : standard error with common
    shocks, and without them. df : degrees of freedom. detectable : smallest true change found with 80 %
    power. witnesses : how many areas without a common shock would say as much of a period as these do.
    before : mean of all areas before. areas : a row an area: area, own (its change as it is), pooled (drawn
    to the mean), apart (pooled less mean), low, high (of apart: what is common to all is not in it).
    """

    estimate: float
    low: float
    high: float
    se: float
    se_if_independent: float
    df: float
    detectable: float
    witnesses: float
    before: float
    areas: pd.DataFrame


def mean_change(panel: pd.DataFrame, at: float, confidence: float = 0.95, trend: bool = False) -> Pooled:
    """Return the mean change of areas from `at` on, each area counting alike.

    panel : one row an area and time, columns area, time, value; every area has the same times. Each area has
    a level and a change of its own, drawn to the mean of all (normal), each time a shock common to all
    (normal), and each value an error of its own; variances by REML. `trend` puts a common straight line
    underneath.
    Raises CareshiftError for a missing value, or fewer than three areas or two times on a side of `at`.

    Sources: Laird and Ware (1982), Biometrics 38: 963-974 (the model, by statsmodels' MixedLM); Satterthwaite
    (1946), Biometrics Bulletin 2: 110-114 (degrees of freedom); Kish (1965), Survey Sampling (the witnesses).
    """
    from scipy import stats

    wide = panel.pivot(index="time", columns="area", values="value").sort_index()
    is_after = wide.index.to_numpy(float) >= at
    if wide.isna().to_numpy().any() or wide.shape[1] < 3 or min(is_after.sum(), (~is_after).sum()) < FEWEST:
        raise CareshiftError(
            "Pooling needs three areas, two times before and two after, and every area at every time."
        )
    fit, scale = _fit(panel, at, trend)
    own = wide[is_after].mean() - wide[~is_after].mean()
    variances = dict(zip(fit.model.exog_vc.names, fit.vcomp, strict=True)) | {"error": fit.scale}
    df = _degrees_of_freedom(variances, is_after, wide.index.to_numpy(float), wide.shape[1], trend)
    estimate, se = float(fit.fe_params["after"]) * scale, float(fit.bse_fe["after"]) * scale
    half = stats.t.ppf((1 + confidence) / 2, df) * se
    share = variances["shock"] / (variances["shock"] + variances["error"])
    return Pooled(
        *(estimate, estimate - half, estimate + half, se),
        se_if_independent=float(own.std() / np.sqrt(own.size)),
        df=df,
        detectable=_detectable(df, confidence) * se,
        witnesses=own.size / (1 + (own.size - 1) * share),
        before=float(wide[~is_after].to_numpy().mean()),
        areas=_areas(fit, own, estimate, scale, confidence),
    )


def _fit(panel: pd.DataFrame, at: float, trend: bool) -> tuple[Any, float]:
    """Return the fitted mixed model of values in units of their spread, and that spread."""
    import statsmodels.formula.api as smf
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    scale = float(panel["value"].std())
    middle = panel["time"] - panel["time"].mean()
    frame = panel.assign(y=panel["value"] / scale, after=(panel["time"] >= at) * 1.0, middle=middle, all=1)
    formula = "y ~ after + middle" if trend else "y ~ after"
    model = smf.mixedlm(formula, frame, groups="all", vc_formula=PARTS, re_formula="0")
    with warnings.catch_warnings():
        # A variance at its boundary, zero, is an answer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit = model.fit(reml=True)
    if not fit.converged or not np.isfinite(fit.bse_fe["after"]):
        raise CareshiftError("The pooled change of these areas cannot be estimated.")
    return fit, scale


def _degrees_of_freedom(
    variances: dict[str, float], is_after: np.ndarray, times: np.ndarray, areas: int, trend: bool
) -> float:
    """Return Satterthwaite's degrees of freedom of the mean change, from mean squares of a balanced panel."""
    columns = [np.ones(times.size), is_after * 1.0, *([times - times.mean()] if trend else [])]
    design = np.column_stack(columns)
    each = 1 / is_after.sum() + 1 / (~is_after).sum()
    error = variances["error"]
    parts = {
        times.size - design.shape[1]: np.linalg.inv(design.T @ design)[1, 1]
        * (error / areas + variances["shock"]),
        areas - 1: (each * error + variances["move"]) / areas,
        (areas - 1) * (times.size - 2): -each * error / areas,
    }
    return float(sum(parts.values()) ** 2 / sum(part**2 / df for df, part in parts.items()))


def _detectable(df: float, confidence: float) -> float:
    """Return how many standard errors a change must have to be found with `POWER`, by the noncentral t."""
    from statsmodels.stats.power import TTestPower

    size = TTestPower().solve_power(nobs=df + 1, alpha=1 - confidence, power=POWER)
    return float(size * np.sqrt(df + 1))


def _areas(fit: Any, own: pd.Series, estimate: float, scale: float, confidence: float) -> pd.DataFrame:
    """Return each area's change: as it is, drawn to the mean, and how far from the mean with its interval."""
    import pandas as pd
    from scipy import stats

    moves = fit.random_effects[1].filter(like="move[") * scale
    spread = np.sqrt(np.diag(fit.random_effects_cov[1].loc[moves.index, moves.index])) * scale
    half = stats.norm.ppf((1 + confidence) / 2) * spread
    apart = moves.to_numpy()
    return pd.DataFrame(
        {
            "area": own.index,
            "own": own.to_numpy(),
            "pooled": estimate + apart,
            "apart": apart,
            "low": apart - half,
            "high": apart + half,
        }
    )
