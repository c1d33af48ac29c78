"""All claims in one table that a small script filters and sorts; whole and readable without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from careshift import ledger
from careshift.claims import HELD, OUTCOMES, SOURCES, TIERS
from careshift.ledger import NATIONS, Entry
from careshift.pages import entries, wording
from careshift.pages.blocks import printed_words, verdict_tag
from careshift.pages.safe_text import Markdown, html_block, html_text

COLUMNS = {
    "claim": "What the source says",
    "source": "Source",
    "area": "Area",
    "tier": "Weight",
    "printed": "Printed",
    "derived": "We find",
    "held": "Held against",
    "verdict": "Outcome",
}


def page(judged: Sequence[Entry]) -> Markdown:
    """Return the page with the table, its filters and its script."""
    every, page_of = ledger.counted(judged), entries.homes()
    example = '<a href="all.html?verdict=reproduced&amp;area=Scotland">what is reproduced about Scotland</a>'
    return Markdown(
        "\n\n".join(
            [
                "---\nhtml_theme.sidebar_secondary.remove: true\n---\n\n(all-claims)=\n# All claims",
                f"All {len(every):,} claims, each with a link to its entry. A headline claim carries a "
                "document's argument; a number is any other quantity; the rest is context. "
                "[Dates, counts and structure](#dates-counts-structure) have a page of their own; what a "
                "document says twice stands here once.",
                html_block(
                    *_filters(every, example),
                    '<table class="table claims ledger">',
                    f"<caption>{len(every):,} claims of five documents with their verdicts</caption>",
                    f"<thead><tr>{''.join(_head(*column) for column in COLUMNS.items())}</tr></thead>",
                    "<tbody>",
                    *(_row(entry, page_of[entry.claim.id]) for entry in every),
                    "</tbody></table>",
                    *(f'<script src="../../_static/{name}.js"></script>' for name in ("sort", "ledger")),
                ),
            ]
        )
        + "\n"
    )


def _filters(every: Sequence[Entry], example: str) -> Iterable[str]:
    places = sorted({entry.claim.area for entry in every} - set(NATIONS))
    yield "<noscript><p>The filters need JavaScript. The whole table is below.</p></noscript>"
    yield '<form class="ledger-filter" aria-label="Filter and sort the claims" hidden>'
    yield '<label>Words or numbers <input type="search" name="text" autocomplete="off"></label>'
    yield _select("held", "Held against", [(held, held) for held in HELD])
    yield _select("verdict", "Outcome", [(o, o) for o in OUTCOMES])
    yield _select("source", "Source", [(s, wording.SHORT[s]) for s in SOURCES])
    yield _select("area", "Nation or place", [(n, n) for n in NATIONS], [(p, p) for p in places])
    yield _select("tier", "Weight", [(wording.TIER_WORDS[t], wording.TIER_WORDS[t]) for t in TIERS])
    ways = [(way, f"{title}{end}") for key, title in COLUMNS.items() for way, end in _ways(key)]
    yield _select("sort", "Order", ways, first="as in the sources")
    yield '<button type="reset">Show all</button>'
    yield f"<p>The address of this page holds your choice, so that you can share it: {example}.</p>"
    yield "</form>"
    yield f'<p class="ledger-count" role="status">{len(every):,} of {len(every):,} claims shown.</p>'


def _ways(key: str) -> list[tuple[str, str]]:
    return [(key, ", up"), (f"-{key}", ", down")]


def _select(
    name: str,
    label: str,
    options: Sequence[tuple[str, str]],
    more: Sequence[tuple[str, str]] = (),
    first: str = "any",
) -> str:
    def tags(pairs: Iterable[tuple[str, str]]) -> str:
        return "".join(
            f'<option value="{html_text(value)}">{html_text(words)}</option>' for value, words in pairs
        )

    inner = f'<option value="">{first}</option>{tags(options)}'
    inner += f'<optgroup label="Places">{tags(more)}</optgroup>' if more else ""
    return f'<label>{label} <select name="{name}">{inner}</select></label>'


def _head(key: str, title: str) -> str:
    return f'<th scope="col" data-sort="{key}">{title}</th>'


def _row(entry: Entry, page_name: str) -> str:
    claim, nation = entry.claim, ledger.nation(entry.claim)
    cells = [
        f'<a href="{page_name}.html#{claim.anchor}">{html_text(claim.says)}</a>',
        wording.SHORT[claim.source],
        html_text(claim.area),
        wording.TIER_WORDS[claim.tier],
        html_text(printed_words(claim)),
        html_text(wording.derived(claim, entry.verdict)),
        html_text(wording.against(entry.verdict)),
        verdict_tag(entry.verdict.outcome),
    ]
    place = "" if claim.area == nation else f' data-nation="{nation}"'
    return f"<tr{place}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
