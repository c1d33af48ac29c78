"""Commands that build: the whole book, and the committed outputs of its chapters."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careshift.cli.console import CORES, LEDGER, Jobs, TimeLimit, escape, out, snakemake
from careshift.project import BUILD

if TYPE_CHECKING:
    from careshift.ledger import Entry


def book(
    jobs: Jobs = CORES,
    edition: Annotated[
        Path | None, typer.Option(help="An edition file: other tables, parameters, chapters.")
    ] = None,
    profile: Annotated[
        Path | None, typer.Option(help="A Snakemake profile: send the runs to a cluster.")
    ] = None,
    time_limit: TimeLimit = 600,
) -> None:
    """Build the book into _build/html: only what changed since the last build is done again.

    An edition is built into a folder of its own, _build/editions/NAME.

    Examples:

      careshift book --jobs 4

      careshift book --edition editions/highland.yml

      careshift book --profile profiles/slurm
    """
    from careshift import ledger
    from careshift.pipeline.execute import TIME_LIMIT

    os.environ[TIME_LIMIT] = str(time_limit)
    if edition:
        from careshift.pipeline import edition as editions

        options = ["--jobs", str(jobs), *(["--profile", str(profile.absolute())] if profile else [])]
        raise typer.Exit(editions.build(edition, *options))
    start = time.monotonic()
    snakemake(jobs=jobs, profile=profile)
    entries = ledger.from_json(LEDGER.read_text(encoding="utf-8"))
    out.print(escape(summary(entries)), soft_wrap=True)
    out.print(f"Up to date in {time.monotonic() - start:.0f} s.")


def summary(entries: list[Entry]) -> str:
    """Return where the book is, how many claims met outside data, and the count of each outcome."""
    from careshift import ledger

    words = " · ".join(f"{n} {outcome}" for outcome, n in ledger.counts(entries).items())
    held = ledger.held(entries)
    return (
        f"Book: {BUILD / 'html' / 'index.html'}\n{sum(held.values())} claims, {held['outside data']} held "
        f"against outside data: {words}"
    )


def refresh(jobs: Jobs = CORES) -> None:
    """Rerun stale chapters, write their outputs into chapters/, and show which lines changed.

    The table of verdicts in README.md, codecheck.yml and the changed verdicts in CHANGELOG.md
    are written anew.

    Example: careshift refresh --jobs 4
    """
    from careshift.pipeline import refresh as refreshing

    snakemake("_build/ledger.json", jobs=jobs)
    for line in refreshing.refresh(BUILD / "runs"):
        out.print(escape(line), soft_wrap=True)
    for line in refreshing.documents(LEDGER):
        out.print(escape(line), soft_wrap=True)
