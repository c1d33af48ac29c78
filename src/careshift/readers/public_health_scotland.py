"""Readers of Public Health Scotland's open data (opendata.nhs.scot, earlier ISD Scotland)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.areas import SCOTLAND, area_codes
from careshift.readers.raw_files import (
    NOT_AVAILABLE,
    counts_with_status,
    numbers,
    read_csv,
    renamed,
    whole_numbers,
)

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

SPECIALTIES = {
    "All Specialties": "all",
    "All Acute": "all acute",
    "Geriatric Medicine - long stay unit": "geriatric, long stay",
    "Geriatric Medicine - units other than long stay": "geriatric, other",
}
DELAY_REASONS = {
    "All Delay Reasons": "all",
    "Health and Social Care Reasons": "health and social care",
    "Patient and Family Related Reasons": "patient and family",
    "Code 9 AWI": "complex, adults with incapacity",
    "Code 9 Non-AWI": "complex, other",
}
HOME_CARE_AGES = {
    "All Ages": "all ages",
    "0-17 years": "0-17",
    "18-64 years": "18-64",
    "65-74 years": "65-74",
    "75-84 years": "75-84",
    "85+ years": "85+",
    "Unknown": "not known",
}
HOME_CARE_MEASURES = {
    "Number of People": "people",
    "Number of Hours": "hours",
    "Rate per 1,000 People": "rate",
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


def care_home_places(file: Path) -> pd.DataFrame:
    """Registered places in care homes for adults by the home's main client group: Scotland and councils.

    Reads the publisher's layout of file 12a, "number of registered places", all sectors together.
    Answers date, area, client_group, places, status. Raises CareshiftError for a missing column, an
    unreadable cell or an unknown client group.
    """
    cells = _care_home_cells(file)
    cells = cells[cells["Sector"] == "All Sectors"]
    return _by_client_group(cells, "places", file)


def care_home_occupancy(file: Path) -> pd.DataFrame:
    """Share of registered places that are occupied, by the home's main client group: Scotland and councils.

    Reads the publisher's layout of file 6, "percentage occupancy", all sectors together. Answers date, area,
    client_group, occupancy (percent, as the publisher rounds it), status. Raises CareshiftError as above.
    """
    cells = _care_home_cells(file)
    cells = cells[cells["Sector"] == "All Sectors"]
    return _by_client_group(cells, "occupancy", file)


def inpatient_activity_by_age(file: Path) -> pd.DataFrame:
    """Stays, bed days and episodes of all inpatients in Scotland, by quarter, sex and ten-year age band.

    Reads a re-publisher's layout of the publisher's "inpatient and day case by age and sex" (year,
    quarter, location, admission_type, sex, age, episodes, stays, length_of_stay), cut to Scotland and
    all inpatients. Answers quarter, area, sex, age_band, stays, bed_days, episodes. Raises
    CareshiftError for a missing column or an unreadable cell.
    """
    counts = {"stays": "stays", "bed_days": "length_of_stay", "episodes": "episodes"}
    cells = read_csv(file, ["year", "quarter", "location", "admission_type", "sex", "age", *counts.values()])
    cells = cells[cells["admission_type"] == "All Inpatients"]
    return pd.DataFrame(
        {
            "quarter": cells["year"] + "Q" + cells["quarter"],
            "area": cells["location"],
            "sex": cells["sex"].str.lower(),
            "age_band": cells["age"].str.replace(" Plus", "+"),
        }
        | {ours: whole_numbers(cells[theirs], file) for ours, theirs in counts.items()}
    )


def hospital_beds(earlier: Path, later: Path, averages: Path) -> pd.DataFrame:
    """Staffed and occupied bed days by board and calendar quarter: all specialties, all acute, two geriatric.

    Reads the publisher's layout of "beds by NHS board of treatment and specialty" (Quarter, HB,
    Location, SpecialtyName, AllStaffedBeddays, TotalOccupiedBeddays) in two releases, of which the
    later one counts where both hold a quarter, and a re-publisher's file of averages (hb19_code, date,
    specialty, average_number_available_staffed_beds, average_number_occupied_beds) for quarters after
    both: there the bed days are the average times the days of the quarter, which undoes the publisher's
    own division. Hospital rows are left out. Answers quarter, area, specialty, available_bed_days,
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


def delayed_discharge(boards: Path, councils: Path) -> pd.DataFrame:
    """Bed days of delayed discharges by month: boards, councils and Scotland, with the reasons for Scotland.

    Reads a re-publisher's layout of the publisher's two monthly files (hb_code or ltla_code, date as
    the first day of the month, age_group, delay_reason, num_delayed_bed_days,
    average_daily_delayed_beds). Rows of people whose council is not known have no code and are left
    out. Answers area, month, age_group, reason, bed_days, average_daily_beds. Raises CareshiftError for
    a missing column, an unreadable cell, an unknown reason, or when the two files disagree on Scotland.
    """
    board, council = _delays(boards, "hb_code"), _delays(councils, "ltla_code")
    keys = ["month", "age_group", "reason"]
    scotland = [
        part[part["area"] == SCOTLAND].set_index(keys)["bed_days"].sort_index() for part in (board, council)
    ]
    if not scotland[0].equals(scotland[1]):
        raise CareshiftError(
            f"{boards.name} and {councils.name} differ for Scotland: take both from one release."
        )
    both = pd.concat([board, council[council["area"] != SCOTLAND]], ignore_index=True)
    kept: pd.DataFrame = both[(both["area"] == SCOTLAND) | (both["reason"] == "all")]
    return kept


def delayed_discharge_75plus(file: Path) -> pd.DataFrame:
    """Bed days of delayed discharges of people aged 75 and over, by council and financial year.

    Reads a re-publisher's layout (CA, Year, DelayedBedDays), whose values data/corrections.yml halves.
    Rows of people whose council is not known have no code and are left out. Answers area,
    financial_year, bed_days. Raises CareshiftError for a missing column or an unreadable cell.
    """
    cells = read_csv(file, ["CA", "Year", "DelayedBedDays"])
    cells = cells[~cells["CA"].isin(["", "NA"])]
    return pd.DataFrame(
        {
            "area": cells["CA"],
            "financial_year": cells["Year"],
            "bed_days": whole_numbers(cells["DelayedBedDays"], file),
        }
    )


def delayed_discharge_census(file: Path) -> pd.DataFrame:
    """People delayed in hospital at the monthly census, Scotland.

    Reads one hospital's file of the closed site "NHS Performs", indicator 25 (Date as 28 Apr 2022 or
    2022-04-28, NationalValue; the value of its board is not used). Answers date, area, people. Raises
    CareshiftError for a missing column or an unreadable cell.
    """
    cells = read_csv(file, ["Date", "NationalValue"])
    return pd.DataFrame(
        {
            "date": pd.to_datetime(cells["Date"], format="%d %b %Y").dt.strftime("%Y-%m-%d"),
            "area": SCOTLAND,
            "people": whole_numbers(cells["NationalValue"], file),
        }
    )


def emergency_attendances_scotland(attendances: Path, places: Path) -> pd.DataFrame:
    """Attendances at emergency departments and minor injury units by month: boards and Scotland.

    Reads a re-publisher's layout of the publisher's monthly file (hospital_code, hospital_name ending
    in "Type 1" for an emergency department, date as the last day of the month, attendances,
    within_4_hours) and, for the board of each hospital, the publisher's own layout (HBT,
    TreatmentLocation). Neither holds a board or Scotland row, so ours are sums of hospitals. Answers
    area, month (first day), department (major, minor), attendances, within_4_hours. Raises
    CareshiftError for a missing column, an unreadable cell or a hospital without board.
    """
    columns = ["hospital_code", "hospital_name", "date", "attendances", "within_4_hours"]
    cells = read_csv(attendances, columns)
    lookup = read_csv(places, ["HBT", "TreatmentLocation"]).drop_duplicates()
    board = cells["hospital_code"].map(lookup.set_index("TreatmentLocation")["HBT"])
    if board.isna().any():
        raise CareshiftError(
            f'{attendances.name}: hospital "{cells["hospital_code"][board.isna()].iloc[0]}" has no board in '
            f"{places.name}. Take a newer release of that file."
        )
    hospitals = pd.DataFrame(
        {
            "area": board,
            "month": cells["date"].str[:8] + "01",
            "department": cells["hospital_name"].str.contains("Type 1").map({True: "major", False: "minor"}),
            "attendances": whole_numbers(cells["attendances"], attendances),
            "within_4_hours": whole_numbers(cells["within_4_hours"], attendances),
        }
    )
    everyone = pd.concat([hospitals, hospitals.assign(area=SCOTLAND)], ignore_index=True)
    return everyone.groupby(["area", "month", "department"], as_index=False).sum()


def emergency_admissions_weekly(file: Path) -> pd.DataFrame:
    """Emergency admissions of three older age bands by week, Scotland, beside the average of 2018 and 2019.

    Reads the publisher's layout of "COVID-19 wider impacts: hospital admissions" (WeekEnding as 20200105, HB,
    AgeGroup, Sex, AdmissionType, NumberAdmissions, Average20182019). Answers week_ending, area, age_band,
    admissions, average_2018_2019. Raises CareshiftError for a missing column or an unreadable cell.
    """
    columns = ["WeekEnding", "HB", "AgeGroup", "Sex", "AdmissionType", "NumberAdmissions", "Average20182019"]
    cells = read_csv(file, columns)
    bands = {"65 - 74": "65-74", "75 - 84": "75-84", "85 and over": "85+"}
    wanted = (cells["HB"] == SCOTLAND) & (cells["Sex"] == "All") & (cells["AdmissionType"] == "Emergency")
    cells = cells[wanted & cells["AgeGroup"].isin(list(bands))]
    return pd.DataFrame(
        {
            "week_ending": _iso_date(cells["WeekEnding"]),
            "area": cells["HB"],
            "age_band": cells["AgeGroup"].map(bands),
            "admissions": whole_numbers(cells["NumberAdmissions"], file),
            "average_2018_2019": numbers(cells["Average20182019"], file),
        }
    )


def care_at_home(file: Path) -> pd.DataFrame:
    """People and hours of home care in the census week: Scotland and councils, by age group from 2017/18.

    Reads a re-publisher's copy of the publisher's dashboard download (Time Period, Financial Quarter,
    Location, Age Group, Measure, Value), census weeks only. Where a council's age groups are all zero
    and its total is not, the ages were not recorded: those cells are missing, with status not
    available. Answers financial_year, area, age_group, people, people_status, hours, hours_status, rate
    (people per 1,000). Raises CareshiftError for a missing column, an unreadable cell or an unknown
    location.
    """
    cells = read_csv(file, ["Time Period", "Financial Quarter", "Location", "Age Group", "Measure", "Value"])
    cells = cells[cells["Time Period"] == "Census Week"]
    names = cells["Location"].replace(
        {"Scotland (Estimated)": "Scotland", "Comhairle nan Eilean Siar": "Na h-Eileanan Siar"}
    )
    long = pd.DataFrame(
        {
            "financial_year": cells["Financial Quarter"],
            "area": area_codes(names, file),
            "age_group": renamed(cells["Age Group"], HOME_CARE_AGES, file),
            "measure": renamed(cells["Measure"], HOME_CARE_MEASURES, file),
            "value": numbers(cells["Value"], file),
        }
    )
    table = long.pivot(
        index=["financial_year", "area", "age_group"], columns="measure", values="value"
    ).reset_index()
    return _ages_not_recorded(table.rename_axis(columns=None))


def _by_client_group(cells: pd.DataFrame, measure: str, file: Path) -> pd.DataFrame:
    values, status = counts_with_status(cells["Value"], cells["ValueQF"], file)
    return pd.DataFrame(
        {
            "date": _iso_date(cells["Date"]),
            "area": cells["CA"],
            "client_group": renamed(cells["MainClientGroup"], CLIENT_GROUPS, file),
            measure: values,
            "status": status,
        }
    )


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


def _delays(file: Path, code: str) -> pd.DataFrame:
    counts = {"bed_days": "num_delayed_bed_days", "average_daily_beds": "average_daily_delayed_beds"}
    cells = read_csv(file, [code, "date", "age_group", "delay_reason", *counts.values()])
    cells = cells[~cells[code].isin(["", "NA"])]
    return pd.DataFrame(
        {
            "area": cells[code],
            "month": cells["date"],
            "age_group": renamed(
                cells["age_group"], {"18plus": "18+", "18-74": "18-74", "75plus": "75+"}, file
            ),
            "reason": renamed(cells["delay_reason"], DELAY_REASONS, file),
        }
        | {ours: whole_numbers(cells[theirs], file) for ours, theirs in counts.items()}
    )


def _ages_not_recorded(table: pd.DataFrame) -> pd.DataFrame:
    groups = [table["financial_year"], table["area"]]
    aged = table["age_group"] != "all ages"
    for measure in ("people", "hours"):
        recorded = table[measure].where(aged).groupby(groups).transform("sum") > 0
        missing = aged & ~recorded
        table[measure] = table[measure].astype("Int64").mask(missing)
        table[f"{measure}_status"] = missing.map({True: NOT_AVAILABLE, False: "ok"})
    table["rate"] = table["rate"].mask(table["people"].isna())
    return table


def _care_home_cells(file: Path) -> pd.DataFrame:
    columns = ["Date", "KeyStatistic", "CA", "MainClientGroup", "Sector", "Value", "ValueQF"]
    return read_csv(file, columns)


def _iso_date(days: pd.Series) -> pd.Series:
    """Answer 2019-03-31 for 20190331."""
    return days.str[:4] + "-" + days.str[4:6] + "-" + days.str[6:8]
