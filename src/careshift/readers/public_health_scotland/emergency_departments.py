"""Readers of Public Health Scotland's open data on emergency departments."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.areas import SCOTLAND
from careshift.readers.raw_files import read_csv, renamed, whole_numbers


def emergency_attendances_scotland(attendances: Path, places: Path) -> pd.DataFrame:
    """Attendances at emergency departments and minor injury units by month: boards and Scotland.

    Reads a re-publisher's layout of the publisher's monthly file (hospital_code, hospital_name ending
    in "Type 1" for an emergency department, date as the last day of the month, attendances,
    within_4_hours) and, for the board of each hospital, the publisher's own layout (HBT,
    TreatmentLocation). Neither holds a board or Scotland row, so ours are sums of hospitals. Returns
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


def emergency_attendances_scotland_official(file: Path) -> pd.DataFrame:
    """Attendances at emergency departments and minor injury units by month: boards and Scotland.

    Reads the publisher's layout of "monthly A&E activity and waiting times" (Month as 202204, HBT,
    DepartmentType, NumberOfAttendancesAggregate, NumberMeetingTargetAggregate), one row a hospital, of which
    ours are sums. Returns area, month (first day), department (major, minor), attendances, within_4_hours.
    Raises CareshiftError for a missing column, an unreadable cell or an unknown kind of department.
    """
    counts = {"attendances": "NumberOfAttendancesAggregate", "within_4_hours": "NumberMeetingTargetAggregate"}
    cells = read_csv(file, ["Month", "HBT", "DepartmentType", *counts.values()])
    kinds = {"Emergency Department": "major", "Minor Injury Unit or Other": "minor"}
    hospitals = pd.DataFrame(
        {
            "area": cells["HBT"],
            "month": cells["Month"].str[:4] + "-" + cells["Month"].str[4:] + "-01",
            "department": renamed(cells["DepartmentType"], kinds, file),
        }
        | {ours: whole_numbers(cells[theirs], file) for ours, theirs in counts.items()}
    )
    everyone = pd.concat([hospitals, hospitals.assign(area=SCOTLAND)], ignore_index=True)
    return everyone.groupby(["area", "month", "department"], as_index=False).sum()


def emergency_attendances_scotland_without_hospitals(file: Path) -> pd.DataFrame:
    """Attendances at emergency departments and minor injury units by month: boards and Scotland.

    Reads a re-publisher's layout of the publisher's monthly file, from which the hospital was left out (month
    as the first day, hbt, departmenttype as Type 1 or Type 3, attendances, within_4h): a board has one row a
    hospital and they look alike, so that two equal rows are two hospitals and all are summed. The column of
    referrals, which the re-publisher joined from elsewhere, is not read. Returns area, month, department
    (major, minor), attendances, within_4_hours (missing where a hospital prints more of them than
    attendances: which of the two is wrong is not known). Raises CareshiftError for a missing column, an
    unreadable cell, an unknown kind of department or an area that is no board.
    """
    counts = {"attendances": "attendances", "within_4_hours": "within_4h"}
    cells = read_csv(file, ["month", "hbt", "departmenttype", *counts.values()])
    hospitals = pd.DataFrame(
        {
            "area": cells["hbt"],
            "month": cells["month"],
            "department": renamed(cells["departmenttype"], {"Type 1": "major", "Type 3": "minor"}, file),
        }
        | {ours: whole_numbers(cells[theirs], file) for ours, theirs in counts.items()}
    )
    strange = ~hospitals["area"].str.fullmatch(r"S08\d{6}")
    if strange.any():
        row = hospitals.index[strange][0]
        raise CareshiftError(
            f'{file.name}, row {row}, column "hbt": "{cells["hbt"][row]}" is no health board. '
            "Look at the file."
        )
    more = hospitals["within_4_hours"] > hospitals["attendances"]
    hospitals["within_4_hours"] = hospitals["within_4_hours"].mask(more)
    everyone = pd.concat([hospitals, hospitals.assign(area=SCOTLAND)], ignore_index=True)
    grouped = everyone.groupby(["area", "month", "department"])
    sums = grouped[list(counts)].sum()
    known = grouped["within_4_hours"].count() == grouped.size()
    return sums.assign(within_4_hours=sums["within_4_hours"].where(known)).reset_index()
