"""The same graph of files through a batch system: the generic executor submitting to this machine."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from careshift.pipeline import edition
from careshift.project import CODE

# Answers at once with the job's number, as batch systems do; the job goes on by itself.
SUBMIT = """#!/bin/sh
setsid sh "$1" > /dev/null 2>&1 &
echo $!
"""
# The first job that is sent is lost, as when a node dies; the second time it goes through.
LOSES_ONE = """#!/bin/sh
echo sent >> "$(dirname "$0")/sent"
if mkdir "$(dirname "$0")/lost" 2> /dev/null; then
  last=$(sed -n 's/.*touch \\(.*jobfailed\\).*/\\1/p' "$1" | tail -1)
  eval touch "$last"
else
  setsid sh "$1" > /dev/null 2>&1 &
fi
echo $!
"""


AREAS = ["areas/shetland-islands", "areas/orkney-islands", "areas/nhs-orkney"]


def outputs(root: Path, runs: list[str] | None = None) -> dict[str, list]:
    """The cells of every run, or of these, without the times they took."""
    found = {}
    folder = root / "_build/runs"
    files = [folder / f"{run}.ipynb" for run in runs or []] or sorted(folder.rglob("[!.]*.ipynb"))
    for run in files:
        cells = json.loads(run.read_text(encoding="utf-8"))["cells"]
        found[run.relative_to(root).as_posix()] = [[c["source"], c.get("outputs")] for c in cells]
    return found


def profile(folder: Path, script: str, retries: int) -> Path:
    folder.mkdir()
    submit = folder / "submit.sh"
    submit.write_text(script)
    submit.chmod(0o755)
    asked = {
        "executor": "cluster-generic",
        "cluster-generic-submit-cmd": str(submit),
        "jobs": 3,
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
    given = profile(place, LOSES_ONE, retries=2)
    done = small.call("careshift.cli", "book", "--profile", str(given), "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert (place / "lost").exists()
    assert outputs(small.root) == at_home
    log = (small.root / "_build/logs/snakemake.log").read_text()
    assert "Submitted job" in log


@pytest.fixture
def areas(tmp_path, executed, project_at):
    """Give a project folder whose plan is three areas, its tables checked, nothing run."""
    file, root = tmp_path / "areas.yml", tmp_path / "areas"
    file.write_text(yaml.safe_dump({"title": "three areas", "chapters": AREAS}))
    edition.prepare(edition.load(file), file, root)
    shutil.copytree(executed.parent / "checked", root / "_build/checked")
    for stamp in (root / "_build/checked").iterdir():
        stamp.touch()  # newer than the copied tables, which are the same
    return project_at(root)


def test_areas_sent_to_a_cluster_equal_those_run_at_home_in_any_order_though_one_is_lost(
    areas, executed, tmp_path
) -> None:
    """At home a warm process ran the 46 areas; here each is a job of its own, the last one sent first."""
    given = profile(tmp_path / "profile", LOSES_ONE, retries=2)
    targets = [f"_build/runs/{run}.ipynb" for run in reversed(AREAS)]
    command = ["--snakefile", str(CODE / "Snakefile"), "--nolock", "--profile", str(given)]
    done = areas.call("snakemake", *command, "--local-cores", "1", *targets)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (given / "sent").read_text().count("sent") == len(AREAS) + 1, "the lost one is sent again"
    assert outputs(areas.root, AREAS) == outputs(executed.parents[1], AREAS)


def test_a_chapter_that_fails_on_a_cluster_is_named(small, tmp_path) -> None:
    chapter = small.root / "chapters/wales/admission_reductions.ipynb"
    text = chapter.read_text()
    broken = "raise ValueError('it broke there')\\nfrom careshift import"
    chapter.write_text(text.replace("from careshift import", broken, 1))
    given = profile(tmp_path / "profile", SUBMIT, retries=0)
    done = small.call("careshift.cli", "book", "--profile", str(given))
    assert done.returncode == 1
    assert "wales/admission_reductions" in done.stderr


def test_a_profile_that_is_not_there_is_refused(small, tmp_path) -> None:
    done = small.call("careshift.cli", "book", "--profile", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "no profile" in done.stderr


def test_the_profile_for_slurm_is_one_that_snakemake_and_its_executor_take(small) -> None:
    for made in ("runs/policy/chief_officers.ipynb", "ledger.json", "book.json"):
        (small.root / "_build" / made).unlink()
    given = ["--snakefile", str(CODE / "Snakefile"), "--nolock", "--profile", str(CODE / "profiles/slurm")]
    done = small.call("snakemake", *given, "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Running policy/chief_officers" in done.stdout + done.stderr
    asked = yaml.safe_load((CODE / "profiles/slurm/config.yaml").read_text())
    assert asked["executor"] == "slurm"
    assert asked["retries"] > 0
    assert "snakemake-executor-plugin-slurm==" in (CODE / "requirements.txt").read_text()
