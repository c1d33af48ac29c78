"""Which claims a paragraph of a chapter answers: its cell has a tag for each, `answers:SOURCE/claim-name`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from careshift import claims
from careshift.claims import Claim, ClaimError

TAG = "answers:"


def of_cells(chapter: str, cells: Iterable[Mapping[str, Any]]) -> list[tuple[Claim, ...]]:
    """Return, for each cell of a chapter in turn, the claims that it says it answers.

    Raises ClaimError with the chapter, the cell and the tag, for a claim that does not exist or that another
    chapter judges.
    """
    return [
        tuple(_claim(chapter, number, tag) for tag in cell["metadata"].get("tags", []) if tag.startswith(TAG))
        for number, cell in enumerate(cells, 1)
    ]


def _claim(chapter: str, number: int, tag: str) -> Claim:
    place = f'{chapter}, cell {number} from the top, tag "{tag}"'
    try:
        claim = claims.find(tag.removeprefix(TAG))
    except ClaimError as error:
        raise ClaimError(f"{place}: {error}") from None
    if claim.chapter != chapter:
        judged = f"is judged by {claim.chapter}" if claim.chapter else "belongs to no chapter"
        raise ClaimError(f"{place}: this claim {judged}. Tag a paragraph there, or drop the tag here.")
    return claim
