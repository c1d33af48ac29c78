"""What publishes the book and opens it on Binder is whole: files, commands, permissions."""

import os
import re
import subprocess

import pytest
import yaml

from careshift.project import ROOT

FLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
CONTEXTS = {"github", "matrix", "steps"}


def parsed(file):
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # else "on" is read as true


def targets():
    lines = ROOT.joinpath("Makefile").read_text(encoding="utf-8").splitlines()
    return {found[1] for line in lines if (found := re.match(r"([a-z]+):", line))}


def test_binder_installs_the_lock_and_the_package_with_the_same_python() -> None:
    binder = ROOT / "binder"
    assert binder.joinpath("runtime.txt").read_text().strip() == "python-3.11"
    lines = binder.joinpath("requirements.txt").read_text().split()
    assert lines[0] == "-r"
    assert binder.joinpath(lines[1]).resolve() == ROOT / "requirements.txt"
    script = binder / "postBuild"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert "--editable ." in script.read_text()


def test_the_workflow_checks_before_it_deploys_and_gives_each_job_only_what_it_needs() -> None:
    flow = yaml.safe_load(ROOT.joinpath(".github/workflows/publish.yml").read_text())
    assert flow["permissions"] == {"contents": "read"}
    build = [step.get("run", "") for step in flow["jobs"]["build"]["steps"]]
    check = next(at for at, command in enumerate(build) if "pytest" in command)
    assert "make pdf" in build[check - 1]
    assert all(flow["jobs"][job]["needs"] == "build" for job in ("deploy", "archive"))


@pytest.mark.parametrize("file", FLOWS, ids=lambda file: file.stem)
def test_each_workflow_is_well_formed(file) -> None:
    """The rules of the format that a reader would miss: GitHub alone could run it."""
    flow = parsed(file)
    assert {"name", "on", "permissions", "jobs"} <= set(flow)
    for job in flow["jobs"].values():
        assert job["runs-on"] == "ubuntu-22.04"
        assert "needs" not in job or job["needs"] in flow["jobs"]
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step)
            assert set(step) <= {"name", "id", "run", "uses", "with", "env"}
            assert re.fullmatch(r"actions/[a-z-]+@v\d", step.get("uses", "actions/checkout@v4"))
    text = file.read_text(encoding="utf-8")
    assert {found.split(".")[0] for found in re.findall(r"\$\{\{ ([^}]+) \}\}", text)} <= CONTEXTS


@pytest.mark.parametrize("file", FLOWS, ids=lambda file: file.stem)
def test_each_command_of_a_workflow_is_there(file) -> None:
    commands = [
        step["run"] for job in parsed(file)["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert commands
    for command in commands:
        assert subprocess.run(["bash", "-n", "-c", command], check=False).returncode == 0
        assert set(re.findall(r"\bmake ([a-z]+)", command)) <= targets()
        assert all(ROOT.joinpath(path).is_dir() for path in re.findall(r"\btests/\w+", command))


def test_the_workflow_lays_out_the_site_that_was_built(tmp_path) -> None:
    """Its own commands, on a small site: the link to the book is followed, and the PDF stands beside."""
    site = tmp_path / "_build" / "books" / "1"
    site.mkdir(parents=True)
    site.joinpath("index.html").write_text("whole", encoding="utf-8")
    site.joinpath(".nojekyll").write_text("", encoding="utf-8")
    tmp_path.joinpath("_build", "html").symlink_to("books/1")
    tmp_path.joinpath("_build", "pdf").mkdir()
    tmp_path.joinpath("_build", "pdf", "book.pdf").write_text("pdf", encoding="utf-8")
    steps = parsed(ROOT / ".github/workflows/publish.yml")["jobs"]["build"]["steps"]
    commands = [step["run"] for step in steps if step.get("name", "").startswith(("Pack", "Lay out"))]
    assert len(commands) == 2
    for command in commands:
        subprocess.run(["bash", "-eo", "pipefail", "-c", command], cwd=tmp_path, check=True)
    laid_out = {path.name for path in tmp_path.joinpath("site").iterdir()}
    assert laid_out == {"index.html", ".nojekyll", "book.pdf"}
