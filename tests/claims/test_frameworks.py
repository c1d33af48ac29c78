"""A lost item turns the claim that counts its list, and no other."""

import pytest

from careshift import claims, tables
from careshift.evidence import Chapter
from careshift.topics import frameworks

CHAPTERS = ("policy/frameworks", "policy/chief_officers", "policy/ten_years_on")


@pytest.fixture
def items():
    return tables.read("frameworks")


def outcomes(items, chapter: str) -> dict[str, str]:
    found = Chapter(chapter)
    for claim, count in frameworks.counted_in(items, chapter).items():
        found.judge(claim, count, basis="rows")
    return {c: claims.judge(claims.find(c), e).outcome for c, e in found.evidence.items()}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_list_has_its_printed_length(items, chapter) -> None:
    assert set(outcomes(items, chapter).values()) == {"reproduced"}


def test_a_lost_outcome_turns_the_nine(items) -> None:
    lost = items.drop(index=items.index[items["framework"] == "national-outcomes"][0])
    found = outcomes(lost, "policy/frameworks")
    assert found.pop("msg2019/national-outcomes") == "inconsistent"
    assert set(found.values()) == {"reproduced"}


def test_a_lost_level_turns_the_two(items) -> None:
    lost = items[items["part"] != "operational"]
    assert outcomes(lost, "policy/ten_years_on")["policy2026/recommendation-levels"] == "inconsistent"


def test_only_the_chapters_own_claims_are_judged(items) -> None:
    for chapter in CHAPTERS:
        for claim in frameworks.counted_in(items, chapter):
            assert claims.find(claim).chapter == chapter
