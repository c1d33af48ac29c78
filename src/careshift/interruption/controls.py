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

from careshift.interruption.fit import Fit, constant_df
from careshift.interruption.likelihood import reml
from careshift.interruption.linear import least_squares, ols
from careshift.interruption.model import Design, ImpactModel, Values, prepare
from careshift.project import CareshiftError

Method = Literal["kenward-roger", "ols", "stacked"]


def controlled(
    y: Values,
    time: Values,
    model: ImpactModel,
    controls: pd.DataFrame,
    *,
    method: Method = "kenward-roger",
    confidence: float = 0.95,
) -> Fit:
    """Difference in level and slope change between a series and its controls, in the series' unit.

    y, time : n values each; controls : frame of n rows, one series a column.
    method : ``kenward-roger`` or ``ols`` fit the series less the controls' mean; ``stacked`` fits all series'
    rows at once with a term for every difference (the form of Stata's ``itsa``) and independent errors, which
    takes 38 controls for 38 independent witnesses and is shown for comparison. All give the same estimates
    under ``ols``. Raises CareshiftError on bad input.
    """
    difference, names = less_controls(y, controls)
    note = f"difference from the mean of {len(names)} control{'s' if len(names) > 1 else ''}"
    if method == "stacked":
        return _stacked(np.asarray(y, dtype=float), time, model, controls, confidence)
    if method not in ("kenward-roger", "ols"):
        raise CareshiftError(f'Unknown method "{method}": use "kenward-roger", "ols" or "stacked".')
    estimator = reml if method == "kenward-roger" else ols
    fit = estimator(difference, time, model, confidence=confidence)
    return replace(fit, estimator=f"{fit.estimator}, controlled", notes=(*fit.notes, note))


def placebo_controls(y: Values, time: Values, model: ImpactModel, controls: pd.DataFrame) -> pd.DataFrame:
    """Each control treated as if it had been interrupted, against the other controls, in the series' unit.

    One row a series and term: ``series`` ("treated" for the real one), ``term``, ``estimate``, and ``p``: the
    share of series whose estimate is at least as far from zero. With N controls no p below 1 / (N + 1) is
    possible. Raises CareshiftError with fewer than two controls.
    """
    less_controls(y, controls)
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
    """The controlled estimate without each control in turn, in the series' unit.

    One row a control left out and term: ``left_out``, ``term``, ``estimate``, ``low``, ``high``. Raises
    CareshiftError with fewer than two controls.
    """
    less_controls(y, controls)
    if controls.shape[1] < 2:
        raise CareshiftError("Leaving one control out needs at least two controls.")
    rows = []
    for name in controls.columns:
        fit = controlled(y, time, model, controls.drop(columns=name), method=method)
        for term in fit.design.effects:
            effect = fit.coefficient(term)
            rows.append((str(name), term, effect.estimate, effect.low, effect.high))
    return pd.DataFrame(rows, columns=["left_out", "term", "estimate", "low", "high"])


def less_controls(y: Values, controls: pd.DataFrame) -> tuple[np.ndarray, tuple[str, ...]]:
    """The series less its controls' mean (n), and their names; raises CareshiftError on bad input."""
    values = np.asarray(y, dtype=float)
    if controls.shape[1] == 0:
        raise CareshiftError("Give at least one control series.")
    if len(controls) != values.size:
        raise CareshiftError(f"The controls have {len(controls)} rows but the series {values.size}.")
    numbers = controls.to_numpy(dtype=float)
    for name, column in zip(controls.columns, numbers.T, strict=True):
        if not np.isfinite(column).all():
            raise CareshiftError(f'Control "{name}" has a missing or infinite value.')
    return values - numbers.mean(axis=1), tuple(str(name) for name in controls.columns)


def _stacked(
    y: np.ndarray, time: Values, model: ImpactModel, controls: pd.DataFrame, confidence: float
) -> Fit:
    single = prepare(y, time, model).design
    count = controls.shape[1]
    treated = np.repeat([1.0, *np.zeros(count)], single.time.size)
    common = np.tile(single.matrix, (count + 1, 1))
    matrix = np.column_stack([common, common * treated[:, None]])
    others = controls.to_numpy(dtype=float)[single.kept].T.ravel()
    stacked = np.concatenate([y[single.kept], others])
    terms = (*single.terms, *(f"difference in {term}" for term in single.terms))
    design = Design(
        model,
        np.tile(single.time, count + 1),
        matrix,
        terms,
        tuple(f"difference in {term}" for term in single.effects),
        np.tile(single.kept, count + 1),
    )
    estimate, inverse, residuals = least_squares(matrix, stacked)
    df = stacked.size - matrix.shape[1]
    covariance = float(residuals @ residuals) / df * inverse
    note = f"all rows of {count} controls taken as independent"
    return Fit(
        "OLS, stacked", design, stacked, estimate, covariance, constant_df(df), confidence, notes=(note,)
    )
