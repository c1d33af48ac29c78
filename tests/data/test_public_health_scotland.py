"""Small made files in the layout of Public Health Scotland's open data."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.readers.public_health_scotland import (
    care_homes,
    delayed_discharges,
    emergency_departments,
    home_care,
    hospital_activity,
)
from careshift.readers.sums import areas_of

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
    table = care_homes.care_home_residents(file)
    assert table["date"].tolist() == ["2019-03-31", "2019-03-31", "2020-03-31"]
    assert table["sex"].tolist() == ["female", "male", "male"]
    assert table["age_band"].tolist() == ["95+", "65-74", "65-74"]
    assert table["residents"].tolist() == [12, pd.NA, pd.NA]
    assert table["status"].tolist() == ["ok", "suppressed", "not available"]


def test_care_home_residents_without_the_client_group(made) -> None:
    file = made("file9b.csv", HEAD_9B.replace("MainClientGroup", "Group"))
    with pytest.raises(CareshiftError, match=r'file9b\.csv: column "MainClientGroup" is missing'):
        care_homes.care_home_residents(file)


def test_care_home_residents_by_stay(made) -> None:
    row = "20190331,{},S1,,{},d,{},d,Number,{}\n"
    file = made(
        "file10.csv",
        HEAD_10
        + row.format("Number of Short Stay and Respite Residents", "All Adults", "All Sectors", "3,")
        + row.format("Number of Long Stay Residents", "Older People Aged 65 and Older", "All Sectors", ",c")
        + row.format("Number of Long Stay Residents", "All Adults", "Private Sector", "2,"),
    )
    table = care_homes.care_home_residents_by_stay(file)
    assert table["stay"].tolist() == ["short and respite", "long"]
    assert table["client_group"].tolist() == ["all adults", "older people"]
    assert table["status"].tolist() == ["ok", "suppressed"]


def test_a_new_client_group_is_refused(made) -> None:
    line = "20190331,Number of Long Stay Residents,S1,,Veterans,d,All Sectors,d,Number,3,\n"
    with pytest.raises(CareshiftError, match='row 2, column "MainClientGroup": "Veterans" is not known'):
        care_homes.care_home_residents_by_stay(made("file10.csv", HEAD_10 + line))


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
    table = hospital_activity.emergency_inpatient_activity(file)
    assert table["bed_days"].tolist() == [30, 70]
    assert table["admission_type"].tolist() == ["emergency", "all"]
    assert table["status"].tolist() == ["final", "provisional"]


def test_places_and_occupancy_by_client_group(made) -> None:
    row = "20190331,{},S1,,{},d,{},d,Number,{}\n"
    statistic = "Number of Registered Places"
    places = made(
        "file12a.csv",
        HEAD_10
        + row.format(statistic, "Other Groups", "All Sectors", "30,")
        + row.format(statistic, "Other Groups", "Private Sector", "10,"),
    )
    assert care_homes.care_home_places(places)["places"].tolist() == [30]
    occupancy = made(
        "file6.csv", HEAD_10 + row.format("Percentage Occupancy", "All Adults", "All Sectors", ",c")
    )
    assert care_homes.care_home_occupancy(places).empty, "places became occupancy"
    assert care_homes.care_home_places(occupancy).empty, "occupancy became places"
    table = care_homes.care_home_occupancy(occupancy)
    assert table["occupancy"].tolist() == [pd.NA]
    assert table["status"].tolist() == ["suppressed"]


HEAD_AGES = (
    "Quarter,QuarterQF,HB,HBQF,Location,LocationQF,AdmissionType,AdmissionTypeQF,Sex,Age,"
    "Episodes,LengthOfEpisode,Stays,LengthOfStay\n"
)


def stays(quarter: str, mark: str, place: str, kind: str, age: str, days: str, blank: str = "NA") -> str:
    return f"{quarter},{mark},{place},d,{place},d,{kind},{blank},Female,{age},3,41,2,{days}\n"


def test_emergency_bed_days_by_age(made) -> None:
    emergency = "Emergency Inpatients"
    file = made(
        "ages.csv",
        HEAD_AGES
        + stays("2018Q3", "NA", "S92000003", emergency, "90 years and over", "40")
        + stays("2018Q3", "", "S92000003", emergency, "0-9 years", "5", "")
        + stays("2022Q4", "p", "S92000003", emergency, "60-69 years", "0")
        + stays("2018Q3", "NA", "S92000003", "Elective Inpatients", "60-69 years", "7")
        + stays("2018Q3", "NA", "S92000003", "Transfers", "60-69 years", "NA")
        + stays("2018Q3", "NA", "S08000015", emergency, "60-69 years", "7"),
    )
    table = hospital_activity.emergency_bed_days_by_age(file)
    assert table[["quarter", "age_band", "bed_days", "status"]].values.tolist() == [
        ["2018Q3", "90+", 40, "final"],
        ["2018Q3", "0-9", 5, "final"],
        ["2022Q4", "60-69", 0, "provisional"],
    ]
    assert set(table["sex"]) == {"female"}
    assert set(table["stays"]) == {2}
    assert set(table["episodes"]) == {3}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (stays("2018Q3", "NA", "S92000003", "Elective Inpatients", "0-9 years", "5"), "no row has"),
        (stays("2018Q3", "NA", "S08000015", "Emergency Inpatients", "0-9 years", "5"), "no row has"),
        (stays("2018Q3", "x", "S92000003", "Emergency Inpatients", "0-9 years", "5"), '"x" is not known'),
        (stays("2018Q3", "p", "S92000003", "Emergency Inpatients", "0-9 years", "NA"), '"NA" is not a whole'),
    ],
)
def test_stays_by_age_that_cannot_be_read_are_refused(made, row, message) -> None:
    with pytest.raises(CareshiftError, match=message):
        hospital_activity.emergency_bed_days_by_age(made("ages.csv", HEAD_AGES + row))


HEAD_BEDS = "Quarter,QuarterQF,HB,Location,SpecialtyName,AllStaffedBeddays,TotalOccupiedBeddays\n"
HEAD_AVERAGES = (
    "hb19_code,date,specialty,average_number_available_staffed_beds,average_number_occupied_beds\n"
)


def beds(made, average: str):
    row = "{},,S1,{},Geriatric Medicine - long stay unit,100,{}\n"
    return (
        made("old.csv", HEAD_BEDS + row.format("2018Q2", "S1", 1) + row.format("2018Q3", "S1", 2)),
        made(
            "new.csv",
            HEAD_BEDS + row.format("2018Q3", "S1", 3) + row.format("2018Q3", "A101H", 3).replace(",,", ",p,"),
        ),
        made(
            "averages.csv",
            HEAD_AVERAGES
            + "S1,2018-07-01,Geriatric Medicine - long stay unit,2,1\n"
            + f"S1,2020-01-01,Geriatric Medicine - long stay unit,2,{average}\n"
            + "S1,2020-01-01,Cardiology,2,1\n",
        ),
    )


def test_the_later_release_of_beds_counts_and_averages_fill_only_later_quarters(made) -> None:
    table = hospital_activity.hospital_beds(*beds(made, "0.989011"))
    assert table["quarter"].tolist() == ["2018Q2", "2018Q3", "2020Q1"]
    assert table["occupied_bed_days"].tolist() == [1, 3, 90]
    assert table["available_bed_days"].tolist() == [100, 100, 182]
    assert table["vintage"].tolist() == ["2021Q4 release", "2022Q3 release", "2024Q2 averages"]


def test_averages_that_give_no_whole_bed_days_are_refused(made) -> None:
    with pytest.raises(CareshiftError, match="gives no whole bed days"):
        hospital_activity.hospital_beds(*beds(made, "0.9"))


def delays(made, name: str, code: str, area: str, scotland: int = 9):
    head = f"{code},date,age_group,delay_reason,num_delayed_bed_days,average_daily_delayed_beds\n"
    row = "{},2016-07-01,75plus,{},{},1\n"
    return made(
        name,
        head
        + row.format(area, "All Delay Reasons", 5)
        + row.format(area, "Code 9 AWI", 2)
        + row.format("S92000003", "All Delay Reasons", scotland)
        + row.format("S92000003", "Code 9 AWI", 4)
        + row.format("", "All Delay Reasons", 4)
        + row.format("NA", "Code 9 AWI", 4),
    )


def test_delays_keep_reasons_for_scotland_only_and_no_unknown_council(made) -> None:
    table = delayed_discharges.delayed_discharge(
        delays(made, "boards.csv", "hb_code", "S08000015"),
        delays(made, "councils.csv", "ltla_code", "S12000033"),
    )
    assert table[["area", "reason", "bed_days"]].values.tolist() == [
        ["S08000015", "all", 5],
        ["S92000003", "all", 9],
        ["S92000003", "complex, adults with incapacity", 4],
        ["S12000033", "all", 5],
    ]
    assert set(table["age_group"]) == {"75+"}


def test_boards_and_councils_of_different_releases_are_refused(made) -> None:
    with pytest.raises(CareshiftError, match="differ for Scotland"):
        delayed_discharges.delayed_discharge(
            delays(made, "boards.csv", "hb_code", "S08000015"),
            delays(made, "councils.csv", "ltla_code", "S12000033", scotland=8),
        )


def test_delays_75_and_over_leave_out_the_unknown_council(made) -> None:
    file = made(
        "d.csv", ',CA,Year,DelayedBedDays\n1,S12000005,2012/13,3578\n2,NA,2012/13,946\n3,"",2013/14,2\n'
    )
    assert delayed_discharges.delayed_discharge_75plus(file)["bed_days"].tolist() == [3578]


def test_census_dates_and_decimals(made) -> None:
    file = made("h.csv", '"Date","BoardValue","NationalValue",\n"28 Apr 2022","284.000","1780.000",\n')
    assert delayed_discharges.delayed_discharge_census(file).to_dict("records") == [
        {"date": "2022-04-28", "area": "S92000003", "people": 1780}
    ]


OTHER_BOARDS = sorted(areas_of("health board") - {"S08000015", "S08000016"})
HEAD_ATTENDANCES = "hospital_code,hospital_name,date,attendances,within_4_hours,over_4_hours\n"


def test_attendances_are_added_to_boards_and_scotland(made) -> None:
    attendances = made(
        "ae.csv",
        HEAD_ATTENDANCES
        + "A1,Crosshouse - Type 1,2007-07-31,10,8,2\nB1,Borders - Type 1,2007-07-31,5,5,0\n"
        + "A2,Arran,2007-07-31,2,2,0\n",
    )
    places = made(
        "ae_board.csv",
        "Month,HBT,TreatmentLocation\n1,S08000015,A1\n2,S08000015,A1\n1,S08000015,A2\n1,S08000016,B1\n"
        + "".join(f"1,{board},H{board}\n" for board in OTHER_BOARDS),
    )
    others = "".join(f"H{board},One - Type 1,2007-07-31,1,1,0\n" for board in OTHER_BOARDS)
    attendances.write_text(attendances.read_text() + others)
    table = emergency_departments.emergency_attendances_scotland(attendances, places)
    table = table[~table["area"].isin(OTHER_BOARDS)]
    assert table[["area", "month", "department", "attendances"]].values.tolist() == [
        ["S08000015", "2007-07-01", "major", 10],
        ["S08000015", "2007-07-01", "minor", 2],
        ["S08000016", "2007-07-01", "major", 5],
        ["S92000003", "2007-07-01", "major", 15 + len(OTHER_BOARDS)],
        ["S92000003", "2007-07-01", "minor", 2],
    ]


def test_a_hospital_without_board_is_refused(made) -> None:
    attendances = made("ae.csv", HEAD_ATTENDANCES + "X9,New,2007-07-31,10,8,2\n")
    with pytest.raises(CareshiftError, match='hospital "X9" has no board'):
        emergency_departments.emergency_attendances_scotland(
            attendances, made("b.csv", "HBT,TreatmentLocation\nS1,A1\n")
        )


WITHOUT_HOSPITALS = "month,hbt,departmenttype,attendances,within_4h,over_4h,total_referral_attendances\n"


def test_equal_rows_without_hospital_are_two_hospitals_and_impossible_hours_are_unknown(made) -> None:
    rows = [
        "2025-05-01,S08000015,Type 1,100,60,40,999.0",
        "2025-05-01,S08000015,Type 1,100,60,40,999.0",
        "2025-05-01,S08000015,Type 3,30,30,0,",
        "2025-05-01,S08000028,Type 3,69,96,-27,765.0",
        "2025-05-01,S08000028,Type 3,197,196,1,765.0",
    ]
    others = sorted(areas_of("health board") - {"S08000015", "S08000028"})
    rows += [f"2025-05-01,{board},Type 1,10,5,5," for board in others]
    file = made("a.csv", WITHOUT_HOSPITALS + "\n".join(rows) + "\n")
    table = emergency_departments.emergency_attendances_scotland_without_hospitals(file)
    table = table[~table["area"].isin(others)].astype({"within_4_hours": "object"}).fillna("unknown")
    assert table.to_numpy().tolist() == [
        ["S08000015", "2025-05-01", "major", 200, 120],
        ["S08000015", "2025-05-01", "minor", 30, 30],
        ["S08000028", "2025-05-01", "minor", 266, "unknown"],
        ["S92000003", "2025-05-01", "major", 320, 180],
        ["S92000003", "2025-05-01", "minor", 296, "unknown"],
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2025-05-01,S92000003,Type 1,100,60,40,", 'row 2, column "hbt": "S92000003" is no health board'),
        ("2025-05-01,S08000015,Type 2,100,60,40,", '"Type 2" is not known'),
        ("2025-05-01,S08000015,Type 1,many,60,40,", '"many" is not a whole number'),
    ],
)
def test_rows_that_are_no_hospitals_of_a_board_are_refused(made, row, message) -> None:
    with pytest.raises(CareshiftError, match=message):
        emergency_departments.emergency_attendances_scotland_without_hospitals(
            made("a.csv", WITHOUT_HOSPITALS + row + "\n")
        )


def test_ages_that_were_not_recorded_are_missing_and_not_zero(made) -> None:
    head = "Time Period,Financial Quarter,Location,Age Group,Measure,Value\n"
    row = 'Census Week,2017/18,{},{},"{}",{}\n'
    lines = [
        row.format(place, age, measure, value)
        for place, age, people, hours in (
            ("Moray", "All Ages", 40, 90),
            ("Moray", "65-74 years", 10, 0),
            ("Moray", "85+ years", 0, 0),
            ("Comhairle nan Eilean Siar", "All Ages", 5, 20),
            ("Comhairle nan Eilean Siar", "85+ years", 5, 20),
            ("Scotland (Estimated)", "All Ages", 45, 110),
        )
        for measure, value in (
            ("Number of People", people),
            ("Number of Hours", hours),
            ("Rate per 1,000 People", 1.5),
        )
    ]
    other = "Financial Year,2017/18,Moray,All Ages,Number of People,400\n"
    table = home_care.care_at_home(made("home.csv", head + other + "".join(lines)))
    moray = table[table["area"] == "S12000020"].set_index("age_group")
    assert moray["people"].to_dict() == {"65-74": 10, "85+": 0, "all ages": 40}
    assert moray["hours_status"].to_dict() == {
        "65-74": "not available",
        "85+": "not available",
        "all ages": "ok",
    }
    assert moray["hours"].isna().sum() == 2
    assert set(table["area"]) == {"S12000020", "S12000013", "S92000003"}


def test_weekly_admissions_of_older_people(made) -> None:
    head = "WeekEnding,HB,HBQF,AgeGroup,AgeGroupQF,Sex,SexQF,AdmissionType,AdmissionTypeQF,NumberAdmissions,"
    row = "20200105,{},,{},,{},d,{},d,7,9,-4.3\n"
    file = made(
        "weekly.csv",
        head
        + "Average20182019,PercentVariation\n"
        + row.format("S92000003", "85 and over", "All", "Emergency")
        + row.format("S92000003", "85 and over", "Female", "Emergency")
        + row.format("S92000003", "85 and over", "All", "Planned")
        + row.format("S08000015", "85 and over", "All", "Emergency")
        + row.format("S92000003", "15 - 44", "All", "Emergency"),
    )
    assert hospital_activity.emergency_admissions_weekly(file).values.tolist() == [
        ["2020-01-05", "S92000003", "85+", 7, 9]
    ]
