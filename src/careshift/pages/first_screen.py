"""The first screen: what holds and what does not, the whole denominator, five claims to begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from careshift import claims, ledger
from careshift.claims import OUTCOMES, Outcome
from careshift.ledger import Entry
from careshift.pages import entries, wording
from careshift.pages.blocks import css_class, printed_words, verdict_tag
from careshift.pages.safe_text import Markdown, html_block, html_text
from careshift.typography import rise_or_fall

LEDGER = "chapters/ledger"
# Over the three nations and two documents: what a hurried reader should have met.
FIVE = (
    "hendry2021/care-home-residents-below-expected",
    "hendry2021/emergency-bed-days-actual-2018-19",
    "kingsfund2013/emergency-admissions-faster-than-ageing",
    "kingsfund2013/ni-health-spending-highest",
    "kingsfund2013/table-7-admissions-improve",
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
ENDS = ("hendry2021/care-home-residents-below-expected", "hendry2021/emergency-bed-days-actual-2018-19")
FALL = "kingsfund2013/table-7-admissions-improve"
JOINED = "kingsfund2013/ni-integrated-since"
DEEP = 4  # squares on top of each other


def first_screen(judged: Sequence[Entry]) -> Markdown:
    """Return the block that leads the book."""
    every = ledger.counts(judged)
    leading = ledger.counts([e for e in judged if e.claim.tier == "headline"])
    return html_block(
        *finding(judged),
        f'<p class="answer">{_answer(judged)} {_answer_for_headlines(judged)}</p>',
        *denominator(every, leading, LEDGER),
        "<h2>Five to begin with</h2>",
        '<ul class="cards">',
        *(_card(found) for name in FIVE for found in judged if found.claim.id == name),
        "</ul>",
    )


def finding(judged: Sequence[Entry]) -> list[str]:
    """Return the book's question and its answer, with the ledger's numbers; nothing where one is missing."""
    by_id = {entry.claim.id: entry for entry in judged}
    if any(name not in by_id or by_id[name].verdict.span is None for name in ENDS) or FALL not in by_id:
        return []
    fell = rise_or_fall(-(by_id[FALL].verdict.derived or 0), 0)
    (low, high), (fewest, most) = (by_id[name].verdict.span or (0.0, 0.0) for name in ENDS)
    causes = [entry for entry in ledger.counted(judged) if entry.claim.kind == "cause"]
    return [
        "<h2>Did joining up health and social care shift care?</h2>",
        '<p class="finding">Some care moved. Whether joining up moved it has not been shown. In March 2019 '
        f"Scotland's care homes held {low:.0f} to {high:.0f} % fewer older residents than the rates of ten "
        "years before would have given. In 2018/19 people aged 65 and over used between "
        f"{fewest:.1f} and {most:.1f} million emergency bed days; no public figure says how many a growing "
        f"older population would have needed. In Wales emergency admissions for three conditions {fell} in "
        "one year, by the government's own figures; a change in coding could do that too. Northern Ireland "
        f"joined its services in {claims.find(JOINED).printed}, and hardly anybody has measured what came of "
        f"it. Of {len(causes)} claims that something is an effect, outside data decide none: that would take "
        "a comparison with places that did not join up, or not yet.</p>",
    ]


def _answer(judged: Sequence[Entry]) -> str:
    """Return the counts, the hardest test first."""
    held, hows, out = ledger.held(judged), ledger.hows(judged), ledger.counts(judged)
    return (
        f"<strong>Of {sum(held.values()):,} claims, {held['outside data']:,} could be held against data from "
        f"outside the documents; {out['reproduced']:,} of these come out as printed.</strong> "
        f"{hows['recomputed']:,} were recomputed from data and {hows['read']:,} read in another text. "
        f"{out['close']:,} are close, {out['depends on method']:,} depend on the method, "
        f"{out['differs']:,} differ, {out['revised since']:,} have been revised since, and "
        f"{out['bracketed']:,} could only be bracketed. Another "
        f"{held['own numbers'] + held['another document']:,} could only be held against printed numbers: "
        f"{out['adds up']:,} add up, {out['does not add up']:,} do not. {held['nothing']:,} could not be "
        "tested yet."
    )


def _answer_for_headlines(judged: Sequence[Entry]) -> str:
    leading = [e for e in ledger.counted(judged) if e.claim.tier == "headline"]
    held, out = ledger.held(leading), ledger.counts(leading)
    return (
        f"Of the {len(leading)} headline claims, which carry the documents' arguments, "
        f"{held['outside data']} meet outside data and {out['reproduced']} of these come out as printed."
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


def _card(found: Entry) -> str:
    claim, verdict = found.claim, found.verdict
    address = f"{LEDGER}/{entries.homes()[claim.id]}.html#{claim.anchor}"
    return (
        f'<li class="card-of-claim {css_class(verdict.outcome)}">'
        f"<p>{verdict_tag(verdict.outcome)}<br>{html_text(claim.area)}</p>"
        f'<p class="says"><a href="{address}">{html_text(claim.says)}</a></p>'
        f"<dl><div><dt>Printed</dt><dd>{html_text(printed_words(claim))}</dd></div>"
        f"<div><dt>We find</dt><dd>{html_text(wording.derived(claim, verdict))}</dd></div></dl></li>"
    )
