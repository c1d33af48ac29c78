"""Numbers as they come in: checked for what no estimator can take, with the remedy in one sentence."""

from collections.abc import Sequence
from numbers import Real
from typing import Any, TypeGuard

import numpy as np
import pandas as pd

from careshift.project import CareshiftError

Values = Sequence[float] | np.ndarray | pd.Series
"""A series of numbers as a list, an array or a column."""

# Beyond these the squares that every estimator sums leave the range of a float.
SMALLEST, LARGEST = 1e-120, 1e120
ROUNDING = 0.02  # of a step: months of decimal years with three decimals are still even
DATES = (
    "The times are dates or texts. Make numbers of them first: interruption.months, quarters or fiscal_years "
    "take them as they are."
)


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is one finite number."""
    return type(value) is not bool and isinstance(value, Real) and bool(np.isfinite(float(value)))


def check_times(time: Values) -> np.ndarray:
    """Return times as an array; raises CareshiftError for dates and for missing or unordered ones."""
    if _are_dates(time):
        raise CareshiftError(DATES)
    times = finite(time, "the time axis")
    steps = np.diff(times)
    if (steps == 0).any():
        raise CareshiftError(f"Time {times[1:][steps == 0][0]:g} comes twice. Give one value a period.")
    if (steps < 0).any():
        raise CareshiftError(
            f"Time {times[1:][steps < 0][0]:g} comes after a later one. Sort the series by time."
        )
    return times


def finite(values: Any, name: str) -> np.ndarray:
    """Values as an array of numbers; raises CareshiftError where one is missing, infinite or no number."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise CareshiftError(f"A value of {name} is not a number.") from None
    if array.ndim != 1 or array.size == 0:
        raise CareshiftError(f"Expected {name} as a list of numbers.")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise CareshiftError(
            f"Value {bad[0] + 1} of {name} is missing or infinite. Mend it or leave the period out."
        )
    largest = float(np.abs(array).max())
    if largest > LARGEST or 0 < largest < SMALLEST:
        raise CareshiftError(
            f"The largest value of {name} is {largest:.0e}, which cannot be computed with. Use another unit."
        )
    return array


def unit_steps(times: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the steps between neighbouring times (n - 1) in units of the smallest, and that unit.

    Where most steps are alike, one within a fiftieth of a whole number of them counts as whole: a month
    written 2015.0833 is a month. Where not all are whole the unit is the median step, so that one pair of
    close points does not set the scale.
    """
    steps = np.diff(times)
    units = steps / steps.min()
    whole = np.round(units)
    if np.allclose(units, whole, atol=1e-6):
        return whole, float(steps.min())
    unit = float(steps.sum() / whole.sum())
    if np.median(whole) == 1 and np.allclose(steps / unit, whole, rtol=0, atol=ROUNDING):
        return whole, unit
    middle = float(np.median(steps))
    return steps / middle, middle


def rounding_of(times: np.ndarray) -> float:
    """Return how far two times that mean the same may lie apart, as they are written with few decimals."""
    return ROUNDING * float(np.diff(times).min()) if times.size > 1 else 0.0


def _are_dates(time: Any) -> bool:
    """Whether times are dates, periods or texts rather than numbers."""
    if isinstance(time, str) or not hasattr(time, "__len__") or not len(time):
        return isinstance(time, str)
    kind = getattr(time, "dtype", None)
    if kind is not None and getattr(kind, "kind", "") in "iufb":
        return False
    return any(
        isinstance(value, str) or hasattr(value, "year") or isinstance(value, np.datetime64) for value in time
    )
