"""Readers of the Office for National Statistics' workbooks."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.raw_files import (
    LayoutError,
    column_names,
    numbers,
    read_csv,
    renamed,
    require,
    sheet_rows,
    table_in,
    whole_numbers,
)

SHEETS = {"MYE2 - Females": "female", "MYE2 - Males": "male"}
AGES = [*(str(age) for age in range(90)), "90+"]
COUNTRIES = {"E": "E92000001", "N": "N92000002", "S": "S92000003", "W": "W92000004"}
FEWEST_AUTHORITIES = {
    "E": 296,
    "N": 11,
    "S": 32,
    "W": 22,
}  # England has had 296 since April 2023, before more
LAST_PROJECTED_YEAR = 2050
COUNTRIES_AND_SCOTTISH_COUNCILS = r"(?:[ENSW]92|S12)\d{6}"


def mid_year_estimates(file: Path) -> pd.DataFrame:
    """Mid-year population by sex and single year of age: four UK countries and Scotland's councils.

    Reads the publisher's workbook "Estimates of the population for the UK" (sheets MYE2 - Females and MYE2 -
    Males; the header row moves from release to release, and the year stands in the sheet's title). Returns
    year, area, sex, age (0 to 90; 90 means 90 and over), population (people). Raises CareshiftError where a
    sheet, the year or a column is missing.
    """
    parts = [_sheet(file, sheet, sex) for sheet, sex in SHEETS.items()]
    return pd.concat(parts, ignore_index=True)


def population_areas(*files: Path) -> pd.DataFrame:
    """Mid-year population of UK countries and Scottish councils from such workbooks, one a year."""
    return pd.concat([mid_year_estimates(file) for file in files], ignore_index=True)


def population_uk(file: Path) -> pd.DataFrame:
    """Mid-year population of the four countries, all ages, mid-2001 to mid-2018.

    Reads the publisher's file MYEB3, "summary components of change" (country as E, N, S, W and one
    column population_YEAR a year; one row a local authority, of which ours are sums). Returns year,
    area, population (people). Raises CareshiftError for a missing column, an unreadable cell, or a country
    with fewer local authorities than it has.
    """
    header = column_names(file)
    years = [name for name in header if name.startswith("population_")]
    require(file, header, ["country"])
    if not years:
        raise LayoutError(f"{file.name}: no column is named population_ and a year.")
    cells = read_csv(file, ["country", *years])
    _refuse_part_of_a_country(cells["country"], file)
    long = cells.melt(id_vars="country", value_vars=years, var_name="year", value_name="population")
    people = pd.DataFrame(
        {
            "year": long["year"].str.removeprefix("population_").astype("int64"),
            "area": renamed(long["country"], COUNTRIES, file),
            "population": whole_numbers(long["population"], file),
        }
    )
    return people.groupby(["year", "area"], as_index=False).sum()


def population_projections_northern_ireland(file: Path) -> pd.DataFrame:
    """Principal projection of Northern Ireland's population by sex and five-year age band, to 2050.

    Reads the publisher's workbook of the 2016-based projections (sheets FEMALES and MALES, thousands, a
    column "Ages" and one a year). Returns base, year, area, sex, age_band (0-4 to 100+), population
    (people). Raises CareshiftError where a sheet or column is missing.
    """
    parts = [_projected(file, sheet, sex) for sheet, sex in (("FEMALES", "female"), ("MALES", "male"))]
    return pd.concat(parts, ignore_index=True)


def _refuse_part_of_a_country(countries: pd.Series, file: Path) -> None:
    """Raise CareshiftError where the local authorities of a country are fewer than it has."""
    for country, count in countries.value_counts().items():
        fewest = FEWEST_AUTHORITIES.get(str(country), 0)
        if count < fewest:
            raise CareshiftError(
                f"{file.name}: {count} local authorities of {country}, which has {fewest} or more. "
                "A part is not the country: give the whole file."
            )


def _projected(file: Path, sheet: str, sex: str) -> pd.DataFrame:
    cells = table_in(sheet_rows(file, sheet), ["Ages"], f'{file.name}, sheet "{sheet}"')
    years = [name for name in cells.columns if name.isdigit() and int(name) <= LAST_PROJECTED_YEAR]
    bands = cells["Ages"].str.replace(" ", "").str.replace("&over", "+")
    cells = cells.assign(age_band=bands)[bands.str.fullmatch(r"\d+(-\d+|\+)")]
    long = cells.melt(id_vars="age_band", value_vars=years, var_name="year", value_name="population")
    return pd.DataFrame(
        {
            "base": int(years[0]),
            "year": long["year"].astype("int64"),
            "area": COUNTRIES["N"],
            "sex": sex,
            "age_band": long["age_band"],
            "population": (numbers(long["population"], file) * 1000).round().astype("Int64"),
        }
    )


def _sheet(file: Path, sheet: str, sex: str) -> pd.DataFrame:
    rows = sheet_rows(file, sheet)
    cells = table_in(rows, ["Code", "Name", "All ages", *AGES], f'{file.name}, sheet "{sheet}"')
    cells = cells[cells["Code"].str.fullmatch(COUNTRIES_AND_SCOTTISH_COUNCILS)]
    long = cells.melt(id_vars="Code", value_vars=AGES, var_name="age", value_name="population")
    return pd.DataFrame(
        {
            "year": _year(rows, f'{file.name}, sheet "{sheet}"'),
            "area": long["Code"],
            "sex": sex,
            "age": long["age"].str.removesuffix("+").astype("int64"),
            "population": whole_numbers(long["population"], file),
        }
    )


def _year(rows: list[list[str]], where: str) -> int:
    """Return the year of "mid-2019" in the sheet's title."""
    for row in rows[:8]:
        found = re.search(r"mid-(\d{4})", " ".join(row))
        if found:
            return int(found.group(1))
    raise CareshiftError(f'{where}: no title with "mid-" and a year. Check that this is a sheet MYE2.')
