"""Two ledgers side by side: which verdicts, derived values and vintages of data changed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from careshift.claims import Claim, Record, Verdict
from careshift.project import CareshiftError

What = Literal["verdict", "derived value", "vintage", "claim", "table"]
SAME = 1e-9  # relative difference below which two derived values are the same number
Kept = Mapping[str, Mapping[str, Any]]


class ComparisonError(CareshiftError):
    """A file that is not a ledger."""


class Change(Record):
    """One difference: of a claim or a table, with what stood before and after; None where there is none."""

    about: str
    what: What
    before: str | float | None = None
    after: str | float | None = None

    def __str__(self) -> str:
        old, new = ("none" if end is None else str(end) for end in (self.before, self.after))
        return f"{self.about} | {self.what} | {old} -> {new}"


def compare(before: Path, after: Path) -> list[Change]:
    """Return the changes from one ledger.json to another: claims in their order, then tables.

    Raises ComparisonError for a file that is no ledger.
    """
    old, new = _read(before), _read(after)
    return [*_claims(_by_id(old), _by_id(new)), *_tables(old["tables"], new["tables"])]


def of_verdicts(
    before: Iterable[tuple[Claim, Verdict]], after: Iterable[tuple[Claim, Verdict]]
) -> list[Change]:
    """Return the changes from one set of judged claims to another, in the order of the later one."""
    old, new = (
        {c.id: {"outcome": v.outcome, "derived": v.derived} for c, v in judged} for judged in (before, after)
    )
    return list(_claims(old, new))


def _read(file: Path) -> dict[str, Any]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {"claims": [_checked(item) for item in kept["claims"]], "tables": kept.get("tables", {})}
    except FileNotFoundError:
        raise ComparisonError(f"{file}: no such file.") from None
    except OSError as error:
        raise ComparisonError(f"{file}: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise ComparisonError(
            f"{file} is not a ledger.json of this book. Give one that a build wrote: _build/ledger.json."
        ) from None


def _checked(item: Any) -> dict[str, Any]:
    return {
        "id": item["claim"]["id"],
        "outcome": item["verdict"]["outcome"],
        "derived": item["verdict"]["derived"],
    }


def _by_id(kept: Mapping[str, Any]) -> Kept:
    return {item["id"]: item for item in kept["claims"]}


def _claims(old: Kept, new: Kept) -> Iterator[Change]:
    for name in dict.fromkeys([*new, *old]):
        if name not in old or name not in new:
            ends = {key: of[name]["outcome"] for key, of in (("before", old), ("after", new)) if name in of}
            yield Change(about=name, what="claim", **ends)
            continue
        was, now = old[name], new[name]
        if was["outcome"] != now["outcome"]:
            yield Change(about=name, what="verdict", before=was["outcome"], after=now["outcome"])
        if not _same(was["derived"], now["derived"]):
            yield Change(about=name, what="derived value", before=was["derived"], after=now["derived"])


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)


def _tables(old: Kept, new: Kept) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        was, now = (of[name]["vintage"] if name in of else None for of in (old, new))
        if was != now:
            yield Change(about=name, what="vintage" if was and now else "table", before=was, after=now)
