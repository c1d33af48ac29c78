"""Finish a compiled book: drop what none of its pages uses, list its pages for search engines."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

# What the theme ships for other books: source maps, translations, icon fonts, other projects' logos.
UNUSED = (
    "**/*.map",
    "**/*.LICENSE.txt",
    "_static/locales",
    "_static/vendor",
    "_static/images",
    "_static/*webpack-macros.html",
    "_static/scripts/bootstrap.js",
    "_static/scripts/fontawesome.js",
    "_static/base-stemmer.js",
    "_static/porter-stemmer.js",
    "_static/file.png",
    "_static/plus.png",
    "_static/minus.png",
    ".buildinfo",
)
NAMES = re.compile(r"(?:class|id)=\"([^\"]*)\"")
WORD = re.compile(r"-?[A-Za-z_][\w-]*")
MAP = re.compile(r"\n?(?://|/\*)# sourceMappingURL=\S+(?: \*/)?")
SELECTED = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
NEGATED = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)


def sitemap(site: Path, address: str) -> None:
    """Write sitemap.xml with the public address of every page; without an address, nothing."""
    if not address:
        return
    pages = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html") if "_static" not in p.parts)
    places = "".join(
        f"<url><loc>{escape(address + quote(p))}</loc></url>\n" for p in pages if p != "404.html"
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    site.joinpath("sitemap.xml").write_text(f"{head}{places}</urlset>\n", encoding="utf-8")


def slim(site: Path) -> None:
    """Drop from a compiled book what no page uses; the pages stay as they are."""
    for pattern in UNUSED:
        for path in list(site.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    scripts = list((site / "_static").rglob("*.js"))
    for script in scripts:
        script.write_text(MAP.sub("", script.read_text(encoding="utf-8")), encoding="utf-8")
    words = used(site.rglob("*.html"), scripts)
    for sheet in (site / "_static").rglob("*.css"):
        sheet.write_text("".join(kept(sheet.read_text(encoding="utf-8"), words)), encoding="utf-8")


def used(pages: Iterable[Path], scripts: Iterable[Path]) -> set[str]:
    """Return every class and id of the pages, and every word of the scripts, which may set more."""
    words: set[str] = set()
    for page in pages:
        for names in NAMES.findall(page.read_text(encoding="utf-8")):
            words.update(names.split())
    for script in scripts:
        words.update(WORD.findall(script.read_text(encoding="utf-8")))
    return words


def kept(sheet: str, words: set[str]) -> Iterator[str]:
    """Yield the rules of a style sheet that can apply: all that they select is among the words."""
    for prelude, body in rules(MAP.sub("", COMMENT.sub("", sheet))):
        head = prelude.strip()
        if body is None:
            yield prelude
        elif head.startswith(("@media", "@supports", "@layer")):
            inner = "".join(kept(body, words))
            if inner.strip():
                yield f"{prelude}{{{inner}}}"
        elif head.startswith("@font-face"):
            if "fontawesome" not in body:
                yield f"{prelude}{{{body}}}"
        elif head.startswith("@") or any(applies(part, words) for part in selectors(head)):
            yield f"{prelude}{{{body}}}"


def rules(sheet: str) -> Iterator[tuple[str, str | None]]:
    """Yield each rule as what stands before its braces and in them; a statement without braces has None."""
    start, depth, opened, quote = 0, 0, 0, ""
    for at, sign in enumerate(sheet):
        if quote:
            quote = "" if sign == quote and sheet[at - 1] != "\\" else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "{":
            opened = at if depth == 0 else opened
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield sheet[start:opened], sheet[opened + 1 : at]
                start = at + 1
        elif sign == ";" and depth == 0:
            yield sheet[start : at + 1], None
            start = at + 1


def selectors(head: str) -> list[str]:
    """Return the selectors of a list, parted at the commas that no bracket holds."""
    parts, depth = [""], 0
    for sign in head:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def applies(selector: str, words: set[str]) -> bool:
    """Return whether every class and id that the selector needs is among the words."""
    plain = NEGATED.sub("", re.sub(r"\"[^\"]*\"", "", selector))
    if "\\" in plain or re.search(r":(is|where|has)\(", plain):
        return True
    return all(name in words for name in SELECTED.findall(plain))
