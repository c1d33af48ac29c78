"""How numbers and months are set in running text."""

from __future__ import annotations

import re
from calendar import month_name

HYPHEN = re.compile(r"(?<![\w)\]\\])\\?-(?=\d)")  # a hyphen, escaped or not, that stands for a sign
MONTH = re.compile(r"(\d{4})\\?-(\d{2})")


def minus(text: str) -> str:
    """Answer the text with a true minus before negative numbers: "-3 to 2010-11" gives "−3 to 2010-11"."""
    return HYPHEN.sub("−", text)


def month(period: str) -> str:
    """Answer a month in words, "2016-04" gives "April 2016"; any other period as it stands, "2020Q2"."""
    found = MONTH.fullmatch(period)
    return f"{month_name[int(found[2])]} {found[1]}" if found else period
