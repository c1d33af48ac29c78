"""The runs of the book: which chapter, with which parameters, and the files each depends on."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from careshift import arithmetic, claims, outside_data, parameters, tables
from careshift.claims import Claim
from careshift.parameters import Value
from careshift.project import CHAPTERS, CODE, CareshiftError

RUNS = CHAPTERS / "runs.yml"
PACKAGE = "careshift"
ACROSS = ("methods/", "what_is_known/", "policy/foreseen")  # chapters that may show any claim


@dataclass(frozen=True)
class Run:
    """One chapter with its parameters. `id` names its outputs: the chapter, or the page of an area."""

    id: str
    chapter: str
    given: Mapping[str, Value] = field(default_factory=dict)

    @property
    def notebook(self) -> Path:
        """Return the chapter's notebook."""
        return parameters.notebook_of(self.chapter)

    @property
    def values(self) -> dict[str, Value]:
        """Return every parameter with the value this run gives it."""
        return {name: p.default for name, p in parameters.declared(self.notebook).items()} | dict(self.given)

    @property
    def is_default(self) -> bool:
        """Return whether this is the run with the chapter's defaults, whose outputs are committed."""
        return self.values == {n: p.default for n, p in parameters.declared(self.notebook).items()}

    @property
    def tables(self) -> dict[str, Path]:
        """Return the tables the run reads, by name: each parameter that is named like a table."""
        known = set(tables.names())
        return {n: tables.locate(n, str(v)) for n, v in self.values.items() if n in known}


def plan(file: Path = RUNS) -> dict[str, Run]:
    """Return all runs by id, each checked against its chapter's parameters cell.

    Raises CareshiftError for an unknown chapter, parameter or type, and for two runs of one id.
    """
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    runs: dict[str, Run] = {}
    for item in listed:
        run = Run(item.get("page", item["chapter"]), item["chapter"], item.get("parameters", {}))
        parameters.check_given(run.notebook, run.given)
        if run.id in runs:
            raise CareshiftError(f"{file.name}: two runs are called {run.id}. Give one a `page` of its own.")
        runs[run.id] = run
    return runs


def digest(content: Any) -> str:
    """Return a short checksum of anything JSON can hold."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def source_digest(notebook: Path) -> str:
    """Return a checksum of what the notebook says and does, its committed outputs left out."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return digest([[c["cell_type"], "".join(c["source"]), c["metadata"].get("tags", [])] for c in cells])


def claims_digest(chapter: str) -> str:
    """Return a checksum of the claims that the chapter judges and of what their records give.

    A record may rest on prints of other chapters, or repeat a record of one. Chapters of `ACROSS` may show
    any claim.
    """
    shown = claims.load() if chapter.startswith(ACROSS) else claims.of_chapter(chapter)
    first = [claims.find(claim.repeats) if claim.repeats else claim for claim in shown]
    own = [found.model_dump(mode="json") for found in map(arithmetic.evidence_of, first) if found]
    return digest([[c.model_dump(mode="json") for c in shown], own, outside_digest(first)])


def outside_digest(shown: Iterable[Claim] | None = None) -> str:
    """Return a checksum of what the outside data of these claims, or of all, give."""
    found = [outside_data.evidence_of(claim) for claim in (claims.load() if shown is None else shown)]
    return digest([item.model_dump(mode="json") for item in found if item])


def modules(notebook: Path) -> list[Path]:
    """Return the files of careshift that the notebook's code imports, directly or through others."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    return files_of(imported(ast.parse(code)))


def imported(tree: ast.AST) -> set[str]:
    """Return the careshift modules that the code names in its imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.split(".")[0] == PACKAGE}


def files_of(names: Iterable[str]) -> list[Path]:
    """Return the files of these modules and of all they import, sorted."""
    graph = _graph()
    start = {name for name in names if name in graph.modules}
    reached = start.union(*(graph.find_upstream_modules(name) for name in start))
    packages = {name.rsplit(".", n)[0] for name in reached for n in range(1, name.count(".") + 1)}
    return sorted(_file_of(name) for name in reached | packages)


def _file_of(module: str) -> Path:
    base = CODE / "src" / Path(*module.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


@cache
def _graph() -> Any:
    import grimp

    return grimp.build_graph(PACKAGE, cache_dir=None)
