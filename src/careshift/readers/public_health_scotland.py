"""Readers of Public Health Scotland's open data (opendata.nhs.scot, earlier ISD Scotland)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.readers.raw_files import counts_with_status, read_csv, renamed, whole_numbers

STAYS = {
    "Number of Long Stay Residents": "long",
    "Number of Short Stay Residents": "short",
    "Number of Respite Residents": "respite",
    "Number of Short Stay and Respite Residents": "short and respite",
    "Number of Long Stay and Short Stay and Respite Residents": "all",
}
CLIENT_GROUPS = {
    "All Adults": "all adults",
    "Older People Aged 65 and Older": "older people",
    "Learning Disabilities": "learning disabilities",
    "Mental Health Problems": "mental health problems",
    "Physical and Sensory Impairment": "physical and sensory impairment",
    "Other Groups": "other groups",
}


def care_home_residents(file: Path) -> pd.DataFrame:
    """Long-stay care-home residents by sex and age band: Scotland and councils, 31 March of each census.

    Reads the publisher's layout of file 9b, "number of long stay residents by sex and age" (Date as
    20190331, KeyStatistic, CA, MainClientGroup, Sector, Value, ValueQF), and keeps homes for all adults
    of all sectors. Answers date, area, sex, age_band, residents (people), status (ok, not available,
    suppressed). Years without a census stay in, as not available. Raises CareshiftError for a missing
    column or an unreadable cell.
    """
    cells = _care_home_cells(file)
    cells = cells[(cells["MainClientGroup"] == "All Adults") & (cells["Sector"] == "All Sectors")]
    parts = cells["KeyStatistic"].str.extract(
        r"^Number of (?P<sex>Female|Male) Long Stay Residents Aged (?P<age>\d+(?:-\d+| and Older))$"
    )
    cells = cells[parts["sex"].notna()]
    residents, status = counts_with_status(cells["Value"], cells["ValueQF"], file)
    return pd.DataFrame(
        {
            "date": _iso_date(cells["Date"]),
            "area": cells["CA"],
            "sex": parts["sex"].dropna().str.lower(),
            "age_band": parts["age"].dropna().str.replace(" and Older", "+"),
            "residents": residents,
            "status": status,
        }
    )


def care_home_residents_by_stay(file: Path) -> pd.DataFrame:
    """Care-home residents by the home's main client group and the kind of stay: Scotland and councils.

    Reads the publisher's layout of file 10, "number of residents" (Date, KeyStatistic, CA,
    MainClientGroup, Sector, Value, ValueQF), all sectors together. Answers date, area, client_group,
    sector, stay (long, short, respite, short and respite, all), residents (people), status. Raises
    CareshiftError for a missing column, an unreadable cell, or a client group or statistic that is not
    known here.
    """
    cells = _care_home_cells(file)
    cells = cells[cells["Sector"] == "All Sectors"]
    residents, status = counts_with_status(cells["Value"], cells["ValueQF"], file)
    return pd.DataFrame(
        {
            "date": _iso_date(cells["Date"]),
            "area": cells["CA"],
            "client_group": renamed(cells["MainClientGroup"], CLIENT_GROUPS, file),
            "sector": "all sectors",
            "stay": renamed(cells["KeyStatistic"], STAYS, file),
            "residents": residents,
            "status": status,
        }
    )


def emergency_inpatient_activity(file: Path) -> pd.DataFrame:
    """Stays, bed days and episodes of emergency and of all inpatients, all ages, by board and quarter.

    Reads the publisher's layout of "inpatient and day case by NHS board of treatment" (Quarter as
    2018Q3 for July to September 2018, HB, Location, AdmissionType, Episodes, Stays, LengthOfStay).
    Hospital rows are left out: the file holds hospitals, boards and Scotland together. Answers quarter,
    area, admission_type (emergency, all), stays, bed_days (LengthOfStay), episodes, status (final,
    provisional). Raises CareshiftError for a missing column or an unreadable cell.
    """
    columns = ["Quarter", "QuarterQF", "HB", "Location", "AdmissionType", "Episodes", "Stays", "LengthOfStay"]
    cells = read_csv(file, columns)
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


def _care_home_cells(file: Path) -> pd.DataFrame:
    columns = ["Date", "KeyStatistic", "CA", "MainClientGroup", "Sector", "Value", "ValueQF"]
    return read_csv(file, columns)


def _iso_date(days: pd.Series) -> pd.Series:
    """Answer 2019-03-31 for 20190331."""
    return days.str[:4] + "-" + days.str[4:6] + "-" + days.str[6:8]
