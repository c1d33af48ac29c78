"""Text that does nothing: in a terminal it steers no cursor, in a spreadsheet it computes nothing."""

from __future__ import annotations

import re

FORMULA = ("=", "+", "-", "@")  # what a spreadsheet starts to compute at
PLAIN = re.compile(r"[-+]?[0-9,]*\.?[0-9]+")  # a number such as +48.8 or -1,000


def printable(text: object) -> str:
    """Return the text on one line without control characters, such as those that steer a terminal."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable())


def cell(value: object) -> object:
    """Return a value for a CSV file, a text so that no spreadsheet takes it for a formula.

    A text that starts like a formula and is no plain number gets an apostrophe before it.
    """
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(FORMULA) and not PLAIN.fullmatch(text) else text
