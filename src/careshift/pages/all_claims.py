"""All claims in one table that a small script filters, sorts and gives as a file; whole without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from careshift import ledger, source_coverage
from careshift.claims import HELD, HOWS, OUTCOMES, SOURCES, TIERS
from careshift.ledger import NATIONS, Entry
from careshift.pages import entries, wording
from careshift.pages.blocks import printed_words, verdict_tag
from careshift.pages.safe_text import Markdown, html_block, html_text
from careshift.source_coverage import Item

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
Options = Sequence[tuple[str, str]]  # what stands in the address, and what the reader sees


def page(judged: Sequence[Entry]) -> Markdown:
    """Return the page with the table, its filters and its script."""
    every, page_of, figures = ledger.counted(judged), entries.homes(), source_coverage.load()
    at = {entry.claim.id: number for number, entry in enumerate(every)}
    rows = [_row(e, page_of[e.claim.id], at[e.claim.id], _figure(e, figures)) for e in leading(every)]
    return Markdown(
        "\n\n".join(
            [
                "---\nhtml_theme.sidebar_secondary.remove: true\n---\n\n(all-claims)=\n# All claims",
                f"All {len(every):,} claims, each with a link to its entry. The headline claims, which "
                "carry a document's argument, stand first, those held against outside data before "
                "the others; then other numbers, then context. "
                "[Dates, counts and structure](#dates-counts-structure) have a page of their own; "
                "what a document says twice stands here once.",
                html_block(
                    *_filters(every, figures),
                    '<table class="table claims ledger">',
                    f"<caption>{len(every):,} claims of five documents with their verdicts</caption>",
                    f"<thead><tr>{''.join(_head(*column) for column in COLUMNS.items())}</tr></thead>",
                    "<tbody>",
                    *rows,
                    "</tbody></table>",
                    '<button type="button" class="ledger-next" hidden></button>',
                    *(
                        f'<script src="../../_static/{name}.js"></script>'
                        for name in ("sort", "ledger-file", "ledger")
                    ),
                ),
            ]
        )
        + "\n"
    )


def leading(every: Iterable[Entry]) -> list[Entry]:
    """Return the claims with those first that matter most: by weight, what they met, and what came out."""
    return sorted(
        every,
        key=lambda e: (
            TIERS.index(e.claim.tier),
            HELD.index(e.verdict.held_against),
            OUTCOMES.index(e.verdict.outcome),
        ),
    )


def _filters(every: Sequence[Entry], figures: Sequence[Item]) -> Iterator[str]:
    yield "<noscript><p>The filters need JavaScript. The whole table is below.</p></noscript>"
    yield '<form class="ledger-filter" aria-label="Filter and sort the claims" hidden>'
    yield '<label class="words">Words or whole numbers '
    yield '<input type="search" name="text" autocomplete="off"></label>'
    yield "<details open><summary>Choose and sort</summary><div>"
    yield _select("source", "Document", {"": [(s, wording.SHORT[s]) for s in SOURCES]})
    yield _select("area", "Nation or place", _places(every))
    yield _select("figure", "Figure, table or box", _figures(every, figures))
    yield _select("chapter", "Chapter", {"": _chapters(every)})
    yield _select("held", "Held against", {"": _evidence()})
    yield _select("verdict", "Outcome", {"": [(o, o) for o in OUTCOMES]})
    yield _select("tier", "Weight", {"": [(wording.TIER_WORDS[t], wording.TIER_WORDS[t]) for t in TIERS]})
    ways = [(way, f"{title}{end}") for key, title in COLUMNS.items() for way, end in _ways(key)]
    yield _select("sort", "Order", {"": [("document", "as in the documents"), *ways]}, "what matters first")
    yield "</div></details>"
    yield '<button type="reset">Show all</button>'
    yield '<button type="button" name="download">Download as CSV</button>'
    example = '<a href="all.html?verdict=reproduced&amp;area=Scotland">what is reproduced about Scotland</a>'
    yield f"<p>The address of this page holds your choice, so that you can share it: {example}.</p>"
    yield "</form>"
    yield f'<p class="ledger-count" role="status">{len(every):,} of {len(every):,} claims shown.</p>'


def _places(every: Sequence[Entry]) -> dict[str, Options]:
    places = sorted({entry.claim.area for entry in every} - set(NATIONS))
    return {"": [(n, n) for n in NATIONS], "Places": [(p, p) for p in places]}


def _figures(every: Sequence[Entry], figures: Sequence[Item]) -> dict[str, Options]:
    """Return the figures, tables and boxes that hold a claim of the table, by document."""
    used = {_key(item) for entry in every if (item := _figure(entry, figures))}
    return {
        wording.SHORT[source]: [
            (_key(item), item.item) for item in figures if item.source == source and _key(item) in used
        ]
        for source in SOURCES
    }


def _figure(entry: Entry, figures: Sequence[Item]) -> Item | None:
    return next((item for item in figures if item.holds(entry)), None)


def _key(item: Item) -> str:
    return f"{item.source}/{item.item}"


def _chapters(every: Sequence[Entry]) -> Options:
    names = sorted({entry.claim.chapter for entry in every if entry.claim.chapter})
    return [(name, wording.chapter(name)) for name in names]


def _evidence() -> Options:
    """Return what a claim can be held against; outside data also by how."""
    outside, *others = HELD
    both = [outside, *(f"{outside}, {how}" for how in HOWS), *others]
    return [(held, held) for held in both]


def _ways(key: str) -> list[tuple[str, str]]:
    return [(key, ", up"), (f"-{key}", ", down")]


def _select(name: str, label: str, groups: Mapping[str, Options], first: str = "any") -> str:
    """Return a choice, its options in groups by their titles; those under "" stand alone."""
    inner = f'<option value="">{first}</option>'
    for title, options in groups.items():
        tags = "".join(
            f'<option value="{html_text(value)}">{html_text(words)}</option>' for value, words in options
        )
        named = f'<optgroup label="{html_text(title)}">{tags}</optgroup>' if title else tags
        inner += named if options else ""
    return f'<label>{label} <select name="{name}">{inner}</select></label>'


def _head(key: str, title: str) -> str:
    return f'<th scope="col" data-sort="{key}">{title}</th>'


def _row(entry: Entry, page_name: str, at: int, figure: Item | None) -> str:
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
    told = {
        "at": str(at),
        "nation": "" if claim.area == nation else nation,
        "figure": _key(figure) if figure else "",
        "chapter": claim.chapter or "",
    }
    marks = "".join(f' data-{name}="{html_text(value)}"' for name, value in told.items() if value)
    return f"<tr{marks}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
