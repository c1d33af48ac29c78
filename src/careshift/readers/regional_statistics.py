"""Readers of the Office for National Statistics' tables by country and region."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.raw_files import column_names, numbers, read_csv, sheet_names, sheet_rows
from careshift.readers.raw_files import whole_numbers as whole

UNITED_KINGDOM = "K02000001"
NATIONS = {
    "United Kingdom": UNITED_KINGDOM,
    "England": "E92000001",
    "Scotland": "S92000003",
    "Wales": "W92000004",
    "Northern Ireland": "N92000002",
}
REGIONS = {  # by the last letter of their statistical code: UKC of 2010 is TLC of 2021
    "C": "E12000001",
    "D": "E12000002",
    "E": "E12000003",
    "F": "E12000004",
    "G": "E12000005",
    "H": "E12000006",
    "I": "E12000007",
    "J": "E12000008",
    "K": "E12000009",
    "L": "W92000004",
    "M": "S92000003",
    "N": "N92000002",
}
PER = {"A2": "hour", "B2": "job"}
TITLE = "Life Tables, "  # of every sheet; two of Wales say "National Life Tables", the rest "Single-year"


def life_expectancy_by_year(*files: Path) -> pd.DataFrame:
    """Life expectancy at birth of single calendar years by sex, a country a workbook.

    Reads the publisher's workbooks "Single-year life tables" (a sheet a year, named by it; the country in
    the sheet's title; males left, females right, each with a column ex; the row of age 0). Returns area,
    year, sex, life_expectancy (years). Raises CareshiftError for an unknown country, a sheet without age 0 or
    of another year than its name, or a workbook without such sheets.
    """
    rows = []
    for file in files:
        years = [name for name in sheet_names(file) if name.isdigit() and len(name) == 4]
        if not years:
            raise CareshiftError(
                f"{file.name}: no sheet is named by a year. Take the single-year life tables."
            )
        for year in years:
            rows += _at_birth(sheet_rows(file, year), int(year), f'{file.name}, sheet "{year}"')
    return pd.DataFrame(rows, columns=["area", "year", "sex", "life_expectancy"])


def household_income_by_region(file: Path) -> pd.DataFrame:
    """Gross disposable household income per head by year: the UK and its twelve countries and regions.

    Reads a copy of the publisher's table for all levels (NUTS level, NUTS code, a column a year; NA in rows
    of notes). Returns area, year, pounds_per_head (current prices). Raises CareshiftError for a missing
    column, an unreadable cell or a region that is missing.
    """
    years = [name for name in column_names(file) if name.isdigit()]
    cells = read_csv(file, ["NUTS level", "NUTS code", *years])
    cells = cells[cells["NUTS level"].isin(["NUTS1", "UK"])]
    cells = cells.assign(area=_areas(cells["NUTS code"], "UK", file))
    long = cells.melt(id_vars="area", value_vars=years, var_name="year", value_name="cell")
    return pd.DataFrame(
        {
            "area": long["area"],
            "year": long["year"].astype("int64"),
            "pounds_per_head": whole(long["cell"], file),
        }
    )


def value_added_by_section(file: Path) -> pd.DataFrame:
    """Gross value added by section of industry and year: the UK and its twelve countries and regions.

    Reads the publisher's table 1c (ITL region code, SIC07 code, a column a year, thousands separators): the
    sections, of which a code reads "C (10-33)", the total and the imputed rent of owners within section L.
    Groups and divisions within sections, England's sum and what belongs to no region are left out. Returns
    area, section (letter, Total, 68IMP), year, million_pounds (current basic prices). Raises CareshiftError
    for a missing column, an unreadable cell or a region that is missing.
    """
    years = [name for name in column_names(file) if name.isdigit()]
    cells = read_csv(file, ["ITL region code", "SIC07 code", *years])
    section = cells["SIC07 code"].str.extract(r"^([A-T]) \(|^(Total|68IMP)$").bfill(axis=1)[0]
    cells = cells.assign(section=section)[
        section.notna() & ~cells["ITL region code"].isin(["TLB", "TLZ", "UKX"])
    ]
    cells = cells.assign(area=_areas(cells["ITL region code"], "UK", file))
    long = cells.melt(id_vars=["area", "section"], value_vars=years, var_name="year", value_name="cell")
    return pd.DataFrame(
        {
            "area": long["area"],
            "section": long["section"],
            "year": long["year"].astype("int64"),
            "million_pounds": whole(long["cell"], file),
        }
    )


def productivity_by_region(file: Path) -> pd.DataFrame:
    """Gross value added per hour worked and per filled job, UK = 100: its twelve countries and regions.

    Reads the publisher's workbook of subregional productivity (sheets A2 and B2, current prices, not
    smoothed; years in the row above the one that begins "ITL level"). The sheets of volumes are no levels and
    are not read. Returns area, year, per (hour, job), index. Raises CareshiftError where a sheet, its rows or
    a region is missing.
    """
    parts = [_productivity(file, sheet, per) for sheet, per in PER.items()]
    return pd.concat(parts, ignore_index=True)


def _productivity(file: Path, sheet: str, per: str) -> pd.DataFrame:
    rows, where = sheet_rows(file, sheet), f'{file.name}, sheet "{sheet}"'
    head = next((n for n, row in enumerate(rows) if row[:2] == ["ITL level", "ITL code"]), 0)
    if not head:
        raise CareshiftError(f'{where}: no row begins with "ITL level" and "ITL code". Look at the layout.')
    years = {place: int(year) for place, year in enumerate(rows[head - 1]) if year.isdigit()}
    cells = pd.DataFrame(rows[head + 1 :], index=range(head + 2, len(rows) + 1), dtype=str)
    cells = cells[cells[0] == "ITL1"]
    cells = cells.assign(area=_areas(cells[1], None, file))
    long = cells.melt(id_vars="area", value_vars=list(years), var_name="place", value_name="index")
    return pd.DataFrame(
        {
            "area": long["area"],
            "year": long["place"].map(years),
            "per": per,
            "index": numbers(long["index"], file),
        }
    )


def _areas(codes: pd.Series, kingdom: str | None, file: Path) -> pd.Series:
    """Return statistical codes as our codes of areas; raises CareshiftError where a region is missing."""
    known: Mapping[str, str] = {
        f"{start}{letter}": area for start in ("UK", "TL") for letter, area in REGIONS.items()
    }
    areas = codes.map(dict(known) | ({kingdom: UNITED_KINGDOM} if kingdom else {}))
    missing = set(REGIONS.values()) - set(areas)
    if missing or areas.isna().any():
        what = ", ".join(sorted(missing)) or f'"{codes[areas.isna()].iloc[0]}"'
        raise CareshiftError(f"{file.name}: the countries and regions are not the twelve known ones: {what}.")
    return areas


def _at_birth(rows: list[list[str]], year: int, where: str) -> list[tuple[str, int, str, float]]:
    title = rows[0][0] if rows else ""
    country = NATIONS.get(title.partition(TITLE)[2])
    if country is None:
        raise CareshiftError(f'{where}: its title "{title}" names no country. Known: {", ".join(NATIONS)}.')
    if not any(row[0].endswith(f"for the year {year}") for row in rows[:6]):
        raise CareshiftError(
            f"{where}: its heading does not say that it is based on data for the year {year}."
        )
    head = next((row for row in rows if row[0] == "x" and row.count("ex") == 2), None)
    birth = next((row for row in rows if row[0] == "0"), None)
    if head is None or birth is None:
        raise CareshiftError(f"{where}: no row of age 0 below two columns ex, of males and of females.")
    cells = pd.Series([birth[n] for n, name in enumerate(head) if name == "ex"], name="ex")
    male, female = numbers(cells, Path(where))
    return [(country, year, "male", male), (country, year, "female", female)]
