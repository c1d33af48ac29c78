"""The ledger for machines: its JSON schema, a flat table, JSON-LD, and what a reviewer reruns."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from careshift import claims, ledger
from careshift.claims import Claim, Evidence, FastLoader, Outcome, Record, Verdict
from careshift.inert_text import cell
from careshift.ledger import Entry
from careshift.project import ROOT, CareshiftError

FILES = {
    "ledger.json": "every claim, its evidence and its verdict",
    "ledger.csv": "the same as a flat table, one claim a row",
    "ledger.schema.json": "the JSON schema of ledger.json",
}
TYPES = {"json": "application/json", "csv": "text/csv"}
START, END = "<!-- verdicts: written by careshift refresh -->", "<!-- end of verdicts -->"
HEADER = (
    "# For a reviewer who reruns the report (https://codecheck.org.uk). There is no certificate yet.\n"
    "# Written by `make refresh` from the ledger; a test fails where it drifts.\n"
)


class TableFacts(Record):
    """A table that a verdict rests on."""

    title: str
    vintage: str
    licence: str


class LedgerItem(Record):
    """A claim, what a chapter found for it, and the verdict computed from both."""

    claim: Claim
    evidence: Evidence | None
    verdict: Verdict


class LedgerFile(Record):
    """The whole of ledger.json."""

    counts: dict[Outcome, int]
    tables: dict[str, TableFacts]
    claims: tuple[LedgerItem, ...]


def schema() -> str:
    """Return the JSON schema of ledger.json, made from the models that write it."""
    made = LedgerFile.model_json_schema()
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(about | made | {"title": "The ledger: every claim with its verdict"}, indent=1) + "\n"


def as_csv(entries: Sequence[Entry]) -> str:
    """Return the ledger as a flat table: one claim a row, tables' names separated by semicolons."""
    rows = [_row(entry) for entry in entries]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["id"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _row(entry: Entry) -> dict[str, object]:
    claim, evidence, verdict = entry.claim, entry.evidence, entry.verdict
    low, high = verdict.span or (None, None)
    return {
        "id": claim.id,
        "source": claim.source,
        "section": claim.where.section,
        "item": claim.where.item,
        "says": claim.says,
        "printed": claim.printed,
        "qualifier": claim.qualifier,
        "value": claim.value,
        "unit": claim.unit,
        "period": claim.period,
        "area": claim.area,
        "kind": claim.kind,
        "tier": claim.tier,
        "verdict": verdict.outcome,
        "rests_on": ledger.ground(entry),
        "derived": verdict.derived,
        "derived_low": low,
        "derived_high": high,
        "margin": verdict.margin,
        "tables": ";".join(evidence.tables) if evidence else None,
        "chapter": claim.chapter,
        "needs": claim.needs,
    }


def dataset(entries: Sequence[Entry], folder: str) -> str:
    """Return the ledger as a schema.org Dataset in a script element; the files lie in `folder`."""
    about = citation()
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": f"{about['title']}: the ledger",
        "description": " ".join(about["abstract"].split()),
        "version": about["version"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isAccessibleForFree": True,
        "creator": [{"@type": "Organization", "name": author["name"]} for author in about["authors"]],
        "variableMeasured": [
            {"@type": "PropertyValue", "name": f"claims with the verdict: {outcome}", "value": number}
            for outcome, number in ledger.counts(entries).items()
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "description": words,
                "encodingFormat": TYPES[name.rsplit(".", 1)[1]],
                "contentUrl": f"{folder}/{name}",
            }
            for name, words in FILES.items()
        ],
    }
    return f'<script type="application/ld+json">{inert(described)}</script>'


def reviews(entries: Sequence[Entry]) -> str:
    """Return the judged claims of a page as schema.org ClaimReviews in a script element.

    What is reported or not testable has no review: nothing was rated.
    """
    author = [{"@type": "Organization", "name": author["name"]} for author in citation()["authors"]]
    rated = [
        {
            "@type": "ClaimReview",
            "url": f"#{entry.claim.anchor}",
            "claimReviewed": entry.claim.says,
            "author": author,
            "reviewRating": {"@type": "Rating", "alternateName": entry.verdict.outcome},
        }
        for entry in entries
        if entry.verdict.outcome not in ("not testable", "reported")
    ]
    said = inert({"@context": "https://schema.org/", "@graph": rated})
    return f'<script type="application/ld+json">{said}</script>'


def inert(value: object) -> str:
    """Return a value as JSON on one line that can end neither a script element nor a Markdown fence."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[<>&`\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def citation() -> dict[str, Any]:
    """Return what CITATION.cff says."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    said: dict[str, Any] = yaml.load(text, Loader=FastLoader)  # noqa: S506 (a safe loader)
    return said


def codecheck(entries: Sequence[Entry]) -> str:
    """Return codecheck.yml: the files a reviewer makes anew, each with the verdicts to be found in it."""
    about = citation()
    files = {
        "_build/ledger.json": f"{FILES['ledger.json']}; {tally(ledger.counts(entries))}",
        "_build/html/index.html": "the book",
        **dict(_chapters(entries)),
    }
    paper = {"title": about["title"], "authors": [{"name": author["name"]} for author in about["authors"]]}
    said = {
        "version": "https://codecheck.org.uk/spec/config/1.0/",
        "paper": paper,
        "manifest": [{"file": file, "comment": comment} for file, comment in files.items()],
    }
    return HEADER + yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=110)


def _chapters(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the page of each chapter that found something, with the verdicts of its claims."""
    names = sorted({e.evidence.chapter for e in entries if e.evidence and e.evidence.chapter})
    for name in names:
        if (ROOT / "chapters" / f"{name}.ipynb").exists():
            mine = [entry for entry in entries if entry.claim.chapter == name]
            yield f"_build/html/chapters/{name}.html", tally(ledger.counts(mine))


def tally(counts: Mapping[Outcome, int]) -> str:
    """Return counts of verdicts in words: "2 claims: 1 reproduced, 1 reported"."""
    parts = ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number)
    return f"{sum(counts.values())} claims: {parts}"


def readme(text: str, entries: Sequence[Entry]) -> str:
    """Return the README with the table of verdicts between its two markers as the ledger has it."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise CareshiftError(f'README.md has lost a marker of its table: put back "{START}" and "{END}".')
    everything, leading = ledger.counts(entries), ledger.counts_by_tier(entries)["headline"]
    rows = [f"| {outcome} | {number} | {leading[outcome]} |" for outcome, number in everything.items()]
    if ledger.pending():
        lead = sum(claim.tier == "headline" for claim in ledger.pending())
        rows.append(f"| {ledger.WAITING} | {len(ledger.pending())} | {lead} |")
    total = f"| all | {len(claims.load())} | {sum(claim.tier == 'headline' for claim in claims.load())} |"
    table = "\n".join(["| verdict | claims | headline claims |", "|---|--:|--:|", *rows, total])
    return f"{before}{START}\n{table}\n{END}{after}"
