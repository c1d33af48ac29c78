"""Emergency bed days in Scotland: what unchanged rates would give, beds freed, the quarterly series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from careshift import effect_sizes, interruption, multiverse
from careshift.project import CareshiftError
from careshift.topics.emergency_care import from_break, ordinary, persons, printed
from careshift.topics.financial_years import label
from careshift.topics.places import SCOTLAND

if TYPE_CHECKING:
    from careshift.interruption import ImpactModel, Report

RATE_75 = "emerg_bed_days_75plus_rate"
RATE_ALL = "emerg_bed_days_allages_rate"
APPROXIMATE = 1000  # unit that the all-age rate "about 74,000" is taken to be rounded to
ALIGNMENTS = ("mid-year", "mid-point")
DAYS = 365
MILLION = 1e6
YOUNGEST = (0, 60, 70)  # ages from which the quarterly series can be had for Scotland
SIXTIES = (60, 65, 70)  # where the band that 65 splits starts, 65 itself, and where the next one starts
BANDS = {"50 to 59": 50, "60 to 69": 60, "70 to 79": 70, "80 to 89": 80}


def population_of(population: pd.DataFrame, start: int, youngest: int, alignment: str = "mid-year") -> float:
    """Return the persons from an age on who stand for a financial year.

    "mid-year" is 30 June of the year it starts in; "mid-point" is its middle, 30 September: three quarters of
    that mid-year and one of the next. Raises CareshiftError for a year that is not in the table.
    """
    shares = {0: 1.0} if alignment == "mid-year" else {0: 0.75, 1: 0.25}
    return sum(share * persons(population, start + later, youngest) for later, share in shares.items())


def expected_days(
    official: pd.DataFrame, population: pd.DataFrame, last: int, base: int = 2009, alignment: str = "mid-year"
) -> pd.DataFrame:
    """Return emergency bed days at ages 75 and over that the base year's rate would have given, year by year.

    Columns year (start of the financial year), financial_year, population (persons), rate (official, per
    1,000; missing where none is public), expected, actual and gap (days).
    """
    base_rate = printed(official, RATE_75, label(base))
    rates = official[official["series_id"] == RATE_75].set_index("period")["value"]
    frame = pd.DataFrame({"year": range(base, last + 1)})
    frame["financial_year"] = frame["year"].map(label)
    frame["population"] = [population_of(population, year, 75, alignment) for year in frame["year"]]
    frame["rate"] = frame["financial_year"].map(rates)
    frame["expected"] = frame["population"] * base_rate / 1000
    frame["actual"] = frame["population"] * frame["rate"] / 1000
    return frame.assign(gap=frame["expected"] - frame["actual"])


def beds(
    *, fall: float, rate: float, population: pd.DataFrame, mid_year: int, occupancy: float, days: int = DAYS
) -> float:
    """Return the beds that a fall of the bed-day rate at ages 75 and over frees.

    `fall` in percent of `rate` (days per 1,000); a bed gives `occupancy` of the year's days.
    """
    freed = fall / 100 * rate / 1000 * persons(population, mid_year, 75)
    return freed / days / occupancy


def beds_every_way(
    fall: float, rate: float, population: pd.DataFrame, occupancies: Sequence[float]
) -> pd.DataFrame:
    """Return the beds freed under every occupancy and every mid-year population from 2009 to 2011."""
    choices = {"occupancy": tuple(occupancies), "mid_year": (2009, 2010, 2011)}
    frame = multiverse.explore(beds, choices, fall=fall, rate=rate, population=population)
    return frame.assign(
        occupancy=[f"beds {share:.0%} full" for share in frame["occupancy"]],
        mid_year=[f"population of mid-{year}" for year in frame["mid_year"]],
    )


def by_financial_year(activity: pd.DataFrame, area: str = SCOTLAND) -> pd.Series:
    """Return an area's emergency bed days by financial year (its start), complete years only."""
    days = quarterly(activity, area).set_index("quarter")["bed_days"]
    starts = [int(q[:4]) - (q[-1] == "1") for q in days.index]
    yearly = days.groupby(starts).agg(["sum", "count"])
    return yearly.loc[yearly["count"] == 4, "sum"].rename("bed_days")


def of_ages(by_age: pd.DataFrame, youngest: int, area: str = SCOTLAND) -> pd.DataFrame:
    """Return an area's emergency bed days from an age on by quarter, in the columns of the table of boards.

    `youngest` is the first year of a ten-year band. Columns quarter, status, area, admission_type, bed_days.
    """
    chosen = by_age[(by_age["area"] == area) & (_first_age(by_age) >= youngest)]
    days = chosen.groupby(["quarter", "status"])["bed_days"].sum().reset_index()
    return days.assign(area=area, admission_type="emergency")


def bounds_at_65(by_age: pd.DataFrame) -> pd.DataFrame:
    """Return the lowest and highest emergency bed days of people aged 65 and over, by financial year.

    The publisher's bands break at 60 and 70: those aged 70 and over used no more days than those aged 65 and
    over, those aged 60 and over no fewer. Complete years only. Columns year (start), financial_year, lowest,
    highest, between (days of the band from 60 to 69). Raises CareshiftError where no year is complete.
    """
    first, _, last = SIXTIES
    lowest, highest = (by_financial_year(of_ages(by_age, age)) for age in (last, first))
    frame = pd.DataFrame({"lowest": lowest, "highest": highest}).rename_axis("year").reset_index()
    if frame.empty:
        raise CareshiftError("The table of bed days by age holds no complete financial year of Scotland.")
    names = frame["year"].map(label)
    return frame.assign(financial_year=names, between=frame["highest"] - frame["lowest"])


def bounds_of(by_age: pd.DataFrame, year: int) -> tuple[float, float]:
    """Return the lowest and highest days of people aged 65 and over in a financial year, in million.

    Raises CareshiftError where the year is not complete in the table.
    """
    first, _, last = SIXTIES
    return _days_from(by_age, last, year) / MILLION, _days_from(by_age, first, year) / MILLION


def against_bounds(value: float, ends: tuple[float, float]) -> str:
    """Return in words where a value stands: "between the two", "below both" or "above both"."""
    low, high = ends
    return "below both" if value < low else "above both" if value > high else "between the two"


def implied_at_65(
    values: Sequence[float],
    ends: tuple[float, float],
    population: pd.DataFrame,
    year: int,
    alignment: str = "mid-year",
) -> pd.DataFrame:
    """Return what totals at ages 65 and over would mean for the band from 60 to 69, against its people.

    `values` and `ends` (bed days from 70 and from 60 on) in million. Columns total, days (at 65 to 69), share
    (of the band's days) and people (of its population), in percent, times (days a head at 65 to 69 over those
    at 60 to 64; missing where a share leaves 0 to 100 %).
    """
    first, split, last = (population_of(population, year, age, alignment) for age in SIXTIES)
    people = (split - last) / (first - last)
    frame = pd.DataFrame({"total": list(values)})
    share = (frame["total"] - ends[0]) / (ends[1] - ends[0])
    odds = (share / (1 - share)).where((share >= 0) & (share < 1))
    return frame.assign(
        days=(frame["total"] - ends[0]) * MILLION,
        share=100 * share,
        people=100 * people,
        times=odds / (people / (1 - people)),
    )


def implied_words(implied: pd.DataFrame) -> str:
    """Return in words what a print would mean at ages 65 to 69.

    `implied` as from `implied_at_65`, of the lowest number that the print stands for, the print, the highest.
    """
    low, middle, high = implied.to_dict("records")
    if not all(0 <= row["share"] < 100 for row in (low, middle, high)):
        return f"No share of the days of ages 60 to 69 allows all that rounds to {middle['total']:g} million."
    return (
        f"For {middle['total']:g} million, people aged 65 to 69 would have used {middle['share']:.0f} % of "
        f"the days of ages 60 to 69. Within the rounding of the print it is {low['share']:.0f} to "
        f"{high['share']:.0f} %. They were {middle['people']:.0f} % of the people of these ages. Each of "
        f"them would have used {middle['times']:.1f} times as many days as a person aged 60 to 64 "
        f"({low['times']:.1f} to {high['times']:.1f} times)."
    )


def asked_words(implied: pd.DataFrame) -> str:
    """Return in words the least growth of days a head within the sixties that a print asks for."""
    least = implied["times"].iloc[0]
    if pd.isna(least):
        return "No growth within the band from 60 to 69 gives the print."
    return (
        f"To reach the print, people aged 65 to 69 would need at least {least:.1f} times the days of those "
        "aged 60 to 64, five years younger."
    )


def days_a_head(
    by_age: pd.DataFrame, population: pd.DataFrame, year: int, alignment: str = "mid-year"
) -> pd.DataFrame:
    """Return emergency bed days per 1,000 people of the ten-year bands from 50 to 89 in a financial year.

    Columns age, bed_days, people, rate, times (the rate over that of the band ten years younger). Raises
    CareshiftError where the table does not hold the year.
    """
    rows = []
    for name, age in BANDS.items():
        days = [_days_from(by_age, start, year) for start in (age, age + 10)]
        people = [population_of(population, year, start, alignment) for start in (age, age + 10)]
        rows.append({"age": name, "bed_days": days[0] - days[1], "people": people[0] - people[1]})
    frame = pd.DataFrame(rows)
    rate = 1000 * frame["bed_days"] / frame["people"]
    return frame.assign(rate=rate, times=rate / rate.shift())


def _days_from(by_age: pd.DataFrame, youngest: int, year: int) -> float:
    """Return a financial year's days of ages from one on. Raises CareshiftError where quarters lack."""
    found = by_financial_year(of_ages(by_age, youngest))
    if year not in found:
        raise CareshiftError(f"The table of bed days by age does not hold all of {label(year)}.")
    return float(found[year])


def ages_words(youngest: int) -> str:
    """Return the ages from one on in words: 0 -> "all ages", 70 -> "ages 70 and over"."""
    return f"ages {youngest} and over" if youngest else "all ages"


def quarterly(
    activity: pd.DataFrame, area: str = SCOTLAND, first: str = "", last: str = "9999Q4"
) -> pd.DataFrame:
    """Return an area's emergency bed days by quarter, oldest first: quarter, time (engine's axis), bed_days.

    Raises CareshiftError where the area has no rows.
    """
    chosen = activity[(activity["area"] == area) & (activity["admission_type"] == "emergency")]
    chosen = chosen[chosen["quarter"].between(first, last)].sort_values("quarter")
    if chosen.empty:
        raise CareshiftError(f"No emergency bed days for area {area} from {first} to {last}.")
    frame = chosen[["quarter", "bed_days", "status"]].reset_index(drop=True)
    return frame.assign(time=interruption.quarters(frame["quarter"].tolist()))


def all_age_fall(
    official: pd.DataFrame, population: pd.DataFrame, activity: pd.DataFrame, last: int = 2018
) -> pd.DataFrame:
    """Return the fall of all-age emergency bed days to `last`, in percent, under every reading of the start.

    The start is the rate printed as about 74,000 per 100,000 for the years to 2014/15, which we let stand for
    all that rounds to it, or, shown apart, 73,210 in 2015/16. The end is the quarterly activity of `last`.
    """
    about, later = printed(official, RATE_ALL, "2014/15"), printed(official, RATE_ALL, "2015/16")
    starts = {
        f"{label(2014)}: {about:,.0f} per 100,000": (2014, about),
        f"{label(2014)}: {about - APPROXIMATE / 2:,.0f}": (2014, about - APPROXIMATE / 2),
        f"{label(2014)}: {about + APPROXIMATE / 2:,.0f}": (2014, about + APPROXIMATE / 2),
        f"{label(2015)}: {later:,.0f}": (2015, later),
    }
    end = float(by_financial_year(activity)[last])
    rows = []
    for words, (year, rate) in starts.items():
        days = rate * persons(population, year) / 1e5
        at_end = 1e5 * end / persons(population, last)
        rows.append({"start": words, "measure": "days", "value": effect_sizes.percent_fall(days, end)})
        rows.append({"start": words, "measure": "rate", "value": effect_sizes.percent_fall(rate, at_end)})
    return pd.DataFrame(rows).assign(decides=lambda f: f["start"].str.startswith(label(2014)))


def held(activity: pd.DataFrame) -> pd.DataFrame:
    """Return the change of all-age emergency bed days from the first four quarters at hand, in percent.

    Against the calendar year before the pandemic, the last financial year before it, and 2021.
    """
    days = quarterly(activity).set_index("quarter")["bed_days"]
    first = days.iloc[:4].sum()
    spans = {
        "2019": ("2019Q1", "2019Q4"),
        "April 2019 to March 2020": ("2019Q2", "2020Q1"),
        "2021": ("2021Q1", "2021Q4"),
    }
    values = [effect_sizes.percent_change(first, days.loc[a:b].sum()) for a, b in spans.values()]
    return pd.DataFrame({"against": list(spans), "value": values})


def reports_by_area(
    activity: pd.DataFrame,
    areas: pd.DataFrame,
    model: ImpactModel,
    first: str = "",
    last: str = "9999Q4",
    confidence: float = 0.95,
) -> dict[str, Report]:
    """Return the interrupted series of emergency bed days of every health board, by the board's name."""
    boards = areas[areas["type"] == "health board"].set_index("code")["name"]
    reports = {}
    for code, name in boards.items():
        series = quarterly(activity, str(code), first, last)
        short = str(name).removeprefix("NHS ")
        reports[short] = interruption.report(
            series["bed_days"], series["time"], model, unit="bed days", confidence=confidence, placebo=False
        )
    return reports


def indexed(reports: dict[str, Report]) -> pd.DataFrame:
    """Return observed and counterfactual bed days of every area, 100 = its mean quarter before.

    Columns time, observed, fitted, counterfactual, low, high, area.
    """
    frames = []
    for area, report in reports.items():
        frame = from_break(report).set_index("time") * 100 / ordinary(report)
        frames.append(frame.reset_index().assign(area=area))
    return pd.concat(frames, ignore_index=True)


def year_on_year(series: pd.DataFrame, quarter: str) -> float:
    """Return the change of bed days in a quarter from the same quarter a year before, in percent.

    Raises CareshiftError where the series does not hold both.
    """
    days = series.set_index("quarter")["bed_days"]
    before = f"{int(quarter[:4]) - 1}{quarter[4:]}"
    if quarter not in days or before not in days:
        raise CareshiftError(f"The series needs both {before} and {quarter}: choose a longer one.")
    return effect_sizes.percent_change(float(days[before]), float(days[quarter]))


def implied_base(low: float, high: float, grown: pd.DataFrame) -> tuple[float, float]:
    """Return the lowest and highest base value that a projection printed between low and high implies.

    Whatever the pattern by age, unchanged rates make the total grow by no less than the band that grew least
    and no more than the band that grew most (`grown` as from `growth`, in percent).
    """
    bands = 1 + grown.loc[grown["age"] != "65 and over", "growth"] / 100
    return low / bands.max(), high / bands.min()


def _first_age(by_age: pd.DataFrame) -> pd.Series[int]:
    """Return the first year of each row's age band: 0-9 -> 0, 90+ -> 90."""
    return by_age["age_band"].str.extract(r"^(\d+)", expand=False).astype(int)
