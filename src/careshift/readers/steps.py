"""Signs that a release counts otherwise than the table: from a period on, or in one direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

BEFORE, AFTER = 0.2, 0.8  # share of periods with a difference: at most so many before a step, so many after
FEWEST_PERIODS = 3  # after a step; fewer are the last figures revised
FEW_PERIODS = 6  # after a step, up to which it may be that the latest figures were revised
SHARE = 0.1  # of a step's values that must differ
FEWEST = 20  # values that differ, from which their direction says something
ONE_WAY = 0.8  # share of differences in one direction


def signs(both: pd.DataFrame, name: str, time: str | None) -> Iterator[str]:
    """Yield a sentence where the differences of a measure start at a period, or go mostly in one direction.

    `both` holds the rows of both with the columns was and now (numbers, a missing one -inf) and the period in
    the column that `time` names.
    """
    differ = both[both["was"] != both["now"]]
    if not len(differ):
        return
    start = _start(both, time) if time else None
    if start is not None:
        later = both[both[time] >= start]
        differ = later[later["was"] != later["now"]]
        yield (
            f"from {time} {start} on {len(differ):,} of {len(later):,} values of {name} differ, "
            f"in {_periods(differ, time)} of {_periods(later, time)} periods{_before(both, time, start)}"
        )
    yield from _direction(differ, name)


def _periods(rows: pd.DataFrame, time: str | None) -> int:
    return int(rows[time].nunique())


def _before(both: pd.DataFrame, time: str | None, start: str) -> str:
    earlier = both[both[time] < start]
    differ = int((earlier["was"] != earlier["now"]).sum())
    late = _periods(both[both[time] >= start], time) <= FEW_PERIODS
    why = "the latest figures revised, or another way of counting?" if late else "another way of counting?"
    return f"; before it {differ:,} of {len(earlier):,}: {why}"


def _start(both: pd.DataFrame, time: str | None) -> str | None:
    """Return the period from which on most periods differ, where few before it do."""
    differs = (both["was"] != both["now"]).groupby(both[time]).any().sort_index()
    values: Sequence[bool] = differs.tolist()
    best, found = 0.0, None
    for place in range(1, len(values) - FEWEST_PERIODS + 1):
        before, after = values[:place], values[place:]
        contrast = sum(after) / len(after) - sum(before) / len(before)
        fits = sum(before) <= BEFORE * len(before) and sum(after) >= AFTER * len(after)
        if fits and values[place] and contrast > best:
            best, found = contrast, str(differs.index[place])
    if found is None:
        return None
    later = both[both[time] >= found]
    return found if (later["was"] != later["now"]).mean() >= SHARE else None


def _direction(differ: pd.DataFrame, name: str) -> Iterator[str]:
    lower = int((differ["now"] < differ["was"]).sum())
    for count, word in ((lower, "lower"), (len(differ) - lower, "higher")):
        if len(differ) >= FEWEST and count >= ONE_WAY * len(differ):
            yield (
                f"{count / len(differ):.0%} of the {len(differ):,} values of {name} that differ are {word} "
                "in the release: revisions go both ways, another coverage or definition goes one"
            )
