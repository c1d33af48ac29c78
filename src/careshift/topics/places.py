"""Names of places."""

from __future__ import annotations

import pandas as pd


def name_of(area: str, names: pd.DataFrame) -> str:
    """Answer the name of an area by its code; the code itself where the table of areas has no such area."""
    return str(names.set_index("code")["name"].get(area, area))
