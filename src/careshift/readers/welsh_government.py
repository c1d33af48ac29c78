"""Readers of the Welsh Government's statistics (StatsWales)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError, quoted
from careshift.readers.raw_files import NOT_AVAILABLE, column_names, read_csv, whole_numbers

WALES = "W92000004"
DEPARTMENTS = {"XXXXXXMaj": "major", "XXXXXXMin": "minor"}
VALUES = ("Data_DEC", "Data_INT")  # StatsWales names the column of numbers after their type
MEASURES = {
    "Total attendances": "attendances",
    "Attendances where patients spend less than the target time in an emergency department": "within_4_hours",
}


def emergency_attendances_wales(file: Path) -> pd.DataFrame:
    """Attendances at major and minor emergency departments, Wales, by month.

    Reads a re-publisher's layout of table HLTH0034 (hospital_code, date as the first day of the month,
    performance_measure, performance_target, data), all-Wales rows for the target of four hours. Returns
    area, month, department (major, minor), attendances, within_4_hours. Raises CareshiftError for a
    missing column or an unreadable cell.
    """
    columns = ["hospital_code", "date", "performance_measure", "performance_target", "data"]
    return _attendances(read_csv(file, columns), "data", file)


def emergency_attendances_wales_official(file: Path) -> pd.DataFrame:
    """Attendances at major and minor emergency departments, Wales, by month.

    Reads StatsWales' own download of table HLTH0034, of which no copy was at hand: the columns
    Hospital_Code_STR, Date_Code_STR (202404, an m perhaps with it), Measure_ItemName_ENG_STR,
    Target_Code_STR are those that the re-publisher's public code reads; the numbers stand in Data_DEC or
    Data_INT, as in other tables of the service. Returns and raises what `emergency_attendances_wales` does.
    """
    value = next((name for name in column_names(file) if name in VALUES), VALUES[0])
    names = {
        "Hospital_Code_STR": "hospital_code",
        "Date_Code_STR": "date",
        "Measure_ItemName_ENG_STR": "performance_measure",
        "Target_Code_STR": "performance_target",
    }
    cells = read_csv(file, [*names, value]).rename(columns=names)
    months = cells["date"].str.replace("m", "")
    wrong = months[~months.str.fullmatch("[0-9]{6}")]
    if len(wrong):
        row = wrong.index[0]
        raise CareshiftError(
            f'{file.name}, row {row}, column "Date_Code_STR": {quoted(cells["date"][row])} is no month such '
            "as 202404. Compare the file with what the reader says it reads."
        )
    return _attendances(cells.assign(date=months.str[:4] + "-" + months.str[4:] + "-01"), value, file)


def _attendances(cells: pd.DataFrame, value: str, file: Path) -> pd.DataFrame:
    wanted = cells["hospital_code"].isin(list(DEPARTMENTS)) & (cells["performance_target"] == "4hr")
    cells = cells[wanted & cells["performance_measure"].isin(list(MEASURES))]
    long = pd.DataFrame(
        {
            "area": WALES,
            "month": cells["date"],
            "department": cells["hospital_code"].map(DEPARTMENTS),
            "measure": cells["performance_measure"].map(MEASURES),
            "value": whole_numbers(cells[value], file),
        }
    )
    table = long.pivot(index=["area", "month", "department"], columns="measure", values="value")
    return table.reset_index().rename_axis(columns=None)


def delayed_transfers_wales(file: Path) -> pd.DataFrame:
    """People whose transfer of care is delayed, by health board and reason, one monthly census.

    Reads a re-publisher's wide layout of table HLTH0810 (Date as February 2020, HB, one column a
    reason); a blank cell stays missing, because the publisher does not say that it is none. Returns
    month, health_board, reason, people, status. Raises CareshiftError for a missing column or an
    unreadable cell.
    """
    header = column_names(file)
    reasons = [name for name in header if name not in {"Date", "HB_code", "HB"}]
    cells = read_csv(file, ["Date", "HB", *reasons])
    long = cells.melt(id_vars=["Date", "HB"], value_vars=reasons, var_name="reason", value_name="people")
    people = whole_numbers(long["people"].replace("NA", ""), file)
    return pd.DataFrame(
        {
            "month": pd.to_datetime(long["Date"], format="%B %Y").dt.strftime("%Y-%m-%d"),
            "health_board": long["HB"],
            "reason": long["reason"],
            "people": people,
            "status": people.isna().map({True: NOT_AVAILABLE, False: "ok"}),
        }
    )
