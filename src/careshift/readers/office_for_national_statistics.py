"""Readers of the Office for National Statistics' workbooks."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.raw_files import sheet_rows, table_in, whole_numbers

SHEETS = {"MYE2 - Females": "female", "MYE2 - Males": "male"}
AGES = [*(str(age) for age in range(90)), "90+"]
COUNTRIES_AND_SCOTTISH_COUNCILS = r"(?:[ENSW]92|S12)\d{6}"


def mid_year_estimates(file: Path) -> pd.DataFrame:
    """Mid-year population by sex and single year of age: four UK countries and Scotland's councils.

    Reads the publisher's workbook "Estimates of the population for the UK" (sheets MYE2 - Females and MYE2 -
    Males; the header row moves from release to release, and the year stands in the sheet's title). Answers
    year, area, sex, age (0 to 90; 90 means 90 and over), population (people). Raises CareshiftError where a
    sheet, the year or a column is missing.
    """
    parts = [_sheet(file, sheet, sex) for sheet, sex in SHEETS.items()]
    return pd.concat(parts, ignore_index=True)


def population_areas(*files: Path) -> pd.DataFrame:
    """Mid-year population of UK countries and Scottish councils from such workbooks, one a year."""
    return pd.concat([mid_year_estimates(file) for file in files], ignore_index=True)


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
    """Answer the year of "mid-2019" in the sheet's title."""
    for row in rows[:8]:
        found = re.search(r"mid-(\d{4})", " ".join(row))
        if found:
            return int(found.group(1))
    raise CareshiftError(f'{where}: no title with "mid-" and a year. Check that this is a sheet MYE2.')
