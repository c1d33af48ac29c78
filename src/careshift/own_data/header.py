"""The table in a sheet: which row names the columns, what stands above and below, what is no row of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from careshift.files import Grid, Sheet
from careshift.own_data import column_names
from careshift.project import CareshiftError, quoted

if TYPE_CHECKING:
    import pandas as pd

FIRST_ROWS = 200  # in which the column names must stand
NUMBER = re.compile(r"[-+(\u00a3]?[\d., ]+[%)]?|\d{4}-\d\d-\d\d.*|\d{1,2}/\d{1,2}/\d{2,4}")
NOTE = re.compile(
    r"(sources?|notes?|copyright|contact|released|published|end of)\b|[*\u00a9]|\[|\(?\d+\)"
)  # how a note below a table begins
FEWEST = 2  # fields that a row must name to be taken for the column names


@dataclass(frozen=True)
class Found:
    """A table that was found in a sheet: its cells, and what is to be said about how it was found.

    `score` counts the fields of the table that its columns name; `rivals` are rows that could name the
    columns as well.
    """

    grid: Grid
    said: tuple[str, ...]
    score: int
    rivals: tuple[int, ...] = ()


def table_in(sheet: Sheet, schema: Mapping[str, Any], header_row: int | None = None) -> Found:
    """Return the table of a sheet, its columns named by the row that names most fields of the table.

    `header_row` says which row that is. Raises CareshiftError where there is no such row.
    """
    rows = _first_rows(sheet)
    if header_row is None:
        chosen, depth, score, rivals = _best(rows, schema)
    else:
        chosen, depth, score, rivals = _said(sheet, rows, header_row, schema)
        again = [
            n for n, row in rows.items() if n > chosen and column_names.score(row, schema) >= max(score, 2)
        ]
        sheet = _until(sheet, again[0]) if again else sheet
    names = _joined(rows, chosen) if depth == 2 else rows[chosen]
    return _cut(sheet, chosen, depth, names or [], score, rivals)


Row = tuple[int, int, int, tuple[int, ...]]
"""The row that names the columns, of how many rows the names are, how many fields they name, and rivals."""


def _said(sheet: Sheet, rows: Mapping[int, list[str]], row: int, schema: Mapping[str, Any]) -> Row:
    """Return the row that is said to name the columns. Raises CareshiftError where it holds nothing."""
    if row not in rows or not any(rows[row]):
        raise CareshiftError(f"{sheet.file}: row {row} is empty or not there. Name another row.")
    score = column_names.score(rows[row], schema)
    joined = _joined(rows, row)
    two = joined and (column_names.score(joined, schema) > score or _categories(joined, schema))
    return row, 2 if two else 1, score, ()


def _until(sheet: Sheet, row: int) -> Sheet:
    """Return a sheet up to the row that names the columns of a next table."""
    ragged = {number: cells for number, cells in sheet.ragged.items() if number < row}
    said = (*sheet.said, f"the table ends above row {row}, which names columns again")
    return replace(sheet, cells=sheet.cells[sheet.cells.index < row], ragged=ragged, said=said)


def _first_rows(sheet: Sheet) -> dict[int, list[str]]:
    start = sheet.cells.iloc[:FIRST_ROWS]
    rows = {int(number): list(row) for number, row in zip(start.index, start.to_numpy(), strict=True)}
    last = max(rows, default=0)
    short = {number: list(row) for number, row in sheet.ragged.items() if number <= max(last, FIRST_ROWS)}
    every = {**rows, **short}
    return {number: [column_names.visible(cell) for cell in every[number]] for number in sorted(every)}


def _best(rows: Mapping[int, list[str]], schema: Mapping[str, Any]) -> Row:
    """Return the row that names the columns, of how many rows they are, how many fields, and the rivals."""
    scores = {number: column_names.score(row, schema) for number, row in rows.items()}
    most = max(scores.values(), default=0)
    if most < FEWEST:
        return _widest(rows), 1, most, ()
    best = [number for number, score in scores.items() if score == most]
    first = best[0]
    joined = _joined(rows, first)
    depth = 1
    if joined and (column_names.score(joined, schema) > most or _categories(joined, schema)):
        most, depth = max(most, column_names.score(joined, schema)), 2
    rivals = tuple(
        number
        for number in best[1:]
        if number >= first + depth
        and (
            rows[number] != rows[first]
            or not any(rows.get(number - 1, []))
            or _filled(rows[number - 1]) * 2 < _filled(rows[first])
        )
    )
    return first, depth, most, (first, *rivals) if rivals else ()


def _widest(rows: Mapping[int, list[str]]) -> int:
    """Return the first row that is as wide as the table: where no row names a field, it is taken for one."""
    most = max((_filled(row) for row in rows.values()), default=0)
    wide = [number for number, row in rows.items() if _filled(row) and _filled(row) * 2 > most]
    if not wide:
        raise CareshiftError("no row holds anything; look at the file.")
    return wide[0]


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell)


def _joined(rows: Mapping[int, list[str]], first: int) -> list[str] | None:
    """Return the names of columns that stand in two rows; a name above several columns stands for each."""
    top, bottom = rows[first], rows.get(first + 1)
    if not bottom or len(bottom) != len(top) or any(NUMBER.fullmatch(cell) for cell in bottom if cell):
        return None
    names, above = [], ""
    for over, under in zip(top, bottom, strict=True):
        above = over or (above if under else "")
        names.append(above if above == under or not under else f"{above} {under}".strip())
    return names


def _categories(names: Sequence[str], schema: Mapping[str, Any]) -> bool:
    """Return whether columns are named by categories of fields that no column is."""
    from careshift.own_data import wide

    return bool(wide.columns_of(names, schema))


def _cut(
    sheet: Sheet, header: int, depth: int, names: Sequence[str], score: int, rivals: tuple[int, ...]
) -> Found:
    """Return what stands below the column names, without blank rows, repeated names and notes at the end."""
    import pandas as pd

    said = list(sheet.said)
    last = header + depth - 1
    body = sheet.cells[sheet.cells.index > last]
    width = body.shape[1]
    names = [*names, *[""] * (width - len(names))][:width]
    body = body[(body != "").any(axis=1)]
    above = [row for row in sheet.cells.index if row < header]
    if above or any(row < header for row in sheet.ragged) or depth == 2:
        rows = f"rows {header} and {last} name" if depth == 2 else f"row {header} names"
        said.append(f"{rows} the columns" + ("; what stands above is left out" if header > 1 else ""))
    body, ragged, told = _without_notes(body, {r: c for r, c in sheet.ragged.items() if r > last})
    said += told
    again = (
        (body == pd.Series(sheet.cells.loc[header], index=body.columns)).all(axis=1)
        if (header in sheet.cells.index and depth == 1)
        else pd.Series(False, index=body.index)
    )
    if again.any():
        said.append(f"{_rows(list(body.index[again]))} left out: the column names again")
        body = body[~again]
    used = [place for place in range(width) if names[place] or (body.iloc[:, place] != "").any()]
    body = body.iloc[:, used]
    body.columns = [names[place] for place in used]
    wrong = tuple((row, len(cells)) for row, cells in ragged.items() if any(cells))
    grid = Grid(sheet.file, body, wrong, sheet.name, sheet.unfinished, width)
    return Found(grid, tuple(said), score, rivals)


def _without_notes(
    body: pd.DataFrame, ragged: Mapping[int, Sequence[str]]
) -> tuple[pd.DataFrame, Mapping[int, Sequence[str]], list[str]]:
    """Return the rows without the notes below the last full one, and which rows those were."""
    filled = (body != "").sum(axis=1)
    whole = filled[filled * 2 > max(filled.max(), 1)] if len(filled) else filled
    last = int(whole.index[-1]) if len(whole) else 0
    tail = {int(row): [c for c in body.loc[row] if c] for row in body.index[body.index > last]}
    tail |= {row: [cell for cell in cells if cell] for row, cells in ragged.items() if row > last}
    notes = {row: cells for row, cells in sorted(tail.items()) if cells and _is_note(cells)}
    if not notes:
        return body, ragged, []
    first = quoted(next(iter(notes.values()))[0], 40)
    kept = {row: cells for row, cells in ragged.items() if row not in notes}
    text = f"{_rows(list(notes))} left out: notes below the table ({first})"
    return body[~body.index.isin(list(notes))], kept, [text]


def _is_note(cells: Sequence[str]) -> bool:
    """Return whether the cells of a short row below a table are a sentence, and not a row cut off."""
    from careshift import places

    first = cells[0]
    begins = NOTE.match(first.lower())
    worded = len(re.findall(r"[^\W\d]{2,}", " ".join(cells))) >= 3 and " " in first
    return bool(begins or worded) and not places.find(first)


def _rows(numbers: Sequence[int]) -> str:
    """Return row numbers as words: "row 12", "rows 12 to 14", "rows 3, 9 and 2 more"."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"rows {numbers[0]} to {numbers[-1]}"
    shown = ", ".join(map(str, numbers[:5]))
    return f"rows {shown} and {len(numbers) - 5:,} more" if len(numbers) > 5 else f"rows {shown}"


def chosen(found: Sequence[Found], sheet: str | None, wanted: int) -> Found:
    """Return the table among those of a file's sheets that names most fields.

    Raises CareshiftError where two sheets, or two rows of one, do so: which is meant has to be said.
    """
    most = max(one.score for one in found)
    best = [one for one in found if one.score == most]
    file = best[0].grid.file
    if len(best) > 1 and most >= max(FEWEST, wanted):
        names = " or ".join(f"--sheet {quoted(one.grid.sheet)}" for one in best)
        raise CareshiftError(f"{file}: {len(best)} sheets hold such a table. Say which is meant: {names}.")
    if best[0].rivals:
        rows = " or ".join(f"--header-row {row}" for row in best[0].rivals)
        raise CareshiftError(
            f"{file}: more than one table, or names of columns more than once. Say which is meant: {rows}; "
            "cut off what follows the table, or bring each table by itself."
        )
    if len(found) > 1 and sheet is None and best[0].grid.sheet:
        text = f"sheet {quoted(best[0].grid.sheet)} is read, of {len(found)} filled ones"
        return replace(best[0], said=(text, *best[0].said))
    return best[0]
