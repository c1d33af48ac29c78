"""A chapter as its reader meets it: answer, chart, the verdicts that matter, and only then every claim."""

import pytest
from made_records import claim

from careshift import evidence
from careshift.claims import AGAINST, Verdict
from careshift.figures import MIME as FIGURE
from careshift.pages import blocks
from careshift.pipeline import cells


def text(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {"tags": []}, "source": source, "id": source[:9]}


def code(*kinds: str) -> dict:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {kind: "x"}} for kind in kinds]
    return {"cell_type": "code", "metadata": {"tags": []}, "source": "x", "id": "code", "outputs": outputs}


def judged(name: str, tier: str, outcome: str, **change: object):
    record = claim(id=f"hendry2021/{name}", tier=tier, says=f"About {name}", **change)
    against = AGAINST[outcome][0]
    derived = None if against == "nothing" else 2.0
    return record, Verdict(claim=record.id, held_against=against, outcome=outcome, derived=derived)


CHAPTER = [
    text("# Title\nA question?"),
    code(evidence.MIME),
    text("## The answer"),
    code("text/markdown"),
    code(FIGURE),
    code("text/html"),
    text("The answer goes on.\n\n## Data\n\nCounts."),
    text("## Limits"),
]
HEADLINE = judged("one", "headline", "data wanted")
NUMBER = judged("two", "quantitative", "reproduced")


def told(judged: list) -> list[str]:
    made = cells.with_claims([{**cell} for cell in CHAPTER], judged)
    return ["".join(cell["source"]) or "code" for cell in made]


def test_the_verdicts_stand_below_the_first_chart_and_all_claims_after_the_answer() -> None:
    made = cells.with_claims([{**cell} for cell in CHAPTER], [HEADLINE, NUMBER])
    names = [cell["id"] for cell in made]
    assert FIGURE in made[names.index("main-verdicts") - 1]["outputs"][0]["data"]
    order = ["main-verdicts", "end-of-The answe", "all-claims", "## Limits"]
    assert [name for name in names if name in order] == order
    assert made[names.index("all-claims") + 1]["source"].startswith("## Data\n\nCounts.")
    assert not [o for cell in made for o in cell.get("outputs", []) if evidence.MIME in o["data"]]


def test_no_word_of_the_chapter_is_lost_or_said_twice() -> None:
    words = "\n".join(told([HEADLINE]))
    for said in ("A question?", "The answer goes on.", "Counts.", "## Limits"):
        assert words.count(said) == 1


def test_a_chapter_without_claims_keeps_its_order() -> None:
    assert told([]) == ["".join(cell["source"]) for cell in CHAPTER]


def test_headline_claims_lead_and_outside_data_come_before_prints() -> None:
    sums = judged("three", "quantitative", "adds up")
    date = judged("four", "headline", "reproduced", kind="date")
    words = str(blocks.main_verdicts([sums, date, NUMBER, HEADLINE]))
    places = [words.index(f"About {name}.") for name in ("one", "two", "three")]
    assert places == sorted(places)
    assert "About four" not in words
    assert words.count("\n- ") == blocks.MAIN


@pytest.mark.parametrize("said", ["<script>x</script>", "[a](b)", "`c`"])
def test_what_a_claim_says_stays_text(said) -> None:
    words = str(blocks.main_verdicts([judged("one", "headline", "reproduced", printed="2")]))
    record, verdict = HEADLINE
    marked = str(blocks.main_verdicts([(record.model_copy(update={"says": said}), verdict)]))
    assert "About one" in words
    assert said not in marked


def test_only_untested_claims_say_that_nothing_was_found() -> None:
    assert "We find" not in str(blocks.main_verdicts([HEADLINE]))
    assert "We find" in str(blocks.main_verdicts([NUMBER]))
