"""Every figure, table and box of the sources, and how far the book has redone each."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ValidationError

from careshift.claims import COUNTED, SOURCES, Claim, FastLoader, Record
from careshift.ledger import Entry
from careshift.project import CHAPTERS, DATA, CareshiftError

Word = Literal["recomputed", "partly recomputed", "recalculated", "data wanted", "in words"]
WORDS: dict[Word, str] = {
    "recomputed": "every number of it that is a claim meets data from outside the documents",
    "partly recomputed": "some of its numbers meet outside data; the list says what is missing",
    "recalculated": "its numbers are checked against each other, and against nothing from outside",
    "data wanted": "no data at hand test it; the list says which would",
    "in words": "it holds no number that data could test: the chapter redraws it or retells it",
}
FILE = DATA / "coverage.yml"
PLANNED = CHAPTERS / "planned.yml"  # chapters of the map without a figure, still to come


class CoverageError(CareshiftError):
    """A list of figures and tables that cannot be read."""


class Item(Record):
    """A figure, table or box.

    `places` says how claims name it where they do not use its own name. `needs` names data that the item as a
    whole lacks, beyond what its claims need, and `why` the reason. `drawing` names our figure of it by
    chapter and name.
    """

    source: Literal["hendry2021", "kingsfund2013", "kingsfund2018", "msg2019", "policy2026"]
    item: str
    caption: str
    chapter: str
    places: str | None = None
    why: str | None = None
    needs: str | None = None
    drawing: str | None = None

    def holds(self, entry: Entry) -> bool:
        """Return whether a claim stands in this figure, table or box."""
        name = re.compile(rf"{re.escape(self.places or self.item)}(?!\w)", re.IGNORECASE)
        return entry.claim.source == self.source and bool(name.match(entry.claim.where.item or ""))


@dataclass(frozen=True)
class Status:
    """How far an item is redone: the word, its claims, and the data that are missing."""

    item: Item
    word: Word
    claims: tuple[Entry, ...]
    missing: tuple[str, ...]


def load(file: Path = FILE) -> tuple[Item, ...]:
    """Return the items in their order. Raises CoverageError with file, item, field and remedy."""
    records = yaml.load(file.read_text(encoding="utf-8"), Loader=FastLoader)  # noqa: S506 (a safe loader)
    items = tuple(_item(record, file.name, number) for number, record in enumerate(records, 1))
    names = [(item.source, item.item) for item in items]
    twice = sorted({f"{source}, {item}" for source, item in names if names.count((source, item)) > 1})
    if twice:
        raise CoverageError(f"{file.name}: listed twice: {'; '.join(twice)}. Keep one of each.")
    return items


def chapters() -> set[str]:
    """Return every chapter of the map: written, named by a figure or table, or planned."""
    written = {p.relative_to(CHAPTERS).with_suffix("").as_posix() for p in CHAPTERS.rglob("*.ipynb")}
    planned = yaml.load(PLANNED.read_text(encoding="utf-8"), Loader=FastLoader)  # noqa: S506 (a safe loader)
    return written | {item.chapter for item in load()} | set(planned or ())


def check_chapters(every: Iterable[Claim]) -> None:
    """Raise CoverageError where a claim names a chapter that is not on the map, with the nearest one."""
    known = chapters()
    for claim in every:
        if claim.chapter and claim.chapter not in known:
            near = difflib.get_close_matches(claim.chapter, known, n=1)
            raise CoverageError(
                f'{claim.source}.yml, {claim.id}, chapter: there is no chapter "{claim.chapter}". '
                + (f"Did you mean {near[0]}? " if near else "")
                + f"A chapter still to come is listed in {PLANNED.parent.name}/{PLANNED.name}."
            )


def _item(record: Any, file: str, number: int) -> Item:
    try:
        return Item.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "record"
        name = record.get("item") if isinstance(record, dict) else None
        raise CoverageError(
            f"{file}, item {number} ({name or 'unnamed'}), {field}: {first['msg']}. "
            f"An item has source ({', '.join(SOURCES)}), item, caption and chapter."
        ) from None


def status(item: Item, entries: Sequence[Entry]) -> Status:
    """Return how far an item is redone, from what its claims were held against."""
    mine = tuple(entry for entry in entries if item.holds(entry))
    told = [entry for entry in mine if entry.claim.kind in COUNTED]
    open_ = [entry for entry in told if entry.verdict.held_against != "outside data"]
    needs = [entry.claim.needs for entry in open_] + [item.needs]
    missing = tuple(dict.fromkeys(need for need in needs if need))
    return Status(item, _word(told, open_, bool(missing)), mine, missing)


def _word(told: Sequence[Entry], open_: Sequence[Entry], lacking: bool) -> Word:
    if len(told) > len(open_):
        return "partly recomputed" if lacking else "recomputed"
    if any(entry.verdict.check for entry in told):
        return "recalculated"
    return "data wanted" if lacking else "in words"
