"""Places by any code or name that they have had: councils, boards, partnerships, districts and trusts."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from careshift import checking, tables
from careshift.project import CareshiftError, quoted

SEPARATOR = ";"  # between the other names of a place
ENDINGS = {  # words that say what kind of place a name is of, and no more
    "council": r"( city)? council( area)?|local authority( area)?|unitary authority",
    "health board": r"(university |teaching )?(local )?health board|(university |teaching )?u?l?hb|health",
    "partnership": r"(health and social care )?partnership|hscp|integration (joint board|authority)|ijb",
    "trust": r"(health (and|&) )?(hsc|social care) trust|hsct|trust",
    "district": r"(city |borough |district )?council|district|lgd",
}
BOARD = "nhs "
OTHER_COUNTRY = re.compile(checking.OTHER_COUNTRY)


@dataclass(frozen=True)
class Place:
    """A code of a register: the place that it names, and the code of today of that place, where there is one.

    `change` says how far the boundary differs from that of today: none, small or large.
    """

    code: str
    name: str
    type: str
    current: str
    change: str
    note: str
    other_names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


@cache
def register() -> dict[str, Place]:
    """Return every place of the table of places by its code."""
    found = {}
    for row in tables.rows("places"):
        others = tuple(name.strip() for name in row["other_names"].split(SEPARATOR) if name.strip())
        code, name, kind = row["code"], row["name"], row["type"]
        found[code] = Place(code, name, kind, row["current"], row["change"], row["note"], others)
    return found


def plain(name: str) -> str:
    """Return a name as it is compared: no accents, no "&", no "the", one space between words, lower case."""
    letters = unicodedata.normalize("NFKD", name).replace("\u2019", "'")
    text = "".join(char for char in letters if not unicodedata.combining(char) and char.isprintable())
    text = re.sub(r"\s*&\s*|\bagus\b", " and ", text.lower())
    text = re.sub(r"^the\s|[.,()]|\bcity of\s", " ", text)
    return re.sub(r"\s+", " ", text.replace("-", " ")).strip()


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place in register().values():
        for name in {plain(name) for name in (place.name, *place.other_names)}:
            found.setdefault(name, []).append(place)
    return {name: _newest(places) for name, places in found.items()}


def _newest(places: Sequence[Place]) -> tuple[Place, ...]:
    """Return the places of one name without the codes that they no longer have."""
    today = [place for place in places if place.code == place.current or place.type == "partnership"]
    todays = {place.type for place in today}
    old = [place for place in places if place not in today and place.type not in todays]
    partnerships = [p for p in today if p.type == "partnership" and p.change != "small"]
    return tuple([p for p in today if p.type != "partnership"] + partnerships + old)


def find(text: str) -> tuple[Place, ...]:
    """Return the places that a code or a name may mean: none, one, or one of each kind that has the name.

    "NHS Fife", "Fife Council" and "Fife HSCP" say which kind is meant; "Fife" does not.
    """
    code = text.strip().upper()
    if code in register():
        return (register()[code],)
    name = plain(text)
    if name in _by_name():
        return _by_name()[name]
    for kind, ending in ENDINGS.items():
        short = re.sub(rf"\s*\b({ending})$", "", name).strip()
        if short != name:
            named = _by_name().get(short) or _by_name().get(short.removesuffix(" city"), ())
            found = tuple(place for place in named if place.type == kind)
            if found:
                return found
    if name.startswith(BOARD):
        named = _by_name().get(name.removeprefix(BOARD), ())
        return tuple(place for place in named if place.type == "health board")
    return ()


def nearest(text: str, most: int = 3) -> list[Place]:
    """Return the places whose names are most like a text."""
    names = difflib.get_close_matches(plain(text), _by_name(), n=most, cutoff=0.6)
    return list(dict.fromkeys(place for name in names for place in _by_name()[name]))[:most]


def meant(text: str, kinds: Iterable[str] = ()) -> Place:
    """Return the one place of today that a code or name means, of these kinds where they are given.

    Raises CareshiftError, naming the nearest places, where there is none, where it may be several, or where
    the boundary has changed by much since.
    """
    wanted = set(kinds)
    found = [place for place in find(text) if not wanted or place.type in wanted or place.type == "country"]
    if len({place.current or place.code for place in found}) > 1:
        named = " or ".join(f"{place.current or place.code} ({place.type} {place.name})" for place in found)
        raise CareshiftError(f"{quoted(text)} may be several places: write {named}.")
    if not found:
        near = ", ".join(str(place) for place in nearest(text))
        hint = f"Did you mean {near}?" if near else "Write its code or its name as data/places.csv has it."
        raise CareshiftError(f"{quoted(text)} is no place of data/places.csv. {hint}")
    if not found[0].current:
        raise CareshiftError(f"{quoted(text)} has no place of today. {found[0].note}")
    return found[0]


def code_of(text: str) -> str:
    """Return the code of today of a place by any code or name; a code of another country as it is.

    Raises CareshiftError as `meant` does.
    """
    known = text in {row["code"] for row in tables.rows("areas")}
    return text if known or (OTHER_COUNTRY.fullmatch(text) and not find(text)) else meant(text).current


def today(place: Place) -> Place:
    """Return the place of today that a place with the same boundary, or nearly the same, now is."""
    return register().get(place.current, place)
