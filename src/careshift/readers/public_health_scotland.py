"""Readers of Public Health Scotland's open data (opendata.nhs.scot, earlier ISD Scotland)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.readers.raw_files import counts_with_status, read_csv

AGE_BANDS = ("18-64", "65-74", "75-84", "85-94", "95+")


def care_home_residents(file: Path) -> pd.DataFrame:
    """Long-stay care-home residents by sex and age band: Scotland and councils, 31 March of each census.

    Reads the publisher's layout of file 9b, "number of long stay residents by sex and age" (Date as
    20190331, KeyStatistic, CA, MainClientGroup, Sector, Value, ValueQF), and keeps homes for all adults
    of all sectors. Answers date, area, sex, age_band, residents (people), status (ok, not available,
    suppressed). Years without a census stay in, as not available. Raises CareshiftError for a missing
    column or an unreadable cell.
    """
    cells = read_csv(file, ["Date", "KeyStatistic", "CA", "MainClientGroup", "Sector", "Value", "ValueQF"])
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


def _iso_date(days: pd.Series) -> pd.Series:
    """Answer 2019-03-31 for 20190331."""
    return days.str[:4] + "-" + days.str[4:6] + "-" + days.str[6:8]
