"""Numeric time axes: fiscal years, quarters and months as numbers one apart, and back to words."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from careshift.project import CareshiftError

Axis = Literal["year", "fiscal year", "quarter", "month"]


Label = str | date | pd.Period


def fiscal_years(labels: Sequence[str]) -> np.ndarray:
    """Fiscal years such as ``2006/07`` as the number of the year they start in (2006.0), one value a label.

    labels : n texts. Raises CareshiftError for a label that is not two successive years.
    """
    return np.array([_fiscal_year(str(label)) for label in labels])


def quarters(labels: Sequence[Label]) -> np.ndarray:
    """Quarters such as ``2017Q3`` as a count of quarters (four a year), one value a label.

    labels : n texts, dates or periods. Raises CareshiftError for one that is not a year and a quarter 1 to 4.
    """
    return np.array(
        [
            _within_year(_text(label, by_quarter=True), r"(\d{4})\s?-?Q([1-4])", 4, "2017Q3")
            for label in labels
        ]
    )


def months(labels: Sequence[Label]) -> np.ndarray:
    """Months such as ``2018-04`` as a count of months (twelve a year), one value a label.

    labels : n texts, dates or periods. Raises CareshiftError for one that is not a year and a month 01 to 12.
    """
    pattern = r"(\d{4})-(0[1-9]|1[0-2])(?:-\d{2})?"
    return np.array([_within_year(_text(label), pattern, 12, "2018-04") for label in labels])


def time_label(value: float, axis: Axis | None = None) -> str:
    """Words for a value of a time axis: 2006 is ``2006/07`` in fiscal years, 8070 ``2017Q3`` in quarters.

    value : one number on the axis. axis : the unit it counts; without one the number itself.
    """
    whole = round(value)
    if axis is None or axis == "year" or whole != value:
        return f"{value:g}"
    if axis == "fiscal year":
        return f"{whole}/{(whole + 1) % 100:02d}"
    if axis == "quarter":
        return f"{whole // 4}Q{whole % 4 + 1}"
    return f"{whole // 12}-{whole % 12 + 1:02d}"


def calendar_year(value: float, axis: Axis | None = None) -> int:
    """Calendar year in which a value of the axis starts (fiscal years by the year they start in)."""
    parts = {"quarter": 4, "month": 12}.get(axis or "", 1)
    return int(value // parts)


def _text(label: Label, *, by_quarter: bool = False) -> str:
    """Return a label as text; of a date only the month, or the quarter, counts."""
    if str(label) == "NaT":
        return "a missing date"
    if not isinstance(label, date | pd.Period | np.datetime64):
        return str(label)
    day = pd.Timestamp(label.start_time if isinstance(label, pd.Period) else label)
    return f"{day.year:04d}Q{day.quarter}" if by_quarter else f"{day.year:04d}-{day.month:02d}"


def _fiscal_year(label: str) -> float:
    match = re.fullmatch(r"\s*(\d{4})[/-](\d{2}|\d{4})\s*", label)
    if match is None or (int(match[1]) + 1 - int(match[2])) % 10 ** len(match[2]):
        raise CareshiftError(f'"{label}" is not a fiscal year. Write it as 2006/07.')
    return float(match[1])


def _within_year(label: str, pattern: str, parts: int, example: str) -> float:
    match = re.fullmatch(pattern, label.strip())
    if match is None:
        raise CareshiftError(f'"{label}" cannot be read. Write it as {example}.')
    return float(int(match[1]) * parts + int(match[2]) - 1)
