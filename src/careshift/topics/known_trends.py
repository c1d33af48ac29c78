"""The four long trends of Scotland that lead the book: care homes, bed days, admissions, delays.

Each is a frame with a row a value: time (decimal year), when (in words), series (its name), concept
("actual", "expected", "other" or "earlier"), value. Counts of another definition are a series of their own,
never joined.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable

import pandas as pd

from careshift.project import CareshiftError
from careshift.topics import (
    care_homes,
    delayed_discharge,
    emergency_admissions,
    emergency_admissions_since,
    emergency_bed_days,
)
from careshift.topics.delayed_discharge import NEW_COUNT, TOTAL
from careshift.topics.financial_years import label, start_of
from careshift.topics.places import SCOTLAND

MID_YEAR, CENSUS = 0.75, 0.25  # the middle of a financial year after its start; 31 March
HOMES = "care_homes_older_people_residents"
COLUMNS = ["time", "when", "series", "concept", "value"]
PANDEMIC = (2020 + 2 / 12, "Pandemic")
YEARS = 12  # months


def of_residents(
    residents: pd.DataFrame, official: pd.DataFrame, population: pd.DataFrame, base: int
) -> pd.DataFrame:
    """Return residents of care homes each March: an older count, those aged 65 and over, and the expected."""
    older = official[official["series_id"] == HOMES]
    homes = [
        (int(str(period)[-4:]), value) for period, value in zip(older["period"], older["value"], strict=True)
    ]
    split = care_homes.split_years(residents)
    last = max(split)
    totals = range(2000, last + 1)
    actual = [(year, care_homes.counted(residents, official, year)) for year in totals]
    until = int(population["year"].max())
    expected = care_homes.series(base, until, "mid-year after", residents, official, population)
    rows = zip(expected["year"], expected["expected"], strict=True)
    start = min(year for year, value in actual if value == value)
    return _frame(
        _march(homes, "All residents of homes for older people", "other"),
        _march([row for row in actual if row[0] >= start], "Long-stay residents aged 65+", "actual"),
        _march(rows, f"Expected at the rates of {base}", "expected"),
    )


def of_bed_days(official: pd.DataFrame, population: pd.DataFrame, by_age: pd.DataFrame) -> pd.DataFrame:
    """Return emergency bed days in million by financial year: official at 75+, expected, and 70+."""
    years = emergency_bed_days.expected_days(official, population, int(population["year"].max()))
    seventy = emergency_bed_days.bounds_at_65(by_age)
    million = emergency_bed_days.MILLION
    known = years[years["year"] <= years.dropna(subset="actual")["year"].max()]
    first = label(int(years["year"].iloc[0]))
    return _frame(
        _financial(
            zip(known["year"], known["actual"] / million, strict=True), "Ages 75+, official", "actual"
        ),
        _financial(
            zip(years["year"], years["expected"] / million, strict=True),
            f"Ages 75+, expected at the rate of {first}",
            "expected",
        ),
        _financial(
            zip(seventy["year"], seventy["lowest"] / million, strict=True), "Ages 70+, counted", "other"
        ),
    )


def of_admissions(rates: pd.DataFrame, councils: pd.DataFrame) -> pd.DataFrame:
    """Return emergency admissions per 1,000 people aged 65 and over, beside the rate of the first year.

    The newest release rests on another census and is a series of its own.
    """
    own = emergency_admissions.chained(emergency_admissions.council_mean(rates, councils)).dropna()
    newest = emergency_admissions_since.newest(rates)
    first, at_first = label(int(own.index[0])), float(own.iloc[0])
    later = ((start_of(str(year)), rate / 100) for year, rate in newest.items())
    span = range(int(own.index[0]), start_of(str(newest.index[-1])) + 1)
    return _frame(
        _financial(zip(own.index, own / 100, strict=True), "Admissions", "actual"),
        _financial(later, "Admissions, later census", "other"),
        _financial([(year, at_first / 100) for year in span], f"The rate of {first}", "expected"),
    )


def of_delays(
    official: pd.DataFrame, found: pd.DataFrame, census: pd.DataFrame, delays: pd.DataFrame
) -> pd.DataFrame:
    """Return people delayed on a day: single counts, the monthly census, the beds of each month."""
    texts = pd.concat([official, found])
    single = texts[(texts["series_id"] == TOTAL) & (texts["area"] == SCOTLAND)]
    when = pd.to_datetime(single["period"], format="%B %Y", errors="coerce")
    points = sorted(
        {(f"{day:%Y-%m}", float(v)) for day, v in zip(when, single["value"], strict=True) if day == day}
    )
    people = census.set_index(census["date"].dt.strftime("%Y-%m"))["people"].astype(float)
    before = [(month, value) for month, value in people.items() if str(month) < NEW_COUNT]
    beds = delayed_discharge.monthly(delays, SCOTLAND, "18+")
    return _frame(
        _monthly(points, "People delayed, single counts", "earlier"),
        _monthly(before, "People delayed, monthly census", "other"),
        _monthly(zip(beds["month"], beds["beds"], strict=True), "Beds taken, average of the month", "actual"),
    )


def change(trend: pd.DataFrame, concept: str, ends: int = 1) -> tuple[float, str, str]:
    """Return the change of a series in percent, from its first to its last `ends` values, and both dates."""
    part = trend[trend["concept"] == concept].dropna(subset="value")
    if len(part) < 2 * ends:
        raise CareshiftError(f"The series has {len(part)} values; a change needs {2 * ends}.")
    first, last = part["value"].iloc[:ends].mean(), part["value"].iloc[-ends:].mean()
    return 100 * (last / first - 1), str(part["when"].iloc[0]), str(part["when"].iloc[-1])


def gap(trend: pd.DataFrame) -> tuple[float, str]:
    """Return by how many percent the actual lies from the expected, at the last date of both, and when."""
    wide = trend.pivot_table(index=["time", "when"], columns="concept", values="value").dropna(
        subset=["actual", "expected"]
    )
    last = wide.iloc[-1]
    return 100 * (float(last["actual"]) / float(last["expected"]) - 1), str(wide.index[-1][1])


def base(trend: pd.DataFrame) -> str:
    """Return the date whose rate the expected numbers of a trend hold."""
    return str(trend.loc[trend["concept"] == "expected", "when"].iloc[0])


def _frame(*parts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _rows(rows: list[tuple[float, str, float]], series: str, concept: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["time", "when", "value"])
    return frame.assign(series=series, concept=concept)


def _march(rows: Iterable[tuple[int, float]], series: str, concept: str) -> pd.DataFrame:
    return _rows([(y + CENSUS, f"March {y}", float(v)) for y, v in rows], series, concept)


def _financial(rows: Iterable[tuple[int, float]], series: str, concept: str) -> pd.DataFrame:
    return _rows([(y + MID_YEAR, label(int(y)), float(v)) for y, v in rows], series, concept)


def _monthly(rows: Iterable[tuple[object, float]], series: str, concept: str) -> pd.DataFrame:
    """Return the months of a series; one that is missing between them is a gap."""
    known = {pd.Period(str(month), freq="M"): float(value) for month, value in rows}
    every = known if concept == "earlier" else pd.period_range(min(known), max(known), freq="M")
    return _rows(
        [
            (
                p.year + (p.month - 0.5) / YEARS,
                f"{calendar.month_name[p.month]} {p.year}",
                known.get(p, float("nan")),
            )
            for p in every
        ],
        series,
        concept,
    )
