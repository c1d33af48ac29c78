"""A mapping of columns kept in a file, so that the same layout goes in ever after: written, read, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from careshift import tables
from careshift.own_data import finding
from careshift.own_data.how import How
from careshift.own_data.how import how as said
from careshift.own_data.mapping import Columns
from careshift.project import CareshiftError, not_there, quoted, replace_whole

LARGEST = 100_000  # bytes of a mapping
ANSWERS = ("sheet", "header_row", "dates", "places")
PARTS = ("table", *ANSWERS, "missing", "rename", "long", "add")
OPENING = "# How a file's columns become the table's. Use it with: careshift check FILE --mapping THIS_FILE\n"


@dataclass(frozen=True)
class Saved:
    """A mapping as a file keeps it: the table, how its columns become the table's, and what a check asks."""

    table: str
    by: Columns | None
    how: How | None = None


def chosen(file: Path, table: str | None, by: Columns | None, how: How | None, kept: Path | None) -> Saved:
    """Return how a file is to be read: as a mapping keeps it, or as the options say; the table may be found.

    Raises CareshiftError where a mapping is given beside options that say how to read columns, or for another
    table.
    """
    if kept is None:
        return Saved(table or finding.table_of(file, how), by, how)
    saved = read(kept)
    if by is not None:
        raise CareshiftError(f"{kept.name} says how to read the columns: leave out --rename, --long, --add.")
    if table not in (None, saved.table):
        raise CareshiftError(f"{kept.name} is a mapping to {saved.table}, not to {table}.")
    return Saved(saved.table, saved.by, how or saved.how)


def read(file: Path) -> Saved:
    """Return the mapping that a file keeps. Raises CareshiftError, naming what is wrong in it."""
    if not file.is_file():
        raise CareshiftError(f"{not_there(file)}.")
    try:
        with file.open("rb") as handle:
            content = handle.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise CareshiftError(f"{file.name}: more than {LARGEST:,} bytes; no mapping is as long.")
        held = yaml.safe_load(content.decode("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        raise CareshiftError(f"{file.name}: not a mapping in YAML. Write one with --save-mapping.") from None
    return _checked(file, held)


def _checked(file: Path, held: Any) -> Saved:
    if not isinstance(held, dict) or not isinstance(held.get("table"), str):
        raise CareshiftError(f"{file.name}: no mapping; it must name its table, as in: table: population_uk")
    unknown = [str(part) for part in held if part not in PARTS]
    if unknown:
        raise CareshiftError(f"{file.name}: unknown part {quoted(unknown[0])}. Known: {', '.join(PARTS)}.")
    fields = [field["name"] for field in tables.describe(held["table"])["schema"]["fields"]]
    rename, add, long = (_texts(file, held, part) for part in ("rename", "add", "long"))
    if len(long) > 1:
        raise CareshiftError(f"{file.name}: long has {len(long)} entries; one is right, PERIODS: VALUES.")
    for name in (*rename.values(), *add, *long.values()):
        if name not in fields:
            raise CareshiftError(f"{file.name}: {held['table']} has no field {quoted(name)}.")
    answers = {part: held.get(part) for part in ANSWERS}
    for part, answer in answers.items():
        if answer is not None and not isinstance(answer, str):
            raise CareshiftError(f"{file.name}: {part} must be a text, as the option of the check is.")
    missing = [f"{text}={why}" for text, why in _texts(file, held, "missing").items()]
    pairs = list(long.items())
    by = Columns(rename, pairs[0] if pairs else None, add) if rename or long or add else None
    return Saved(held["table"], by, said(**answers, missing=missing))


def _texts(file: Path, held: Mapping[str, Any], part: str) -> dict[str, str]:
    """Return a part of a mapping that holds pairs of texts."""
    pairs = held.get(part) or {}
    if not isinstance(pairs, dict) or not all(
        isinstance(left, str) and isinstance(right, str) for left, right in pairs.items()
    ):
        raise CareshiftError(f"{file.name}: {part} must hold pairs of texts, THEIRS: OURS.")
    return pairs


def write(file: Path, saved: Saved) -> None:
    """Write a mapping so that `read` gives it again."""
    by = saved.by or Columns({}, None, {})
    held = {
        "table": saved.table,
        **(saved.how or How()).as_options(),
        "rename": dict(by.rename),
        "long": dict([by.long]) if by.long else None,
        "add": dict(by.add),
    }
    kept = {part: value for part, value in held.items() if value}
    text = OPENING + yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=110)
    replace_whole(file, text.encode("utf-8"))
