"""Readers of NHS England's monthly statistics."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.readers.raw_files import column_names, numbers, read_csv, sheet_rows, table_in, whole_numbers

ENGLAND = "E92000001"
DEPARTMENTS = {
    "Type 1 Departments - Major A&E": "major",
    "Type 2 Departments - Single Specialty": "single specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit": "minor",
}
APPORTIONED = ("2010-11-01", "2015-05-01")  # the publisher made these months from weekly figures
RESPONSIBLE = {"NHS": "NHS", "Social Care": "social care", "Both": "both"}


def emergency_attendances_england(file: Path) -> pd.DataFrame:
    """Attendances at emergency departments by type, England, by month.

    Reads the publisher's workbook "Monthly A&E time series", sheets Activity and Performance (columns
    named by type of department; the notes above them may grow). Returns area, month, department (major,
    single specialty, minor), attendances, within_4_hours (missing before November 2010), status
    (apportioned where the publisher made the month from weekly figures, else reported). Raises
    CareshiftError where a sheet or column is missing.
    """
    attendances = _by_department(file, "Activity", "attendances")
    within = _by_department(file, "Performance", "within_4_hours")
    table = attendances.merge(within, on=["month", "department"], how="left").assign(area=ENGLAND)
    first, last = APPORTIONED
    table["status"] = table["month"].between(first, last).map({True: "apportioned", False: "reported"})
    return table


def delayed_transfers_england(reasons: Path, organisations: Path) -> pd.DataFrame:
    """Days of delayed transfers of care, England, by month, by reason and by who is responsible.

    Reads a re-publisher's compilation of the publisher's monthly workbooks: `reasons` (Name, one column
    a reason, a total, Period as April 2019) and `organisations` (Name, NHS, Social Care, Both,
    Period_year), rows of England. Returns month, breakdown (reason, responsible), category, days.
    Raises CareshiftError for a missing column or an unreadable cell.
    """
    header = column_names(reasons)
    total = "Total Delayed Transfers of Care"
    names = {name: name.strip() for name in header if name not in {"Code", "Name", "Period", total}} | {
        total: "all"
    }
    return pd.concat(
        [
            _days(reasons, names, "Period", "reason"),
            _days(organisations, RESPONSIBLE, "Period_year", "responsible"),
        ],
        ignore_index=True,
    )


def _by_department(file: Path, sheet: str, measure: str) -> pd.DataFrame:
    cells = table_in(sheet_rows(file, sheet), ["Period", *DEPARTMENTS], f'{file.name}, sheet "{sheet}"')
    cells = cells.loc[:, ~cells.columns.duplicated()]  # attendances within four hours stand before those over
    cells = cells[cells["Period"].str.match(r"\d{4}-\d{2}-\d{2}")]
    long = cells.melt(id_vars="Period", value_vars=list(DEPARTMENTS), var_name="type", value_name=measure)
    return pd.DataFrame(
        {
            "month": long["Period"].str[:10],
            "department": long["type"].map(DEPARTMENTS),
            measure: numbers(long[measure], file),
        }
    )


def _days(file: Path, names: dict[str, str], period: str, breakdown: str) -> pd.DataFrame:
    cells = read_csv(file, ["Name", period, *names])
    cells = cells[cells["Name"].str.lower() == "england"]
    long = cells.melt(id_vars=period, value_vars=list(names), var_name="category", value_name="days")
    days = whole_numbers(long["days"].replace({"NA": "", "-": ""}), file)
    return pd.DataFrame(
        {
            "month": pd.to_datetime(long[period], format="%B %Y").dt.strftime("%Y-%m-%d"),
            "breakdown": breakdown,
            "category": long["category"].map(names),
            "days": days,
        }
    )
