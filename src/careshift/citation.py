"""How to cite the book, a page of it or a claim: as a sentence, as BibTeX, as RIS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from careshift import exports
from careshift.claims import Claim
from careshift.site import Site

SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
}


@dataclass(frozen=True)
class Work:
    """What is cited: a page of the book, or a claim's entry on it."""

    key: str
    title: str
    authors: tuple[str, ...]
    book: str
    version: str
    year: str
    address: str | None = None

    @property
    def sentence(self) -> str:
        """Return the citation as a reader would write it."""
        where = f" {self.address}" if self.address else ""
        names = " and ".join(self.authors)
        return f"{names} ({self.year}). {self.title}. In: {self.book}, version {self.version}.{where}"

    @property
    def bibtex(self) -> str:
        """Return the citation as one BibTeX record."""
        fields = {
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.authors),
            "title": f"{{{_tex(self.title)}}}",
            "booktitle": _tex(self.book),
            "year": _tex(self.year),
            "note": _tex(f"Version {self.version}"),
            **({"url": self.address} if self.address else {}),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@incollection{{{self.key},\n{lines}\n}}\n"

    @property
    def ris(self) -> str:
        """Return the citation as one RIS record."""
        fields = [
            ("TY", "CHAP"),
            *(("AU", name) for name in self.authors),
            ("TI", self.title),
            ("T2", self.book),
            ("PY", self.year),
            ("ET", self.version),
            ("ID", self.key),
            *([("UR", self.address)] if self.address else []),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields)


def of_page(name: str, title: str, site: Site) -> Work:
    """Return how to cite a page such as "chapters/wales/money"."""
    return _work(name.removeprefix("chapters/"), title, site, site.page(name))


def of_claim(claim: Claim, page: str, site: Site) -> Work:
    """Return how to cite a claim's entry, which stands on this page."""
    address = site.page(page)
    title = f"Claim {claim.id}: {claim.says}"
    return _work(claim.anchor, title, site, f"{address}#{claim.anchor}" if address else None)


def records(works: Iterable[Work]) -> tuple[str, str]:
    """Return the citations of several works as the texts of a BibTeX and of a RIS file."""
    listed = list(works)
    return "\n".join(work.bibtex for work in listed), "\r\n".join(work.ris for work in listed)


def _work(name: str, title: str, site: Site, address: str | None) -> Work:
    about = exports.citation()
    return Work(
        key=f"careshift-{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}",
        title=_line(title),
        authors=tuple(author["name"] for author in about["authors"]),
        book=site.title,
        version=about["version"],
        year=site.year,
        address=address,
    )


def _tex(text: str) -> str:
    """Return the text with what TeX gives a meaning made inert."""
    return re.sub(r"[\\~^&%$#_{}]", lambda found: SPECIAL.get(found[0], f"\\{found[0]}"), _line(text))


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
