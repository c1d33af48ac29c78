"""Readers of HM Treasury's databases of public spending by country and region."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.raw_files import LayoutError, numbers, sheet_names, sheet_rows, table_in

COUNTRIES = {
    "ENGLAND": "E92000001",
    "SCOTLAND": "S92000003",
    "WALES": "W92000004",
    "NORTHERN IRELAND": "N92000002",
}
OF_2010 = "HMT Functional Classification"
REGIONS = (
    "EAST",
    "EAST MIDLANDS",
    "LONDON",
    "NORTH EAST",
    "NORTH WEST",
    "SOUTH EAST",
    "SOUTH WEST",
    "WEST MIDLANDS",
    "YORKSHIRE AND THE HUMBER",
)
NAMES = {
    "HMT Function": "function",
    OF_2010: "function",
    "HMT Subfunction": "subfunction",
    "HMT Sub-functional Classification": "subfunction",
    "ID/non-ID": "identifiable",
    "ID or non-ID": "identifiable",
    "NUTS Region": "region",
    "NUTS 1 region": "region",
}
FUNCTIONS = {"health": r"7\. health$", "personal social services": r"personal social services"}
THOUSANDS = 1000


def public_spending(release_2010: Path, release_2014: Path, release_2018: Path) -> pd.DataFrame:
    """Read public spending on health and on personal social services by country and financial year.

    Reads the publisher's databases of the Country and Regional Analysis: 2010 (chapter 10, million
    pounds), 2014 and 2018 (thousand pounds). Health is the function; personal social services are its
    subfunctions within social protection. Only spending that the publisher can assign to a country
    counts. Returns release, area, function, financial_year, million_pounds (rounded to the thousand
    pounds). Raises CareshiftError where the layout or a country is missing.
    """
    parts = [
        _release(2010, release_2010, 1),
        _release(2014, release_2014, THOUSANDS),
        _release(2018, release_2018, THOUSANDS),
    ]
    return pd.concat(parts, ignore_index=True)


def country_and_regional_analysis(file: Path) -> pd.DataFrame:
    """Read identifiable public spending on health and on personal social services, from one release.

    Reads the publisher's database of the Country and Regional Analysis, in thousand pounds or, where it has
    the column "HMT Functional Classification" of 2010, in million pounds; the release is called after the
    year in which its last financial year ends. Returns and raises what `public_spending` does.
    """
    table = _release(0, file, 1 if OF_2010 in _header(file) else THOUSANDS)
    return table.assign(release=int(table["financial_year"].max()[:4]) + 1)


def _release(release: int, file: Path, unit: int) -> pd.DataFrame:
    cells = _database(file)
    years = [name for name in cells.columns if name[:4].isdigit()]
    cells = cells[cells["identifiable"].str.upper() == "ID"]
    _refuse_part_of_england(cells["region"].str.upper(), file)
    country = cells["region"].str.upper().str.split("_").str[0].map(COUNTRIES)
    parts = []
    for function, pattern in FUNCTIONS.items():
        column = "function" if function == "health" else "subfunction"
        wanted = cells[column].str.lower().str.contains(pattern) & country.notna()
        long = (
            cells[wanted]
            .assign(area=country)
            .melt(id_vars="area", value_vars=years, var_name="financial_year")
        )
        long["value"] = numbers(long["value"], file) / unit
        parts.append(
            long.groupby(["area", "financial_year"], as_index=False)["value"].sum().assign(function=function)
        )
    table = pd.concat(parts, ignore_index=True)
    if len(table) != len(COUNTRIES) * len(FUNCTIONS) * len(years):
        raise CareshiftError(
            f"{file.name}: some country, function or year is missing. Check that this is the database."
        )
    return pd.DataFrame(
        {
            "release": release,
            "area": table["area"],
            "function": table["function"],
            "financial_year": table["financial_year"].str.replace("-", "/"),
            "million_pounds": table["value"].round(3),
        }
    )


def _refuse_part_of_england(regions: pd.Series, file: Path) -> None:
    """Raise CareshiftError where some of England's nine regions are there and others are not."""
    there = set(regions[regions.str.startswith("ENGLAND_")].str.removeprefix("ENGLAND_"))
    missing = sorted(set(REGIONS) - there)
    if there and missing:
        raise CareshiftError(
            f"{file.name}: no rows of {', '.join(missing)}. "
            "Regions are not England unless all nine are there."
        )


def _header(file: Path) -> list[str]:
    if file.suffix.lower() != ".xlsx":
        raise LayoutError(f"{file.name}: not a workbook of the database (.xlsx).")
    rows = sheet_rows(file, sheet_names(file)[-1])
    return next((row for row in rows if "CAP or CUR" in row), [])


def _database(file: Path) -> pd.DataFrame:
    wanted = [name for name in _header(file) if name in NAMES]
    sheet = sheet_names(file)[-1]
    rows = sheet_rows(file, sheet)
    cells = table_in(rows, [*wanted, "CAP or CUR"], f'{file.name}, sheet "{sheet}"').rename(columns=NAMES)
    lacking = set(NAMES.values()) - set(cells.columns)
    if lacking:
        raise LayoutError(f'{file.name}, sheet "{sheet}": no column for {", ".join(sorted(lacking))}.')
    return cells
