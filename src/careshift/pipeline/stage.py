"""Stage the book: chapters as executed, their figures as files, and the pages made from the ledger."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from careshift import (
    certainty,
    chapter_summary,
    citation,
    claims,
    evidence,
    exports,
    ledger,
    parameters,
    site,
    tables,
)
from careshift.certainty import Finding
from careshift.claims import Claim, Verdict
from careshift.figures import MIME as FIGURE
from careshift.ledger import Entry
from careshift.pages import Markdown, documents, generated, headline_picture, introductions, news
from careshift.pages import entries as claim_pages
from careshift.pages.run_details import colophon
from careshift.pipeline import page_figures
from careshift.pipeline.cells import GIVEN, code_last, entitle, with_badges, with_claims, with_claims_of_place
from careshift.pipeline.runs import Run
from careshift.project import DATA, ROOT
from careshift.site import Site

COPIED = ("_config.yml", "_toc.yml", "intro.md", "references.bib", "assets", "templates", "CHANGELOG.md")
KNOWN, FIRST_PAGE = "what_is_known/index", "intro"
TRENDS = ("care-homes", "bed-days", "emergency-admissions", "delays")  # of the chapter on what is known
AREA = "areas/area"  # the chapter that makes the page of each area
HEADING = re.compile(r"^# (.+)$", re.MULTILINE)


def stage(runs: Mapping[str, Run], executed: Path, ledger_file: Path, target: Path) -> list[Entry]:
    """Fill `target`, an empty folder, with all that Jupyter Book needs; return the ledger."""
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
    _write(target / "assets" / "ledger.csv", exports.as_csv(entries))
    _write(target / "assets" / "ledger.schema.json", exports.schema())
    _write(target / "assets" / news.FEED, news.feed())
    addresses, verdicts = site.load(), {entry.claim.id: entry.verdict for entry in entries}
    for run in runs.values():
        stage_notebook(run, executed / f"{run.id}.ipynb", target, addresses, verdicts)
    for path, text in generated.pages(entries, *_first_page(runs, executed, entries, target)):
        _write(target / path, text)
    for block, members in claim_pages.blocks(entries):
        for kind, text in zip(claim_pages.KINDS.values(), claim_pages.citations(block, members), strict=True):
            _write(target / "cite" / "ledger" / f"{block.name}.{kind}", text)
    chapters = {
        run.chapter: executed / f"{run_id}.ipynb" for run_id, run in runs.items() if run_id == run.chapter
    }
    opened = {chapter: chapter_summary.read(file) for chapter, file in chapters.items()}
    for path, text in introductions.pages(entries, opened):
        _write(target / path, text)
    for path, text in documents.pages(entries, page_figures.drawings(runs, executed)):
        _write(target / path, text)
    return entries


def _first_page(
    runs: Mapping[str, Run], executed: Path, entries: list[Entry], target: Path
) -> tuple[tuple[Finding, ...], list[Markdown], Markdown | None]:
    """Return what the first page shows: findings and charts of what is known, and the headline claims."""
    if KNOWN not in runs:
        return (), [], None
    source = executed / f"{KNOWN}.ipynb"
    charts = [
        page_figures.block(page_figures.of_run(source, name), KNOWN, FIRST_PAGE, number)
        for number, name in enumerate(TRENDS, 1)
    ]
    picture = headline_picture.picture(entries)
    drawn = page_figures.drawn(picture, FIRST_PAGE, target, len(charts) + 1) if picture else None
    return certainty.read(source), charts, drawn


def stage_notebook(
    run: Run, executed: Path, target: Path, addresses: Site, verdicts: Mapping[str, Verdict]
) -> None:
    """Write an executed notebook to the stage, its evidence and figures rendered, figures as files beside.

    `verdicts` are those of the ledger by claim id: a paragraph that answers a claim gets its badge.
    """
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    notebook["metadata"].pop("papermill", None)
    entitle(notebook["cells"])
    code, numbers = addresses.code(f"chapters/{run.chapter}.ipynb"), count(1)
    for cell in notebook["cells"]:
        cell["metadata"] = {"tags": cell["metadata"].get("tags", [])}
        if GIVEN in cell["metadata"]["tags"]:
            cell["id"] = GIVEN  # papermill draws one at random
    _write(target / "notebooks" / f"{run.id}.ipynb", json.dumps(for_download(notebook), ensure_ascii=False))
    work = citation.of_page(f"chapters/{run.id}", title(notebook) or run.id, addresses)
    for kind, text in (("bib", work.bibtex), ("ris", work.ris)):
        _write(target / "cite" / f"{run.id}.{kind}", text)
    told = _told(run, notebook, verdicts)
    for cell in told:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                _rendered(output, run.id, target, numbers, code)
                for output in cell["outputs"]
                if certainty.MIME not in output.get("data", {})  # a record for the book, told in words below
            ]
    foot = colophon(run.id, run.chapter, parameters.declared(run.notebook), run.given, work, addresses)
    last = {"cell_type": "markdown", "metadata": {}, "source": foot, "id": "this-page"}
    notebook["cells"] = [*code_last(told), last]
    _write(target / "chapters" / f"{run.id}.ipynb", json.dumps(notebook, ensure_ascii=False))


def for_download(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return an executed notebook for download: each figure once, as a drawing, which weighs least.

    The record of a figure's data and words serves the book, which offers the data beside the figure.
    """
    kept = copy.deepcopy(dict(notebook))
    for cell in kept["cells"]:
        for output in cell.get("outputs", []):
            for kind in ("image/png", FIGURE):
                output.get("data", {}).pop(kind, None)
    return kept


def title(notebook: Mapping[str, Any]) -> str:
    """Return a notebook's first heading, from its text or from what its first cells say."""
    for cell in notebook["cells"]:
        said = [output.get("data", {}).get("text/markdown", "") for output in cell.get("outputs", [])]
        for text in [cell["source"], *said] if cell["cell_type"] == "markdown" else said:
            found = HEADING.search("".join(text))
            if found:
                return found[1].strip()
    return ""


def _told(run: Run, notebook: Mapping[str, Any], verdicts: Mapping[str, Verdict]) -> list[dict[str, Any]]:
    """Return the cells in the order of reading, with the verdicts on the chapter's claims or place."""
    cells = with_badges(run.chapter, notebook["cells"], verdicts)
    if run.chapter != AREA:
        return with_claims(cells, _claims(notebook, verdicts))
    mine = claims.of_place(title(notebook))
    return with_claims_of_place(
        cells, [(claim, verdicts[claim.id]) for claim in mine if claim.id in verdicts]
    )


def _claims(notebook: Mapping[str, Any], verdicts: Mapping[str, Verdict]) -> list[tuple[Claim, Verdict]]:
    """Return the claims that an executed notebook brings evidence for, with the ledger's verdicts."""
    outputs = [output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])]
    chapters = [data[evidence.MIME]["chapter"] for data in outputs if evidence.MIME in data]
    return [(claim, verdicts[claim.id]) for chapter in chapters for claim in claims.of_chapter(chapter)]


def _rendered(
    output: dict[str, Any],
    run_id: str,
    target: Path,
    numbers: Iterator[int],
    code: str | None,
) -> dict[str, Any]:
    data = output.get("data", {})
    if FIGURE not in data:
        return output
    page_figures.write(data, run_id, target)
    markdown = str(page_figures.block(data, run_id, f"chapters/{run_id}", next(numbers), code))
    return {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": markdown}}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
