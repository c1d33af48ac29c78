"""What publishes the book and opens it on Binder is whole: files, commands, permissions."""

import os
import subprocess

import yaml

from careshift.project import ROOT


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
    targets = {
        line.split(":")[0] for line in ROOT.joinpath("Makefile").read_text().splitlines() if ":" in line
    }
    assert "pdf" in targets
