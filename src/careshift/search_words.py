"""What readers type and the book's words for it: texts as words, words as stems, phrases with their like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import snowballstemmer
import yaml

from careshift.project import DATA, CareshiftError

FILE = DATA / "search_words.yml"
# A number with its separators, or a word. A number is "n" and its digits: 30,418 is n30418. assets/search.js
# does all of this in the same way.
WORD = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?(?![^\W_])|[^\W_]+")
NUMBER = re.compile(r"\d[\d,.]*")
SPELT = (
    (re.compile(r"['’‘`]"), ""),
    (re.compile("&"), " and "),
    (re.compile(r"(\d)(?:m|mn)(?![^\W_])"), r"\1 million"),
    (re.compile(r"(\d)bn(?![^\W_])"), r"\1 billion"),
    (re.compile(r"(\d)(?:s|pc|k|\+)(?![^\W_])"), r"\1"),
)

Phrase = tuple[str, ...]


class SearchWordsError(CareshiftError):
    """A list of search words that cannot be read."""


@dataclass(frozen=True)
class SearchWords:
    """The lists of the file, as stems: words that say nothing, phrases that say one thing, pages that answer.

    `names` gives each of those phrases as it is written; `spelt` holds every word of the lists so.
    """

    ignored: frozenset[str]
    same: tuple[tuple[Phrase, ...], ...]
    areas: tuple[Phrase, ...]
    pages: Mapping[str, tuple[Phrase, ...]]
    names: Mapping[Phrase, str]
    spelt: frozenset[str]


def words(text: str) -> list[str]:
    """Return the words of a text: "The King's Fund, £30,418" gives the, kings, fund, n30418."""
    plain = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    for pattern, by in SPELT:
        plain = pattern.sub(by, plain)
    return [f"n{word.replace(',', '')}" if NUMBER.fullmatch(word) else word for word in WORD.findall(plain)]


def stems(text: str) -> Phrase:
    """Return the stems of a text's words: "Delayed discharges" gives delay, discharg."""
    return tuple(map(stem, words(text)))


@cache
def stem(word: str) -> str:
    """Return the stem of a word as `words` gives it; of a number, and of a word of two letters, itself."""
    is_number = word[0] == "n" and word[1:2].isdigit()
    return word if is_number or len(word) < 3 else str(_STEMMER.stemWord(word))


_STEMMER = snowballstemmer.stemmer("porter")


@cache
def load(file: Path = FILE) -> SearchWords:
    """Return a file's lists. Raises SearchWordsError where a part is missing or a phrase stands twice."""
    lists = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        found = SearchWords(
            frozenset(stem(word) for entry in lists["ignored"] for word in words(entry)),
            tuple(tuple(map(stems, ways)) for ways in lists["same"]),
            tuple(map(stems, lists["areas"])),
            {page: tuple(map(stems, said)) for page, said in lists["pages"].items()},
            {stems(way): way for ways in lists["same"] for way in ways},
            frozenset(word for said in _lists(lists) for way in said for word in words(way) if len(word) > 2),
        )
    except (LookupError, TypeError, AttributeError):
        raise SearchWordsError(
            f"{file.name}: give words under ignored, same, areas and pages; quote a number, yes and no."
        ) from None
    for listed in (found.same, tuple(found.pages.values())):
        _once(file, listed)
    return found


def _lists(lists: Mapping[str, Any]) -> list[list[str]]:
    return [*lists["same"], *lists["pages"].values()]


def _once(file: Path, lists: Sequence[Sequence[Phrase]]) -> None:
    seen: set[Phrase] = set()
    for phrases in lists:
        for phrase in phrases:
            if phrase in seen or not phrase:
                raise SearchWordsError(f'{file.name}: "{" ".join(phrase)}" stands twice. Keep one.')
            seen.add(phrase)


def groups(query: str, lists: SearchWords | None = None) -> list[tuple[Phrase, ...]]:
    """Return what a query asks for, one entry a word or known phrase: its own stems first, then its like.

    Words that say nothing are left out unless the query has no others. "bed blocking in Fife" gives
    ((bed, block), (delai, discharg), ...) and ((fife,),).
    """
    known = lists or load()
    found = _parted(stems(query), known)
    return found or [((word,),) for word in stems(query)]


def canonical(phrase: Phrase, lists: SearchWords | None = None) -> Phrase:
    """Return a phrase with the first of its list for each word or phrase that has one, and no idle words."""
    known = lists or load()
    heads = {way: ways[0] for ways in known.same for way in ways}
    said = [ways[0] for ways in _parted(phrase, known)]
    return tuple(stem for way in said for stem in heads.get(way, way))


def _parted(typed: Phrase, known: SearchWords) -> list[tuple[Phrase, ...]]:
    alike = {phrase: ways for ways in known.same for phrase in ways}
    at = 0
    longest = max(map(len, alike), default=1)
    found: list[tuple[Phrase, ...]] = []
    while at < len(typed):
        sizes = range(min(longest, len(typed) - at), 0, -1)
        size = next((n for n in sizes if typed[at : at + n] in alike), 1)
        phrase = typed[at : at + size]
        if phrase in alike or phrase[0] not in known.ignored:
            found.append((phrase, *(way for way in alike.get(phrase, ()) if way != phrase)))
        at += size
    return found
