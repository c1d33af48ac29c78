"""Another printed share turns the sums that rest on it."""

from warm_runs import execute

from careshift import evidence, tables

CHAPTER = "northern_ireland/services"


def test_a_smaller_share_of_elderly_care_turns_the_sums(tmp_path):
    text = tables.locate("northern_ireland_programme_shares").read_text(encoding="utf-8")
    assert text.count("elderly care,2009/10,23") == 1
    table, out = tmp_path / "changed.csv", tmp_path / "out.ipynb"
    changed = text.replace("elderly care,2009/10,23", "elderly care,2009/10,13")
    table.write_text(changed, encoding="utf-8")
    execute(CHAPTER, {"northern_ireland_programme_shares": str(table)}, out)
    found = {c.id.split("/")[1]: v.outcome for c, v in evidence.verdicts(CHAPTER, evidence.collect(out))}
    assert found["figure-5-acute-and-elderly"] == "does not add up"
    assert found["figure-5-shares-total"] == "does not add up"
    assert found["figure-5-prevention-smallest"] == "adds up"
