"""How a chapter opens: its title, its question, and the answer that its own run gave."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careshift.project import CareshiftError

HEADING = "## The answer"
TITLE = "application/vnd.careshift.title"  # an output that gives the page of one area its title
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9£“\"\\])")


@dataclass(frozen=True)
class Opening:
    """A chapter's first screen. `answer` is Markdown that the chapter made from its evidence."""

    title: str
    question: str
    answer: str

    @property
    def sentences(self) -> list[str]:
        """Return the sentences of the answer."""
        return SENTENCE_END.split(self.answer)

    @property
    def finding(self) -> str:
        """Return the first sentence of the answer: what was found, in one line."""
        return self.sentences[0]


def read(executed: Path) -> Opening:
    """Return the opening of an executed notebook.

    Raises CareshiftError where no computed sentence follows the heading "The answer".
    """
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    title, _, question = _text(cells[0]).partition("\n")
    title = title_of(cells) or title.removeprefix("# ").strip()
    return Opening(title, question.strip(), _answer(cells, executed))


def title_of(cells: list[dict[str, Any]]) -> str | None:
    """Return the title that an output carries, None where the notebook's own holds."""
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return next(("".join(data[TITLE]) for data in outputs if TITLE in data), None)


def _answer(cells: list[dict[str, Any]], executed: Path) -> str:
    headed = [cell["cell_type"] == "markdown" and _text(cell).startswith(HEADING) for cell in cells]
    for cell in cells[headed.index(True) + 1 :] if any(headed) else []:
        if cell["cell_type"] == "markdown":
            break
        for output in cell["outputs"]:
            if "text/markdown" in output.get("data", {}):
                return " ".join("".join(output["data"]["text/markdown"]).split())
    raise CareshiftError(
        f'{executed.name}: no computed sentence follows the heading "The answer". Put a cell with '
        "pages.say(...) under it, before the next text."
    )


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])
