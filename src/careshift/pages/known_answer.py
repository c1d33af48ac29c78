"""The book's answer for its first page: about 150 words, and the graded questions as a short table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from careshift.certainty import Finding
from careshift.pages.known_words import HOME, between, eve, joined, moved, sentence, size
from careshift.pages.safe_text import Markdown, html_block, html_text

SIGNS = (
    "Blue is what was counted, orange what earlier rates would have given. Grey and green count other "
    "people, or in another way. Thin lines mark free personal care, the agreement in Highland, the Act, its "
    "full start and the pandemic."
)
CHAPTER = "chapters/what_is_known/index.html"


def short_answer(findings: Sequence[Finding], causes: int, decided: int) -> tuple[str, str]:
    """Return the book's answer in about 150 words, every number from the findings and the ledger.

    Two paragraphs as HTML: Scotland, then the other nations and what has been tested.
    """
    at = {(found.id, found.place): found for found in findings}
    mine = [found for found in findings if found.place == HOME]
    parts = [
        joined(),
        sentence(at["care-homes", HOME]),
        eve(at["care-homes", HOME]),
        sentence(at["emergency-admissions", HOME]),
        sentence(at["bed-days", HOME]),
        _delays(at["delays", HOME]),
        _at_home(at["care-at-home", HOME]),
        "We found no figure of what joining up saved." if not at["money-saved", HOME].readings else "",
    ]
    first = " ".join([_opening(mine), *map(html_text, filter(None, parts))])
    return first, html_text(
        " ".join(filter(None, [_elsewhere(at), _causes(causes, decided), at["delays", HOME].compared]))
    )


def _opening(mine: Sequence[Finding]) -> str:
    some = any(found.answer == "Yes" for found in mine)
    shown = [found for found in mine if found.caused in ("high", "moderate")]
    first = "Some care moved." if some else "No move of care can be shown."
    second = (
        f"For {len(shown)} of {len(mine)} questions a test points to joining up."
        if shown
        else "Whether joining up moved it has not been shown."
    )
    return f"<strong>{first} {second}</strong>"


def _delays(found: Finding) -> str:
    if found.direction != "both":
        return sentence(found)
    turned = "Delays in leaving hospital fell at first, and rose again."
    return turned if _turned(found) else "Delays moved both ways."


def _turned(found: Finding) -> bool:
    """Return whether the early waits fell while the latest beds rose: the last two of its readings."""
    early, late = found.readings[-2:]
    return early.value < 0 < late.value


def _at_home(found: Finding) -> str:
    people, hours = found.readings[:2]
    if people.value < 0 < hours.value:
        return f"From {found.period} {size(people.value)} fewer people got home care, but for more hours."
    return sentence(found)


def _elsewhere(at: Mapping[tuple[str, str], Finding]) -> str:
    welsh = at["emergency-admissions", "Wales"]
    irish = at["emergency-admissions", "Northern Ireland"]
    return " ".join(
        f"In {place} {found.what} {moved(found.readings[0].value)} from {found.period}."
        for place, found in (("Wales", welsh), ("Northern Ireland", irish))
        if found.readings
    )


def _causes(causes: int, decided: int) -> str:
    told = "none" if not decided else f"{decided}"
    return f"Of {causes} claims that something is an effect, outside data decide {told}."


def graded_table(findings: Sequence[Finding], chapter: str = CHAPTER) -> Markdown:
    """Return the questions on Scotland as a short table for the first page, each a link to its section."""
    heads = ("Question", "Answer", "What came out", "How sure: what happened", "How sure: joining up did it")
    caption = "The questions, with how sure we are"
    rows = [_graded_row(found, heads, chapter) for found in findings if found.place == HOME]
    return html_block(
        f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}">',
        '<table class="careshift-table words graded">',
        f"<caption><span>{caption}</span></caption>",
        "<thead><tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead>",
        "<tbody>",
        *rows,
        "</tbody></table></div>",
    )


def _graded_row(found: Finding, heads: Sequence[str], chapter: str) -> str:
    link = f'<a href="{html_text(chapter)}#known-{found.id}">{html_text(found.question)}</a>'
    cells = (f"<strong>{html_text(found.answer)}</strong>", *map(html_text, _brief(found)))
    pairs = zip(cells, heads[1:], strict=True)
    return (
        f'<tr><th scope="row">{link}</th>'
        + "".join(f'<td data-label="{head}">{cell}</td>' for cell, head in pairs)
        + "</tr>"
    )


def _brief(found: Finding) -> tuple[str, str, str]:
    happened = f"Readings run {between(found)}." if found.direction == "both" else sentence(found)
    design = found.test.design if found.test else found.design
    cause = found.caused if design == "none" else f"{found.caused} ({design})"
    return happened, found.happened, cause
