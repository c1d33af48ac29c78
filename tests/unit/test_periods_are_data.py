"""Another period, release or copy of the same statistic is data: it is shown, and sets no verdict."""

import re

import pytest

from careshift import claims, outside_data, tables
from careshift.topics import care_homes_choices

LEADS = {
    "kingsfund2013/wyn-population": "close",
    "kingsfund2013/older-people-spending": "reproduced",
    "kingsfund2018/english-social-care-budget": "reproduced",
    "hendry2021/life-expectancy-stalled": "reproduced",
    "hendry2021/change-fund-share": "differs",
}
PERIOD = re.compile(r"\([^)]*\d[^)]*\)|[\d/–-]+|\b(mid|to|January|May|July|November|release of)\b|\W")


@pytest.mark.parametrize(("name", "outcome"), LEADS.items())
def test_the_period_of_the_claim_decides_alone(name: str, outcome: str) -> None:
    claim = claims.find(name)
    found = outside_data.evidence_of(claim)
    assert found is not None
    assert len(found.choices) > 1, "the others are still shown"
    assert [choice.decides for choice in found.choices] == [True] + [False] * (len(found.choices) - 1)
    assert claims.judge(claim, found).outcome == outcome


def test_no_two_readings_that_decide_differ_in_a_period_only() -> None:
    for claim in claims.load():
        if claim.outside is None or claim.outside.match == "bounds":
            continue
        found = outside_data.evidence_of(claim)
        assert found is not None
        if claims.judge(claim, found).outcome != "depends on method":
            continue
        labels = [PERIOD.sub("", choice.label) for choice in claim.outside.choices if choice.decides]
        assert len(labels) == len(set(labels)), claim.id


def test_the_first_reading_leads_and_so_decides() -> None:
    claim = claims.find("kingsfund2013/wyn-population")
    assert claim.outside is not None
    record = claim.outside.model_dump()
    record["choices"][0]["decides"] = False
    with pytest.raises(ValueError, match="the first reading leads"):
        claims.Outside.model_validate(record)


def test_one_year_of_the_return_stands_for_2011() -> None:
    read = {name: tables.read(name) for name in ("free_personal_care_residents", "population")}
    frame = care_homes_choices.all_below_projection_2011(
        residents=tables.read("care_home_residents"),
        free_personal_care=read["free_personal_care_residents"],
        population=read["population"],
    )
    assert set(frame.loc[frame["decides"], "actual"]) == {"2010/11"}
