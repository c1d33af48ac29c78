"""What is known of each council area and health board: one measure a function, all in one tidy frame.

Every function answers columns area, period (as published: "2013/14", "March 2014", "mid-2022"), time (decimal
year), value and status: ok, or why there is no figure. A gap stays a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from careshift.topics.areas_people import LATEST, Tables, aged, aged_75
from careshift.topics.areas_series import (
    HALF,
    at_census,
    by_year,
    per_person,
    ratio,
    whole_grid,
    years_of_months,
    years_of_quarters,
)
from careshift.topics.financial_years import label
from careshift.topics.places import SCOTLAND

Kind = Literal["council", "health board"]
RELEASE = 2023  # of the emergency admission rates: the two releases are never joined
HOMES = "older people"  # care homes of this main client group


@dataclass(frozen=True)
class Measure:
    """One thing that is known of every area of a kind, and the function that makes it.

    `size` is the age from which people stand behind it; None means that it is not ranked. `over_time` says
    whether the page draws it over time; a table shows the rest.
    """

    key: str
    label: str
    unit: str
    table: str
    make: Callable[[Tables], pd.DataFrame]
    size: int | None = 18
    digits: int = 1
    over_time: bool = True


def council_measures() -> tuple[Measure, ...]:
    """Return the measures of council areas, in the order of the page."""
    old, many = "per 1,000 people aged 75+", "per 1,000 people"
    indicators = "local_indicators"
    return (
        Measure("admissions", "Emergency admissions, 65+", "per 1,000 people aged 65+",
                "emergency_admission_rates", admissions, 65),
        Measure("delayed_75", "Days delayed in hospital, 75+", f"days a year {old}",
                "delayed_discharge_75plus", delayed_75, 75, 0),
        Measure("delayed_18", "Delayed beds, 18+", "beds a day per 100,000 adults",
                "delayed_discharge", delayed_18, over_time=False),
        Measure("residents", "Long-stay care-home residents", old,
                "care_home_residents_by_stay", residents, 75),
        Measure("places", "Care-home places, older people", old, "care_home_places", places, 75),
        Measure("home_care", "Home care, all ages", many, "care_at_home", home_care("all ages")),
        Measure("home_care_85", "Home care, 85+", "per 1,000 people aged 85+", "care_at_home",
                home_care("85+"), 85, 0),
        Measure("intensive", "Intensive needs met at home, 65+", "% of people with such needs", indicators,
                indicator("people aged 65 and over with intensive needs who receive care at home"), 65),
        Measure("readmissions", "Readmissions within 28 days", "per 1,000 discharges", indicators,
                indicator("readmissions within 28 days")),
        Measure("graded_good", "Care services graded good", "% of services", indicators,
                indicator("care services graded good or better")),
        Measure("quality_of_life", "Survey: quality of life", "% agree", "care_experience",
                survey("quality of life"), over_time=False),
        Measure("independence", "Survey: independence", "% agree", "care_experience",
                survey("independence"), over_time=False),
        Measure("say", "Survey: say in support", "% agree", "care_experience",
                survey("say in support"), over_time=False),
        Measure("rated_good", "Survey: care rated good", "% of answers", "care_experience",
                survey("care rated good"), over_time=False),
        Measure("carers", "Survey: carers feel supported", "% agree", "care_experience",
                survey("carers supported"), over_time=False),
        Measure("growth_75", "Growth of people aged 75+", "mid-2013 = 100", indicators, growth_75, None),
    )  # fmt: skip


def board_measures() -> tuple[Measure, ...]:
    """Return the measures of health boards, in the order of the page."""
    many, activity = "per 1,000 people", "emergency_inpatient_activity"
    attended = "emergency_attendances_scotland"
    return (
        Measure("delayed_18", "Delayed beds, 18+", "beds a day per 100,000 adults",
                "delayed_discharge", delayed_18, over_time=False),
        Measure("delayed_75", "Days delayed in hospital, 75+", "days a year per 1,000 people aged 75+",
                "delayed_discharge", delayed_75_months, 75, 0),
        Measure("stays", "Emergency hospital stays", many, activity, inpatients("stays"), 0),
        Measure("bed_days", "Emergency bed days", many, activity, inpatients("bed_days"), 0, 0),
        Measure("length", "Mean length of an emergency stay", "days", activity, length_of_stay, 0, 2),
        Measure("attendances", "A&E attendances", many, attended, attendances, 0, 0),
        Measure("four_hours", "A&E within four hours", "% at emergency departments", attended, four_hours, 0),
        Measure("beds", "Staffed beds", many, "hospital_beds", beds, 0, 2),
        Measure("occupancy", "Occupied acute beds", "% of staffed acute beds", "hospital_beds", occupancy, 0),
        Measure("long_stay", "Geriatric long-stay beds in use", "per 1,000 people aged 75+", "hospital_beds",
                long_stay, 75, 2),
    )  # fmt: skip


def measures(kind: Kind) -> tuple[Measure, ...]:
    """Return the measures of a kind of area."""
    return council_measures() if kind == "council" else board_measures()


def values(kind: Kind, tables: Tables, only: Iterable[str] | None = None) -> pd.DataFrame:
    """Return every measure of every area of a kind and of Scotland, in one tidy frame.

    Columns measure, area, period, time, value, status. A period that some area has stands for every area;
    without a row there, the status is "no figure".
    """
    areas = tables["areas"]
    codes = [*areas.loc[areas["type"] == kind, "code"], SCOTLAND]
    chosen = [m for m in measures(kind) if only is None or m.key in set(only)]
    frames = [whole_grid(measure.make(tables), codes).assign(measure=measure.key) for measure in chosen]
    return pd.concat(frames, ignore_index=True)


def admissions(tables: Tables) -> pd.DataFrame:
    """Emergency admissions at ages 65 and over per 1,000 people, release of 2023."""
    rows = tables["emergency_admission_rates"]
    rows = rows[rows["vintage"] == RELEASE]
    return by_year(rows["area"], rows["financial_year"], rows["rate"] / 100)


def delayed_75(tables: Tables) -> pd.DataFrame:
    """Bed days of delayed discharges at ages 75 and over per 1,000 people, by financial year.

    The yearly table to 2016/17, the sum of twelve months after it: where both have a year they agree.
    """
    early = tables["delayed_discharge_75plus"]
    early = early[early["financial_year"] < label(2017)].rename(columns={"bed_days": "number"})
    late = years_of_months(_delays(tables, "75+"), "bed_days")
    return per_person(pd.concat([early, late], ignore_index=True), aged_75(tables), 1000)


def delayed_75_months(tables: Tables) -> pd.DataFrame:
    """Bed days of delayed discharges at ages 75 and over per 1,000 people of mid-2022."""
    days = years_of_months(_delays(tables, "75+"), "bed_days")
    return per_person(days, aged(tables, 75)[[LATEST]], 1000, fixed=LATEST)


def delayed_18(tables: Tables) -> pd.DataFrame:
    """Beds that delayed adults hold on an average day of the year, per 100,000 adults of mid-2022."""
    days = years_of_months(_delays(tables, "18+"), "bed_days")
    return per_person(days, aged(tables, 18)[[LATEST]], 100_000, fixed=LATEST, daily=True)


def residents(tables: Tables) -> pd.DataFrame:
    """Long-stay residents of care homes for older people on 31 March, per 1,000 people aged 75 and over."""
    rows = tables["care_home_residents_by_stay"]
    rows = rows[(rows["stay"] == "long") & (rows["client_group"] == HOMES)]
    return at_census(rows, "residents", aged_75(tables))


def places(tables: Tables) -> pd.DataFrame:
    """Return registered places in older people's care homes on 31 March, per 1,000 aged 75 and over."""
    rows = tables["care_home_places"]
    return at_census(rows[rows["client_group"] == HOMES], "places", aged_75(tables))


def home_care(ages: str) -> Callable[[Tables], pd.DataFrame]:
    """Return the measure: people of these ages who receive home care per 1,000, the publisher's own rate."""

    def make(tables: Tables) -> pd.DataFrame:
        rows = tables["care_at_home"]
        rows = rows[rows["age_group"] == ages]
        return by_year(rows["area"], rows["financial_year"], rows["rate"], rows["people_status"])

    return make


def indicator(name: str) -> Callable[[Tables], pd.DataFrame]:
    """Return the measure: one indicator of the benchmarking data, as published."""

    def make(tables: Tables) -> pd.DataFrame:
        rows = tables["local_indicators"]
        rows = rows[rows["indicator"] == name]
        return by_year(rows["area"], rows["financial_year"], rows["value"])

    return make


def survey(item: str) -> Callable[[Tables], pd.DataFrame]:
    """Return the measure: positive answers to one item of the care experience survey, percent."""

    def make(tables: Tables) -> pd.DataFrame:
        rows = tables["care_experience"]
        rows = rows[rows["item"] == item]
        return by_year(rows["area"], rows["survey"], rows["percent"])

    return make


def growth_75(tables: Tables) -> pd.DataFrame:
    """People aged 75 and over against mid-2013 = 100, without mid-2022, which stands on another basis."""
    people = aged_75(tables).drop(columns=LATEST)
    index = 100 * people.div(people[people.columns.min()], axis="index")
    long = index.reset_index().melt("area", var_name="year", value_name="value")
    year = long["year"].astype(int)
    return long.assign(period=[f"mid-{y}" for y in year], time=year + HALF, status="ok").drop(columns="year")


def inpatients(column: str) -> Callable[[Tables], pd.DataFrame]:
    """Return the measure: emergency stays or bed days of a year per 1,000 people of mid-2022."""

    def make(tables: Tables) -> pd.DataFrame:
        return per_person(_stays(tables, column), aged(tables, 0)[[LATEST]], 1000, fixed=LATEST)

    return make


def length_of_stay(tables: Tables) -> pd.DataFrame:
    """Emergency bed days for each emergency stay of a year."""
    return ratio(_stays(tables, "bed_days"), _stays(tables, "stays"))


def attendances(tables: Tables) -> pd.DataFrame:
    """Attendances at emergency departments and minor injury units per 1,000 people of mid-2022."""
    rows = tables["emergency_attendances_scotland"]
    monthly = rows.groupby(["area", "month"])["attendances"].sum().reset_index()
    yearly = years_of_months(monthly, "attendances")
    return per_person(yearly, aged(tables, 0)[[LATEST]], 1000, fixed=LATEST)


def four_hours(tables: Tables) -> pd.DataFrame:
    """Attendances at emergency departments that ended within four hours, percent."""
    rows = tables["emergency_attendances_scotland"]
    rows = rows[rows["department"] == "major"]
    return ratio(years_of_months(rows, "within_4_hours"), years_of_months(rows, "attendances"), 100)


def beds(tables: Tables) -> pd.DataFrame:
    """Staffed beds of all specialties on an average day per 1,000 people of mid-2022."""
    yearly = _beds(tables, "all", "available_bed_days")
    return per_person(yearly, aged(tables, 0)[[LATEST]], 1000, fixed=LATEST, daily=True)


def occupancy(tables: Tables) -> pd.DataFrame:
    """Occupied acute beds in percent of the staffed ones."""
    used = _beds(tables, "all acute", "occupied_bed_days")
    return ratio(used, _beds(tables, "all acute", "available_bed_days"), 100)


def long_stay(tables: Tables) -> pd.DataFrame:
    """Occupied beds of geriatric long stay on an average day, per 1,000 people aged 75+ of mid-2022."""
    yearly = _beds(tables, "geriatric, long stay", "occupied_bed_days")
    return per_person(yearly, aged(tables, 75)[[LATEST]], 1000, fixed=LATEST, daily=True)


def _delays(tables: Tables, ages: str) -> pd.DataFrame:
    rows = tables["delayed_discharge"]
    return rows[(rows["age_group"] == ages) & (rows["reason"] == "all")]


def _stays(tables: Tables, column: str) -> pd.DataFrame:
    rows = tables["emergency_inpatient_activity"]
    return years_of_quarters(rows[rows["admission_type"] == "emergency"], column)


def _beds(tables: Tables, specialty: str, column: str) -> pd.DataFrame:
    rows = tables["hospital_beds"]
    return years_of_quarters(rows[rows["specialty"] == specialty], column)
