"""The addresses of the book, from `_config.yml`: of its pages and of its code. Both may be empty."""

from __future__ import annotations

import datetime
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import yaml

from careshift.project import ROOT, CareshiftError

CONFIG = ROOT / "_config.yml"
BINDER = "https://mybinder.org/v2"


class SiteError(CareshiftError):
    """A setting that is no web address; the text names it and says what would be right."""


@dataclass(frozen=True)
class Site:
    """The book's title and year, and the two addresses; a link that needs an empty one is None."""

    title: str
    year: str
    address: str = ""
    repository: str = ""

    def page(self, name: str) -> str | None:
        """Return the public address of a page such as "chapters/wales/money"."""
        return f"{self.address}{name}.html" if self.address else None

    def code(self, path: str) -> str | None:
        """Return the address of a file of the repository as it was when the book was made."""
        return f"{self.repository}/blob/{self.commit}/{quote(path)}" if self.repository else None

    def binder(self, path: str) -> str | None:
        """Return the address that opens a notebook of the repository on Binder."""
        if not self.repository:
            return None
        parts = urlsplit(self.repository)
        place = (
            f"gh{parts.path}" if parts.netloc == "github.com" else f"git/{quote(self.repository, safe='')}"
        )
        return f"{BINDER}/{place}/{self.commit}?labpath={quote(path, safe='')}"

    @cached_property
    def commit(self) -> str:
        """Return the commit that the book is made from; HEAD where the files are in no repository."""
        return _git("rev-parse", "HEAD") or "HEAD"

    @cached_property
    def made_on(self) -> str:
        """Return the day of that commit, such as "30 November 2026"; nothing where there is no repository."""
        said = _git("log", "-1", "--format=%cs")
        day = datetime.date.fromisoformat(said) if said else None
        return f"{day.day} {day:%B %Y}" if day else ""


def _git(*words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (fixed words)
            ["git", *words],  # noqa: S607 (the user's own git)
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


@cache
def load(file: Path = CONFIG) -> Site:
    """Read the settings. Raises SiteError for an address that is not one of the web."""
    said: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    address = _checked("html.baseurl", (said.get("html") or {}).get("baseurl") or "")
    return Site(
        title=said["title"],
        year=str(said["copyright"]),
        address=f"{address}/" if address else "",
        repository=_checked("repository.url", (said.get("repository") or {}).get("url") or "").removesuffix(
            ".git"
        ),
    )


def _checked(setting: str, address: str) -> str:
    parts = urlsplit(address)
    if address and (
        parts.scheme not in ("http", "https") or not parts.netloc or set(address) & set("\"'<> \\`")
    ):
        raise SiteError(
            f"_config.yml, {setting}: {address!r} is no web address. Write https://… or leave it empty."
        )
    return address.rstrip("/")
