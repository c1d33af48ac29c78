"""Readers of Public Health Scotland's open data on emergency departments."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.areas import SCOTLAND
from careshift.readers.raw_files import column_names, first_of_month, read_csv, renamed, whole_numbers
from careshift.readers.sums import added_up, areas_of, where_all

ALL = "All"  # the category of attendances that holds the others, in files that split them
KINDS = {
    "Emergency Department": "major",
    "Type 1": "major",
    "Minor Injury Unit or Other": "minor",
    "Type 3": "minor",
}
COUNTS = (
    ("NumberOfAttendancesAggregate", "NumberMeetingTargetAggregate"),
    ("NumberOfAttendancesAll", "NumberWithin4HoursAll"),
)


def emergency_attendances_scotland(attendances: Path, places: Path) -> pd.DataFrame:
    """Attendances at emergency departments and minor injury units by month: boards and Scotland.

    Reads a re-publisher's layout of the publisher's monthly file (hospital_code, hospital_name ending
    in "Type 1" for an emergency department, date as the last day of the month, attendances,
    within_4_hours) and, for the board of each hospital, the publisher's own layout (HBT,
    TreatmentLocation). Neither holds a board or Scotland row, so ours are sums of hospitals, Scotland in
    the months that hold all health boards. Returns area, month (first day), department (major, minor),
    attendances, within_4_hours. Raises CareshiftError for a missing column, an unreadable cell or a
    hospital without board.
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
    return _boards_and_scotland(hospitals)


def emergency_attendances_scotland_official(file: Path) -> pd.DataFrame:
    """Attendances at emergency departments and minor injury units by month: boards and Scotland.

    Reads the publisher's layout of "monthly A&E activity and waiting times" (Month as 202204, HBT,
    DepartmentType), one row a hospital, of which ours are sums: until 2022 with NumberOfAttendancesAggregate
    and NumberMeetingTargetAggregate, since then with NumberOfAttendancesAll and NumberWithin4HoursAll, of
    which only the rows of AttendanceCategory All count where the file has that column. Scotland is added up
    in the months that hold all health boards. Returns area, month (first day), department (major, minor),
    attendances, within_4_hours. Raises CareshiftError for a missing column, an unreadable cell or an unknown
    kind of department.
    """
    header = column_names(file)
    attendances, within = next((pair for pair in COUNTS if pair[0] in header), COUNTS[0])
    split = ["AttendanceCategory"] if "AttendanceCategory" in header else []
    cells = read_csv(file, ["Month", "HBT", "DepartmentType", attendances, within, *split])
    if split:
        cells = cells[cells["AttendanceCategory"] == ALL]
    counts = (attendances, within)
    return _boards_and_scotland(_of_hospitals(cells, cells["Month"], "HBT", "DepartmentType", counts, file))


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
    cells = read_csv(file, ["month", "hbt", "departmenttype", "attendances", "within_4h"])
    counts = ("attendances", "within_4h")
    hospitals = _of_hospitals(cells, cells["month"], "hbt", "departmenttype", counts, file)
    strange = ~hospitals["area"].str.fullmatch(r"S08\d{6}")
    if strange.any():
        row = hospitals.index[strange][0]
        raise CareshiftError(
            f'{file.name}, row {row}, column "hbt": "{cells["hbt"][row]}" is no health board. '
            "Look at the file."
        )
    more = hospitals["within_4_hours"] > hospitals["attendances"]
    hospitals["within_4_hours"] = hospitals["within_4_hours"].mask(more)
    return _boards_and_scotland(hospitals)


def _of_hospitals(
    cells: pd.DataFrame, months: pd.Series, board: str, kind: str, counts: tuple[str, str], file: Path
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": cells[board],
            "month": first_of_month(months, file),
            "department": renamed(cells[kind], KINDS, file),
            "attendances": whole_numbers(cells[counts[0]], file),
            "within_4_hours": whole_numbers(cells[counts[1]], file),
        }
    )


def _boards_and_scotland(hospitals: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of boards, and of Scotland in the months that hold all boards."""
    whole = where_all(hospitals, ["month"], "area", areas_of("health board"))
    everyone = pd.concat([hospitals, whole.assign(area=SCOTLAND)], ignore_index=True)
    return added_up(everyone, ["area", "month", "department"])
