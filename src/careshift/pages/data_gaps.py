"""The data that would test what is not tested yet, with every look for them, for those who hold them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from careshift import ledger, needs
from careshift.ledger import NATIONS, Entry
from careshift.needs import STATES, Need
from careshift.pages import wording
from careshift.pages.blocks import printed_words
from careshift.pages.safe_text import Markdown, escape


def page(judged: Sequence[Entry]) -> Markdown:
    """Return the page of wanted data, by what is known of them and by nation, what settles most first."""
    waiting = [e for e in ledger.counted(judged) if e.verdict.held_against != "outside data"]
    wants = by_need(waiting)
    known = {text: needs.find(text) for text in wants}
    tally = Counter(need.state for need in known.values() if need)
    parts = [
        "(wanted-data)=\n# What would test the rest",
        f"{len(waiting)} claims have not met data from outside the documents. {len(wants)} sets of data "
        "would test them. Each stands here with the claims that it would test, what is known of it, every "
        "look for it with its day and words, and the next best step.",
        "\n".join(f"- **{words[0].upper()}{words[1:]}**: {tally[state]}" for state, words in STATES.items()),
        "If you hold one of these sets, a table with one row an observation is enough; the guide for "
        "contributors says how to add it.",
    ]
    for state, words in STATES.items():
        parts.append(f"## {words[0].upper()}{words[1:]}")
        mine = {text: found for text, found in wants.items() if _state(known[text]) == state}
        for nation in NATIONS:
            of = [(t, f) for t, f in mine.items() if ledger.nation(f[0].claim) == nation]
            if of:
                of.sort(key=lambda pair: -len(pair[1]))
                parts += [f"### {nation}", *(_want(text, found, known[text]) for text, found in of)]
    return Markdown("\n\n".join(parts) + "\n")


def _state(need: Need | None) -> str:
    return need.state if need else "published"


def by_need(waiting: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the claims that each set of data would test; case and a last stop make no other need."""
    alike: dict[str, list[Entry]] = defaultdict(list)
    for found in waiting:
        if found.claim.needs:
            alike[needs.key(found.claim.needs)].append(found)
    return {str(found[0].claim.needs): found for found in alike.values()}


def _want(text: str, found: Sequence[Entry], need: Need | None) -> str:
    many = f"{len(found)} claims" if len(found) > 1 else "1 claim"
    items = [
        f"- [{escape(e.claim.says)}](#{e.claim.anchor}), printed {escape(printed_words(e.claim))}, "
        f"{wording.SHORT[e.claim.source]}{_outcome(e)}"
        for e in found
    ]
    return "\n".join([f"**{escape(text)}** would test {many}:", "", *items, *_looks(need)])


def _outcome(entry: Entry) -> str:
    """Return what came out so far, where it is more than that data are wanted."""
    return "" if entry.verdict.outcome == "data wanted" else f": {entry.verdict.outcome}"


def _looks(need: Need | None) -> list[str]:
    """Return the looks for a set of data and the next step, folded."""
    if need is None:
        return ["", "Not looked for yet."]
    lines = [
        f"- {look.day:%-d %B %Y}, {escape(look.where)}, “{escape(look.words)}”: {escape(look.found)}"
        for look in need.looked
    ]
    count = f"{len(lines)} looks" if len(lines) > 1 else "1 look"
    return [
        "",
        f":::{{dropdown}} {count}, and the next step",
        *lines,
        "",
        f"Next: {escape(need.next)}",
        ":::",
    ]
