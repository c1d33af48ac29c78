"""Stage the book: chapters as executed, their figures as files, and the pages made from the ledger."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from careshift import evidence, ledger, machine, openings, tables
from careshift.claims import Evidence
from careshift.figures import BOX, GRID, INK, PALETTE
from careshift.figures import MIME as FIGURE
from careshift.ledger import Entry
from careshift.pages import blocks, generated, introductions
from careshift.pipeline.runs import Run
from careshift.project import DATA, ROOT

COPIED = ("_config.yml", "_toc.yml", "intro.md", "references.bib", "assets", "CHANGELOG.md")
DARK = {INK: "#e8eaed", GRID: "#454b54", BOX: "#262b33", PALETTE[0]: "#56b4e9"}
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
    _write(target / "assets" / "ledger.csv", machine.as_csv(entries))
    _write(target / "assets" / "ledger.schema.json", machine.schema())
    for run_id in runs:
        stage_notebook(run_id, executed / f"{run_id}.ipynb", target)
    for path, text in generated.pages(entries):
        _write(target / path, text)
    chapters = {
        run.chapter: executed / f"{run_id}.ipynb" for run_id, run in runs.items() if run_id == run.chapter
    }
    opened = {chapter: openings.read(file) for chapter, file in chapters.items()}
    for path, text in introductions.pages(entries, opened):
        _write(target / path, text)
    return entries


def stage_notebook(run_id: str, executed: Path, target: Path) -> None:
    """Write an executed notebook to the stage, its evidence and figures rendered, figures as files beside."""
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    notebook["metadata"].pop("papermill", None)
    for cell in notebook["cells"]:
        cell["metadata"] = {"tags": cell["metadata"].get("tags", [])}
        if cell["cell_type"] == "code":
            cell["outputs"] = [_rendered(output, run_id, target) for output in cell["outputs"]]
    notebook["cells"] = code_last(notebook["cells"])
    _write(target / "chapters" / f"{run_id}.ipynb", json.dumps(notebook, ensure_ascii=False))


def code_last(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Answer the cells for a reader: outputs where they stand, and all code in one fold at the end."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    shown = [cell for cell in cells if cell["cell_type"] == "markdown" or cell["outputs"]]
    for cell in code:
        hides = "hide-output" in cell["metadata"]["tags"]
        cell["metadata"] = {"tags": ["remove-input", *(["hide-output"] if hides else [])]}
    heading = {"cell_type": "markdown", "metadata": {}, "source": "## The code of this page"}
    source = "\n\n".join("".join(cell["source"]) for cell in code)
    fold = {
        **code[-1],
        "source": source,
        "outputs": [],
        "metadata": {"tags": ["hide-input"]},
        "id": "the-code",
    }
    return [*shown, {**heading, "id": "the-code-heading"}, fold]


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
