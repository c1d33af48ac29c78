"""Take one defence away at a time, in a copy of the project, and see whether its test fails.

`make defences` tries all of `defences.yml`, `make defences ONLY="zip formula"` those with one of the words in
group, kind or name. It prints a line each, and ends with 1 where a defence is not noticed when it is gone,
where its text no longer stands exactly once in its file, or where its test fails before. Last comes a count
by kind as JSON, which the page on reproducibility shows.
"""

import argparse
import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIST = HERE / "defences.yml"
LEFT_OUT = (".venv", ".git", ".*_cache", ".hypothesis", "__pycache__", "newest", "mutation", "python")
EDITIONS = Path("_build/editions")  # what tests build, from code without a defence too
LONGEST = 900  # seconds after which a test counts as hanging, which is no way to notice
FAILED, PASSED = 1, 0


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
    """Answer all defences, one for each of the `tests` of an entry. ValueError where a kind has none."""
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
    """Answer the file's text without the defence. ValueError where its text is not there exactly once."""
    text = (root / defence.file).read_text("utf-8")
    if (times := text.count(defence.remove)) != 1:
        raise ValueError(f"its text stands {times} times in {defence.file}")
    broken = text.replace(defence.remove, defence.instead)
    if defence.file.endswith(".py"):
        compile(broken, defence.file, "exec")  # a test must fail for want of the defence, not of a bracket
    return broken


def run(root: Path, tests: Sequence[str], seconds: float, *options: str) -> tuple[int | None, str]:
    """Run tests in a copy; answer the exit code, None where they had to be stopped, and what was said."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "CARESHIFT_NO_SKIP")}
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "--no-header", *options, *tests]
    # The same examples each time, as in continuous integration.
    environment = kept | {"PYTHONPATH": str(root / "src"), "CI": "true"}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=said, stderr=said)
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
            stop(process.pid)
            process.wait()
        said.seek(0)
        return code, said.read()


def stop(pid: int) -> None:
    """Kill a process and all that it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


def trouble(defence: Defence, root: Path, base: Path) -> str | None:
    """Answer what is wrong with a defence, None where its test fails without it; the copy is as before."""
    try:
        broken = without(defence, root)
    except (ValueError, SyntaxError, OSError) as error:
        return str(error)
    file = root / defence.file
    file.write_text(broken, "utf-8")
    try:
        code, said = run(root, [defence.test], defence.hangs or LONGEST, "-x")
    finally:
        shutil.copy2(base / defence.file, file)
        if (base / EDITIONS).exists():
            shutil.rmtree(root / EDITIONS, ignore_errors=True)
            shutil.copytree(base / EDITIONS, root / EDITIONS, symlinks=True)
    if code is None:
        return None if defence.hangs else f"hangs: {defence.test}"
    if code == FAILED and "\nFAILED " in said:
        return None
    if code == PASSED:
        return f"NOT NOTICED by {defence.test}"
    return f"no test failed, something broke: {said.strip()[-300:]}"


def red(root: Path, tests: Sequence[str], jobs: int) -> set[str]:
    """Answer which tests fail in the project as it is: all at once first, one by one where that is red."""
    parallel = ["-n", str(jobs)] if jobs > 1 else []
    if run(root, tests, LONGEST * 4, *parallel)[0] == PASSED:
        return set()
    return {test for test in tests if run(root, [test], LONGEST)[0] != PASSED}


def copied(source: Path, target: Path, *left_out: str) -> Path:
    """Copy the project, what is built included, without what is left out."""
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT, *left_out))
    return target


def tried(defences: Sequence[Defence], jobs: int) -> Iterator[tuple[Defence, str | None]]:
    """Yield each defence with what is wrong with it, in the order of the list, several tried at a time."""
    with tempfile.TemporaryDirectory(prefix="careshift-") as folder, ThreadPoolExecutor(jobs) as pool:
        base = copied(ROOT, Path(folder, "base"))
        failing = red(base, sorted({defence.test for defence in defences}), jobs)
        free: queue.Queue[Path] = queue.Queue()
        for number in range(jobs):
            free.put(copied(base, Path(folder, str(number))))

        def attempt(defence: Defence) -> str | None:
            if defence.test in failing:
                return f"its test fails before anything is removed: {defence.test}"
            root = free.get()
            try:
                return trouble(defence, root, base)
            finally:
                free.put(root)

        yield from zip(defences, pool.map(attempt, defences), strict=True)


def counts(results: Sequence[tuple[Defence, str | None]]) -> dict[str, dict[str, list[int]]]:
    """Answer, by group and kind, how many defences were removed and how many of them were noticed."""
    found: dict[str, dict[str, list[int]]] = {}
    for defence, wrong in results:
        numbers = found.setdefault(defence.group, {}).setdefault(defence.kind, [0, 0])
        numbers[0] += 1
        numbers[1] += wrong is None
    return found


def main() -> int:
    """Try the defences that are asked for; 1 where one is not noticed."""
    parser = argparse.ArgumentParser(description="Remove one defence at a time and see its test fail.")
    parser.add_argument("words", nargs="*", help="try only what has one of these words in its name or kind")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    chosen = [
        d
        for d in listed()
        if not options.words or any(word in f"{d.group} {d.kind} {d.name}".lower() for word in options.words)
    ]
    results = []
    for defence, wrong in tried(chosen, options.jobs):
        results.append((defence, wrong))
        print(f"{'noticed' if wrong is None else 'WRONG  '}  {defence.kind}: {defence.name}", flush=True)
        if wrong:
            print(f"         {wrong}", flush=True)
    noticed = sum(wrong is None for _, wrong in results)
    summary = f"a test noticed {noticed} of {len(results)} defences that were taken away"
    print(json.dumps({"summary": summary, "kinds": counts(results)}, indent=1))
    return int(noticed < len(results) or not results)


if __name__ == "__main__":
    sys.exit(main())
