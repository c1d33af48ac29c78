"""Call Snakemake: one build at a time, its whole output in a log, our own lines on the terminal."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from careshift.pipeline import fork_server
from careshift.pipeline.job import FAILED, PROGRESS
from careshift.project import BUILD, CODE, ROOT, CareshiftError

LOG = BUILD / "logs" / "snakemake.log"
SYSTEM_ERROR = re.compile(r"\w*Error: \[Errno \d+\] (.+)")  # the last line of a report on an error


class BuildError(CareshiftError):
    """A build that stopped, or that could not start because another one runs."""


def bring_up_to_date(
    targets: list[str], jobs: int, tell: Callable[[str], None], profile: Path | None = None
) -> None:
    """Make the targets, in parallel, only what is stale; `tell` gets each line for the reader.

    A Snakemake `profile`, a folder, sends the runs elsewhere, such as to a cluster; `jobs` then counts local
    ones. Raises BuildError with what failed. The last good book stays in place.
    """
    options = ["--snakefile", str(CODE / "Snakefile"), "--nolock", "--rerun-incomplete"]
    options += _elsewhere(profile, jobs) if profile else ["--cores", str(jobs)]
    command = [sys.executable, "-m", "snakemake", *options]
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    # Small matrices: threads of the linear algebra only wait for each other where runs share the cores.
    clean.setdefault("OPENBLAS_NUM_THREADS", "1")
    with only_build(BUILD / ".lock") as lock, fork_server.process() as (warmth, group):
        LOG.parent.mkdir(parents=True, exist_ok=True)
        job = subprocess.Popen(  # noqa: S603
            [*command, *targets],
            cwd=ROOT,
            env=clean | warmth,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=[lock],  # held as long as Snakemake lives, should we be killed
            process_group=group,
        )
        try:
            failures = _follow(job, tell)
        finally:
            if job.poll() is None:
                os.killpg(group, signal.SIGKILL)
            job.wait()
    if job.returncode:
        raise BuildError(_what_failed(failures) + "\nThe last good book is untouched.")


def _elsewhere(profile: Path, jobs: int) -> list[str]:
    if not (profile / "config.yaml").is_file():
        raise BuildError(f"{profile}: no profile, a folder with config.yaml, is there. See profiles/slurm.")
    return ["--profile", str(profile.absolute()), "--local-cores", str(jobs)]


@contextmanager
def only_build(lock: Path) -> Iterator[int]:
    """Hold the build lock, which the system drops when its holders die; give its descriptor.

    Raises BuildError where another build holds it, or where the folder cannot be written.
    """
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        opened = lock.open("a+")
    except OSError as error:
        raise BuildError(
            f"Cannot write in {lock.parent}: {error.strerror}. Make it yours to write, or build elsewhere."
        ) from None
    with opened as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "?"
            raise BuildError(
                f"Another build runs here (of process {holder}). Wait for it or stop it."
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield handle.fileno()


def _follow(job: subprocess.Popen[str], tell: Callable[[str], None]) -> list[str]:
    """Write every line to the log, tell the lines of progress, and return the messages of failed jobs."""
    messages: list[str] = []
    inside = False
    with LOG.open("w", encoding="utf-8") as log:
        for line in job.stdout or ():
            log.write(line)
            if line.startswith(PROGRESS):
                tell(line.removeprefix(PROGRESS).rstrip())
            if line.startswith(FAILED):
                inside, line = True, line.removeprefix(FAILED)
            inside = inside and bool(line.strip())
            if inside:
                messages.append(line.rstrip())
    return messages


def _what_failed(messages: list[str]) -> str:
    if messages:
        return "\n".join(messages)
    lines = LOG.read_text(encoding="utf-8").splitlines()
    system = [found[1] for line in lines if (found := SYSTEM_ERROR.match(line))]
    return "\n".join([*(system[-1:] or lines[-12:]), f"Whole log: {LOG}"])
