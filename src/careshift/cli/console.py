"""What every command shares: the terminal, values shown inert, options of several commands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich import markup
from rich.console import Console

from careshift.project import BUILD, inert

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
Jobs = Annotated[int, typer.Option(help="How many chapters to run at once.")]
TimeLimit = Annotated[
    float, typer.Option(min=1, envvar="CARESHIFT_TIME_LIMIT", help="Seconds that a run may take.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for another program.")]
LEDGER = BUILD / "ledger.json"
CORES = os.cpu_count() or 2


def escape(text: object) -> str:
    """Return text of data or parameters for the terminal: shown as it is, obeyed by nothing."""
    return markup.escape(inert(text))


def snakemake(*targets: str, jobs: int, profile: Path | None = None) -> None:
    """Bring the targets up to date, telling each step; raise BuildError where one failed."""
    from careshift.pipeline.workflow import bring_up_to_date

    bring_up_to_date(list(targets), jobs, lambda line: err.print(escape(line), soft_wrap=True), profile)
