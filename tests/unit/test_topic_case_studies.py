"""Case studies: counts behind a printed share, proportions, and what each reading would give."""

import pandas as pd
import pytest

from careshift import claims
from careshift.claims import Verdict
from careshift.project import CareshiftError
from careshift.topics import case_studies as topic


def test_whole_numbers_behind_a_printed_share():
    # 19 of 221 is 8.597 %; 18 would print as 8.1 and 20 as 9.0.
    assert topic.whole_numbers(8.6, 221, 0.1) == [19]
    # 5.5 % of 200 is 11 exactly, and stands for 5.45 to 5.55: only 11.
    assert topic.whole_numbers(5.5, 200, 0.1) == [11]
    assert topic.whole_numbers(50, 1000, 1) == list(range(495, 505))
    assert topic.span_words([19]) == "19"
    assert topic.span_words([19, 20, 21]) == "19 to 21"
    with pytest.raises(CareshiftError, match="rounds to 33"):
        topic.whole_numbers(33, 10, 1)


def test_the_audit_of_a_clinic():
    audit = topic.clinic(200, 150, 30, (75, 20, 50), 0.95, "score")
    assert audit["value"].tolist() == pytest.approx([75, 20, 60])
    assert audit[["part", "total"]].to_numpy().tolist() == [[150, 200], [30, 150], [120, 200]]
    assert (audit["low"] < audit["value"]).all()
    assert (audit["value"] < audit["high"]).all()
    assert topic.title(audit).endswith("leave 60 % of people without an admission in 30 days, not 50 %")
    same = topic.clinic(200, 150, 30, (75, 20, 60), 0.95, "exact")
    assert topic.title(same).endswith("as printed")


def test_every_reading_and_what_the_print_would_need():
    frame = topic.readings(200, 150, 20, 50)
    assert frame["admitted_later"].tolist() == pytest.approx([30, 40, 50])
    assert frame["percent"].tolist() == pytest.approx([60, 55, 50])


def test_a_count_is_looked_up_by_name():
    counts = pd.DataFrame({"case_study": ["A"], "measure": ["seen"], "value": [12.0]})
    assert topic.count(counts, "A", "seen") == 12
    with pytest.raises(CareshiftError, match="No sent home for A"):
        topic.count(counts, "A", "sent home")


def test_boxes_count_what_is_tested():
    record = claims.find("kingsfund2013/lurgan-unscheduled-admission")
    outcomes = ("reproduced", "not testable", "reported")
    judged = [(record, Verdict(claim=record.id, outcome=outcome)) for outcome in outcomes]
    row = topic.boxes(judged).iloc[0]
    assert row[["claims", "tested", "not_testable", "reported"]].tolist() == [3, 1, 1, 1]
    assert row["box"] == "Rapid access clinic, Lurgan"
    assert topic.needs(judged)["needs"].tolist() == [record.needs]
