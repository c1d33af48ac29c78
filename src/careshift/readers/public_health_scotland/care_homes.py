"""Readers of Public Health Scotland's open data on the Care Home Census."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.readers.public_health_scotland.dates import iso_date
from careshift.readers.raw_files import counts_with_status, read_csv, renamed

STAYS = {
    "Number of Long Stay Residents": "long",
    "Number of Short Stay Residents": "short",
    "Number of Respite Residents": "respite",
    "Number of Short Stay and Respite Residents": "short and respite",
    "Number of Long Stay and Short Stay and Respite Residents": "all",
}
PLACES, OCCUPANCY = "Number of Registered Places", "Percentage Occupancy"
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
    of all sectors. Returns date, area, sex, age_band, residents (people), status (ok, not available,
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
            "date": iso_date(cells["Date"]),
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
    MainClientGroup, Sector, Value, ValueQF), all sectors together. Returns date, area, client_group,
    sector, stay (long, short, respite, short and respite, all), residents (people), status. Raises
    CareshiftError for a missing column, an unreadable cell, or a client group or statistic that is not
    known here.
    """
    cells = _care_home_cells(file)
    cells = cells[cells["Sector"] == "All Sectors"]
    residents, status = counts_with_status(cells["Value"], cells["ValueQF"], file)
    return pd.DataFrame(
        {
            "date": iso_date(cells["Date"]),
            "area": cells["CA"],
            "client_group": renamed(cells["MainClientGroup"], CLIENT_GROUPS, file),
            "sector": "all sectors",
            "stay": renamed(cells["KeyStatistic"], STAYS, file),
            "residents": residents,
            "status": status,
        }
    )


def care_home_places(file: Path) -> pd.DataFrame:
    """Read registered places in care homes for adults by the home's main client group: Scotland and councils.

    Reads the publisher's layout of file 12a, "number of registered places", all sectors together.
    Returns date, area, client_group, places, status. Raises CareshiftError for a missing column, an
    unreadable cell or an unknown client group.
    """
    cells = _care_home_cells(file)
    cells = cells[(cells["Sector"] == "All Sectors") & (cells["KeyStatistic"] == PLACES)]
    return _by_client_group(cells, "places", file)


def care_home_occupancy(file: Path) -> pd.DataFrame:
    """Share of registered places that are occupied, by the home's main client group: Scotland and councils.

    Reads the publisher's layout of file 6, "percentage occupancy", all sectors together. Returns date, area,
    client_group, occupancy (percent, as the publisher rounds it), status. Raises CareshiftError as above.
    """
    cells = _care_home_cells(file)
    cells = cells[(cells["Sector"] == "All Sectors") & (cells["KeyStatistic"] == OCCUPANCY)]
    return _by_client_group(cells, "occupancy", file)


def _by_client_group(cells: pd.DataFrame, measure: str, file: Path) -> pd.DataFrame:
    values, status = counts_with_status(cells["Value"], cells["ValueQF"], file)
    return pd.DataFrame(
        {
            "date": iso_date(cells["Date"]),
            "area": cells["CA"],
            "client_group": renamed(cells["MainClientGroup"], CLIENT_GROUPS, file),
            measure: values,
            "status": status,
        }
    )


def _care_home_cells(file: Path) -> pd.DataFrame:
    columns = ["Date", "KeyStatistic", "CA", "MainClientGroup", "Sector", "Value", "ValueQF"]
    return read_csv(file, columns)
