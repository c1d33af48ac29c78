"""Pages made from the ledger and the data package: verdict counts, ledger, one entry a claim, catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from careshift import ledger, tables
from careshift.claims import SOURCES, Evidence, derived_words
from careshift.ledger import Entry
from careshift.pages.blocks import as_cards, badge, counts_table, printed_words
from careshift.pages.markup import Markdown, escape
from careshift.project import CHAPTERS

TITLES = {
    "hendry2021": "Scotland's integration journey (2021)",
    "kingsfund2013": "The King's Fund on the three nations (2013)",
    "kingsfund2018": "The King's Fund on chief officers (2018)",
    "msg2019": "Ministerial Strategic Group review (2019)",
    "policy2026": "From policy to practice (2026)",
}


def headlines(entries: Sequence[Entry]) -> Markdown:
    """Answer the headline claims as a table that leads the book."""
    return entries_table([e for e in entries if e.claim.tier == "headline"])


def entries_table(entries: Sequence[Entry]) -> Markdown:
    """Answer claims of any source as a table: nation or area, what is said, printed, derived, verdict."""
    rows = [
        f"| {escape(e.claim.area)} | {escape(e.claim.says)} | {escape(printed_words(e.claim))} "
        f"| {escape(derived_words(e.claim, e.verdict)) if e.verdict.derived is not None else '–'} "
        f"| {badge(e.claim, e.verdict)} |"
        for e in entries
    ]
    head = ["| Area | What the source says | Printed | Derived | Verdict |", "|---|---|---|---|---|"]
    return as_cards([*head, *rows])


def ledger_index(entries: Sequence[Entry]) -> Markdown:
    """Answer the ledger's first page: the seven counts, then every claim by source."""
    parts = [
        "(ledger)=\n# The ledger",
        f"Every claim recorded so far, {len(entries)} in all, with its verdict. Each verdict is computed "
        "from the claim's record and the evidence of its chapter; none is typed. "
        "The same facts for machines: {download}`ledger.json </assets/ledger.json>`.",
        counts_table(ledger.counts_by_tier(entries)),
    ]
    for source in SOURCES:
        of_source = [e for e in entries if e.claim.source == source]
        if of_source:
            parts += [f"## {TITLES[source]}", f"Source: {{cite:t}}`{source}`.", entries_table(of_source)]
    return Markdown("\n\n".join([*parts, *_waiting()]) + "\n")


def _waiting() -> list[str]:
    waiting = ledger.pending()
    if not waiting:
        return []
    head = (
        f"{len(waiting)} more claims are recorded whose chapter is not written yet. They have no verdict, "
        "and are not in the counts above."
    )
    items = [f"- {escape(c.says)} (`{c.id}`, printed {escape(printed_words(c))})" for c in waiting]
    return ["## Recorded, not judged yet", head, "\n".join(items)]


def ledger_source(source: str, entries: Sequence[Entry]) -> Markdown:
    """Answer the page of one source: an entry with a permanent link for each of its claims."""
    of_source = [e for e in entries if e.claim.source == source]
    head = [
        f"# Entries: {TITLES[source]}",
        f"All {len(of_source)} claims of {{cite:t}}`{source}`, one by one.",
    ]
    return Markdown("\n\n".join([*head, *(_entry(e) for e in of_source)]) + "\n")


def _entry(entry: Entry) -> str:
    claim = entry.claim
    where = ", ".join(filter(None, [claim.where.section, claim.where.item]))
    facts = [
        ("Verdict", str(badge(claim, entry.verdict))),
        ("Where", escape(where)),
        ("Printed", escape(printed_words(claim))),
        ("About", escape(f"{claim.area}, {claim.period}")),
        *_found(entry),
    ]
    if claim.needs and entry.verdict.outcome == "not testable":
        facts.append(("What would test it", escape(claim.needs)))
    if claim.chapter and (CHAPTERS / f"{claim.chapter}.ipynb").exists():
        facts.append(("Chapter", f"[{escape(claim.chapter)}](/chapters/{claim.chapter}.ipynb)"))
    if claim.reply:
        facts.append(("The authors' reply", escape(claim.reply)))
    lines = "\n".join(f"- **{name}**: {value}" for name, value in facts)
    return f"({claim.anchor})=\n## {escape(claim.says)}\n\n{lines}\n\nPermanent name: `{claim.id}`"


def _found(entry: Entry) -> list[tuple[str, str]]:
    evidence, verdict, digits = entry.evidence, entry.verdict, entry.claim.decimals
    if evidence is None or verdict.derived is None:
        return []
    facts = [
        ("Derived", escape(derived_words(entry.claim, verdict))),
        ("How", escape(evidence.basis)),
    ]
    if evidence.limits:
        low, high = evidence.limits
        facts.append(("Statistical interval", escape(f"{low:,.{digits}f} to {high:,.{digits}f}")))
    if verdict.margin is not None:
        facts.append(("Distance to the edge of the printed interval", f"{verdict.margin:,.{digits + 1}f}"))
    return [*facts, *_choices(evidence, digits), *_data(evidence)]


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


def catalogue() -> Markdown:
    """Answer the data catalogue: every table with publisher, address, vintage, licence, caveats, columns."""
    head = [
        "(catalogue)=\n# The data",
        "Every table the book uses, with where it comes from. A table is made from the publisher's raw file "
        "by a reader in the repository; the raw file's checksum says which file that was.",
    ]
    return Markdown("\n\n".join([*head, *(_described(tables.describe(n)) for n in tables.names())]) + "\n")


def _described(about: dict[str, Any]) -> str:
    address: Callable[[dict[str, str]], str] = lambda s: (  # noqa: E731 (one expression, used twice)
        f"[{escape(s['title'])}](<{s['path']}>)"
        if s.get("path", "").startswith("https://")
        else escape(s["title"])
    )
    raw = [f"`{r['file'].replace('`', '')}` (SHA-256 `{r['sha256'][:16]}…`)" for r in about.get("raw", [])]
    fields = [
        f"| `{f['name']}` | {escape(f.get('description', f.get('title', '')))} |"
        for f in about["schema"]["fields"]
    ]
    lines = [
        f"(table-{about['name']})=\n## {escape(about['title'])}",
        escape(about["description"]),
        f"- **Publisher**: {escape(about['publisher'])}",
        f"- **Vintage**: {escape(about['vintage'])}; **coverage**: {escape(about['coverage'])}",
        f"- **Source**: {'; '.join(address(s) for s in about['sources'])}",
        f"- **Licence**: {'; '.join(address(s) for s in about['licenses'])}",
        *([f"- **Raw file**: {'; '.join(raw)}"] if raw else []),
        *(f"- **Caveat**: {escape(caveat)}" for caveat in about.get("caveats", [])),
        f"- **File**: {{download}}`{about['path']} </data/{about['path']}>`",
    ]
    table = "\n".join(["| Column | What it holds |", "|---|---|", *fields])
    return "\n".join([lines[0], "", lines[1], "", *lines[2:], "", table])
