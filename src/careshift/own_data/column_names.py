"""Which field of a table a column of somebody's file is, by the names that publishers and boards give it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from careshift.project import CODE

FILE = CODE / "data" / "column_names.yml"
NOTES = re.compile(r"\[[^\]]*\]|\([^)]*\)|[\u00b9\u00b2\u00b3*\u2020]|\d+\)$")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


@cache
def known() -> dict[str, Any]:
    """Return the names of data/column_names.yml: by field, of measures in general, and of no interest."""
    named: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return named


def visible(text: str) -> str:
    """Return a text without invisible characters, each stretch of white space as one space."""
    return re.sub(r"\s+", " ", INVISIBLE.sub("", text.replace("\u00a0", " "))).strip()


def plain(name: str) -> str:
    """Return a column's name as it is compared: words in lower case, notes in brackets left out.

    "CensusDay", "Census_Day" and "Census day [note 1]" are the same.
    """
    text = unicodedata.normalize("NFKC", NOTES.sub(" ", visible(name)))
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    words = re.sub(r"[^a-z0-9%\u00a3]+", " ", text.lower()).strip()
    return re.sub(r"^(no|num|nr) of ", "number of ", words)


@cache
def _titles(field: str, title: str) -> frozenset[str]:
    return frozenset({plain(field), plain(title), *map(plain, known()["fields"].get(field, []))} - {""})


def may_be(name: str, field: Mapping[str, Any]) -> bool:
    """Return whether a column's name is one that the field is known by."""
    return plain(name) in _titles(field["name"], field.get("title", ""))


def says_measure(name: str) -> bool:
    """Return whether a column's name says that it holds numbers, and not of what."""
    return plain(name) in set(known()["measures"])


def measures(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the fields of a table that hold what was counted or measured."""
    key = set(schema.get("primaryKey", []))
    numeric = [f for f in schema["fields"] if f["type"] in {"integer", "number"}]
    return [field for field in numeric if field["name"] not in key]


def score(cells: Sequence[str], schema: Mapping[str, Any]) -> int:
    """Return how many fields of a table a row names, were it the row of the column names."""
    fields = schema["fields"]
    named = {f["name"] for f in fields for cell in cells if cell and may_be(cell, f)}
    generic = any(says_measure(cell) for cell in cells if cell)
    missing = len(measures(schema)) == 1 and measures(schema)[0]["name"] not in named
    return len(named) + (generic and missing)
