"""A value under every defensible choice of method: the range, and which choices give the print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from careshift.claims import Choice, Claim

if TYPE_CHECKING:
    import pandas as pd


def explore(value: Callable[..., float], choices: Mapping[str, Sequence[Any]], **fixed: Any) -> pd.DataFrame:
    """Return the value under every combination of choices: one row each, columns the choices and `value`.

    `choices` maps an argument of `value` to its defensible options; `fixed` arguments are passed as they are.
    Method: Steegen et al. 2016, doi 10.1177/1745691616658637.
    """
    import pandas as pd

    rows = [dict(zip(choices, options, strict=True)) for options in product(*choices.values())]
    return pd.DataFrame([{**row, "value": value(**row, **fixed)} for row in rows])


def as_choices(frame: pd.DataFrame) -> list[Choice]:
    """Return a multiverse as choices for the ledger, labelled by its options.

    A column `decides` says which rows may set the verdict; without it all may.
    """
    options = [c for c in frame.columns if c not in ("value", "decides", "inside_print")]
    decides = frame["decides"] if "decides" in frame else [True] * len(frame)
    labels = frame[options].astype(str).agg(", ".join, axis=1)
    return [
        Choice(label=label, value=value, decides=vote)
        for label, value, vote in zip(labels, frame["value"], decides, strict=True)
    ]


def against_print(frame: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """Return the multiverse with a column that says which rows lie inside the claim's printed interval."""
    return frame.assign(inside_print=[claim.interval.contains(v) for v in frame["value"]])
