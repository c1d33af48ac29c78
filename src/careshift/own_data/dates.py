"""Dates, months, quarters and years as people write them, read as the table's field says."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Collection

from careshift.own_data.column_names import visible

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T]0?0:00(:00)?)?")
ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]00:00:00(\.0+)?Z?)?")
PACKED = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})")
AMERICAN = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
MONTH_NAMED = re.compile(r"([a-z]{3,9})\.?[ -](\d{4}|\d{2})|(\d{4})[ -]([a-z]{3,9})")
MONTH_NUMBERED = re.compile(r"((?:19|20)\d\d)[-/m]?(\d\d)|(\d\d)/((?:19|20)\d\d)")
SERIAL = re.compile(r"[2-6]\d{4}(\.0+)?")  # days since 1899, from 1954 to 2091
EPOCH = datetime.date(1899, 12, 30)
QUARTERS = ("jan-mar", "apr-jun", "jul-sep", "oct-dec")
CENTURY = 50  # a year of two digits below it is of this century


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < CENTURY else 1900)


def _month(name: str) -> int:
    """Return the number of a month by its name or the first letters of it; 0 for any other word."""
    full = [month.lower() for month in calendar.month_name]
    short = name.lower()
    return next(
        (
            number
            for number in range(1, 13)
            if full[number] == short or short in (full[number][:3], full[number][:4])
        ),
        0,
    )


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def order_of(cells: Collection[str]) -> str | None:
    """Return whether dates such as 03/04/2024 have the day or the month first, by those that show it.

    None where none of them shows it, or some show the one and some the other.
    """
    parts = [
        tuple(map(int, found.groups()[:2])) for cell in cells if (found := SLASHED.fullmatch(visible(cell)))
    ]
    days, months = any(one > 12 for one, _ in parts), any(other > 12 for _, other in parts)
    if days != months:
        return DAY_FIRST if days else MONTH_FIRST
    return None


def settled(cells: Collection[str], months: bool) -> str | None:
    """Return the order of the column's dates where every date is the same both ways, or one way fits alone.

    `months` says that each date stands for a month: then the way in which all are first days, or all last
    days, of a month is the only one that fits.
    """
    known = order_of(cells)
    parts = {found.groups()[:3] for cell in cells if (found := SLASHED.fullmatch(visible(cell)))}
    if known or not parts or all(one == other for one, other, _ in parts):
        return known or DAY_FIRST
    shows_both = any(int(one) > 12 for one, _, _ in parts) and any(int(other) > 12 for _, other, _ in parts)
    if months and not shows_both:
        first = [all(int(part[place]) == 1 for part in parts) for place in (0, 1)]
        if first[0] != first[1]:
            return DAY_FIRST if first[0] else MONTH_FIRST
    return None


def date_of(text: str, order: str | None) -> datetime.date | None:
    """Return the day that a text names, None where it names none. `order` is of dates such as 03/04/2024."""
    words = visible(text).lower()
    if found := ISO.fullmatch(words) or PACKED.fullmatch(words):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if (found := SLASHED.fullmatch(words)) and order:
        one, other = int(found[1]), int(found[2])
        day, month = (one, other) if order == DAY_FIRST else (other, one)
        return _day(_year(found[3]), month, day)
    if found := NAMED.fullmatch(re.sub(r"^(mon|tues?|wed(nes)?|thur?s?|fri|satur|sun)(day)?,? ", "", words)):
        return _day(_year(found[3]), _month(found[2]), int(found[1]))
    if found := AMERICAN.fullmatch(words):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    if SERIAL.fullmatch(words):
        return EPOCH + datetime.timedelta(days=int(float(words)))
    return None


def month_of(text: str, order: str | None) -> datetime.date | None:
    """Return the first day of the month that a text names, as a month or as one of its days."""
    words = visible(text).lower()
    if found := MONTH_NAMED.fullmatch(words):
        year, name = (found[2], found[1]) if found[1] else (found[3], found[4])
        return _day(_year(year), _month(name), 1)
    if found := MONTH_NUMBERED.fullmatch(words):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _day(int(year), int(month), 1)
    day = date_of(text, order)
    return day.replace(day=1) if day else None


def last_of_month(text: str) -> datetime.date | None:
    """Return the last day of the month that a text names without a day; None where it names a day or none."""
    words = visible(text).lower()
    if MONTH_NAMED.fullmatch(words) or re.fullmatch(r"(?:19|20)\d\d-\d\d", words):
        first = month_of(text, None)
        if first:
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return None


def financial_year(text: str) -> str | None:
    """Return a financial year as 2023/24: of 2023-24, 2023/2024, FY 2023/24, 202324; None where two fit."""
    words = re.sub(r"^(fy|financial year)\s*", "", visible(text).lower())
    found = re.fullmatch(
        r"((?:19|20)\d\d)\s*(?:[-/_\u2013\u2014]|to)\s*((?:19|20)?\d\d)", words
    ) or re.fullmatch(r"((?:19|20)\d\d)(\d\d)", words)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]) % 100:
        return None
    return f"{found[1]}/{found[2][-2:]}"


def quarter(text: str) -> str | None:
    """Return a quarter of the calendar year as 2024Q1: of Q1 2024, 2024 Q1, Jan-Mar 2024, Q4 2023/24."""
    words = visible(text).lower().replace("quarter", "q").replace("\u2013", "-").replace(" to ", "-")
    months = "|".join(QUARTERS)
    if found := re.fullmatch(r"q\s*([1-4])[ -/,]*(\d{4})|(\d{4})[ -/,]*q\s*([1-4])", words):
        number, year = (found[1], found[2]) if found[1] else (found[4], found[3])
        return f"{year}Q{number}"
    if found := re.fullmatch(rf"({months})\s*,?\s*(\d{{4}})|(\d{{4}})\s*({months})", words):
        spelt, year = (found[1], found[2]) if found[1] else (found[4], found[3])
        return f"{year}Q{QUARTERS.index(spelt) + 1}"
    found = re.fullmatch(r"q\s*([1-4]),?\s*(\d{4}[-/]\d{2,4})|(\d{4}[-/]\d{2,4}),?\s*q\s*([1-4])", words)
    named = financial_year(found[2] or found[3]) if found else None
    if found and named:  # the first quarter of a financial year begins in April
        number, year = int(found[1] or found[4]), int(named[:4])
        return f"{year}Q{number + 1}" if number < 4 else f"{year + 1}Q1"
    day = re.fullmatch(r"((?:19|20)\d\d)-(03-31|06-30|09-30|12-31)", words)
    return f"{day[1]}Q{int(day[2][:2]) // 3}" if day else None


def year(text: str) -> str | None:
    """Return a year as four digits: of 2019, mid-2019, Mid 2019; None where another year fits as well."""
    found = re.fullmatch(r"(?:mid[- ]?(?:year )?)?((?:19|20)\d\d)(?:\.0+)?", visible(text).lower())
    return found[1] if found else None


def reader(field: str, kind: str, order: str | None, ends: bool) -> Callable[[str], str | None] | None:
    """Return the function that reads a field of time, None where a field is none.

    `ends` says that the book's dates are all last days of a month, so that a month alone stands for it.
    """
    if field == "month":
        return lambda text: _iso(month_of(text, order))
    if kind == "date":
        return lambda text: _iso(date_of(text, order) or (last_of_month(text) if ends else None))
    readers = {"quarter": quarter, "financial_year": financial_year, "survey": financial_year}
    return readers.get(field) or (year if kind == "year" else None)


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
