"""Small made files in the layout of the lists of printed values."""

import pytest

from careshift.project import CareshiftError
from careshift.readers import scottish_government as reader

HEAD = (
    "series_id,geography,age_group,period,value,unit,status,publisher,title,"
    "url_or_repo_path,commit,evidence,note\n"
)


def test_printed_values_keep_their_digits_and_lose_their_quotes(made) -> None:
    file = made(
        "values.csv",
        HEAD
        + "a,Scotland,65+,2013-14,85.0,percent ('about 85'),unstated,P,T,https://x.scot/1,,words,note\n"
        + "a,Wales,65+,2015-2017,-,percent,unstated,P,T,https://x.scot/1,,,\n"
        + "a,Scotland,65+,2020,n/a,percent,unstated,P,T,owner/repo:data/file.csv,abc,,\n"
        + "a,Scotland,65+,2021,nearly half,percent,unstated,P,T,https://x.scot/consent?continue=%2Fpage,,,\n",
    )
    table = reader.official_values(file)
    assert table["value"].tolist() == ["85.0", "", "", ""]
    assert table["status"].tolist() == ["unstated", "printed as a dash", "not available", "printed in words"]
    assert table["period"].tolist() == ["2013/14", "2015-2017", "2020", "2021"]
    assert table["unit"].tolist() == ["percent"] * 4
    assert table["address"].tolist()[2:] == [
        "https://github.com/owner/repo/blob/abc/data/file.csv",
        "https://x.scot/page",
    ]
    assert "evidence" not in table
    assert "note" not in table


def test_unknown_geography_is_refused(made) -> None:
    with pytest.raises(CareshiftError, match='unknown geography "Atlantis"'):
        reader.official_values(
            made("v.csv", HEAD + "a,Atlantis,65+,2013,1,percent,unstated,P,T,https://x,,,\n")
        )


def test_free_personal_care_years_are_written_with_a_slash(made) -> None:
    column = "long_stay_residents_65plus_yearly_average"
    file = made("fpnc.csv", f"financial_year,{column},status\n2003-04,31890,final\n")
    assert reader.free_personal_care_residents(file).to_dict("records") == [
        {"financial_year": "2003/04", "residents": 31890, "status": "final"}
    ]
