"""Corrupt one printed answer and see the right claim turn."""

import pytest

from careshift import claims, multiverse, tables
from careshift.claims import Evidence
from careshift.topics import care_experience as survey

GOOD = "hendry2021/care-experience-communication-good"
WEAKER = "hendry2021/care-experience-coordination-weaker"


def outcomes(series: str = "", value: float = 0) -> tuple[str, str]:
    official = tables.read("official_values").copy()
    if series:
        cell = (official["series_id"] == series) & (official["period"] == "2017/18")
        assert cell.sum() == 1
        official.loc[cell, "value"] = value
    primary = survey.primary_care(official, "2017/18")
    talk = primary[primary["about"] == "communication"]
    between = survey.gaps(primary)
    shown = talk[["question", "percent"]].rename(columns={"percent": "value"})
    pairs = ((GOOD, shown), (WEAKER, between))
    found = [
        Evidence(
            claim=c,
            derived=f["value"].min(),
            choices=tuple(multiverse.as_choices(f)),
            basis="test",
            tables=("official_values",),
        )
        for c, f in pairs
    ]
    return tuple(claims.judge(claims.find(e.claim), e).outcome for e in found)


@pytest.mark.parametrize(
    ("series", "value", "expected"),
    [
        ("", 0, ("reproduced", "reproduced")),
        ("hace_gp_listened", 39, ("depends on method", "depends on method")),
        ("hace_coordination_other_professionals", 98, ("reproduced", "depends on method")),
    ],
)
def test_a_misread_answer_turns_its_claim(series, value, expected):
    assert outcomes(series, value) == expected
