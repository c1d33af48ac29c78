"""Readers of Public Health Scotland's open data on delayed discharges."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.areas import SCOTLAND
from careshift.readers.raw_files import column_names, days_of, read_csv, renamed, whole_numbers

DELAY_REASONS = {
    "All Delay Reasons": "all",
    "Health and Social Care Reasons": "health and social care",
    "Patient and Family Related Reasons": "patient and family",
    "Code 9 AWI": "complex, adults with incapacity",
    "Code 9 Non-AWI": "complex, other",
}
REPUBLISHED = {
    "month": "date",
    "age_group": "age_group",
    "reason": "delay_reason",
    "bed_days": "num_delayed_bed_days",
    "average_daily_beds": "average_daily_delayed_beds",
}
OFFICIAL = {
    "month": "MonthOfDelay",
    "age_group": "AgeGroup",
    "reason": "ReasonForDelay",
    "bed_days": "NumberOfDelayedBedDays",
    "average_daily_beds": "AverageDailyNumberOfDelayedBeds",
}
AGE_GROUPS = {
    "18plus": "18+",
    "18-74": "18-74",
    "75plus": "75+",
}


def delayed_discharge(boards: Path, councils: Path) -> pd.DataFrame:
    """Bed days of delayed discharges by month: boards, councils and Scotland, with the reasons for Scotland.

    Reads a re-publisher's layout of the publisher's two monthly files (hb_code or ltla_code, date as
    the first day of the month, age_group, delay_reason, num_delayed_bed_days,
    average_daily_delayed_beds). Rows of people whose council is not known have no code and are left
    out. Returns area, month, age_group, reason, bed_days, average_daily_beds. Raises CareshiftError for
    a missing column, an unreadable cell, an unknown reason, or when the two files disagree on Scotland.
    """
    board, council = (
        _delays(file, _columns_of(code, REPUBLISHED))
        for file, code in ((boards, "hb_code"), (councils, "ltla_code"))
    )
    keys = ["month", "age_group", "reason"]
    scotland = [
        part[part["area"] == SCOTLAND].set_index(keys)["bed_days"].sort_index() for part in (board, council)
    ]
    if not scotland[0].equals(scotland[1]):
        raise CareshiftError(
            f"{boards.name} and {councils.name} differ for Scotland: take both from one release."
        )
    both = pd.concat([board, council[council["area"] != SCOTLAND]], ignore_index=True)
    kept: pd.DataFrame = both[(both["area"] == SCOTLAND) | (both["reason"] == "all")]
    return kept


def delayed_discharge_official(*raw: Path) -> pd.DataFrame:
    """Bed days of delayed discharges by month, from the publisher's own files: boards, councils, or both.

    Reads the publisher's layout of "bed days by health board" and "bed days by council area" in any order
    (MonthOfDelay as 201907, HBT or CA, AgeGroup, ReasonForDelay, NumberOfDelayedBedDays,
    AverageDailyNumberOfDelayedBeds). Rows of boards and councils count for all reasons together, Scotland's
    for each; rows without a known council are left out. Returns area, month, age_group, reason, bed_days,
    average_daily_beds. Raises CareshiftError for a missing column, an unreadable cell, an unknown reason, or
    when two files disagree on Scotland.
    """
    parts = [_delays(file, _official_columns(file)) for file in raw]
    keys = ["area", "month", "age_group", "reason"]
    both = pd.concat(parts, ignore_index=True).drop_duplicates()
    if both.duplicated(keys).any():
        names = " and ".join(file.name for file in raw)
        raise CareshiftError(f"{names} differ for Scotland: take both from one release.")
    kept: pd.DataFrame = both[(both["area"] == SCOTLAND) | (both["reason"] == "all")]
    return kept


def delayed_discharge_75plus_official(file: Path) -> pd.DataFrame:
    """Bed days of delayed discharges of people aged 75 and over, by council and whole financial year.

    Reads the publisher's layout of "bed days by council area", monthly (see `delayed_discharge_official`) and
    adds up the months from April to March; a year that lacks a month is left out. Returns area,
    financial_year, bed_days. Raises CareshiftError for a missing column or an unreadable cell.
    """
    months = _delays(file, _columns_of("CA"))
    months = months[(months["age_group"] == "75+") & (months["reason"] == "all")]
    first = pd.PeriodIndex(months["month"], freq="M").asfreq("Y-MAR").year - 1
    years = pd.Series(first, index=months.index)
    months = months.assign(financial_year=years.astype(str) + "/" + ((years + 1) % 100).map("{:02d}".format))
    groups = months.groupby(["area", "financial_year"])["bed_days"]
    table = groups.sum().rename("bed_days").reset_index()
    kept: pd.DataFrame = table[(groups.count() == 12).to_numpy()]
    return kept


def delayed_discharge_75plus(file: Path) -> pd.DataFrame:
    """Bed days of delayed discharges of people aged 75 and over, by council and financial year.

    Reads a re-publisher's layout (CA, Year, DelayedBedDays), whose values data/corrections.yml halves.
    Rows of people whose council is not known have no code and are left out. Returns area,
    financial_year, bed_days. Raises CareshiftError for a missing column or an unreadable cell.
    """
    cells = read_csv(file, ["CA", "Year", "DelayedBedDays"])
    cells = cells[~cells["CA"].isin(["", "NA"])]
    return pd.DataFrame(
        {
            "area": cells["CA"],
            "financial_year": cells["Year"],
            "bed_days": whole_numbers(cells["DelayedBedDays"], file),
        }
    )


def delayed_discharge_census(file: Path) -> pd.DataFrame:
    """People delayed in hospital at the monthly census, Scotland.

    Reads one hospital's file of the closed site "NHS Performs", indicator 25 (Date as 28 Apr 2022 or
    2022-04-28, NationalValue; the value of its board is not used). Returns date, area, people. Raises
    CareshiftError for a missing column or an unreadable cell.
    """
    cells = read_csv(file, ["Date", "NationalValue"])
    return pd.DataFrame(
        {
            "date": days_of(cells["Date"]).dt.strftime("%Y-%m-%d"),
            "area": SCOTLAND,
            "people": whole_numbers(cells["NationalValue"], file),
        }
    )


def _columns_of(code: str, names: dict[str, str] = OFFICIAL) -> dict[str, str]:
    return {"area": code, **names}


def _official_columns(file: Path) -> dict[str, str]:
    return _columns_of("HBT" if "HBT" in column_names(file) else "CA")


def _delays(file: Path, names: dict[str, str]) -> pd.DataFrame:
    cells = read_csv(file, list(names.values()))
    cells = cells[~cells[names["area"]].isin(["", "NA"])]
    month = cells[names["month"]].str.replace(r"^(\d{4})(\d{2})$", r"\1-\2-01", regex=True)
    return pd.DataFrame(
        {
            "area": cells[names["area"]],
            "month": month,
            "age_group": renamed(cells[names["age_group"]], AGE_GROUPS, file),
            "reason": renamed(cells[names["reason"]], DELAY_REASONS, file),
        }
        | {ours: whole_numbers(cells[names[ours]], file) for ours in ("bed_days", "average_daily_beds")}
    )
