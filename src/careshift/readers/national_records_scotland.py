"""Readers of National Records of Scotland's population estimates and projections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.areas import SCOTLAND
from careshift.readers.office_for_national_statistics import mid_year_estimates
from careshift.readers.r_data import r_frames
from careshift.readers.raw_files import (
    LayoutError,
    column_names,
    numbers,
    read_csv,
    renamed,
    require,
    sheet_names,
    sheet_rows,
    table_in,
    whole_numbers,
)

ALL_AGES = "All Ages"
SHEET_AGES = (*(str(age) for age in range(90)), "90+")
TABLE_AGES = (*SHEET_AGES[:-1], "90 and over")
SEXES = {"Females": "female", "Males": "male"}
SERIES_VINTAGE = "mid-2018 series"
WORKBOOK_VINTAGE = "mid-{year} release"
LAST_PROJECTED_YEAR = 2050
PROJECTED_AGES = [*range(106), 110]  # 105 stands for 105 to 109, 110 for 110 and over


def population(ages: Path, totals: Path, *workbooks: Path) -> pd.DataFrame:
    """Mid-year population of Scotland by sex and single year of age, each year with its vintage.

    `ages` (Year, Sex, Age 0 to 89, Estimate) and `totals` (Year, Sex, Total) are a re-publisher's two
    extracts of the time series workbook, which left out age 90 and over: here it is the total less the
    sum of ages 0 to 89, an identity, not an estimate. `workbooks` are the Office for National
    Statistics' own, one for each later year. Returns year, area, sex, age (0 to 90; 90 means 90 and
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


def population_of_sheets(file: Path) -> pd.DataFrame:
    """Mid-year population of Scotland by sex and single year of age, from the publisher's series to mid-2018.

    Reads the workbook mid-year-pop-est-18-time-series-1, of which no copy was at hand, as public code reads
    it: one sheet a year, in it a block whose header names Males and one whose header names Females, then All
    Ages, 0 to 89 and 90+, with a row for Scotland. Returns what `population` does. Raises LayoutError for
    another layout, CareshiftError where the ages do not add to All Ages.
    """
    years = [name for name in sheet_names(file) if name.isdigit() and len(name) == 4]
    blocks = [_block(file, year, word) for year in years for word in SEXES]
    if not blocks:
        raise LayoutError(f"{file.name}: no sheet is named after a year.")
    return pd.concat(blocks, ignore_index=True)


def population_of_table_1(file: Path) -> pd.DataFrame:
    """Mid-year population of Scotland by sex and single year of age, from the publisher's series of today.

    Reads sheet Table 1 of mid-year-population-estimates-time-series-data.xlsx, of which no copy was at hand,
    as public code reads it: Area code, Area name, Sex (Females, Males, Persons), Year, All Ages, 0 to 89, 90
    and over. Its years stand on the censuses of 2011 and 2022: do not mix them with an older series. Returns
    and raises what `population_of_sheets` does.
    """
    people = _table_1(file)
    people = people[(people["area"] == SCOTLAND) & people["sex"].isin(list(SEXES))]
    vintage = f"time series to mid-{people['year'].max()}"
    return people.assign(sex=people["sex"].map(SEXES), vintage=vintage)


def population_areas_2022_of_table_1(file: Path) -> pd.DataFrame:
    """Read population of Scotland's council areas by single year of age, mid-2022 (2022 census basis).

    Reads what `population_of_table_1` reads, the rows of council areas and of 2022. Returns what
    `population_areas_2022` does.
    """
    people = _table_1(file)
    councils = people["area"].str.startswith("S12") & (people["year"] == 2022) & (people["sex"] == "Persons")
    return people.loc[councils, ["area", "age", "population"]]


def population_areas_2022(file: Path) -> pd.DataFrame:
    """Read population of Scotland's council areas by single year of age, mid-2022 (2022 census basis).

    Reads a re-publisher's data frame of text (.rda: ltla19_code, sex, all_ages, one column an age).
    Returns area, age (0 to 90; 90 means 90 and over), population (people). Raises CareshiftError for a
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
    base). Returns base, year, area, sex, age (0 to 90; 90 means 90 and over), population (people).
    Raises CareshiftError for a missing column or age.
    """
    return pd.concat([_projection(file) for file in files], ignore_index=True)


def healthy_life_expectancy(fifths: Path, tenths: Path) -> pd.DataFrame:
    """Life and healthy life expectancy at birth by deprivation, Scotland: fifths and tenths of areas.

    Reads two workbooks in a re-publisher's layout: `fifths` (DateCode as 2015-2017, Value, Sex,
    SIMD_quintile; healthy life expectancy) and `tenths` (SIMD_decile, HLE, Life_exp_birth, Sex;
    2019-2021, which the file does not say). Group 1 is the most deprived. Returns period, sex, groups
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
            "group": whole_numbers(five["SIMD_quintile"].str[:1], fifths).astype("int64"),
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


def _block(file: Path, year: str, word: str) -> pd.DataFrame:
    """Return Scotland's ages of one sex from the sheet of a year."""
    where = f'{file.name}, sheet "{year}"'
    rows = table_in(sheet_rows(file, year), [word, ALL_AGES, *SHEET_AGES], where)
    scotland = rows[rows[word] == "Scotland"].head(1)
    if scotland.empty:
        raise LayoutError(f"{where}: no row for Scotland below {word}.")
    people = _long(scotland.assign(Year=year), ["Year"], SHEET_AGES, file).rename(columns={"Year": "year"})
    return people.assign(area=SCOTLAND, sex=SEXES[word], vintage=SERIES_VINTAGE)


def _table_1(file: Path) -> pd.DataFrame:
    """Return area, sex (as the publisher calls it), year, age, population of the series of today."""
    names = ["Area code", "Sex", "Year"]
    rows = table_in(sheet_rows(file, "Table 1"), [*names, ALL_AGES, *TABLE_AGES], f"{file.name}, Table 1")
    people = _long(rows[rows["Area code"].str.fullmatch("[A-Z][0-9]{8}")], names, TABLE_AGES, file)
    return people.rename(columns={"Area code": "area", "Sex": "sex", "Year": "year"})


def _long(rows: pd.DataFrame, keys: Sequence[str], ages: Sequence[str], file: Path) -> pd.DataFrame:
    """Return rows with one column an age as keys, age, population. Raises where ages do not add to all."""
    counts = rows[[ALL_AGES, *ages]].apply(lambda cells: whole_numbers(cells, file))
    off = counts.index[(counts[list(ages)].sum(axis=1) != counts[ALL_AGES]).fillna(True)]
    if len(off):
        raise CareshiftError(
            f"{file.name}, row {off[0]}: the ages do not add to all ages. Download it again."
        )
    long = counts.join(rows[list(keys)]).melt(list(keys), list(ages), "age", "population")
    return long.assign(
        Year=whole_numbers(long["Year"], file).astype("int64"),
        age=long["age"].str.extract(r"^(\d+)")[0].astype("int64"),
    )


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
    if not years:
        raise LayoutError(f"{file.name}: no column is named after a year.")
    ages = whole_numbers(cells["Age"].str.replace(r"^(\d+)( - \d+| and over)$", r"\1", regex=True), file)
    if not (ages.groupby(cells["Sex"]).nunique() == len(PROJECTED_AGES)).all():
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
