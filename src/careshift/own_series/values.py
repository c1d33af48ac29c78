"""Numbers as people write them in a cell."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[£$€]?\s*([-+−]?)\s*[£$€]?\s*(\d{1,3}(?:[, \u00a0]\d{3})+|\d*)(\.\d+)?\s*%?")
MISSING = frozenset(
    ("", "-", "–", "..", ":", "*", "[c]", "[x]", "[z]", "[u]", "[low]", "c", "x", "n/a", "na", "nan", "null")
)


def number(text: str) -> float | None:
    """Return a number as people write it ("1,234", "£5.20", "12 %"), or nothing where it is none."""
    match = NUMBER.fullmatch(text.strip())
    if match is None or not (match[2] or match[3]):
        try:
            value = float(text) if re.fullmatch(r"[-+]?[\d.]+[eE][-+]?\d+", text.strip()) else None
        except ValueError:
            return None
        return value if value is not None and abs(value) < float("inf") else None
    sign = -1.0 if match[1] in ("-", "−") else 1.0
    return sign * float(re.sub(r"[, \u00a0]", "", match[2]) + (match[3] or ""))
