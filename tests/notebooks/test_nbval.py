"""The check of committed notebooks can fail: it does, when a committed output or an input is wrong."""

import json

import pytest

from careshift.figures import MIME as FIGURE

CHAPTER = "wales/admission_reductions"


@pytest.fixture
def nbval(copy):
    def check():
        path = f"chapters/{CHAPTER}.ipynb"
        return copy.call("pytest", "--nbval-lax", path)

    return check


def test_nbval_passes_as_committed_and_names_the_claim_that_changed(copy, nbval) -> None:
    assert nbval().returncode == 0
    copy.edit(
        f"chapters/{CHAPTER}.ipynb",
        "printed 9.3 | derived 9.29 | own numbers | adds up",
        "printed 9.3 | derived 9.29 | own numbers | does not add up",
    )
    done = nbval()
    assert done.returncode == 1
    assert "table-7-chd-admissions-fall" in done.stdout


def test_an_unexecuted_chapter_is_caught(copy) -> None:
    file = copy.root / f"chapters/{CHAPTER}.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"], cell["outputs"] = None, []
    file.write_text(json.dumps(notebook))
    done = copy.call(
        "pytest", "-q", "tests/notebooks/test_chapters.py", "-k", "admission_reductions and executed"
    )
    assert done.returncode == 1


def test_nbval_compares_figures_and_refuses_a_cell_that_was_never_run(copy, nbval) -> None:
    file = copy.root / f"chapters/{CHAPTER}.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    outputs = [o["data"] for cell in notebook["cells"] for o in cell.get("outputs", [])]
    figure = next(data[FIGURE] for data in outputs if FIGURE in data and "29.6 %" in data[FIGURE]["title"])
    figure["title"] = figure["title"].replace("29.6 %", "19.6 %")
    empty = next(c for c in notebook["cells"] if c["cell_type"] == "code" and not c["outputs"])
    empty["execution_count"] = None
    file.write_text(json.dumps(notebook))
    done = nbval()
    assert done.returncode == 1
    shown = done.stdout[-20000:]
    assert "by 9.3 to 19.6 %" in shown
    assert "was committed without being run" in shown
    assert "2 failed" in shown, "and no other cell differs"
