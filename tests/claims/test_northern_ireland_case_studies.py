"""Other counts of the clinic turn the shares that rest on them."""

import pytest

from careshift import evidence, tables
from careshift.pipeline.execute import execute

CHAPTER = "northern_ireland/case_studies"


@pytest.fixture
def outcomes(tmp_path):
    def run(old: str, new: str) -> dict[str, str]:
        text = tables.locate("case_study_counts").read_text(encoding="utf-8")
        assert text.count(old) == 1
        table, out = tmp_path / "changed.csv", tmp_path / "out.ipynb"
        table.write_text(text.replace(old, new), encoding="utf-8")
        execute(CHAPTER, {"case_study_counts": str(table)}, out)
        judged = evidence.verdicts(CHAPTER, evidence.collect(out))
        return {c.id.removeprefix("kingsfund2013/lurgan-"): v.outcome for c, v in judged}

    return run


def test_fewer_people_sent_home_turn_the_shares(outcomes):
    found = outcomes("sent home,221,", "sent home,197,")
    assert found["admission-avoided-same-day"] == "inconsistent"
    assert found["people-admitted"] == "inconsistent"
    assert found["people-discharged"] == "reproduced"


def test_more_later_admissions_give_the_print(outcomes):
    found = outcomes("admitted later,8.6,", "admitted later,19.9,")
    assert found["admission-avoided-30-days"] == "reproduced"
