"""The cells of a table as they are written, read as the table's fields say; nothing is read in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from careshift import places
from careshift.checking import PATTERNS
from careshift.own_data import area_cells, categories, changes, dates, measures
from careshift.own_data.changes import Reading, line, translated
from careshift.own_data.column_names import INVISIBLE
from careshift.own_data.how import How
from careshift.project import quoted

if TYPE_CHECKING:
    import pandas as pd

Field = Mapping[str, Any]
ODD_SPACE = f"{INVISIBLE.pattern}|[\u00a0\n\r\t]"
TIMES = ("month", "quarter", "financial_year", "survey", "week_ending")


def read(
    reading: Reading, table: str, descriptor: Mapping[str, Any], headers: Mapping[str, str], how: How
) -> None:
    """Read the cells of each field: places, categories, times, numbers, and why one is missing.

    `headers` gives the name that the file has for a field. What cannot be read stays, and is refused.
    """
    schema = descriptor["schema"]
    for field in schema["fields"]:
        name = field["name"]
        if reading.grid.columns.count(name) != 1:
            continue
        _clean(reading, field, schema)
        if name == "area":
            area_cells.read(reading, table, headers.get(name, name), how)
        elif categories.categories(field) and "status" not in name:
            _categories(reading, field)
        elif name in TIMES or field["type"] in {"date", "year"}:
            _times(reading, field, table, how)
        elif name == "age":
            _ages(reading, field)
    measures.read(reading, schema, how)


def _clean(reading: Reading, field: Field, schema: Mapping[str, Any]) -> None:
    """Take invisible characters, line feeds and odd spaces out of cells that are no free text."""
    free = field["type"] == "string" and not field.get("constraints", {}).get("required")
    cells = reading.column(field["name"])
    odd = cells.str.contains(ODD_SPACE)
    if free or not odd.any():
        return
    clean = cells.str.replace(INVISIBLE.pattern, "", regex=True).str.replace(r"\s+", " ", regex=True)
    reading.replace(field["name"], clean.str.replace("\u00a0", " ").str.strip())
    count = changes.counted(int(odd.sum()), "cell")
    reading.said.append(f"{field['name']}: invisible characters or line feeds taken out of {count}")


def _categories(reading: Reading, field: Field) -> None:
    name = field["name"]
    cells = reading.column(name)
    allowed = categories.categories(field)

    def reads(text: str) -> str | None:
        if not text:
            return None
        found = categories.read(text, field)
        if found or name != "trust":
            return found
        known = {other for place in places.find(text) if place.type == "trust" for other in place.other_names}
        return next((value for value in allowed if value in known), None)

    known = {text: reads(text) for text in cells.unique()}
    parts = {value for value in known.values() if value in allowed}
    totals = [
        text
        for text, value in known.items()
        if value == categories.TOTAL and categories.has_parts(text, parts, field)
    ]
    read_cells, changed = translated(
        cells,
        ~cells.isin([*allowed, *totals]),
        lambda text: None if known[text] == categories.TOTAL else known[text],
    )
    if changed:
        reading.replace(name, read_cells)
        reading.said.append(line(name, changed))
    if totals and parts:
        rows = reading.column(name).isin(totals)
        shown = ", ".join(quoted(text) for text in totals[: changes.SHOWN])
        reading.said.append(
            f"{name}: {changes.counted(int(rows.sum()), 'row')} of {shown} left out, as totals of others"
        )
        reading.keep(~rows)


def _times(reading: Reading, field: Field, table: str, how: How) -> None:
    name = field["name"]
    cells = reading.column(name)
    plain = cells.str.fullmatch(PATTERNS["date"]) if field["type"] == "date" else cells.eq("")
    texts = [text for text in cells[~plain].unique() if text]
    if not texts:
        return
    order = how.dates or dates.settled(texts, name == "month")
    asked = [text for text in texts if dates.SLASHED.fullmatch(text)]
    ways = (dates.DAY_FIRST, dates.MONTH_FIRST)
    unclear = [text for text in asked if all(dates.date_of(text, way) for way in ways)]
    if order is None and unclear:
        one, other = (dates.date_of(unclear[0], way) for way in ways)
        meant = f"may be {one} or {other}, and no row of the column tells which"
        remedy = f"Add --dates {dates.DAY_FIRST} or --dates {dates.MONTH_FIRST}."
        rows = cells[cells == unclear[0]]
        reading.wrong(f"{quoted(unclear[0])} {meant}", remedy, name, rows, unclear[0])
        return
    reads = dates.reader(name, field["type"], order, _ends_of_months(table, name))
    if reads is None:
        return
    read_cells, changed = translated(cells, ~plain, lambda text: reads(text) if text else None)
    if changed:
        reading.replace(name, read_cells)
        told = line(name, changed)
        reading.said.append(f"{told}; dates have the {order.replace('-', ' ')}" if asked and order else told)


def _ends_of_months(table: str, name: str) -> bool:
    """Return whether all dates of the book's table are last days of their month."""
    from careshift import tables

    days = {row[name] for row in tables.rows(table) if row[name]}
    found = [dates.last_of_month(day[:7]) for day in days]
    return all(last is not None and last.isoformat() == day for last, day in zip(found, days, strict=True))


def _ages(reading: Reading, field: Field) -> None:
    """Read single years of age: "90+" is the oldest of the table, a total of all ages is left out."""
    cells = reading.column("age")
    oldest = str(field.get("constraints", {}).get("maximum", ""))

    def reads(text: str) -> str | None:
        span = categories.ages(text)
        return oldest if span and span[1] == categories.OLDEST and str(span[0]) == oldest else None

    read_cells, changed = translated(cells, ~cells.str.fullmatch(PATTERNS["integer"]), reads)
    if changed:
        reading.replace("age", read_cells)
        reading.said.append(line("age", changed))
    rows: pd.Series = reading.column("age").map(
        lambda text: bool(categories.TOTALS.fullmatch(categories.plain(text)))
    )
    if rows.any() and not rows.all():
        reading.said.append(
            f"age: {changes.counted(int(rows.sum()), 'row')} of all ages left out, as totals of others"
        )
        reading.keep(~rows)
