"""What the prints say of the cohort turns when a printed change is misread the other way round."""

import pytest

from careshift import claims
from careshift.claims import Evidence, Verdict
from careshift.topics import anticipatory_care as plans

CLAIM = "kingsfund2013/nairn-cohort-better-than-control"


def verdict(cohort: float, control: float) -> Verdict:
    frame = plans.changes()
    for group, value in (("cohort", cohort), ("control", control)):
        cell = (frame["group"] == group) & (frame["outcome"] == plans.OUTCOMES["admissions"])
        assert cell.sum() == 1
        frame.loc[cell, ["value", "low", "high"]] = [value, value - 0.5, value + 0.5]
    row = plans.differences(frame).iloc[0]
    rounding = (row["ratio_low"], row["ratio_high"])
    evidence = Evidence(claim=CLAIM, derived=row["ratio"], rounding=rounding, basis="test")
    return claims.judge(claims.find(CLAIM), evidence)


@pytest.mark.parametrize(
    ("cohort", "control", "expected"), [(-38, 51, "adds up"), (51, -38, "does not add up")]
)
def test_swapped_groups_turn_what_the_prints_say(cohort, control, expected):
    assert verdict(cohort, control).check == expected


def test_a_claim_of_cause_is_decided_by_no_difference_of_groups():
    assert claims.find(CLAIM).kind == "cause"
    assert {verdict(-38, 51).outcome, verdict(51, -38).outcome} == {"data wanted"}
