"""All estimators of one series beside each other, the leading one first.

REML with Kenward-Roger intervals leads in every series: its coverage is the nearest to what it claims in the
committed coverage tables, from ten points on and whatever the autocorrelation. Neither the number of points,
nor a test of the residuals, nor a count of nought chooses another.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from careshift.interruption.count_autocorrelation import count_reml
from careshift.interruption.counts import count_model, log_rate, prepare_counts
from careshift.interruption.fit import Fit
from careshift.interruption.likelihood import reml
from careshift.interruption.linear import newey_west, ols, prais_winsten
from careshift.interruption.model import ImpactModel, prepare
from careshift.interruption.values import Values

MOST_DENSE = 400  # points up to which a matrix of points by points is made
UNEVEN = "Prais-Winsten is left out: the times are unevenly spaced."
Estimator = Callable[..., Fit]


def of_measures(
    y: Values, time: Values, model: ImpactModel, options: dict[str, Any]
) -> tuple[list[Fit], Estimator, list[str]]:
    """Return all linear fits, the leading one first; the leading estimator; and why others are left out.

    options : ``regressors`` and ``confidence``, passed to each estimator.
    """
    design = prepare(y, time, model, options["regressors"]).design
    left_out = []
    fits = [estimator(y, time, model, **options) for estimator in (reml, ols, newey_west)]
    if design.is_evenly_spaced:
        fits.append(prais_winsten(y, time, model, **options))
    else:
        left_out.append(UNEVEN)
    fits.append(reml(y, time, model, inference="satterthwaite", **options))
    if design.time.size > MOST_DENSE:
        left_out.append(f"AR(2) is left out: it is written for {MOST_DENSE} points at most.")
    elif np.allclose(design.gaps, np.round(design.gaps), atol=1e-6):
        fits.append(reml(y, time, model, order=2, **options))
    else:
        left_out.append("AR(2) is left out: gaps are not whole multiples of the smallest.")
    return fits, reml, left_out


def of_counts(
    y: Values, time: Values, model: ImpactModel, family: str, options: dict[str, Any]
) -> tuple[list[Fit], Estimator, list[str]]:
    """Return all fits of a count series, the leading one first; its estimator; why others are left out.

    options : ``offset`` (log exposure or None), ``regressors`` and ``confidence``, passed to each estimator.
    """
    problem = prepare_counts(y, time, model, options["regressors"], options["offset"])
    fits = [
        count_reml(y, time, model, **options),
        count_model(y, time, model, family=family, robust=True, **options),  # type: ignore[arg-type]
        count_model(y, time, model, family=family, **options),  # type: ignore[arg-type]
    ]
    if (problem.y == 0).any():
        return fits, count_reml, ["Fits of the log rate are left out: a count is zero."]
    even = problem.design.is_evenly_spaced
    linear = [reml, ols, newey_west, *([prais_winsten] if even else [])]
    fits += [log_rate(estimator)(y, time, model, **options) for estimator in linear]
    return fits, count_reml, [] if even else [UNEVEN]
