"""Figures of the staged book: those of a run as files and blocks, on its own page or on a generated one."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from careshift import source_coverage
from careshift.figures import MIME
from careshift.figures.figure import Figure
from careshift.pages import chart_page
from careshift.pages.documents import Drawing
from careshift.pages.safe_text import Markdown
from careshift.project import CareshiftError

FOLDER = "assets/figures"
BUILT = "_static/figures"  # the same folder, as a page of the book sees it


def write(data: Mapping[str, Any], run_id: str, target: Path) -> None:
    """Write the files of a figure that an output carries: SVG, PNG and CSV, at an address that lasts."""
    figure, folder = data[MIME], target / FOLDER / run_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{figure['name']}.svg").write_text("".join(data["image/svg+xml"]), encoding="utf-8")
    (folder / f"{figure['name']}.csv").write_text(figure["csv"], encoding="utf-8")
    (folder / f"{figure['name']}.png").write_bytes(base64.b64decode("".join(data["image/png"])))


def block(data: Mapping[str, Any], run_id: str, page: str, number: int, code: str | None = None) -> Markdown:
    """Return the block of a figure of a run for a page, which may be another page than the run's own."""
    figure = data[MIME]
    anchor = chart_page.anchor(page.removeprefix("chapters/"), figure["name"])
    up = "../" * page.count("/")
    svg = "".join(data["image/svg+xml"])
    return chart_page.figure_block(anchor, f"{up}{BUILT}/{run_id}", number, figure, svg, code)


def of_run(executed: Path, name: str) -> Mapping[str, Any]:
    """Return the output of an executed notebook that carries the figure of this name.

    Raises CareshiftError where it has none, so that a page never lacks a chart in silence.
    """
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    for data in outputs:
        if MIME in data and data[MIME]["name"] == name:
            return dict(data)
    raise CareshiftError(f'{executed.name} has no figure "{name}", which a generated page shows.')


def drawings(runs: Collection[str], executed: Path) -> dict[str, Drawing]:
    """Return the figures of executed chapters that redraw one of a document's, by chapter and name.

    Raises CareshiftError where a chapter that was run has no figure of that name.
    """
    found = {}
    wanted = {item.drawing for item in source_coverage.load() if item.drawing}
    for run_id, _, name in sorted(drawing.rpartition("/") for drawing in wanted):
        if run_id in runs:
            data = of_run(executed / f"{run_id}.ipynb", name)
            wide, high = chart_page.size("".join(data["image/svg+xml"]))
            found[f"{run_id}/{name}"] = Drawing(data[MIME]["title"], wide, high)
    return found


def drawn(figure: Figure, page: str, target: Path, number: int) -> Markdown:
    """Write the files of a figure drawn while staging, and return its block for the page."""
    data = figure._repr_mimebundle_()
    write(data, page, target)
    return block(data, page, page, number)
