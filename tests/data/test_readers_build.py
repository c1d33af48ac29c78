"""The build writes deterministic CSV and refuses frames that do not fit the schema."""

import json

import pandas as pd
import pytest

from careshift import tables
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


@pytest.fixture
def own_data(monkeypatch, tmp_path):
    """Give the build a data folder of its own, with one table that is made from a raw file."""
    data = tmp_path / "data"
    data.mkdir()
    package = json.loads(tables.PACKAGE.read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"] == "free_personal_care_residents"]
    package["resources"][0]["raw"] = [{"file": "fpnc.csv", "sha256": "", "layout": "publisher"}]
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (data / "free_personal_care_residents.csv").write_text("before\n", encoding="utf-8")
    monkeypatch.setattr(tables, "PACKAGE", data / "datapackage.json")
    monkeypatch.setattr(build, "DATA", data)
    tables.package.cache_clear()
    yield data
    tables.package.cache_clear()


def test_a_table_is_rewritten_with_its_checksum(own_data, made, capsys) -> None:
    column = "long_stay_residents_65plus_yearly_average"
    raw = made("fpnc.csv", f"financial_year,{column},status\n2003-04,31890,final\n")
    assert build.main([str(raw.parent)]) == 0
    assert "1 rows" in capsys.readouterr().out
    text = (own_data / "free_personal_care_residents.csv").read_text(encoding="utf-8")
    assert text == "financial_year,residents,status\n2003/04,31890,final\n"
    assert tables.describe("free_personal_care_residents")["raw"][0]["sha256"] == tables.sha256(raw)
    assert build.main([str(raw.parent)]) == 0
    assert "unchanged" in capsys.readouterr().out


def test_a_wrong_table_leaves_the_last_good_one(own_data, made, capsys) -> None:
    column = "long_stay_residents_65plus_yearly_average"
    raw = made("fpnc.csv", f"financial_year,{column},status\n2003-04,-1,guessed\n")
    assert build.main([str(raw.parent)]) == 1
    assert 'free_personal_care_residents.csv, row 2, field "residents"' in capsys.readouterr().err
    assert (own_data / "free_personal_care_residents.csv").read_text(encoding="utf-8") == "before\n"
    assert sorted(file.name for file in own_data.iterdir()) == [
        "datapackage.json",
        "free_personal_care_residents.csv",
    ]
