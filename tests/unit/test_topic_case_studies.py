"""Case studies: counts behind a printed share, proportions, and what each reading would give."""

import pandas as pd
import pytest

from careshift import claims
from careshift.claims import APART, Verdict
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
    audit = topic.clinic(200, 150, 30, (75, 20), 0.95, "score")
    assert audit["value"].tolist() == pytest.approx([75, 20, 60])
    assert audit[["part", "total"]].to_numpy().tolist() == [[150, 200], [30, 150], [120, 200]]
    estimates = audit.dropna()
    assert estimates["printed"].tolist() == [75, 20]
    assert (estimates["low"] < estimates["value"]).all()
    assert (estimates["value"] < estimates["high"]).all()
    assert topic.title(audit) == "The clinic sent home 150 of the 200 people whom it saw"


def test_what_a_printed_share_implies_of_other_ways_into_hospital():
    # 50 % of 200 is 99 to 100 people (49.5 to 50.5, the upper end left out), so 50 or 51 of 150 came back.
    frame = topic.implied(200, 150, [30], 50, 1)
    assert frame["people"].tolist() == ["30", "50 to 51", "20 to 21"]
    assert "50 %" in frame["way"].iloc[1]
    assert topic.against_ceiling(50, 60).startswith("below")
    assert topic.against_ceiling(61, 60).startswith("above")


def test_a_count_is_looked_up_by_name():
    counts = pd.DataFrame({"case_study": ["A"], "measure": ["seen"], "value": [12.0]})
    assert topic.count(counts, "A", "seen") == 12
    with pytest.raises(CareshiftError, match="No sent home for A"):
        topic.count(counts, "A", "sent home")


def test_boxes_count_what_is_tested():
    record = claims.find("kingsfund2013/lurgan-unscheduled-admission")
    outcomes = (
        ("own numbers", "adds up"),
        ("nothing", "data wanted"),
        ("nothing", "reported"),
        ("nothing", APART),
    )
    judged = [(record, Verdict(claim=record.id, held_against=held, outcome=o)) for held, o in outcomes]
    row = topic.boxes(judged).iloc[0]
    assert row[["claims", "tested", "wanted", "apart"]].tolist() == [4, 1, 2, 1]
    assert row["box"] == "Rapid access clinic, Lurgan"
    assert topic.needs(judged)["needs"].tolist() == [record.needs]
