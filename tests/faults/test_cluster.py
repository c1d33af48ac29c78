"""The same graph of files through a batch system: the generic executor submitting to this machine."""

import json
from pathlib import Path

import yaml

from careshift.project import CODE

# Answers at once with the job's number, as batch systems do; the job goes on by itself.
SUBMIT = """#!/bin/sh
setsid sh "$1" > /dev/null 2>&1 &
echo $!
"""
# The first job that is sent is lost, as when a node dies; the second time it goes through.
LOSES_ONE = """#!/bin/sh
if mkdir "$(dirname "$0")/lost" 2> /dev/null; then
  last=$(sed -n 's/.*touch \\(.*jobfailed\\).*/\\1/p' "$1" | tail -1)
  eval touch "$last"
else
  setsid sh "$1" > /dev/null 2>&1 &
fi
echo $!
"""


def outputs(root: Path) -> dict[str, list]:
    """The cells of every run, without the times they took."""
    found = {}
    for run in sorted((root / "_build/runs").rglob("[!.]*.ipynb")):
        cells = json.loads(run.read_text(encoding="utf-8"))["cells"]
        found[run.relative_to(root).as_posix()] = [[c["source"], c.get("outputs")] for c in cells]
    return found


def profile(folder: Path, script: str, retries: int) -> Path:
    submit = folder / "submit.sh"
    submit.write_text(script)
    submit.chmod(0o755)
    asked = {
        "executor": "cluster-generic",
        "cluster-generic-submit-cmd": str(submit),
        "jobs": 2,
        "retries": retries,
        "latency-wait": 10,
        "max-status-checks-per-second": 10,
        "seconds-between-status-checks": 1,
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(asked))
    return folder


def test_runs_of_a_cluster_equal_runs_at_home_though_a_job_is_lost(small, tmp_path) -> None:
    at_home = outputs(small.root)
    for run in (small.root / "_build/runs").rglob("*.ipynb"):
        run.unlink()
    for made in ("ledger.json", "book.json"):
        (small.root / "_build" / made).unlink()
    place = tmp_path / "profile"
    place.mkdir()
    given = profile(place, LOSES_ONE, retries=2)
    done = small.call("careshift.cli", "book", "--profile", str(given), "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert (place / "lost").exists()
    assert outputs(small.root) == at_home
    log = (small.root / "_build/logs/snakemake.log").read_text()
    assert "Submitted job" in log


def test_a_chapter_that_fails_on_a_cluster_is_named(small, tmp_path) -> None:
    chapter = small.root / "chapters/wales/admission_reductions.ipynb"
    text = chapter.read_text()
    broken = "raise ValueError('it broke there')\\nfrom careshift import"
    chapter.write_text(text.replace("from careshift import", broken, 1))
    place = tmp_path / "profile"
    place.mkdir()
    done = small.call("careshift.cli", "book", "--profile", str(profile(place, SUBMIT, retries=0)))
    assert done.returncode == 1
    assert "wales/admission_reductions" in done.stderr


def test_a_profile_that_is_not_there_is_refused(small, tmp_path) -> None:
    done = small.call("careshift.cli", "book", "--profile", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "no profile" in done.stderr


def test_the_profile_for_slurm_asks_for_the_executor_in_the_lock() -> None:
    asked = yaml.safe_load((CODE / "profiles/slurm/config.yaml").read_text())
    assert asked["executor"] == "slurm"
    assert asked["retries"] > 0
    assert "snakemake-executor-plugin-slurm==" in (CODE / "requirements.txt").read_text()
