"""Formulas as MathML, which browsers show without a script and screen readers read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml

from careshift.project import CareshiftError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "mathml"


def register(app: Sphinx) -> None:
    """Make MathML known to Sphinx as a way to write formulas; `html_math_renderer` chooses it."""
    app.add_html_math_renderer(NAME, (inline, None), (block, None))


def inline(writer: Any, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    writer.body.append(mathml(node.astext(), as_block=False))
    raise nodes.SkipNode


def block(writer: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own; where it is wider than the screen, it scrolls."""
    formula = mathml(node.astext(), as_block=True)
    writer.body.append(
        f'<div class="formula" tabindex="0" role="group" aria-label="Formula">{formula}</div>\n'
    )
    raise nodes.SkipNode


def mathml(tex: str, as_block: bool) -> str:
    """Return a TeX formula as MathML. Raises CareshiftError, with the formula, where that cannot be done."""
    try:
        made: str = tex2mathml(tex, as_block=as_block)
    except MathError as error:
        raise CareshiftError(f"The formula {tex!r} cannot be written as MathML: {error}") from error
    return made
