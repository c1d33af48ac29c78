"""Small made files in the layouts of Wales, Northern Ireland, England and the Treasury."""

import datetime
import gzip

import openpyxl
import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.readers import (
    hm_treasury,
    importing,
    national_records_scotland,
    nhs_england,
    northern_ireland,
    office_for_national_statistics,
    welsh_government,
)

WITHIN = "Attendances where patients spend less than the target time in an emergency department"


NOT_BELFAST = ("Northern", "South Eastern", "Southern", "Western")


def book(path, sheets: dict[str, list[list]]):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def test_all_wales_rows_are_taken_from_a_packed_file(tmp_path) -> None:
    head = "hospital_code,hospital_department,date,performance_measure,performance_target,data\n"
    lines = [
        f"XXXXXXMaj,Major,2010-04-01,{measure},{target},{value}\n"
        for measure, value in (("Total attendances", "50.0"), (WITHIN, "40.0"), ("Percentage", "80.5"))
        for target in ("4hr", "8hr")
    ]
    other = "XXXW92000004,Wales,2010-04-01,Total attendances,4hr,70.0\n"
    file = tmp_path / "wales.csv.gz"
    file.write_bytes(gzip.compress((head + other + "".join(lines)).encode()))
    assert welsh_government.emergency_attendances_wales(file).to_dict("records") == [
        {
            "area": "W92000004",
            "month": "2010-04-01",
            "department": "major",
            "attendances": 50,
            "within_4_hours": 40,
        }
    ]


def statswales(made, change=lambda text: text, value: str = "Data_DEC"):
    """Write StatsWales' own layout of HLTH0034, as public code reads it."""
    rows = [
        f"XXXXXXMaj,202404m,Total attendances,4hr,{value},900.0",
        f"XXXXXXMaj,202404m,{WITHIN},4hr,{value},700.0",
        f"XXXXXXMaj,202404m,{WITHIN},12hr,{value},800.0",
        f"XXXXXXMin,202404m,Total attendances,4hr,{value},90.0",
        f"XXXXXXMin,202404m,{WITHIN},4hr,{value},80.0",
        f"7A5x7A5Maj,202404m,Total attendances,4hr,{value},1.0",
    ]
    names = "Hospital_Code_STR,Date_Code_STR,Measure_ItemName_ENG_STR,Target_Code_STR,RowKey_STR"
    return made("HLTH0034.csv", change("\n".join([f"{names},{value}", *rows]) + "\n"))


@pytest.mark.parametrize("value", ["Data_DEC", "Data_INT"])
def test_welsh_attendances_in_the_services_own_layout(made, value) -> None:
    table, layout = importing.read_raw("emergency_attendances_wales", [statswales(made, value=value)])
    assert layout.name.startswith("publisher")
    assert table.to_numpy().tolist() == [
        ["W92000004", "2024-04-01", "major", 900, 700],
        ["W92000004", "2024-04-01", "minor", 90, 80],
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda text: text.replace("202404m", "April 2024", 1),
            'row 2, column "Date_Code_STR": "April 2024"',
        ),
        (
            lambda text: text.replace("900.0", "9OO.0"),
            'row 2, column "Data_DEC": "9OO.0" is not a whole number',
        ),
        (lambda text: text.replace("Target_Code_STR", "Target"), '"Target_Code_STR" is missing'),
    ],
)
def test_a_broken_file_of_the_service_is_located(made, change, message) -> None:
    with pytest.raises(CareshiftError) as error:
        importing.read_raw("emergency_attendances_wales", [statswales(made, change)])
    assert message in str(error.value)


def test_a_blank_welsh_delay_is_not_none(made) -> None:
    file = made("dtoc.csv", "Date,HB_code,HB,Other,Disputes\nFebruary 2020,7A1,Board,2.0,NA\n")
    table = welsh_government.delayed_transfers_wales(file)
    assert table["people"].tolist() == [2, pd.NA]
    assert table["status"].tolist() == ["ok", "not available"]
    assert set(table["month"]) == {"2020-02-01"}


def test_northern_irish_hospitals_are_added_up(made) -> None:
    file = made(
        "ni.csv",
        '"Date","Trust","Dept","Type","Under 4 Hours","Total"\n'
        '2024-12-01,Belfast,Mater,Type 1,"1,204","3,448"\n2024-12-01,Belfast,RVH,Type 1,951,"6,185"\n'
        + "".join(f"2024-12-01,{trust},One,Type 1,1,2\n" for trust in NOT_BELFAST),
    )
    table = northern_ireland.emergency_attendances_northern_ireland(file)
    assert table[["department", "attendances", "within_4_hours"]].values.tolist() == [["major", 9641, 2159]]
    part = made("part.csv", file.read_text().replace("2024-12-01,Western,One,Type 1,1,2\n", ""))
    with pytest.raises(CareshiftError, match=r'"2024-12-01" has no row of Western. Parts are not the whole'):
        northern_ireland.emergency_attendances_northern_ireland(part)


def test_northern_irish_beds_by_programme(made) -> None:
    file = made(
        "beds.csv",
        "trust18_code,date,hospital,programme_of_care,total_available_beds,total_occupied_beds,"
        "total_inpatients,total_day_case\n"
        "BHSCT,2012-06-30,A,Maternity & Child Health,10.0,8.0,3.0,0.0\n"
        "BHSCT,2012-06-30,B,Maternity & Child Health,5.0,2.0,1.0,0.0\n",
    )
    assert northern_ireland.beds_northern_ireland(file).to_dict("records") == [
        {
            "quarter": "2012Q2",
            "trust": "Belfast",
            "programme_of_care": "maternity and child health",
            "available_bed_days": 15,
            "occupied_bed_days": 10,
            "inpatients": 4,
            "day_cases": 0,
        }
    ]


def test_northern_irish_population(made) -> None:
    file = made("population.csv", "year,gender,age,MYE,flag,min\n2010,F,90,100,False,1\n")
    assert northern_ireland.population_northern_ireland(file).values.tolist() == [
        [2010, "N92000002", "female", 90, 100]
    ]


def test_apportioned_months_of_england_are_marked(tmp_path) -> None:
    departments = list(nhs_england.DEPARTMENTS)
    months = ["2010-10-01 00:00:00", "2010-11-01 00:00:00", "2015-06-01 00:00:00"]
    activity = [[None, "Title"], [None, "Period", *departments, "Total Attendances"]]
    performance = [[None, "Period", *departments, *departments]]
    for month in months:
        activity.append([None, month, 10, 2.5, 3, 15.5])
        performance.append([None, month, 9, 2, 3, 1, 0, 0])
    del performance[1]
    file = book(tmp_path / "ae.xlsx", {"Activity": activity, "Performance": performance})
    table = nhs_england.emergency_attendances_england(file)
    major = table[table["department"] == "major"].set_index("month")
    assert major["status"].tolist() == ["reported", "apportioned", "reported"]
    assert major["within_4_hours"].isna().tolist() == [True, False, False]
    assert table.loc[table["department"] == "single specialty", "attendances"].tolist() == [2.5] * 3


def england(tmp_path, months: list) -> pd.DataFrame:
    """Read a made workbook of NHS England with the months given as they stand in it."""
    departments = list(nhs_england.DEPARTMENTS)
    rows = [[None, "Period", *departments], *([None, month, 10, 2.5, 3] for month in months)]
    file = book(tmp_path / "ae.xlsx", {"Activity": rows, "Performance": rows})
    return nhs_england.emergency_attendances_england(file)


def test_months_as_dates_and_as_counts_of_days_are_the_same_months(tmp_path) -> None:
    shaped = england(tmp_path, [datetime.date(2026, 2, 1), datetime.date(2026, 3, 1), "Notes below"])
    counted = england(tmp_path, [46054, 46082, 12])
    assert sorted(set(shaped["month"])) == ["2026-02-01", "2026-03-01"]
    pd.testing.assert_frame_equal(shaped, counted)


@pytest.mark.parametrize(
    ("months", "message"),
    [
        (["Total", "All"], "no row of the column Period holds a month"),
        ([46054, 46083], 'row 3: "46083" is 2026-03-02, not the first day of a month'),
        ([44592 - 1462], "not the first day of a month"),  # days counted from 1904
    ],
)
def test_periods_that_are_no_months_are_refused(tmp_path, months, message) -> None:
    with pytest.raises(CareshiftError, match=message):
        england(tmp_path, months)


@pytest.mark.parametrize(
    "months",
    [[40391, 40422], ["Aug-10", "Sep-10"], ["August 2010", "September 2010"]],
    ids=["numbers of days", "short", "long"],
)
def test_english_months_are_read_however_they_are_written(tmp_path, months) -> None:
    header = ["Period", *nhs_england.DEPARTMENTS]
    rows = [["Title:", "A&E"], header, *([month, 10, 5, 3] for month in months), ["Notes"], ["1. A note"]]
    file = book(tmp_path / "a.xlsx", {"Activity": rows, "Performance": rows})
    table = nhs_england.emergency_attendances_england(file)
    assert sorted(set(table["month"])) == ["2010-08-01", "2010-09-01"]
    assert table.loc[table["department"] == "major", "attendances"].tolist() == [10, 10]


def test_open_data_of_northern_irish_population(made) -> None:
    head = "Geo_Name,Geo_Code,Mid_Year_Ending,Gender,Age,Population_Estimate\n"
    rows = "".join(
        f"X,{code},2017,{gender},90,7\n"
        for code in ("N92000002", "N09000001")
        for gender in ("All Persons", "Females", "Males")
    )
    table, layout = importing.read_raw("population_northern_ireland", [made("a.csv", head + rows)])
    assert layout.name == "publisher, open data"
    assert table.values.tolist() == [
        [2017, "N92000002", "female", 90, 7],
        [2017, "N92000002", "male", 90, 7],
    ]
    with pytest.raises(CareshiftError, match=r"a\.csv: the columns .* and no row is for it"):
        importing.read_raw(
            "population_northern_ireland", [made("a.csv", (head + rows).replace("N92000002", "BHSCT"))]
        )


def test_a_publishers_older_database_keeps_its_unit(tmp_path) -> None:
    old = treasury(tmp_path / "old.xlsx", HEAD_2010, 1)
    new = treasury(tmp_path / "new.xlsx", HEAD_2014, 1000)
    spent = [
        hm_treasury.country_and_regional_analysis(file)["million_pounds"].tolist() for file in (old, new)
    ]
    assert spent[0] == spent[1]


def treasury(path, header: list[str], unit: int, skip: str = ""):
    rows = [["Notes"], header]
    for country in (
        *(f"England_{region.title()}" for region in hm_treasury.REGIONS),
        "SCOTLAND",
        "Wales",
        "NORTHERN IRELAND",
        "OUTSIDE UK",
    ):
        if country == skip:
            continue
        for function, subfunction in (
            ("7. Health", "7. Health research"),
            ("10. Social protection", "10.2 Old age; of which: personal social services"),
            ("10. Social protection", "10.2 Old age; of which: pensions"),
        ):
            for identifiable in ("ID", "non-ID"):
                rows.append([function, subfunction, identifiable, "CUR", country, 1.5 * unit, None])
    return book(path, {"Metadata": [["text"]], "Database": rows})


HEAD_2010 = [
    "HMT Functional Classification",
    "HMT Sub-functional Classification",
    "ID or non-ID",
    "CAP or CUR",
    "NUTS 1 region",
    "2008-09",
    "2009-10",
]
HEAD_2014 = [
    "HMT Function",
    "HMT Subfunction",
    "ID/non-ID",
    "CAP or CUR",
    "NUTS Region",
    "2008-09",
    "2009-10",
]


def test_spending_by_country_in_one_unit(tmp_path) -> None:
    old = treasury(tmp_path / "old.xlsx", HEAD_2010, 1)
    new = treasury(tmp_path / "new.xlsx", HEAD_2014, 1000)
    table = hm_treasury.public_spending(old, new, new)
    spent = table[table["financial_year"] == "2008/09"].set_index(["release", "area", "function"])[
        "million_pounds"
    ]
    assert spent[2010, "E92000001", "health"] == 13.5
    assert spent[2014, "E92000001", "personal social services"] == 13.5
    assert spent[2018, "N92000002", "health"] == 1.5
    assert (table.loc[table["financial_year"] == "2009/10", "million_pounds"] == 0).all()


def test_a_missing_country_or_column_is_refused(tmp_path) -> None:
    old = treasury(tmp_path / "old.xlsx", HEAD_2010, 1, skip="Wales")
    with pytest.raises(CareshiftError, match="some country, function or year is missing"):
        hm_treasury.public_spending(old, old, old)
    part = treasury(tmp_path / "part.xlsx", HEAD_2010, 1, skip="England_London")
    with pytest.raises(CareshiftError, match=r"no rows of LONDON. Regions are not England unless all nine"):
        hm_treasury.public_spending(part, part, part)
    other = treasury(tmp_path / "other.xlsx", ["Programme", *HEAD_2010[1:]], 1)
    with pytest.raises(CareshiftError, match="no column for function"):
        hm_treasury.public_spending(other, other, other)


def test_uk_population_is_added_up_by_country(made) -> None:
    file = made(
        "myeb3.csv",
        "ladcode19,country,population_2001,births_2002,population_2002\n"
        + "".join(f"N{number},N,{number},1,{number + 1}\n" for number in range(11)),
    )
    assert office_for_national_statistics.population_uk(file).values.tolist() == [
        [2001, "N92000002", 55],
        [2002, "N92000002", 66],
    ]
    part = made("part.csv", file.read_text().replace("N10,N,10,1,11\n", ""))
    with pytest.raises(CareshiftError, match="10 local authorities of N, which has 11 or more"):
        office_for_national_statistics.population_uk(part)


def test_northern_irish_projection_is_in_people(tmp_path) -> None:
    rows = [
        ["Title"],
        ["  Ages", 2016.0, 2051.0],
        ["----", "----", "----"],
        ["  0-4", 60.746, 1.0],
        ["100 & over", 0.5, 1.0],
    ]
    file = book(tmp_path / "ni.xlsx", {"FEMALES": rows, "MALES": rows})
    table = office_for_national_statistics.population_projections_northern_ireland(file)
    assert table[table["sex"] == "male"].values.tolist() == [
        [2016, 2016, "N92000002", "male", "0-4", 60746],
        [2016, 2016, "N92000002", "male", "100+", 500],
    ]


def test_healthy_life_expectancy_of_fifths_and_tenths(tmp_path) -> None:
    fifths = book(
        tmp_path / "fifths.xlsx",
        {
            "Sheet1": [
                ["DateCode", "Value", "Sex", "SIMD_quintile"],
                ["2015-2017", 52.3, "Female", "1 - most deprived"],
            ]
        },
    )
    tenths = book(
        tmp_path / "tenths.xlsx",
        {"Sheet1": [["SIMD_decile", "HLE", "Life_exp_birth", "Sex"], [10, 72.2, 85.4, "Female"]]},
    )
    table = national_records_scotland.healthy_life_expectancy(fifths, tenths)
    assert table["group"].tolist() == [1, 10]
    assert table["life_expectancy"].isna().tolist() == [True, False]
    assert table["period"].tolist() == ["2015-2017", "2019-2021"]
