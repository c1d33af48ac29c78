"""Stage the book: chapters as executed, their figures as files, and the pages made from the ledger."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from careshift import evidence, ledger, tables
from careshift.claims import SOURCES, Evidence
from careshift.figures import BOX, GRID, INK
from careshift.figures import MIME as FIGURE
from careshift.ledger import Entry
from careshift.pages import blocks, generated
from careshift.pipeline.runs import Run
from careshift.project import DATA, ROOT

COPIED = ("_config.yml", "_toc.yml", "intro.md", "references.bib", "assets", "CHANGELOG.md")
DARK = {INK: "#e8eaed", GRID: "#454b54", BOX: "#262b33"}
FIGURES = "assets/figures"


def stage(runs: Mapping[str, Run], executed: Path, ledger_file: Path, target: Path) -> list[Entry]:
    """Fill `target`, an empty folder, with all that Jupyter Book needs; answer the ledger."""
    entries = ledger.from_json(ledger_file.read_text(encoding="utf-8"))
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target / name)
    for page in (ROOT / "chapters").rglob("*.md"):
        _write(target / page.relative_to(ROOT), page.read_text(encoding="utf-8"))
    (target / "data").mkdir()
    for name in tables.names():
        shutil.copy2(tables.locate(name), target / "data")
    shutil.copy2(DATA / "datapackage.json", target / "data")
    shutil.copy2(ledger_file, target / "assets" / "ledger.json")
    for run_id in runs:
        stage_notebook(run_id, executed / f"{run_id}.ipynb", target)
    for path, text in generated_pages(entries):
        _write(target / path, text)
    return entries


def generated_pages(entries: Sequence[Entry]) -> Iterable[tuple[str, str]]:
    """Yield path and text of each page or fragment that is made from the ledger and the data package."""
    yield "generated/counts.md", blocks.counts_table(ledger.counts_by_tier(entries))
    yield "generated/headlines.md", generated.headlines(entries)
    yield "chapters/ledger/index.md", generated.ledger_index(entries)
    yield "chapters/ledger/data.md", generated.catalogue()
    for source in SOURCES:
        if any(e.claim.source == source for e in entries):
            yield f"chapters/ledger/{source}.md", generated.ledger_source(source, entries)


def stage_notebook(run_id: str, executed: Path, target: Path) -> None:
    """Write an executed notebook to the stage, its evidence and figures rendered, figures as files beside."""
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    notebook["metadata"].pop("papermill", None)
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        cell["metadata"] = {"tags": ["hide-input"] if "injected-parameters" in tags else tags}
        if cell["cell_type"] == "code":
            cell["outputs"] = [_rendered(output, run_id, target) for output in cell["outputs"]]
    notebook["cells"] = one_fold(notebook["cells"])
    _write(target / "chapters" / f"{run_id}.ipynb", json.dumps(notebook, ensure_ascii=False))


def one_fold(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Answer the cells with each run of folded code put into one fold, so that a page shows one line for it.

    A cell joins the code cell before it where both are folded and the earlier one shows nothing.
    """
    joined: list[dict[str, Any]] = []
    for cell in cells:
        before = joined[-1] if joined else None
        if before and _is_folded(before) and _is_folded(cell) and not before["outputs"]:
            code = "".join(before["source"]) + "\n\n" + "".join(cell["source"])
            joined[-1] = {**cell, "source": code, "metadata": {"tags": ["hide-input"]}}
        else:
            joined.append(cell)
    return joined


def _is_folded(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and "hide-input" in cell["metadata"]["tags"]


def _rendered(output: dict[str, Any], run_id: str, target: Path) -> dict[str, Any]:
    data = output.get("data", {})
    if evidence.MIME in data:
        kept = data[evidence.MIME]
        found = [Evidence.model_validate(item) for item in kept["evidence"]]
        markdown = str(blocks.claims_table(evidence.verdicts(kept["chapter"], found)))
    elif FIGURE in data:
        markdown = str(_figure(data, run_id, target))
    else:
        return output
    return {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": markdown}}


def _figure(data: Mapping[str, Any], run_id: str, target: Path) -> str:
    figure, folder = data[FIGURE], target / FIGURES / run_id
    svg = "".join(data["image/svg+xml"])
    dark = svg
    for light, replacement in DARK.items():
        dark = dark.replace(light, replacement)
    _write(folder / f"{figure['name']}.svg", svg)
    _write(folder / f"{figure['name']}.dark.svg", dark)
    _write(folder / f"{figure['name']}.csv", figure["csv"])
    (folder / f"{figure['name']}.png").write_bytes(base64.b64decode("".join(data["image/png"])))
    anchor = f"figure-{run_id.replace('/', '-').replace('_', '-')}-{figure['name']}"
    return blocks.figure_block(anchor, f"{FIGURES}/{run_id}", figure)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
