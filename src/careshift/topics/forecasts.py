"""Does "expected" forecast? The long yearly series before the pandemic, as panels of one column an area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from careshift import forecasting
from careshift.topics import delayed_discharge, emergency_admissions
from careshift.topics.financial_years import label, start_of
from careshift.topics.places import are_councils

if TYPE_CHECKING:
    import pandas as pd

    from careshift.claims import Claim

LAST = 2019
"""The last financial year, by its start, that the pandemic does not fill."""
SERIES = {
    "series": "Series",
    "years": "Years",
    "areas": "Areas",
    "percent_trend": "Error of the trend, %",
    "percent_value": "Error of the last value, %",
    "high_value": "95 of 100 within, last value, %",
    "worse": "Areas where the trend was further off",
    "inside_trend": "Inside, trend, %",
    "inside_value": "Inside, last value, %",
}
COLUMNS = {
    "origin": "Last year known",
    "forecasts": "Forecasts",
    "error_trend": "Error of the trend",
    "error_value": "Error of the last value",
    "inside_trend": "Inside, trend, %",
    "inside_value": "Inside, last value, %",
}
"""Headings of what `compared` and `forecasting.scores` give."""


def admissions(rates: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return emergency admissions at 65 and over per 100,000, a row a year and a column a council."""
    return emergency_admissions.panel(rates).loc[first:last]


def delays(bed_days: pd.DataFrame, population_areas: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return delayed bed days per 1,000 people aged 75 and over, a row a year and a column a council."""
    frame = delayed_discharge.council_rates(bed_days, population_areas, 2000, last)
    return frame.pivot(index="time", columns="area", values="value")


def home_care(care_at_home: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return people with home care in the census week, a row a year and a column a council without gaps."""
    rows = care_at_home[are_councils(care_at_home["area"]) & (care_at_home["age_group"] == "all ages")]
    rows = rows.assign(year=rows["financial_year"].map(start_of))
    wide = rows[rows["year"] <= last].pivot(index="year", columns="area", values="people").astype(float)
    return wide.dropna(axis=1)


def attendances(tables: Mapping[str, pd.DataFrame], last: int) -> pd.DataFrame:
    """Return emergency attendances at major departments, a row a whole financial year and a column a country.

    `tables` gives each country's code its table of months. Only years that all countries hold in full stay.
    """
    import pandas as pd

    years = {}
    for area, table in tables.items():
        rows = table[(table["area"] == area) & (table["department"] == "major")]
        rows = rows.assign(year=rows["month"].dt.year - (rows["month"].dt.month < 4))
        grouped = rows.groupby("year")["attendances"]
        years[area] = grouped.sum()[grouped.size() == 12]
    return pd.DataFrame(years).loc[:last].dropna().astype(float)


def compared(panels: Mapping[str, pd.DataFrame], ahead: int, confidence: float) -> pd.DataFrame:
    """Return the scores of every series over all origins, a row a series.

    Columns series, years, areas, those of `forecasting.scores`, worse (areas where the trend was further off)
    and ratio (the trend's error over that of the last value, both in percent, so that a large area counts as
    much as a small one; above one the trend is worse).
    """
    import pandas as pd

    rows = []
    for words, panel in panels.items():
        made = forecasting.rolling_origin(panel, ahead, confidence=confidence)
        score = forecasting.scores(made.assign(all=words), "all").iloc[0]
        by_area = forecasting.scores(made, "area")
        worse = int((by_area["percent_trend"] > by_area["percent_value"]).sum())
        years = f"{label(int(panel.index[0]))} to {label(int(panel.index[-1]))}"
        rows.append(
            {"series": words, "years": years, "areas": panel.shape[1], "worse": worse}
            | dict(score.drop("all"))
        )
    frame = pd.DataFrame(rows)
    return frame.assign(ratio=frame["percent_trend"] / frame["percent_value"])


def title_of_origins(by_origin: pd.DataFrame) -> str:
    """Return the title that says at how many origins the trend was further off than the last value."""
    worse = int((by_origin["error_trend"] > by_origin["error_value"]).sum())
    return f"A straight trend was further off than the last value from {worse} of {len(by_origin)} origins"


def with_mean(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of all areas as a panel of one column: a country errs less than its councils."""
    return panel.mean(axis=1).to_frame("mean")


def winners(by_series: pd.DataFrame) -> str:
    """Return in words for how many series each method was nearer."""
    worse = int((by_series["ratio"] > 1).sum())
    others = by_series.loc[by_series["ratio"] <= 1, "series"].tolist()
    kept = f"; the trend was nearer for {' and '.join(others)}" if others else ""
    return f"the last value was nearer for {worse or 'none'} of {len(by_series)} series{kept}"


def nearer(score: pd.Series[float]) -> str:
    """Return in words which method was nearer, and both errors, from a row of `forecasting.scores`."""
    trend, value = float(score["percent_trend"]), float(score["percent_value"])
    if trend < value:
        return f"the trend was nearer: it missed by {trend:.1f} %, the last value by {value:.1f} %"
    return f"the last value was nearer: it missed by {value:.1f} %, the trend by {trend:.1f} %"


def for_care_homes(paces: pd.DataFrame, claim: Claim, base: int, year: int) -> str:
    """Return in words how unchanged rates missed care-home residents before, and what a print is to it.

    `paces` as from `care_homes_before.paces`, `claim` the printed shortfall of a year at the rates of a base.
    """
    made = paces[paces["leads"]]
    rows = zip(made["below"], made["end"] - made["first"], strict=True)
    missed = [f"{below:.1f} % in {years} years" for below, years in rows]
    low, high = made["carried"].min(), made["carried"].max()
    side = "more than" if claim.interval.low > high else "within"
    return (
        f"Before {base}, care homes fell short of unchanged rates by {', '.join(missed[:-1])} and "
        f"{missed[-1]}. Carried on, that makes {low:.0f} to {high:.0f} % in {year - base} years. So the "
        f"printed {claim.printed} % is {side} what such an expectation missed by before."
    )
