"""What came of each forecast of the documents: the figure of later data, computed from the tables at hand.

The table `foreseen` says who foretold what for which day; here stands, by claim, how what came is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from careshift import effect_sizes
from careshift.project import CareshiftError
from careshift.topics import care_homes, emergency_admissions
from careshift.topics import northern_ireland_population as northern_ireland
from careshift.topics.places import SCOTLAND, are_councils

if TYPE_CHECKING:
    import pandas as pd

Data = Mapping[str, "pd.DataFrame"]
Figure = Callable[[Data], float]
NORTHERN_IRELAND, WALES = "N92000002", "W92000004"
BASE = 2016  # base year of Scotland's later projection


def single(data: Data, series: str, area: str, period: str, ages: str | None = None) -> float:
    """Return the one figure of a series of single values. CareshiftError where there is not just one."""
    wanted = {"series_id": series, "area": area, "period": period} | ({"age_group": ages} if ages else {})
    found = []
    for name in ("official_values", "found_values"):
        table = data[name]
        for column, value in wanted.items():
            table = table[table[column] == value]
        found += table["value"].dropna().tolist()
    if len(found) != 1:
        raise CareshiftError(f"{len(found)} figures of {series} for {period}; one is needed.")
    return float(found[0])


def counted_northern_ireland(data: Data, ages: str) -> float:
    """Return the residents of Northern Ireland of these ages in mid-2024, the last count at hand."""
    return single(data, "ni_population", NORTHERN_IRELAND, "mid-2024", ages)


def _ni(data: Data, year: int, youngest: int = 0) -> float:
    return northern_ireland.projected(data["population_projections_northern_ireland"], year, youngest)


def _later(data: Data) -> pd.DataFrame:
    table = data["population_projections"]
    return table[table["base"] == BASE]


def _share(table: pd.DataFrame, year: int) -> float:
    return 100 * care_homes.people(table, year, 65) / care_homes.people(table, year)


def _doubling(data: Data) -> float:
    start = northern_ireland.estimated(data["population_northern_ireland"], northern_ireland.START, 85)
    return _ni(data, northern_ireland.DOUBLED, 85) / start


def _share_growth(data: Data) -> float:
    return effect_sizes.percent_change(_share(data["population"], 2010), _share(_later(data), 2030))


def _admissions(data: Data) -> float:
    means = emergency_admissions.council_mean(data["emergency_admission_rates"], data["population_areas"])
    counted = emergency_admissions.admissions(means, data["population"])
    return float(emergency_admissions.rises(counted, [2010], 2018)["value"].iloc[0])


def _residents(data: Data, column: str) -> float:
    frame = care_homes.series(
        2009,
        2019,
        "mid-year after",
        data["care_home_residents"],
        data["official_values"],
        data["population"],
    )
    return float(frame[column].iloc[-1])


def _bed_day_fall(data: Data) -> float:
    rate = "emerg_bed_days_75plus_rate"
    ends = [single(data, rate, SCOTLAND, year) for year in ("2009/10", "2013/14")]
    return effect_sizes.percent_fall(*ends)


def _councils_with_delays(data: Data) -> float:
    free = single(data, "councils_without_delays_over_2w", SCOTLAND, "April 2015")
    return float(are_councils(data["areas"]["code"]).sum()) - free


def _ni_budget(data: Data) -> float:
    table = data["public_spending"]
    year = table[
        (table["release"].astype(str) == "2018")
        & (table["area"] == NORTHERN_IRELAND)
        & (table["financial_year"] == "2014/15")
        & table["function"].isin(["health", "personal social services"])
    ]
    return float(year["million_pounds"].sum()) / 1000


def _non_elective(data: Data) -> float:
    series = "ni_non_elective_inpatients"
    ends = [single(data, series, NORTHERN_IRELAND, year) for year in ("2012/13", "2015/16")]
    return effect_sizes.percent_change(*ends)


CAME: Mapping[str, Figure] = {
    "kingsfund2013/ni-population-2025": lambda data: _ni(data, northern_ireland.END) / 1e6,
    "kingsfund2013/ni-over-65s-2025": lambda data: _ni(data, northern_ireland.END, 65),
    "kingsfund2013/ni-over-85s-2025": lambda data: _ni(data, northern_ireland.END, 85),
    "kingsfund2013/ni-over-85s-women": lambda data: northern_ireland.women_among(
        data["population_projections_northern_ireland"], northern_ireland.END, 85
    ),
    "kingsfund2013/ni-over-85s-double": _doubling,
    "kingsfund2013/scotland-over-65s-projection": _share_growth,
    "hendry2021/population-2039": lambda data: care_homes.people(_later(data), 2039) / 1e6,
    "hendry2021/over-65s-share-2039": lambda data: _share(_later(data), 2039),
    "kingsfund2013/wales-population-2033": lambda data: (
        single(data, "population_projection_2018_based", WALES, "2033") / 1e6
    ),
    "hendry2021/care-home-residents-below-expected": lambda data: _residents(data, "actual"),
    "kingsfund2013/emergency-admissions-expected-to-grow": _admissions,
    "kingsfund2013/delay-target-2013-weeks": lambda data: single(
        data, "dd_over6w_all", SCOTLAND, "July 2013"
    ),
    "kingsfund2013/delay-target-2015-weeks": _councils_with_delays,
    "kingsfund2013/bed-day-target-75plus": _bed_day_fall,
    "kingsfund2013/ni-health-budget": _ni_budget,
    "kingsfund2013/ni-care-partnerships-fewer-admissions": _non_elective,
}
"""By claim, what came."""
FORETOLD: Mapping[str, Figure] = {
    "hendry2021/care-home-residents-below-expected": lambda data: _residents(data, "expected"),
    "kingsfund2013/delay-target-2013-weeks": lambda data: 0.0,
    "kingsfund2013/delay-target-2015-weeks": lambda data: 0.0,
}
"""By claim, what was foretold where the printed value counts another thing: a share below, weeks."""
