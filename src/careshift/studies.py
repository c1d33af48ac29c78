"""What the long studies of the project found when they last ran: tests/audit/NAME.json, one file each."""

from __future__ import annotations

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
    """Answer the studies by name. Raises CareshiftError with the file and the field at fault."""
    return {file.stem: _read(file) for file in sorted(folder.glob("*.json"))}


def _read(file: Path) -> Study:
    try:
        return Study.model_validate_json(file.read_text(encoding="utf-8"))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise CareshiftError(
            f"{file.name}, {field}: {first['msg']}. Run the study again: make audit."
        ) from None
