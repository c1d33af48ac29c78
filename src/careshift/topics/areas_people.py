"""How many people live in council areas and health boards, by age: what the areas' rates are divided by."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from careshift.topics.places import SCOTLAND

LATEST = 2022  # mid-year of the latest estimate, on the basis of the 2022 census
OLD = "population aged 75 and over"
Tables = Mapping[str, pd.DataFrame]


def with_people(tables: Tables) -> Tables:
    """Return the tables with one more, "people": people of each age and over by area and mid-year.

    A row a council, board or Scotland and an age, a column a mid-year: 2019, 2020 and 2022, the last on the
    basis of the 2022 census. Scotland is the sum of all council areas, a board the sum of its own.
    """
    before, after = tables["population_areas"], tables["population_areas_2022"].assign(year=LATEST)
    every = pd.concat([before, after], ignore_index=True)
    board = tables["areas"].set_index("code")["board"].dropna()
    every = every[every["area"].isin(board.index)]
    councils = every.groupby(["area", "age", "year"])["population"].sum().unstack("year").astype(float)
    of_board = councils.index.get_level_values("area").map(board.to_dict())
    boards = councils.groupby([of_board, councils.index.get_level_values("age")]).sum()
    whole = pd.concat({SCOTLAND: councils.groupby("age").sum()}, names=["area"])
    exact = pd.concat([councils, boards.rename_axis(["area", "age"]), whole]).sort_index(ascending=False)
    return {**tables, "people": exact.groupby("area", sort=False).cumsum()}


def aged(tables: Tables, age: int) -> pd.DataFrame:
    """Return people aged `age` and over: a row an area (council, board, Scotland), a column a mid-year.

    From the table of `with_people`. A change into mid-2022 is partly the new census.
    """
    people = tables["people"]
    return people[people.index.get_level_values("age") == age].droplevel("age")


def aged_75(tables: Tables) -> pd.DataFrame:
    """Return people aged 75 and over of each council area and Scotland, every mid-year that is public.

    Columns are mid-years: from mid-2013 to mid-2020, and mid-2022 on the basis of the 2022 census.
    """
    rows = tables["local_indicators"]
    rows = rows[rows["indicator"] == OLD]
    rows = rows.assign(year=rows["financial_year"].str[:4].astype(int))
    yearly = rows.pivot(index="area", columns="year", values="value")
    return pd.concat([yearly, aged(tables, 75)[[LATEST]].reindex(yearly.index)], axis="columns")


def at(people: pd.DataFrame, area: pd.Series, year: pd.Series) -> pd.Series:
    """Return, row by row, the latest estimate of an area's people not after that mid-year; missing before."""
    latest = people.reindex(columns=range(int(people.columns.min()), int(year.max()) + 1)).ffill(
        axis="columns"
    )
    long = latest.stack()
    pairs = pd.MultiIndex.from_arrays([area, year.astype(int)])
    return pd.Series(long.reindex(pairs).to_numpy(float), index=area.index)


def age_structure(tables: Tables, area: str) -> pd.DataFrame:
    """Return the area's people by age in mid-2022 beside Scotland's: columns ages, people, share, scotland.

    The shares are percent of all ages. The bands overlap: each one is "and over".
    """
    rows = []
    for age, words in ((0, "all ages"), (65, "65 and over"), (75, "75 and over"), (85, "85 and over")):
        people = aged(tables, age)[LATEST]
        rows.append({"ages": words, "people": people[area], "of_scotland": people[SCOTLAND]})
    frame = pd.DataFrame(rows)
    return frame.assign(
        share=100 * frame["people"] / frame["people"].iloc[0],
        scotland=100 * frame["of_scotland"] / frame["of_scotland"].iloc[0],
    )
