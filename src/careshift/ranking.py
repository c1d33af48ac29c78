"""Where an area stands among others, and how sure that is.

One year's figure of an area moves with chance and passing circumstances, the more so where fewer people
stand behind it. How much is read from the data: from the year-to-year movement of every area around the
national path. Ranks get confidence sets from pairwise differences [1]; the limits around the national value
are those of a funnel plot with over-dispersion [2].

[1] M. Mogstad, J. P. Romano, A. M. Shaikh and D. Wilhelm, Inference for ranks, Review of Economic Studies 91
    (2024) 476-518: the marginal confidence set with Bonferroni's correction.
[2] D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24
    (2005) 1185-1202.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from careshift.project import CareshiftError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def spread_of_one_year(values: pd.DataFrame, national: pd.Series, size: pd.Series) -> pd.Series:
    """Return each area's standard error of one year's figure, in the unit of the values.

    `values` has a row an area and a column a period in order, missing where there is no figure; `national` is
    the country's value by period; `size` the number of people behind each area's figure. The variance is
    a + b/size with a and b not negative, from half the mean squared year-to-year change of the difference to
    the national value: two moment equations, areas weighted alike and by size. Raises CareshiftError where
    fewer than two areas have two periods.
    """
    moves = values.sub(national, axis="columns").diff(axis="columns")
    observed = ((moves**2).mean(axis="columns") / 2).dropna()
    if len(observed) < 2:
        raise CareshiftError("The movement from year to year needs two areas with figures of two years.")
    people = size.reindex(observed.index).astype(float)
    shared, own = _moments(observed.to_numpy(float), people.to_numpy(float))
    return pd.Series(np.sqrt(shared + own / size.reindex(values.index).astype(float)), index=values.index)


def _moments(observed: NDArray[Any], people: NDArray[Any]) -> tuple[float, float]:
    """Return a and b of a + b/people: both mean equations hold, or one term is left out."""
    equations = np.array([[1.0, (1 / people).mean()], [people.mean(), 1.0]])
    targets = np.array([observed.mean(), (observed * people).mean()])
    if np.ptp(people) == 0:
        return float(targets[0]), 0.0
    shared, own = np.linalg.solve(equations, targets)
    if own < 0:
        return float(targets[0]), 0.0
    return (0.0, float(targets[1])) if shared < 0 else (float(shared), float(own))


def ranks(values: pd.Series, errors: pd.Series, confidence: float = 0.95) -> pd.DataFrame:
    """Return each area's rank, 1 for the highest value, with its confidence set.

    Columns rank, first, last. An area certainly stands below those whose value is clearly higher, and above
    those clearly lower: a difference is clear beyond the Bonferroni limit of all comparisons with the other
    areas, so that the set of an area holds its true rank with at least the confidence. Ties share the better
    rank. `errors` are standard errors of independent values; areas without a value are left out.
    """
    known = values.dropna()
    x, v = known.to_numpy(float), errors.reindex(known.index).to_numpy(float) ** 2
    others = max(len(x) - 1, 1)
    limit = NormalDist().inv_cdf(1 - (1 - confidence) / 2 / others)
    difference = np.subtract.outer(x, x)  # row area minus column area
    margin = limit * np.sqrt(np.add.outer(v, v))
    return pd.DataFrame(
        {
            "rank": 1 + (difference < 0).sum(axis=1),
            "first": 1 + (difference < -margin).sum(axis=1),
            "last": len(x) - (difference > margin).sum(axis=1),
        },
        index=known.index,
    )


def against(value: float, national: float, error: float) -> str:
    """Return where a value lies in the funnel around the national one.

    "far above" and "far below" are outside the 99.8 % limits, "above" and "below" outside the 95 % limits,
    "alike" is inside.
    """
    way = "above" if value > national else "below"
    if abs(value - national) > z_of(0.998) * error:
        return f"far {way}"
    return way if abs(value - national) > z_of(0.95) * error else "alike"


def z_of(confidence: float) -> float:
    """Return the two-sided normal quantile of a confidence: 0.95 -> 1.96."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)
