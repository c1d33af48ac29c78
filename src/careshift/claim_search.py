"""Claims found by words: stems and synonyms of the book's search, and whole numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from careshift import search_words
from careshift.claims import Claim
from careshift.search_words import Phrase


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


@cache
def _groups(text: str) -> list[tuple[Phrase, ...]]:
    return search_words.groups(text)


def _holds(stems: Phrase, phrase: Phrase) -> bool:
    """Return whether a text has the stems of a phrase, one after the other."""
    size = len(phrase)
    return any(stems[at : at + size] == phrase for at in range(len(stems) - size + 1))
