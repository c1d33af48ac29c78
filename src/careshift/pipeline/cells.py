"""The cells of an executed chapter as a reader meets them: titled, with badges, all code at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from careshift import chapter_summary, claim_tags, evidence
from careshift.claims import Claim, ClaimError, Verdict
from careshift.figures import MIME as FIGURE
from careshift.pages import blocks, escape

GIVEN = "injected-parameters"  # papermill's tag of the cell with the parameters that a run was given
SECTION = re.compile(r"^## ", re.MULTILINE)
CLAIMS = "## What the documents claim"
OF_PLACE = "## What the documents say of this place"
NONE_OF_PLACE = "None of the five documents makes a statement about this place by name."


def entitle(cells: Sequence[dict[str, Any]]) -> None:
    """Put the title that an output carries in the place of the notebook's own, and drop that output."""
    named = chapter_summary.title_of(list(cells))
    if named:
        _, _, rest = "".join(cells[0]["source"]).partition("\n")
        cells[0]["source"] = f"# {escape(named)}\n{rest}"
    for cell in cells:
        if "outputs" in cell:
            cell["outputs"] = [o for o in cell["outputs"] if chapter_summary.TITLE not in o.get("data", {})]


def with_badges(
    chapter: str, cells: Sequence[dict[str, Any]], verdicts: Mapping[str, Verdict]
) -> list[dict[str, Any]]:
    """Return the cells, those that answer claims with a line of the ledger's verdicts below.

    Raises ClaimError for a tag that names no claim of the chapter, or one that the ledger has not judged.
    """
    made: list[dict[str, Any]] = []
    for cell, answered in zip(cells, claim_tags.of_cells(chapter, cells), strict=True):
        made.append(cell)
        waiting = [claim.id for claim in answered if claim.id not in verdicts]
        if waiting:
            raise ClaimError(f"{chapter} answers {', '.join(waiting)}, which the ledger has not judged.")
        if answered:
            words = str(blocks.beside((claim, verdicts[claim.id]) for claim in answered))
            made.append(_words(words, f"below-{cell['id']}"))
    return made


def with_claims(
    cells: Sequence[dict[str, Any]], judged: Sequence[tuple[Claim, Verdict]]
) -> list[dict[str, Any]]:
    """Return the cells with the answer and its chart first, the main verdicts below, and then all claims.

    The notebook weighs its evidence before it answers; a reader wants the answer before the evidence. What
    the cell of evidence puts out goes; the claims get a section of their own after the answer.
    """
    for cell in cells:
        kept = [o for o in cell.get("outputs", []) if evidence.MIME not in o.get("data", {})]
        if "outputs" in cell:
            cell["outputs"] = kept
    if not judged:
        return list(cells)
    before, answer, after = _sections(cells)
    chart = next((at for at, cell in enumerate(answer) if _draws(cell)), len(answer) - 1) + 1
    main = [_words(words, "main-verdicts")] if (words := str(blocks.main_verdicts(judged))) else []
    every = _words(f"{CLAIMS}\n\n{blocks.claims_table(judged)}", "all-claims")
    return [*before, *answer[:chart], *main, *answer[chart:], every, *after]


def with_claims_of_place(
    cells: Sequence[dict[str, Any]], judged: Sequence[tuple[Claim, Verdict]]
) -> list[dict[str, Any]]:
    """Return the cells of an area's page, what the documents say of the place below its answer."""
    before, answer, after = _sections(cells)
    words = str(blocks.claims_table(judged)) if judged else NONE_OF_PLACE
    return [*before, *answer, _words(f"{OF_PLACE}\n\n{words}", "claims-of-place"), *after]


def _sections(cells: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], ...]:
    """Return the cells before the answer, those of the answer, and those from the next section on."""
    start = next(at for at, cell in enumerate(cells) if _text(cell).startswith(chapter_summary.HEADING))
    for at in range(start + 1, len(cells)):
        found = SECTION.search(_text(cells[at])) if cells[at]["cell_type"] == "markdown" else None
        if found:
            said, rest = _text(cells[at])[: found.start()].strip(), _text(cells[at])[found.start() :]
            end = [_words(said, f"end-of-{cells[at]['id']}")] if said else []
            after = [{**cells[at], "source": rest}, *cells[at + 1 :]]
            return list(cells[:start]), [*cells[start:at], *end], after
    return list(cells[:start]), list(cells[start:]), []


def _draws(cell: Mapping[str, Any]) -> bool:
    return any(FIGURE in output.get("data", {}) for output in cell.get("outputs", []))


def _text(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def code_last(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cells for a reader: outputs where they stand, and all code in one fold at the end."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    shown = [cell for cell in cells if cell["cell_type"] == "markdown" or cell["outputs"]]
    for cell in code:
        hides = "hide-output" in cell["metadata"]["tags"]
        cell["metadata"] = {"tags": ["remove-input"]}
        if hides:
            cell["metadata"] = {"tags": ["remove-input", "hide-output"], "mystnb": _prompts(_about(cell))}
    source = "\n\n".join("".join(cell["source"]) for cell in code)
    fold = {
        **code[-1],
        "source": source,
        "outputs": [],
        "metadata": {"tags": ["hide-input"], "mystnb": _prompts("the code")},
        "id": "the-code",
    }
    return [*shown, _words("## The code of this page", "the-code-heading"), fold]


def _words(source: str, name: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, "id": name}


def _prompts(what: str) -> dict[str, str]:
    """Return what a fold says when it is closed and when it is open."""
    return {"code_prompt_show": f"Show {what}", "code_prompt_hide": f"Hide {what}"}


def _about(cell: Mapping[str, Any]) -> str:
    """Return what folded outputs hold: a table or a figure starts with its caption."""
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in cell["outputs"]]
    captions = [text.splitlines()[0] for text in texts if text]
    return f"the table: {'; '.join(captions)}" if captions else "the outputs"
