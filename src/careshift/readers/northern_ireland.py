"""Readers of Northern Ireland's Department of Health and of its Statistics and Research Agency."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.readers.raw_files import (
    first_of_month,
    read_csv,
    renamed,
    sheet_rows,
    table_in,
    whole_numbers,
)
from careshift.readers.sums import added_up, refuse_parts

NORTHERN_IRELAND = "N92000002"
DEPARTMENTS = {"Type 1": "major", "Type 2": "single specialty", "Type 3": "minor"}
TRUSTS = {
    "BHSCT": "Belfast",
    "NHSCT": "Northern",
    "SEHSCT": "South Eastern",
    "SHSCT": "Southern",
    "WHSCT": "Western",
}
SEXES = {"Females": "female", "Males": "male"}
BED_COUNTS = {
    "available_bed_days": "total_available_beds",
    "occupied_bed_days": "total_occupied_beds",
    "inpatients": "total_inpatients",
    "day_cases": "total_day_case",
}


def emergency_attendances_northern_ireland(file: Path) -> pd.DataFrame:
    """Attendances at emergency departments by type, Northern Ireland, by month.

    Reads the Department of Health's download by hospital (Date as the first day of the month, Trust, Type,
    Under 4 Hours, Total); the file holds no total for Northern Ireland, so ours are X
    """
    cells = read_csv(file, ["Date", "Trust", "Type", "Under 4 Hours", "Total"])
    refuse_parts(cells, "Date", "Trust", TRUSTS.values(), file)
    hospitals = pd.DataFrame(
        {
            "area": NORTHERN_IRELAND,
            "month": first_of_month(cells["Date"], file),
            "department": renamed(cells["Type"], DEPARTMENTS, file),
            "attendances": whole_numbers(cells["Total"], file),
            "within_4_hours": whole_numbers(cells["Under 4 Hours"], file),
        }
    )
    return added_up(hospitals, ["area", "month", "department"])


def beds_northern_ireland(file: Path) -> pd.DataFrame:
    """Available and occupied bed days, inpatients and day cases by trust, programme of care and quarter.

    Reads a re-publisher's layout of the hospital statistics (trust18_code, date as the last day of the
    quarter, programme_of_care, total_available_beds, total_occupied_beds, total_inpatients,
    total_day_case), one row a hospital and specialty, of which ours are sums. Returns quarter, trust,
    programme_of_care, available_bed_days, occupied_bed_days, inpatients, day_cases. Raises
    CareshiftError for a missing column, an unreadable cell or an unknown trust.
    """
    cells = read_csv(file, ["trust18_code", "date", "programme_of_care", *BED_COUNTS.values()])
    hospitals = pd.DataFrame(
        {
            "quarter": pd.PeriodIndex(first_of_month(cells["date"], file), freq="Q").strftime("%YQ%q"),
            "trust": renamed(cells["trust18_code"], TRUSTS, file),
            "programme_of_care": cells["programme_of_care"].str.lower().str.replace("&", "and"),
        }
        | {ours: whole_numbers(cells[theirs], file) for ours, theirs in BED_COUNTS.items()}
    )
    return added_up(hospitals, ["quarter", "trust", "programme_of_care"])


def population_northern_ireland(file: Path) -> pd.DataFrame:
    """Mid-year population of Northern Ireland by sex and single year of age.

    Reads a re-publisher's cut of the mid-year estimates (year, gender as F or M, age 0 to 90, MYE).
    Returns year, area, sex, age (90 means 90 and over), population (people). Raises CareshiftError for
    a missing column or an unreadable cell.
    """
    cells = read_csv(file, ["year", "gender", "age", "MYE"])
    return pd.DataFrame(
        {
            "year": whole_numbers(cells["year"], file).astype("int64"),
            "area": NORTHERN_IRELAND,
            "sex": renamed(cells["gender"], {"F": "female", "M": "male"}, file),
            "age": whole_numbers(cells["age"], file).astype("int64"),
            "population": whole_numbers(cells["MYE"], file),
        }
    )


def population_northern_ireland_official(file: Path) -> pd.DataFrame:
    """Mid-year population of Northern Ireland by sex and single year of age.

    Reads the publisher's workbook of estimates by single year of age (sheet Flat: area_code, year, gender as
    Females, Males or All persons, age, MYE). Returns and raises what `population_northern_ireland` does.
    """
    rows = sheet_rows(file, "Flat")
    cells = table_in(rows, ["area_code", "year", "gender", "age", "MYE"], f'{file.name}, sheet "Flat"')
    cells = cells[(cells["area_code"] == NORTHERN_IRELAND) & cells["gender"].isin(list(SEXES))]
    people = pd.DataFrame(
        {
            "year": whole_numbers(cells["year"], file).astype("int64"),
            "area": NORTHERN_IRELAND,
            "sex": cells["gender"].map(SEXES),
            "age": whole_numbers(cells["age"].str.removesuffix("+"), file).astype("int64").clip(upper=90),
            "population": whole_numbers(cells["MYE"], file),
        }
    )
    return people.groupby(["year", "area", "sex", "age"], as_index=False).sum()


def population_northern_ireland_open_data(file: Path) -> pd.DataFrame:
    """Mid-year population of Northern Ireland by sex and single year of age.

    Reads the publisher's open data "by single year of age and gender" (Geo_Code, Mid_Year_Ending, Gender as
    Females, Males or All Persons, Age to 90, Population_Estimate), Northern Ireland's rows. Returns and
    raises what `population_northern_ireland` does.
    """
    columns = ["Geo_Code", "Mid_Year_Ending", "Gender", "Age", "Population_Estimate"]
    cells = read_csv(file, columns)
    cells = cells[(cells["Geo_Code"] == NORTHERN_IRELAND) & cells["Gender"].isin(list(SEXES))]
    return pd.DataFrame(
        {
            "year": whole_numbers(cells["Mid_Year_Ending"], file).astype("int64"),
            "area": NORTHERN_IRELAND,
            "sex": cells["Gender"].map(SEXES),
            "age": whole_numbers(cells["Age"].str.removesuffix("+"), file).astype("int64"),
            "population": whole_numbers(cells["Population_Estimate"], file),
        }
    )
