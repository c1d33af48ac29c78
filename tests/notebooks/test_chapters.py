"""Every chapter has the shape that readers and analysts rely on, and its committed outputs are fresh."""

import ast
import json
import re
from pathlib import Path

import pytest

from careshift import chapter_summary, claim_tags, claims, evidence, parameters
from careshift.figures import MIME as FIGURE
from careshift.pipeline.refresh import committed_form, texts
from careshift.pipeline.runs import plan
from careshift.project import CHAPTERS

ALL = sorted(CHAPTERS.rglob("*.ipynb"))
MOST_LINES = 17
MOST_TO_CHECK = 19  # the cell that imports and checks the parameters
SECTIONS = ("## The answer", "## Data", "## Method", "## Robustness", "## Limits", "## Rerun this chapter")
OF_METHODS = (
    "## The answer",
    "## Limits",
    "## Rerun this chapter",
)  # a chapter on method is method all through


def name(path: Path) -> str:
    return path.relative_to(CHAPTERS).with_suffix("").as_posix()


@pytest.fixture(params=ALL, ids=name)
def chapter(request) -> Path:
    return request.param


@pytest.fixture
def cells(chapter) -> list[dict]:
    return json.loads(chapter.read_text(encoding="utf-8"))["cells"]


def page(path: Path) -> str:
    """Return the page that the chapter makes with its defaults."""
    return next(run.id for run in plan().values() if run.chapter == name(path) and run.is_default)


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
            source = "".join(cell["source"])
            most = MOST_TO_CHECK if "check(" in source else MOST_LINES
            assert len(source.splitlines()) <= most, source[:80]


def test_parameters_are_declared_and_explained(chapter) -> None:
    declared = parameters.declared(chapter)
    assert declared
    assert all(p.help for p in declared.values())


def test_the_first_code_cell_after_the_parameters_checks_them(cells) -> None:
    after = code(cells)[1]
    assert "check(" in "".join(after["source"])


def sections(cells: list[dict]) -> list[str]:
    lines = [
        line for c in cells if c["cell_type"] == "markdown" for line in "".join(c["source"]).splitlines()
    ]
    return [line for line in lines if line.startswith("## ")]


def position(cells: list[dict], heading: str) -> int:
    """Return the first cell with this heading."""
    return next(i for i, c in enumerate(cells) if heading in "".join(c["source"]).splitlines())


def holds(cell: dict, mime: str) -> bool:
    return any(mime in output.get("data", {}) for output in cell.get("outputs", []))


def test_it_opens_with_a_question(chapter) -> None:
    opening = chapter_summary.read(chapter)
    assert opening.title
    assert "?" in opening.question


def test_its_answer_follows_in_three_sentences_at_most(chapter, cells) -> None:
    assert sections(cells)[0] == "## The answer"
    assert 1 <= len(chapter_summary.read(chapter).sentences) <= 3


def test_its_sections_come_in_the_order_of_reading(chapter, cells) -> None:
    wanted = OF_METHODS if name(chapter).startswith("methods/") else SECTIONS
    found = sections(cells)
    places = [next((i for i, h in enumerate(found) if h.startswith(s)), None) for s in wanted]
    missing = [s for s, place in zip(wanted, places, strict=True) if place is None]
    assert not missing, f"{name(chapter)} lacks {', '.join(missing)}"
    assert [wanted[0], *wanted[-2:]] == [found[0].strip(), *ends(found, wanted)], found


def ends(found: list[str], wanted: tuple[str, ...]) -> list[str]:
    """Return which wanted sections the last two are."""
    return [next((s for s in wanted if heading.startswith(s)), heading) for heading in found[-2:]]


def test_claims_stand_before_the_answer(chapter, cells) -> None:
    """The evidence cell becomes the table of claims with their badges."""
    if not claims.of_chapter(name(chapter)):
        return
    evidenced = [i for i, cell in enumerate(cells) if holds(cell, evidence.MIME)]
    assert len(evidenced) == 1
    assert evidenced[0] < position(cells, "## The answer")
    assert "found" in "".join(cells[evidenced[0]]["source"]).splitlines()[-1]


def shows(cell: dict) -> bool:
    """Return whether a reader sees the cell: words that do not end in a heading, or outputs in the open."""
    if cell["cell_type"] == "markdown":
        return not "".join(cell["source"]).rstrip().splitlines()[-1].startswith("#")
    return bool(cell["outputs"]) and not {"hide-output", "remove-output", "remove-cell"} & set(tags(cell))


def test_a_paragraph_says_which_claims_it_answers(chapter, cells) -> None:
    """Every headline claim has its badge below what a reader sees; so has some claim of each chapter."""
    answered = dict(enumerate(claim_tags.of_cells(name(chapter), cells)))
    mine = claims.of_chapter(name(chapter))
    tagged = {claim.id for of in answered.values() for claim in of}
    assert bool(tagged) == bool(mine)
    missing = [claim.id for claim in mine if claim.tier == "headline" and claim.id not in tagged]
    assert not missing, f"tag the paragraph that answers it: answers:{missing[0]}"
    unseen = [i for i, of in answered.items() if of and not shows(cells[i])]
    assert not unseen, f"cells {unseen} show nothing for a badge to stand below"


def test_a_figure_comes_first(chapter, cells) -> None:
    """Nothing but the answer stands between the heading and the first figure."""
    if name(chapter).startswith("methods/"):
        return
    first = next(i for i, cell in enumerate(cells) if holds(cell, FIGURE))
    between = cells[position(cells, "## The answer") : first]
    assert [c["cell_type"] for c in between].count("markdown") <= 1, "text stands before the first figure"


def test_the_last_section_shows_a_command_that_reruns_it(chapter, cells) -> None:
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    command = re.search(
        r"papermill (\S+) out\.ipynb((?: -p \w+ (?:\"[^\"]+\"|\S+))+)", text.partition("## Rerun")[2]
    )
    assert command, "the section Rerun this chapter shows no papermill command with a parameter"
    assert command[1] == f"chapters/{name(chapter)}.ipynb"
    assert set(re.findall(r"-p (\w+)", command[2])) <= set(parameters.declared(chapter))


def test_it_is_planned(chapter) -> None:
    assert name(chapter) in {run.chapter for run in plan().values()}


def test_committed_outputs_are_those_of_a_fresh_run(chapter, executed) -> None:
    """The figures' data, the canonical lines, the tables: all that is text is compared."""
    fresh = committed_form(json.loads((executed / f"{page(chapter)}.ipynb").read_text(encoding="utf-8")))
    committed = json.loads(chapter.read_text(encoding="utf-8"))
    assert texts(committed) == texts(fresh), "run make refresh and look at what changed"
    assert carried(committed, FIGURE) == carried(fresh, FIGURE)
    assert carried(committed, evidence.MIME) == carried(fresh, evidence.MIME)


def carried(notebook: dict, mime: str) -> list:
    outputs = [o for c in notebook["cells"] for o in c.get("outputs", [])]
    return [o["data"][mime] for o in outputs if mime in o.get("data", {})]


def test_every_figure_has_words_and_data(chapter, executed) -> None:
    notebook = json.loads((executed / f"{page(chapter)}.ipynb").read_text(encoding="utf-8"))
    figures = carried(notebook, FIGURE)
    assert len({f["name"] for f in figures}) == len(figures)
    for figure in figures:
        assert len(figure["alt"]) > 40
        assert not figure["alt"].endswith((".svg", ".png"))
        assert figure["csv"].count("\n") >= 2
        assert figure["tables"]
