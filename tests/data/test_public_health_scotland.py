"""Small made files in the layout of Public Health Scotland's open data."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.readers import public_health_scotland as reader

HEAD_9B = "Date,KeyStatistic,CA,CAQF,MainClientGroup,Sector,Unit,Value,ValueQF\n"
HEAD_10 = "Date,KeyStatistic,CA,CAQF,MainClientGroup,MainClientGroupQF,Sector,SectorQF,Unit,Value,ValueQF\n"
HEAD_INPATIENT = (
    "Quarter,QuarterQF,HB,HBQF,Location,LocationQF,AdmissionType,AdmissionTypeQF,"
    "Episodes,Stays,LengthOfStay\n"
)


def test_care_home_residents(made) -> None:
    row = "{},Number of {},S1,,{},All Sectors,Number,{}\n"
    file = made(
        "file9b.csv",
        HEAD_9B
        + row.format(20190331, "Female Long Stay Residents Aged 95 and Older", "All Adults", "12,")
        + row.format(20190331, "Male Long Stay Residents Aged 65-74", "All Adults", ",c")
        + row.format(20200331, "Male Long Stay Residents Aged 65-74", "All Adults", ",:")
        + row.format(20190331, "Male Long Stay Residents", "All Adults", "40,")
        + row.format(20190331, "Long Stay Residents Aged 65 and Older", "Learning Disabilities", "9,")
        + row.format(20190331, "Male Long Stay Residents Aged 65-74", "Older People Aged 65 and Older", "8,"),
    )
    table = reader.care_home_residents(file)
    assert table["date"].tolist() == ["2019-03-31", "2019-03-31", "2020-03-31"]
    assert table["sex"].tolist() == ["female", "male", "male"]
    assert table["age_band"].tolist() == ["95+", "65-74", "65-74"]
    assert table["residents"].tolist() == [12, pd.NA, pd.NA]
    assert table["status"].tolist() == ["ok", "suppressed", "not available"]


def test_care_home_residents_without_the_client_group(made) -> None:
    file = made("file9b.csv", HEAD_9B.replace("MainClientGroup", "Group"))
    with pytest.raises(CareshiftError, match=r'file9b\.csv: column "MainClientGroup" is missing'):
        reader.care_home_residents(file)


def test_care_home_residents_by_stay(made) -> None:
    row = "20190331,{},S1,,{},d,{},d,Number,{}\n"
    file = made(
        "file10.csv",
        HEAD_10
        + row.format("Number of Short Stay and Respite Residents", "All Adults", "All Sectors", "3,")
        + row.format("Number of Long Stay Residents", "Older People Aged 65 and Older", "All Sectors", ",c")
        + row.format("Number of Long Stay Residents", "All Adults", "Private Sector", "2,"),
    )
    table = reader.care_home_residents_by_stay(file)
    assert table["stay"].tolist() == ["short and respite", "long"]
    assert table["client_group"].tolist() == ["all adults", "older people"]
    assert table["status"].tolist() == ["ok", "suppressed"]


def test_a_new_client_group_is_refused(made) -> None:
    line = "20190331,Number of Long Stay Residents,S1,,Veterans,d,All Sectors,d,Number,3,\n"
    with pytest.raises(CareshiftError, match='row 2, column "MainClientGroup": "Veterans" is not known'):
        reader.care_home_residents_by_stay(made("file10.csv", HEAD_10 + line))


def test_hospital_rows_are_not_added_to_boards(made) -> None:
    row = "2018Q3,{},{},,{},,{},,1,2,{}\n"
    file = made(
        "inpatients.csv",
        HEAD_INPATIENT
        + row.format("", "S08000015", "A101H", "Emergency Inpatients", 30)
        + row.format("", "S08000015", "S08000015", "Emergency Inpatients", 30)
        + row.format("p", "S92000003", "S92000003", "All Inpatients", 70)
        + row.format("", "S92000003", "S92000003", "All Day cases", 9),
    )
    table = reader.emergency_inpatient_activity(file)
    assert table["bed_days"].tolist() == [30, 70]
    assert table["admission_type"].tolist() == ["emergency", "all"]
    assert table["status"].tolist() == ["final", "provisional"]
