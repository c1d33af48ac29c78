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
    "kind": "expected",
    "pivot": 0,
}


def claim(**fields: object) -> Claim:
    return Claim.model_validate(BASE | fields)


def found(derived: float | None, **fields: object) -> Evidence:
    return Evidence.model_validate({"claim": BASE["id"], "derived": derived, "basis": "by hand"} | fields)


def entry(derived: float | None = None, proxy: bool = False, **fields: object) -> Entry:
    record = claim(**fields)
    evidence = None if derived is None else found(derived, claim=record.id, proxy=proxy)
    return Entry(record, evidence, judge(record, evidence))
