"""Who checked the records of a document, when and how, as kept in `data/document_checks.yml`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from careshift.claims import FastLoader, Record
from careshift.project import DATA, CareshiftError

FILE = DATA / "document_checks.yml"


class DocumentCheckError(CareshiftError):
    """A list of checks that cannot be read."""


class DocumentCheck(Record):
    """One check of one document's records: by whom, whether from outside, on which day, and what was done."""

    source: Literal["hendry2021", "kingsfund2013", "kingsfund2018", "msg2019", "policy2026"]
    date: datetime.date
    by: str = Field(pattern=r"\S")
    outside: bool
    what: str = Field(pattern=r"\S")


def load(file: Path = FILE) -> tuple[DocumentCheck, ...]:
    """Return the checks in their order. Raises DocumentCheckError with file, number, field and remedy."""
    records = yaml.load(file.read_text(encoding="utf-8"), Loader=FastLoader)  # noqa: S506 (a safe loader)
    return tuple(_check(record, file.name, number) for number, record in enumerate(records or (), 1))


def _check(record: object, file: str, number: int) -> DocumentCheck:
    try:
        return DocumentCheck.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        raise DocumentCheckError(
            f"{file}, check {number}, {'.'.join(map(str, first['loc'])) or 'record'}: {first['msg']}. "
            "A check has source, date, by, outside (true or false) and what."
        ) from None
