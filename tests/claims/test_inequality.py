"""Corrupt one printed gap and see its own claim turn."""

import pytest

from careshift import claims, multiverse, tables
from careshift.claims import Evidence
from careshift.topics import inequality

MEN, WOMEN = "hendry2021/healthy-life-gap-men", "hendry2021/healthy-life-gap-women"


def outcomes(period: str = "", sex: str = "", value: float = 0) -> tuple[str, str]:
    official = tables.read("official_values").copy()
    if period:
        cell = (
            (official["series_id"] == inequality.SERIES)
            & (official["period"] == period)
            & (official["age_group"] == f"birth, {sex}")
        )
        assert cell.sum() == 1
        official.loc[cell, "value"] = value
    found = inequality.releases(tables.read("healthy_life_expectancy_gaps"), official)
    answer = []
    for claim, who in ((MEN, "male"), (WOMEN, "female")):
        choices = tuple(multiverse.as_choices(inequality.of_sex(found, who)))
        derived = inequality.latest_before_source(found, who)
        evidence = Evidence(claim=claim, derived=derived, choices=choices, basis="test")
        answer.append(claims.judge(claims.find(claim), evidence).outcome)
    return answer[0], answer[1]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), ("depends on method", "close")),
        (("2013-2015", "male", 28.3), ("close", "close")),
        (("2017-2019", "female", 22.6), ("depends on method", "depends on method")),
        (("2017-2019", "female", 12.5), ("depends on method", "differs")),
    ],
)
def test_a_misread_gap_turns_its_own_claim(given, expected):
    assert outcomes(*given) == expected
