"""The examples of the chapter on judging have the verdict that the ledger gives them."""

import json
import re

from careshift import ledger
from careshift.project import BUILD

BADGE = re.compile(r"\[\[\S+ ([a-z ]+)\]\(#claim-([a-z0-9-]+)\)\]")


def test_each_example_has_the_verdict_of_the_ledger(executed) -> None:
    text = (executed / "methods" / "how_we_judge.ipynb").read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]
    outputs = ["".join(o.get("data", {}).get("text/plain", "")) for c in cells for o in c.get("outputs", [])]
    shown = {anchor: outcome for output in outputs for outcome, anchor in BADGE.findall(output)}
    entries = ledger.from_json((BUILD / "ledger.json").read_text(encoding="utf-8"))
    verdicts = {e.claim.anchor.removeprefix("claim-"): e.verdict.outcome for e in entries}
    assert sorted(shown.values()) == sorted({e.verdict.outcome for e in ledger.counted(entries)})
    assert {anchor: verdicts[anchor] for anchor in shown} == shown
