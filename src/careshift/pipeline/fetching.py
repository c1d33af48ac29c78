"""Fetching a table's raw files: each is received, read by the table's readers, and only then put in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from careshift import downloads, tables
from careshift.downloads import Address, Trust
from careshift.project import CareshiftError
from careshift.readers import importing

UNVERIFIED = "address not verified: no download from it has succeeded yet"


@dataclass(frozen=True)
class Told:
    """What became of one file, in words, and whether it is there now."""

    text: str
    arrived: bool


def what_it_would_do(address: Address, folder: Path) -> str:
    """Return the line that tells an address without asking it."""
    there = folder / address.table / address.file
    have = f"here, SHA-256 {tables.sha256(there)[:12]}" if there.exists() else "not here yet"
    sure = f"address verified {address.verified}" if address.verified else UNVERIFIED
    found = f", the file with {address.match!r} in its name" if address.index else ""
    inside = f", of the archive there the file with {address.member!r} in its name" if address.member else ""
    return f"{address.table}: {address.index or address.url}{found}{inside} ({sure}; {have})"


def fetch(address: Address, folder: Path, tell: Callable[[str], None], trust: Trust | None = None) -> Told:
    """Fetch one file into the folder of its table and tell what became of it; never raises CareshiftError."""
    trust = trust or Trust(downloads.hosts())

    def progress(done: int, whole: int | None) -> None:
        share = f" of {whole / 1e6:,.1f}" if whole else ""
        tell(f"{address.file}: {done / 1e6:,.1f}{share} MB")

    def readable(file: Path) -> None:
        importing.read_raw(address.table, [file])

    try:
        file, changed = downloads.fetch(address, folder / address.table, trust, progress, readable)
    except CareshiftError as error:
        return Told(f"{address.file}: not fetched. {error}", False)
    if not changed:
        return Told(f"{file}: the same file as before.", True)
    return Told(f"{file}: new. Next: careshift import {file} --table {address.table} --dry-run", True)
