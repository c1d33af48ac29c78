"""The data that would test what cannot be tested yet, for those who hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from careshift import ledger
from careshift.ledger import NATIONS, Entry
from careshift.pages import wording
from careshift.pages.blocks import printed_words
from careshift.pages.safe_text import Markdown, escape

PRIVATE = ("not public", "not published", "unpublished")


def page(judged: Sequence[Entry]) -> Markdown:
    """Return the page of wanted data, by nation, what would settle most first."""
    waiting = ledger.select(judged, outcome="not testable")
    wants = by_need(waiting)
    known = sum(any(word in need for word in PRIVATE) for need in wants)
    parts = [
        "(wanted-data)=\n# What would test the rest",
        f"{len(waiting)} claims cannot be tested with the public data at hand. {len(wants)} sets of data "
        "would settle them. Each is listed with the claims that it would test, so that someone who holds it "
        "can see what it is worth.",
        "We have not found these data in a form that this book can read. That does not mean that they are "
        "secret: where brackets name a publisher or a collection, that is where to ask first. "
        + (
            f"{known} are known not to be public; the list says which."
            if known
            else "For none of them do our records say that they are closed to the public."
        ),
        "If you hold one of these sets, a table with one row an observation is enough; the guide for "
        "contributors says how to add it.",
    ]
    for nation in NATIONS:
        mine = [(need, found) for need, found in wants.items() if ledger.nation(found[0].claim) == nation]
        mine.sort(key=lambda pair: -len(pair[1]))
        if mine:
            parts += [f"## {nation}", *(_want(need, found) for need, found in mine)]
    return Markdown("\n\n".join(parts) + "\n")


def by_need(waiting: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the claims that each set of data would test; case and a last stop make no other need."""
    alike: dict[str, list[Entry]] = defaultdict(list)
    for found in waiting:
        alike[" ".join((found.claim.needs or "").lower().split()).rstrip(".")].append(found)
    return {str(found[0].claim.needs): found for found in alike.values()}


def _want(need: str, found: Sequence[Entry]) -> str:
    many = f"{len(found)} claims" if len(found) > 1 else "1 claim"
    items = [
        f"- [{escape(e.claim.says)}](#{e.claim.anchor}), printed {escape(printed_words(e.claim))}, "
        f"{wording.SHORT[e.claim.source]}"
        for e in found
    ]
    return "\n".join([f"**{escape(need)}** would test {many}:", "", *items])
