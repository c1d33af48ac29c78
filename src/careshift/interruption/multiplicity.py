"""Many like tests at once: how many changes stand when all of them are tested together.

Of twenty tests without any change one is beyond chance at 95 %. Holm's method (1979, Scandinavian Journal of
Statistics 6: 65-70) holds the chance of even one false change at 5 % for all of them together, and asks
nothing about how the tests depend on each other.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from careshift.project import CareshiftError


@dataclass(frozen=True)
class Tally:
    """How many of a number of like tests exclude no change, which way, and how many tested together."""

    tried: int
    rises: int
    falls: int
    together: int

    @property
    def clear(self) -> int:
        """How many exclude no change one by one."""
        return self.rises + self.falls


def stands_together(p: pd.Series, confidence: float = 0.95) -> pd.Series:
    """Return for each of n tests whether it stays beyond chance when all are tested together.

    p : n p-values in any order, each from 0 to 1; a missing one never stands, and counts as a test. Raises
    CareshiftError outside 0 to 1. Source: Holm (1979), by statsmodels.
    """
    values = p.astype(float).fillna(1.0).to_numpy()
    if ((values < 0) | (values > 1)).any():
        raise CareshiftError("p-values lie between 0 and 1.")
    if not values.size:
        return pd.Series([], index=p.index, dtype=bool)
    return pd.Series(multipletests(values, 1 - confidence, "holm")[0], index=p.index).astype(bool)


def tally(table: pd.DataFrame, confidence: float = 0.95) -> Tally:
    """Return how many rows of estimates exclude no change: rises, falls, and how many tested together.

    table : of placebo dates or of variants, one row a test with ``estimate``, ``p``, ``none`` (the value of
    no change: 0, or 1 for ratios) and ``excludes_none``.
    """
    clear = table["excludes_none"].astype(bool).to_numpy()
    up = (table["estimate"] > table["none"]).to_numpy()
    together = int(stands_together(table["p"], confidence).sum())
    return Tally(len(table), int(np.sum(clear & up)), int(np.sum(clear & ~up)), together)


def tally_words(counted: Tally) -> str:
    """Return a tally in words: "4 of 16 exclude no change (3 rises, 1 fall); together none does"."""
    ways = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((counted.rises, "rise"), (counted.falls, "fall"))
        if number
    ]
    if not ways:
        return f"none of {counted.tried} excludes no change"
    verb = "excludes" if counted.clear == 1 else "exclude"
    kept = f"{counted.together} of them {'does' if counted.together == 1 else 'do'}"
    return (
        f"{counted.clear} of {counted.tried} {verb} no change ({', '.join(ways)}); tested together "
        f"{kept if counted.together else 'none does'}"
    )
