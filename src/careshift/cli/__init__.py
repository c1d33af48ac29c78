"""The command line: build the book, run a chapter with your data, check a table, read the ledger."""

from __future__ import annotations

import typer

from careshift.cli import building, chapters, ledger, own_data, series
from careshift.cli.console import err, escape
from careshift.project import CareshiftError

app = typer.Typer(
    help="Shifting the balance of care, reproduced: rebuild the book, or rerun a chapter with your own data.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(building.book)
app.command()(chapters.run)
app.command()(series.its)
app.command()(series.expected)
app.command()(own_data.check)
app.command("import")(own_data.import_release)
app.command()(own_data.fetch)
app.command("claims")(ledger.list_claims)
app.command()(ledger.compare)
app.command()(building.refresh)


def main() -> None:
    """Run the command line; an error of ours is one message and exit code 1, not a traceback."""
    try:
        app()
    except CareshiftError as error:
        err.print(f"[red]Error:[/red] {escape(str(error))}", soft_wrap=True)
        raise SystemExit(1) from None
