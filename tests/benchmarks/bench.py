"""Measure this book's engine against a plain loop and against Jupyter Book, and print the result as JSON.

Usage: python tests/benchmarks/bench.py [EDITION.yml]. Each way does the same chapters and the same pages.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from careshift.pipeline import edition, runs
from careshift.pipeline.runs import Run
from careshift.project import VARIABLE

BIN = Path(sys.executable).parent
TABLE, OLD, NEW = "welsh_admissions", "16805", "16806"
SWEEP = (12, 23, 46)
TO_THE_LEDGER = """
from careshift.pipeline.workflow import bring_up_to_date
bring_up_to_date(["_build/ledger.json"], 2, print)
"""
EXECUTE = [sys.executable, "-c", TO_THE_LEDGER]


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds of wall clock and of processor, and the peak of memory in MB."""

    wall: float
    user: float
    system: float
    memory: float

    @property
    def processor(self) -> float:
        return self.user + self.system

    def __add__(self, other: Cost) -> Cost:
        times = (self.wall + other.wall, self.user + other.user, self.system + other.system)
        return Cost(*times, max(self.memory, other.memory))


def measure(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a project folder; all its processes count, each page of shared memory once."""
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment = clean | {VARIABLE: str(folder), "OPENBLAS_NUM_THREADS": "1"}
    before, started = os.times(), time.monotonic()
    log = folder / "bench.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
        peak = Peak(process.pid)
        code = process.wait()
    wall, after = time.monotonic() - started, os.times()
    if code:
        raise SystemExit(f"{' '.join(command)} failed:\n{log.read_text()[-2000:]}")
    return Cost(
        wall,
        after.children_user - before.children_user,
        after.children_system - before.children_system,
        peak.end(),
    )


class Peak:
    """Looks twice a second at how much memory a process and all below it hold."""

    def __init__(self, pid: int) -> None:
        self.highest, self._over = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(psutil.Process(pid),))
        self._thread.start()

    def _watch(self, root: psutil.Process) -> None:
        while not self._over.wait(0.5):
            with suppress(psutil.Error):
                total = 0
                for process in [root, *root.children(recursive=True)]:
                    with suppress(psutil.Error):
                        total += process.memory_full_info().pss
                self.highest = max(self.highest, total / 1e6)

    def end(self) -> float:
        self._over.set()
        self._thread.join()
        return self.highest


def project(name: str, place: Path, file: Path | None) -> Path:
    """Make a project folder for one measurement."""
    wanted = edition.load(file) if file else edition.Edition(title="benchmark")
    edition.prepare(wanted, file or Path("benchmark"), place / name)
    return place / name


def planned(folder: Path) -> list[Run]:
    """Return the runs of a project folder."""
    return list(runs.plan(folder / "chapters/runs.yml").values())


def ours(folder: Path) -> dict[str, Any]:
    """Build cold (its execution stage first), then with nothing changed, then with one table changed."""
    book = [str(BIN / "careshift"), "book"]
    execution = measure(EXECUTE, folder)
    cold = execution + measure(book, folder)
    unchanged = measure(book, folder)
    table = folder / f"data/{TABLE}.csv"
    table.write_text(table.read_text().replace(OLD, NEW))
    one = measure(book, folder)
    reran = sorted(re.findall(r"^ran (\S+) in", (folder / "bench.log").read_text(), re.MULTILINE))
    table.write_text(table.read_text().replace(NEW, OLD))
    dependents = sorted(run.id for run in planned(folder) if TABLE in run.tables)
    measure(book, folder)
    return {
        "execution": execution,
        "cold": cold,
        "unchanged": unchanged,
        "one_table": one,
        "reran": reran,
        "dependents": dependents,
    }


def loop(folder: Path, staged: Path) -> dict[str, Any]:
    """Call papermill once a notebook, in a loop, then compile the same pages with Jupyter Book."""
    target = folder / "staged"
    shutil.copytree(staged, target)
    cost, own = Cost(0, 0, 0, 0), 0.0
    for run in planned(folder):
        given = [str(part) for pair in run.given.items() for part in ("-p", *pair)]
        output = target / "chapters" / f"{run.id}.ipynb"
        notebook = folder / "chapters" / f"{run.chapter}.ipynb"
        cost += measure([str(BIN / "papermill"), str(notebook), str(output), *given], folder)
        cells = json.loads(output.read_text())["cells"]
        own += sum(c["metadata"].get("papermill", {}).get("duration") or 0 for c in cells)
    compiling = measure([str(BIN / "jupyter-book"), "build", str(target), "--all"], folder)
    return {"execution": cost, "cold": cost + compiling, "compiling": compiling, "own": own}


def jupyter_book(folder: Path, staged: Path) -> dict[str, Any]:
    """Let Jupyter Book execute the notebooks, defaults where papermill gives parameters, and compile."""
    target = folder / "staged"
    shutil.copytree(staged, target)
    for run in planned(folder):
        shutil.copy2(folder / "chapters" / f"{run.chapter}.ipynb", target / "chapters" / f"{run.id}.ipynb")
    config = target / "_config.yml"
    text = config.read_text()
    config.write_text(re.sub(r"execute_notebooks:.*", "execute_notebooks: force", text))
    assert "execute_notebooks: force" in config.read_text()
    return {"cold": measure([str(BIN / "jupyter-book"), "build", str(target), "--all"], folder)}


def sweep(place: Path) -> list[dict[str, float]]:
    """Execute the pages of more and more areas, each time from nothing."""
    areas = [name for name in runs.plan() if name.startswith("areas/") and runs.plan()[name].given]
    costs = []
    for count in SWEEP:
        folder = place / f"areas-{count}"
        chosen = edition.Edition(title="areas", chapters=areas[:: len(areas) // count][:count])
        edition.prepare(chosen, Path("areas"), folder)
        cost = measure(EXECUTE, folder)
        costs.append({"areas": count, **asdict(cost)})
    return costs


def ratios(engine: dict[str, Any], plain: dict[str, Any], other: dict[str, Any]) -> dict[str, float]:
    """Return how many times faster the engine is, by wall clock and, where it says so, by processor time."""

    def by(kind: Callable[[Cost], float]) -> dict[str, float]:
        return {
            "execution_stage": kind(plain["execution"]) / kind(engine["execution"]),
            "cold_build": kind(plain["cold"]) / kind(engine["cold"]),
            "cold_build_against_jupyter_book": kind(other["cold"]) / kind(engine["cold"]),
            "nothing_changed": kind(plain["cold"]) / kind(engine["unchanged"]),
            "one_table_changed": kind(plain["cold"]) / kind(engine["one_table"]),
        }

    wall, processor = by(lambda cost: cost.wall), by(lambda cost: cost.processor)
    return wall | {f"{name}_processor": value for name, value in processor.items()}


def plain_values(found: dict[str, Any]) -> dict[str, Any]:
    return {k: asdict(v) if isinstance(v, Cost) else v for k, v in found.items()}


def main(file: Path | None) -> None:
    """Measure all ways in one run and print the result, which tests/audit/keep.py keeps."""
    with tempfile.TemporaryDirectory(prefix="careshift-bench-") as name:
        place = Path(name)
        engine = ours(project("ours", place, file))
        staged = place / "ours/_build/stage"
        plain = loop(project("loop", place, file), staged)
        other = jupyter_book(project("jupyter_book", place, file), staged)
        swept = [] if file else sweep(place)
        chapters = len(planned(place / "ours"))
    print(
        json.dumps(
            {
                "chapters": chapters,
                "ours": plain_values(engine),
                "loop": plain_values(plain),
                "jupyter_book": plain_values(other),
                "sweep": swept,
                "ratios": ratios(engine, plain, other),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
