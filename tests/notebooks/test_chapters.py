"""Every chapter has the shape that readers and analysts rely on, and its committed outputs are fresh."""

import ast
import json
from pathlib import Path

import pytest

from careshift import evidence, parameters
from careshift.figures import MIME as FIGURE
from careshift.pipeline.refresh import committed_form, texts
from careshift.pipeline.runs import plan
from careshift.project import CHAPTERS

ALL = sorted(CHAPTERS.rglob("*.ipynb"))
MOST_LINES = 24


def name(path: Path) -> str:
    return path.relative_to(CHAPTERS).with_suffix("").as_posix()


@pytest.fixture(params=ALL, ids=name)
def chapter(request) -> Path:
    return request.param


@pytest.fixture
def cells(chapter) -> list[dict]:
    return json.loads(chapter.read_text(encoding="utf-8"))["cells"]


def code(cells: list[dict]) -> list[dict]:
    return [c for c in cells if c["cell_type"] == "code"]


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def test_it_was_executed_from_top_to_bottom(cells) -> None:
    counts = [c["execution_count"] for c in code(cells)]
    assert counts == list(range(1, len(counts) + 1))


def test_nbval_has_outputs_to_compare(cells) -> None:
    compared = [c for c in code(cells) if "nbval-check-output" in tags(c)]
    assert compared
    assert all(c["outputs"] for c in compared)


def test_no_output_is_an_error_a_warning_or_an_address(cells) -> None:
    for output in (o for c in code(cells) for o in c["outputs"]):
        assert output["output_type"] not in ("error", "stream")
        assert "0x7f" not in json.dumps(output)


def test_pictures_are_not_committed(cells) -> None:
    kinds = {k for c in code(cells) for o in c["outputs"] for k in o.get("data", {})}
    assert not [k for k in kinds if k.startswith("image/")]


def test_it_defines_nothing(cells) -> None:
    for cell in code(cells):
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.AsyncFunctionDef)


def test_cells_are_short(cells) -> None:
    for cell in code(cells):
        if "parameters" not in tags(cell):
            assert len("".join(cell["source"]).splitlines()) <= MOST_LINES, "".join(cell["source"])[:80]


def test_parameters_are_declared_and_explained(chapter) -> None:
    declared = parameters.declared(chapter)
    assert declared
    assert all(p.help for p in declared.values())


def test_the_first_code_cell_after_the_parameters_checks_them(cells) -> None:
    after = code(cells)[1]
    assert "check(" in "".join(after["source"])


def test_it_opens_with_a_title_and_has_the_sections(cells) -> None:
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert text.startswith("# ")
    for heading in ("## Limits", "## Rerun this chapter"):
        assert heading in text


def test_it_is_planned(chapter) -> None:
    assert name(chapter) in {run.chapter for run in plan().values()}


def test_committed_outputs_are_those_of_a_fresh_run(chapter, executed) -> None:
    """The figures' data, the canonical lines, the tables: all that is text is compared."""
    fresh = committed_form(json.loads((executed / f"{name(chapter)}.ipynb").read_text(encoding="utf-8")))
    committed = json.loads(chapter.read_text(encoding="utf-8"))
    assert texts(committed) == texts(fresh), "run make refresh and look at what changed"
    assert carried(committed, FIGURE) == carried(fresh, FIGURE)
    assert carried(committed, evidence.MIME) == carried(fresh, evidence.MIME)


def carried(notebook: dict, mime: str) -> list:
    outputs = [o for c in notebook["cells"] for o in c.get("outputs", [])]
    return [o["data"][mime] for o in outputs if mime in o.get("data", {})]


def test_every_figure_has_words_and_data(chapter, executed) -> None:
    notebook = json.loads((executed / f"{name(chapter)}.ipynb").read_text(encoding="utf-8"))
    figures = carried(notebook, FIGURE)
    assert len({f["name"] for f in figures}) == len(figures)
    for figure in figures:
        assert len(figure["alt"]) > 40
        assert not figure["alt"].endswith((".svg", ".png"))
        assert figure["csv"].count("\n") >= 2
        assert figure["tables"]
