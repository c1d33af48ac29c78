"""A paragraph that answers a claim says so, and its page shows the ledger's verdict below it."""

import json

import pytest
from made_records import claim, found

from careshift import claim_tags, claims, parameters
from careshift.claims import AGAINST, ClaimError, Verdict, judge
from careshift.pages import blocks
from careshift.pipeline import cells, execute
from careshift.project import CHAPTERS

CHAPTER, CLAIM = "scotland/money", "hendry2021/change-fund-share"


def cell(*tags: str) -> dict:
    return {"cell_type": "markdown", "metadata": {"tags": [*tags]}, "source": "Words.", "id": "a"}


def staged(outcome: str) -> list[dict]:
    against = AGAINST.get(outcome, ("nothing",))[0]
    verdicts = {CLAIM: Verdict(claim=CLAIM, held_against=against, outcome=outcome, derived=1.7)}
    return cells.with_badges(CHAPTER, [cell(f"answers:{CLAIM}"), cell("other")], verdicts)


def test_the_badge_stands_below_its_paragraph_and_below_no_other() -> None:
    words, badge, other = staged("does not add up")
    assert words["source"] == other["source"] == "Words."
    assert f"(#{claims.find(CLAIM).anchor})" in badge["source"]
    assert "Printed about 1 %" in badge["source"]


@pytest.mark.parametrize("outcome", [*claims.OUTCOMES, claims.APART])
def test_the_badge_says_what_the_ledger_says(outcome) -> None:
    assert f"[{blocks.SIGNS[outcome]} {outcome}]" in staged(outcome)[1]["source"]


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        (
            "answers:hendry2021/change-fund-shar",
            "Nearest: .*fund-share",
        ),
        ("answers:hendry2021/short-stays-rise", "is judged by scotland/emergency_admissions"),
        ("answers:hendry2021/system-levels", "belongs to no chapter"),
        ("answers: hendry2021/change-fund-share", "no claim"),
    ],
)
def test_a_wrong_tag_is_refused_with_its_place(tag, said) -> None:
    with pytest.raises(ClaimError, match=said) as refused:
        claim_tags.of_cells(CHAPTER, [cell(), cell(tag)])
    assert f'{CHAPTER}, cell 2 from the top, tag "{tag}"' in str(refused.value)


def test_a_claim_that_the_ledger_has_not_judged_has_no_badge() -> None:
    with pytest.raises(ClaimError, match=f"{CHAPTER} answers {CLAIM}, which the ledger has not judged"):
        cells.with_badges(CHAPTER, [cell(f"answers:{CLAIM}")], {})


def test_a_wrong_tag_stops_a_chapter_before_it_runs(monkeypatch, tmp_path) -> None:
    chapter = json.loads((CHAPTERS / f"{CHAPTER}.ipynb").read_text(encoding="utf-8"))
    chapter["cells"][-1]["metadata"]["tags"] = ["answers:hendry2021/no-such-claim"]
    made = tmp_path / f"{CHAPTER}.ipynb"
    made.parent.mkdir()
    made.write_text(json.dumps(chapter), encoding="utf-8")
    monkeypatch.setattr(parameters, "CHAPTERS", tmp_path)
    monkeypatch.setattr(execute, "_papermill", lambda *given: pytest.fail("it ran"))
    with pytest.raises(ClaimError, match="no-such-claim"):
        execute.execute(CHAPTER, {}, tmp_path / "out.ipynb")


def test_a_print_in_words_is_named_by_our_words_for_the_claim() -> None:
    record = claim(printed="reduced", reads_as=0, qualifier="more than", says="Stays <b>fell</b>")
    words = str(blocks.beside([(record, judge(record, found(3)))]))
    assert r"Stays \<b\>fell\</b\>: [[✓ reproduced]" in words
    assert "“reduced”" not in words
    year = claim(printed="2009", reads_as=None, rounded_to=None, unit="year", says="The boards began")
    assert "The boards began: " in str(blocks.beside([(year, judge(year, found(2009)))]))
