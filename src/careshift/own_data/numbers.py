"""Numbers as people write them, and what stands in place of one: never zero, and with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from careshift.own_data.column_names import visible

OK, NOT_AVAILABLE, SUPPRESSED = "ok", "not available", "suppressed"
PLAIN = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
GROUPED = re.compile(r"([+-]?)(\d{1,3}(?:[, '\u2009\u202f]\d{3})+)(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
POINTED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")  # thousands with points, or three decimals
FLAG = re.compile(r"\s*\[([a-z])\]$|(?<=\d)\s*[pr]$", re.IGNORECASE)
"""A letter behind a number: the Government Analysis Function's shorthand for provisional, revised, ..."""
WITHHELD = re.compile(
    r"(n\s*)?(<=?|\u2264|less than|under|fewer than)\s*\d{1,2}|[0-9]\s*(-|\u2013|to)\s*(10|[1-9])",
    re.IGNORECASE,
)
WORDS = {
    NOT_AVAILABLE: (
        "", "-", "--", "\u2013", "\u2014", ".", "..", "...", ":", "x", "z", "u", "w",
        "[x]", "[z]", "[u]", "[w]",
        "na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "no data", "missing", "unavailable",
        "not available", "data not available", "data unavailable", "not applicable", "not collected",
    ),
    SUPPRESSED: (
        "*", "**", "c", "[c]", "[low]", "low", "suppressed", "data suppressed", "confidential", "disclosive",
        "withheld", "redacted", "#",
    ),
}  # fmt: skip
SENTINELS = {"-1", "-9", "-99", "-999", "-9999"}
"""Numbers below zero that programs write where there is no count: for which reason has to be said."""
HIGH_SENTINELS = {"999", "9999", "99999", "999999"}


def reason(text: str) -> str | None:
    """Return why a cell holds no number: not available or suppressed; None where it is no such cell."""
    word = visible(text).lower()
    for why, words in WORDS.items():
        if word in words:
            return why
    return SUPPRESSED if WITHHELD.fullmatch(word) else None


def number(text: str, field: Mapping[str, Any]) -> str | None:
    """Return a number as digits: of "1,234", "1 234", "\u00a31,234", "45 %", "123 [p]"; else None.

    A sign of money or percent is only left out where the field is about it.
    """
    words = FLAG.sub("", visible(text))
    about = " ".join(str(field.get(part, "")) for part in ("name", "title", "description", "unit")).lower()
    if "pound" in about:
        words = words.removeprefix("\u00a3").strip()
    if "percent" in about or "per cent" in about:
        words = words.removesuffix("%").strip()
    if found := GROUPED.fullmatch(words):
        words = found[1] + re.sub(r"\D", "", found[2]) + (found[3] or "")
    return words if re.fullmatch(PLAIN, words) else None
