"""A wrong count of staff turns the change of its own group and the sum, and nothing else."""

from careshift import evidence, tables
from careshift.pipeline.execute import execute

CHAPTER = "wales/workforce"


def test_a_wrong_count_of_nurses_turns_their_change_and_the_sum(tmp_path):
    text = tables.locate("welsh_workforce").read_text(encoding="utf-8")
    old = "2011,27999,"
    assert text.count(old) == 1
    table, out = tmp_path / "changed.csv", tmp_path / "out.ipynb"
    table.write_text(text.replace(old, "2011,28999,"), encoding="utf-8")
    execute(CHAPTER, {"welsh_workforce": str(table)}, out)
    found = {c.id.split("/")[1]: v.outcome for c, v in evidence.verdicts(CHAPTER, evidence.collect(out))}
    assert found["table-4-nursing-ten-year-change"] == "inconsistent"
    assert found["table-4-total-2011"] == "inconsistent"
    assert found["table-4-total-2001"] == "reproduced"
    assert found["table-4-medical-ten-year-change"] == "reproduced"
    assert "more than rounding can explain" in out.read_text(encoding="utf-8")
