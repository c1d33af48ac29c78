"""Codes of areas by the names that publishers give them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from careshift import places
from careshift.project import CareshiftError

SCOTLAND = "S92000003"
KINDS = ("council", "country")


def area_codes(names: pd.Series, file: Path, kinds: Iterable[str] = KINDS) -> pd.Series:
    """Return the codes of today of areas by any name of theirs, councils unless other `kinds` are given.

    Raises CareshiftError on a name that no such place has.
    """
    codes = {}
    for name in names.unique():
        try:
            codes[name] = places.meant(name, kinds).current
        except CareshiftError as error:
            raise CareshiftError(f"{file.name}: {error}") from None
    return names.map(codes)
