"""A wrong count in the Welsh table turns the verdict of its own claim, and of no other.

The table holds what the report prints: it can show that the prints do not add up, and nothing else.
"""

from pathlib import Path

import pytest
from warm_runs import execute

from careshift import claims, evidence, tables

CHAPTER = "wales/admission_reductions"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the chapter on the table after a change: run("old", "new") answers the executed notebook."""
    folder = tmp_path_factory.mktemp("wales")

    def changed(old: str, new: str) -> Path:
        text = tables.locate("welsh_admissions").read_text(encoding="utf-8")
        assert text.count(old) == 1
        table, out = folder / "changed.csv", folder / "out.ipynb"
        table.write_text(text.replace(old, new), encoding="utf-8")
        execute(CHAPTER, {"welsh_admissions": str(table)}, out)
        return out

    return changed


def outcomes(notebook: Path) -> dict[str, str]:
    return {c.id: v.outcome for c, v in evidence.verdicts(CHAPTER, evidence.collect(notebook))}


def test_a_wrong_count_turns_its_own_fall(run):
    found = outcomes(run("diabetes,readmission,2011/12,285", "diabetes,readmission,2011/12,295"))
    falls = {claim: outcome for claim, outcome in found.items() if claim.endswith("-fall")}
    assert falls.pop("kingsfund2013/table-7-diabetes-readmissions-fall") == "does not add up"
    assert set(falls.values()) == {"adds up"}


def test_a_rise_turns_the_sum_and_the_chapter_still_runs(run):
    notebook = run(
        "coronary heart disease,admission,2011/12,15243", "coronary heart disease,admission,2011/12,19243"
    )
    assert outcomes(notebook)["kingsfund2013/table-7-chd-admissions-fall"] == "does not add up"
    claim = "kingsfund2013/table-7-admissions-improve"
    (found,) = [item for item in evidence.collect(notebook) if item.claim == claim]
    assert claims.judge(claims.find(claim), found).outcome == "does not add up"
    assert not found.is_outside(), "prints of the report are no outside data, whatever they say"
