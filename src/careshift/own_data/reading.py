"""A file as a table: the sheet and the row found, columns matched, cells read, and all that is said of it."""

from __future__ import annotations

from pathlib import Path

from careshift import files, tables
from careshift.files import Grid
from careshift.own_data import constants, header, mapping, matching, values, wide
from careshift.own_data.changes import Reading
from careshift.own_data.how import How
from careshift.project import CareshiftError, quoted


def read(table: str, file: Path, by: mapping.Columns | None = None, how: How | None = None) -> Reading:
    """Return a file as the table, with what was found, matched and read on the way.

    `by` maps columns that their names do not settle, `how` answers what a check asks. What cannot be read
    stays as it is, for the check to refuse. Raises CareshiftError where the file cannot be opened, a mapping
    names what is not there, or two readings of the whole fit.
    """
    how = how or How()
    descriptor = tables.describe(table)
    schema = descriptor["schema"]
    found = _found(table, file, how)
    reading = Reading(found.grid, list(found.said))
    settled = _settled(by)
    if not by or not by.long:
        grid, text = wide.made_long(reading.grid, schema)
        reading.grid = grid
        reading.said += [text] if text else []
    reading.grid, taken = matching.matched(reading.grid, schema, settled)
    if taken:
        reading.said.append(matching.told(taken))
    if by is not None:
        used = mapping.used(by, reading.grid, schema)
        reading.problems += constants.contradicted(reading.grid, by.add, used, schema)
        reading.grid = mapping.reshaped(reading.grid, by, schema)
    headers = {ours: theirs for theirs, ours in {**taken, **(by.rename if by else {})}.items()}
    values.read(reading, table, descriptor, headers, how)
    reading.grid = tables.whole_numbers(table, reading.grid)
    return reading


def read_cells(table: str, grid: Grid) -> Reading:
    """Return a table that a publisher's reader made, its places as those of today."""
    reading = Reading(grid)
    values.read(reading, table, tables.describe(table), {}, How())
    return reading


def _settled(by: mapping.Columns | None) -> set[str]:
    """Return the columns and the fields that a mapping speaks of."""
    if by is None:
        return set()
    inside = {name for text in by.add.values() for name in mapping.FILLED_IN.findall(text)}
    return {*by.rename, *by.rename.values(), *by.add, *inside, *(by.long or ())}


def _found(table: str, file: Path, how: How) -> header.Found:
    schema = tables.describe(table)["schema"]
    found = files.sheets(file)
    if how.sheet is not None:
        named = [sheet for sheet in found if sheet.name == how.sheet]
        if not named:
            held = ", ".join(quoted(sheet.name) for sheet in found if sheet.name is not None)
            remedy = f"Sheets: {held}." if held else "It is no workbook: leave the sheet out."
            raise CareshiftError(f"{file.name}: no filled sheet {quoted(how.sheet)}. {remedy}")
        found = named
    each = [header.table_in(sheet, schema, how.header_row) for sheet in found]
    return header.chosen(
        each, how.sheet, sum(bool(f.get("constraints", {}).get("required")) for f in schema["fields"]) - 2
    )
