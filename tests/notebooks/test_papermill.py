"""Plain papermill and `careshift run` give the same outputs for the same parameters."""

import json
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from careshift import tables
from careshift.cli import app
from careshift.pipeline.refresh import committed_form
from careshift.project import CHAPTERS

CHAPTER = "wales/admission_reductions"


def outputs(notebook: Path) -> list:
    return [c.get("outputs") for c in committed_form(json.loads(notebook.read_text()))["cells"]]


PAPERMILL = str(Path(sys.executable).with_name("papermill"))


def test_a_parameter_that_the_notebook_does_not_have_stops_plain_papermill(tmp_path) -> None:
    out = tmp_path / "out.ipynb"
    command = [PAPERMILL, str(CHAPTERS / f"{CHAPTER}.ipynb"), str(out), "-p", "confidense", "0.9"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode != 0
    said = "ParameterError: This notebook has no parameter confidense. Did you mean confidence?"
    assert said in done.stderr
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    assert not [
        cell for cell in cells if "nbval-check-output" in cell["metadata"]["tags"] and cell["outputs"]
    ]


def test_both_ways_of_running_give_the_same(tmp_path) -> None:
    own = tmp_path / "own.csv"
    text = tables.locate("welsh_admissions").read_text(encoding="utf-8")
    own.write_text(text.replace("2011/12,", "2011/12,1", 1), encoding="utf-8")
    ours, plain = tmp_path / "ours.ipynb", tmp_path / "plain.ipynb"
    given = ["-p", "confidence=0.9", "--data", f"welsh_admissions={own}"]
    done = CliRunner().invoke(app, ["run", CHAPTER, *given, "-o", str(ours)], catch_exceptions=False)
    assert done.exit_code == 0
    command = [
        PAPERMILL,
        str(CHAPTERS / f"{CHAPTER}.ipynb"),
        str(plain),
    ]
    subprocess.run(
        [*command, "-p", "confidence", "0.9", "-p", "welsh_admissions", str(own)],
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    assert outputs(ours) == outputs(plain)
    assert outputs(ours) != outputs(CHAPTERS / f"{CHAPTER}.ipynb"), "the parameters change something"
