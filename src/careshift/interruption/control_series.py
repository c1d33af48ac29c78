"""Control series taken off a series: only where one scale holds both, and how well they follow before."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from careshift.interruption.alignment import frame_like, times_like
from careshift.interruption.model import ImpactModel
from careshift.interruption.values import Values, check_times, finite
from careshift.interruption.words import number
from careshift.project import CareshiftError

ControlScale = Literal["same unit", "indexed"]
FURTHEST = 3.0


def less_controls(
    y: Values, controls: pd.DataFrame, time: Values, model: ImpactModel, scale: ControlScale = "same unit"
) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the series less its controls' mean (n), and how each control stood to it before.

    y, time : n values each. controls : n rows, matched by their index. scale : ``same unit`` takes them off
    as they are and refuses one whose size before the first interruption is more than three times, or less
    than a third, of the series'; ``indexed`` first brings each to the series' mean before it. The rule looks
    only at the time before.

    The frame has one row a control: ``control``, ``mean_before``, ``times`` (its size before in that of the
    series), ``factor`` (by which it was multiplied), ``correlation`` and ``correlation_of_changes`` with the
    series before. Raises CareshiftError on bad input.
    """
    if scale not in get_args(ControlScale):
        raise CareshiftError(f'Unknown scale "{scale}": use "same unit" or "indexed".')
    values = finite(y, "the series")
    time = times_like(time, y)
    times = check_times(time)
    frame = frame_like(controls, y, time, "controls")
    if frame.shape[1] == 0:
        raise CareshiftError("Give at least one control series.")
    if times.size != values.size:
        raise CareshiftError(f"The series has {values.size} values but {times.size} times.")
    before = times < min((item.first_left_out for item in model.interruptions), default=np.inf)
    rows, taken = [], []
    for name in frame.columns:
        column = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float)
        if not np.isfinite(column).all():
            raise CareshiftError(f'Control "{name}" has a missing or infinite value.')
        row = _row(str(name), column[before], values[before], scale)
        rows.append(row)
        taken.append(column * float(str(row["factor"])))
    return values - np.mean(taken, axis=0), pd.DataFrame(rows)


def _row(name: str, control: np.ndarray, series: np.ndarray, scale: ControlScale) -> dict[str, object]:
    """How one control stood to the series before, and the factor that brings it to the series' scale."""
    own, other = (float(np.sqrt(np.mean(part**2))) if part.size else 0.0 for part in (series, control))
    times = other / own if own > 0 else float("inf")
    factor = 1.0
    if scale == "indexed":
        means = [float(part.mean()) if part.size else 0.0 for part in (series, control)]
        if min(means) <= 0:
            raise CareshiftError(f'Control "{name}" cannot be indexed: a mean before is not above zero.')
        factor = means[0] / means[1]
    elif own > 0 and not 1 / FURTHEST <= times <= FURTHEST:
        raise CareshiftError(
            f'Control "{name}" is of another scale: about {number(other)} before the interruption, where the '
            f'series is about {number(own)}. Give both per head, or ask for control_scale="indexed".'
        )
    return {
        "control": name,
        "mean_before": float(control.mean()) if control.size else float("nan"),
        "times": times,
        "factor": factor,
        "correlation": _correlation(series, control),
        "correlation_of_changes": _correlation(np.diff(series), np.diff(control)),
    }


def _correlation(one: np.ndarray, two: np.ndarray) -> float:
    """Correlation of two series, missing where one of them stands still or is shorter than three."""
    if one.size < 3 or min(np.ptp(one), np.ptp(two)) == 0:
        return float("nan")
    return float(np.corrcoef(one, two)[0, 1])


def in_words(followed: pd.DataFrame) -> str:
    """Return how well the controls followed before, in words: name, correlations, and the factor if any."""
    parts = []
    for row in followed.to_dict("records"):
        scaled = f", multiplied by {number(row['factor'])}" if row["factor"] != 1 else ""
        parts.append(
            f"{row['control']} with a correlation of {_unsigned(row['correlation'])} in level and "
            f"{_unsigned(row['correlation_of_changes'])} in its changes from period to period{scaled}"
        )
    return "; ".join(parts)


def _unsigned(value: float) -> str:
    """Return a correlation in words that need no sign, e.g. 0.93 or minus 0.20."""
    if not np.isfinite(value):
        return "unknown size"
    return f"{'minus ' if value < 0 else ''}{abs(value):.2f}"
