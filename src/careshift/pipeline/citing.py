"""One short name for a document wherever a page cites it: "Journey 2021", and not a title of twelve words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pybtex.style.template import field, first_of, optional
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import reference

if TYPE_CHECKING:
    from pybtex.style.template import Node
    from sphinx.application import Sphinx

STYLE = "short_names"


@dataclass
class ShortNames(AuthorYearReferenceStyle):
    """Authors and year, or the entry's `shorttitle` where `references.bib` gives one."""

    def inner(self, role_name: str) -> Node:
        """Return what is printed for one entry."""
        return first_of[optional[reference[field("shorttitle")]], super().inner(role_name)]


def register(app: Sphinx) -> None:
    """Let the configuration name this style."""
    register_plugin("sphinxcontrib.bibtex.style.referencing", STYLE, ShortNames)
