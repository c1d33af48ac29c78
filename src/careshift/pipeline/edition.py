"""Editions: the same book from other tables, with other parameters, or of some chapters only.

An edition is a project folder of its own, filled from this project and built by the same graph of files.
"""

from __future__ import annotations

import difflib
import fnmatch
import html
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from careshift import claims, ledger, parameters, project, tables
from careshift.claims import FastLoader
from careshift.own_data import mapping, report
from careshift.own_data.how import how
from careshift.pages import entries, introductions
from careshift.pages.safe_text import escape
from careshift.parameters import Value
from careshift.pipeline import runs
from careshift.pipeline.runs import Run
from careshift.project import BUILD, CHAPTERS, DATA, ROOT, CareshiftError

COPIED = (
    *("_toc.yml", "intro.md", "references.bib", "CHANGELOG.md", "CITATION.cff", "requirements.txt"),
    *("chapters/introductions.yml", "chapters/planned.yml"),
)
FOLDERS = ("assets", "data", "templates", "tests/audit")
FIRST_PAGE = """# {title}

This is an edition of *Shifting the balance of care, reproduced*: some of its chapters, by the same methods.
A table of its own, where it has one, says so in [the data catalogue](#catalogue).

## Its claims, counted

```{{include}} generated/counts.md
```

[The ledger](#ledger) has each of them with its verdict.

## How to read a verdict

A printed number stands for all the numbers that round to it. We derive it again from data, under every
choice of method that can be defended, and compare; the verdict is computed from that comparison.
"""
BUILT = ("_build", ".snakemake")


class EditionError(CareshiftError):
    """An edition file that cannot be followed; the text names the file, the field and the remedy."""


class Own(BaseModel):
    """A table that an edition brings: the file, what a reader must know of it, how its columns are mapped.

    With `extends` its rows are added to the book's table, where they replace those of the same key.
    """

    model_config = ConfigDict(extra="forbid")
    file: str
    vintage: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    extends: bool = False
    rename: dict[str, str] = {}
    long: str | None = None
    add: dict[str, str] = {}
    sheet: str | None = None


class Edition(BaseModel):
    """What an edition file says; `chapters` are names or patterns of runs, all where left out."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1, max_length=100, pattern=r"^[^\n\r]*\S[^\n\r]*$")
    chapters: list[str] = Field(default=["*"], min_length=1)
    parameters: dict[str, dict[str, Value]] = {}
    tables: dict[str, Own] = {}


def load(file: Path) -> Edition:
    """Return an edition file, checked against its schema.

    Raises EditionError with the file, the field and what would be right.
    """
    try:
        return Edition.model_validate(_read(file))
    except OSError as error:
        raise EditionError(f"{file}: {error.strerror}. Give the path of an edition file.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise EditionError(f"{file}: not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        lines = [
            f"{file}, {'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg']}." for e in error.errors()[:5]
        ]
        fields = f"An edition has {', '.join(Edition.model_fields)}; only title must be there."
        raise EditionError("\n".join([*lines, fields])) from None


def build(file: Path, *options: str) -> int:
    """Build an edition in its own folder, _build/editions/NAME; return the exit code of the build."""
    folder = BUILD / "editions" / file.stem
    prepare(load(file), file, folder)
    command = [sys.executable, "-m", "careshift.cli", "book", *options]
    return subprocess.run(command, env={**os.environ, project.VARIABLE: str(folder)}, check=False).returncode  # noqa: S603


def prepare(edition: Edition, file: Path, folder: Path) -> None:
    """Fill the edition's folder; a file that would stay the same is not touched, so nothing runs in vain.

    Raises EditionError for a chapter, parameter or table that does not exist, TableError for a wrong table.
    """
    chosen = choose(edition, file)
    own = own_tables(edition, file)
    files = [ROOT / name for name in COPIED]
    files += [p for name in FOLDERS for p in (ROOT / name).rglob("*") if p.is_file()]
    files += [*CHAPTERS.rglob("*.md"), *(run.notebook for run in chosen.values())]
    wanted = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in files}
    wanted |= {f"data/{tables.describe(name)['path']}": content for name, content in own.items()}
    wanted["data/datapackage.json"] = _json(_package(edition, own))
    wanted["chapters/runs.yml"] = _yaml(_plan(chosen))
    wanted["_config.yml"] = _yaml(_config(edition))
    if len(chosen) < len(runs.plan()):
        wanted |= narrowed(edition.title, {run.chapter for run in chosen.values()}, set(chosen))
    synchronise(wanted, folder)


def choose(edition: Edition, file: Path) -> dict[str, Run]:
    """Return the runs that the edition asks for, with its parameters. Raises EditionError."""
    every = runs.plan()
    for pattern in edition.chapters:
        if not fnmatch.filter(every, pattern):
            near = difflib.get_close_matches(pattern, every, n=3, cutoff=0.3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise EditionError(f'{file}, chapters: no chapter fits "{pattern}".{hint}')
    chosen = [name for name in every if any(fnmatch.fnmatchcase(name, p) for p in edition.chapters)]
    for name, given in edition.parameters.items():
        if name not in chosen:
            raise EditionError(f"{file}, parameters: {name} is no chapter of this edition.")
        try:
            parameters.check_given(every[name].notebook, given)
        except parameters.ParameterError as error:
            raise EditionError(f"{file}, parameters, {name}: {error}") from None
    return {
        name: replace(every[name], given={**every[name].given, **edition.parameters.get(name, {})})
        for name in chosen
    }


def own_tables(edition: Edition, file: Path) -> dict[str, bytes]:
    """Return the edition's own tables as CSV, each checked; a path is taken from the edition's folder."""
    found: dict[str, bytes] = {}
    for name, own in edition.tables.items():
        if name not in tables.names():
            near = difflib.get_close_matches(name, tables.names(), n=3, cutoff=0.3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise EditionError(f'{file}, tables: there is no table "{name}".{hint}')
        found[name] = _checked(name, own, file)
    return found


def _checked(name: str, own: Own, file: Path) -> bytes:
    """Return one of the edition's tables as CSV. Raises CareshiftError with every error where it is wrong."""
    brought = (file.parent / own.file).absolute()
    pairs = [[f"{left}={right}" for left, right in given.items()] for given in (own.rename, own.add)]
    by = mapping.columns(pairs[0], own.long, pairs[1]) if own.rename or own.long or own.add else None
    about = report.examine(name, brought, by, how(own.sheet), own.extends)
    if about.content is None:
        told = "\n".join(about.lines())
        raise EditionError(f"{file}, tables, {name}:\n{told}")
    return about.content


def synchronise(wanted: Mapping[str, bytes], folder: Path) -> None:
    """Make the folder hold these files and no others, its build apart, and touch only what differs."""
    present = {p for p in folder.rglob("*") if p.is_file() and p.relative_to(folder).parts[0] not in BUILT}
    for path in present - {folder / name for name in wanted}:
        path.unlink()
    for name, content in wanted.items():
        path = folder / name
        if path not in present or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _plan(chosen: Mapping[str, Run]) -> list[dict[str, Any]]:
    return [{"page": r.id, "chapter": r.chapter, "parameters": dict(r.given)} for r in chosen.values()]


def _package(edition: Edition, own: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the data package; a table that the edition brings says nothing of the one it replaces."""
    resources = []
    for name in tables.names():
        table = tables.describe(name)
        if name in own:
            given = edition.tables[name]
            table |= {
                "publisher": f"the editors of “{edition.title}”",
                "vintage": given.vintage,
                "coverage": "as its editors say",
                "licenses": [{"name": "own", "title": given.licence}],
                "sources": [],
                "raw": [],
                "caveats": [_caveat(given, edition.title)],
            }
        resources.append(table)
    return {**tables.package(), "resources": resources}


def _caveat(own: Own, title: str) -> str:
    if own.extends:
        return f"The table of the book, with rows added or replaced in the edition “{title}”."
    return f"Replaces the table of the book in the edition “{title}”."


def announcement(edition: Edition) -> str:
    """Return, as HTML, what stands above every page: the edition, and that it is not the published book.

    The latter where an edition has data or parameters of its own, which are named.
    """
    own = []
    if edition.tables:
        titles = (str(tables.describe(name)["title"]) for name in edition.tables)
        own.append(f"data of its own for {', '.join(titles)}")
    if edition.parameters:
        own.append(f"parameters of its own for {', '.join(edition.parameters)}")
    told = f". This is not the published book: it has {' and '.join(own)}." if own else ""
    return html.escape(f"Edition: {edition.title}{told}")


def _config(edition: Edition) -> dict[str, Any]:
    """Return the book's configuration with the edition in its title and above every page."""
    config: dict[str, Any] = _read(ROOT / "_config.yml")
    config["title"] = f"{config['title']} ({edition.title})"
    sphinx = config["sphinx"]["config"]
    sphinx["html_theme_options"]["announcement"] = announcement(edition)
    # Chapters that an edition leaves out may be named by those it has: plain words then, not links.
    sphinx["suppress_warnings"] = [*sphinx.get("suppress_warnings", []), "myst.xref_missing"]
    return config


def narrowed(title: str, chapters: set[str], pages: set[str]) -> dict[str, bytes]:
    """Return the files of an edition that leaves chapters out: what it lists, and its own first page."""
    names = _listed(chapters)
    coverage = _read(DATA / "coverage.yml")
    every = {run.chapter for run in runs.plan().values()}
    parts = [part for part in introductions.load() if set(part.chapters) <= chapters]
    homes = entries.homes()
    empty = {block.name for block in entries.BLOCKS} - {homes[name] for name in names}
    told = {f"{part.folder}/index" for part in parts}.union(*(part.contents for part in parts))
    kept = {f"chapters/{name}" for name in pages | told}
    left_out = {f"chapters/ledger/{name}" for name in empty}
    return {
        f"data/claims/{ledger.LISTED.name}": _json(sorted(names)),
        "data/coverage.yml": _yaml([item for item in coverage if item["chapter"] in chapters]),
        "chapters/planned.yml": _yaml(sorted(every)),
        "chapters/introductions.yml": _yaml([part.model_dump(mode="json") for part in parts]),
        "_toc.yml": _yaml(_only(_read(ROOT / "_toc.yml"), kept, left_out)),
        "intro.md": FIRST_PAGE.format(title=escape(title)).encode(),
    }


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=FastLoader)  # noqa: S506


def _listed(chapters: set[str]) -> set[str]:
    """Return the ids of the claims of these chapters, and of those that they repeat or are compared with."""
    every = {claim.id: claim for claim in claims.load()}
    names = {claim.id for claim in every.values() if claim.chapter in chapters}
    waiting = list(names)
    while waiting:
        claim = every[waiting.pop()]
        named = {*entries.SAME_AS.findall(claim.derive or ""), *filter(None, [claim.repeats])}
        more = named - names
        names |= more
        waiting += more
    return names


def _only(contents: Any, kept: set[str], left_out: set[str]) -> Any:
    """Return a table of contents with these pages and those of the ledger, and no list that is empty.

    Where a page goes, the kept ones below it move up into its place.
    """
    if isinstance(contents, dict):
        parts = {key: _only(value, kept, left_out) for key, value in contents.items()}
        return {key: part for key, part in parts.items() if part != []}
    if isinstance(contents, list):
        return [left for item in contents for left in _left_of(_only(item, kept, left_out), kept, left_out)]
    return contents


def _left_of(item: dict[str, Any], kept: set[str], left_out: set[str]) -> list[Any]:
    """Return what remains of a page or part: itself, the pages below it, or nothing."""
    page = item.get("file")
    if page is None:
        return [item] if "chapters" in item else []
    stays = page in kept or (
        page.startswith(("chapters/ledger/", "chapters/documents/")) and page not in left_out
    )
    return [item] if stays else item.get("sections", [])


def _yaml(content: Any) -> bytes:
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    return text.encode()


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
