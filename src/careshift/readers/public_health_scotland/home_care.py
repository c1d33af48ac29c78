"""Readers of Public Health Scotland's open data on home care."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.readers.areas import area_codes
from careshift.readers.raw_files import NOT_AVAILABLE, numbers, read_csv, renamed, some

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


def care_at_home(file: Path) -> pd.DataFrame:
    """People and hours of home care in the census week: Scotland and councils, by age group from 2017/18.

    Reads a re-publisher's copy of the publisher's dashboard download (Time Period, Financial Quarter,
    Location, Age Group, Measure, Value), census weeks only. Where a council's age groups are all zero
    and its total is not, the ages were not recorded: those cells are missing, with status not
    available. Returns financial_year, area, age_group, people, people_status, hours, hours_status, rate
    (people per 1,000). Raises CareshiftError for a missing column, an unreadable cell or an unknown
    location.
    """
    cells = read_csv(file, ["Time Period", "Financial Quarter", "Location", "Age Group", "Measure", "Value"])
    cells = some(cells[cells["Time Period"] == "Census Week"], file)
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
