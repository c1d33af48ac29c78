"""Mutation testing: change one thing in the code at a time, and see whether a test notices.

``make mutation`` runs it for all modules, ``make mutation MODULES="effect_sizes ranking"`` for some, and
``make mutation SAMPLE=60`` tries the first change of every function and others at random, 60 a module. It
writes two tables beside this file: ``mutation.csv``, a row a module with its score, and
``mutation_survivors.csv``, each change that no test noticed, with the reason why none needs to. Reasons stand
in ``mutation_explained.yml``. It ends with 1 where a survivor has no reason, or a reason no survivor.

The score is the percentage of changes that a test noticed, of those tried that are not explained as making
no difference. mutmut works in a copy of the project, with the tests that are about the chosen modules.
"""

import argparse
import csv
import datetime
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COPY = ROOT / "_build" / "mutation"
SCORES, SURVIVORS = HERE / "mutation.csv", HERE / "mutation_survivors.csv"
SURVIVED, UNTESTED = 0, 33
COUNTS = ["changes", "tried", "noticed", "explained", "left"]
HEADER = ["date", "commit", "python", "seconds", "module", *COUNTS, "score"]
LIST = ["module", "function", "code", "changed", "reason"]
COPIED = ("data", "chapters", "references.bib", "Snakefile")
INTERRUPTION = ("comparisons", "counts", "estimators", "model", "report")
TESTS = {
    "arithmetic": ("arithmetic", "hostile_expressions", "verdict_words", "ledger_verdicts"),
    "effect_sizes": ("effect_sizes",),
    "claims": ("claims", "bad_records", "hostile_records", "verdict_words", "ledger_verdicts"),
    "standardisation": ("standardisation",),
    "interruption.coverage": ("interruption_coverage",),
    "interruption": tuple(f"interruption_{name}" for name in INTERRUPTION),
}
"""Unit tests by module; a part of a package without tests of its own has those of the package."""

NEEDS_A_BOOK = "tests/unit/test_hostile_records.py::test_the_built_ledger_keeps_every_printed_text"


def modules() -> list[str]:
    """Names of the modules that are changed, e.g. effect_sizes or interruption.fit."""
    files = sorted((ROOT / "src/careshift").rglob("[!_]*.py"))
    names = [".".join(file.relative_to(ROOT / "src/careshift").with_suffix("").parts) for file in files]
    return [name for name in names if name in TESTS or name.startswith("interruption.")]


def tests_of(module: str) -> tuple[str, ...]:
    """Unit tests of a module, or of the package that it is a part of."""
    return TESTS[module] if module in TESTS else tests_of(module.rpartition(".")[0])


def copy() -> None:
    """Copy what mutmut and the tests need, and note the commit."""
    for name in (*COPIED, "src", "tests", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, COPY / name, dirs_exist_ok=True)
        else:
            shutil.copy2(source, COPY / name)
    (COPY / "commit").write_text(commit(), encoding="utf-8")


def prepare(chosen: Sequence[str]) -> None:
    """Copy the project and tell mutmut what to change and which tests to run."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    copy()
    tests = sorted({f"tests/unit/test_{test}.py" for module in chosen for test in tests_of(module)})
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"src/careshift/{module.replace('.', '/')}.py" for module in chosen],
        "also_copy": list(COPIED),
        "pytest_add_cli_args": ["--hypothesis-profile=mutation", f"--deselect={NEEDS_A_BOOK}"],
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = [f"{name} =\n    " + "\n    ".join(values) for name, values in settings.items()]
    (COPY / "setup.cfg").write_text("[mutmut]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def run(wanted: Sequence[str], workers: int) -> None:
    """Run the tests that reach each wanted change; mutmut itself would take none for all."""
    if not wanted:
        return
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(workers)]
    # Published series are not part of the repository: the score is the same for everybody.
    left_out = ("CARESHIFT_RAW", "CARESHIFT_BENCHMARKS")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    subprocess.run([*command, *wanted], cwd=COPY, env=environment, check=False)


def results(module: str) -> dict[str, Any]:
    """What mutmut kept of a module: exit code of the tests and seconds by mutant."""
    file = COPY / f"mutants/src/careshift/{module.replace('.', '/')}.py.meta"
    if not file.exists():
        return {"exit_code_by_key": {}, "durations_by_key": {}}
    return dict(json.loads(file.read_text("utf-8")))


def is_done(module: str, sample: int | None) -> bool:
    """Whether every change of a module was tried, or as many as were to be."""
    codes = list(results(module)["exit_code_by_key"].values())
    wanted = len(codes) if sample is None else min(sample, len(codes))
    return bool(codes) and sum(code is not None for code in codes) >= wanted


def some(module: str, sample: int | None) -> list[str]:
    """Changes not tried yet: all, or so many of them, drawn from a seed, that the sample is whole."""
    untried = surviving(module, codes=(None,))
    if sample is None:
        return untried
    tried = len(results(module)["exit_code_by_key"]) - len(untried)
    return random.Random(module).sample(untried, min(len(untried), max(0, sample - tried)))


def try_changes(chosen: Sequence[str], sample: int | None, workers: int) -> None:
    """Try every change of the modules, or the first of every function and then some."""
    run([f"careshift.{module}.*{'__mutmut_1' if sample else ''}" for module in chosen], workers)
    if sample:
        run([change for module in chosen for change in some(module, sample)], workers)


def try_survivors(chosen: Sequence[str], sample: int | None, workers: int) -> None:
    """Try again what survived the last run, with the tests of today."""
    copy()
    run([change for module in chosen for change in surviving(module)], workers)
    # Where the code itself was mended, its changes were made anew and are yet to be tried.
    run([change for module in chosen for change in some(module, sample)], workers)


def changed_lines(mutant: str) -> tuple[str, str]:
    """The code before and after a change, each on one line."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(mutant).splitlines()
    sides = [[line[1:].strip() for line in lines if re.match(rf"\{sign}(?!\{sign})", line)] for sign in "-+"]
    return " ".join(sides[0]), " ".join(sides[1])


def surviving(module: str, codes: tuple[int | None, ...] = (SURVIVED, UNTESTED)) -> list[str]:
    """Names of the changes of a module that no test noticed, as mutmut calls them."""
    found = results(module)["exit_code_by_key"]
    return sorted(mutant for mutant, code in found.items() if code in codes)


def survivors(module: str) -> list[dict[str, str]]:
    """Changes of a module that no test noticed: module, function, code, changed."""
    found = []
    for mutant in surviving(module):
        name = mutant.removeprefix(f"careshift.{module}.").split("__mutmut_")[0]
        function = name.removeprefix("x_").replace("xǁ", "").replace("ǁ", ".")
        before, after = changed_lines(mutant)
        found.append({"module": module, "function": function, "code": before, "changed": after})
    return found


def explain(found: list[dict[str, str]], rules: list[dict[str, str]]) -> set[int]:
    """Write the reason of the first rule that fits into each survivor; returns the rules that were used."""
    used = set()
    for survivor in found:
        survivor["reason"] = ""
        where = f"{survivor['module']}.{survivor['function']}"
        for number, rule in enumerate(rules):
            fits = re.search(rule.get("in", ""), where) and re.search(rule.get("code", ""), survivor["code"])
            if fits and re.search(rule.get("changed", ""), survivor["changed"]):
                survivor["reason"] = rule["reason"]
                used.add(number)
                break
    return used


def table(path: Path, names: list[str]) -> list[dict[str, Any]]:
    """Rows of a committed table without those of the modules that were run again."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["module"] not in names]


def write(path: Path, header: list[str], rows: list[dict[str, Any]]) -> None:
    """Write a table, modules in order of their names."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["module"]))


def row_of(module: str, found: list[dict[str, str]]) -> dict[str, Any]:
    """The module's row of the table of scores; ``seconds`` are those of its changes, one after the other."""
    data = results(module)
    codes = data["exit_code_by_key"].values()
    tried = sum(code is not None for code in codes)
    explained = sum(bool(survivor["reason"]) for survivor in found)
    counted = tried - explained
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "commit": (COPY / "commit").read_text("utf-8"),
        "python": platform.python_version(),
        "seconds": round(sum(seconds or 0 for seconds in data["durations_by_key"].values())),
        "module": module,
        "changes": len(codes),
        "tried": tried,
        "noticed": tried - len(found),
        "explained": explained,
        "left": len(found) - explained,
        "score": f"{100 * (tried - len(found)) / counted:.1f}" if counted else "100.0",
    }


def commit() -> str:
    """The commit of the project, or nothing outside a repository."""
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def say(rows: list[dict[str, Any]], left: list[dict[str, str]]) -> None:
    """Print the scores and each change that no test noticed and nobody explained."""
    for survivor in left:
        print(f"No test noticed, in {survivor['module']}.{survivor['function']}:")
        print(f"  - {survivor['code']}\n  + {survivor['changed']}")
    for row in rows:
        tried = f"{row['tried']} of {row['changes']} changes tried, {row['noticed']} noticed"
        print(f"{row['module']}: {tried}, {row['left']} left; score {row['score']} %")


def summary(rows: list[dict[str, Any]]) -> str:
    """One line on all rows of the table of scores."""
    changes, tried, noticed, explained, left = (sum(int(row[name]) for row in rows) for name in COUNTS)
    names = ", ".join(row["module"] for row in rows)
    share = f"{tried:,} changes tried of {changes:,}"
    return f"{share}: {noticed:,} noticed, {explained} explained, {left} left ({names})"


def main() -> int:
    """Run the chosen modules and write both tables; 1 where a survivor or a reason stands alone."""
    parser = argparse.ArgumentParser(description="Change the code and see whether a test notices.")
    parser.add_argument("modules", nargs="*", help="such as change or interruption.fit; all by default")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sample", type=int, help="changes to try in each module; all by default")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--keep", action="store_true", help="read the results of the last run again")
    again.add_argument("--survivors", action="store_true", help="try only what survived the last run again")
    options = parser.parse_args()
    chosen = options.modules or modules()
    unknown = set(chosen) - set(modules())
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(modules())}")
    if options.survivors:
        try_survivors(chosen, options.sample, options.workers)
    elif not options.keep:
        prepare(chosen)
        try_changes(chosen, options.sample, options.workers)
    os.chdir(COPY)
    rules = yaml.safe_load((HERE / "mutation_explained.yml").read_text("utf-8"))
    found = {module: survivors(module) for module in chosen}
    used = explain([survivor for part in found.values() for survivor in part], rules)
    rows = [row_of(module, found[module]) for module in chosen if is_done(module, options.sample)]
    names = [row["module"] for row in rows]
    kept = [survivor for name in names for survivor in found[name]]
    write(SCORES, HEADER, table(SCORES, names) + rows)
    write(SURVIVORS, LIST, table(SURVIVORS, names) + kept)
    left = [survivor for survivor in kept if not survivor["reason"]]
    say(rows, left)
    every = not (options.modules or options.sample)
    unused = [r["reason"] for n, r in enumerate(rules) if every and n not in used]
    missing = [module for module in chosen if module not in names]
    for reason in unused:
        print(f"A reason without a survivor: {reason}")
    for module in missing:
        print(f"Not every change of {module} was tried: the tests did not pass, or the run was stopped.")
    print(summary(table(SCORES, [])))
    return int(bool(left or missing or unused))


if __name__ == "__main__":
    sys.exit(main())
