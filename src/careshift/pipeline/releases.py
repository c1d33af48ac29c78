"""A newer release of a table: what it changes, which verdicts move, and putting it in place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from careshift import evidence, ledger_diff, tables
from careshift.ledger_diff import Change
from careshift.pipeline import runs
from careshift.pipeline.execute import RunError, execute
from careshift.project import CareshiftError, not_there
from careshift.readers import build, importing
from careshift.readers.importing import Changes


@dataclass(frozen=True)
class Release:
    """A newer release, read and compared, not yet in place."""

    table: str
    raw: Sequence[Path]
    vintage: str
    frame: pd.DataFrame
    changes: Changes


def prepare(
    table: str,
    raw: Sequence[Path],
    vintage: str | None = None,
    replace: bool = False,
    accept_loss: bool = False,
) -> Release:
    """Return a release read from raw files by the layout that they have, and compared with the table.

    Without a name its vintage is called after the first file. Raises CareshiftError where a file is missing,
    has no layout that is known, cannot be read, gives a table that breaks the schema, or lacks much of what
    the table holds, unless `accept_loss` says that this is meant.
    """
    missing = [file for file in raw if not file.is_file()]
    if missing:
        raise CareshiftError(f"{not_there(missing[0])}.")
    new, layout = importing.read_raw(table, raw)
    frame, changes = importing.merge(table, new, layout.name, replace)
    if changes.losses and not accept_loss:
        raise CareshiftError(_refusal(raw, changes))
    build.refuse_if_wrong(table, build.as_csv(frame))
    return Release(table, raw, vintage or f"As in {raw[0].name}", frame, changes)


def _refusal(raw: Sequence[Path], changes: Changes) -> str:
    """Return what a release would take away, and the one thing to do where that is meant."""
    lost = "\n".join(f"- {text}" for text in (*changes.losses, *changes.definitions))
    names = ", ".join(file.name for file in raw)
    return (
        f"{names}: not imported, because {changes.table} would lose by it.\n{lost}\n"
        f"Of {changes.compared:,} values in both, {changes.revised:,} differ. Where this is meant, add "
        "--accept-loss; else give every file of the newest release."
    )


def moved_verdicts(release: Release, tell: Callable[[str], None]) -> list[Change | str]:
    """Return the verdicts and derived values that the release moves: each chapter run with both tables.

    A text stands for a chapter that does not run with the release.
    """
    moved: list[Change | str] = []
    concerned = [run for run in runs.plan().values() if release.table in run.tables and not run.given]
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder, tables.describe(release.table)["path"])
        new.write_bytes(build.as_csv(release.frame))
        for number, run in enumerate(concerned, 1):
            tell(f"Running {run.chapter}, {number} of {len(concerned)}, with both tables ...")
            before, after = Path(folder, "before.ipynb"), Path(folder, "after.ipynb")
            try:
                execute(run.chapter, {}, before)
                execute(run.chapter, {release.table: str(new)}, after)
            except RunError as error:
                moved.append(str(error))
                continue
            judged = (evidence.verdicts(run.chapter, evidence.collect(one)) for one in (before, after))
            moved += ledger_diff.of_verdicts(*judged)
    return moved


def put_in_place(release: Release) -> Path:
    """Put the release in place of the table; return where the old one is kept. Raises CareshiftError."""
    return importing.put_in_place(
        release.table, release.frame, release.raw, release.changes.layout, release.vintage
    )


def lines(release: Release, moved: Sequence[Change | str] | None, kept: Path | None) -> Iterator[str]:
    """Yield the lines that tell a release: what changes, what moves, what was done."""
    yield from release.changes.lines()
    if moved is None:
        yield "verdicts: not looked at"
    else:
        yield from (f"moves: {change}" for change in moved)
        yield f"verdicts and derived values that move: {len(moved) or 'none'}"
    if kept is None:
        yield "Nothing was changed (dry run)."
    else:
        yield f"In place, as vintage: {release.vintage}. The table as it was: {kept}"


def as_record(release: Release, moved: Sequence[Change | str] | None, kept: Path | None) -> dict[str, Any]:
    """Return the same as a dictionary for JSON."""
    told = (
        None
        if moved is None
        else [one if isinstance(one, str) else one.model_dump(mode="json") for one in moved]
    )
    return {
        "vintage": release.vintage,
        **asdict(release.changes),
        "moved": told,
        "kept": str(kept) if kept else None,
    }
