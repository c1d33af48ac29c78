"""Financial years by name."""

from __future__ import annotations


def label(start: int) -> str:
    """Return a financial year by the year it starts in: 2009 -> "2009/10"."""
    return f"{start}/{(start + 1) % 100:02d}"


def start_of(financial_year: str) -> int:
    """Return the calendar year in which a financial year starts: "2009/10" -> 2009."""
    return int(financial_year[:4])
