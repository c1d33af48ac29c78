"""Readers of NHS England's monthly statistics."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.readers.raw_files import numbers, sheet_rows, table_in

ENGLAND = "E92000001"
DEPARTMENTS = {
    "Type 1 Departments - Major A&E": "major",
    "Type 2 Departments - Single Specialty": "single specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit": "minor",
}
APPORTIONED = ("2010-11-01", "2015-05-01")  # the publisher made these months from weekly figures


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
