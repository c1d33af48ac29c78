"""Continuous integration: what a new machine lacks is installed, and no test is left out in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from careshift.project import CODE

SKIPS = "import pytest\n\n\ndef test_one():\n    pytest.skip('not here')\n\n\ndef test_other():\n    pass\n"


@pytest.mark.parametrize(("asked", "code"), [("1", 1), ("", 0)])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_skipped_test_is_red_where_none_may_be_skipped(tmp_path, asked, code, workers) -> None:
    (tmp_path / "conftest.py").write_bytes((CODE / "tests/conftest.py").read_bytes())
    (tmp_path / "test_made.py").write_text(SKIPS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", workers, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "CARESHIFT_NO_SKIP": asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert ("1 tests were skipped, and none may be here." in done.stdout) == bool(asked)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Give a folder of commands that stand in for those of a machine, each noting what it is asked."""
    commands, noted = tmp_path / "bin", tmp_path / "noted"
    commands.mkdir()
    monkeypatch.setenv("PATH", f"{commands}:/usr/bin:/bin")
    for name in ("make", "chromium", "localedef", "apt-get", "sudo"):
        script = commands / name
        lines = ["#!/bin/sh", f'echo "{name} $* NO_SKIP=$CARESHIFT_NO_SKIP" >> {noted}']
        script.write_text("\n".join([*lines, ""]))
        script.chmod(0o755)
    return noted


def run(place: Path) -> None:
    (place / ".ci").mkdir(parents=True)
    (place / ".ci" / "run").write_bytes((CODE / ".ci/run").read_bytes())
    subprocess.run(["bash", str(place / ".ci" / "run")], check=True, capture_output=True)


def test_continuous_integration_lets_no_test_be_skipped(machine, tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("CARESHIFT_RAW", raising=False)
    monkeypatch.delenv("CARESHIFT_NO_SKIP", raising=False)
    (tmp_path / "shared" / "data").mkdir(parents=True)
    run(tmp_path / "project")
    assert machine.read_text().splitlines()[-1] == "make test NO_SKIP=1"
