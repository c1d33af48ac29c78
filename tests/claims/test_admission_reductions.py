"""A wrong count in the Welsh table turns the verdict of its own claim, and of no other."""

import pytest

from careshift import evidence, tables
from careshift.pipeline.execute import execute

CHAPTER = "wales/admission_reductions"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Run the chapter on the table after a change: outcomes("old", "new") answers verdicts by claim."""
    folder = tmp_path_factory.mktemp("wales")

    def run(old: str, new: str) -> dict[str, str]:
        text = tables.locate("welsh_admissions").read_text(encoding="utf-8")
        assert text.count(old) == 1
        table, out = folder / "changed.csv", folder / "out.ipynb"
        table.write_text(text.replace(old, new), encoding="utf-8")
        execute(CHAPTER, {"welsh_admissions": str(table)}, out)
        return {c.id: v.outcome for c, v in evidence.verdicts(CHAPTER, evidence.collect(out))}

    return run


def test_a_wrong_count_turns_its_own_fall(outcomes):
    found = outcomes("diabetes,readmission,2011/12,285", "diabetes,readmission,2011/12,295")
    falls = {claim: outcome for claim, outcome in found.items() if claim.endswith("-fall")}
    assert falls.pop("kingsfund2013/table-7-diabetes-readmissions-fall") == "inconsistent"
    assert set(falls.values()) == {"reproduced"}
    assert found["kingsfund2013/table-7-readmissions-improve"] == "reproduced"


def test_a_rise_turns_the_sum_and_the_chapter_still_runs(outcomes):
    found = outcomes(
        "coronary heart disease,admission,2011/12,15243", "coronary heart disease,admission,2011/12,19243"
    )
    assert found["kingsfund2013/table-7-admissions-improve"] == "inconsistent"
    assert found["kingsfund2013/table-7-chd-admissions-fall"] == "inconsistent"
