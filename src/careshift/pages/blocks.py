"""Blocks of a page: verdict badges and tables of claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from careshift.claims import AGAINST, APART, HELD, OUTCOMES, TIERS, Claim, Outcome, Tier, Verdict
from careshift.pages import wording
from careshift.pages.safe_text import Markdown, escape, html_text

SIGNS: dict[str, str] = {
    "reproduced": "✓",
    "close": "≈",
    "depends on method": "◐",
    "differs": "✗",
    "revised since": "↻",
    "bracketed": "↔",
    "adds up": "+",
    "does not add up": "≠",
    "data wanted": "?",
    "reported": "“",
    APART: "·",
}
Judged = tuple[Claim, Verdict]
UNDISPUTED: tuple[Outcome, ...] = ("reproduced", "adds up", "bracketed", "reported", "data wanted", APART)
MAIN = 3  # verdicts that stand below a chapter's first chart
FEW, SOME, MANY = 8, 15, 60  # claims of a chapter: all open, open at most, folded at most
MEANINGS: dict[Outcome, str] = {
    "reproduced": "data from outside the documents give the printed number, its rounding and "
    "qualifier respected",
    "close": "outside data fall just outside the print, on the same side; the distance is shown",
    "depends on method": "inside the print under some defensible choices, outside under others",
    "differs": "outside data lie outside the print under every defensible choice",
    "revised since": "only a later vintage or definition is at hand, and it has another number",
    "bracketed": "outside data can only bound it; the print lies between the bounds, which confirms nothing",
    "adds up": "other printed numbers give it: a check of the print, not of the world",
    "does not add up": "no number within the roundings would make the prints agree; both places are shown",
    "data wanted": "no data at hand test it; the entry says which would, and where we looked",
    "reported": "a view that no data decide: cited as such",
    APART: "no claim about the world; kept on its own page",
}


def badge(claim: Claim, verdict: Verdict) -> Markdown:
    """Return the verdict as a link to the claim's entry: a sign and a word, so that colour is not needed."""
    word = f"{SIGNS[verdict.outcome]} {verdict.outcome}"
    return Markdown(f"[[{word}](#{claim.anchor})]{{.verdict .{css_class(verdict.outcome)}}}")


def css_class(outcome: str) -> str:
    """Return the class of an outcome in the style sheet: "does-not-add-up"."""
    return outcome.replace(",", "").replace(" ", "-")


def beside(judged: Iterable[Judged]) -> Markdown:
    """Return what stands below a paragraph: each claim that it answers, by its number, with its badge.

    A year or a print in words says little by itself; there our words for the claim stand instead.
    """
    lines = [f"{escape(_short_name(claim))}: {badge(claim, verdict)}" for claim, verdict in judged]
    return Markdown("\n\n".join([":::{container} answers", *lines, ":::"]))


def _short_name(claim: Claim) -> str:
    alone = wording.in_words(claim) or claim.is_year
    return claim.says if alone else f"Printed {printed_words(claim)}"


def main_verdicts(judged: Iterable[Judged]) -> Markdown:
    """Return the few verdicts that a reader of a chapter should know, a line each; nothing where none counts.

    Headline claims come first, then what outside data tested, then what the other prints tested.
    """
    counted = [pair for pair in judged if pair[0].is_counted and not pair[0].repeats]
    first = sorted(counted, key=lambda pair: (TIERS.index(pair[0].tier), HELD.index(pair[1].held_against)))
    lines = [f"- {_main(*pair)}" for pair in first[:MAIN]]
    return Markdown("\n".join([":::{container} main-verdicts", *lines, ":::"]) if lines else "")


def _main(claim: Claim, verdict: Verdict) -> str:
    """Return a claim with its place, print, finding and badge, as one line."""
    said, found = claim.says.rstrip("."), wording.we_find(claim, verdict)
    prints = f"{wording.SHORT[claim.source]} prints {printed_words(claim)}."
    words = escape(" ".join(filter(None, [f"{said}.", prints, found])))
    return f"{words} {badge(claim, verdict)} {wording.beside(verdict)}".rstrip()


def claims_table(judged: Iterable[tuple[Claim, Verdict]]) -> Markdown:
    """Return a chapter's claims: what the source says, printed, derived, verdict.

    A few stand open. Of more, those that lead stand open and the rest are folded under a line that counts
    them; of very many, those that nothing contradicts are left to the ledger.
    """
    pairs = list(judged)
    if len(pairs) <= FEW:
        return _claims(pairs)
    first, rest = _parted(pairs, lambda claim, verdict: verdict.derived is not None)
    if len(first) > SOME:
        first, rest = _parted(pairs, lambda claim, verdict: verdict.outcome not in UNDISPUTED)
    folded = rest if len(rest) <= MANY else [pair for pair in rest if pair[1].outcome not in UNDISPUTED]
    left = [pair for pair in rest if pair not in folded]
    parts: list[str] = [_claims(first)] if first else []
    more = " more" if first else ""
    parts += [f"::::{{dropdown}} {_counted(folded, more)}\n{_claims(folded)}\n::::"] if folded else []
    parts += [f"In [the ledger](#ledger): {_counted(left, more)}."] if left else []
    return Markdown("\n\n".join(parts))


def _parted(
    pairs: list[Judged], leads: Callable[[Claim, Verdict], bool]
) -> tuple[list[Judged], list[Judged]]:
    """Return the headline claims and other numbers that lead, and the rest."""
    first = [p for p in pairs if p[0].tier == "headline" or (p[0].tier != "context" and leads(*p))]
    return first, [p for p in pairs if p not in first]


def _counted(pairs: list[Judged], more: str) -> str:
    counts = Counter(verdict.outcome for _, verdict in pairs)
    words = ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
    words += f"{', ' * bool(words)}{counts[APART]} dates, counts and structure" if counts[APART] else ""
    return f"{len(pairs)}{more} statement{'s' * (len(pairs) > 1)}: {words}"


def _claims(judged: Iterable[Judged]) -> Markdown:
    head = ["| What the source says | Printed | We find | Outcome, held against |", "|---|---|---|---|"]
    rows = [_claim_row(claim, verdict) for claim, verdict in judged]
    caption = "1 claim and its verdict" if len(rows) == 1 else f"{len(rows)} claims and their verdicts"
    return as_cards(caption, [*head, *rows])


def _claim_row(claim: Claim, verdict: Verdict) -> str:
    derived = escape(wording.derived(claim, verdict))
    said, printed = escape(claim.says), escape(printed_words(claim))
    return f"| {said} | {printed} | {derived} | {badge(claim, verdict)} {wording.beside(verdict)} |"


def as_cards(caption: str, lines: Iterable[str]) -> Markdown:
    """Return a Markdown table of claims that turns into cards on a phone."""
    return captioned(caption, "claims", lines)


def captioned(caption: str, kind: str, lines: Iterable[str]) -> Markdown:
    """Return the lines of a Markdown table with a caption; `kind` is its class in the style sheet."""
    return Markdown("\n".join([f":::{{table}} {escape(caption)}", f":class: {kind}", *lines, ":::"]))


def printed_words(claim: Claim) -> str:
    """Return the print with its qualifier and unit, "about 6,500 residents", or the source's few words."""
    if wording.in_words(claim):
        return f"“{claim.printed}”"
    words = f"{claim.qualifier} {claim.printed}" if claim.qualifier else claim.printed
    unit = wording.unit(claim)
    bare = not unit or unit.startswith("year ") or unit in words.split() or words.endswith("%")
    return words if bare else f"{words} {unit}"


def counts_table(counts: Mapping[Tier, Mapping[Outcome, int]]) -> Markdown:
    """Return the counts of every outcome by tier, with its meaning and its share of the whole as a bar."""
    total = sum(n for of_tier in counts.values() for n in of_tier.values()) or 1
    rows = []
    for outcome in OUTCOMES:
        numbers = [counts[tier].get(outcome, 0) for tier in TIERS]
        sign = f"[{SIGNS[outcome]} {outcome}]{{.verdict .{css_class(outcome)}}}"
        bar = f'<span class="share" style="--share: {sum(numbers) / total:.3f}"></span>'
        held = " or ".join(AGAINST[outcome])
        rows.append(
            f"| {held} | {sign} | {' | '.join(map(str, [*numbers, sum(numbers)]))} | {bar} "
            f"{MEANINGS[outcome]} |"
        )
    head = [
        "| Held against | Outcome | Headline | Other numbers | Context | All | What it means |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    return captioned("Claims by outcome and weight", "counts", [*head, *rows])


def verdict_tag(outcome: str) -> str:
    """Return an outcome as HTML without a link."""
    return f'<span class="verdict {css_class(outcome)}">{SIGNS[outcome]} {html_text(outcome)}</span>'
