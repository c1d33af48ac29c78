"""Readers of HM Treasury's databases of public spending by country and region."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift import files
from careshift.project import CareshiftError
from careshift.readers.raw_files import LayoutError, numbers, sheet_rows, table_in

COUNTRIES = {
    "ENGLAND": "E92000001",
    "SCOTLAND": "S92000003",
    "WALES": "W92000004",
    "NORTHERN IRELAND": "N92000002",
}
NAMES = {
    "HMT Function": "function",
    "HMT Functional Classification": "function",
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

    Reads the publisher's database of the Country and Regional Analysis in thousand pounds (2014 and later);
    the release is called after the year in which its last financial year ends. Returns and raises what
    `public_spending` does.
    """
    table = _release(0, file, THOUSANDS)
    return table.assign(release=int(table["financial_year"].max()[:4]) + 1)


def _release(release: int, file: Path, unit: int) -> pd.DataFrame:
    cells = _database(file)
    years = [name for name in cells.columns if name[:4].isdigit()]
    cells = cells[cells["identifiable"].str.upper() == "ID"]
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


def _database(file: Path) -> pd.DataFrame:
    if file.suffix.lower() != ".xlsx":
        raise LayoutError(f"{file.name}: not a workbook of the database (.xlsx).")
    sheet = files.sheet_names(file)[-1]
    rows = sheet_rows(file, sheet)
    wanted = next(([name for name in row if name in NAMES] for row in rows if "CAP or CUR" in row), [])
    cells = table_in(rows, [*wanted, "CAP or CUR"], f'{file.name}, sheet "{sheet}"').rename(columns=NAMES)
    lacking = set(NAMES.values()) - set(cells.columns)
    if lacking:
        raise LayoutError(f'{file.name}, sheet "{sheet}": no column for {", ".join(sorted(lacking))}.')
    return cells
