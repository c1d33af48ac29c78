"""No reader reads nothing: right columns and no row for the table are refused, for each layout."""

import re

import openpyxl
import pytest
from r_writer import frame, rdata, rds, strings

from careshift import tables
from careshift.project import CareshiftError
from careshift.readers import importing

AGES = [str(age) for age in range(90)]
CARE_HOMES = "Date,KeyStatistic,CA,MainClientGroup,Sector,Value,ValueQF"
BENCHMARKS = "Local Authority,Year,Indicator2,Value"
ADMISSION_RATES = "Council,FinancialYear,RatePer100k"
ESTIMATES = {
    sheet: ["Code", "Name", "All ages", *AGES, "90+"] for sheet in ("MYE2 - Females", "MYE2 - Males")
}
BY_AGE = "Quarter,QuarterQF,Location,AdmissionType,Sex,Age,Episodes,Stays,LengthOfStay"
BEDS = "Quarter,HB,Location,SpecialtyName,AllStaffedBeddays,TotalOccupiedBeddays"
DEPARTMENTS = [
    "Period",
    "Type 1 Departments - Major A&E",
    "Type 2 Departments - Single Specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit",
]
SPENDING_2010 = [
    "HMT Functional Classification",
    "HMT Sub-functional Classification",
    "ID or non-ID",
    "CAP or CUR",
    "NUTS 1 region",
    "2008-09",
]
SPENDING = ["HMT Function", "HMT Subfunction", "ID/non-ID", "CAP or CUR", "NUTS Region", "2008-09"]
TABLE_1 = {"Table 1": ["Area code", "Sex", "Year", "All Ages", *AGES, "90 and over"]}
VALUES = "series_id,geography,age_group,period,value,unit,status,publisher,title,url_or_repo_path,commit"

# The files that each reader takes: a text is a CSV file's columns, a mapping a workbook's sheets with theirs.
PRODUCTIVITY = ["ITL level", "ITL code", "Region name", "index"]
FILES: dict[str, list] = {
    "care_home_residents": [CARE_HOMES],
    "care_home_residents_by_stay": [CARE_HOMES],
    "care_home_places": [CARE_HOMES],
    "care_home_occupancy": [CARE_HOMES],
    "population": ["Year,Sex,Age,Estimate", "Year,Sex,Total", ESTIMATES],
    "population_of_later_years": [ESTIMATES],
    "population_of_sheets": [{"1991": ["Males", "Females", "All Ages", *AGES, "90+"]}],
    "population_of_table_1": [TABLE_1],
    "population_areas": [ESTIMATES],
    "population_areas_2022": [("ltla19_code", "sex", "all_ages", *AGES, "90 and over")],
    "population_areas_2022_of_table_1": [TABLE_1],
    "population_projections": ["Sex,Age,2016,2017"],
    "population_uk": ["country,population_2001"],
    "population_northern_ireland": ["year,gender,age,MYE"],
    "population_northern_ireland_official": [{"Flat": ["area_code", "year", "gender", "age", "MYE"]}],
    "population_northern_ireland_open_data": ["Geo_Code,Mid_Year_Ending,Gender,Age,Population_Estimate"],
    "population_projections_northern_ireland": [
        {sheet: ["Ages", "2016", "2017"] for sheet in ("FEMALES", "MALES")}
    ],
    "official_values": [VALUES],
    "free_personal_care_residents": ["financial_year,long_stay_residents_65plus_yearly_average,status"],
    "emergency_admission_rates": [ADMISSION_RATES, ADMISSION_RATES],
    "emergency_inpatient_activity": [
        "Quarter,QuarterQF,HB,Location,AdmissionType,Episodes,Stays,LengthOfStay"
    ],
    "emergency_bed_days_by_age": [BY_AGE],
    "hospital_beds": [
        BEDS,
        BEDS,
        "hb19_code,date,specialty,average_number_available_staffed_beds,average_number_occupied_beds",
    ],
    "hospital_beds_official": [BEDS],
    "delayed_discharge": [
        f"{code},date,age_group,delay_reason,num_delayed_bed_days,average_daily_delayed_beds"
        for code in ("hb_code", "ltla_code")
    ],
    "delayed_discharge_official": [
        f"MonthOfDelay,{code},AgeGroup,ReasonForDelay,NumberOfDelayedBedDays,AverageDailyNumberOfDelayedBeds"
        for code in ("HBT", "CA")
    ],
    "delayed_discharge_75plus": ["CA,Year,DelayedBedDays"],
    "delayed_discharge_75plus_official": [
        "MonthOfDelay,CA,AgeGroup,ReasonForDelay,NumberOfDelayedBedDays,AverageDailyNumberOfDelayedBeds"
    ],
    "delayed_discharge_census": ["Date,NationalValue"],
    "emergency_attendances_scotland": [
        "hospital_code,hospital_name,date,attendances,within_4_hours",
        "HBT,TreatmentLocation",
    ],
    "emergency_attendances_scotland_official": [
        "Month,HBT,DepartmentType,AttendanceCategory,NumberOfAttendancesAll,NumberWithin4HoursAll"
    ],
    "emergency_attendances_scotland_without_hospitals": ["month,hbt,departmenttype,attendances,within_4h"],
    "emergency_attendances_wales": ["hospital_code,date,performance_measure,performance_target,data"],
    "emergency_attendances_wales_official": [
        "Hospital_Code_STR,Date_Code_STR,Measure_ItemName_ENG_STR,Target_Code_STR,Data_DEC"
    ],
    "emergency_attendances_northern_ireland": ["Date,Trust,Type,Under 4 Hours,Total"],
    "emergency_attendances_england": [{"Activity": DEPARTMENTS, "Performance": DEPARTMENTS}],
    "emergency_admissions_weekly": [
        "WeekEnding,HB,AgeGroup,Sex,AdmissionType,NumberAdmissions,Average20182019"
    ],
    "care_at_home": ["Time Period,Financial Quarter,Location,Age Group,Measure,Value"],
    "home_care_hours": ["AgeGRP,bandHRSTT", ("age_grp", "total_hrs"), ("age_grp", "total_hrs")],
    "local_indicators": [BENCHMARKS],
    "care_experience": [BENCHMARKS, tuple(BENCHMARKS.split(","))],
    "healthy_life_expectancy": [
        {"Sheet1": ["DateCode", "Value", "Sex", "SIMD_quintile"]},
        {"Sheet1": ["SIMD_decile", "HLE", "Life_exp_birth", "Sex"]},
    ],
    "healthy_life_expectancy_gaps": [
        "period,sex,hle_most_deprived_decile,hle_least_deprived_decile,gap_years,source_page"
    ],
    "beds_northern_ireland": [
        "trust18_code,date,programme_of_care,total_available_beds,total_occupied_beds,total_inpatients,"
        "total_day_case"
    ],
    "delayed_transfers_wales": ["Date,HB,Other"],
    "public_spending": [{"Database": SPENDING_2010}, {"Database": SPENDING}, {"Database": SPENDING}],
    "country_and_regional_analysis": [{"Database": SPENDING}],
    "life_expectancy_by_year": [{"2018": ["x", "mx", "ex", "", "mx", "ex"]}],
    "household_income_by_region": ["NUTS level,NUTS code,Region name,2010"],
    "value_added_by_section": ["ITL region code,ITL region name,SIC07 code,SIC07 description,2010"],
    "productivity_by_region": [{"A2": PRODUCTIVITY, "B2": PRODUCTIVITY}],
}
LAYOUTS = [
    (table, layout)
    for table in tables.names()
    if tables.describe(table)["raw"]
    for layout in importing.layouts(table)
]


def written(folder, number: int, columns, rows: int):
    """Write one file with these columns and so many rows of cells that belong to no table."""
    if isinstance(columns, str):
        file = folder / f"{number}.csv"
        width = columns.count(",") + 1
        file.write_text("\n".join([columns, *[",".join(["other"] * width)] * rows]) + "\n", "utf-8")
    elif isinstance(columns, tuple):
        file = folder / f"{number}.{'rds' if 'Indicator2' in columns else 'rda'}"
        content = frame({name: strings(["other"] * rows) for name in columns})
        file.write_bytes(rds(content) if file.suffix == ".rds" else rdata("people", content))
    else:
        file = folder / f"{number}.xlsx"
        book = openpyxl.Workbook()
        for name, header in columns.items():
            page = book.create_sheet(name)
            page.append(header)
            for _ in range(rows):
                page.append(["other"] * len(header))
        book.remove(book.worksheets[0])
        book.save(file)
    return file


def test_every_reader_is_in_the_list() -> None:
    assert {layout.reader.__name__ for _, layout in LAYOUTS} == set(FILES)


@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize(
    ("table", "layout"), LAYOUTS, ids=[f"{t}-{layout.reader.__name__}" for t, layout in LAYOUTS]
)
def test_right_columns_and_no_row_for_the_table_are_refused(
    tmp_path, monkeypatch, table, layout, rows
) -> None:
    raw = [written(tmp_path, n, columns, rows) for n, columns in enumerate(FILES[layout.reader.__name__])]
    monkeypatch.setattr(importing, "layouts", lambda name: [layout])
    with pytest.raises(CareshiftError) as error:
        importing.read_raw(table, raw)
    text = str(error.value)
    assert raw[0].name in text or raw[-1].name in text or table in text
    assert "damaged" not in text, text
    assert not re.search('(column|sheet) "[^"]*" is missing', text), text
