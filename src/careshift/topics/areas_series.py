"""What the measures of areas share: whole financial years, rates by population, gaps that stay gaps."""

from __future__ import annotations

import calendar

import pandas as pd

from careshift.topics.areas_people import at
from careshift.topics.financial_years import label, start_of

NO_FIGURE = "no figure"
HALF = 0.5  # a financial year is drawn at its middle, the end of September
CENSUS = 0.25  # the Care Home Census at 31 March


def years_of_months(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the sum of a column over each financial year of which all twelve months are there.

    `rows` has area and month, one row a month; columns area, financial_year, number.
    """
    start = rows["month"].dt.year - (rows["month"].dt.month < 4)
    return _whole_years(rows["area"], start, rows[column], 12)


def years_of_quarters(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the sum of a column over each financial year of which all four calendar quarters are there."""
    start = rows["quarter"].str[:4].astype(int) - (rows["quarter"].str[-1] == "1")
    return _whole_years(rows["area"], start, rows[column], 4)


def _whole_years(area: pd.Series, start: pd.Series, number: pd.Series, parts: int) -> pd.DataFrame:
    frame = pd.DataFrame({"area": area, "start": start, "number": number.astype(float)})
    sums = frame.groupby(["area", "start"])["number"].agg(["sum", "count"]).reset_index()
    sums = sums[sums["count"] == parts]
    years = [label(int(year)) for year in sums["start"]]
    return pd.DataFrame({"area": sums["area"], "financial_year": years, "number": sums["sum"]})


def per_person(
    yearly: pd.DataFrame, people: pd.DataFrame, per: float, *, fixed: int | None = None, daily: bool = False
) -> pd.DataFrame:
    """Return `number` by population times `per`, as a measure.

    The population is the latest estimate not after the middle of the year, or of mid-`fixed` throughout;
    years before the first estimate, and areas without one, are left out. `daily` divides by the days of the
    year as well.
    """
    yearly = yearly[yearly["area"].isin(people.index)]
    start = yearly["financial_year"].map(start_of)
    year = start if fixed is None else pd.Series(fixed, index=yearly.index)
    days = start.map(days_in) if daily else 1
    rate = per * yearly["number"] / days / at(people, yearly["area"], year)
    known = rate.notna()
    return by_year(yearly["area"][known], yearly["financial_year"][known], rate[known])


def days_in(start: int) -> int:
    """Return the days of the financial year that starts in a year: 2019 -> 366, for February 2020."""
    return 366 if calendar.isleap(start + 1) else 365


def ratio(part: pd.DataFrame, whole: pd.DataFrame, per: float = 1) -> pd.DataFrame:
    """Return `per` times the number of one yearly frame by that of another, as a measure."""
    both = part.merge(whole, on=["area", "financial_year"], suffixes=("", "_whole"))
    return by_year(both["area"], both["financial_year"], per * both["number"] / both["number_whole"])


def at_census(rows: pd.DataFrame, column: str, people: pd.DataFrame) -> pd.DataFrame:
    """Return a count of 31 March per 1,000 people of the latest mid-year before it, as a measure."""
    year = rows["date"].dt.year
    population = at(people, rows["area"], year - 1)
    frame = pd.DataFrame(
        {
            "area": rows["area"],
            "period": [f"March {y}" for y in year],
            "time": year + CENSUS,
            "value": 1000 * rows[column].astype(float) / population,
            "status": rows["status"],
        }
    )
    return frame[population.notna()].reset_index(drop=True)


def by_year(
    area: pd.Series, year: pd.Series, value: pd.Series, status: pd.Series | str = "ok"
) -> pd.DataFrame:
    """Return values of financial years as a measure."""
    frame = pd.DataFrame({"area": area, "period": year, "value": value.astype(float), "status": status})
    return frame.assign(time=year.map(start_of) + HALF).reset_index(drop=True)


def whole_grid(made: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Return a measure with a row for every area and every period that some area has.

    A row that was not there has the status "no figure".
    """
    made = made[made["area"].isin(codes)]
    periods = made[["period", "time"]].drop_duplicates().sort_values("time")
    grid = periods.merge(pd.Series(codes, name="area"), how="cross")
    frame = grid.merge(made.drop(columns="time"), on=["area", "period"], how="left")
    unknown = frame["value"].isna() & (frame["status"].isna() | (frame["status"] == "ok"))
    return frame.assign(status=frame["status"].mask(unknown, NO_FIGURE))
