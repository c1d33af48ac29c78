"""How numbers and months are set in running text."""

from __future__ import annotations

import re
from calendar import month_name

HYPHEN = re.compile(r"(?<![\w)\]\\])\\?-(?=\d)")  # a hyphen, escaped or not, that stands for a sign
UNITS = (
    "percent|percentage|points?|million|billion|pounds|people|residents|patients|clients|admissions|"
    "readmissions|stays|beds?|years?|months?|weeks?|days?|hours?|times|claims?"
)
BEFORE_UNIT = re.compile(rf"(?<=\d) (?=%|(?:{UNITS})\b)")
# In HTML: tags, and what shows text as it is or is no text.
AS_IT_IS = re.compile(r"(<(script|style|pre|code|math)\b.*?</\2>|<[^>]*>)", re.DOTALL)
MONTH = re.compile(r"(\d{4})\\?-(\d{2})")


def minus(text: str) -> str:
    """Return the text with a true minus before negative numbers: "-3 to 2010-11" gives "−3 to 2010-11"."""
    return HYPHEN.sub("−", text)


def unbroken(text: str) -> str:
    """Return the text with a no-break space between a number and its unit, so that no line ends there."""
    return BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", text)


def unbroken_html(html: str) -> str:
    """Return a page with no-break spaces between its numbers and their units; tags, code and scripts stay."""
    parts, end = [], 0
    for kept in AS_IT_IS.finditer(html):
        parts += [unbroken(html[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*parts, unbroken(html[end:])])


def month(period: str) -> str:
    """Return a month in words, "2016-04" gives "April 2016"; any other period as it stands, "2020Q2"."""
    found = MONTH.fullmatch(period)
    return f"{month_name[int(found[2])]} {found[1]}" if found else period


def rise_or_fall(change: float, digits: int = 1, unit: str = "%") -> str:
    """Return a change without its sign: "rose by 4.0 %", "fell by 11.7 %", "fell by 512 clients"."""
    return f"{'fell' if change < 0 else 'rose'} by {abs(change):,.{digits}f} {unit}"


def a_rise_or_fall(change: float, digits: int = 1, unit: str = "%") -> str:
    """Return a change without its sign, as a noun: "a rise of 4.0 %", "a fall of 11.7 %"."""
    return f"a {'fall' if change < 0 else 'rise'} of {abs(change):,.{digits}f} {unit}".rstrip()


def from_fall_to_rise(low: float, high: float, digits: int = 1, unit: str = "%") -> str:
    """Return a range of changes without signs: "a fall of 12 % to a rise of 3 %", "a fall of 9 to 4 days"."""
    if low < 0 < high:
        return f"{a_rise_or_fall(low, digits, unit)} to {a_rise_or_fall(high, digits, unit)}"
    first, last = (f"{abs(end):,.{digits}f}" for end in (low, high))
    return f"a {'rise' if low >= 0 else 'fall'} of {first} to {last} {unit}".rstrip()


def below_or_above(difference: float, digits: int = 1, unit: str = "%") -> str:
    """Return a difference without its sign: "2.0 % below", "0.3 % above"."""
    return f"{abs(difference):,.{digits}f} {unit} {'below' if difference < 0 else 'above'}"


def more_or_fewer(difference: int) -> str:
    """Return a difference of counts without its sign: "512 fewer", "1 more", "no more"."""
    return f"{abs(difference):,} {'fewer' if difference < 0 else 'more'}" if difference else "no more"


def in_letters(number: int) -> str:
    """Return a small whole number as a word, a larger one in digits: "two", 13."""
    words = [
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    return words[number] if 0 <= number < len(words) else str(number)
