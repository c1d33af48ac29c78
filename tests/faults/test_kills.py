"""A build killed at any moment leaves the old book or the new one, and the next build goes on from there."""

import contextlib
import hashlib
import json
import os
import random
import subprocess
import time
from pathlib import Path

import psutil

KILLS = int(os.environ.get("CARESHIFT_KILLS", "5"))
SEED = 20180331
TABLE = "data/welsh_admissions.csv"
BOOK = ("careshift.cli", "book", "--jobs", "2")


def digest(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    whole = b"".join(str(p.relative_to(folder)).encode() + p.read_bytes() for p in files)
    return hashlib.sha256(whole).hexdigest()


def finish(small) -> str:
    """Build to the end, waiting for what a killed build left running; answer what it told."""
    while True:
        done = small.call(*BOOK)
        if "Another build runs here" not in done.stderr:
            break
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


def kill_all(small) -> None:
    """Kill every process of the build at once, as a power cut does, so that nothing of it goes on."""
    while theirs := [p for p in psutil.process_iter() if works_for(p, small)]:
        for process in theirs:
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended by itself in the meantime
                process.kill()
        psutil.wait_procs(theirs)


def works_for(process: psutil.Process, small) -> bool:
    try:
        return process.environ().get("CARESHIFT_ROOT") == str(small.root)
    except psutil.Error:  # ended, already dead, or not ours to ask
        return False


def no_half_file(small) -> None:
    """Check that the runs and the ledger are whole; a stale one may have been taken away."""
    for run in (small.root / "_build/runs").rglob("[!.]*.ipynb"):
        cells = json.loads(run.read_text(encoding="utf-8"))["cells"]
        assert all(c["execution_count"] for c in cells if c["cell_type"] == "code"), run
    for ledger in (small.root / "_build").glob("ledger.json"):
        json.loads(ledger.read_text(encoding="utf-8"))


def test_a_kill_at_any_moment_leaves_a_whole_book_and_the_next_build_completes_it(small) -> None:
    site = small.root / "_build/html"
    texts = [(small.root / TABLE).read_text(), (small.root / TABLE).read_text().replace("16805", "16806")]
    books = [digest(site)]
    (small.root / TABLE).write_text(texts[1])
    started = time.monotonic()
    finish(small)
    whole = time.monotonic() - started
    books.append(digest(site))
    assert books[0] != books[1]
    moments, stopped = random.Random(SEED), 0
    for number in range(KILLS):
        state = number % 2
        (small.root / TABLE).write_text(texts[state])
        with small.start(*BOOK) as build:
            try:
                build.communicate(timeout=moments.uniform(0, whole))
            except subprocess.TimeoutExpired:
                stopped += 1
                build.kill()
        if number % 4 < 2:  # else what the command had started goes on, and the next build waits for it
            kill_all(small)
            assert digest(site) in books, f"kill {number} left a mixed book"
            no_half_file(small)
        finish(small)
        assert digest(site) == books[state], f"after kill {number} the next build gave another book"
        assert not list((small.root / "_build/runs").rglob(".*.ipynb"))
    assert stopped, "every build ended before it was killed"
    print(f"\nfound: {KILLS} builds killed, {stopped} of them before their end; every book was whole")


def test_the_next_build_does_not_repeat_what_was_done(small) -> None:
    text = (small.root / TABLE).read_text()
    (small.root / TABLE).write_text(text.replace("16805", "16806"))
    with small.start(*BOOK) as build:
        assert build.stderr is not None
        told = []
        for line in build.stderr:
            told.append(line)
            if "compiling the book" in line:
                build.kill()
                break
    assert any("ran wales/admission_reductions" in line for line in told)
    told = finish(small)
    assert "ran " not in told
    assert "checked" not in told
    assert "compiling the book" in told
