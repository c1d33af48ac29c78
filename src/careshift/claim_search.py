"""Claims found by words: stems and synonyms of the book's search, whole numbers only, places by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from functools import cache

from careshift import search_words, tables
from careshift.claims import Claim
from careshift.project import CareshiftError, quoted
from careshift.search_words import Phrase


class AreaError(CareshiftError):
    """A place that no claim is about; the text names the nearest."""


def spoken(claim: Claim) -> Phrase:
    """Return the stems of all that a claim says: id, place, statement, print, unit, period and area."""
    where = f"{claim.where.section} {claim.where.item or ''}"
    words = (claim.id, where, claim.says, claim.printed, claim.unit, claim.period, claim.area)
    return _stems(" . ".join(words))


_stems = cache(search_words.stems)


def matches(claim: Claim, text: str) -> bool:
    """Return whether a claim has every word or known phrase of a text, or something that says the same.

    A number is found whole: "20" is not in "120". Words that say nothing, such as "the", are left out.
    """
    stems = spoken(claim)
    return all(any(_holds(stems, way) for way in ways) for ways in _groups(text))


def missing(claims: Sequence[Claim], text: str) -> list[str]:
    """Return the words of a text that no claim has, in any form."""
    return [word for word in text.split() if not any(matches(claim, word) for claim in claims)]


def alike(text: str) -> list[str]:
    """Return the other ways of saying a text's phrases that are looked for too, as they are written."""
    names = search_words.load().names
    return [names[way] for ways in _groups(text) for way in ways[1:] if way in names]


def areas_like(text: str, known: Iterable[str]) -> frozenset[str]:
    """Return the areas of claims that a name or code means: that area, or each that has the name in it.

    "glasgow" gives "Glasgow City" and "Greater Glasgow and Clyde", "S12000049" what it names. Raises
    AreaError where none is like it.
    """
    every = sorted(set(known))
    names = tables.read("areas").set_index("code")["name"]
    asked = str(names[text]) if text in names.index else text
    same = [area for area in every if area.casefold() == asked.casefold()]
    stems = search_words.stems(asked)
    found = same or [area for area in every if stems and _holds(search_words.stems(area), stems)]
    if not found:
        near = difflib.get_close_matches(asked, every, n=3, cutoff=0.4) or every[:5]
        raise AreaError(f"No claim is about {quoted(text)}. Nearest: {', '.join(near)}.")
    return frozenset(found)


@cache
def _groups(text: str) -> list[tuple[Phrase, ...]]:
    return search_words.groups(text)


def _holds(stems: Phrase, phrase: Phrase) -> bool:
    """Return whether a text has the stems of a phrase, one after the other."""
    size = len(phrase)
    return any(stems[at : at + size] == phrase for at in range(len(stems) - size + 1))
