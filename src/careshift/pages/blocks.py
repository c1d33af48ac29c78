"""Blocks of a page: verdict badges, tables of claims, figures with their downloads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from careshift import tables
from careshift.claims import OUTCOMES, SOURCES, TIERS, Claim, Outcome, Tier, Verdict, derived_words
from careshift.pages.markup import Markdown, escape

SIGNS: dict[Outcome, str] = {
    "reproduced": "✓",
    "close": "≈",
    "depends on method": "◐",
    "differs": "✗",
    "inconsistent": "≠",
    "not testable": "?",
    "reported": "“",
}
HOLDS: tuple[Outcome, ...] = ("reproduced", "reported", "not testable")  # no claim is contradicted
LONG = 20  # claims above which a chapter's table folds what holds
MEANINGS: dict[Outcome, str] = {
    "reproduced": "our number lies inside the printed one, its rounding and its qualifier respected",
    "close": "just outside, same direction, same conclusion; the distance is shown",
    "depends on method": "inside under some defensible choices, outside under others; the range is shown",
    "differs": "outside under every defensible choice",
    "inconsistent": "the source disagrees with itself, or two sources disagree; both places are shown",
    "not testable": "no public data at hand; the entry says which data would test it",
    "reported": "an interview count, a policy fact or another study's result: cited, no test is possible",
}


def badge(claim: Claim, verdict: Verdict) -> Markdown:
    """Answer the verdict as a link to the claim's entry: a sign and a word, so that colour is not needed."""
    kind = verdict.outcome.replace(" ", "-")
    word = f"{SIGNS[verdict.outcome]} {verdict.outcome}"
    return Markdown(f"[[{word}](#{claim.anchor})]{{.verdict .{kind}}}")


def claims_table(judged: Iterable[tuple[Claim, Verdict]]) -> Markdown:
    """Answer the table of a chapter's claims: what the source says, printed, derived, verdict.

    Of a chapter with more than LONG claims, the headline claims and the numbers that do not hold stand open,
    the other numbers and all else that does not hold are folded, and the context claims that hold are left to
    the ledger.
    """
    known = list(judged)
    if len(known) <= LONG:
        return _claims(known)
    holds = [verdict.outcome in HOLDS for _, verdict in known]
    first = [p for p, ok in zip(known, holds, strict=True) if _leads(p[0], ok)]
    folded = [p for p, ok in zip(known, holds, strict=True) if not _leads(p[0], ok) and _is_shown(p[0], ok)]
    left = [p for p, ok in zip(known, holds, strict=True) if not _is_shown(p[0], ok)]
    wrong = sum(verdict.outcome not in HOLDS for _, verdict in folded)
    head = f"{len(folded)} more claims with their verdicts{f', {wrong} of them not holding' if wrong else ''}"
    parts = [_claims(first)] if first else []
    parts += [Markdown(f"::::{{dropdown}} {head}\n{_claims(folded)}\n::::")] if folded else []
    return Markdown("\n\n".join(filter(None, [*parts, _left_to_the_ledger(left)])))


def _leads(claim: Claim, holds: bool) -> bool:
    return claim.tier == "headline" or (claim.tier != "context" and not holds)


def _is_shown(claim: Claim, holds: bool) -> bool:
    return claim.tier != "context" or not holds


def _left_to_the_ledger(left: list[tuple[Claim, Verdict]]) -> Markdown:
    if not left:
        return Markdown("")
    counted = [(outcome, sum(v.outcome == outcome for _, v in left)) for outcome in HOLDS]
    words = ", ".join(f"{number} {outcome}" for outcome, number in counted if number)
    return Markdown(f"In [the ledger](#ledger): {len(left)} more claims of context ({words}).")


def _claims(judged: Iterable[tuple[Claim, Verdict]]) -> Markdown:
    rows = [
        f"| {escape(claim.says)} | {escape(printed_words(claim))} "
        f"| {escape(derived_words(claim, verdict)) if verdict.derived is not None else '–'} "
        f"| {badge(claim, verdict)} |"
        for claim, verdict in judged
    ]
    head = ["| What the source says | Printed | Derived | Verdict |", "|---|---|---|---|"]
    return as_cards([*head, *rows])


def as_cards(lines: Iterable[str]) -> Markdown:
    """Answer a Markdown table of claims that turns into cards on a phone."""
    return Markdown("\n".join([":::{table}", ":class: claims", *lines, ":::"]))


def printed_words(claim: Claim) -> str:
    """Answer the print with its qualifier and unit, "about 6,500 residents", or the source's few words."""
    if any(c.isalpha() for c in claim.printed):
        return f"“{claim.printed}”"
    words = f"{claim.qualifier} {claim.printed}" if claim.qualifier else claim.printed
    unit = claim.unit.replace("percent", "%", 1)
    return words if claim.is_year or unit in words.split() else f"{words} {unit}"


def counts_table(counts: Mapping[Tier, Mapping[Outcome, int]]) -> Markdown:
    """Answer all seven verdict counts by tier, with what each means and its share of the whole as a bar."""
    total = sum(n for of_tier in counts.values() for n in of_tier.values()) or 1
    rows = []
    for outcome in OUTCOMES:
        numbers = [counts[tier].get(outcome, 0) for tier in TIERS]
        sign = f"[{SIGNS[outcome]} {outcome}]{{.verdict .{outcome.replace(' ', '-')}}}"
        bar = f'<span class="share" style="--share: {sum(numbers) / total:.3f}"></span>'
        rows.append(
            f"| {sign} | {' | '.join(map(str, [*numbers, sum(numbers)]))} | {bar} {MEANINGS[outcome]} |"
        )
    head = [
        "| Verdict | Headline | Other numbers | Context | All | What it means |",
        "|---|--:|--:|--:|--:|---|",
    ]
    return Markdown("\n".join([":::{table}", ":class: counts", *head, *rows, ":::"]))


def source_words(names: Iterable[str]) -> Markdown:
    """Answer a figure's source line: title and vintage of each table, linked to the catalogue.

    The short key of a document stands for the numbers that it prints.
    """
    parts = []
    for name in names:
        if name in SOURCES:
            parts.append(f"{{cite:t}}`{name}`, as printed")
            continue
        about = tables.describe(name)
        parts.append(f"[{escape(about['title'])}](#table-{name}), {escape(about['vintage'])}")
    return Markdown("; ".join(parts))


def figure_block(name: str, folder: str, figure: Mapping[str, Any]) -> Markdown:
    """Answer a figure for the staged book: light and dark picture, title, source line, downloads.

    `folder` holds the figure's files, from the root of the book; `figure` is what the notebook carries.
    """
    alt, base = json.dumps(figure["alt"], ensure_ascii=False), f"/{folder}/{figure['name']}"
    downloads = " · ".join(
        f"{{download}}`{label} <{base}.{kind}>`"
        for label, kind in (("Data (CSV)", "csv"), ("SVG", "svg"), ("PNG", "png"))
    )
    return Markdown(
        f"```{{image}} {base}.dark.svg\n:alt: {alt}\n:class: only-dark\n```\n\n"
        f"```{{figure}} {base}.svg\n:name: {name}\n:alt: {alt}\n:class: only-light\n\n"
        f"**{escape(figure['title'])}** Source: {source_words(figure['tables'])}. {downloads}\n```\n"
    )
