"""What the public figures of Scotland say on each question: the change, its readings, a test of the date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from careshift import interruption
from careshift.certainty import DateTest, Eve, Finding
from careshift.topics import (
    care_experience,
    care_homes,
    delayed_discharge,
    emergency_admissions,
    emergency_bed_days,
    four_nations,
    home_care,
)
from careshift.topics.financial_years import label
from careshift.topics.known_questions import finding, points, reading, readings
from careshift.topics.places import SCOTLAND
from careshift.typography import month

if TYPE_CHECKING:
    from careshift.interruption import Report

HERE = "Scotland"
HOME_SPENDING = "lgbf_home_care_spending"
HOMES_SPENDING = "net spending on care homes for older people"
COMMUNITY_SHARE = "adult_social_care_community_share"
CHANGE_FUND = 2011  # first financial year of the fund
EVE_CENSUS = 2016  # the census of care homes on the eve of April 2016


def model(years: tuple[int, ...]) -> interruption.ImpactModel:
    """Return the impact model of a yearly series: level and slope may change at each of these years."""
    return interruption.ImpactModel(
        interruptions=tuple(
            interruption.Interruption(
                at=year, label="Change Fund" if year == CHANGE_FUND else "integration authorities"
            )
            for year in years
        ),
        reason="Integration authorities answered for services from April 2016.",
        axis="fiscal year",
    )


def of_report(report: Report, term: str, before: float, at: str, count_changed: bool) -> DateTest:
    """Return a report's change of one term as a test, in percent of the mean before."""
    effect = report.leading.effect(term)
    parts = [100 * value / before for value in (effect.estimate, effect.low, effect.high)]
    return DateTest(
        design="interrupted series",
        effect=parts[0],
        low=parts[1],
        high=parts[2],
        unit="%",
        at=at,
        count_changed=count_changed,
    )


def _dated(
    series: pd.Series, years: pd.Series, dates: tuple[int, ...], unit: str, changed: bool = False
) -> DateTest:
    """Return the test of a yearly series at the last of these dates."""
    report = interruption.report(series, years, model(dates), unit=unit, placebo=False)
    level = [term for term in report.leading.design.effects if term.startswith("level")][-1]
    before = float(series[years < dates[-1]].mean())
    return of_report(report, level, before, label(dates[-1]), changed)


def admissions(rates: pd.DataFrame, councils: pd.DataFrame, last: int, integration: int) -> Finding:
    """Return whether emergency admissions at ages 65 and over fell, a head, to the last year.

    From the first year, from the Change Fund and from each of the last two years before joining up: a change
    that came before the date says nothing of it.
    """
    means = emergency_admissions.council_mean(rates, councils)
    own = emergency_admissions.chained(means).dropna()
    mean = means.set_index("year")["mean"]
    first, eve = int(own.index.min()), integration - 1
    starts = [year for year in (first, 2008, CHANGE_FUND, eve - 1, eve) if first <= year < last]
    every = [reading(f"per head, from {label(y)}", own[y], own[last]) for y in starts]
    every += [
        reading(f"per head, councils at the weights of 2019, from {label(y)}", mean[y], mean[last])
        for y in (first, eve)
    ]
    window = means[means["year"].between(first, max(last, 2019))]
    return finding(
        "emergency-admissions",
        HERE,
        what="emergency admissions per head at ages 65 and over",
        period=f"{label(first)} to {label(last)}",
        readings=tuple(every),
        eve=parted(own, first, eve, last),
        design="before and after",
        test=_dated(window["mean"], window["year"], (CHANGE_FUND, integration), "admissions per 100,000"),
        chapter="scotland/emergency_admissions",
    )


def parted(series: pd.Series, first: int, eve: int, last: int) -> Eve:
    """Return the change of a yearly series up to the year before joining up, and after it, in percent."""
    up, on = (reading("", series[a], series[b]).value for a, b in ((first, eve), (eve, last)))
    return Eve(at=label(eve), before=up, after=on)


def bed_days(
    official: pd.DataFrame, population: pd.DataFrame, activity: pd.DataFrame, by_age: pd.DataFrame
) -> Finding:
    """Return whether emergency bed days fell: the official rate at 75 and over, days of all ages and at 70.

    The print of all ages is rounded: it counts once a measure, not for each number that it may stand for.
    """
    years = emergency_bed_days.expected_days(official, population, 2018).dropna(subset="rate")
    first, last = years.iloc[0], years.iloc[-1]
    lead = f"per head at 75 and over, {first['financial_year']} to {last['financial_year']}"
    falls = emergency_bed_days.all_age_fall(official, population, activity)
    falls = falls[falls["start"] == falls["start"].iloc[0]]
    others = [
        (f"all ages, {m}, to 2018/19, from {s}", -v)
        for s, m, v in zip(falls["start"], falls["measure"], falls["value"], strict=True)
    ]
    old = emergency_bed_days.bounds_at_65(by_age).set_index("year")["lowest"].loc[:2019]
    ends = f"{label(int(old.index[0]))} to {label(int(old.index[-1]))}"
    return finding(
        "bed-days",
        HERE,
        what="emergency bed days per head at ages 75 and over",
        period=f"{first['financial_year']} to {last['financial_year']}",
        readings=(
            reading(lead, first["rate"], last["rate"]),
            *readings(others),
            reading(f"days at 70 and over, {ends}", old.iloc[0], old.iloc[-1]),
        ),
        design="before and after",
        nearest=f"no public series of ages 65 and over, and at 75 it stops in {last['financial_year']}",
        count_changed="the readings for all ages join two publications",
        chapter="scotland/emergency_bed_days",
    )


def delays(
    official: pd.DataFrame,
    yearly_days: pd.DataFrame,
    monthly_days: pd.DataFrame,
    population: pd.DataFrame,
    last: int,
    integration: int,
) -> Finding:
    """Return whether delays in leaving hospital fell: bed days at 75 and over, long waits, beds by month."""
    years = delayed_discharge.yearly(yearly_days, population, official, 2012, last)
    waits = delayed_discharge.over_six_weeks(official)["all_reasons"].dropna()
    beds = delayed_discharge.monthly(monthly_days, SCOTLAND, "18+")
    early, late = beds.iloc[:12], beds.iloc[-12:]
    every = (
        reading(f"bed days at 75 and over, {label(2012)} to {label(last)}", *_ends(years["bed_days"])),
        reading("people delayed over six weeks, 2004 to 2011", *_ends(waits)),
        reading(
            f"beds taken, the year from {early['month'].iloc[0]} to that to {late['month'].iloc[-1]}",
            early["beds"].mean(),
            late["beds"].mean(),
        ),
    )
    window = delayed_discharge.yearly(yearly_days, population, official, 2012, max(last, 2019))
    return finding(
        "delays",
        HERE,
        what="bed days of delayed discharges at ages 75 and over",
        period=f"{label(2012)} to {label(last)}",
        readings=every,
        design="before and after",
        count_changed="delays are counted in another way from July 2016",
        after_pandemic=str(late["month"].iloc[-1]) > "2020-02",
        test=_dated(
            window["bed_days"], window["year"], (integration,), "bed days", changed=integration == 2016
        ),
        chapter="scotland/delayed_discharge",
    )


def _ends(series: pd.Series) -> tuple[float, float]:
    return float(series.iloc[0]), float(series.iloc[-1])


def in_care_homes(
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    bases: tuple[int, ...],
    year: int,
) -> Finding:
    """Return how far care-home residents lie from what the base years' rates would give, in percent."""
    frames = [
        care_homes.shortfalls(base, year, residents=residents, official=official, population=population)
        for base in bases
    ]
    made = care_homes.stacked(*frames)
    made = made[made["decides"]]
    every = [
        (f"rates of {b}, {s}, population of {p}", -v)
        for b, s, p, v in zip(
            made["base"], made["sexes"], made["base_population"], made["value"], strict=True
        )
    ]
    then = care_homes.shortfalls(
        bases[0], EVE_CENSUS, residents=residents, official=official, population=population
    )
    before = -float(then[then["decides"]]["value"].iloc[0])
    return finding(
        "care-homes",
        HERE,
        what=f"older people in care homes than the rates of {bases[0]} would give",
        period=f"March {year}",
        readings=readings(every),
        eve=Eve(at=f"March {EVE_CENSUS}", before=before) if year > EVE_CENSUS else None,
        design="expected counts",
        chapter="scotland/care_home_residents",
    )


def at_home(
    care: pd.DataFrame, indicators: pd.DataFrame, official: pd.DataFrame, last: int, integration: int
) -> Finding:
    """Return whether more people get care at home: people, hours, and the share of those in high need."""
    every = care[(care["area"] == SCOTLAND) & (care["age_group"] == "all ages")].set_index("financial_year")
    first, end = str(every.index.min()), label(last)
    share = home_care.cared_for_at_home(indicators)
    before = share[share["year"] <= max(last, 2019)]
    at = share.set_index("year")["percent"]
    clients = home_care.any_hours(official)
    return finding(
        "care-at-home",
        HERE,
        what="the number of people with home care",
        period=f"{first} to {end}",
        readings=(
            reading(f"people, all ages, {first} to {end}", every["people"][first], every["people"][end]),
            reading(f"hours, all ages, {first} to {end}", every["hours"][first], every["hours"][end]),
            reading(
                f"share at home of older people in high need, {at.iloc[0]:.0f} to {at[last]:.0f} %",
                at.iloc[0],
                at[last],
            ),
            reading(
                f"people aged 65 and over, {clients['period'].iloc[0]} to {clients['period'].iloc[-1]}",
                *_ends(clients["clients"]),
            ),
        ),
        design="before and after",
        test=_dated(before["percent"], before["year"], (integration,), "percentage points"),
        chapter="scotland/intensive_home_care",
    )


def experience(answers: pd.DataFrame, first: str, last: str) -> Finding:
    """Return whether answers on people's experience of care got better, in percentage points."""
    moved = care_experience.changes(care_experience.waves(answers), first, last).dropna(subset="change")
    middle = moved.iloc[(moved["change"] - moved["change"].median()).abs().argsort()]
    return finding(
        "experience",
        HERE,
        what="the share of good answers on care and support",
        period=f"{first} to {last}",
        unit="points",
        readings=readings(zip(middle["item"], middle["change"], strict=True)),
        design="before and after",
        count_changed="the questions were revised for 2017/18" if first < "2017/18" <= last else None,
        sampled=True,
        after_pandemic=last > "2019/20",
        chapter="scotland/care_experience",
    )


def money_moved(found: pd.DataFrame, indicators: pd.DataFrame, last: int) -> Finding:
    """Return whether councils' money for older people moved from care homes to care at home."""
    home = found[(found["series_id"] == HOME_SPENDING) & (found["area"] == SCOTLAND)]
    homes = indicators[(indicators["indicator"] == HOMES_SPENDING) & (indicators["area"] == SCOTLAND)]
    spent = pd.DataFrame(
        {
            "home": home.set_index("period")["value"].astype(float),
            "homes": homes.set_index("financial_year")["value"].astype(float),
        }
    ).dropna()
    share = 100 * spent["home"] / spent.sum(axis=1)
    first, end = str(share.index.min()), label(last)
    text = found[(found["series_id"] == COMMUNITY_SHARE) & (found["age_group"] == "65+")].sort_values(
        "period"
    )
    years = f"{text['period'].iloc[0]} to {text['period'].iloc[-1]}"
    return finding(
        "money-moved",
        HERE,
        what="care at home’s share of councils’ money for older people",
        period=f"{first} to {end}",
        unit="points",
        readings=(
            points(
                f"home care beside care homes, {first} to {end}{_ends_words(*_ends(share[:end]))}",
                *_ends(share[:end]),
            ),
            points(
                f"care in the community beside care homes, {years}{_ends_words(*_ends(text['value']))}",
                *_ends(text["value"]),
            ),
        ),
        design="before and after",
        nearest="councils only, and home care may be gross where care homes are net; no series has hospitals",
        chapter="scotland/money",
    )


def _ends_words(first: float, last: float) -> str:
    return f", from {first:.1f} to {last:.1f} %"


def money_saved() -> Finding:
    """Return that no public figure says whether joining up saved money."""
    return finding("money-saved", HERE, chapter="scotland/money")


def attendances(
    by_nation: Mapping[str, pd.DataFrame], people: pd.Series, first: str, last: str, at: str
) -> Finding:
    """Return whether attendances at emergency departments fell, and how beside the other three nations."""
    months = four_nations.monthly(by_nation, people, "major", first, last)
    every = four_nations.monthly(by_nation, people, "all", first, last)
    years = four_nations.by_year(months)
    when = float(interruption.months([at])[0])
    dated = interruption.ImpactModel(
        interruptions=(interruption.Interruption(at=when, label="integration authorities"),),
        reason="Integration authorities answered for services from April 2016.",
        harmonics=6,
        period=12,
        axis="month",
    )
    turns = four_nations.in_turn(months, dated, HERE)
    mine = turns[(turns["nation"] == HERE) & turns["term"].str.startswith("level")].iloc[0]
    before = float(months.loc[months["time"] < when, HERE].mean())
    low, high, effect = (100 * float(mine[part]) / before for part in ("low", "high", "estimate"))
    return finding(
        "attendances",
        HERE,
        what="visits to major emergency departments per head",
        period=f"{years['financial_year'].iloc[0]} to {years['financial_year'].iloc[-1]}",
        readings=(
            reading("major departments", *_ends(years[HERE])),
            reading("all departments", *_ends(four_nations.by_year(every)[HERE])),
        ),
        design="comparison",
        test=DateTest(
            design="comparison",
            effect=effect,
            low=low,
            high=high,
            unit="%",
            at=month(at),
            alike=float(mine["share"]),
        ),
        chapter="four_nations/emergency_attendances",
    )
