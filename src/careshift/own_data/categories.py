"""Categories as people write them: "Females", "65 to 74", "All ages", "Older People"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from careshift.own_data.column_names import known, visible

TOTAL = "a total"
SEXES = {
    "female": ("f", "female", "females", "woman", "women", "girls", "girls and women"),
    "male": ("m", "male", "males", "man", "men", "boys", "boys and men"),
}
TOTALS = re.compile(
    r"(grand |sub)?totals?|all|all (persons?|people|sexes|genders?|ages|age groups?|areas|residents|groups)"
    r"|both( sexes)?|persons?|people|everyone|total (persons?|people|all ages)|t"
)
SPAN = re.compile(r"(?:ages?d? )?(\d{1,3})\s*(?:-|\u2013|\u2014|\u2012|\u2212|to|and under)\s*(\d{1,3})")
OPEN = re.compile(
    r"(?:ages?d? )?(\d{1,3})\s*(?:\+|plus|and over|and above|and older|or over|or older|or more|& over)"
)
UNDER = re.compile(r"(?:under|below|less than|younger than|<)\s*(\d{1,3})")
YEARS = re.compile(r"\s*(years?|yrs?)( of age| old)?\b\s*")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
OLDEST = 999


def categories(field: Mapping[str, Any]) -> list[str]:
    """Return the categories that a field may have, none where it may hold any text."""
    return [str(value) for value in field.get("constraints", {}).get("enum", [])]


def plain(text: str) -> str:
    """Return a category as it is compared: lower case, "&" as "and", no punctuation but of numbers."""
    text = re.sub(r"\s*&\s*", " and ", visible(text).lower())
    return re.sub(r"\s+", " ", re.sub(r"[,;:_/()'\"]|\.$", " ", text)).strip()


def ages(text: str) -> tuple[int, int] | None:
    """Return the youngest and the oldest age of a band: "65 to 74", "aged 65-74", "95 and over", "Under 18".

    Excel turns 10-19 into the date Oct-19; such a text is read as the band that it was.
    """
    words = YEARS.sub(" ", visible(text).lower()).strip()
    if found := SPAN.fullmatch(words):
        return int(found.group(1)), int(found.group(2))
    if found := OPEN.fullmatch(words):
        return int(found.group(1)), OLDEST
    if found := UNDER.fullmatch(words):
        return 0, int(found.group(1)) - 1
    if found := re.fullmatch(r"([a-z]{3})-(\d\d)", words):
        month = MONTHS.index(found.group(1)) + 1 if found.group(1) in MONTHS else OLDEST
        return (month, int(found.group(2))) if month < int(found.group(2)) else None
    return None


def read(text: str, field: Mapping[str, Any]) -> str | None:
    """Return the category that a text stands for; TOTAL for a total of several; None where it is neither."""
    return _read(text, tuple(categories(field)), field["name"])


@cache
def _names(field: str) -> dict[str, str]:
    """Return the category of each name that publishers have for it."""
    named = known().get("values", {}).get(field, {})
    return {plain(name): ours for ours, names in named.items() for name in names}


@cache
def _read(text: str, allowed: tuple[str, ...], field: str) -> str | None:
    if text in allowed:
        return text
    theirs = {name: value for name, value in _names(field).items() if value in allowed}
    by_name = {**theirs, **{plain(value): value for value in allowed}}
    word = plain(text)
    if word in by_name:
        return by_name[word]
    if set(SEXES) <= set(allowed):
        return next((sex for sex, words in SEXES.items() if word in words), _total(word, allowed))
    bands = {span: value for value in allowed if (span := ages(value))}
    span = ages(text)
    if bands and span:
        return bands.get(span) or _around(span, list(bands))
    return _total(word, allowed)


def has_parts(text: str, parts: Collection[str], field: Mapping[str, Any]) -> bool:
    """Return whether the parts of a total are there: of a band of age, each band of the table within it."""
    span = ages(text)
    if span is None:
        return bool(parts)
    bands = {value: one for value in categories(field) if (one := ages(value))}
    within = {value for value, one in bands.items() if span[0] <= one[0] and one[1] <= span[1]}
    return within <= set(parts)


def _total(word: str, allowed: Sequence[str]) -> str | None:
    if not TOTALS.fullmatch(word):
        return None
    whole = [value for value in allowed if re.match(r"all\b", value)]
    return whole[0] if len(whole) == 1 else None if whole else TOTAL


def _around(span: tuple[int, int], bands: Sequence[tuple[int, int]]) -> str | None:
    """Return TOTAL where a band is made of several of the table's, whole ones from end to end."""
    within = sorted(band for band in bands if span[0] <= band[0] and band[1] <= span[1])
    joined = all(one[1] + 1 == other[0] for one, other in pairwise(within))
    ends = within and within[0][0] == span[0] and within[-1][1] == span[1]
    return TOTAL if len(within) > 1 and joined and ends else None
