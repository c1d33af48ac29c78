"""Runs in the build's warm process: the same results as alone, and each failure named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from careshift import parameters
from careshift.pipeline import check, execute, fork_server
from careshift.project import CHAPTERS

SMALL = "policy/chief_officers"


def content(notebook: Path) -> list[dict]:
    """Everything in a notebook that is not the time it took."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [
        [c["source"], c.get("outputs"), c.get("execution_count"), c["metadata"].get("tags")] for c in cells
    ]


@pytest.fixture(scope="module")
def process():
    with fork_server.process() as (environment, _):
        yield environment


@pytest.fixture
def held(process, monkeypatch):
    monkeypatch.setenv(fork_server.ADDRESS, process[fork_server.ADDRESS])


def test_a_run_in_the_warm_process_equals_a_run_alone(held, tmp_path) -> None:
    execute.execute(SMALL, {}, tmp_path / "alone.ipynb")
    assert fork_server.ask("run", SMALL, str(tmp_path / "warm.ipynb")) == 0
    assert content(tmp_path / "warm.ipynb") == content(tmp_path / "alone.ipynb")


def test_plain_papermill_and_careshift_run_give_the_same_for_the_same_parameters(tmp_path) -> None:
    bin_, wales = Path(sys.executable).parent, "wales/admission_reductions"
    plain = [
        bin_ / "papermill",
        CHAPTERS / f"{wales}.ipynb",
        tmp_path / "plain.ipynb",
        "-p",
        "confidence",
        "0.9",
    ]
    ours = [bin_ / "careshift", "run", wales, "-p", "confidence=0.9", "-o", tmp_path / "ours.ipynb"]
    for command in (plain, ours):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert content(tmp_path / "ours.ipynb") == content(tmp_path / "plain.ipynb")
    assert "confidence = 0.9" in (tmp_path / "ours.ipynb").read_text(encoding="utf-8")


def test_a_run_in_the_warm_process_knows_nothing_of_the_one_before(held, tmp_path) -> None:
    for name in ("first", "second"):
        assert fork_server.ask("run", SMALL, str(tmp_path / f"{name}.ipynb")) == 0
    assert content(tmp_path / "first.ipynb") == content(tmp_path / "second.ipynb")


def test_a_failure_has_an_exit_code_and_the_next_run_is_fine(held, tmp_path) -> None:
    assert fork_server.ask("run", "no/such_run", str(tmp_path / "none.ipynb")) == 1
    assert fork_server.ask("run", SMALL, str(tmp_path / "good.ipynb")) == 0


def test_where_no_warm_process_is_the_caller_runs_alone(tmp_path, monkeypatch) -> None:
    assert fork_server.ask("run", SMALL, "out.ipynb") is None
    monkeypatch.setenv(fork_server.ADDRESS, str(tmp_path / "nothing"))
    assert fork_server.ask("run", SMALL, "out.ipynb") is None
    assert execute.main(SMALL, str(tmp_path / "out.ipynb")) == 0


def test_the_warm_process_ends_with_its_holder(monkeypatch) -> None:
    with fork_server.process() as (environment, _):
        monkeypatch.setenv(fork_server.ADDRESS, environment[fork_server.ADDRESS])
    assert not os.path.exists(environment[fork_server.ADDRESS])
    assert fork_server.ask("run", SMALL, "out.ipynb") is None


def test_a_check_in_the_warm_process_writes_the_same_stamp(held, tmp_path) -> None:
    assert fork_server.ask("check", "welsh_admissions", str(tmp_path / "warm.json")) == 0
    assert check.check("welsh_admissions", str(tmp_path / "alone.json")) == 0
    assert (tmp_path / "warm.json").read_bytes() == (tmp_path / "alone.json").read_bytes()


def test_only_libraries_are_loaded_before() -> None:
    assert not [name for name in fork_server.LIBRARIES if name.startswith("careshift")]


CHAPTER = """[{"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [],
"execution_count": null, "source": "seed: int = 1  # any"},
{"cell_type": "code", "id": "b", "metadata": {}, "outputs": [],
"execution_count": null, "source": "SOURCE"}]"""


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """Write a chapter with this code and answer its name."""

    def write(source: str) -> str:
        metadata = json.loads((CHAPTERS / f"{SMALL}.ipynb").read_text(encoding="utf-8"))["metadata"]
        cells = json.loads(CHAPTER.replace("SOURCE", source))
        notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / "made.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        monkeypatch.setattr(parameters, "CHAPTERS", tmp_path)
        monkeypatch.setattr(execute, "BUILD", tmp_path / "build")
        return "made"

    return write


def test_a_hung_chapter_is_stopped_and_named(chapter, tmp_path) -> None:
    with pytest.raises(execute.RunError, match=r"made: not done after 3 s.*CARESHIFT_TIME_LIMIT"):
        execute.execute(chapter("while True: pass"), {}, tmp_path / "out.ipynb", time_limit=3)
    assert not list(tmp_path.glob("*out.ipynb"))


def test_a_killed_kernel_is_named(chapter, tmp_path) -> None:
    killed = chapter("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(execute.RunError, match=r"made: its kernel was killed.*memory"):
        execute.execute(killed, {}, tmp_path / "out.ipynb")
    assert not list(tmp_path.glob("*out.ipynb"))


def test_a_kernel_without_memory_says_so(chapter, tmp_path) -> None:
    limited = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); bytearray(2**33)"
    with pytest.raises(execute.RunError, match=r"made, cell 2: MemoryError"):
        execute.execute(chapter(limited), {}, tmp_path / "out.ipynb")
    assert not list(tmp_path.glob("*out.ipynb"))


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan", "inf"])
def test_a_time_limit_that_is_none_is_refused(text, monkeypatch) -> None:
    monkeypatch.setenv(execute.TIME_LIMIT, text)
    with pytest.raises(execute.RunError, match="number of seconds above 0"):
        execute.limit()
