"""Write the outputs of fresh runs into the committed notebooks, and say what changed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from careshift import exports, ledger, verdict_changes
from careshift.pages import news
from careshift.pipeline.cells import GIVEN
from careshift.pipeline.runs import plan
from careshift.project import ROOT

PICTURES = ("image/svg+xml", "image/png")


def refresh(executed: Path) -> Iterator[str]:
    """Write each chapter's outputs, run with its defaults, into the chapter; yield changed text lines."""
    for run in plan().values():
        if not run.is_default:
            continue
        notebook = run.notebook
        before = json.loads(notebook.read_text(encoding="utf-8"))
        after = committed_form(json.loads((executed / f"{run.id}.ipynb").read_text(encoding="utf-8")))
        if before["cells"] != after["cells"]:
            notebook.write_text(json.dumps(after, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            yield f"{run.chapter}: outputs refreshed"
            yield from changed_lines(before, after)


def documents(ledger_file: Path) -> Iterator[str]:
    """Write the README's table of verdicts, codecheck.yml and the changed verdicts; yield which changed."""
    entries = ledger.from_json(ledger_file.read_text(encoding="utf-8"))
    now = (ROOT / "README.md").read_text(encoding="utf-8")
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    made = {
        "README.md": exports.readme(now, entries),
        "codecheck.yml": exports.codecheck(entries),
        "CHANGELOG.md": news.changelog(log, verdict_changes.load()),
    }
    for name, text in made.items():
        if (ROOT / name).read_text(encoding="utf-8") != text:
            (ROOT / name).write_text(text, encoding="utf-8")
            yield f"{name}: refreshed"


def committed_form(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return an executed notebook as it is committed: outputs without pictures, no traces of the run."""
    cells = [c for c in notebook["cells"] if GIVEN not in c["metadata"].get("tags", [])]
    _renumber(cells)
    for cell in cells:
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k == "tags" and v}
        for output in cell.get("outputs", []):
            for picture in PICTURES:
                output.get("data", {}).pop(picture, None)
    metadata = {"kernelspec": notebook["metadata"]["kernelspec"], "language_info": {"name": "python"}}
    return {**notebook, "cells": cells, "metadata": metadata}


def _renumber(cells: list[dict[str, Any]]) -> None:
    """Close the gap that a dropped cell left in the execution counts."""
    executed = [cell for cell in cells if cell.get("execution_count")]
    for count, cell in enumerate(executed, 1):
        for output in cell["outputs"]:
            if "execution_count" in output:
                output["execution_count"] = count
        cell["execution_count"] = count


def changed_lines(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Yield the text lines that differ between two notebooks' outputs, marked - and +."""
    for line in difflib.unified_diff(texts(before), texts(after), lineterm="", n=0):
        if line[:2] not in ("--", "++", "@@"):
            yield line


def texts(notebook: dict[str, Any]) -> list[str]:
    """Return every line of plain text in a notebook's outputs."""
    outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
    return [line for o in outputs for line in "".join(o.get("data", {}).get("text/plain", "")).splitlines()]
