"""Controlled interrupted time series: one treated series beside one or several that were not interrupted.

With few controls no cluster formula holds: inference is by the treated series' difference from the controls'
mean (its own errors over time), by treating each control as if it had been interrupted, and by leaving each
control out. Source: Linden (2015), Stata Journal 15: 480-500; Abadie, Diamond and Hainmueller (2010), JASA,
for placebo inference.
"""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from careshift.interruption.alignment import frame_like
from careshift.interruption.control_series import ControlScale, less_controls
from careshift.interruption.fit import Fit, constant_df
from careshift.interruption.likelihood import reml
from careshift.interruption.linear import bartlett, least_squares, ols
from careshift.interruption.model import Design, ImpactModel, prepare
from careshift.interruption.values import Values
from careshift.project import CareshiftError

Method = Literal["kenward-roger", "ols", "stacked"]


def controlled(
    y: Values,
    time: Values,
    model: ImpactModel,
    controls: pd.DataFrame,
    *,
    method: Method = "kenward-roger",
    lags: int = 1,
    confidence: float = 0.95,
    scale: ControlScale = "same unit",
) -> Fit:
    """Difference in level and slope change between a series and its controls, in the series' unit.

    y, time, model, confidence : as in :func:`careshift.interruption.ols`, n values each. controls : frame of
    n rows, one series a column, in the unit of y, matched by index. scale : as in
    :func:`careshift.interruption.control_series.less_controls`.
    method : ``kenward-roger`` or ``ols`` fit the series less the controls' mean; ``stacked`` fits all series'
    rows at once with a term for every difference and Newey-West errors of ``lags`` within each series (the
    form of Stata's ``itsa``). It takes all controls for independent witnesses and is shown for comparison;
    its estimates are those of ``ols``. Raises CareshiftError on bad input. Source: Linden (2015), Stata
    Journal.
    """
    difference, followed = less_controls(y, controls, time, model, scale)
    many = len(followed)
    note = f"difference from the mean of {many} control{'s' if many > 1 else ''}"
    if method == "stacked":
        aligned = frame_like(controls, y, time, "controls") * followed["factor"].to_numpy()
        return _stacked(np.asarray(y, dtype=float), time, model, aligned, lags, confidence)
    if method not in ("kenward-roger", "ols"):
        raise CareshiftError(f'Unknown method "{method}": use "kenward-roger", "ols" or "stacked".')
    estimator = reml if method == "kenward-roger" else ols
    fit = estimator(difference, time, model, confidence=confidence)
    return replace(fit, estimator=f"{fit.estimator}, controlled", notes=(*fit.notes, note))


def placebo_controls(y: Values, time: Values, model: ImpactModel, controls: pd.DataFrame) -> pd.DataFrame:
    """Each control treated as if it had been interrupted, against the other controls, in the series' unit.

    y, time, model, controls : as in :func:`controlled`, n values and n rows.
    One row a series and term: ``series`` ("treated" for the real one), ``term``, ``estimate``, and ``p``: the
    share of series whose estimate is at least as far from zero. With N controls no p below 1 / (N + 1) is
    possible. Raises CareshiftError with fewer than two controls. Source: Abadie, Diamond and Hainmueller
    (2010), JASA.
    """
    less_controls(y, controls, time, model)
    controls = frame_like(controls, y, time, "controls")
    if controls.shape[1] < 2:
        raise CareshiftError("Placebo inference needs at least two controls.")
    rows = [("treated", controlled(y, time, model, controls, method="ols"))]
    for name in controls.columns:
        others = controls.drop(columns=name)
        rows.append((str(name), controlled(list(controls[name]), time, model, others, method="ols")))
    table = pd.DataFrame(
        [
            {"series": name, "term": term, "estimate": fit.coefficient(term).estimate}
            for name, fit in rows
            for term in fit.design.effects
        ]
    )
    size = table["estimate"].abs()
    return table.assign(p=size.groupby(table["term"]).rank(ascending=False, method="max") / len(rows))


def leave_one_out(
    y: Values,
    time: Values,
    model: ImpactModel,
    controls: pd.DataFrame,
    *,
    method: Method = "kenward-roger",
) -> pd.DataFrame:
    """Return the controlled estimate without each control in turn, in the series' unit.

    y, time, model, controls, method : as in :func:`controlled`, n values and n rows.
    One row a control left out and term: ``left_out``, ``term``, ``estimate``, ``low``, ``high``. Raises
    CareshiftError with fewer than two controls. Source: Abadie, Diamond and Hainmueller (2015), American
    Journal of Political Science.
    """
    less_controls(y, controls, time, model)
    controls = frame_like(controls, y, time, "controls")
    if controls.shape[1] < 2:
        raise CareshiftError("Leaving one control out needs at least two controls.")
    rows = []
    for name in controls.columns:
        fit = controlled(y, time, model, controls.drop(columns=name), method=method)
        for term in fit.design.effects:
            effect = fit.coefficient(term)
            rows.append((str(name), term, effect.estimate, effect.low, effect.high))
    return pd.DataFrame(rows, columns=["left_out", "term", "estimate", "low", "high"])


def _stacked(
    y: np.ndarray, time: Values, model: ImpactModel, controls: pd.DataFrame, lags: int, confidence: float
) -> Fit:
    single = prepare(y, time, model).design
    count, points = controls.shape[1] + 1, single.time.size
    if not 0 <= lags < points:
        raise CareshiftError(f"Newey-West needs between 0 and {points - 1} lags, not {lags}.")
    series = np.column_stack([y, controls.to_numpy(dtype=float)])[single.kept]
    design = _stacked_design(single, count)
    matrix, stacked = design.matrix, series.T.ravel()
    estimate, inverse, residuals = least_squares(matrix, stacked)
    scores = (matrix * residuals[:, None]).reshape(count, points, -1)
    rows, terms = matrix.shape
    middle = rows / (rows - terms) * np.sum([bartlett(part, lags) for part in scores], axis=0)
    return Fit(
        "Newey-West, stacked",
        design,
        stacked,
        estimate,
        inverse @ middle @ inverse,
        constant_df(rows - terms),
        confidence,
        notes=(f"lag {lags}; {count - 1} controls taken as independent",),
    )


def _stacked_design(single: Design, count: int) -> Design:
    """Rows of ``count`` series, the treated one first, with terms for how it differs from the others."""
    treated = np.repeat(np.arange(count) == 0, single.time.size)
    common = np.tile(single.matrix, (count, 1))
    differences = [f"difference in {term}" for term in single.terms]
    return Design(
        single.model,
        np.tile(single.time, count),
        np.column_stack([common, common * treated[:, None]]),
        (*single.terms, *differences),
        tuple(f"difference in {term}" for term in single.effects),
        np.tile(single.kept, count),
    )
