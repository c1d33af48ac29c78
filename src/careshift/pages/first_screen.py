"""The first page: the question and its answer, the long trends, the graded questions, every claim counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from careshift import ledger
from careshift.certainty import Finding
from careshift.claims import OUTCOMES, Outcome
from careshift.ledger import Entry
from careshift.pages import known_answer
from careshift.pages.blocks import css_class, verdict_tag
from careshift.pages.safe_text import Markdown, html_block, html_text

LEDGER = "chapters/ledger"
QUESTION = "Did joining up health and social care shift care?"
MORE = (
    "How each grade is made, and what would change our mind, stands in [What is known]"
    "(/chapters/what_is_known/index.ipynb)."
)
GLOSSES: dict[Outcome, str] = {
    "reproduced": "outside data give the printed number",
    "close": "outside data fall just outside it",
    "depends on method": "as printed under some defensible choices",
    "differs": "outside under every defensible choice",
    "revised since": "only a later figure is at hand, and it is another",
    "bracketed": "outside data bound it, and neither confirm nor refute",
    "adds up": "fits other printed numbers; no test of the world",
    "does not add up": "another printed number contradicts it",
    "data wanted": "nothing at hand tests it; the entry says what would",
    "reported": "a view that no data decide",
}
DEEP = 4  # squares on top of each other


def first_screen(
    judged: Sequence[Entry], findings: Sequence[Finding] = (), charts: Sequence[Markdown] = ()
) -> Markdown:
    """Return what leads the book: the question, its answer, the long trends, the graded questions.

    An edition without the chapter on what is known has no findings, and nothing stands here.
    """
    if not findings:
        return Markdown("")
    causes = [entry for entry in ledger.counted(judged) if entry.claim.kind == "cause"]
    decided = sum(entry.verdict.held_against == "outside data" for entry in causes)
    words = known_answer.short_answer(findings, len(causes), decided)
    trends = ["::::::::{container} trends", *charts, "::::::::", known_answer.SIGNS] if charts else []
    return Markdown(
        "\n\n".join(
            [
                html_block(f"<h2>{QUESTION}</h2>", *(f'<p class="finding">{part}</p>' for part in words)),
                *trends,
                known_answer.graded_table(findings),
                MORE,
            ]
        )
    )


def counted(judged: Sequence[Entry]) -> Markdown:
    """Return the counts of all claims, the hardest test first, in words and as squares."""
    every = ledger.counts(judged)
    leading = ledger.counts([e for e in judged if e.claim.tier == "headline"])
    return html_block(
        f'<p class="answer">{_answer(judged)} {_answer_for_headlines(judged)}</p>',
        *denominator(every, leading, LEDGER),
    )


def _answer(judged: Sequence[Entry]) -> str:
    """Return the counts, the hardest test first."""
    held, hows, out = ledger.held(judged), ledger.hows(judged), ledger.counts(judged)
    return (
        f"<strong>{held['outside data']:,} claims could be held against data from outside the documents; "
        f"{out['reproduced']:,} of these agree.</strong> {hows['recomputed']:,} were recomputed from data "
        f"and {hows['read']:,} read in another text. {out['close']:,} are close, "
        f"{out['depends on method']:,} depend on the method and {out['differs']:,} differ. "
        f"{out['revised since']:,} have been revised since. "
        f"{out['bracketed']:,} could only be bracketed. Another "
        f"{held['own numbers'] + held['another document']:,} could only be held against printed numbers: "
        f"{out['adds up']:,} add up, {out['does not add up']:,} do not. {held['nothing']:,} could not be "
        f"tested yet. That makes {sum(held.values()):,} claims in all."
    )


def _answer_for_headlines(judged: Sequence[Entry]) -> str:
    leading = [e for e in ledger.counted(judged) if e.claim.tier == "headline"]
    held, out = ledger.held(leading), ledger.counts(leading)
    return (
        f"Of the {len(leading)} headline claims, which carry the documents' arguments, "
        f"{held['outside data']} meet outside data and {out['reproduced']} of these agree."
    )


def denominator(every: Mapping[Outcome, int], leading: Mapping[Outcome, int], folder: str) -> list[str]:
    """Return all claims as squares by verdict, in a table that also says the numbers and the meanings.

    `folder` leads from the page to the ledger's pages.
    """
    widest = -(-max(every.values()) // DEEP)
    rows = [_verdict_row(o, every[o], leading[o], widest, folder) for o in OUTCOMES]
    return [
        '<table class="denominator">',
        f"<caption>All {sum(every.values()):,} claims by outcome, a square each</caption>",
        '<thead><tr><th scope="col">Outcome</th><th scope="col">What it means</th>'
        '<th scope="col">All</th><th scope="col">Headline</th></tr></thead>',
        "<tbody>",
        *rows,
        "</tbody></table>",
    ]


def _verdict_row(outcome: Outcome, number: int, leading: int, widest: int, folder: str) -> str:
    address = html_text(f"{folder}/all.html?{urlencode({'verdict': outcome})}")
    return (
        f'<tr class="{css_class(outcome)}"><th scope="row">{verdict_tag(outcome)}</th>'
        f"<td>{GLOSSES[outcome]}</td>"
        f'<td><a href="{address}">{number:,}</a></td><td>{leading}</td>'
        f'<td aria-hidden="true">{_squares(number, widest)}</td></tr>'
    )


def _squares(number: int, widest: int) -> str:
    """Return as many squares as there are claims, column by column, on the scale of the widest row."""
    path = "".join(f"M{10 * (i // DEEP) + 1} {10 * (i % DEEP) + 1}h8v8h-8z" for i in range(number))
    return f'<svg viewBox="0 0 {10 * widest} {10 * DEEP}"><path d="{path}"/></svg>'
