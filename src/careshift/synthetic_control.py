"""Synthetic control: what a weighted mean of other areas says an area would have shown, and what chance does.

A weighted mean of the areas that were not yet changed (weights of at least zero that add up to one) follows
the changed area before the date; the gap after the date is the estimate. Levels may be taken out first
(`demean`). Whether the gap is more than chance is read from placebos: the same done to every other area.

The weights solve a convex problem by non-negative least squares of SciPy, exactly: as they add up to one, the
distance is a square of the weights alone, and the nearest direction is the nearest mean. A package for it
(pysyncon) solves the same problem, but leaves the weights undetermined where several fit alike: with fewer
years than areas, as here, the least penalty picks the most even ones.

Sources: Abadie, Diamond and Hainmueller (2010), doi 10.1198/jasa.2009.ap08746; Ferman and Pinto (2021), doi
10.3982/QE1596 (levels taken out); Arkhangelsky and others (2021), doi 10.1257/aer.20190159 (penalty).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from careshift.project import CareshiftError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Penalty = Literal["least", "noise", "equal"]
LEAST = 1e-6
"""Penalty, as a share of the donors' variance, that only chooses among weights that fit alike."""


@dataclass(frozen=True)
class SyntheticControl:
    """An area beside its synthetic control. `gap` is observed less synthetic, in the outcome's unit.

    `start` is the first period after the date, `last` the last one that counts.
    """

    unit: str
    start: int
    last: int
    weights: pd.Series[float]
    observed: pd.Series[float]
    synthetic: pd.Series[float]

    @property
    def gap(self) -> pd.Series[float]:
        """Return the gap of each period, before and after."""
        return self.observed - self.synthetic

    @property
    def after(self) -> pd.Series[float]:
        """Return the gap of each period from `start` to `last`."""
        return self.gap.loc[self.start : self.last]

    @property
    def mean_gap(self) -> float:
        """Return the mean gap from `start` to `last`: the estimate."""
        return float(self.after.mean())

    @property
    def fit_error(self) -> float:
        """Return the root mean square of the gap before `start`."""
        return _root_mean_square(self.gap.loc[: self.start - 1])

    @property
    def ratio(self) -> float:
        """Return how many times larger the gap is after than before, as root mean squares."""
        return _root_mean_square(self.after) / self.fit_error if self.fit_error else math.inf


def weights(treated: Array, donors: Array, penalty: float = 0.0, importance: Array | None = None) -> Array:
    """Return the weights with which the donors come nearest the treated area: at least zero, sum one.

    treated : (n,) outcomes or other predictors. donors : (n, m), a column a donor. penalty : times the sum of
    squared weights, in squared units of the outcome. importance : (n,) how much each row counts.
    Shape (m,). Raises CareshiftError for values that are missing or infinite and for shapes that do not fit.
    """
    from scipy.optimize import nnls

    if donors.ndim != 2 or treated.shape != donors.shape[:1] or 0 in donors.shape:
        raise CareshiftError("A synthetic control needs one row a period and at least one donor.")
    if not (np.isfinite(treated).all() and np.isfinite(donors).all()):
        raise CareshiftError("A synthetic control needs a finite value of every area in every period.")
    root = np.ones(len(treated)) if importance is None else np.sqrt(importance)
    apart = (donors - treated[:, None]) * root[:, None]
    scale = float(np.abs(apart).max()) or 1.0
    count = donors.shape[1]
    kept = math.sqrt(penalty) / scale * np.eye(count if penalty else 0, count)
    matrix = np.vstack([apart / scale, kept, np.ones((1, count))])
    found, _ = nnls(matrix, np.append(np.zeros(len(matrix) - 1), 1.0), maxiter=50 * count)
    answer: Array = found / found.sum()
    return answer


def fit(
    panel: pd.DataFrame,
    unit: str,
    start: int,
    last: int,
    *,
    donors: Sequence[str] | None = None,
    demean: bool = True,
    penalty: Penalty = "least",
) -> SyntheticControl:
    """Return an area beside its synthetic control, weighted on all periods of the panel before `start`.

    panel : one row a period, ascending whole numbers, one column an area, no gaps. donors : columns to weigh,
    all others without. demean : take each area's mean before `start` out. penalty : `least` only chooses
    among weights that fit alike; `noise` grows with the donors' yearly noise and the years after, as in
    synthetic difference in differences, and spreads the weights; `equal` weighs all alike, a difference in
    differences.
    Raises CareshiftError for an unknown area and for fewer than two periods before or none after.
    """
    import pandas as pd

    pool = _pool(panel, unit, start, last, donors)
    before = panel.loc[: start - 1]
    own, others = before[unit].to_numpy(float), before[pool].to_numpy(float)
    level, levels = (own.mean(), others.mean(axis=0)) if demean else (0.0, np.zeros(len(pool)))
    if penalty == "equal":
        found = np.full(len(pool), 1 / len(pool))
    else:
        size = _penalty(others - levels, len(panel.loc[start:last]), penalty)
        found = weights(own - level, others - levels, size)
    synthetic = pd.Series((panel[pool].to_numpy(float) - levels) @ found + level, panel.index)
    return SyntheticControl(unit, start, last, pd.Series(found, pool), panel[unit].astype(float), synthetic)


def _pool(panel: pd.DataFrame, unit: str, start: int, last: int, donors: Sequence[str] | None) -> list[str]:
    """Return the donors; raise CareshiftError for a panel that cannot be used."""
    pool = [area for area in (panel.columns if donors is None else donors) if area != unit]
    for area in (unit, *pool):
        if area not in panel:
            raise CareshiftError(f"The panel has no area {area}.")
    if len(panel.loc[: start - 1]) < 2 or panel.loc[start:last].empty:
        raise CareshiftError(f"The panel needs two periods before {start} and one from then to {last}.")
    return pool


def _penalty(centred: Array, after: int, penalty: Penalty) -> float:
    """Return the size of a penalty from donors whose levels are taken out; shape (periods, donors)."""
    if penalty == "least":
        return LEAST * float(np.square(centred).mean())
    noise = float(np.diff(centred, axis=0).std(ddof=1))
    return len(centred) * math.sqrt(after) * noise**2


def placebo_gaps(
    panel: pd.DataFrame, unit: str, start: int, last: int, donors: Sequence[str] | None = None, **how: Any
) -> pd.DataFrame:
    """Return the gap of every area when the same is done to it: a row a period, the treated area first.

    Arguments as in `fit`. The treated area is never among a placebo's donors.
    """
    import pandas as pd

    pool = _pool(panel, unit, start, last, donors)
    return pd.DataFrame(
        {area: fit(panel, area, start, last, donors=pool, **how).gap for area in (unit, *pool)}
    )


def placebos(gaps: pd.DataFrame, start: int, last: int) -> pd.DataFrame:
    """Return how every area of `placebo_gaps` stands, a row an area, the treated one first.

    Columns unit, mean_gap, fit_error, ratio, and the share of all rows whose mean gap in absolute size
    (`share_gap`) or whose ratio (`share_ratio`) is at least as large. The treated area's shares are its
    placebo p-values; the smallest possible is one over the number of areas.
    """
    import pandas as pd

    before, after = gaps.loc[: start - 1], gaps.loc[start:last]
    error = np.sqrt(before.pow(2).mean())
    rows = pd.DataFrame({"mean_gap": after.mean(), "fit_error": error})
    rows = rows.assign(ratio=np.sqrt(after.pow(2).mean()) / error)
    shares = {
        "share_gap": rows["mean_gap"].abs().rank(ascending=False, method="max") / len(rows),
        "share_ratio": rows["ratio"].rank(ascending=False, method="max") / len(rows),
    }
    return rows.assign(**shares).rename_axis("unit").reset_index()


def reach(values: pd.Series[float], confidence: float = 0.95) -> float:
    """Return how far chance moves a gap: what `confidence` of the placebos and one more stay within.

    values : gaps of one kind, the treated area's first. Of mean gaps it makes an interval for the mean effect
    (the treated area's gap less and plus this), of one period's gaps an interval for that observation, were
    every area as exchangeable as the test supposes. Infinite where too few placebos stand for the confidence.
    """
    sizes = np.sort(np.abs(values.iloc[1:].to_numpy(float)))
    place = math.ceil(confidence * (len(sizes) + 1) - 1e-9)
    return float(sizes[place - 1]) if place <= len(sizes) else math.inf


def detectable(values: pd.Series[float], confidence: float = 0.95, power: float = 0.8) -> float:
    """Return the smallest effect on a gap that `power` of the placebo areas would have shown.

    values : as in `reach`. Each placebo is given the effect in turn, in the less lucky direction of the two,
    and shows it where its gap then lies beyond `reach`. Infinite where `reach` is.
    """
    gaps = values.iloc[1:].to_numpy(float)
    needed = [np.sort(reach(values, confidence) + sign * gaps) for sign in (1, -1)]
    place = math.ceil(power * len(gaps) - 1e-9) - 1
    return float(max(needs[place] for needs in needed))


def _root_mean_square(values: pd.Series[float]) -> float:
    return float(np.sqrt(np.square(values.to_numpy(float)).mean()))
