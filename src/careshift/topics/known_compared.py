"""What independent studies found on the same questions: a sentence each, from the typed table."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from careshift.certainty import Finding

OUTCOMES = {"delays": "delayed discharges", "money-moved": "share of spending"}  # in the table, by question
SAID = {"share of spending": "the share of spending"}
ALONE = "none"  # a study without a control
FOUND = {
    "less": "a fall of {outcome}",
    "more": "a rise of {outcome}",
    "no change shown": "no change of {outcome}",
}
PLACE = "Scotland"
LINK = "What others found"


def joined(findings: Iterable[Finding], studies: pd.DataFrame) -> list[Finding]:
    """Return the findings, each with what the studies of Scotland in the table say on its question."""
    return [
        found.model_copy(update={"compared": sentence(found, studies)}) if found.place == PLACE else found
        for found in findings
    ]


def sentence(found: Finding, studies: pd.DataFrame) -> str:
    """Return what the studies of Scotland found on a question; nothing where the table has none.

    `studies` has the columns of the table `evaluations`. A study that describes is told apart from one with a
    control. A count that changed between the dates is a doubt about every study of it, and said.
    """
    outcome = OUTCOMES.get(found.id)
    mine = studies[(studies["nation"] == PLACE) & (studies["outcome"] == outcome)]
    told = [_one(row, str(outcome)) for row in mine.to_dict("records") if row["finding"] in FOUND]
    doubt = f"But {found.count_changed}." if told and found.count_changed else ""
    return " ".join(filter(None, [*told, doubt]))


def _one(row: Mapping[Hashable, Any], outcome: str) -> str:
    what = FOUND[str(row["finding"])].format(outcome=SAID.get(outcome, outcome))
    years = f"{row['first_year']:.0f} to {row['last_year']:.0f}"
    if row["control"] == ALONE:
        return f"{row['study']} describes {years} and finds {what}."
    control = f"{PLACE} with {row['control']}"
    return f"One study compares {control}, {years}. It finds {what} beside them ({row['study']})."
