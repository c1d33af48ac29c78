"""The column of areas: codes of any vintage and names, as the codes of today."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from careshift import places, tables
from careshift.checking import OTHER_COUNTRY
from careshift.own_data.categories import TOTALS, plain
from careshift.own_data.changes import Reading, counted, translated
from careshift.own_data.how import How
from careshift.places import Place
from careshift.project import quoted

CODE = re.compile(rf"{OTHER_COUNTRY}|[A-Z]{{1,2}}[0-9]{{4,8}}")
HINTS = {
    "health board": ("board", "hb", "hbt", "hbr", "nhs", "lhb"),
    "partnership": ("partnership", "hscp", "integration"),
    "council": ("council", "authority", "ca", "la", "lad", "ltla"),
    "trust": ("trust", "hsct"),
    "district": ("district", "lgd"),
}


@cache
def _kinds_of(table: str) -> frozenset[str]:
    """Return the kinds of places, countries apart, that the book's table holds."""
    register = places.register()
    codes = {row["area"] for row in tables.rows(table) if "area" in row}
    return frozenset(register[code].type for code in codes if code in register) - {"country"}


@cache
def _ours() -> frozenset[str]:
    return frozenset(row["code"] for row in tables.rows("areas"))


def read(reading: Reading, table: str, header: str, how: How) -> None:
    """Read the column `area`: names and older codes become codes of today, and that is said.

    A place that may be of several kinds is of the kind that the option, the column's name, the other rows or
    the book's table tells; where none does, it is asked. A code whose boundary has changed by much is wrong.
    """
    cells = reading.column("area")
    texts = [text for text in cells.unique() if text]
    totals = [text for text in texts if TOTALS.fullmatch(plain(text)) and not places.find(text)]
    if totals and len(totals) < len(texts):
        rows = cells.isin(totals)
        reading.said.append(
            f"area: {counted(int(rows.sum()), 'row')} of {quoted(totals[0])} left out, as totals of others"
        )
        reading.keep(~rows)
        cells = reading.column("area")
    found = {text: _candidates(text) for text in texts if text not in _ours() and text not in totals}
    kind, why = _kind(found, table, header, how)
    meant = {text: _one(options, kind) for text, options in found.items() if options}
    several = [text for text, options in meant.items() if len(options) > 1]
    for text in several[:1]:
        named = " or ".join(f"--places {quoted(p.type)} ({p.name}, {p.current})" for p in meant[text])
        rest = f", and {len(several) - 1} more" if len(several) > 1 else ""
        reading.wrong(
            f"{quoted(text)}{rest} may be several places", f"Add {named}.", "area", cells[cells == text], text
        )
    single = {text: options[0] for text, options in meant.items() if len(options) == 1}
    _refuse_changed(reading, single)
    _refuse_unknown(reading, [text for text, options in found.items() if not options])
    read_as = {text: place.current for text, place in single.items() if place.current}
    changed_cells, changed = translated(cells, cells.isin(list(read_as)), read_as.get)
    if changed:
        reading.replace("area", changed_cells)
        reading.said += _told(changed, single, kind if why else None, why)


def _candidates(text: str) -> tuple[Place, ...]:
    """Return the places that a text may mean, one for each place of today."""
    found: dict[str, Place] = {}
    for place in places.find(text):
        key = place.current or place.code
        if key not in found or found[key].type == "partnership":
            found[key] = place
    return tuple(found.values())


def _one(options: Sequence[Place], kind: str | None) -> tuple[Place, ...]:
    of_kind = tuple(place for place in options if place.type == kind)
    return of_kind if len(options) > 1 and len(of_kind) == 1 else tuple(options)


def _kind(found: Mapping[str, Sequence[Place]], table: str, header: str, how: How) -> tuple[str | None, str]:
    """Return of which kind the places are whose names alone do not say it, and what tells that."""
    unclear = [options for options in found.values() if len(options) > 1]
    if not unclear:
        return None, ""
    if how.places:
        return how.places, "as you say"
    words = set(plain(header).replace("_", " ").split())
    hinted = [kind for kind, hints in HINTS.items() if words & set(hints)]
    if len(hinted) == 1:
        return hinted[0], f"as the column {quoted(header)} says"
    clear = {options[0].type for options in found.values() if len(options) == 1} - {"country"}
    if len(clear) == 1 and all(any(place.type in clear for place in options) for options in unclear):
        return next(iter(clear)), "as the other rows are"
    held = _kinds_of(table)
    return (next(iter(held)), "as in the book's table") if len(held) == 1 else (None, "")


def _refuse_changed(reading: Reading, single: Mapping[str, Place]) -> None:
    """Note a problem for each code or name whose boundary has changed by much since."""
    cells = reading.column("area")
    for text, place in single.items():
        if not place.current:
            message = f"{quoted(text)} ({place.name}) is no place of today. {place.note}"
            reading.wrong(message, "Bring rows of places of today.", "area", cells[cells == text], text)


def _refuse_unknown(reading: Reading, texts: Sequence[str]) -> None:
    """Note a problem for each name that no place has, with the nearest names; codes are left to the check."""
    cells = reading.column("area")
    for text in texts:
        if not CODE.fullmatch(text):
            near = ", ".join(dict.fromkeys(str(places.today(place)) for place in places.nearest(text)))
            remedy = (
                f"Did you mean {near}?" if near else "Write its code, or its name as data/places.csv has it."
            )
            reading.wrong(
                f"{quoted(text)} is no place that is known", remedy, "area", cells[cells == text], text
            )


def _told(changed: Mapping[str, str], single: Mapping[str, Place], kind: str | None, why: str) -> list[str]:
    register = places.register()
    pairs = [f"{quoted(text, 40)} is {register[code]}" for text, code in changed.items()]
    more = f", and {len(pairs) - 4:,} more places" if len(pairs) > 4 else ""
    told = [f"area: {', '.join(pairs[:4])}{more}"]
    if kind:
        told.append(f"area: names are read as those of {kind}s, {why}")
    notes = {single[text].note for text in changed if single[text].change == "small"}
    small = "that changed by less than half a percent of the people"
    return told + [f"area: a boundary {small}: {note}" for note in sorted(notes)]
