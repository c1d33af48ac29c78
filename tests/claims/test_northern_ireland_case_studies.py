"""Other counts of the clinic turn the sums that rest on them, and no statement of a cause."""

import pytest
from warm_runs import execute

from careshift import evidence, tables

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


def test_fewer_people_sent_home_turn_the_sum(outcomes):
    found = outcomes("sent home,221,", "sent home,197,")
    assert found["people-seen"] == "does not add up"
    assert found["people-admitted"] == found["people-discharged"] == "data wanted"  # one sum is checked once


def test_no_count_decides_what_the_clinic_spared(outcomes):
    found = outcomes("admitted later,8.6,", "admitted later,19.9,")
    assert found["admission-avoided-same-day"] == "data wanted"
    assert found["admission-avoided-30-days"] == "data wanted"
