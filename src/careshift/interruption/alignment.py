"""Rows that belong together: what carries an index is matched by it, never by the order of its rows."""

from typing import Any

import numpy as np
import pandas as pd

from careshift.project import CareshiftError


def labels_of(y: Any, time: Any, size: int) -> list[pd.Index]:
    """Return the labels by which rows of a series of ``size`` values may be matched, the best first."""
    own = [given.index for given in (y, time) if isinstance(given, pd.Series) and len(given) == size]
    times = np.asarray(time, dtype=object)
    return [*own, *([pd.Index(times)] if times.shape == (size,) else []), pd.RangeIndex(size)]


def frame_like(frame: Any, y: Any, time: Any, what: str) -> pd.DataFrame:
    """Return a frame with its rows in the order of the series, numbered from 0.

    frame : n rows; what : its name in words, in the plural. y, time : the series and its times, n values
    each. Raises CareshiftError where it is no frame, names a column twice, or has other rows than the series.
    """
    if not isinstance(frame, pd.DataFrame):
        raise CareshiftError(
            f"Give the {what} as a frame with a named column each, for example x.to_frame()."
        )
    names = frame.columns.astype(str)
    if not names.is_unique:
        raise CareshiftError(f'Two {what} are called "{names[names.duplicated()][0]}". Rename one.')
    order = row_order(frame.index, y, time, what)
    return frame.iloc[order].reset_index(drop=True)


def values_like(values: Any, y: Any, time: Any, what: str) -> Any:
    """Return values in the order of the series; only those of a Series have an index to be matched by."""
    if not isinstance(values, pd.Series):
        return values
    return values.iloc[row_order(values.index, y, time, what)].to_numpy()


def row_order(index: pd.Index, y: Any, time: Any, what: str) -> np.ndarray:
    """Return the places of the rows in the order of the series; raises CareshiftError where they differ."""
    size = int(np.size(y))
    if len(index) != size:
        raise CareshiftError(f"The {what} have {len(index)} rows but the series {size}.")
    known = labels_of(y, time, size)
    for labels in known:
        if index.equals(labels):
            return np.arange(size)
        if index.is_unique and labels.is_unique and not len(index.symmetric_difference(labels)):
            return np.asarray(index.get_indexer(labels))
    counted = isinstance(index, pd.RangeIndex) and index.step > 0
    if counted and not any(isinstance(given, pd.Series) for given in (y, time)):
        # A run of row numbers says no more than the order of the rows, and the series has no index at all.
        return np.arange(size)
    odd = next((label for label in index if label not in known[0]), index[0])
    raise CareshiftError(
        f"The {what} have other rows than the series: {odd} is in only one of them. Give both one index."
    )


def times_like(time: Any, y: Any) -> Any:
    """Return the times in the order of the series where both carry an index; raises CareshiftError."""
    if not (isinstance(time, pd.Series) and isinstance(y, pd.Series)) or len(time) != len(y):
        return time
    return time.iloc[row_order(time.index, y, None, "times")].set_axis(y.index)
