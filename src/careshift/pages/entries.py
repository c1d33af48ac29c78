"""One permanent entry a claim, on pages small enough to open quickly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from careshift import arithmetic, citation, claims, exports, ledger, needs, site
from careshift.claims import SOURCES, Claim, ClaimError, Evidence, Verdict
from careshift.ledger import Entry
from careshift.pages import wording
from careshift.pages.blocks import badge, printed_words
from careshift.pages.safe_text import Markdown, escape, html_block, html_text
from careshift.project import CHAPTERS

FOLDER = "chapters/ledger"
KINDS = {"BibTeX": "bib", "RIS": "ris"}  # files of citations
Member = tuple[Claim, Entry]
SAME_AS = re.compile(r'same_as\("([^"]+)"\)')


@dataclass(frozen=True)
class Block:
    """One page of entries: a source from one of its sections on, until the next page starts."""

    name: str
    title: str
    starts: str

    @property
    def source(self) -> str:
        """Return the key of the source, the first word of the name."""
        return self.name.split("-")[0]


BLOCKS = (
    Block("hendry2021-reform", "Journey 2021: the reform and its pillars", "Abstract"),
    Block(
        "hendry2021-results",
        "Journey 2021: results and discussion",
        "Transparency of progress, results, and impact",
    ),
    Block("kingsfund2013-ni-context", "King's Fund 2013: Northern Ireland", "Introduction to the report"),
    Block(
        "kingsfund2013-ni-organisation",
        "King's Fund 2013: Northern Ireland, organisation",
        "Northern Ireland: Integrated health and social care",
    ),
    Block(
        "kingsfund2013-ni-delivery",
        "King's Fund 2013: Northern Ireland, delivery",
        "Northern Ireland: Delivery of integrated care",
    ),
    Block(
        "kingsfund2013-ni-cases",
        "King's Fund 2013: Northern Ireland, case studies",
        "Northern Ireland: Case studies of good practice",
    ),
    Block("kingsfund2013-scotland-context", "King's Fund 2013: Scotland", "Scotland: Introduction"),
    Block(
        "kingsfund2013-scotland-funding",
        "King's Fund 2013: Scotland, funding and policy",
        "Scotland: Funding",
    ),
    Block(
        "kingsfund2013-scotland-services",
        "King's Fund 2013: Scotland, networks and programmes",
        "Scotland: Vertical integration through managed clinical networks",
    ),
    Block(
        "kingsfund2013-scotland-change-fund",
        "King's Fund 2013: Scotland, the Change Fund and after",
        "Scotland: The Change Fund",
    ),
    Block(
        "kingsfund2013-scotland-progress",
        "King's Fund 2013: Scotland, progress",
        "Scotland: Assessment of progress",
    ),
    Block("kingsfund2013-wales-context", "King's Fund 2013: Wales", "Wales: Introduction"),
    Block(
        "kingsfund2013-wales-performance",
        "King's Fund 2013: Wales, performance and funding",
        "Wales: Performance management",
    ),
    Block(
        "kingsfund2013-wales-progress",
        "King's Fund 2013: Wales, initiatives and progress",
        "Wales: Policy on integrated care",
    ),
    Block(
        "kingsfund2013-lessons", "King's Fund 2013: Wales, lessons for all", "Wales: Organisational alignment"
    ),
    Block("kingsfund2018-approach", "King's Fund 2018: chief officers", "About this report"),
    Block("kingsfund2018-next", "King's Fund 2018: what next", "Next stages: building on progress"),
    Block("msg2019-all", "Review 2019: the ministers' group", "Introduction"),
    Block("policy2026-all", "Study 2026: from policy to practice", "Title"),
)


def blocks(judged: Sequence[Entry]) -> Iterator[tuple[Block, list[Member]]]:
    """Yield each page that has claims with them, sections together and in the order of the source."""
    page_of, everything = homes(), [(e.claim, e) for e in judged]
    for block in BLOCKS:
        members = [member for member in everything if page_of[member[0].id] == block.name]
        if members:
            yield block, members


def homes() -> dict[str, str]:
    """Return, for the id of each claim, the name of the page that holds its entry.

    Raises ClaimError for a page that no claim starts, and for a claim before the first page of its source.
    """
    every = claims.load()
    page_of: dict[tuple[str, str], str] = {}
    for source in SOURCES:
        starts = {block.starts: block.name for block in BLOCKS if block.source == source}
        running = ""
        for claim in every:
            if claim.source == source and (source, claim.where.section) not in page_of:
                running = starts.pop(claim.where.section, running)
                page_of[source, claim.where.section] = running
        if starts or "" in page_of.values():
            raise ClaimError(
                f"Entry pages of {source} start at sections that no claim names: "
                f"{', '.join(starts) or 'none'}. Mend BLOCKS in pages/entries.py."
            )
    return {claim.id: page_of[claim.source, claim.where.section] for claim in every}


def index(judged: Sequence[Entry]) -> Markdown:
    """Return the page that leads to the entries, source by source."""
    lines = [
        "(all-entries)=\n# Every claim, one by one",
        "Each claim has an entry with its place in the source, the print, our number, the data and the "
        "verdict. An entry keeps its name: its address ends in `#claim-` and that name. "
        "To look for one, use [the table of all claims](#all-claims) or the search.",
    ]
    for source, group in groupby(blocks(judged), key=lambda pair: pair[0].source):
        items = [
            f"- [{escape(b.title)}](/chapters/ledger/{b.name}.md), {len(ms)} statements" for b, ms in group
        ]
        lines += [f"## {escape(wording.TITLES[source])}", f"Source: {{cite:t}}`{source}`.", "\n".join(items)]
    return Markdown("\n\n".join(lines) + "\n")


def page(block: Block, members: Sequence[Member]) -> Markdown:
    """Return one page of entries: a heading a section, and below it a heading a claim."""
    parts = [
        f"# {escape(block.title)}",
        f"{len(members)} statements of {{cite:t}}`{block.source}`. "
        "[How to read a verdict](/intro.md) · [all claims in one table](#all-claims)",
    ]
    sections = dict.fromkeys(claim.where.section for claim, _ in members)
    for section in sections:
        parts.append(f"## {escape(section)}")
        for claim, found in members:
            if claim.where.section == section:
                parts += [entry(claim, found), to_cite(claim, block)]
    judged = [found for _, found in members]
    parts += [
        "## Citations of this page",
        "Every claim of this page for a reference manager: "
        + " · ".join(f"{{download}}`{k} </cite/ledger/{block.name}.{e}>`" for k, e in KINDS.items()),
        html_block(exports.reviews(judged)),
    ]
    return Markdown("\n\n".join(parts) + "\n")


def to_cite(claim: Claim, block: Block) -> Markdown:
    """Return how to cite one claim, folded."""
    work = citation.of_claim(claim, f"{FOLDER}/{block.name}", site.load())
    said = f"<p>{html_text(work.sentence)}</p>"
    return html_block(f'<details class="cite"><summary>Cite this claim</summary>{said}</details>')


def citations(block: Block, members: Sequence[Member]) -> tuple[str, str]:
    """Return the BibTeX and the RIS file of a page of entries, a record a claim."""
    addresses = site.load()
    return citation.records(citation.of_claim(c, f"{FOLDER}/{block.name}", addresses) for c, _ in members)


def entry(claim: Claim, found: Entry) -> str:
    """Return the entry of one claim."""
    facts = [
        ("Outcome", str(badge(claim, found.verdict))),
        *_against(found),
        ("Where", escape(wording.place(claim))),
        ("About", escape(f"{claim.area}, {claim.period}")),
        ("Printed", f"{escape(printed_words(claim))}. It stands for: {escape(wording.interval(claim))}."),
        *_found(found),
        *_chapter(claim),
    ]
    if claim.needs and found.verdict.held_against != "outside data":
        facts.append(("What would test it", _needs(claim.needs)))
    if claim.outside and claim.outside.mind:
        facts.append(("To mind with these data", escape(claim.outside.mind)))
    if claim.note:
        facts.append(("Our note", escape(claim.note)))
    if claim.reply:
        facts.append(("The authors' reply", escape(claim.reply)))
    weight = {"headline": "a headline claim", "quantitative": "a number", "context": "context"}[claim.tier]
    facts.append(("Permanent name", f"[`{claim.id}`](#{claim.anchor}), {weight}"))
    lines = "\n".join(f"- **{name}**: {value}" for name, value in facts)
    return f"({claim.anchor})=\n### {escape(claim.says)}\n\n{lines}"


def _found(found: Entry) -> list[tuple[str, str]]:
    claim, evidence, verdict = found.claim, found.evidence, found.verdict
    if evidence is None or evidence.derived is None or verdict.inherits:
        return []
    if verdict.derived is None:
        return _near(claim, evidence) if verdict.nearest is not None else []
    own = arithmetic.evidence_of(claim) if evidence.nearest else None
    if own:  # the prints judge it, and the nearest figure stands beside
        return [*_judged_by(claim, own, verdict), *_near(claim, evidence)]
    return _judged_by(claim, evidence, verdict)


def _judged_by(claim: Claim, evidence: Evidence, verdict: Verdict) -> list[tuple[str, str]]:
    """Return the derived value and what it rests on."""
    ends = f" ({verdict.span_kind})" if verdict.span and verdict.span_kind else ""
    facts = [
        ("We find", escape(f"{wording.derived(claim, verdict)}{ends}")),
        ("How", _how(claim, evidence)),
    ]
    if verdict.span_kind and evidence.deciding[1:]:
        facts.append(("Which number leads", evidence.lead))
    if evidence.limits:
        low, high = (f"{end:,.{claim.decimals}f}" for end in evidence.limits)
        kind = f"{evidence.limits_kind[:1].upper()}{evidence.limits_kind[1:]}"
        facts.append((escape(kind), escape(f"{low} to {high}")))
    change = ledger.flip(claim, evidence)
    if change:
        facts.append(("What would change the verdict", escape(wording.distance(claim, change, verdict.span))))
    return [*facts, *_choices(evidence, claim.decimals), *_data(evidence)]


def _near(claim: Claim, evidence: Evidence) -> list[tuple[str, str]]:
    """Return the nearest public figure, which tests nothing, and what it is."""
    value = f"{claims.number_words(claim, evidence.derived or 0.0)} {wording.unit(claim)}".strip()
    facts = [
        ("Nearest public figure, no test", escape(value)),
        ("What that figure is", escape(evidence.basis)),
    ]
    return [*facts, *_choices(evidence, claim.decimals), *_data(evidence)]


def _against(found: Entry) -> list[tuple[str, str]]:
    """Return what a claim was held against, and what it repeats or rests on."""
    verdict, facts = found.verdict, []
    if verdict.outcome != claims.APART:
        facts.append(("Held against", wording.beside(verdict) or "nothing yet"))
    if verdict.inherits:
        facts.append(("Says again, and is not counted", _linked(verdict.inherits)))
    if verdict.weakened_by:
        facts.append(("Adds up only on a number that does not hold", _linked(verdict.weakened_by)))
    if verdict.check and verdict.check != verdict.outcome:
        facts.append(("The documents' own numbers", verdict.check))
    if found.claim.kind == "cause":
        facts.append(("Kind", "said to be an effect; no change that goes along with it shows that it is"))
    return facts


def _linked(claim_id: str) -> str:
    other = claims.find(claim_id)
    return f"[{escape(other.says)}](#{other.anchor})"


def _needs(text: str) -> str:
    """Return the data that would test a claim, with what is known of them and when they were looked for."""
    need = needs.find(text)
    return escape(text) if need is None else f"{escape(text)} ({need.state_words()})"


def _how(claim: Claim, evidence: Evidence) -> str:
    if not evidence.basis.endswith(claim.derive or " "):
        return escape(evidence.basis)
    linked = [claims.find(name) for name in SAME_AS.findall(claim.derive or "")]
    uses = "; ".join(f"[{escape(c.says)}](#{c.anchor})" for c in linked)
    words = f"from printed numbers, {escape(wording.formula(claim.derive or ''))}"
    return f"{words}. Taken from: {uses}" if uses else words


def _choices(evidence: Evidence, digits: int) -> list[tuple[str, str]]:
    words = [
        f"{escape(c.label)}: {c.value:,.{digits}f}{'' if c.decides else ' (shown apart, decides nothing)'}"
        for c in evidence.choices
    ]
    return [("Under each choice", "; ".join(words))] if words else []


def _data(evidence: Evidence) -> list[tuple[str, str]]:
    words = [
        f"[{escape(t['title'])}](#table-{t['name']}), {escape(t['vintage'])}, {escape(t['licence'])}"
        for t in ledger.vintages(evidence)
    ]
    return [("Data", "; ".join(words))] if words else []


def _chapter(claim: Claim) -> list[tuple[str, str]]:
    if claim.chapter is None:
        return []
    if (CHAPTERS / f"{claim.chapter}.ipynb").exists():
        return [("Chapter, with the code", f"[](/chapters/{claim.chapter}.ipynb)")]
    return [("Chapter", f"{wording.chapter(claim.chapter)}, not written yet")]
