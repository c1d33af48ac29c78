"""Change between two points: percentages with the rounding of the print, and ratios of two counts.

A change between two printed numbers is only known to their rounding; a ratio of two counts also has chance in
it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from careshift.project import CareshiftError

POISSON_DOES_NOT_COVER = (
    "The interval covers chance in two counts of independent events. It does not cover a change in how "
    "events are recorded or coded, in who comes or is admitted, or in the population at risk. Nor does it "
    "cover repeat events of the same person, or the choice of the two points."
)
"""What no interval of :func:`rate_ratio` can speak for; print it beside the ratio."""


@dataclass(frozen=True)
class RateRatio:
    """Ratio of two rates (1 = no change) with its limits."""

    ratio: float
    low: float
    high: float
    confidence: float
    method: str


def percent_change(start: float, end: float) -> float:
    """Percentage change from start to end, e.g. 200 -> 150 gives -25.0.

    start, end : one number each, in one unit. Raises CareshiftError unless start is above zero and both are
    finite.
    """
    if not (np.isfinite(start) and np.isfinite(end)):
        raise CareshiftError("A percentage change needs two finite numbers.")
    if start <= 0:
        raise CareshiftError(f"A percentage change needs a start above zero, not {start}.")
    return 100 * (end - start) / start


def percent_fall(start: float, end: float) -> float:
    """Percentage fall from start to end, e.g. 200 -> 150 gives 25.0.

    start, end : one number each, in one unit. Raises CareshiftError unless start is above zero and both are
    finite.
    """
    return 0.0 - percent_change(start, end)


def percent_change_interval(
    start: float, end: float, start_rounding: float = 0, end_rounding: float = 0
) -> tuple[float, float]:
    """Lowest and highest percentage change that two rounded numbers allow, in percent.

    start, end : one number each, in one unit. start_rounding, end_rounding : the units rounded to (1000 for
    "12 thousand", 0 for an exact count); the true value lies within half a unit.

    Raises CareshiftError for a negative rounding or a start that its rounding carries to zero. Source:
    interval arithmetic, Moore (1966).
    """
    if start_rounding < 0 or end_rounding < 0:
        raise CareshiftError("A rounding unit cannot be negative.")
    starts = (start - start_rounding / 2, start + start_rounding / 2)
    ends = (end - end_rounding / 2, end + end_rounding / 2)
    # end / start is monotone in each number but its direction in start turns with the sign of end.
    # The point itself stands among them: the last bits of a corner may fall short of it.
    reached = [percent_change(start, end), *(percent_change(s, e) for s in starts for e in ends)]
    return min(reached), max(reached)


def percent_fall_interval(
    start: float, end: float, start_rounding: float = 0, end_rounding: float = 0
) -> tuple[float, float]:
    """Lowest and highest percentage fall that two rounded numbers allow, in percent.

    start, end, start_rounding, end_rounding : one number each, as in :func:`percent_change_interval`. Raises
    CareshiftError as that does. Source: interval arithmetic, Moore (1966).
    """
    low, high = percent_change_interval(start, end, start_rounding, end_rounding)
    return 0.0 - high, 0.0 - low


def rate_ratio(
    count_1: float,
    count_0: float,
    exposure_1: float = 1,
    exposure_0: float = 1,
    confidence: float = 0.95,
    method: Literal["exact", "score"] = "exact",
) -> RateRatio:
    """Ratio of rate 1 to rate 0 from two counts and their exposures, as a ratio (1 = no change).

    count_1, count_0 : whole numbers of events. exposure_1, exposure_0 : persons or person-years, in one unit.
    confidence : share of such intervals that should hold the truth, between 0 and 1.
    method : ``exact`` conditions on the sum of the counts (Przyborowski and Wilenski 1940; limits of Clopper
    and Pearson 1934); ``score`` inverts the score test of the same share (Wilson 1927), narrower and closer
    to its nominal coverage. See :data:`POISSON_DOES_NOT_COVER`.

    Raises CareshiftError for a negative or fractional count, two zero counts, or an exposure that is not
    above zero. A zero ``count_0`` gives an infinite ratio and upper limit.
    """
    for name, count in (("count_1", count_1), ("count_0", count_0)):
        if not np.isfinite(count) or count < 0 or count != int(count):
            raise CareshiftError(f"{name} must be a whole number of zero or more, not {count}.")
    if count_1 + count_0 == 0:
        raise CareshiftError("Two zero counts have no ratio.")
    for name, exposure in (("exposure_1", exposure_1), ("exposure_0", exposure_0)):
        if not np.isfinite(exposure) or exposure <= 0:
            raise CareshiftError(f"{name} must be above zero, not {exposure}.")
    if not 0 < confidence < 1:
        raise CareshiftError(f"confidence must lie between 0 and 1 (0.95 for 95 %), not {confidence}.")
    if method == "exact":
        low, high = _exact_share(count_1, count_1 + count_0, confidence)
    elif method == "score":
        low, high = _score_share(count_1, count_1 + count_0, confidence)
    else:
        raise CareshiftError(f'Unknown method "{method}": use "exact" or "score".')
    scale = exposure_0 / exposure_1
    ratio = scale * count_1 / count_0 if count_0 else float("inf")
    return RateRatio(ratio, scale * _odds(low), scale * _odds(high), confidence, method)


def share_limits(
    part: float, total: float, confidence: float = 0.95, method: Literal["exact", "score"] = "exact"
) -> tuple[float, float]:
    """Limits of the share part / total, as fractions of 1.

    part, total : whole numbers of persons or events. confidence : as in :func:`rate_ratio`. method :
    ``exact`` (Clopper and Pearson 1934) or ``score`` (Wilson 1927).

    Raises CareshiftError unless both are whole numbers, 0 <= part <= total and total > 0.
    """
    whole = bool(np.isfinite([part, total]).all()) and part == int(part) and total == int(total)
    if not (whole and 0 <= part <= total and total > 0):
        raise CareshiftError(f"A share needs whole numbers, 0 <= part <= total, not {part} of {total}.")
    if not 0 < confidence < 1:
        raise CareshiftError(f"confidence must lie between 0 and 1 (0.95 for 95 %), not {confidence}.")
    limits = {"exact": _exact_share, "score": _score_share}
    if method not in limits:
        raise CareshiftError(f'Unknown method "{method}": use "exact" or "score".')
    return limits[method](part, total, confidence)


def _exact_share(part: float, total: float, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    low = 0.0 if part == 0 else float(stats.beta.ppf(tail, part, total - part + 1))
    high = 1.0 if part == total else float(stats.beta.ppf(1 - tail, part + 1, total - part))
    return low, high


def _score_share(part: float, total: float, confidence: float) -> tuple[float, float]:
    z2 = float(stats.norm.ppf(0.5 + confidence / 2)) ** 2
    centre = (part + z2 / 2) / (total + z2)
    half = (z2 * (part * (total - part) / total + z2 / 4)) ** 0.5 / (total + z2)
    low = 0.0 if part == 0 else centre - half
    high = 1.0 if part == total else centre + half
    return low, high


def _odds(share: float) -> float:
    return float("inf") if share == 1 else share / (1 - share)
