"""Corrupt one printed gap and see its own claim turn; a press copy turns none."""

import pandas as pd
import pytest

from careshift import claims, multiverse, tables
from careshift.claims import Evidence
from careshift.topics import inequality

MEN, WOMEN = "hendry2021/healthy-life-gap-men", "hendry2021/healthy-life-gap-women"
PRINTS = ("found_values", "healthy_life_expectancy_gaps", "official_values")


def changed(table: str, series: str, period: str, sex: str, value: float) -> pd.DataFrame:
    frame = tables.read(table).copy()
    age = frame["age_group"] == f"birth, {sex}"
    cell = (frame["series_id"] == series) & (frame["period"] == period) & age
    assert cell.sum() == 1
    frame.loc[cell, "value"] = value
    return frame


def outcomes(official: pd.DataFrame | None = None, found: pd.DataFrame | None = None) -> tuple[str, str]:
    printed = inequality.releases(
        tables.read("healthy_life_expectancy_gaps"),
        tables.read("official_values") if official is None else official,
        tables.read("found_values") if found is None else found,
    )
    answer = []
    for claim, who in ((MEN, "male"), (WOMEN, "female")):
        choices = tuple(multiverse.as_choices(inequality.of_sex(printed, who)))
        derived = inequality.latest_before_source(printed, who)
        evidence = Evidence(claim=claim, derived=derived, choices=choices, basis="test", tables=PRINTS)
        answer.append(claims.judge(claims.find(claim), evidence).outcome)
    return answer[0], answer[1]


def test_as_published_both_are_close() -> None:
    assert outcomes() == ("close", "close")


@pytest.mark.parametrize(
    ("period", "sex", "value", "expected"),
    [
        ("2017-2019", "male", 23.8, ("depends on method", "close")),
        ("2017-2019", "male", 29.0, ("differs", "close")),
        ("2013-2015", "female", 22.6, ("close", "depends on method")),
        ("2017-2019", "female", 12.5, ("close", "differs")),
    ],
)
def test_a_misread_gap_turns_its_own_claim(period, sex, value, expected) -> None:
    assert outcomes(found=changed("found_values", inequality.RELEASE, period, sex, value)) == expected


@pytest.mark.parametrize(("sex", "value"), [("male", 23.8), ("female", 22.6), ("male", 40.0)])
def test_a_press_copy_decides_nothing(sex, value) -> None:
    given = changed("official_values", inequality.SERIES, "2017-2019", sex, value)
    assert outcomes(official=given) == outcomes()
