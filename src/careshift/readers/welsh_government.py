"""Readers of the Welsh Government's statistics (StatsWales)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.readers.raw_files import NOT_AVAILABLE, column_names, read_csv, whole_numbers

WALES = "W92000004"
DEPARTMENTS = {"XXXXXXMaj": "major", "XXXXXXMin": "minor"}
MEASURES = {
    "Total attendances": "attendances",
    "Attendances where patients spend less than the target time in an emergency department": "within_4_hours",
}


def emergency_attendances_wales(file: Path) -> pd.DataFrame:
    """Attendances at major and minor emergency departments, Wales, by month.

    Reads a re-publisher's layout of table HLTH0034 (hospital_code, date as the first day of the month,
    performance_measure, performance_target, data), all-Wales rows for the target of four hours. Answers
    area, month, department (major, minor), attendances, within_4_hours. Raises CareshiftError for a
    missing column or an unreadable cell.
    """
    columns = ["hospital_code", "date", "performance_measure", "performance_target", "data"]
    cells = read_csv(file, columns)
    wanted = cells["hospital_code"].isin(list(DEPARTMENTS)) & (cells["performance_target"] == "4hr")
    cells = cells[wanted & cells["performance_measure"].isin(list(MEASURES))]
    long = pd.DataFrame(
        {
            "area": WALES,
            "month": cells["date"],
            "department": cells["hospital_code"].map(DEPARTMENTS),
            "measure": cells["performance_measure"].map(MEASURES),
            "value": whole_numbers(cells["data"], file),
        }
    )
    table = long.pivot(index=["area", "month", "department"], columns="measure", values="value")
    return table.reset_index().rename_axis(columns=None)


def delayed_transfers_wales(file: Path) -> pd.DataFrame:
    """People whose transfer of care is delayed, by health board and reason, one monthly census.

    Reads a re-publisher's wide layout of table HLTH0810 (Date as February 2020, HB, one column a
    reason); a blank cell stays missing, because the publisher does not say that it is none. Answers
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
