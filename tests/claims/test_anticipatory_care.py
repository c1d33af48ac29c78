"""The cohort's claim turns when a printed change is misread the other way round."""

import pytest

from careshift import claims
from careshift.claims import Evidence
from careshift.topics import anticipatory_care as plans

CLAIM = "kingsfund2013/nairn-cohort-better-than-control"


def outcome(cohort: float, control: float) -> str:
    frame = plans.changes()
    for group, value in (("cohort", cohort), ("control", control)):
        cell = (frame["group"] == group) & (frame["outcome"] == plans.OUTCOMES["admissions"])
        assert cell.sum() == 1
        frame.loc[cell, ["value", "low", "high"]] = [value, value - 0.5, value + 0.5]
    row = plans.differences(frame).iloc[0]
    rounding = (row["ratio_low"], row["ratio_high"])
    evidence = Evidence(claim=CLAIM, derived=row["ratio"], rounding=rounding, basis="test")
    return claims.judge(claims.find(CLAIM), evidence).outcome


@pytest.mark.parametrize(
    ("cohort", "control", "expected"), [(-38, 51, "reproduced"), (51, -38, "inconsistent")]
)
def test_swapped_groups_turn_the_claim(cohort, control, expected):
    assert outcome(cohort, control) == expected
