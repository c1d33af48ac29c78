"""A made claim and made evidence for it, to be changed field by field."""

from careshift.claims import Claim, Evidence, judge
from careshift.ledger import Entry

BASE = {
    "id": "hendry2021/a-claim",
    "where": {"section": "Results", "item": "paragraph 1"},
    "says": "Something fell",
    "printed": "20",
    "rounded_to": 1,
    "unit": "percent",
    "period": "2019",
    "area": "Scotland",
    "kind": "statement",
    "pivot": 0,
}
OUTSIDE, PRINTS = (
    "population",
    "welsh_admissions",
)  # a table of outside data, and one of what a document prints
OTHER = "hendry2021/care-home-residents-march-2019"  # a record whose print may be used


def claim(**fields: object) -> Claim:
    return Claim.model_validate(BASE | fields)


def found(derived: float | None, **fields: object) -> Evidence:
    """Return evidence from outside data."""
    base = {"claim": BASE["id"], "derived": derived, "basis": "by hand", "tables": (OUTSIDE,)}
    return Evidence.model_validate(base | fields)


def printed(derived: float | None, **fields: object) -> Evidence:
    """Return evidence from printed numbers of the same document."""
    return found(derived, **({"tables": (), "rests_on": (OTHER,)} | fields))


def entry(
    derived: float | None = None, nearest: bool = False, prints: bool = False, **fields: object
) -> Entry:
    """Return a claim with what outside data gave for it, or `prints`, and its verdict."""
    record = claim(**fields)
    made = printed if prints else found
    evidence = None if derived is None else made(derived, claim=record.id, nearest=nearest)
    return Entry(record, evidence, judge(record, evidence))
