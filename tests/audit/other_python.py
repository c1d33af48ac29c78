"""Build the whole book with another Python in a copy of the project, run the tests there, and compare.

`make python OTHER=python3.12`. What must be the same to the byte: ledger.json, every page and every figure of
the book; of the executed notebooks all but the version of Python that they name. Prints what it found, and
ends with 1 where a test fails or something differs.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from defences import ROOT, copied

PLACE = ROOT / "_build" / "python"
TESTS = ("tests/unit", "tests/data", "tests/claims", "tests/notebooks")


def make(*words: str, python: str) -> None:
    """Run make in the copy, with an environment of its own. Raises CalledProcessError."""
    kept = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")}
    subprocess.run(["make", *words, f"PYTHON={python}"], cwd=PLACE, env=kept, check=True)


def content(file: Path) -> Any:
    """Return what of a file must be the same: its bytes, a notebook without the version of Python."""
    if file.suffix != ".ipynb":
        return file.read_bytes()
    notebook = json.loads(file.read_text("utf-8"))
    notebook["metadata"].pop("language_info", None)
    return notebook


def differing(folder: str) -> tuple[int, list[str]]:
    """Return how many files a folder of both builds has, and which differ."""
    sides = [ROOT / folder, PLACE / folder]
    names = {p.relative_to(side) for side in sides for p in side.rglob("*") if p.is_file()}
    there = [{n: (side / n).is_file() and content(side / n) for n in names} for side in sides]
    return len(names), sorted(str(n) for n in names if there[0][n] != there[1][n])


def main() -> int:
    """Build, compare, test; 1 where something is not the same or red."""
    parser = argparse.ArgumentParser(description="Build the book with another Python and compare.")
    parser.add_argument("python", help="such as python3.12, or the path of one")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    python = shutil.which(options.python)
    if python is None:
        parser.error(f"there is no {options.python} here")
    shutil.rmtree(PLACE, ignore_errors=True)
    copied(ROOT, PLACE, "_build", ".snakemake")
    make("book", f"JOBS={options.jobs}", python=python)
    said = subprocess.run(
        [PLACE / ".venv/bin/python", "--version"], capture_output=True, text=True, check=True
    )
    count, others = differing("_build/html")
    others += (
        [] if content(ROOT / "_build/ledger.json") == content(PLACE / "_build/ledger.json") else ["ledger"]
    )
    print("\n".join([f"differs: {name}" for name in others]))
    same = f"{count - len(others):,} of {count:,} files of the book"
    print(f"found: {same} are the same under {said.stdout.strip()}", flush=True)
    tests = [PLACE / ".venv/bin/pytest", "-q", "-n", str(options.jobs), *TESTS]
    return subprocess.run(tests, cwd=PLACE, check=False).returncode or int(bool(others))


if __name__ == "__main__":
    sys.exit(main())
