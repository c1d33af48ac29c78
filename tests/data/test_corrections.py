"""Corrections are made as recorded, and refuse to touch a file that has been repaired."""

import pandas as pd
import pytest
import yaml

from careshift import corrections, tables

RECORD = {
    "id": "doubled",
    "table": "days",
    "where": {},
    "introduced_by": "re-publisher",
    "action": "halve",
    "columns": ["days"],
    "reason": "Every value is double.",
    "expect": [{"where": {"year": "2017/18"}, "column": "days", "value": 20}],
}


@pytest.fixture
def frame() -> pd.DataFrame:
    days = pd.array([20, 8, None], dtype="Int64")
    return pd.DataFrame({"year": ["2017/18", "2018/19", "2019/20"], "days": days})


@pytest.fixture
def file_of(tmp_path):
    def write(**changes):
        file = tmp_path / "corrections.yml"
        file.write_text(yaml.safe_dump([RECORD | changes]), encoding="utf-8")
        return file

    return write


def test_halving_keeps_missing_cells_missing(frame, file_of) -> None:
    assert corrections.correct("days", frame, file_of())["days"].tolist() == [10, 4, pd.NA]


def test_other_tables_are_left_alone(frame, file_of) -> None:
    assert corrections.correct("nights", frame, file_of()) is frame


def test_a_repaired_file_stops_the_build(frame, file_of) -> None:
    frame["days"] = frame["days"] // 2
    with pytest.raises(
        corrections.CorrectionError, match=r'"doubled": days\.days .* should be 20 .* but is 10'
    ):
        corrections.correct("days", frame, file_of())


def test_a_vanished_cell_stops_the_build(frame, file_of) -> None:
    with pytest.raises(corrections.CorrectionError, match="no such row"):
        corrections.correct("days", frame[frame["year"] != "2017/18"], file_of())


def test_an_odd_value_cannot_be_double(frame, file_of) -> None:
    frame.loc[1, "days"] = 7
    with pytest.raises(corrections.CorrectionError, match="odd value 7"):
        corrections.correct("days", frame, file_of())


def test_dropping_and_flagging(frame, file_of) -> None:
    kept = corrections.correct("days", frame, file_of(action="drop", where={"year": ["2019/20"]}))
    assert kept["year"].tolist() == ["2017/18", "2018/19"]
    flagged = corrections.correct(
        "days", frame, file_of(action="flag", where={"year": "2018/19"}, flag="look")
    )
    assert flagged["flag"].tolist() == ["", "look", ""]


def test_a_record_must_be_complete(frame, file_of) -> None:
    with pytest.raises(corrections.CorrectionError, match="introduced_by"):
        corrections.correct("days", frame, file_of(introduced_by="someone"))
    with pytest.raises(corrections.CorrectionError, match='has no column "month"'):
        corrections.correct("days", frame, file_of(where={"month": "May"}))
    with pytest.raises(corrections.CorrectionError, match="no row of days fits"):
        corrections.correct("days", frame, file_of(where={"year": "1999/00"}))


def test_each_recorded_correction_belongs_to_a_table_with_raw_files() -> None:
    for record in corrections.records():
        assert tables.describe(record.table)["raw"], record.id
