"""The build writes deterministic CSV and refuses frames that do not fit the schema."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.readers import build

DESCRIPTOR = {
    "name": "days",
    "schema": {"fields": [{"name": "area"}, {"name": "days"}], "primaryKey": ["area"]},
}


def test_csv_has_whole_numbers_empty_cells_and_line_feeds() -> None:
    frame = pd.DataFrame(
        {
            "area": ["b", "a, c", ""],
            "days": pd.array([3, None, 0], dtype="Int64"),
            "rate": [0.1 + 0.2, float("nan"), 5.0],
            "known": [True, False, None],
        }
    )
    assert build.as_csv(frame) == (
        b'area,days,rate,known\nb,3,0.30000000000000004,true\n"a, c",,,false\n,0,5,\n'
    )


def test_rows_and_columns_are_put_in_order() -> None:
    frame = pd.DataFrame({"days": [2, 1], "area": ["b", "a"]})
    assert build.in_order(frame, DESCRIPTOR).to_dict("list") == {"area": ["a", "b"], "days": [1, 2]}


def test_other_columns_and_double_rows_are_refused() -> None:
    with pytest.raises(CareshiftError, match="disagree on area, month"):
        build.in_order(pd.DataFrame({"month": [1], "days": [1]}), DESCRIPTOR)
    with pytest.raises(CareshiftError, match=r"more than one row for \{'area': 'a'\}"):
        build.in_order(pd.DataFrame({"area": ["a", "a"], "days": [1, 2]}), DESCRIPTOR)


def test_a_missing_raw_file_names_its_address(tmp_path, capsys) -> None:
    assert build.main([str(tmp_path), "care_home_residents"]) == 1
    message = capsys.readouterr().err
    assert "file9b_number_of_long_stay_residents_by_sex_and_age.csv, which is not there" in message
    assert "https://www.opendata.nhs.scot/dataset/care-home-census" in message


@pytest.mark.parametrize("name", build.built_tables())
def test_reader_exists_and_is_described(name: str) -> None:
    assert build.reader_of(name).__doc__


def test_a_newer_release_may_have_another_name(made) -> None:
    column = "long_stay_residents_65plus_yearly_average"
    file = made("newer.csv", f"financial_year,{column},status\n2012-13,30500,final\n2011-12,30580,final\n")
    table = build.build_from("free_personal_care_residents", [file])
    assert table["financial_year"].tolist() == ["2011/12", "2012/13"]
    with pytest.raises(CareshiftError, match=r"made from 1 raw files .*, not 2"):
        build.build_from("free_personal_care_residents", [file, file])
    with pytest.raises(CareshiftError, match="made from 0 raw files"):
        build.build_from("areas", [])
