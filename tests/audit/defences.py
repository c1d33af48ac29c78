"""Take one defence away at a time, in a copy of the project, and see whether its test fails.

`make defences` tries all of `defences.yml`, `make defences ONLY="zip formula"` those with one of the words in
group, kind or name. It prints a line each, and ends with 1 where a defence is not noticed when it is gone,
where its text no longer stands exactly once in its file, or where its test fails before. `defences.csv` keeps
for each kind when it was last tried whole, and how many were noticed; the page on reproducibility shows it.
"""

import argparse
import contextlib
import csv
import functools
import importlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keep
import psutil
import pytest
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIST, TABLE = HERE / "defences.yml", HERE / "defences.csv"
HEADER = ("date", "commit", "group", "kind", "removed", "noticed")
LEFT_OUT = (".venv", ".git", ".*_cache", ".hypothesis", "__pycache__", "newest", "mutation", "python")
EDITIONS = Path("_build/editions")  # what tests build, from code without a defence too
LONGEST = 900  # seconds after which a test counts as hanging, which is no way to notice
FAILED, PASSED = 1, 0
OPTIONS = ("-q", "-rf", "--no-header")
LIBRARIES = ("pandas", "pyarrow.csv", "pyarrow.parquet", "openpyxl", "frictionless", "pydantic")
LIBRARIES += (
    "matplotlib.pyplot",
    "statsmodels.api",
    "requests",
    "typer",
    "papermill",
    "markdown_it",
    "grimp",
)
PLACE = ROOT  # the copy that this process tries defences in


@dataclass(frozen=True)
class Defence:
    """One thing in the code, what is put in its place, and the test that must then fail.

    `hangs` is the number of seconds after which a test that cannot end without the defence is stopped.
    """

    group: str
    kind: str
    name: str
    file: str
    remove: str
    test: str
    instead: str = ""
    hangs: int | None = None


def listed(file: Path = LIST) -> list[Defence]:
    """Return all defences, one for each of the `tests` of an entry. ValueError where a kind has none."""
    found = []
    for group, kinds in yaml.safe_load(file.read_text("utf-8")).items():
        for kind, entries in kinds.items():
            if not entries:
                raise ValueError(f"{file.name}: no defence of {group}, {kind}")
            for entry in entries:
                tests = entry.pop("tests", None) or [entry.pop("test")]
                found += [Defence(group, kind, test=test, **entry) for test in tests]
    return found


def without(defence: Defence, root: Path) -> str:
    """Return the file's text without the defence. ValueError where its text is not there exactly once."""
    text = (root / defence.file).read_text("utf-8")
    if (times := text.count(defence.remove)) != 1:
        raise ValueError(f"its text stands {times} times in {defence.file}")
    broken = text.replace(defence.remove, defence.instead)
    if defence.file.endswith(".py"):
        compile(broken, defence.file, "exec")  # a test must fail for want of the defence, not of a bracket
    return broken


def surroundings(root: Path) -> dict[str, str]:
    """Return the environment of a copy's tests; they try the same examples as in continuous integration."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "CARESHIFT_NO_SKIP")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"PYTHONPATH": str(root / "src"), "CI": "true", "OPENBLAS_NUM_THREADS": "1"}


def start(folder: Path, places: Any) -> None:
    """Begin a process that tries defences: in a copy of its own, libraries loaded, the project's code not."""
    global PLACE
    PLACE = copied(folder / "base", folder / str(places.get()))
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def run(root: Path, test: str, seconds: float) -> tuple[int | None, str]:
    """Run a test of a copy in a fork; answer the exit code, None where it was stopped, and what was said."""
    with tempfile.NamedTemporaryFile("r") as said:
        process = multiprocessing.get_context("fork").Process(target=in_fork, args=(root, test, said.name))
        process.start()
        process.join(seconds)
        code = process.exitcode
        if code is None:
            stop(process.pid)
            process.join()
        return code, said.read()


def in_fork(root: Path, test: str, said: str) -> None:
    """Run pytest here, all that is written going to a file."""
    os.chdir(root)
    around = surroundings(root)
    os.environ.clear()
    os.environ.update(around)
    sys.path.insert(0, str(root / "src"))
    out = open(said, "w")  # noqa: SIM115 (pytest writes to it until the fork ends)
    for descriptor in (1, 2):
        os.dup2(out.fileno(), descriptor)
    sys.stdout = sys.stderr = out
    sys.exit(int(pytest.main([*OPTIONS, "-x", test])))


def stop(pid: int) -> None:
    """Kill a process and all that it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


@functools.cache
def with_all(test: str) -> str | None:
    """Return what is wrong with a test where nothing was removed, in a fork as for the removal."""
    code, said = run(PLACE, test, LONGEST)
    return None if code == PASSED else f"fails here before anything is removed: {test}\n{said.strip()[-300:]}"


def trouble(defence: Defence, base: Path) -> str | None:
    """Return what is wrong with a defence, None where its test fails without it; the copy is as before."""
    file = PLACE / defence.file
    try:
        broken = without(defence, PLACE)
    except (ValueError, SyntaxError, OSError) as error:
        return str(error)
    if wrong := with_all(defence.test):
        return wrong
    file.write_text(broken, "utf-8")
    try:
        code, said = run(PLACE, defence.test, defence.hangs or LONGEST)
    finally:
        shutil.copy2(base / defence.file, file)
        if (base / EDITIONS).exists():
            shutil.rmtree(PLACE / EDITIONS, ignore_errors=True)
            shutil.copytree(base / EDITIONS, PLACE / EDITIONS, symlinks=True)
    if code is None:
        return None if defence.hangs else f"hangs: {defence.test}"
    if code == FAILED and "\nFAILED " in said:
        return None
    if code == PASSED:
        return f"NOT NOTICED by {defence.test}"
    return f"no test failed, something broke: {said.strip()[-300:]}"


def red(root: Path, tests: Sequence[str], jobs: int) -> set[str]:
    """Return which tests fail in the project as it is: all at once first, one by one where that is red."""
    parallel = ["-n", str(jobs)] if jobs > 1 else []

    def passes(*chosen: str) -> bool:
        command = [sys.executable, "-m", "pytest", *OPTIONS, *chosen]
        done = subprocess.run(command, cwd=root, env=surroundings(root), capture_output=True, check=False)
        return done.returncode == PASSED

    return set() if passes(*parallel, *tests) else {test for test in tests if not passes(test)}


def copied(source: Path, target: Path, *left_out: str) -> Path:
    """Copy the project, what is built included, without what is left out."""
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT, *left_out))
    return target


def tried(defences: Sequence[Defence], jobs: int) -> Iterator[tuple[Defence, str | None]]:
    """Yield each defence with what is wrong with it, in the order of the list, several tried at a time."""
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory(prefix="careshift-") as folder:
        base = copied(ROOT, Path(folder, "base"))
        failing = red(base, sorted({defence.test for defence in defences}), jobs)
        places = context.SimpleQueue()
        for number in range(jobs):
            places.put(number)
        with ProcessPoolExecutor(jobs, context, start, (Path(folder), places)) as pool:
            found = {d: pool.submit(trouble, d, base) for d in defences if d.test not in failing}
            for defence in defences:
                if defence in found:
                    yield defence, found[defence].result()
                else:
                    yield defence, f"its test fails before anything is removed: {defence.test}"


def rows_of(results: Sequence[tuple[Defence, str | None]], commit: str = "") -> list[dict[str, Any]]:
    """Return a row of the table for each kind that was tried whole: how many defences, how many noticed."""
    found = []
    for group, kind in dict.fromkeys((defence.group, defence.kind) for defence, _ in results):
        wrongs = [wrong for defence, wrong in results if (defence.group, defence.kind) == (group, kind)]
        if len(wrongs) == sum((d.group, d.kind) == (group, kind) for d in listed()):
            today = {"date": datetime.now(UTC).date().isoformat(), "commit": commit}
            row = {"group": group, "kind": kind, "removed": len(wrongs), "noticed": wrongs.count(None)}
            found.append(row | today)
    return found


def kept(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put rows into the table, and answer it: in the order of the list, without kinds that are gone."""
    known = {}
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as file:
            known = {(row["group"], row["kind"]): row for row in csv.DictReader(file)}
    known |= {(row["group"], row["kind"]): row for row in rows}
    order = dict.fromkeys((defence.group, defence.kind) for defence in listed())
    table = [known[place] for place in order if place in known]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return table


def chosen(words: Sequence[str]) -> list[Defence]:
    """Return the defences with one of the words in group, kind or name; all where no word is given."""
    return [
        defence
        for defence in listed()
        if not words
        or any(word in f"{defence.group} {defence.kind} {defence.name}".lower() for word in words)
    ]


def main() -> int:
    """Try the defences that are asked for; 1 where one is not noticed."""
    parser = argparse.ArgumentParser(description="Remove one defence at a time and see its test fail.")
    parser.add_argument("words", nargs="*", help="try only what has one of these words in its name or kind")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    results, commit = [], keep.commit()
    for defence, wrong in tried(chosen(options.words), options.jobs):
        results.append((defence, wrong))
        print(f"{'noticed' if wrong is None else 'WRONG  '}  {defence.kind}: {defence.name}", flush=True)
        if wrong:
            print(f"         {wrong}", flush=True)
        kept(rows_of(results, commit))  # a run that is stopped has kept what it finished
    table = kept([])
    removed, noticed = (sum(int(row[name]) for row in table) for name in ("removed", "noticed"))
    print(f"found: a test noticed {noticed} of {removed} defences taken away, of {len(listed())} listed")
    return int(not results or any(wrong for _, wrong in results))


if __name__ == "__main__":
    sys.exit(main())
