"""The foot of a chapter: what it was run with, how to rerun it, how to cite it, where to get it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from careshift.citation import Work
from careshift.pages.safe_text import Markdown, escape, html_block, html_text
from careshift.parameters import Parameter, Value
from careshift.site import Site


def colophon(
    run: str,
    chapter: str,
    declared: Mapping[str, Parameter],
    given: Mapping[str, Value],
    work: Work,
    site: Site,
) -> Markdown:
    """Return the last sections of the page of a run: parameters, commands, files, citation.

    `given` holds what the run sets apart from the chapter's defaults. The staged book has the files
    `notebooks/RUN.ipynb`, `cite/RUN.bib` and `cite/RUN.ris`.
    """
    return Markdown(
        "\n\n".join(
            [
                "## This page: parameters, files, citation",
                parameters_table(declared, given),
                "This page comes from one of these two commands, called in the folder of the project; the "
                "first also prints the verdicts. To change a parameter, add it in the same way.",
                fenced("bash", f"{rerun(run, chapter, given)}\n{papermill(run, chapter, declared, given)}"),
                files(run, chapter, site),
                f"To cite this page: {escape(work.sentence)}",
                f"::::{{dropdown}} BibTeX\n{fenced('bibtex', work.bibtex)}\n::::",
            ]
        )
    )


def parameters_table(declared: Mapping[str, Parameter], given: Mapping[str, Value]) -> Markdown:
    """Return the parameters of a run with their values; those that differ from the default say so."""
    heads = "".join(f'<th scope="col">{words}</th>' for words in ("Parameter", "Value", "What it is"))
    return html_block(
        '<table class="table careshift-table words parameters">',
        "<caption>The parameters this page was run with</caption>",
        f"<thead><tr>{heads}</tr></thead><tbody>",
        *(_row(parameter, given.get(name, parameter.default)) for name, parameter in declared.items()),
        "</tbody></table>",
    )


def rerun(run: str, chapter: str, given: Mapping[str, Value]) -> str:
    """Return the command that makes this page's notebook again and prints its verdicts."""
    chosen = [word for name, value in given.items() for word in ("-p", f"{name}={value}")]
    return shlex.join(["careshift", "run", chapter, *chosen, "-o", _output(run)])


def papermill(run: str, chapter: str, declared: Mapping[str, Parameter], given: Mapping[str, Value]) -> str:
    """Return the same with plain papermill; `-r` keeps a text a text, where `-p` turns "007" into 7."""
    flags = {name: "-r" if declared[name].type == "str" else "-p" for name in given}
    chosen = [word for name, value in given.items() for word in (flags[name], name, str(value))]
    return shlex.join(["papermill", f"chapters/{chapter}.ipynb", _output(run), *chosen])


def files(run: str, chapter: str, site: Site) -> str:
    """Return the downloads of a page and, where the repository has an address, the links that lead there."""
    links = [
        f"{{download}}`Executed notebook </notebooks/{run}.ipynb>`",
        f"{{download}}`Citation (BibTeX) </cite/{run}.bib>`",
        f"{{download}}`Citation (RIS) </cite/{run}.ris>`",
    ]
    source = f"chapters/{chapter}.ipynb"
    outside = {"Code at this commit": site.code(source), "Launch on Binder": site.binder(source)}
    links += [f"[{words}](<{address}>)" for words, address in outside.items() if address]
    return " · ".join(links)


def fenced(language: str, text: str) -> str:
    """Return a text as a block of code, in a fence that no run of backticks in it can close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _output(run: str) -> str:
    return f"{run.rsplit('/', 1)[-1]}.ipynb"


def _row(parameter: Parameter, value: Value) -> str:
    default = "" if value == parameter.default else f" (by default {_code(parameter.default)})"
    words = f"<td>{_code(value)}{default}</td><td>{html_text(parameter.help)}</td>"
    return f'<tr><th scope="row">{_code(parameter.name)}</th>{words}</tr>'


def _code(value: Value) -> str:
    return f"<code>{html_text(value)}</code>"
