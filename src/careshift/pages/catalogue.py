"""The data catalogue: every table with publisher, address, vintage, licence, caveats and columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from careshift import tables
from careshift.pages.blocks import captioned
from careshift.pages.markup import Markdown, escape
from careshift.project import quoted


def catalogue() -> Markdown:
    """Answer the data catalogue: every table with publisher, address, vintage, licence, caveats, columns."""
    head = [
        "(catalogue)=\n# The data",
        "Every table the book uses, with where it comes from. A table is made from the publisher's raw file "
        "by a reader in the repository; the raw file's checksum says which file that was.",
    ]
    return Markdown("\n\n".join([*head, *(_described(tables.describe(n)) for n in tables.names())]) + "\n")


def _described(about: dict[str, Any]) -> str:
    address: Callable[[dict[str, str]], str] = lambda s: (  # noqa: E731 (one expression, used twice)
        f"[{escape(s['title'])}](<{s['path']}>)"
        if s.get("path", "").startswith("https://")
        else escape(s["title"])
    )
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
        f"- **Source**: {'; '.join(address(s) for s in about['sources'])}",
        f"- **Licence**: {'; '.join(address(s) for s in about['licenses'])}",
        *([f"- **Raw file**: {'; '.join(raw)}"] if raw else []),
        *(f"- **Caveat**: {escape(caveat)}" for caveat in about.get("caveats", [])),
        f"- **File**: {{download}}`{about['path']} </data/{about['path']}>`",
    ]
    head = ["| Column | What it holds |", "|---|---|"]
    table = captioned(f"The columns of {about['name']}", "columns", [*head, *fields])
    return "\n".join([lines[0], "", lines[1], "", *lines[2:], "", table])
