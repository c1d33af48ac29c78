"""Places: their codes, their names, and which of them are council areas of Scotland."""

from __future__ import annotations

import pandas as pd

SCOTLAND = "S92000003"
COUNCIL = "S12"
"""What the codes of Scotland's council areas begin with."""


def are_councils(areas: pd.Series) -> pd.Series[bool]:
    """Return for each code whether it is a council area of Scotland, whatever else a table was given."""
    return areas.str.startswith(COUNCIL)


def name_of(area: str, names: pd.DataFrame) -> str:
    """Return the name of an area by its code; the code itself where the table of areas has no such area."""
    return str(names.set_index("code")["name"].get(area, area))
