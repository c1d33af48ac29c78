"""Lists are counted as their claims count them; themes by hand."""

import pandas as pd
import pytest

from careshift import claims, tables
from careshift.project import CareshiftError
from careshift.topics import frameworks

MADE = pd.DataFrame(
    {
        "framework": ["a", "a", "a", "b"],
        "source": ["msg2019"] * 4,
        "place": ["Box"] * 4,
        "name": ["First", "First", "First", "Second"],
        "claim": ["policy2026/recommendation-levels"] * 3 + [None],
        "counts": ["parts"] * 3 + [None],
        "part": ["x", "x", "y", None],
        "position": [1, 2, 3, 1],
        "item": ["one", "two", "three", "four"],
        "theme": ["money", "money", "people", "people"],
    }
)


def test_parts_are_counted_where_the_claim_counts_parts() -> None:
    found = frameworks.summary(MADE).set_index("framework")
    assert found.loc["a", ["items", "parts", "counted", "printed"]].tolist() == [3, 2, 2, 2]
    assert found.loc["b", ["items", "parts"]].tolist() == [1, 0]
    assert found["printed"].isna()["b"]


def test_themes_are_led_by_the_one_in_most_lists() -> None:
    assert frameworks.themes(MADE).to_dict("records") == [
        {"theme": "people", "items": 2, "lists": 2},
        {"theme": "money", "items": 2, "lists": 1},
    ]
    grid = frameworks.by_theme(MADE).set_index(["name", "theme"])["items"]
    assert grid.loc[[("First", "money"), ("Second", "money"), ("Second", "people")]].tolist() == [2, 0, 1]


def test_items_stand_in_one_line_a_part() -> None:
    assert frameworks.in_words(MADE)["item"].tolist() == ["one; two", "three", "four"]


def test_an_unknown_list_is_refused_with_those_known() -> None:
    with pytest.raises(CareshiftError, match=r"no list c\. Lists: a, b"):
        frameworks.listed(MADE, "c")


def test_every_claim_of_the_committed_table_exists() -> None:
    for claim in tables.read("frameworks")["claim"].dropna().unique():
        assert claims.find(claim)


def test_themes_of_2026_stood_in_2019_by_hand() -> None:
    shared = frameworks.themes_shared(tables.read("frameworks"))
    assert shared.asked == 5
    assert "money and resources" in shared.again
