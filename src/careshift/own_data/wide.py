"""Columns that are named by categories: "Female 65-74" is a sex and an age band of a table of single rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

from careshift.files import Grid
from careshift.own_data import categories, column_names, dates

ISO = re.compile(r"\d{4}([-/Q].*)?|\d{5,6}")  # years and periods that sort as text
Meaning = dict[str, str]  # category by field


def columns_of(names: Sequence[str], schema: Mapping[str, Any]) -> dict[str, Meaning]:
    """Return the columns that are named by categories, each with the category of each field.

    They are there only where two columns or more speak of the same fields, which no column holds, and the
    table has one measure, which no column is named after.
    """
    if len(column_names.measures(schema)) != 1:
        return {}
    measure = column_names.measures(schema)[0]
    if any(column_names.may_be(name, measure) for name in names):
        return {}
    missing = [
        field
        for field in schema["fields"]
        if categories.categories(field)
        and "status" not in field["name"]
        and not any(column_names.may_be(name, field) for name in names)
    ]
    found = {name: meaning for name in dict.fromkeys(names) if (meaning := _meaning(name, missing))}
    fields = {tuple(sorted(meaning)) for meaning in found.values()}
    ways = {tuple(sorted(meaning.items())) for meaning in found.values()}
    lone = any(
        meaning[field["name"]] == categories.TOTAL and not _has_parts(name, field, found)
        for field in missing
        for name, meaning in found.items()
        if field["name"] in meaning
    )
    several = not lone and len(found) > 1 and len(fields) == 1 and len(ways) == len(found)
    return found if several else {}


def periods_of(names: Sequence[str], schema: Mapping[str, Any]) -> dict[str, Meaning]:
    """Return the columns that are named by days or months, as people write them, each with its date.

    They are there only where two columns or more are, the table has one measure and one field of days, and
    no column is named after either. Columns named by years, or by ISO dates, are left to --long.
    """
    missing = [f for f in schema["fields"] if f["type"] == "date"]
    measures = column_names.measures(schema)
    if len(missing) != 1 or len(measures) != 1:
        return {}
    if any(column_names.may_be(name, field) for name in names for field in (*missing, *measures)):
        return {}
    field = missing[0]["name"]
    spelt = [name for name in dict.fromkeys(names) if name and not ISO.fullmatch(name)]
    reads = dates.reader(field, "date", dates.settled(spelt, field == "month"), ends=False)
    found = {name: {field: day} for name in spelt if reads and (day := reads(name))}
    return found if len(found) > 1 and len({day[field] for day in found.values()}) == len(found) else {}


def _has_parts(name: str, field: Mapping[str, Any], found: Mapping[str, Meaning]) -> bool:
    """Return whether the columns hold the parts of a total that is named by the whole name or its end."""
    parts = {meaning[field["name"]] for meaning in found.values()} - {categories.TOTAL}
    words = name.split()
    ends = [" ".join(words[cut:]) for cut in range(len(words))] + [
        " ".join(words[:cut]) for cut in range(1, len(words))
    ]
    told = [text for text in ends if categories.read(text, field) == categories.TOTAL]
    return bool(parts) and all(categories.has_parts(text, parts, field) for text in told)


def _meaning(name: str, fields: Sequence[Mapping[str, Any]]) -> Meaning | None:
    for field in fields:
        value = categories.read(name, field)
        if value:
            return {field["name"]: value}
    words = name.split()
    for one, other in permutations(fields, 2):
        for cut in range(1, len(words)):
            left = categories.read(" ".join(words[:cut]).rstrip(",:-"), one)
            right = categories.read(" ".join(words[cut:]), other)
            if left and right:
                return {one["name"]: left, other["name"]: right}
    return None


def made_long(grid: Grid, schema: Mapping[str, Any]) -> tuple[Grid, str | None]:
    """Return the grid with a row for each column that is named by categories, and what was done."""
    import pandas as pd

    meanings = columns_of(grid.columns, schema) or periods_of(grid.columns, schema)
    if not meanings or any(grid.columns.count(name) > 1 for name in meanings):
        return grid, None
    measure = column_names.measures(schema)[0]["name"]
    kept = [name for name in grid.columns if name not in meanings]
    parts = [
        grid.cells[kept].assign(**meaning, **{measure: grid.cells[name]})
        for name, meaning in meanings.items()
        if categories.TOTAL not in meaning.values()
    ]
    cells = pd.concat(parts).astype("str").sort_index(kind="stable")
    fields = " and ".join(next(iter(meanings.values())))
    totals = [name for name, meaning in meanings.items() if categories.TOTAL in meaning.values()]
    text = f"the columns {', '.join(name for name in meanings if name not in totals)} are rows of {fields}"
    if totals:
        text += f"; {', '.join(totals)} left out, as a total of others"
    return replace(grid, cells=cells), text
