"""The command line: build the book, run a chapter with your data, check a table, read the ledger."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import markup
from rich.console import Console

from careshift.claims import SOURCES, HeldAgainst, Outcome, Tier
from careshift.project import BUILD, CareshiftError, inert, not_there, replace_whole

if TYPE_CHECKING:
    from careshift.ledger import Entry
    from careshift.own_data.inputs import Options
    from careshift.parameters import Value

app = typer.Typer(
    help="Shifting the balance of care, reproduced: rebuild the book, or rerun a chapter with your own data.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)
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


@app.command()
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


@app.command()
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
    output: Annotated[Path, typer.Option("-o", help="Where the executed notebook goes.")] = Path("out.ipynb"),
    show: Annotated[
        bool, typer.Option("--list", help="List the chapters, or a chapter's parameters; run nothing.")
    ] = False,
    time_limit: TimeLimit = 600,
) -> None:
    """Run one chapter with your parameters and your data, and print its verdicts.

    Each file is checked first, as careshift check does. A publisher's raw file is read by its reader.
    Columns of other names are mapped by --rename, --long and --add, which mean what they mean in careshift
    check; with one file, TABLE: may be left out. What had to be mapped or read is kept as the table's CSV
    beside the executed notebook. The exit code is 0 where the chapter ran, 1 where it did not or a name is
    wrong, 2 where the command cannot be understood.

    Examples:

      careshift run --list

      careshift run scotland/care_home_residents --list

      careshift run scotland/care_home_residents -p base_year=2012

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
    given |= own_tables(notebook, given, data, extend, Options(rename, long, add, sheet), output)
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


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A CSV, Excel or Parquet file.")],
    table: Annotated[str, typer.Option(help="The table it should be, e.g. care_home_residents.")],
    rename: Annotated[list[str], typer.Option(help="THEIRS=OURS: a column's name; repeat for more.")] = [],  # noqa: B006
    long: Annotated[str | None, typer.Option(help="PERIODS=VALUES: one column a year into rows.")] = None,
    add: Annotated[list[str], typer.Option(help="FIELD=VALUE: a column the file lacks.")] = [],  # noqa: B006
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", help="Write the file as the table's CSV, if it is right.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a file against a table: print every error with its row, field, value and remedy, and what is odd.

    Where columns have other names, or stand one a year, the options that would map them are printed. In
    --add, {NAME} stands for what a row holds in that column. A publisher's raw file is read by its reader.
    The exit code is 0 where the file fits (odd or not), 1 where it does not or a name is wrong, 2 where the
    command cannot be understood.

    Examples:

      careshift check mine.xlsx --table care_home_residents

      careshift check mine.csv --table care_home_residents --rename "People=residents" -o tidy.csv

      careshift check wide.csv --table population_uk --long year=population

      careshift check mine.csv --table care_home_residents --add "date={Year}-03-31"
    """
    import json

    from careshift.own_data import mapping, report

    by = mapping.columns(rename, long, add) if rename or long or add else None
    with err.status(f"Checking {escape(file)} ..."):
        found = report.examine(table, file, by, sheet)
    if output and found.content is not None:
        replace_whole(output, found.content)
    if as_json:
        print(json.dumps(found.as_record(), indent=1, ensure_ascii=False))
    else:
        for line in found.lines():
            out.print(escape(line), soft_wrap=True)
    raise typer.Exit(1 if found.errors else 0)


@app.command("import")
def import_release(
    raw: Annotated[list[Path], typer.Argument(help="The publisher's raw file, or files, as downloaded.")],
    table: Annotated[str, typer.Option(help="The table that they belong to, e.g. care_home_residents.")],
    vintage: Annotated[str | None, typer.Option(help='What to call the release, e.g. "Census 2024".')] = None,
    replace: Annotated[bool, typer.Option(help="Drop rows that only the old release has.")] = False,
    verdicts: Annotated[bool, typer.Option(help="Rerun the chapters concerned, tell what moves.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell all this, change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a newer release into a table: from a publisher's raw file, in any layout that a reader knows.

    Rows of the release are added or replace those of the same key; the table as it was
    stays in data/vintages.
    Tells rows added, values revised, signs of another definition, and which verdicts move.

    Examples:

      careshift import file9b_2024.csv --table care_home_residents --dry-run

      careshift import beds.csv --table hospital_beds --vintage "Release of March 2026" --no-verdicts
    """
    import json

    from careshift.pipeline import releases

    with err.status("Reading ...") as status:
        release = releases.prepare(table, raw, vintage, replace)
        moved = (
            releases.moved_verdicts(release, lambda text: status.update(escape(text))) if verdicts else None
        )
    kept = None if dry_run else releases.put_in_place(release)
    if as_json:
        print(json.dumps(releases.as_record(release, moved, kept), indent=1, ensure_ascii=False))
        return
    for line in releases.lines(release, moved, kept):
        out.print(escape(line), soft_wrap=True)


@app.command()
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


@app.command("claims")
def list_claims(
    text: Annotated[list[str], typer.Argument(help="Words to look for.")] = [],  # noqa: B006
    outcome: Annotated[Outcome | None, typer.Option(help="Only claims with this outcome.")] = None,
    held_against: Annotated[HeldAgainst | None, typer.Option(help="Only claims held against this.")] = None,
    source: Annotated[str | None, typer.Option(help=f"Only claims of: {', '.join(SOURCES)}.")] = None,
    area: Annotated[str | None, typer.Option(help="Only claims about this nation or place.")] = None,
    tier: Annotated[Tier | None, typer.Option(help="Only claims of this weight.")] = None,
    id: Annotated[str | None, typer.Option(help="Show this claim whole.")] = None,
    as_json: AsJson = False,
    file: Annotated[Path, typer.Option("--ledger", help="Another ledger.json.", show_default=False)] = LEDGER,
) -> None:
    """List the claims of the five documents with their verdicts, or show one whole.

    Examples:

      careshift claims --outcome "does not add up" --area Scotland

      careshift claims --held-against "outside data" --source hendry2021

      careshift claims bed days --source hendry2021 --tier headline

      careshift claims --id hendry2021/care-home-residents-below-expected

      careshift claims --outcome differs --json
    """
    import json

    from careshift import ledger
    from careshift.pages import terminal

    if source not in (None, *SOURCES):
        raise CareshiftError(f'There is no source "{source}"; the sources are {", ".join(SOURCES)}.')
    entries = read_ledger(file)
    found = ledger.select(entries, outcome, held_against, source, area, tier, " ".join(text))
    if id:
        found = [entry for entry in found if entry.claim.id == id]
        if not found:
            raise CareshiftError(no_claim(id, entries))
    if as_json:
        print(json.dumps([ledger.as_record(entry) for entry in found], indent=1))
        return
    for entry in found:
        out.print(escape(terminal.whole(entry) if id else terminal.line(entry)), soft_wrap=True)
    if not id:
        out.print(f"{len(found)} of {len(entries)} claims.")


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="The ledger.json from before.")],
    new: Annotated[
        Path,
        typer.Argument(
            help="The ledger.json of now; that of the last build if left out.", show_default=False
        ),
    ] = LEDGER,
    as_json: AsJson = False,
) -> None:
    """Tell which verdicts, derived values and vintages of data changed between two ledgers.

    The exit code is 0 where nothing changed, 1 where something did, 2 where a file is no ledger.

    Examples:

      careshift compare before.json _build/ledger.json

      careshift compare before.json after.json --json
    """
    import json

    from careshift import ledger_diff

    try:
        changes = ledger_diff.compare(old, new)
    except ledger_diff.ComparisonError as error:
        err.print(f"[red]Error:[/red] {escape(str(error))}", soft_wrap=True)
        raise typer.Exit(2) from None
    if as_json:
        print(json.dumps([change.model_dump(mode="json") for change in changes], indent=1))
    else:
        for change in changes:
            out.print(escape(str(change)), soft_wrap=True)
        out.print(f"Changes: {len(changes) or 'none'}.")
    raise typer.Exit(1 if changes else 0)


def read_ledger(file: Path) -> list[Entry]:
    """Return the ledger in a file; CareshiftError where it is not there."""
    from careshift import ledger

    if not file.is_file():
        raise CareshiftError(f"{not_there(file)}. Build the ledger first: careshift book")
    try:
        return ledger.from_json(file.read_text(encoding="utf-8"))
    except (ValueError, LookupError, TypeError, OSError):
        raise CareshiftError(f"{file}: not a ledger that careshift wrote. Build it: careshift book") from None


def no_claim(name: str, entries: list[Entry]) -> str:
    """Return what to say where no claim that meets the conditions has this id."""
    from careshift import claims

    claims.find(name)
    judged = any(entry.claim.id == name for entry in entries)
    return f"{name} does not meet the other conditions." if judged else f"{name} is not judged yet."


@app.command()
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


def main() -> None:
    """Run the command line; an error of ours is one message and exit code 1, not a traceback."""
    try:
        app()
    except CareshiftError as error:
        err.print(f"[red]Error:[/red] {escape(str(error))}", soft_wrap=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
