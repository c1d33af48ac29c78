"""All claims in one table that a small script filters and sorts; whole and readable without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from careshift import ledger
from careshift.claims import OUTCOMES, SOURCES, TIERS, Claim
from careshift.ledger import NATIONS, WAITING, Entry
from careshift.pages import entries, wording
from careshift.pages.blocks import printed_words, verdict_tag
from careshift.pages.safe_text import Markdown, html_block, html_text

COLUMNS = {
    "claim": "What the source says",
    "source": "Source",
    "area": "Area",
    "tier": "Weight",
    "printed": "Printed",
    "derived": "Derived",
    "verdict": "Verdict",
}


def page(judged: Sequence[Entry]) -> Markdown:
    """Return the page with the table, its filters and its script."""
    everything, page_of = ledger.everything(judged), entries.homes()
    example = '<a href="all.html?verdict=inconsistent&amp;area=Scotland">contradictions about Scotland</a>'
    return Markdown(
        "\n\n".join(
            [
                "---\nhtml_theme.sidebar_secondary.remove: true\n---\n\n(all-claims)=\n# All claims",
                f"All {len(everything):,} claims, each with a link to its entry. A headline claim carries a "
                "document's argument; a number is any other quantity; dates and small sums are context.",
                html_block(
                    *_filters([claim for claim, _ in everything], example),
                    '<table class="table claims ledger">',
                    f"<caption>{len(everything):,} claims of five documents with their verdicts</caption>",
                    f"<thead><tr>{''.join(_head(*column) for column in COLUMNS.items())}</tr></thead>",
                    "<tbody>",
                    *(_row(claim, found, page_of[claim.id]) for claim, found in everything),
                    "</tbody></table>",
                    *(f'<script src="../../_static/{name}.js"></script>' for name in ("sort", "ledger")),
                ),
            ]
        )
        + "\n"
    )


def _filters(every: Sequence[Claim], example: str) -> Iterable[str]:
    places = sorted({claim.area for claim in every} - set(NATIONS))
    yield "<noscript><p>The filters need JavaScript. The whole table is below.</p></noscript>"
    yield '<form class="ledger-filter" aria-label="Filter and sort the claims" hidden>'
    yield '<label>Words or numbers <input type="search" name="text" autocomplete="off"></label>'
    yield _select("verdict", "Verdict", [(o, o) for o in (*OUTCOMES, WAITING)])
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


def _row(claim: Claim, found: Entry | None, page_name: str) -> str:
    nation = ledger.nation(claim)
    cells = [
        f'<a href="{page_name}.html#{claim.anchor}">{html_text(claim.says)}</a>',
        wording.SHORT[claim.source],
        html_text(claim.area),
        wording.TIER_WORDS[claim.tier],
        html_text(printed_words(claim)),
        html_text(wording.derived(claim, found.verdict if found else None)),
        verdict_tag(found.verdict.outcome if found else WAITING),
    ]
    place = "" if claim.area == nation else f' data-nation="{nation}"'
    return f"<tr{place}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
