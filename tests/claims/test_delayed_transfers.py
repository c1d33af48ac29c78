"""Another lowest average reaches the claim's line, and it stays a bound, not a test."""

from careshift import claims, evidence, tables
from careshift.pipeline.execute import execute

CHAPTER = "wales/delayed_transfers"


def test_a_lower_record_reaches_the_claim_and_the_sentence(tmp_path):
    text = tables.locate("official_values").read_text(encoding="utf-8")
    old = "quarter ended March 2017,392,"
    assert text.count(old) == 1
    table, out = tmp_path / "changed.csv", tmp_path / "out.ipynb"
    table.write_text(text.replace(old, "quarter ended March 2017,280,"), encoding="utf-8")
    execute(CHAPTER, {"official_values": str(table)}, out)
    found = dict(evidence.verdicts(CHAPTER, evidence.collect(out)))
    verdict = found[claims.find("kingsfund2013/delayed-transfers-above-300")]
    assert (verdict.derived, verdict.outcome) == (280, "not testable")
    assert "so some quarter may have averaged 300 or fewer" in out.read_text(encoding="utf-8")
