"""Dates as Public Health Scotland writes them."""

from __future__ import annotations

import pandas as pd


def iso_date(days: pd.Series) -> pd.Series:
    """Return 2019-03-31 for 20190331."""
    return days.str[:4] + "-" + days.str[4:6] + "-" + days.str[6:8]
