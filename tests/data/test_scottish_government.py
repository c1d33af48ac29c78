"""Small made files in the layout of the lists of printed values."""

import pytest
import r_writer as r

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


def clients(tmp_path, name: str, hours: list[str]):
    file = tmp_path / name
    columns = {
        "age_grp": r.factor([1, None, 2], ["75-<85", "85+"]),
        "total_hrs": r.strings(hours),
    }
    file.write_bytes(r.rdata("soc_care", r.frame(columns)))
    return file


def test_home_care_hours_are_counted_by_band(made, tmp_path) -> None:
    first = made("2010.csv", "clientID,AgeGRP,bandHRSTT\na,4,7\nb,4,6\nc,4,0\nd,5,12\n")
    second = clients(tmp_path, "a.RData", ["10-15", "Zero", "8-10"])
    third = clients(tmp_path, "b.RData", ["over50", "<1", "Zero"])
    table = reader.home_care_hours(first, second, third)
    assert table[["year", "age_band", "clients", "clients_ten_hours"]].values.tolist() == [
        [2010, "85+", 2, 1],
        [2010, "not known", 1, 1],
        [2011, "75-84", 1, 1],
        [2011, "85+", 1, 0],
        [2012, "75-84", 1, 1],
        [2012, "not known", 1, 0],
    ]


def test_an_unknown_band_of_hours_is_refused(made, tmp_path) -> None:
    first = made("2010.csv", "AgeGRP,bandHRSTT\n4,13\n")
    later = clients(tmp_path, "a.RData", ["Zero", "Zero", "Zero"])
    with pytest.raises(CareshiftError, match='row 2, column "bandHRSTT": "13" is not known'):
        reader.home_care_hours(first, later, later)


def test_printed_gaps_may_lack_their_ends(made) -> None:
    head = "period,sex,hle_most_deprived_decile,hle_least_deprived_decile,gap_years,source_page\n"
    table = reader.healthy_life_expectancy_gaps(made("gaps.csv", head + "2015-2017,male,,,22.5,A page\n"))
    assert table["gap"].tolist() == [22.5]
    assert table["most_deprived"].isna().all()
