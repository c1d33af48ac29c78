"""Numbers and labels as a chart writes them."""

from __future__ import annotations

import textwrap
from numbers import Integral
from typing import Any

from careshift.inert_text import printable
from careshift.typography import minus


def written(value: Any, is_time: bool = False) -> str:
    """Return a value as a chart writes it: three digits below one, no decimals from a hundred on."""
    if isinstance(value, (str, bytes)):
        return str(value)
    number = float(value)
    if is_time:
        return f"{number:g}"
    digits = ",.0f" if abs(number) >= 100 else ",.1f" if abs(number) >= 1 else ".3g"
    return minus(format(number, digits))


def wrapped(label: object, width: int = 28) -> str:
    """Return a label broken into lines of at most `width` letters."""
    return textwrap.fill(str(label), width, break_on_hyphens=False)


def exact(value: Any) -> str:
    """Return a value with the digits of its cell in the chart's table, and commas between thousands."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Integral):
        return minus(f"{value:,}")
    return minus(f"{float(f'{value:.6g}'):,}".removesuffix(".0"))
