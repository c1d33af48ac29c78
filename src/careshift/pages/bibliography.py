"""The references: the documents, every data set, and the paper or book that each method follows."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pybtex.database import Entry, parse_file

from careshift import tables
from careshift.claims import SOURCES
from careshift.pages.blocks import captioned
from careshift.pages.catalogue import linked
from careshift.pages.safe_text import Markdown, escape
from careshift.project import ROOT

PACKAGE = Path(__file__).parents[1]
METHODS = (  # of statistics
    "effect_sizes",
    "standardisation",
    "ranking",
    "multiverse",
    "interruption",
    "synthetic_control",
    "forecasting",
)
OPENING = """(references)=
# References

The documents whose claims this book tests, the data it tests them with, and the papers and books that its
methods come from."""
DATA = """Each data set with its publisher, release, addresses and licence; columns and caveats stand in
[the catalogue](#catalogue)."""
LISTED = '```{{bibliography}}\n:filter: cited and {which}key % "^({keys})$"\n```'


def page() -> Markdown:
    """Return the page of references; a method is listed under each module whose text names it."""
    keys = "|".join(SOURCES)
    follows = ["| Part of the code | What it does | Follows |", "|---|---|---|"]
    for name, words, cited in methods():
        follows.append(f"| `{name}` | {escape(words)} | {{cite:t}}`{','.join(cited)}` |")
    parts = [
        OPENING,
        "## The documents",
        LISTED.format(which="", keys=keys),
        "## The data",
        DATA,
        "\n".join(sorted(_data_set(tables.describe(name)) for name in tables.names())),
        "## The methods",
        captioned("Where each method comes from", "words", follows),
        LISTED.format(which="not ", keys=keys),
    ]
    return Markdown("\n\n".join(parts) + "\n")


def _data_set(about: Mapping[str, Any]) -> str:
    parts = [
        escape(about["publisher"]),
        f"[{escape(about['title'])}](#table-{about['name']})",
        escape(about["vintage"]),
        "; ".join(map(linked, about["sources"])),
        ", ".join(map(linked, about["licenses"])),
    ]
    return f"- {'. '.join(part.rstrip('.') for part in parts)}."


def methods() -> Iterator[tuple[str, str, list[str]]]:
    """Yield each module of statistics that names a source: its name, its first line, the keys it names."""
    entries = parse_file(str(ROOT / "references.bib"), "bibtex").entries
    for file in files():
        first, *rest = docstrings(file)
        text = " ".join([first, *rest])
        cited = [key for key, entry in entries.items() if named(entry, text)]
        if cited:
            module = ".".join(file.relative_to(PACKAGE).with_suffix("").parts)
            yield f"careshift.{module}", first.splitlines()[0], cited


def files() -> list[Path]:
    """Return the files of the modules of statistics."""
    found = (PACKAGE.joinpath(name) for name in METHODS)
    return [f for p in found for f in (sorted(p.glob("*.py")) if p.is_dir() else [p.with_suffix(".py")])]


def docstrings(file: Path) -> list[str]:
    """Return the docstrings of a module, its own first, empty where it has none."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inner = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    return [ast.get_docstring(tree) or "", *filter(None, map(ast.get_docstring, inner))]


def named(entry: Entry, text: str) -> bool:
    """Return whether a text names an entry of the bibliography: its first author, and its year."""
    authors = entry.persons.get("author", [])
    if not authors:
        return False
    surname = " ".join([*authors[0].prelast_names, *authors[0].last_names])
    return surname.strip("{}") in text and entry.fields["year"] in text
