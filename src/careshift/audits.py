"""What the long studies of the project found when they last ran: tests/audit/NAME.json, one file each."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from careshift.project import ROOT, CareshiftError

FOLDER = ROOT / "tests" / "audit"


class Study(BaseModel):
    """One study: when and where it ran, how long it took (seconds), whether it passed, and what it found."""

    model_config = ConfigDict(extra="ignore")
    study: str
    date: str
    commit: str
    python: str
    machine: str
    seconds: float
    passed: bool
    result: Any


def load(folder: Path = FOLDER) -> dict[str, Study]:
    """Return the studies by name. Raises CareshiftError with the file and the field at fault."""
    return {file.stem: _read(file) for file in sorted(folder.glob("*.json"))}


def defences(folder: Path = FOLDER) -> list[dict[str, str]]:
    """Return what was found when each kind of defence was last taken away, in the order of the list of them.

    A row has group, kind, removed and noticed (numbers), date and commit; no row where none was tried yet.
    """
    return _rows(folder / "defences.csv")


def mutations(folder: Path = FOLDER) -> list[dict[str, str]]:
    """Return the score of mutation testing, a row a module; no row where none was tried yet.

    A row has module, changes, tried, noticed, explained, left (numbers), score (percent), date and commit.
    """
    return _rows(folder / "mutation.csv")


def _rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _read(file: Path) -> Study:
    try:
        return Study.model_validate_json(file.read_text(encoding="utf-8"))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise CareshiftError(
            f"{file.name}, {field}: {first['msg']}. Run the study again: make audit."
        ) from None
