"""An executed notebook as one HTML file that stands alone: no script, nothing from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt

from careshift.figures import MIME
from careshift.project import CODE
from careshift.typography import unbroken_html

STYLE = CODE / "examples" / "report.css"
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
WORDS = MarkdownIt("commonmark", {"html": False}).enable("table")


def page(cells: Sequence[Mapping[str, Any]], title: str) -> str:
    """Return the cells of an executed notebook as an HTML page: words and outputs, then all code in a fold.

    Whatever its outputs carry is shown and never obeyed: texts are escaped, pictures are images, and the
    page's own policy forbids scripts and everything from elsewhere.
    """
    body = unbroken_html("\n".join(part for cell in cells for part in _cell(cell)))
    code = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{escape(title)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
{body}
<h2>The code of this page</h2>
<details><summary>Show the code</summary><pre><code>{escape(code)}</code></pre></details>
</main>
</body>
</html>
"""


def _cell(cell: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a cell shows."""
    if cell["cell_type"] == "markdown":
        yield WORDS.render("".join(cell["source"]))
        return
    for output in cell["outputs"]:
        data = {kind: _text(content) for kind, content in output.get("data", {}).items() if kind != MIME}
        if MIME in output.get("data", {}):
            yield _figure(output["data"][MIME], data["image/svg+xml"])
        elif "text/html" in data:
            yield data["text/html"]  # a table of ours, made from escaped values
        elif "text/markdown" in data:
            yield WORDS.render(data["text/markdown"])
        elif data:
            yield f"<pre>{escape(data['text/plain'])}</pre>"


def _text(content: Any) -> str:
    return "".join(content) if isinstance(content, list) else str(content)


def _figure(words: Mapping[str, Any], svg: str) -> str:
    """Return a figure: its title, the picture as an image, and its data in a fold."""
    picture = base64.b64encode(svg.encode()).decode()
    return (
        f"<figure><figcaption>{escape(words['title'])}</figcaption>\n"
        f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(words["alt"])}">\n'
        f"<details><summary>The data of the figure</summary><pre>{escape(words['csv'])}</pre></details>\n"
        "</figure>"
    )
