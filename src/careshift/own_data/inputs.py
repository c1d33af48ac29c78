"""The files that somebody brings to a run: each checked and brought to its table before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from careshift import parameters, tables
from careshift.checking import Problem
from careshift.own_data import coverage, mapping, report, saved_mapping
from careshift.own_data.how import How, how
from careshift.own_data.report import Report
from careshift.parameters import Value
from careshift.project import CareshiftError, quoted, replace_whole


@dataclass(frozen=True)
class Options:
    """The options that say how files become tables, as typed: each TABLE:OPTION, or OPTION for one file."""

    rename: Sequence[str] = ()
    long: Sequence[str] = ()
    add: Sequence[str] = ()
    sheet: Sequence[str] = ()
    kept: Sequence[str] = ()  # files of mappings
    header_row: Sequence[str] = ()
    dates: Sequence[str] = ()
    places: Sequence[str] = ()
    missing: Sequence[str] = ()

    def of(self, table: str, own: Mapping[str, Path]) -> tuple[mapping.Columns | None, How | None]:
        """Return a table's mapping of columns and how it is read, where said. Raises CareshiftError."""
        given = {
            name: [text for place, text in (_split(option, own) for option in options) if place == table]
            for name, options in vars(self).items()
        }
        for name in ("long", "sheet", "kept", "header_row", "dates", "places"):
            if len(given[name]) > 1:
                option = {"kept": "--mapping"}.get(name, f"--{name.replace('_', '-')}")
                raise CareshiftError(f"{table}: {option} is given {len(given[name])} times; once is right.")
        long = "".join(given["long"]) or None
        mapped = given["rename"] or long or given["add"]
        by = mapping.columns(given["rename"], long, given["add"]) if mapped else None
        single = {name: "".join(given[name]) or None for name in ("sheet", "header_row", "dates", "places")}
        said = how(**single, missing=given["missing"])
        kept = Path(*given["kept"]) if given["kept"] else None
        saved = saved_mapping.chosen(own[table], table, by, said, kept)
        return saved.by, saved.how


def _split(option: str, own: Mapping[str, Path]) -> tuple[str, str]:
    """Return the table that an option is for, and the option without its name."""
    name, mark, text = option.partition(":")
    if mark and name in own:
        return name, text
    if len(own) == 1:
        return next(iter(own)), option
    if not own:
        raise CareshiftError(f"{quoted(option)} says how to read a file: give it with --data TABLE=FILE.")
    raise CareshiftError(
        f"Say which file {quoted(option)} is about: write TABLE: before it. Tables: {', '.join(own)}."
    )


def files(notebook: Path, given: Mapping[str, Value], data: Sequence[str]) -> dict[str, Path]:
    """Return the file for each table that a run is given one for, as TABLE=FILE or as a parameter.

    Raises ParameterError where one is no table of the chapter.
    """
    known = set(tables.names())
    of_chapter = [name for name in parameters.declared(notebook) if name in known]
    named = parameters.parse(notebook, data)
    for name in named:
        if name not in of_chapter:
            shown = ", ".join(of_chapter) or "none"
            raise parameters.ParameterError(f"{name} is no table of {notebook.stem}. Its tables: {shown}.")
    every = {name: str(value) for name, value in {**given, **named}.items() if name in known}
    return {name: Path(path).expanduser() for name, path in every.items() if path != tables.packaged(name)}


def examine(own: Mapping[str, Path], options: Options, extended: Collection[str] = ()) -> dict[str, Report]:
    """Return what there is to say about each file, by table; `extended` tables keep the book's rows too.

    Raises CareshiftError.
    """
    for given in vars(options).values():
        for option in given:
            _split(option, own)
    mapped = {table: options.of(table, own) for table in own}
    found = {
        table: report.examine(table, file, *mapped[table], table in extended) for table, file in own.items()
    }
    for table in (name for name in found if name not in extended):
        found[table] = _with_what_it_lacks(found[table], own[table])
    for table in (name for name in found if name in extended):
        found[table] = _with_what_it_replaces(found[table])
    return found


def _with_what_it_replaces(about: Report) -> Report:
    """Return the report with how many of the book's values the rows of a file replace."""
    text = coverage.replaced(about.table, about.content) if about.content else ""
    if not text:
        return about
    remedy = "Where the file is older than the book's table, bring only the rows that it adds."
    return replace(about, warnings=[*about.warnings, Problem(about.file, text, remedy)])


def _with_what_it_lacks(about: Report, file: Path) -> Report:
    """Return the report with what the book's table has and the file lacks, all at once."""
    lacking = coverage.lacking(about.table, about.content) if about.content else []
    if not lacking:
        return about
    text = f"the book's table has more of these places: {'; '.join(lacking)}"
    remedy = (
        "A run that needs it stops. To add your rows to the book's, use "
        f"--extend {about.table}={file} instead of --data."
    )
    return replace(about, warnings=[*about.warnings, Problem(about.file, text, remedy)])


def put_beside(found: Mapping[str, Report], own: Mapping[str, Path], notebook: Path) -> dict[str, str]:
    """Return the file that each table is read from in the run.

    It is the one that was brought, or the table's CSV beside the notebook where columns, a sheet or a raw
    file's layout had to be made a table first. Raises CareshiftError where that would overwrite a file that
    was brought.
    """
    paths = {table: str(file) for table, file in own.items()}
    for table, about in found.items():
        if about.as_it_stands or about.content is None:
            continue
        tidy = notebook.with_name(f"{notebook.stem}.{table}.csv")
        if any(tidy.exists() and file.samefile(tidy) for file in own.values()):
            raise CareshiftError(f"{tidy}: your own file would be overwritten. Choose another -o.")
        notebook.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(tidy, about.content)
        paths[table] = str(tidy)
    return paths
