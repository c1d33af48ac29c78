"""A wrong count of staff turns the change of its own group and the sum, and nothing else."""

from warm_runs import execute

from careshift import claims, evidence, tables

CHAPTER = "wales/workforce"


def test_a_wrong_count_of_nurses_turns_their_change_and_the_sum(tmp_path):
    text = tables.locate("welsh_workforce").read_text(encoding="utf-8")
    old = "2011,27999,"
    assert text.count(old) == 1
    table, out = tmp_path / "changed.csv", tmp_path / "out.ipynb"
    table.write_text(text.replace(old, "2011,28999,"), encoding="utf-8")
    execute(CHAPTER, {"welsh_workforce": str(table)}, out)
    found = {e.claim.split("/")[1]: claims.judge(claims.find(e.claim), e) for e in evidence.collect(out)}
    found = {claim: verdict.outcome for claim, verdict in found.items()}
    assert found["table-4-nursing-ten-year-change"] == "does not add up"
    assert found["table-4-total-2011"] == "does not add up"
    assert found["table-4-total-2001"] == "adds up"
    assert found["table-4-medical-ten-year-change"] == "adds up"
    assert "more than rounding can explain" in out.read_text(encoding="utf-8")
