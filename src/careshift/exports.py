"""The ledger for machines: its JSON schema, a flat table, JSON-LD, and what a reviewer reruns."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from pydantic import Field

from careshift import ledger
from careshift.claims import (
    AGAINST,
    Claim,
    Evidence,
    FastLoader,
    HeldAgainst,
    How,
    Outcome,
    Record,
    Verdict,
)
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


OLD_WORDS: dict[str, str] = {
    "reproduced": "held against outside data or printed numbers, which schema 1 did not tell apart; now "
    "reproduced (outside data) or adds up (printed numbers)",
    "inconsistent": "now does not add up",
    "not testable": "now data wanted, or bracketed where outside data bound the print",
    "reported": "now data wanted, reported, or date, count or structure",
}


class LedgerFile(Record):
    """The whole of ledger.json: every record, counted or not. Counts are of claims, each said once."""

    version: str = Field(alias="schema")
    counts: dict[Outcome, int]
    held_against: dict[HeldAgainst, int]
    how: dict[How, int]
    tables: dict[str, TableFacts]
    claims: tuple[LedgerItem, ...]


def schema() -> str:
    """Return the JSON schema of ledger.json, made from the models that write it."""
    made = LedgerFile.model_json_schema()
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "version": ledger.SCHEMA}
    said = {"title": "The ledger: every claim with its verdict", "x-words-of-schema-1": OLD_WORDS}
    return json.dumps(about | made | said, indent=1) + "\n"


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
        "counted": claim.is_counted,
        "repeats": claim.repeats,
        "held_against": verdict.held_against,
        "how": verdict.how,
        "outcome": verdict.outcome,
        "derived": verdict.derived,
        "derived_low": low,
        "derived_high": high,
        "range_is": verdict.span_kind,
        "nearest_public_figure": verdict.nearest,
        "margin": verdict.margin,
        "own_numbers": verdict.check,
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
            {"@type": "PropertyValue", "name": f"claims {words}", "value": number}
            for words, number in [
                *((f"with the outcome: {outcome}", n) for outcome, n in ledger.counts(entries).items()),
                *((f"held against: {against}", n) for against, n in ledger.held(entries).items()),
                *((f"held against outside data, {how}", n) for how, n in ledger.hows(entries).items()),
            ]
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

    What was held against nothing has no review: nothing was rated. A repeat has that of its original.
    """
    author = [{"@type": "Organization", "name": author["name"]} for author in citation()["authors"]]
    rated = [
        {
            "@type": "ClaimReview",
            "url": f"#{entry.claim.anchor}",
            "claimReviewed": entry.claim.says,
            "author": author,
            "reviewRating": {
                "@type": "Rating",
                "alternateName": entry.verdict.outcome,
                "ratingExplanation": f"held against: {entry.verdict.held_against}",
            },
        }
        for entry in ledger.counted(entries)
        if entry.verdict.held_against != "nothing"
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
        "_build/ledger.json": f"{FILES['ledger.json']}; "
        f"{tally(ledger.counts(entries), ledger.held(entries))}",
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
            yield f"_build/html/chapters/{name}.html", tally(ledger.counts(mine), ledger.held(mine))


def tally(counts: Mapping[Outcome, int], held: Mapping[HeldAgainst, int]) -> str:
    """Return counts in words: "2 claims: 1 reproduced, 1 reported; 1 held against outside data"."""
    parts = ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number)
    return f"{sum(counts.values())} claims: {parts}; {held['outside data']} held against outside data"


def readme(text: str, entries: Sequence[Entry]) -> str:
    """Return the README with the table of verdicts between its two markers as the ledger has it."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise CareshiftError(f'README.md has lost a marker of its table: put back "{START}" and "{END}".')
    everything, leading = ledger.counts(entries), ledger.counts_by_tier(entries)["headline"]
    rows = [
        f"| {' or '.join(AGAINST[outcome])} | {outcome} | {number} | {leading[outcome]} |"
        for outcome, number in everything.items()
    ]
    total = f"| | all claims | {sum(everything.values())} | {sum(leading.values())} |"
    hows = ledger.hows(entries)
    note = (
        f"Of the {sum(hows.values())} claims held against outside data, {hows['recomputed']} were recomputed "
        f"from data and {hows['read']} read in another text."
    )
    head = ["| held against | outcome | claims | headline claims |", "|---|---|--:|--:|"]
    return f"{before}{START}\n{chr(10).join([*head, *rows, total])}\n\n{note}\n{END}{after}"
