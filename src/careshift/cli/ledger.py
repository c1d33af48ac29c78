"""Commands that read the ledger: its claims listed, one ledger against another."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from careshift.claims import SOURCES, HeldAgainst, Outcome, Tier
from careshift.cli.console import LEDGER, AsJson, err, escape, out
from careshift.project import BUILD, CareshiftError, not_there, quoted

if TYPE_CHECKING:
    from careshift.ledger import Entry


Format = Literal["text", "lines", "json", "csv", "markdown"]


def list_claims(
    text: Annotated[list[str], typer.Argument(help="Words to look for.")] = [],  # noqa: B006
    outcome: Annotated[Outcome | None, typer.Option(help="Only claims with this outcome.")] = None,
    held_against: Annotated[HeldAgainst | None, typer.Option(help="Only claims held against this.")] = None,
    source: Annotated[str | None, typer.Option(help=f"Only claims of: {', '.join(SOURCES)}.")] = None,
    area: Annotated[
        str | None, typer.Option(help="Only claims about this nation or place, by name or code.")
    ] = None,
    tier: Annotated[Tier | None, typer.Option(help="Only claims of this weight.")] = None,
    id: Annotated[str | None, typer.Option(help="Show this claim whole.")] = None,
    form: Annotated[
        Format, typer.Option("--format", help="text fits the terminal; lines has one line a claim.")
    ] = "text",
    as_json: AsJson = False,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the entry of the claim, where one is found.")
    ] = False,
    file: Annotated[Path, typer.Option("--ledger", help="Another ledger.json.", show_default=False)] = LEDGER,
) -> None:
    """List the claims of the five documents with their verdicts, or show one whole.

    A claim is listed where it has every word, in any form, or a phrase that says the same ("bed blocking"
    finds delayed discharge). A number is found whole: 20 is not in 120. Text fits the width of the terminal;
    into a pipe goes one line a claim. The exit code is 0, also where no claim is found.

    Examples:

      careshift claims home care Glasgow --tier headline

      careshift claims --area Glasgow --outcome reproduced

      careshift claims --held-against "outside data" --source hendry2021 --format csv

      careshift claims --id hendry2021/care-home-residents-below-expected --open

      careshift claims --outcome differs --json
    """
    from careshift import ledger

    if source not in (None, *SOURCES):
        raise CareshiftError(f'There is no source "{source}"; the sources are {", ".join(SOURCES)}.')
    entries, words = read_ledger(file), " ".join(text)
    areas = areas_named(area, entries) if area else None
    asked = {"outcome": outcome, "held_against": held_against, "source": source, "area": areas, "tier": tier}
    found = ledger.select(entries, **asked, text=words)  # type: ignore[arg-type]
    if id:
        found = [entry for entry in found if entry.claim.id == id]
        if not found:
            raise CareshiftError(no_claim(id, entries))
    show(found, "json" if as_json else form, whole=bool(id))
    if not (id or as_json) and form in ("text", "lines"):
        for hint in hints(found, entries, words, asked):
            err.print(escape(hint), soft_wrap=not fits(form))
        out.print(f"{len(found)} of {len(entries)} claims.")
    if open_page:
        open_entry(found)


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


def show(found: list[Entry], form: Format, whole: bool) -> None:
    """Print claims in a format: whole, fitted to the terminal, one line each, or for other programs."""
    import json

    from careshift import exports, ledger
    from careshift.pages import terminal

    if form == "json":
        print(json.dumps([ledger.as_record(entry) for entry in found], indent=1))
    elif form == "csv":
        print(exports.as_csv(found), end="")
    elif form == "markdown":
        print(terminal.markdown(found))
    else:
        for entry in found:
            line = terminal.fitted(entry, out.width) if fits(form) else terminal.line(entry)
            out.print(escape(terminal.whole(entry) if whole else line), soft_wrap=True)


def fits(form: Format) -> bool:
    """Return whether text is fitted to a width: that of the terminal, or one that the environment names."""
    return form == "text" and (out.is_terminal or "COLUMNS" in os.environ)


def hints(found: list[Entry], entries: list[Entry], words: str, asked: Mapping[str, object]) -> Iterator[str]:
    """Yield what else was looked for and, where no claim was found, what keeps them away."""
    from careshift import claim_search, ledger

    if words and (others := claim_search.alike(words)):
        yield f"Looked for too: {', '.join(others)}."
    if not found and words:
        for word in claim_search.missing([entry.claim for entry in entries], words):
            yield f"No claim has {word}."
        for name in [name for name, value in asked.items() if value is not None]:
            rest = ledger.select(entries, **{**asked, name: None}, text=words)  # type: ignore[arg-type]
            if rest:
                yield f"Without --{name.replace('_', '-')}: {len(rest)} claims."


def open_entry(found: list[Entry]) -> None:
    """Open the page with the entry of the one claim found, and say its address.

    Raises CareshiftError where not one claim is found, or neither the built book nor its address is there.
    """
    from careshift import site
    from careshift.pages import entries as entry_pages

    if len(found) != 1:
        raise CareshiftError(f"{len(found)} claims are found; --open needs one. Say more words, or --id.")
    claim = found[0].claim
    page = f"chapters/ledger/{entry_pages.homes()[claim.id]}"
    built = BUILD / "html" / f"{page}.html"
    address = built.resolve().as_uri() if built.is_file() else site.load().page(page)
    if address is None:
        raise CareshiftError("There is no book to open yet. Build it: careshift book")
    out.print(escape(f"{address}#{claim.anchor}"), soft_wrap=True)
    typer.launch(f"{address}#{claim.anchor}")


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
