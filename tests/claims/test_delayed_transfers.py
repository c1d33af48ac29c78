"""Another lowest average reaches the claim's line, and it stays a bound, not a test."""

from careshift import claims, evidence, tables
from careshift.pipeline.execute import execute

CHAPTER = "wales/delayed_transfers"


def test_a_lower_record_reaches_the_claim_and_would_turn_it_if_counted(tmp_path):
    text = tables.locate("official_values").read_text(encoding="utf-8")
    old = "quarter ended March 2017,392,"
    assert text.count(old) == 1
    table, out = tmp_path / "changed.csv", tmp_path / "out.ipynb"
    table.write_text(text.replace(old, "quarter ended March 2017,280,"), encoding="utf-8")
    execute(CHAPTER, {"official_values": str(table)}, out)
    found = dict(evidence.verdicts(CHAPTER, evidence.collect(out)))
    claim = claims.find("kingsfund2013/delayed-transfers-above-300")
    assert (found[claim].nearest, found[claim].outcome) == (280, "data wanted")
    counted = claims.Evidence(claim=claim.id, derived=280, basis="test", tables=("official_values",))
    assert claims.judge(claim, counted).outcome == "close", "a count, which no bound is, would turn it"
    assert "so some quarter may have averaged 300 or fewer" in out.read_text(encoding="utf-8")
