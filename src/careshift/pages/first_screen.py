"""The first screen: what holds and what does not, the whole denominator, five claims to begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from careshift import ledger
from careshift.claims import OUTCOMES, Outcome
from careshift.ledger import Entry
from careshift.pages import entries, wording
from careshift.pages.blocks import printed_words, verdict_tag
from careshift.pages.safe_text import Markdown, html_block, html_text

LEDGER = "chapters/ledger"
# One verdict each, over the three nations and two documents: what a hurried reader should have met.
FIVE = (
    "hendry2021/care-home-residents-below-expected",
    "hendry2021/more-people-at-home",
    "kingsfund2013/ni-health-spending-highest",
    "hendry2021/change-fund-share",
    "kingsfund2013/table-7-copd-admissions-fall",
)
GLOSSES: dict[Outcome, str] = {
    "reproduced": "our number is the printed one, as rounded",
    "close": "just outside, same conclusion",
    "depends on method": "as printed under some defensible choices",
    "differs": "outside under every defensible choice",
    "inconsistent": "a document contradicts itself or another",
    "not testable": "needs data that are not public",
    "reported": "an interview count or a policy fact",
}
DEEP = 4  # squares on top of each other
HOLDS: tuple[Outcome, ...] = ("reproduced", "close")
FAILS: tuple[Outcome, ...] = ("differs", "inconsistent")


def first_screen(judged: Sequence[Entry]) -> Markdown:
    """Return the block that leads the book."""
    every = ledger.counts(judged)
    leading = ledger.counts([e for e in judged if e.claim.tier == "headline"])
    return html_block(
        f'<p class="answer">{_answer(every)} {_grounds(judged, every)} {_answer_for_headlines(leading)}</p>',
        *denominator(every, leading, LEDGER),
        "<h2>Five to begin with</h2>",
        '<ul class="cards">',
        *(_card(found) for name in FIVE for found in judged if found.claim.id == name),
        "</ul>",
    )


def _answer(of: Mapping[Outcome, int]) -> str:
    tested = sum(of[o] for o in (*HOLDS, "depends on method", *FAILS))
    return (
        f"<strong>Of {tested:,} statements that could be tested, {sum(of[o] for o in HOLDS):,} hold, "
        f"{of['depends on method']:,} depend on the method and {sum(of[o] for o in FAILS):,} do not hold."
        "</strong>"
    )


def _grounds(judged: Sequence[Entry], of: Mapping[Outcome, int]) -> str:
    """Return what the claims that hold rest on, and how many wait for data."""
    grounds = Counter(ledger.ground(e) for e in judged if e.verdict.outcome == "reproduced")
    return (
        f"Of those that come out as printed, {grounds['official data']:,} agree with official data and "
        f"{grounds['printed numbers']:,} with other numbers that the documents print. Another "
        f"{of['not testable']:,} need data that are not public."
    )


def _answer_for_headlines(of: Mapping[Outcome, int]) -> str:
    return (
        f"Of the {sum(of.values())} headline claims, which carry the documents' arguments, "
        f"{sum(of[o] for o in HOLDS)} hold, {of['depends on method']} depend on the method, "
        f"{sum(of[o] for o in FAILS)} do not hold and {of['not testable']} cannot be tested."
    )


def denominator(every: Mapping[Outcome, int], leading: Mapping[Outcome, int], folder: str) -> list[str]:
    """Return all claims as squares by verdict, in a table that also says the numbers and the meanings.

    `folder` leads from the page to the ledger's pages.
    """
    widest = -(-max(every.values()) // DEEP)
    rows = [_verdict_row(o, every[o], leading[o], widest, folder) for o in OUTCOMES]
    return [
        '<table class="denominator">',
        f"<caption>All {sum(every.values()):,} statements by verdict, a square each</caption>",
        '<thead><tr><th scope="col">Verdict</th><th scope="col">What it means</th>'
        '<th scope="col">All</th><th scope="col">Headline</th></tr></thead>',
        "<tbody>",
        *rows,
        "</tbody></table>",
    ]


def _verdict_row(outcome: Outcome, number: int, leading: int, widest: int, folder: str) -> str:
    address = html_text(f"{folder}/all.html?{urlencode({'verdict': outcome})}")
    kind = outcome.replace(" ", "-")
    return (
        f'<tr class="{kind}"><th scope="row">{verdict_tag(outcome)}</th><td>{GLOSSES[outcome]}</td>'
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
        f'<li class="card-of-claim {verdict.outcome.replace(" ", "-")}">'
        f"<p>{verdict_tag(verdict.outcome)}<br>{html_text(claim.area)}</p>"
        f'<p class="says"><a href="{address}">{html_text(claim.says)}</a></p>'
        f"<dl><div><dt>Printed</dt><dd>{html_text(printed_words(claim))}</dd></div>"
        f"<div><dt>Derived</dt><dd>{html_text(wording.derived(claim, verdict))}</dd></div></dl></li>"
    )
