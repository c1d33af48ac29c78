"""Readers of NHS England's monthly statistics."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.raw_files import days_of, numbers, sheet_rows, table_in

ENGLAND = "E92000001"
DEPARTMENTS = {
    "Type 1 Departments - Major A&E": "major",
    "Type 2 Departments - Single Specialty": "single specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit": "minor",
}
APPORTIONED = ("2010-11-01", "2015-05-01")  # the publisher made these months from weekly figures


def emergency_attendances_england(file: Path) -> pd.DataFrame:
    """Attendances at emergency departments by type, England, by month.

    Reads the publisher's workbook "Monthly A&E time series", sheets Activity and Performance (columns named
    by type of department; the notes above them may grow; a month stands as a date or in words, in an older
    kind of workbook as a count of days). Returns area, month, department (major, single specialty, minor),
    attendances, within_4_hours (missing before November 2010), status (apportioned where the publisher made
    the month from weekly figures, else reported). Raises CareshiftError where a sheet or column is missing,
    no row has a month, or a period is no first day of a month.
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
    cells = cells.assign(month=_months(cells["Period"], f'{file.name}, sheet "{sheet}"')).dropna(
        subset="month"
    )
    long = cells.melt(id_vars="month", value_vars=list(DEPARTMENTS), var_name="type", value_name=measure)
    return pd.DataFrame(
        {
            "month": long["month"],
            "department": long["type"].map(DEPARTMENTS),
            measure: numbers(long[measure], file),
        }
    )


def _months(periods: pd.Series, where: str) -> pd.Series:
    """Return periods as the first day of a month, in ISO; missing where one is no date, in words or counted.

    Raises CareshiftError where no period is a month, or one is another day than the first.
    """
    found: pd.Series = days_of(periods).dt.strftime("%Y-%m-%d")
    if found.isna().all():
        raise CareshiftError(
            f"{where}: no row of the column Period holds a month. Compare it with the reader."
        )
    odd = found.notna() & ~found.str.endswith("-01", na=False)
    if odd.any():
        row = periods.index[odd][0]
        raise CareshiftError(
            f'{where}, row {row}: "{periods[row]}" is {found[row]}, not the first day of a month. '
            "The workbook may count its days from another year."
        )
    return found
