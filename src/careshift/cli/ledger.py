"""Commands that read the ledger: its claims listed, one ledger against another."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careshift.claims import SOURCES, HeldAgainst, Outcome, Tier
from careshift.cli.console import LEDGER, AsJson, err, escape, out
from careshift.project import CareshiftError, not_there, quoted

if TYPE_CHECKING:
    from careshift.ledger import Entry


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

      careshift claims --area Glasgow

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
    words = " ".join(text)
    found = [
        entry
        for name in (areas_named(area, entries) if area else (None,))
        for entry in ledger.select(entries, outcome, held_against, source, name, tier, words)
    ]
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


def areas_named(text: str, entries: list[Entry]) -> list[str]:
    """Return the nations or places of claims that a name or a code means, told where the name is another.

    Raises CareshiftError, naming the nearest, where no claim is about such a place.
    """
    from careshift import places
    from careshift.ledger import NATIONS

    held = {entry.claim.area for entry in entries if entry.claim.area} | set(NATIONS)
    same = [name for name in held if name.lower() == text.lower()]
    meant = {place.current or place.code for place in places.find(text)}
    found = same or [n for n in held if meant & {place.current or place.code for place in places.find(n)}]
    if not found:
        known = ", ".join(str(place) for place in places.find(text)) or quoted(text)
        near = difflib.get_close_matches(text, sorted(held), n=3, cutoff=0.5)
        hint = f"Nearest: {', '.join(near)}." if near else f"Places: {', '.join(sorted(held))}."
        raise CareshiftError(f"No claim is about {known}. {hint}")
    if not same:
        err.print(escape(f"{quoted(text)} is {', '.join(sorted(found))}."), soft_wrap=True)
    return sorted(found)


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
