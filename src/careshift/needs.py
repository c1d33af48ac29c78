"""What would test a claim: each set of data once, with every look for it and what is known of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from careshift.claims import ClaimError, FastLoader, Record
from careshift.project import DATA

State = Literal["published", "closed", "never counted"]
STATES: dict[State, str] = {
    "published": "published somewhere, not collected here yet",
    "closed": "they exist and are not published",
    "never counted": "nobody has counted it, as far as we know",
}
FILE = DATA / "needs.yml"


class Look(Record):
    """One look for a set of data: the day, the words or the file, where, and what was found."""

    day: datetime.date = Field(alias="on")
    words: str = Field(pattern=r"\S")
    where: str = Field(pattern=r"\S")
    found: str = Field(pattern=r"\S")


class Need(Record):
    """A set of data that would test claims, what is known of it, and the next best step."""

    need: str = Field(pattern=r"\S")
    state: State
    looked: tuple[Look, ...] = Field(min_length=1)
    next: str = Field(pattern=r"\S")

    @property
    def last(self) -> datetime.date:
        """Return the day of the last look."""
        return max(look.day for look in self.looked)

    def state_words(self) -> str:
        """Return what is known of the data, and when they were last looked for."""
        return f"{STATES[self.state]}; last looked for on {self.last:%-d %B %Y}"


def load(file: Path = FILE) -> tuple[Need, ...]:
    """Return the needs in the order of the file. Raises ClaimError with the need and the field at fault."""
    try:
        records = yaml.load(file.read_text(encoding="utf-8"), Loader=FastLoader)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, ValueError) as error:
        raise ClaimError(
            f"{file.name} is not YAML: {' '.join(str(error).split())}. Mend that line."
        ) from None
    found = [_need(record, file.name, number) for number, record in enumerate(records or (), 1)]
    if len(by_name := {key(need.need): need for need in found}) < len(found):
        twice = next(need.need for need in found if by_name[key(need.need)] is not need)
        raise ClaimError(f'{file.name}: "{twice}" stands twice. Keep one, with the looks of both.')
    return tuple(found)


def _need(record: object, file: str, number: int) -> Need:
    try:
        return Need.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "record"
        raise ClaimError(
            f"{file}, need {number}, {field}: {first['msg']}. A need has need, state "
            f"({', '.join(STATES)}), looked (on, words, where, found) and next."
        ) from None


def key(text: str) -> str:
    """Return the text without what makes no other need: case, spaces, a last stop."""
    return " ".join(text.lower().split()).rstrip(".")


@cache
def _log() -> Mapping[str, Need]:
    return {key(need.need): need for need in load()}


def find(text: str) -> Need | None:
    """Return the need of a record's words, or None where it was not looked for yet."""
    return _log().get(key(text))
