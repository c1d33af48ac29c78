"""A lost item shows: its list, and no other, has another length than the one that is printed."""

import json

import pytest

from careshift import claims, tables
from careshift.claims import Evidence
from careshift.project import CHAPTERS as FOLDER
from careshift.topics import frameworks

CHAPTERS = ("policy/frameworks", "policy/chief_officers", "policy/ten_years_on")


@pytest.fixture
def items():
    return tables.read("frameworks")


def misfits(items, chapter: str) -> set[str]:
    """Return the claims of a chapter whose list has another length than printed."""
    counted = frameworks.counted_in(items, chapter)
    rows = [Evidence(claim=c, derived=n, basis="rows") for c, n in counted.items()]
    return {e.claim for e in rows if claims.judge(claims.find(e.claim), e).check == "does not add up"}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_list_has_its_printed_length(items, chapter) -> None:
    assert frameworks.counted_in(items, chapter)
    assert misfits(items, chapter) == set()


def test_a_lost_outcome_shows_in_the_nine(items) -> None:
    lost = items.drop(index=items.index[items["framework"] == "national-outcomes"][0])
    assert misfits(lost, "policy/frameworks") == {"msg2019/national-outcomes"}


def test_a_lost_level_shows_in_the_two(items) -> None:
    lost = items[items["part"] != "operational"]
    assert "policy2026/recommendation-levels" in misfits(lost, "policy/ten_years_on")


def test_only_the_chapters_own_claims_are_counted(items) -> None:
    for chapter in CHAPTERS:
        for claim in frameworks.counted_in(items, chapter):
            assert claims.find(claim).chapter == chapter


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_list_that_we_typed_judges_no_claim(chapter) -> None:
    """It was typed from the text that prints its length: it could not fail."""
    cells = json.loads((FOLDER / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    assert not any(".judge(" in "".join(cell["source"]) for cell in cells)
