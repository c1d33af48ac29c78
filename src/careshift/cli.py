"""The command line: build the book, run a chapter with your data, check a table, read the ledger."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from careshift.project import BUILD, CareshiftError

app = typer.Typer(
    help="Shifting the balance of care, reproduced: rebuild the book, or rerun a chapter with your own data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
Jobs = Annotated[int, typer.Option(help="How many chapters to run at once.")]
CORES = os.cpu_count() or 2


def snakemake(*targets: str, jobs: int) -> None:
    """Bring the targets up to date, telling each step; raise BuildError where one failed."""
    from careshift.pipeline.workflow import bring_up_to_date

    bring_up_to_date(list(targets), jobs, lambda line: err.print(escape(line), soft_wrap=True))


@app.command()
def book(jobs: Jobs = CORES) -> None:
    """Build the book into _build/html: only what changed since the last build is done again.

    Example: careshift book --jobs 4
    """
    from careshift import ledger
    from careshift.pipeline.book import summary

    start = time.monotonic()
    snakemake(jobs=jobs)
    entries = ledger.from_json((BUILD / "ledger.json").read_text(encoding="utf-8"))
    out.print(escape(summary(entries, BUILD / "html")), soft_wrap=True)
    out.print(f"Up to date in {time.monotonic() - start:.0f} s.")


@app.command()
def run(
    chapter: Annotated[str, typer.Argument(help="A chapter, e.g. scotland/care_home_residents.")],
    parameter: Annotated[list[str], typer.Option("-p", help="NAME=VALUE; repeat for more.")] = [],  # noqa: B006
    data: Annotated[list[str], typer.Option(help="TABLE=FILE: your file for a table.")] = [],  # noqa: B006
    output: Annotated[Path, typer.Option("-o", help="Where the executed notebook goes.")] = Path("out.ipynb"),
) -> None:
    """Run one chapter with your parameters and your data, and print its verdicts.

    Examples:

      careshift run scotland/care_home_residents -p base_year=2012

      careshift run wales/admission_reductions --data welsh_admissions=mine.csv -o mine.ipynb
    """
    from careshift import claims, evidence, parameters
    from careshift.pipeline.execute import execute

    given = parameters.parse(parameters.notebook_of(chapter), [*parameter, *data])
    with err.status(f"Running {escape(chapter)} ..."):
        execute(chapter, given, output.absolute())
    for claim, verdict in evidence.verdicts(chapter, evidence.collect(output)):
        out.print(escape(claims.canonical_line(claim, verdict)), soft_wrap=True)
    out.print(f"Executed notebook: {escape(str(output))}")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A CSV file.")],
    table: Annotated[str, typer.Option(help="The table it should be, e.g. care_home_residents.")],
) -> None:
    """Check a file against a table's columns and rules; print every error with its row and field.

    Example: careshift check mine.csv --table care_home_residents
    """
    from careshift import tables

    errors = list(tables.errors_of(table, tables.locate(table, file)))
    for line in errors:
        err.print(escape(line), soft_wrap=True)
    if errors:
        raise CareshiftError(f"{file}: {len(errors)} errors.")
    out.print(escape(f"{file}: fits {table}."))


@app.command()
def refresh(jobs: Jobs = CORES) -> None:
    """Rerun stale chapters, write their outputs into chapters/, and show which lines changed."""
    from careshift.pipeline import refresh as refreshing

    snakemake("_build/ledger.json", jobs=jobs)
    for line in refreshing.refresh(BUILD / "runs"):
        out.print(escape(line), soft_wrap=True)


def main() -> None:
    """Run the command line; an error of ours is one message and exit code 1, not a traceback."""
    try:
        app()
    except CareshiftError as error:
        err.print(f"[red]Error:[/red] {escape(str(error))}", soft_wrap=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
