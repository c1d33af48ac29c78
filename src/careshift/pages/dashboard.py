"""The ledger's first page: headline claims, a picture of every claim, counts by tier, source and nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from careshift import exports, ledger, source_coverage, tables
from careshift.claims import OUTCOMES, SOURCES, Outcome
from careshift.ledger import NATIONS, Entry
from careshift.pages import wording
from careshift.pages.blocks import as_cards, badge, counts_table, css_class, printed_words, verdict_tag
from careshift.pages.safe_text import Markdown, escape, html_block, html_text, say

STATIC = "../../_static"  # the files for machines, as the page sees them
COLUMNS = 50  # squares in a row of the picture
INTRO = (
    "Five documents make {all:,} statements that can be counted, dated or measured. {claims:,} of them are "
    "claims about the world; {apart:,} are [dates, counts and structure](#dates-counts-structure), and "
    "{again:,} say again what stands elsewhere in the same document. Each has an entry here. The verdicts "
    "are computed from the claim's record and its evidence; none is typed. For machines: {files}."
)


def headlines(entries: Sequence[Entry]) -> Markdown:
    """Return the headline claims as a table that leads the book, what holds first."""
    rows = [
        f"| {escape(e.claim.area)} | {escape(e.claim.says)} | {escape(printed_words(e.claim))} "
        f"| {escape(wording.derived(e.claim, e.verdict))} "
        f"| {badge(e.claim, e.verdict)} {wording.beside(e.verdict)} |"
        for e in sorted(ledger.counted(entries), key=lambda e: OUTCOMES.index(e.verdict.outcome))
        if e.claim.tier == "headline"
    ]
    head = [
        "| Area | What the source says | Printed | We find | Outcome, held against |",
        "|---|---|---|---|---|",
    ]
    return as_cards("The headline claims and their verdicts", [*head, *rows])


def page(entries: Sequence[Entry]) -> Markdown:
    """Return the ledger's first page."""
    parts = [
        "(ledger)=\n# The ledger",
        "Do the numbers of the five documents hold?",
        f"## The answer\n\n{wording.rests(entries)}",
        f"## The evidence, page by page\n\n{ways_in(entries)}",
        INTRO.format(
            all=len(entries),
            claims=len(ledger.counted(entries)),
            apart=len(ledger.apart(entries)),
            again=len(ledger.repeats(entries)),
            files=downloads(),
        ),
        html_block(exports.dataset(entries, STATIC)),
        "## Headline claims",
        headlines(entries),
        "## Every claim at a glance",
        picture(entries),
        "## Counts by weight",
        "A headline claim carries a document's argument; a number is any other quantity; what is said beside "
        "the argument is context.",
        counts_table(ledger.counts_by_tier(entries)),
        "## Counts by source and by nation",
        "Each number leads to its claims.",
        grouped(
            "Claims by source and outcome",
            "source",
            ledger.counts_by(entries, lambda claim: claim.source, SOURCES),
            wording.SHORT,
        ),
        grouped(
            "Claims by nation and outcome",
            "area",
            ledger.counts_by(entries, ledger.nation, NATIONS),
            {nation: nation for nation in NATIONS},
        ),
    ]
    return Markdown("\n\n".join(parts) + "\n")


def counts(entries: Sequence[Entry]) -> Markdown:
    """Return the counts by weight, and what the claims were held against."""
    return Markdown(f"{counts_table(ledger.counts_by_tier(entries))}\n\n{wording.rests(entries)}")


def ways_in(entries: Sequence[Entry]) -> Markdown:
    """Return a line for each page of the ledger that says what is found there."""
    lines = [
        "- [All claims](#all-claims): {claims:,} claims in one table, to sort and to filter.",
        "- [Contradictions](#all-contradictions): {clashing} statements that another print contradicts.",
        "- [Dates, counts and structure](#dates-counts-structure): {apart} statements that are no claims.",
        "- [Changed verdicts](#changed-verdicts): what changed and why, with a feed.",
        "- [What would test the rest](#wanted-data): the data that {waiting} claims wait for.",
        "- [Figures, tables and boxes](#coverage-list): {items} items, and how far each is redone.",
        "- [Entries](#all-entries): each claim with its place, its verdict and what it rests on.",
        "- [The data](#catalogue): {tables} tables with publisher, release, licence and caveats.",
    ]
    return say(
        "\n".join(lines),
        claims=len(ledger.counted(entries)),
        clashing=len(ledger.contradicted(entries)),
        apart=len(ledger.apart(entries)),
        waiting=ledger.counts(entries)["data wanted"],
        items=len(source_coverage.load()),
        tables=len(tables.names()),
    )


def downloads() -> str:
    """Return links to the ledger's machine forms, at addresses that last; a download role would copy them."""
    return ", ".join(
        f'<a href="{STATIC}/{name}" download>{name}</a> ({words})' for name, words in exports.FILES.items()
    )


def view(**conditions: str) -> str:
    """Return the address of the table of all claims under these filters, as its script reads it."""
    return html_text(f"all.html?{urlencode(conditions)}")


def picture(entries: Sequence[Entry]) -> Markdown:
    """Return the whole denominator as squares, one a claim, under a label with the number of each outcome."""
    every = ledger.counted(entries)
    lines = []
    for outcome in OUTCOMES:
        tiers = [e.claim.tier for e in every if e.verdict.outcome == outcome]
        leading = sum(tier == "headline" for tier in tiers)
        lead = f", {leading} of them headline" if leading else ""
        share = _share(len(tiers), len(every))
        label = (
            f'{verdict_tag(outcome)} <a href="{view(verdict=outcome)}">{len(tiers)} claims</a> '
            f"({share}{lead})"
        )
        lines.append(f'<li class="{css_class(outcome)}"><span>{label}</span>{squares(tiers, leading)}</li>')
    note = "One square is one claim; the squares with a dot are headline claims."
    return html_block('<ul class="waffle">', *lines, "</ul>", f'<p class="note">{note}</p>')


def _share(part: int, whole: int) -> str:
    share = 100 * part / max(whole, 1)
    return "under 1 %" if 0 < share < 1 else f"{share:.0f} %"


def squares(tiers: Sequence[str], leading: int) -> str:
    """Return as many squares as there are claims, the leading ones with a dot, as a drawing without words."""
    if not tiers:
        return ""
    corners = [(10 * (i % COLUMNS), 10 * (i // COLUMNS)) for i in range(len(tiers))]
    path = "".join(f"M{x + 1} {y + 1}h8v8h-8z" for x, y in corners)
    dots = "".join(f'<circle cx="{x + 5}" cy="{y + 5}" r="2"/>' for x, y in corners[:leading])
    height = 10 * (corners[-1][1] // 10 + 1)
    return f'<svg viewBox="0 0 {10 * COLUMNS} {height}" aria-hidden="true"><path d="{path}"/>{dots}</svg>'


def grouped(
    caption: str, key: str, counts: Mapping[str, Mapping[Outcome, int]], names: Mapping[str, str]
) -> Markdown:
    """Return counts as a table: a row an outcome, a column a group, each number a link to its claims."""
    heads = "".join(f'<th scope="col">{html_text(names[group])}</th>' for group in counts)
    rows = []
    for outcome in OUTCOMES:
        cells = "".join(
            f'<td><a href="{view(verdict=outcome, **{key: group})}">{of[outcome]}</a></td>'
            if of[outcome]
            else "<td>0</td>"
            for group, of in counts.items()
        )
        total = sum(of[outcome] for of in counts.values())
        rows.append(f'<tr><th scope="row">{verdict_tag(outcome)}</th>{cells}<td>{total:,}</td></tr>')
    sums = [sum(of.values()) for of in counts.values()]
    last = "".join(f"<td>{number:,}</td>" for number in [*sums, sum(sums)])
    return html_block(
        f'<table class="table counts grouped"><caption>{html_text(caption)}</caption>',
        f'<thead><tr><th scope="col">Outcome</th>{heads}<th scope="col">All</th></tr></thead>',
        "<tbody>",
        *rows,
        f'<tr><th scope="row">All</th>{last}</tr>',
        "</tbody></table>",
    )
