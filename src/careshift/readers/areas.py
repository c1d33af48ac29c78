"""Codes of areas by the names that publishers give them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift import tables
from careshift.project import CareshiftError

SCOTLAND = "S92000003"
OTHER_NAMES = {
    "Edinburgh, City of": "City of Edinburgh",
    "Edinburgh City": "City of Edinburgh",
    "Eilean Siar": "Na h-Eileanan Siar",
}


def area_codes(names: pd.Series, file: Path) -> pd.Series:
    """Return the GSS codes of areas by name ("&" or "and"). Raises CareshiftError on an unknown name."""
    areas = tables.read("areas")
    codes = dict(zip(areas["name"], areas["code"], strict=True))
    known = names.replace(OTHER_NAMES).str.replace(" & ", " and ")
    unknown = sorted(set(known) - set(codes))
    if unknown:
        raise CareshiftError(
            f'{file.name}: "{unknown[0]}" is no area of data/areas.csv. Add it to OTHER_NAMES.'
        )
    return known.map(codes)
