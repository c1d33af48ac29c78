"""Readers of Public Health Scotland's open data on hospital activity and beds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.areas import SCOTLAND
from careshift.readers.public_health_scotland.dates import iso_date
from careshift.readers.raw_files import LayoutError, column_names, numbers, read_csv, renamed, whole_numbers

SPECIALTIES = {
    "All Specialties": "all",
    "All Acute": "all acute",
    "Geriatric Medicine - long stay unit": "geriatric, long stay",
    "Geriatric Medicine - units other than long stay": "geriatric, other",
}


def emergency_inpatient_activity(file: Path) -> pd.DataFrame:
    """Stays, bed days and episodes of emergency and of all inpatients, all ages, by board and quarter.

    Reads the publisher's layout of "inpatient and day case by NHS board of treatment" (Quarter as
    2018Q3 for July to September 2018, HB, Location, AdmissionType, Episodes, Stays, LengthOfStay).
    Hospital rows are left out: the file holds hospitals, boards and Scotland together. Returns quarter,
    area, admission_type (emergency, all), stays, bed_days (LengthOfStay), episodes, status (final,
    provisional). Raises CareshiftError for a missing column or an unreadable cell.
    """
    columns = ["Quarter", "QuarterQF", "HB", "Location", "AdmissionType", "Episodes", "Stays", "LengthOfStay"]
    cells = read_csv(file, columns)
    if "Age" in column_names(file):
        raise LayoutError(f"{file.name}: holds ages, so it is another file than that of boards.")
    wanted = {"Emergency Inpatients": "emergency", "All Inpatients": "all"}
    cells = cells[(cells["HB"] == cells["Location"]) & cells["AdmissionType"].isin(list(wanted))]
    return pd.DataFrame(
        {
            "quarter": cells["Quarter"],
            "area": cells["HB"],
            "admission_type": cells["AdmissionType"].map(wanted),
            "stays": whole_numbers(cells["Stays"], file),
            "bed_days": whole_numbers(cells["LengthOfStay"], file),
            "episodes": whole_numbers(cells["Episodes"], file),
            "status": cells["QuarterQF"].map({"": "final", "p": "provisional"}),
        }
    )


def emergency_bed_days_by_age(file: Path) -> pd.DataFrame:
    """Stays, bed days and episodes of emergency inpatients, Scotland, by quarter, sex and ten-year age band.

    Reads the publisher's columns of "inpatient and day case by NHS board of treatment, age and sex" (Quarter
    as 2018Q3, QuarterQF, Location, AdmissionType, Sex, Age, Episodes, Stays, LengthOfStay), from the
    publisher or from a re-publisher who writes NA into blank cells: Scotland's rows of emergency inpatients.
    Returns quarter, area, sex, age_band, stays, bed_days, episodes, status (final, provisional). Raises
    CareshiftError for a missing column, an unreadable cell, an unknown marker, and a file without such rows.
    """
    counts = {"stays": "Stays", "bed_days": "LengthOfStay", "episodes": "Episodes"}
    columns = ["Quarter", "QuarterQF", "Location", "AdmissionType", "Sex", "Age", *counts.values()]
    cells = read_csv(file, columns)
    cells = cells[(cells["AdmissionType"] == "Emergency Inpatients") & (cells["Location"] == SCOTLAND)]
    if cells.empty:
        raise CareshiftError(
            f'{file.name}: no row has AdmissionType "Emergency Inpatients" and Location "{SCOTLAND}". '
            "Check that this is the file of stays by age and sex."
        )
    return pd.DataFrame(
        {
            "quarter": cells["Quarter"],
            "area": cells["Location"],
            "sex": cells["Sex"].str.lower(),
            "age_band": _age_band(cells["Age"]),
            "status": renamed(cells["QuarterQF"], {"": "final", "NA": "final", "p": "provisional"}, file),
        }
        | {ours: whole_numbers(cells[theirs], file) for ours, theirs in counts.items()}
    )


def hospital_beds_official(file: Path) -> pd.DataFrame:
    """Staffed and occupied bed days by board and calendar quarter, from one release of the publisher's file.

    Reads the publisher's layout of "beds by NHS board of treatment and specialty" as `hospital_beds` does,
    and names the vintage for the last quarter in it. Returns and raises what `hospital_beds` does.
    """
    table = _bed_days(file)
    return table.assign(vintage=f"{table['quarter'].max()} release")


def hospital_beds(earlier: Path, later: Path, averages: Path) -> pd.DataFrame:
    """Staffed and occupied bed days by board and calendar quarter: all specialties, all acute, two geriatric.

    Reads the publisher's layout of "beds by NHS board of treatment and specialty" (Quarter, HB,
    Location, SpecialtyName, AllStaffedBeddays, TotalOccupiedBeddays) in two releases, of which the
    later one counts where both hold a quarter, and a re-publisher's file of averages (hb19_code, date,
    specialty, average_number_available_staffed_beds, average_number_occupied_beds) for quarters after
    both: there the bed days are the average times the days of the quarter, which undoes the publisher's
    own division. Hospital rows are left out. Returns quarter, area, specialty, available_bed_days,
    occupied_bed_days, vintage. Raises CareshiftError for a missing column, an unreadable cell, or
    averages that give no whole bed days.
    """
    new = _bed_days(later).assign(vintage="2022Q3 release")
    old = _bed_days(earlier).assign(vintage="2021Q4 release")
    newest = _beds_from_averages(averages).assign(vintage="2024Q2 averages")
    old = old[~old["quarter"].isin(new["quarter"])]
    last: str = new["quarter"].max()
    newest = newest[newest["quarter"] > last]
    return pd.concat([old, new, newest], ignore_index=True)


def emergency_admissions_weekly(file: Path) -> pd.DataFrame:
    """Emergency admissions of three older age bands by week, Scotland, beside the average of 2018 and 2019.

    Reads the publisher's layout of "COVID-19 wider impacts: hospital admissions" (WeekEnding as 20200105, HB,
    AgeGroup, Sex, AdmissionType, NumberAdmissions, Average20182019). Returns week_ending, area, age_band,
    admissions, average_2018_2019. Raises CareshiftError for a missing column or an unreadable cell.
    """
    columns = ["WeekEnding", "HB", "AgeGroup", "Sex", "AdmissionType", "NumberAdmissions", "Average20182019"]
    cells = read_csv(file, columns)
    bands = {"65 - 74": "65-74", "75 - 84": "75-84", "85 and over": "85+"}
    wanted = (cells["HB"] == SCOTLAND) & (cells["Sex"] == "All") & (cells["AdmissionType"] == "Emergency")
    cells = cells[wanted & cells["AgeGroup"].isin(list(bands))]
    return pd.DataFrame(
        {
            "week_ending": iso_date(cells["WeekEnding"]),
            "area": cells["HB"],
            "age_band": cells["AgeGroup"].map(bands),
            "admissions": whole_numbers(cells["NumberAdmissions"], file),
            "average_2018_2019": numbers(cells["Average20182019"], file),
        }
    )


def _age_band(ages: pd.Series) -> pd.Series:
    """Return the publisher's ages as ours: "0-9 years" is 0-9, "90 years and over" and "90 Plus" are 90+."""
    open_ended = ages.str.replace(r" (years )?(Plus|plus|and over)$|\+$", "+", regex=True)
    return open_ended.str.removesuffix(" years")


def _bed_days(file: Path) -> pd.DataFrame:
    columns = ["Quarter", "HB", "Location", "SpecialtyName", "AllStaffedBeddays", "TotalOccupiedBeddays"]
    cells = read_csv(file, columns)
    cells = cells[(cells["HB"] == cells["Location"]) & cells["SpecialtyName"].isin(list(SPECIALTIES))]
    return pd.DataFrame(
        {
            "quarter": cells["Quarter"],
            "area": cells["HB"],
            "specialty": cells["SpecialtyName"].map(SPECIALTIES),
            "available_bed_days": whole_numbers(cells["AllStaffedBeddays"], file),
            "occupied_bed_days": whole_numbers(cells["TotalOccupiedBeddays"], file),
        }
    )


def _beds_from_averages(file: Path) -> pd.DataFrame:
    averages = {
        "available_bed_days": "average_number_available_staffed_beds",
        "occupied_bed_days": "average_number_occupied_beds",
    }
    cells = read_csv(file, ["hb19_code", "date", "specialty", *averages.values()])
    cells = cells[cells["specialty"].isin(list(SPECIALTIES))]
    quarter = pd.PeriodIndex(cells["date"], freq="Q")
    table = pd.DataFrame(
        {
            "quarter": quarter.strftime("%YQ%q"),
            "area": cells["hb19_code"],
            "specialty": cells["specialty"].map(SPECIALTIES),
        }
    )
    days = quarter.to_timestamp(how="end").day_of_year - quarter.to_timestamp().day_of_year + 1
    for ours, theirs in averages.items():
        product = numbers(cells[theirs], file) * days
        if (product - product.round()).abs().max() > 0.01:
            raise CareshiftError(
                f"{file.name}: {theirs} times the days of its quarter gives no whole bed days."
            )
        table[ours] = product.round().astype("Int64")
    return table
