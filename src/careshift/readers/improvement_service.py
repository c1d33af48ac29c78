"""Readers of the Improvement Service's indicators: community planning, council benchmarking."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd

from careshift import tables
from careshift.project import CareshiftError
from careshift.readers.areas import area_codes
from careshift.readers.r_data import r_frames
from careshift.readers.raw_files import column_names, numbers, read_csv, renamed, require

INDICATORS = {
    "SW1": ("home care cost per hour, aged 65 and over", "pounds"),
    "SW1-Real": ("home care cost per hour, aged 65 and over, prices of 2020/21", "pounds"),
    "SW2": ("self-directed support, share of adult social work spending", "percent"),
    "SW3a": ("people aged 65 and over with intensive needs who receive care at home", "percent"),
    "SW5": ("care home cost per week, aged 65 and over", "pounds"),
    "SW5-Real": ("care home cost per week, aged 65 and over, prices of 2020/21", "pounds"),
    "Net Expenditure on Care Homes for Older People": (
        "net spending on care homes for older people",
        "thousand pounds",
    ),
    "SW6": ("readmissions within 28 days", "per 1,000 discharges"),
    "SW7": ("care services graded good or better", "percent"),
    "SW8": ("days in hospital when ready to leave, aged 75 and over", "per 1,000 people aged 75 and over"),
    "MYE Population (75+)": ("population aged 75 and over", "people"),
}
SURVEY_ITEMS = {
    "SW4a": "care rated good",
    "SW4b": "quality of life",
    "SW4c": "independence",
    "SW4d": "say in support",
    "SW4e": "carers supported",
}


def emergency_admission_rates(*files: Path) -> pd.DataFrame:
    """Emergency admissions of those aged 65 and over per 100,000, by council and year, one file a vintage.

    Reads extracts of the raw columns of the Community Planning Outcomes Profile (Council, FinancialYear,
    RatePer100k), or the publisher's own long file of all indicators (CPP, Indicator, Type, Year, value), of
    which the raw values of "Emergency Admissions" are taken: imputed and projected ones are left out. The
    vintage is the year in which the file's last year came out, the second after it began: 2016/17 in 2018,
    2021/22 in 2023. Returns vintage, area, area_name, financial_year, rate. Raises CareshiftError for a
    missing column, a last year that cannot be read, an unknown council or a file without such rows.
    """
    return pd.concat([_rates(file) for file in files], ignore_index=True)


def local_indicators(file: Path) -> pd.DataFrame:
    """Read indicators of adult social care from the council benchmarking framework: councils and Scotland.

    Reads a re-publisher's extract of the publisher's data of January 2022 (Local Authority, Year as
    2010-11, Indicator2, Value), without the survey items. Returns area, financial_year, indicator,
    value, unit. Raises CareshiftError for a missing column, an unreadable cell, or a council or
    indicator that is not known here.
    """
    cells = _benchmarks(read_csv(file, ["Local Authority", "Year", "Indicator2", "Value"]), file)
    cells = cells[~cells["code"].isin(list(SURVEY_ITEMS))]
    return pd.DataFrame(
        {
            "area": cells["area"],
            "financial_year": cells["financial_year"],
            "indicator": renamed(cells["code"], {code: name for code, (name, _) in INDICATORS.items()}, file),
            "value": cells["value"],
            "unit": renamed(cells["code"], {code: unit for code, (_, unit) in INDICATORS.items()}, file),
        }
    )


def care_experience(later: Path, earlier: Path) -> pd.DataFrame:
    """Five national items of the Health and Care Experience Survey: councils and Scotland, every second year.

    Reads a re-publisher's extract of the benchmarking data of January 2022 (items SW4b to SW4e) and the
    data frame of November 2019 (.rds, item SW4a, which was dropped later, and whose first wave, that of
    2013/14, the file dates 2014-15). Returns area, survey (the financial year), item, percent. Raises
    CareshiftError for a missing column, an unreadable cell or an unknown council.
    """
    columns = ["Local Authority", "Year", "Indicator2", "Value"]
    new = _benchmarks(read_csv(later, columns), later)
    frame = r_frames(earlier)[""]
    require(earlier, [str(name) for name in frame.columns], columns)
    frame = frame[columns][frame["Indicator2"] == "SW4a"].replace({"Year": {"2014-15": "2013-14"}})
    old = _benchmarks(frame.assign(Value=[_number_as_text(value) for value in frame["Value"]]), earlier)
    both = pd.concat(
        [new[new["code"].isin(list(SURVEY_ITEMS))], old[old["value"].notna()]], ignore_index=True
    )
    return pd.DataFrame(
        {
            "area": both["area"],
            "survey": both["financial_year"],
            "item": both["code"].map(SURVEY_ITEMS),
            "percent": both["value"],
        }
    ).dropna(subset=["percent"])


def _benchmarks(cells: pd.DataFrame, file: Path) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": area_codes(cells["Local Authority"], file),
            "financial_year": cells["Year"].str.replace("-", "/"),
            "code": cells["Indicator2"],
            "value": numbers(cells["Value"].replace("NA", ""), file),
        }
    )


def _number_as_text(value: float) -> str:
    return "" if math.isnan(value) else repr(float(value))


def _rates(file: Path) -> pd.DataFrame:
    cells = _rate_cells(file)
    code = area_codes(cells["Council"], file)
    names = tables.read("areas").set_index("code")["name"]
    last = cells["FinancialYear"].max()
    if not re.fullmatch(r"\d{4}/\d{2}", str(last)):
        raise CareshiftError(f'{file.name}: its last year is "{last}", not of the form 2021/22.')
    return pd.DataFrame(
        {
            "vintage": int(last[:4]) + 2,
            "area": code,
            "area_name": code.map(names),
            "financial_year": cells["FinancialYear"],
            "rate": numbers(cells["RatePer100k"], file),
        }
    )


def _rate_cells(file: Path) -> pd.DataFrame:
    """Return the raw rates of either layout with the columns Council, FinancialYear, RatePer100k."""
    if "Indicator" not in column_names(file):
        return read_csv(file, ["Council", "FinancialYear", "RatePer100k"])
    cells = read_csv(file, ["CPP", "Indicator", "Type", "Year", "value"])
    cells = cells[(cells["Indicator"] == "Emergency Admissions") & (cells["Type"] == "Raw data")]
    if cells.empty:
        raise CareshiftError(
            f'{file.name}: no row has Indicator "Emergency Admissions" and Type "Raw data". '
            "Check that this is the file of all indicators."
        )
    return cells.rename(columns={"CPP": "Council", "Year": "FinancialYear", "value": "RatePer100k"})
