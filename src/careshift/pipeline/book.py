"""Build the staged book and put it in the place of the last good one, in one step or not at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from careshift import ledger
from careshift import site as site_settings
from careshift.ledger import Entry
from careshift.pipeline import job, report, searching
from careshift.pipeline.prune_assets import sitemap, slim
from careshift.pipeline.runs import plan
from careshift.pipeline.stage import stage
from careshift.project import BUILD, CareshiftError, write_whole


class BookError(CareshiftError):
    """A book that does not compile without a warning; the text holds what Sphinx said."""


def build(executed: Path, ledger_file: Path, site: Path, log: Path) -> list[Entry]:
    """Stage, compile with warnings as errors, publish to `site`; return the ledger.

    The last good book stays until the new one is complete. Raises BookError with the warnings.
    """
    staged, work = BUILD / "stage", BUILD / "work"
    for folder in (staged, work):
        shutil.rmtree(folder, ignore_errors=True)
    staged.mkdir(parents=True)
    entries = stage(plan(), executed, ledger_file, staged)
    compile_book(staged, work, log)
    searching.write(work / "_build" / "html", entries, staged / "_toc.yml")
    report.make(work / "_build" / "html", staged / "_toc.yml")
    slim(work / "_build" / "html")
    sitemap(work / "_build" / "html", site_settings.load().address)
    publish(work / "_build" / "html", site)
    shutil.rmtree(work)
    return entries


def compile_book(staged: Path, work: Path, log: Path, builder: str = "html") -> None:
    """Compile with `jupyter-book build -W --keep-going -n`; raise BookError with what went wrong."""
    log.parent.mkdir(parents=True, exist_ok=True)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    options = ["-W", "--keep-going", "-n", "--all"]
    command = [
        str(jupyter_book),
        "build",
        str(staged),
        "--path-output",
        str(work),
        "--builder",
        builder,
        *options,
    ]
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False)  # noqa: S603
    if done.returncode:
        text = log.read_text(encoding="utf-8").splitlines()
        warnings = [line for line in text if "WARNING" in line or "ERROR" in line] or text[-20:]
        raise BookError("The book does not compile:\n" + "\n".join(warnings[:20]) + f"\nWhole log: {log}")


def publish(made: Path, site: Path) -> None:
    """Put the finished folder in the place of `site`, a link that is switched in one atomic step."""
    home = site.with_name("books") / f"{os.getpid()}-{os.stat(made).st_mtime_ns}"
    home.parent.mkdir(parents=True, exist_ok=True)
    made.replace(home)
    link = site.with_name(f".{site.name}.new")
    link.unlink(missing_ok=True)
    link.symlink_to(home.relative_to(site.parent), target_is_directory=True)
    if site.is_dir() and not site.is_symlink():
        shutil.rmtree(site)
    link.replace(site)
    for old in home.parent.iterdir():
        if old != home:
            shutil.rmtree(old, ignore_errors=True)


def main(executed: str, ledger_file: str, site: str, log: str, stamp: str) -> int:
    """Build and publish, for the Snakefile; return the exit code."""
    job.progress("compiling the book")

    def compile_it() -> None:
        entries = build(Path(executed), Path(ledger_file), Path(site), Path(log))
        write_whole(Path(stamp), json.dumps(ledger.counts(entries)) + "\n")

    return job.exit_code(compile_it)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
