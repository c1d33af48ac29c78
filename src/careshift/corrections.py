"""Known errors of raw files, put right in the open: one record each in data/corrections.yml.

A record says where the error is, who introduced it, what is done and why, and what the cells must hold
for the error to be there at all. When a newer release no longer holds that, the record fails loudly
instead of spoiling a repaired file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from careshift.project import DATA, CareshiftError

if TYPE_CHECKING:
    import pandas as pd

FILE = DATA / "corrections.yml"
Where = dict[str, str | int | list[str] | list[int]]


class CorrectionError(CareshiftError):
    """A correction that no longer fits the data, or a record that cannot be read."""


class Cell(BaseModel):
    """A cell that must hold `value` before the correction is made."""

    model_config = ConfigDict(extra="forbid")
    where: Where
    column: str
    value: float


class Correction(BaseModel):
    """One known error: table, rows, who made it, what is done, why, and the guard."""

    model_config = ConfigDict(extra="forbid")
    id: str
    table: str
    where: Where = Field(description="column: value or values; an empty mapping means all rows")
    introduced_by: Literal["publisher", "re-publisher"]
    action: Literal["drop", "halve", "flag"]
    columns: list[str] = Field(default=[], description="columns that are halved")
    flag: str = Field(default="", description="text put in the column named flag")
    reason: str
    expect: list[Cell] = Field(min_length=1)


def records(file: Path = FILE) -> list[Correction]:
    """Return all correction records. Raises CorrectionError that names the record and field at fault."""
    import yaml

    entries = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    try:
        return [Correction.model_validate(entry) for entry in entries]
    except ValidationError as error:
        raise CorrectionError(f"{file.name}: {error}") from error


def correct(table: str, frame: pd.DataFrame, file: Path = FILE) -> pd.DataFrame:
    """Return the frame with every correction of that table made, in the order of the file.

    Raises CorrectionError where a guarded cell is gone or holds another value: the raw file has
    changed, so look at it and delete or adapt the record.
    """
    for record in records(file):
        if record.table == table:
            _check(record, frame)
            frame = _apply(record, frame)
    return frame


def correct_release(table: str, frame: pd.DataFrame, layout: str, file: Path = FILE) -> pd.DataFrame:
    """Return one newer release, which need not hold all the table has, with the corrections that concern it.

    Left out are errors that a re-publisher introduced where the layout is the publisher's, and errors in rows
    that the release does not have. Raises CorrectionError as `correct` does.
    """
    for record in records(file):
        theirs = layout.startswith("publisher") and record.introduced_by == "re-publisher"
        if record.table == table and not theirs and _rows(record, record.where, frame).any():
            _check(record, frame)
            frame = _apply(record, frame)
    return frame


def _check(record: Correction, frame: pd.DataFrame) -> None:
    for cell in record.expect:
        found = frame.loc[_rows(record, cell.where, frame), cell.column]
        if len(found) != 1 or float(found.iloc[0]) != cell.value:
            held = ", ".join(str(value) for value in found) or "no such row"
            raise CorrectionError(
                f'data/corrections.yml, "{record.id}": {record.table}.{cell.column} where {cell.where} '
                f"should be {cell.value:.15g} before the correction, but is {held}. The raw file "
                "has changed: if its maker has repaired it, delete the record; if not, update the record."
            )


def _apply(record: Correction, frame: pd.DataFrame) -> pd.DataFrame:
    rows = _rows(record, record.where, frame)
    if not rows.any():
        raise CorrectionError(
            f'data/corrections.yml, "{record.id}": no row of {record.table} fits {record.where}.'
        )
    if record.action == "drop":
        return frame[~rows]
    frame = frame.copy()
    if record.action == "flag":
        frame["flag"] = frame.get("flag", "")
        frame.loc[rows, "flag"] = record.flag
        return frame
    for column in record.columns:
        odd = rows & frame[column].notna() & (frame[column] % 2 != 0)
        if odd.any():
            raise CorrectionError(
                f'data/corrections.yml, "{record.id}": {record.table}.{column} holds the odd value '
                f"{frame.loc[odd, column].iloc[0]}, which cannot be double a whole number."
            )
        frame.loc[rows, column] = frame.loc[rows, column] // 2
    return frame


def _rows(record: Correction, where: Where, frame: pd.DataFrame) -> pd.Series:
    import pandas as pd

    rows = pd.Series(True, index=frame.index)
    for column, wanted in where.items():
        if column not in frame:
            raise CorrectionError(
                f'data/corrections.yml, "{record.id}": {record.table} has no column "{column}".'
            )
        rows &= frame[column].isin(wanted if isinstance(wanted, list) else [wanted])
    return rows
