"""Readers of the Improvement Service's indicators: community planning, council benchmarking."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift import tables
from careshift.project import CareshiftError
from careshift.readers.raw_files import numbers, read_csv

OTHER_NAMES = {"Edinburgh, City of": "City of Edinburgh", "Eilean Siar": "Na h-Eileanan Siar"}


def emergency_admission_rates(*files: Path) -> pd.DataFrame:
    """Emergency admissions of those aged 65 and over per 100,000, by council and year, one file a vintage.

    Reads a re-publisher's extracts of the raw columns of the Community Planning Outcomes Profile
    (Council, FinancialYear, RatePer100k), imputed and projected columns left out. The vintage is the
    release that the file's last year belongs to: 2016/17 came out in 2018, 2021/22 in 2023. Answers
    vintage, area, area_name, financial_year, rate. Raises CareshiftError for a missing column, another
    last year or an unknown council.
    """
    return pd.concat([_rates(file) for file in files], ignore_index=True)


def area_codes(names: pd.Series, file: Path) -> pd.Series:
    """Answer the GSS codes of Scottish councils by name. Raises CareshiftError on an unknown name."""
    areas = tables.read("areas")
    codes = dict(zip(areas["name"], areas["code"], strict=True))
    known = names.replace(OTHER_NAMES).replace(" & ", " and ", regex=True)
    unknown = sorted(set(known) - set(codes))
    if unknown:
        raise CareshiftError(
            f'{file.name}: "{unknown[0]}" is no area of data/areas.csv. Add it to OTHER_NAMES.'
        )
    return known.map(codes)


def _rates(file: Path) -> pd.DataFrame:
    cells = read_csv(file, ["Council", "FinancialYear", "RatePer100k"])
    code = area_codes(cells["Council"], file)
    names = tables.read("areas").set_index("code")["name"]
    last = cells["FinancialYear"].max()
    vintages = {"2016/17": 2018, "2021/22": 2023}
    if last not in vintages:
        raise CareshiftError(
            f'{file.name}: its last year is "{last}". Name the release of that year in the reader.'
        )
    return pd.DataFrame(
        {
            "vintage": vintages[last],
            "area": code,
            "area_name": code.map(names),
            "financial_year": cells["FinancialYear"],
            "rate": numbers(cells["RatePer100k"], file),
        }
    )
