"""Care experience: the five items of 2017/18, changes and gaps by hand."""

import pandas as pd
import pytest

from careshift import tables
from careshift.project import CareshiftError
from careshift.topics import care_experience as survey


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return tables.read("care_experience")


def test_the_items_of_2017_18(answers):
    waves = survey.waves(answers).set_index("survey")
    at = waves.loc["2017/18"]
    values = [at[item] for item in ("independence", "say in support", "quality of life", "carers supported")]
    assert [*values, at["care rated good"]] == pytest.approx([81.1, 75.6, 80.0, 36.6, 80.2], abs=0.051)
    assert waves.loc["2019/20"].isna().sum() == 1
    with pytest.raises(CareshiftError, match="area X"):
        survey.waves(answers, "X")


def test_changes_are_differences_and_missing_stays_missing(answers):
    moved = survey.changes(survey.waves(answers), "2013/14", "2019/20").set_index("item")
    assert moved.loc["Carers supported", "change"] == pytest.approx(34.2778 - 42.95)
    assert pd.isna(moved.loc["Care rated good", "change"])


def test_gaps_are_all_pairs():
    primary = pd.DataFrame(
        [("communication", "a", 90.0), ("communication", "b", 80), ("continuity", "c", 70)],
        columns=["about", "question", "percent"],
    )
    assert survey.gaps(primary)["value"].tolist() == [20, 10]


def test_answers_needed_and_half_width_by_hand():
    assert survey.half_width(50, 400) == pytest.approx(4.9)
    assert survey.answers_needed(50, 10) == 392  # 2 * 0.25 * 28 ** 2


def test_councils_are_ranked_and_all_there(answers):
    table = survey.councils(answers, tables.read("areas"), "independence", "2017/18")
    assert len(table) == 32
    assert table["percent"].is_monotonic_decreasing
    assert survey.spread(answers, "2013/14", "2017/18")["of"].eq(32).all()
