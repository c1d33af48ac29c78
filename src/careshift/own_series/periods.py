"""Periods as people write them, read as a whole column: what the column counts, and each period as a number.

The numbers and their words are those of :mod:`careshift.interruption.axis`: months as twelve a year, quarters
as four, fiscal years by the year they start in.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, cast, get_args

import numpy as np

from careshift.interruption.axis import Axis
from careshift.project import CareshiftError, quoted

if TYPE_CHECKING:
    import pandas as pd

DayOrder = Literal["day-first", "month-first"]
Parts = tuple[int, ...]
Reader = Callable[[str], Parts | None]
MONTHS = {
    name.lower(): number for names in (month_abbr, month_name) for number, name in enumerate(names) if name
} | {"sept": 9}
EXAMPLES = "2018, 2018/19, 2018Q3, 2018-04, Apr-18, 2018-04-30 or 30/04/2018"
FISCAL = re.compile(r"(\d{4})\s*[/–-]\s*(\d{4}|\d{2})")
FISCAL_QUARTER = re.compile(
    r"(\d{4})\s*[/–-]\s*(\d{4}|\d{2})[\s-]*Q([1-4])|Q([1-4])[\s-]*(\d{4})/(\d{4}|\d{2})"
)
QUARTER = re.compile(r"(\d{4})[\s-]*Q([1-4])|Q([1-4])[\s-]*(\d{4})", re.IGNORECASE)
MONTH = re.compile(r"(\d{4})[-/ .]?M?(0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.](\d{4})", re.IGNORECASE)
NAMED_MONTH = re.compile(r"([A-Za-z]{3,9})[-/ .'’]*(\d{4}|\d{2})|(\d{4})[-/ .]*([A-Za-z]{3,9})")
ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]00:00.*)?")
NUMBERED_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
NAMED_DAY = re.compile(r"(\d{1,2})[-/ .]*([A-Za-z]{3,9})[-/ .,]*(\d{4}|\d{2})")


class PeriodError(CareshiftError):
    """A period that cannot be read; the text names the row and what would be right."""


@dataclass(frozen=True)
class Scale:
    """What the periods of a series count.

    `axis` is None for plain numbers; `day` is the month and day of yearly dates, such as (3, 31).
    """

    axis: Axis | None
    day: tuple[int, int] | None = None


def day_order(text: str | None) -> DayOrder | None:
    """Return how days are written, as an option says it. Raises PeriodError for anything else."""
    if text and text not in get_args(DayOrder):
        raise PeriodError(f"--dates {quoted(text)}: give day-first or month-first.")
    return cast(DayOrder, text) if text else None


def read(column: pd.Series, file: str, order: DayOrder | None = None) -> tuple[pd.Series, Scale]:
    """Return each period of a column as a number, and what they count.

    `column` holds texts; its index is the row in the file. `order` says how 03/04/2024 is meant. Raises
    PeriodError, which names the row, for a text that is no period, and for dates that can be meant two ways.
    """
    texts = column.str.strip().astype(object)  # so that what is found stays as it is
    forms = _forms(order or _order_of(texts, file))
    found = {name: texts.map(reader) for name, reader in forms.items()}
    name = max(forms, key=lambda form: int(found[form].notna().sum()))
    parts = found[name]
    if parts.notna().sum() == 0:
        raise PeriodError(
            f"{file}, column {quoted(column.name)}: no cell can be read as a period. Write {EXAMPLES}."
        )
    wrong = parts[parts.isna()]
    if len(wrong):
        row = wrong.index[0]
        raise PeriodError(
            f"{file}, row {row}, column {quoted(column.name)}: {quoted(texts[row])} is not a period like the "
            f"others, which are like {quoted(texts[parts.notna()].iloc[0])}. Mend it, or leave the row out "
            "with --where."
        )
    return _numbered(name, parts, file, str(column.name))


def share_read(column: pd.Series) -> float:
    """Return the share of a column's cells that can be read as a period other than a plain number."""
    forms = [reader for name, reader in _forms("day-first").items() if name != "number"]
    if column.empty:
        return 0.0
    return float(np.mean([any(reader(text) for reader in forms) for text in column.str.strip()]))


def number_of(text: str, scale: Scale) -> float:
    """Return a single period or date, such as that of an interruption, on the scale of a series.

    A date in the middle of a period gives the period that holds it; of yearly dates, the first on or after
    it. Raises PeriodError with what would be right.
    """
    for name, reader in _forms("day-first").items():
        parts = reader(text.strip())
        if parts is None or (name == "number" and scale.axis is not None):
            continue
        number = _on_scale(name, parts, scale)
        if number is not None:
            return number
    raise PeriodError(f"{quoted(text)} is no period of this series. Write it like {example(scale)}.")


def example(scale: Scale) -> str:
    """Return a period of the scale as one writes it."""
    return {"year": "2015", "fiscal year": "2015/16", "quarter": "2015Q2", "month": "2015-04"}.get(
        scale.axis or "", "37"
    )


def _forms(order: DayOrder) -> Mapping[str, Reader]:
    """Return the readers of every form, the likelier before the less likely."""
    return {
        "year": _year,
        "fiscal year": _fiscal_year,
        "fiscal quarter": _fiscal_quarter,
        "quarter": _quarter,
        "month": _month,
        "date": partial(_date, order=order),
        "number": _number,
    }


def _numbered(name: str, parts: pd.Series, file: str, column: str) -> tuple[pd.Series, Scale]:
    if name == "date":
        return _by_date(parts, file, column)
    axis: dict[str, Axis] = {
        "year": "year",
        "fiscal year": "fiscal year",
        "fiscal quarter": "quarter",
        "quarter": "quarter",
        "month": "month",
    }
    return parts.map(lambda found: _counted(name, found)), Scale(axis.get(name))


def _counted(name: str, parts: Parts) -> float:
    per_year = {"quarter": 4, "fiscal quarter": 4, "month": 12}.get(name)
    return float(parts[0]) if per_year is None else float(parts[0] * per_year + parts[1] - 1)


def _by_date(parts: pd.Series, file: str, column: str) -> tuple[pd.Series, Scale]:
    """Return dated periods as months, quarters or years, by how far apart the dates are."""
    months = parts.map(lambda day: day[0] * 12 + day[1] - 1)
    days = sorted(set(parts))
    between = [date(*later).toordinal() - date(*earlier).toordinal() for earlier, later in pairwise(days)]
    if between and max(between) < 28:
        raise PeriodError(
            f"{file}, column {quoted(column)}: the dates are at most {max(between)} days apart. Add the "
            "values up by month or quarter first; shorter periods are not read."
        )
    steps = np.diff(np.unique(months))
    step = int(np.gcd.reduce(steps)) if steps.size else 1
    if step % 12 == 0:
        return parts.map(lambda day: float(day[0])), Scale("year", max((m, d) for _, m, d in parts))
    if step % 3 == 0:
        return (months // 3).astype(float), Scale("quarter")
    return months.astype(float), Scale("month")


def _on_scale(name: str, parts: Parts, scale: Scale) -> float | None:
    """Return parts of a form on the scale, or nothing where the form cannot be placed on it."""
    if scale.axis is None:
        return float(parts[0]) if name in ("number", "year") else None
    if name == scale.axis or (name, scale.axis) == ("fiscal quarter", "quarter"):
        return _counted(name, parts)
    if name not in ("month", "date") or (name == "month" and scale.axis == "month"):
        return None
    year, month, day = (*parts, 1)[:3]
    match scale.axis:
        case "month":
            return float(year * 12 + month - 1)
        case "quarter":
            return float(year * 4 + (month - 1) // 3)
        case "fiscal year":
            return float(year if month >= 4 else year - 1)
    return float(year + (scale.day is not None and (month, day) > scale.day))


def _order_of(texts: pd.Series, file: str) -> DayOrder:
    """Return how the days of a column are written: decided by the column as a whole, or refused."""
    found = texts.str.extract(f"^{NUMBERED_DAY.pattern}$").dropna()
    if found.empty:
        return "day-first"
    first, second = found[0].astype(int), found[1].astype(int)
    if (first > 12).any() or (second > 12).any():
        return "day-first" if (first > 12).any() else "month-first"
    # The same day in every month: the part that never changes is the day.
    if first.nunique() == 1 and second.nunique() > 1:
        return "day-first"
    if second.nunique() == 1 and first.nunique() > 1:
        return "month-first"
    raise PeriodError(
        f"{file}, row {found.index[0]}, column {quoted(texts.name)}: {quoted(texts[found.index[0]])} can be "
        "meant two ways. Say --dates day-first or --dates month-first."
    )


def _year(text: str) -> Parts | None:
    return (int(text),) if re.fullmatch(r"(1[6-9]|20|21)\d\d", text) else None


def _fiscal_year(text: str) -> Parts | None:
    match = FISCAL.fullmatch(text)
    return (int(match[1]),) if match and _follows(match[1], match[2]) else None


def _follows(first: str, second: str) -> bool:
    century = 100 if len(second) == 2 else 10_000
    return (int(first) + 1 - int(second)) % century == 0


def _fiscal_quarter(text: str) -> Parts | None:
    match = FISCAL_QUARTER.fullmatch(text)
    if match is None:
        return None
    year, second, quarter = (match[1], match[2], match[3]) if match[1] else (match[5], match[6], match[4])
    if not _follows(year, second):
        return None
    return (int(year), int(quarter) + 1) if quarter != "4" else (int(year) + 1, 1)


def _quarter(text: str) -> Parts | None:
    match = QUARTER.fullmatch(text)
    if match is None:
        return None
    return (int(match[1] or match[4]), int(match[2] or match[3]))


def _month(text: str) -> Parts | None:
    if match := MONTH.fullmatch(text):
        year = int(match[1] or match[4])
        return (year, int(match[2] or match[3])) if 1600 <= year < 2200 else None
    match = NAMED_MONTH.fullmatch(text)
    month = MONTHS.get((match[1] or match[4]).lower()) if match else None
    return (_full_year(match[2] or match[3]), month) if match and month else None


def _date(text: str, order: DayOrder) -> Parts | None:
    if match := ISO.fullmatch(text):
        return _real(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMBERED_DAY.fullmatch(text):
        day, month = (
            (int(match[1]), int(match[2])) if order == "day-first" else (int(match[2]), int(match[1]))
        )
        return _real(_full_year(match[3]), month, day)
    match = NAMED_DAY.fullmatch(text)
    month_of = MONTHS.get(match[2].lower()) if match else None
    return _real(_full_year(match[3]), month_of, int(match[1])) if match and month_of else None


def _real(year: int, month: int, day: int) -> Parts | None:
    try:
        date(year, month, day)
    except ValueError:
        return None
    return (year, month, day) if 1600 <= year < 2200 else None


def _number(text: str) -> Parts | None:
    return (int(text),) if re.fullmatch(r"\d{1,6}", text) else None


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 69 else 1900)
