"""Readers of National Records of Scotland's population estimates and projections."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.areas import SCOTLAND
from careshift.readers.office_for_national_statistics import mid_year_estimates
from careshift.readers.r_data import r_frames
from careshift.readers.raw_files import (
    column_names,
    numbers,
    read_csv,
    renamed,
    require,
    sheet_rows,
    table_in,
    whole_numbers,
)

SERIES_VINTAGE = "mid-2018 series"
WORKBOOK_VINTAGE = "mid-{year} release"
LAST_PROJECTED_YEAR = 2050
PROJECTED_AGES = [*range(106), 110]  # 105 stands for 105 to 109, 110 for 110 and over


def population(ages: Path, totals: Path, *workbooks: Path) -> pd.DataFrame:
    """Mid-year population of Scotland by sex and single year of age, each year with its vintage.

    `ages` (Year, Sex, Age 0 to 89, Estimate) and `totals` (Year, Sex, Total) are a re-publisher's two
    extracts of the time series workbook, which left out age 90 and over: here it is the total less the
    sum of ages 0 to 89, an identity, not an estimate. `workbooks` are the Office for National
    Statistics' own, one for each later year. Answers year, area, sex, age (0 to 90; 90 means 90 and
    over), population (people), vintage. Raises CareshiftError for a missing column, an age that is
    absent, or ages that add to more than the total.
    """
    return pd.concat([_series(ages, totals), population_of_later_years(*workbooks)], ignore_index=True)


def population_of_later_years(*workbooks: Path) -> pd.DataFrame:
    """Mid-year population of Scotland by sex and single year of age, from workbooks alone, one for each year.

    Reads what `population` reads as `workbooks`, and answers and raises what it does.
    """
    later = pd.concat([mid_year_estimates(file) for file in workbooks], ignore_index=True)
    later = later[later["area"] == SCOTLAND]
    return later.assign(vintage=[WORKBOOK_VINTAGE.format(year=year) for year in later["year"]])


def population_areas_2022(file: Path) -> pd.DataFrame:
    """Population of Scotland's council areas by single year of age, mid-2022 (2022 census basis).

    Reads a re-publisher's data frame of text (.rda: ltla19_code, sex, all_ages, one column an age).
    Answers area, age (0 to 90; 90 means 90 and over), population (people). Raises CareshiftError for a
    missing column, or ages that do not add to all ages.
    """
    (people,) = r_frames(file).values()
    ages = [*(str(age) for age in range(90)), "90 and over"]
    require(file, [str(name) for name in people.columns], ["ltla19_code", "sex", "all_ages", *ages])
    people = people[people["sex"] == "Persons"]
    counts = people[["all_ages", *ages]].apply(lambda cells: whole_numbers(cells, file))
    if not (counts[ages].sum(axis=1) == counts["all_ages"]).all():
        raise CareshiftError(
            f"{file.name}: the ages of some area do not add to its total. Download it again."
        )
    counts["area"] = people["ltla19_code"]
    long = counts.melt(id_vars="area", value_vars=ages, var_name="age", value_name="population")
    return pd.DataFrame(
        {
            "area": long["area"],
            "age": long["age"].str.removesuffix(" and over").astype("int64"),
            "population": long["population"],
        }
    )


def population_projections(*files: Path) -> pd.DataFrame:
    """Principal projection of Scotland's population by sex and single year of age, to 2050, one file a base.

    Reads the publisher's open-data text files sc_ppp_opendataYEAR.txt (tab-separated; Sex 1 male, 2
    female; Age 0 to 104, "105 - 109", "110 and over"; one column a year; the first column's year is the
    base). Answers base, year, area, sex, age (0 to 90; 90 means 90 and over), population (people).
    Raises CareshiftError for a missing column or age.
    """
    return pd.concat([_projection(file) for file in files], ignore_index=True)


def healthy_life_expectancy(fifths: Path, tenths: Path) -> pd.DataFrame:
    """Life and healthy life expectancy at birth by deprivation, Scotland: fifths and tenths of areas.

    Reads two workbooks in a re-publisher's layout: `fifths` (DateCode as 2015-2017, Value, Sex,
    SIMD_quintile; healthy life expectancy) and `tenths` (SIMD_decile, HLE, Life_exp_birth, Sex;
    2019-2021, which the file does not say). Group 1 is the most deprived. Answers period, sex, groups
    (fifths, tenths), group, healthy_life_expectancy, life_expectancy (years; missing for fifths).
    Raises CareshiftError for a missing column or an unreadable cell.
    """
    five = table_in(sheet_rows(fifths, "Sheet1"), ["DateCode", "Value", "Sex", "SIMD_quintile"], fifths.name)
    ten = table_in(sheet_rows(tenths, "Sheet1"), ["SIMD_decile", "HLE", "Life_exp_birth", "Sex"], tenths.name)
    of_fifths = pd.DataFrame(
        {
            "period": five["DateCode"],
            "sex": five["Sex"].str.lower(),
            "groups": "fifths",
            "group": five["SIMD_quintile"].str[:1].astype("int64"),
            "healthy_life_expectancy": numbers(five["Value"], fifths),
            "life_expectancy": float("nan"),
        }
    )
    of_tenths = pd.DataFrame(
        {
            "period": "2019-2021",
            "sex": ten["Sex"].str.lower(),
            "groups": "tenths",
            "group": whole_numbers(ten["SIMD_decile"], tenths).astype("int64"),
            "healthy_life_expectancy": numbers(ten["HLE"], tenths),
            "life_expectancy": numbers(ten["Life_exp_birth"], tenths),
        }
    )
    return pd.concat([of_fifths, of_tenths], ignore_index=True)


def _series(ages: Path, totals: Path) -> pd.DataFrame:
    under_90 = _people(read_csv(ages, ["Year", "Sex", "Age", "Estimate"]), "Estimate", ages)
    total = _people(read_csv(totals, ["Year", "Sex", "Total"]), "Total", totals).set_index(["year", "sex"])
    groups = under_90.groupby(["year", "sex"])
    if not (groups["age"].agg(["count", "nunique"]) == 90).all(axis=None):
        raise CareshiftError(f"{ages.name}: some year does not hold each age from 0 to 89 once for each sex.")
    over_90 = (total["population"] - groups["population"].sum()).reset_index().assign(age=90)
    if over_90["population"].isna().any() or (over_90["population"] < 0).any():
        raise CareshiftError(f"{totals.name}: the totals do not match the years and ages of {ages.name}.")
    both = pd.concat([under_90, over_90], ignore_index=True)
    return both.assign(area=SCOTLAND, vintage=SERIES_VINTAGE)


def _people(cells: pd.DataFrame, column: str, file: Path) -> pd.DataFrame:
    cells = cells[cells["Sex"].isin(["Female", "Male"])]
    tidy = pd.DataFrame(
        {
            "year": whole_numbers(cells["Year"], file).astype("int64"),
            "sex": cells["Sex"].str.lower(),
            "population": whole_numbers(cells[column], file),
        }
    )
    if "Age" in cells:
        tidy["age"] = whole_numbers(cells["Age"], file).astype("int64")
    return tidy


def _projection(file: Path) -> pd.DataFrame:
    years = [name for name in column_names(file) if name.isdigit() and int(name) <= LAST_PROJECTED_YEAR]
    cells = read_csv(file, ["Sex", "Age", *years])
    ages = whole_numbers(cells["Age"].str.replace(r"^(\d+)( - \d+| and over)$", r"\1", regex=True), file)
    if not years or not (ages.groupby(cells["Sex"]).nunique() == len(PROJECTED_AGES)).all():
        raise CareshiftError(
            f"{file.name}: some year or age from 0 to 110 and over is missing. Download it again."
        )
    cells = cells.assign(
        age=ages.clip(upper=90), sex=renamed(cells["Sex"], {"1": "male", "2": "female"}, file)
    )
    long = cells.melt(id_vars=["sex", "age"], value_vars=years, var_name="year", value_name="population")
    long["population"] = whole_numbers(long["population"], file)
    people = long.groupby(["year", "sex", "age"])["population"].sum().reset_index()
    people["year"] = people["year"].astype("int64")
    return people.assign(base=people["year"].min(), area=SCOTLAND)
