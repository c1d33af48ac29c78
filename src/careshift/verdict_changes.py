"""Verdicts that changed, as kept in `data/verdict_changes.yml`, each with its reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from careshift.claims import FastLoader, Outcome, Record
from careshift.project import DATA, CareshiftError

FILE = DATA / "verdict_changes.yml"
OldWord = Literal["inconsistent", "not testable"]  # of the one axis that verdicts had before


class VerdictChangeError(CareshiftError):
    """A list of changed verdicts that cannot be read, or that the ledger contradicts."""


class VerdictChange(Record):
    """One change of one claim's verdict: when, from what to what, and why."""

    date: datetime.date
    claim: str = Field(pattern=r"^[a-z0-9]+/[a-z0-9-]+$")
    before: Outcome | OldWord
    after: Outcome | OldWord | Literal["withdrawn"]
    reason: str = Field(pattern=r"\S")

    @model_validator(mode="after")
    def _changes(self) -> VerdictChange:
        if self.before == self.after:
            raise ValueError(f'before and after are both "{self.before}": that is no change')
        return self


def load(file: Path = FILE) -> tuple[VerdictChange, ...]:
    """Return the changes, oldest first. Raises VerdictChangeError with file, number, field and remedy."""
    try:
        records = yaml.load(file.read_text(encoding="utf-8"), Loader=FastLoader)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, ValueError) as error:
        raise VerdictChangeError(
            f"{file.name} is not YAML: {' '.join(str(error).split())}. Mend that line."
        ) from None
    changes = tuple(_change(record, file.name, number) for number, record in enumerate(records or (), 1))
    for earlier, later in pairwise(changes):
        if later.date < earlier.date:
            raise VerdictChangeError(f"{file.name}: {later.claim} is out of order: put the newest last.")
    return changes


def _change(record: object, file: str, number: int) -> VerdictChange:
    try:
        return VerdictChange.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "record"  # of words of two kinds both are tried
        said = first["msg"].removeprefix("Value error, ")
        raise VerdictChangeError(
            f"{file}, change {number}, {field}: {said}. "
            "A change has date, claim, before, after (a verdict, or withdrawn) and reason."
        ) from None


def check(changes: Iterable[VerdictChange], verdicts: Mapping[str, Outcome]) -> None:
    """Check that a claim's changes follow on each other and end at its verdict of now, as `verdicts` has it.

    Raises VerdictChangeError with the claim and what to do.
    """
    stands: dict[str, str] = {}
    for change in changes:
        was = stands.get(change.claim, change.before)
        if was != change.before:
            raise VerdictChangeError(
                f'{change.claim} stood at "{was}" and is said to leave "{change.before}".'
            )
        stands[change.claim] = change.after
    for claim, last in stands.items():
        now = verdicts.get(claim, "withdrawn")
        if now != last:
            raise VerdictChangeError(
                f'{claim} is "{now}", and its last listed change says "{last}". '
                f"List the change, with its reason, in data/{FILE.name}."
            )
