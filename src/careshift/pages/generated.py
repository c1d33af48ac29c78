"""All pages and fragments that are made from the ledger, the coverage list and the data package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from careshift import audits
from careshift.certainty import Finding
from careshift.ledger import Entry
from careshift.pages import (
    all_claims,
    bibliography,
    contradictions,
    dashboard,
    data_gaps,
    dates_counts_structure,
    entries,
    figure_coverage,
    news,
    reproducibility,
    speed,
)
from careshift.pages.catalogue import catalogue
from careshift.pages.first_screen import counted, first_screen
from careshift.pages.safe_text import Markdown

FOLDER = "chapters/ledger"


def pages(
    judged: Sequence[Entry],
    findings: Sequence[Finding] = (),
    charts: Sequence[Markdown] = (),
    headline: Markdown | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield path and text of each page and fragment; the paths are those of `_toc.yml`.

    `findings` and `charts` are those of the chapter on what is known, `headline` the picture of the headline
    claims: what the first page shows of them.
    """
    yield "generated/first_screen.md", first_screen(judged, findings, charts)
    yield "generated/headline_picture.md", headline or ""
    yield "generated/every_claim.md", counted(judged)
    yield "generated/counts.md", dashboard.counts(judged)
    yield "generated/headlines.md", dashboard.headlines(judged)
    yield f"{FOLDER}/index.md", dashboard.page(judged)
    yield f"{FOLDER}/all.md", all_claims.page(judged)
    yield f"{FOLDER}/contradictions.md", contradictions.page(judged)
    yield f"{FOLDER}/dates_counts_structure.md", dates_counts_structure.page(judged)
    yield f"{FOLDER}/changes.md", news.page()
    yield f"{FOLDER}/wanted.md", data_gaps.page(judged)
    yield f"{FOLDER}/coverage.md", figure_coverage.page(judged)
    yield f"{FOLDER}/data.md", catalogue()
    yield f"{FOLDER}/references.md", bibliography.page()
    yield f"{FOLDER}/entries.md", entries.index(judged)
    found = audits.load()
    yield "chapters/methods/speed.md", speed.page(found.get("speed"))
    yield (
        "chapters/methods/reproducibility.md",
        reproducibility.page(found, audits.defences(), audits.mutations()),
    )
    for block, members in entries.blocks(judged):
        yield f"{FOLDER}/{block.name}.md", entries.page(block, members)
