"""Sentences for a page, in which no value can become markup."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from careshift.chapter_summary import TITLE
from careshift.inert_text import printable
from careshift.project import CareshiftError
from careshift.typography import minus

MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~$^@&!])")  # what Markdown, MyST and HTML give a meaning anywhere
OPENING = re.compile(r"^(\d*)([-+=%:]|[.)](?!\d))")  # what would start a list, a rule, a comment or a fence


def escape(text: object) -> str:
    """Return the text as inert Markdown on one line: markup escaped, control characters dropped."""
    safe = MARKUP.sub(r"\\\1", printable(text))
    return OPENING.sub(r"\1\\\2", safe)


class Markdown(str):
    """Markdown made here, from escaped values: shown as such, and never escaped a second time."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)


def say(template: str, **values: object) -> Markdown:
    """Return a sentence whose numbers come from evidence: `say("{fall:.1f} % lower", fall=fall)`.

    Texts among the values are escaped; a negative number gets a true minus. Raises CareshiftError for a
    missing or non-finite value, so that no sentence has a blank.
    """
    for name, value in values.items():
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            raise CareshiftError(f"The sentence needs {name}, which is {value}: {template[:60]}...")
    safe = {
        k: escape(v) if isinstance(v, str) and not isinstance(v, Markdown) else v for k, v in values.items()
    }
    try:
        return Markdown(minus(template.format(**safe)))
    except KeyError as missing:
        raise CareshiftError(
            f"The sentence needs {missing}, which was not given: {template[:60]}..."
        ) from None


@dataclass(frozen=True)
class Title:
    """The title of a page of one area: staging puts it in the place of the notebook's own."""

    text: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:
        return {"text/plain": self.text, TITLE: self.text}


def html_text(text: object) -> str:
    """Return the text as inert HTML on one line, safe in an attribute and inside a Markdown fence."""
    return html.escape(printable(text)).replace("`", "&#96;")


def as_attribute(value: object) -> str:
    """Return a value as JSON for an attribute in single quotes, which no word of it can leave."""
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return html_text(told).replace("&quot;", '"')


def html_block(*lines: str) -> Markdown:
    """Return lines of HTML, made here from escaped values, as a block of a Markdown page."""
    return Markdown("\n".join(["``````{raw} html", *lines, "``````"]))
