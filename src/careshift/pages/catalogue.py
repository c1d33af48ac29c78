"""The data catalogue: every table with publisher, address, vintage, licence, caveats and columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from careshift import tables
from careshift.pages.blocks import captioned
from careshift.pages.safe_text import Markdown, escape
from careshift.project import quoted


def catalogue() -> Markdown:
    """Return the data catalogue: every table with publisher, address, vintage, licence, caveats, columns."""
    head = [
        "(catalogue)=\n# The data",
        "Every table the book uses, with where it comes from. A table is made from the publisher's raw file "
        "by a reader in the repository; the raw file's checksum says which file that was.",
    ]
    return Markdown("\n\n".join([*head, *(_described(tables.describe(n)) for n in tables.names())]) + "\n")


def linked(thing: Mapping[str, str]) -> str:
    """Return the title of a source or a licence, as a link where it has an address."""
    title = escape(thing["title"])
    return f"[{title}](<{thing['path']}>)" if thing.get("path", "").startswith("https://") else title


def _described(about: dict[str, Any]) -> str:
    raw = [
        f"`{quoted(r['file'], 200)[1:-1].replace('`', '')}` (SHA-256 `{r['sha256'][:16]}…`)"
        for r in about.get("raw", [])
    ]
    fields = [
        f"| `{f['name']}` | {escape(f.get('description', f.get('title', '')))} |"
        for f in about["schema"]["fields"]
    ]
    lines = [
        f"(table-{about['name']})=\n## {escape(about['title'])}",
        escape(about["description"]),
        f"- **Publisher**: {escape(about['publisher'])}",
        f"- **Vintage**: {escape(about['vintage'])}; **coverage**: {escape(about['coverage'])}",
        f"- **Source**: {'; '.join(linked(s) for s in about['sources'])}",
        f"- **Licence**: {'; '.join(linked(s) for s in about['licenses'])}",
        *([f"- **Raw file**: {'; '.join(raw)}"] if raw else []),
        *_newer(about),
        *(f"- **Caveat**: {escape(caveat)}" for caveat in about.get("caveats", [])),
        f"- **File**: {{download}}`{about['path']} </data/{about['path']}>`",
    ]
    head = ["| Column | What it holds |", "|---|---|"]
    table = captioned(f"The columns of {about['name']}", "columns", [*head, *fields])
    return "\n".join([lines[0], "", lines[1], "", *lines[2:], "", table])


def _newer(about: dict[str, Any]) -> list[str]:
    """Return the lines on newer releases: layouts that an import reads, addresses that a fetch asks."""
    layouts = [raw["layout"] for raw in about.get("raw", []) if "layout" in raw][:1]
    if not layouts:
        return []
    layouts += [other["layout"] for other in about.get("other_readers", [])]
    own = any(layout.startswith("publisher") for layout in layouts)
    missing = "" if own else " The publisher's own layout was not at hand, so it is not read."
    lines = [f"- **Layouts that are read**: {escape('; '.join(layouts))}.{missing}"]
    for asked in about.get("downloads", []):
        host = urlsplit(asked.get("url") or asked["index"]).netloc
        sure = (
            f"verified {asked['verified']}"
            if asked["verified"]
            else "not verified, as no download has succeeded yet"
        )
        lines.append(f"- **Newer release**: {escape(asked['file'])} at {escape(host)} (address {sure})")
    return lines
