"""Commands that run a chapter with a reader's parameters and data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careshift.cli.console import TimeLimit, err, escape, out

if TYPE_CHECKING:
    from careshift.own_data.inputs import Options
    from careshift.parameters import Value


def run(
    chapter: Annotated[
        str | None, typer.Argument(help="A chapter, e.g. scotland/care_home_residents.", show_default=False)
    ] = None,
    parameter: Annotated[list[str], typer.Option("-p", help="NAME=VALUE; repeat for more.")] = [],  # noqa: B006
    data: Annotated[
        list[str], typer.Option(help="TABLE=FILE: your file for a table; CSV, Excel or Parquet.")
    ] = [],  # noqa: B006
    extend: Annotated[
        list[str], typer.Option(help="TABLE=FILE: your rows, added to those of the book's table.")
    ] = [],  # noqa: B006
    rename: Annotated[
        list[str], typer.Option(help="TABLE:THEIRS=OURS: a column of your file; repeat for more.")
    ] = [],  # noqa: B006
    long: Annotated[list[str], typer.Option(help="TABLE:PERIODS=VALUES: one column a year into rows.")] = [],  # noqa: B006
    add: Annotated[list[str], typer.Option(help="TABLE:FIELD=VALUE: a column your file lacks.")] = [],  # noqa: B006
    sheet: Annotated[list[str], typer.Option(help="TABLE:SHEET: which sheet of a workbook.")] = [],  # noqa: B006
    header_row: Annotated[list[str], typer.Option(help="TABLE:ROW: the row that names the columns.")] = [],  # noqa: B006
    dates: Annotated[list[str], typer.Option(help="TABLE:day-first or TABLE:month-first.")] = [],  # noqa: B006
    places: Annotated[list[str], typer.Option(help="TABLE:KIND: what kind of places the names are.")] = [],  # noqa: B006
    missing: Annotated[list[str], typer.Option(help="TABLE:TEXT=suppressed, or =not available.")] = [],  # noqa: B006
    mapping: Annotated[list[str], typer.Option(help="TABLE:FILE: columns as a kept mapping says.")] = [],  # noqa: B006
    output: Annotated[Path, typer.Option("-o", help="Where the executed notebook goes.")] = Path("out.ipynb"),
    show: Annotated[
        bool, typer.Option("--list", help="List the chapters, or a chapter's parameters; run nothing.")
    ] = False,
    time_limit: TimeLimit = 600,
) -> None:
    """Run one chapter with your parameters and your data, and print its verdicts.

    Each file is checked first, as careshift check does. A publisher's raw file is read by its reader.
    Columns of other names are mapped by --rename, --long, --add or --mapping, and what a check asks is
    answered by the other options, which mean what they mean in careshift check; with one file, TABLE: may be
    left out. What had to be mapped or read is kept as the table's CSV beside the executed notebook. The exit
    code is 0 where the chapter ran, 1 where it did not or a name is wrong, 2 where the command cannot be
    understood.

    Examples:

      careshift run --list

      careshift run scotland/care_home_residents --list

      careshift run scotland/care_home_residents -p base_year=2012

      careshift run areas/area -p area=Glasgow

      careshift run wales/admission_reductions --data welsh_admissions=mine.xlsx -o mine.ipynb

      careshift run scotland/care_home_residents --data care_home_residents=mine.csv
      --rename "People=residents"

      careshift run scotland/delayed_discharge -p area=S08000022 --extend delayed_discharge=extract.csv

      careshift run scotland/care_home_residents -p area=IE -p base_year=2012 -p last_year=2018
      --data care_home_residents=ie.xlsx --data population=ie.parquet
    """
    from careshift import claims, evidence, parameters
    from careshift.own_data.inputs import Options
    from careshift.pipeline.execute import execute

    if show:
        for line in parameters.told(chapter):
            out.print(escape(line), soft_wrap=True)
        return
    if chapter is None:
        raise typer.BadParameter("name a chapter; careshift run --list names them all", param_hint="CHAPTER")
    if output.suffix != ".ipynb":
        raise typer.BadParameter("the executed notebook needs a name that ends in .ipynb", param_hint="-o")
    notebook = parameters.notebook_of(chapter)
    given = parameters.parse(notebook, parameter)
    if isinstance(given.get("area"), str):
        given["area"] = code_told(str(given["area"]))
    options = Options(rename, long, add, sheet, mapping, header_row, dates, places, missing)
    given |= own_tables(notebook, given, data, extend, options, output)
    with err.status(f"Running {escape(chapter)} ..."):
        execute(chapter, given, output.absolute(), time_limit)
    found = evidence.collect(output)
    for claim, verdict in evidence.verdicts(chapter, found) if found else []:
        out.print(escape(claims.canonical_line(claim, verdict)), soft_wrap=True)
    if not found and claims.of_chapter(chapter):
        out.print(
            "This run judges no claim: they are about another place, or their records name the data that do."
        )
    out.print(f"Executed notebook: {escape(str(output))}")


def code_told(area: str) -> str:
    """Return the code of a place that is given by name or by an older code, and tell it."""
    from careshift import places

    code = places.code_of(area)
    if code != area:
        err.print(escape(f"area: {places.register()[code]}"), soft_wrap=True)
    return code


def own_tables(
    notebook: Path,
    given: Mapping[str, Value],
    data: Sequence[str],
    extend: Sequence[str],
    options: Options,
    output: Path,
) -> dict[str, str]:
    """Return the files for the tables that a run is given as parameters or data, each checked and told.

    Exits with 1 where a file does not fit its table. Raises CareshiftError.
    """
    from careshift.own_data import inputs

    own = inputs.files(notebook, given, [*data, *extend])
    with err.status("Checking your files ..."):
        found = inputs.examine(own, options, {pair.partition("=")[0] for pair in extend})
    for table, about in found.items():
        for line in about.lines("the same, with", f"{table}:" if len(own) > 1 else ""):
            err.print(escape(line), soft_wrap=True)
    if any(about.errors for about in found.values()):
        raise typer.Exit(1)
    return inputs.put_beside(found, own, output)
