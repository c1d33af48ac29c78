"""Commands for data from outside: a file of one's own checked, a publisher's release imported or fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from careshift.cli.console import AsJson, err, escape, out
from careshift.project import BUILD, replace_whole


def check(
    file: Annotated[Path, typer.Argument(help="A CSV file, a workbook or Parquet.")],
    table: Annotated[
        str | None, typer.Option(help="The table it should be; found by the columns if left out.")
    ] = None,
    rename: Annotated[list[str], typer.Option(help="THEIRS=OURS: a column's name; repeat for more.")] = [],  # noqa: B006
    long: Annotated[str | None, typer.Option(help="PERIODS=VALUES: one column a year into rows.")] = None,
    add: Annotated[list[str], typer.Option(help="FIELD=VALUE: a column the file lacks.")] = [],  # noqa: B006
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    header_row: Annotated[str | None, typer.Option(help="The row that names the columns.")] = None,
    dates: Annotated[str | None, typer.Option(help="day-first or month-first: what 03/04/2024 is.")] = None,
    places: Annotated[
        str | None, typer.Option(help="council, health board, ...: what the names are.")
    ] = None,
    missing: Annotated[list[str], typer.Option(help="TEXT=suppressed, or TEXT=not available.")] = [],  # noqa: B006
    output: Annotated[
        Path | None, typer.Option("-o", help="Write the file as the table's CSV, if it is right.")
    ] = None,
    mapped: Annotated[
        Path | None, typer.Option("--mapping", help="A mapping that --save-mapping wrote.")
    ] = None,
    save_mapping: Annotated[
        Path | None, typer.Option(help="Keep table, sheet and columns in this file, if the file is right.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a file against a table: print every error with its row, field, value and remedy, and what is odd.

    Without --table the table is found by the file's columns or by a publisher's layout; a publisher's raw
    file is read by its reader. Columns are matched by their names, and places, dates, categories and numbers
    are read as people write them: all that is read as something else than is written is told, and where two
    readings fit, you are asked. Where columns have other names, or stand one a year, the options that would
    map them are printed. In --add, {NAME} stands for what a row holds in that column. --save-mapping keeps
    all of it in a file, which --mapping uses ever after. The exit code is 0 where the file fits (odd or not),
    1 where it does not or a name is wrong, 2 where the command cannot be understood.

    Examples:

      careshift check mine.xlsx --table care_home_residents

      careshift check mine.csv --table care_home_residents --rename "People=residents" -o tidy.csv

      careshift check wide.csv --table population_uk --long year=population

      careshift check mine.csv --table care_home_residents --add "date={Year}-03-31"

      careshift check mine.ods --table delayed_discharge --sheet Data --header-row 5 --dates day-first

      careshift check mine.csv --table care_home_residents --missing "-99=suppressed"

      careshift check mine.csv --table population_uk --rename "People=population" --save-mapping board.yml

      careshift check mine.csv --mapping board.yml
    """
    import json

    from careshift.own_data import mapping, report, saved_mapping
    from careshift.own_data.how import how

    by = mapping.columns(rename, long, add) if rename or long or add else None
    with err.status(f"Checking {escape(file)} ..."):
        said = how(sheet, header_row, dates, places, missing)
        saved = saved_mapping.chosen(file, table, by, said, mapped)
        found = report.examine(saved.table, file, saved.by, saved.how)
    if save_mapping and not found.errors:
        saved_mapping.write(save_mapping, saved)
    if output and found.content is not None:
        replace_whole(output, found.content)
    if as_json:
        print(json.dumps(found.as_record(), indent=1, ensure_ascii=False))
    else:
        for line in found.lines():
            out.print(escape(line), soft_wrap=True)
    raise typer.Exit(1 if found.errors else 0)


def import_release(
    raw: Annotated[
        list[Path], typer.Argument(help="The publisher's raw file, or files, as downloaded.")
    ] = [],  # noqa: B006
    table: Annotated[
        str | None, typer.Option(help="The table that they belong to; found by the layout if left out.")
    ] = None,
    vintage: Annotated[str | None, typer.Option(help='What to call the release, e.g. "Census 2024".')] = None,
    replace: Annotated[bool, typer.Option(help="Drop rows that only the old release has.")] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Import it though it lacks what the table has.")
    ] = False,
    verdicts: Annotated[bool, typer.Option(help="Rerun the chapters concerned, tell what moves.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell all this, change nothing.")] = False,
    layouts: Annotated[bool, typer.Option("--layouts", help="List the layouts that are known.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a newer release into a table: from a publisher's raw file, in any layout that a reader knows.

    Rows of the release are added or replace those of the same key; the table as it was
    stays in data/vintages.
    Tells rows added, values revised, signs of another definition, and which verdicts move. A release that
    lacks much of what the table has (rows, a category, the newest period) is refused unless --accept-loss
    says that it is meant. Without --table the table is found by the files' layout.

    Examples:

      careshift import monthly_ae_activity_202512.csv --dry-run

      careshift import --layouts --table hospital_beds

      careshift import file9b_2024.csv --table care_home_residents --dry-run

      careshift import beds.csv --table hospital_beds --vintage "Release of March 2026" --no-verdicts
    """
    import json

    from careshift.pipeline import releases
    from careshift.readers import recognising

    if layouts:
        for line in recognising.known(table):
            out.print(escape(line), soft_wrap=True)
        return
    if not raw:
        raise typer.BadParameter(
            "name a publisher's file; --layouts lists those that are known", param_hint="RAW"
        )

    with err.status("Reading ...") as status:
        table = table or recognising.table_of_raw(raw)
        release = releases.prepare(table, raw, vintage, replace, accept_loss)
        moved = (
            releases.moved_verdicts(release, lambda text: status.update(escape(text))) if verdicts else None
        )
    kept = None if dry_run else releases.put_in_place(release)
    if as_json:
        print(json.dumps(releases.as_record(release, moved, kept), indent=1, ensure_ascii=False))
        return
    for line in releases.lines(release, moved, kept):
        out.print(escape(line), soft_wrap=True)


def fetch(
    table: Annotated[str | None, typer.Argument(help="A table; all that have addresses if left out.")] = None,
    into: Annotated[Path, typer.Option(help="The folder for the raw files.")] = BUILD / "downloads",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell the addresses.")] = False,
) -> None:
    """Download the newest raw files of a table from its publisher, ready for careshift import.

    Only addresses of data/datapackage.json are asked, over https. A file replaces the one before only when
    it is whole, of the right kind, and a reader can read it. An interrupted download goes on where it
    stopped. The exit code is 0 where every file is there, 1 where one is not.

    Examples:

      careshift fetch care_home_residents --dry-run

      careshift fetch care_home_residents --into raw
    """
    from careshift import downloads
    from careshift.pipeline import fetching

    failed = 0
    for address in downloads.addresses(table):
        if dry_run:
            out.print(escape(fetching.what_it_would_do(address, into)), soft_wrap=True)
            continue
        with err.status(escape(f"{address.file} ...")) as status:
            told = fetching.fetch(address, into, lambda text: status.update(escape(text)))
        (out if told.arrived else err).print(escape(told.text), soft_wrap=True)
        failed += not told.arrived
    raise typer.Exit(1 if failed else 0)
