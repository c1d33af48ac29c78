"""What the public figures of Wales and Northern Ireland say on the same questions, where there are any."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from careshift.certainty import Finding
from careshift.topics import (
    four_nations,
    northern_ireland_services,
    public_spending,
    welsh_admissions,
    welsh_delays,
)
from careshift.topics.known_questions import QUESTIONS, finding, points, reading
from careshift.topics.public_spending import HEALTH, SOCIAL

WALES, NORTHERN_IRELAND = "Wales", "Northern Ireland"
PLACES = ("Scotland", WALES, NORTHERN_IRELAND)
NON_ELECTIVE = "ni_non_elective_inpatients"
CLIENTS, HOURS = "ni_home_care_clients", "ni_home_care_hours"


def welsh(admitted: pd.DataFrame, official: pd.DataFrame, census: pd.DataFrame) -> list[Finding]:
    """Return the findings on Wales: admissions for three conditions, and delayed transfers."""
    years = sorted(admitted["financial_year"].unique())
    falls = welsh_admissions.falls(welsh_admissions.counts(admitted, years[0], years[-1]), 0.95, "exact")
    every = welsh_admissions.row(falls, welsh_admissions.ALL, "admission")
    waits = welsh_delays.values(official, census).dropna(subset="date")
    first, last = waits.iloc[0], waits.iloc[-1]
    return [
        finding(
            "emergency-admissions",
            WALES,
            what="emergency admissions for three conditions",
            period=f"{years[0]} to {years[-1]}",
            readings=(reading("three conditions together", every["earlier"], every["later"]),),
            interval=(-float(every["high"]), -float(every["low"])),
            design="before and after",
            part="three conditions only, and two years",
            chapter="wales/admission_reductions",
        ),
        finding(
            "delays",
            WALES,
            what="the number of people delayed in hospital",
            period=f"{first['when']} to {last['when']}",
            readings=(reading("people delayed", first["people"], last["people"]),),
            design="before and after",
            count_changed="the first figure is the average of a quarter, the last one census",
            chapter="wales/delayed_transfers",
        ),
    ]


def northern_irish(found: pd.DataFrame, beds: pd.DataFrame, last: int) -> list[Finding]:
    """Return the findings on Northern Ireland: stays that were not planned, beds in use, care at home."""
    stays = _series(found, NON_ELECTIVE)
    yearly = northern_ireland_services.yearly_beds(beds)
    used = (yearly["available"] * yearly["occupancy"] / 100).groupby(yearly["year"]).sum()
    used = used[used.index <= last]
    name = northern_ireland_services.financial_year
    clients, hours = _series(found, CLIENTS), _series(found, HOURS)
    return [
        finding(
            "emergency-admissions",
            NORTHERN_IRELAND,
            what="unplanned hospital stays",
            period=f"{stays.index[0]} to {stays.index[-1]}",
            readings=(reading("stays", stays.iloc[0], stays.iloc[-1]),),
            design="before and after",
            nearest="all ages, and not a rate",
            chapter="northern_ireland/services",
        ),
        finding(
            "bed-days",
            NORTHERN_IRELAND,
            what="the number of hospital beds in use",
            period=f"{name(int(used.index[0]))} to {name(int(used.index[-1]))}",
            readings=(reading("beds in use", used.iloc[0], used.iloc[-1]),),
            design="before and after",
            part="every kind of stay and all ages",
            chapter="northern_ireland/services",
        ),
        finding(
            "care-at-home",
            NORTHERN_IRELAND,
            what="the number of adults with home care",
            period=f"{clients.index[0]} to {clients.index[-1]}",
            readings=(
                reading("people", clients.iloc[0], clients.iloc[-1]),
                reading("hours", hours.iloc[0], hours.iloc[-1]),
            ),
            design="before and after",
            after_pandemic=str(clients.index[-1])[-4:] >= "2020",
            chapter="northern_ireland/services",
        ),
    ]


def _series(found: pd.DataFrame, name: str) -> pd.Series:
    """Return a series of values in the order of its periods, which end in a year or begin with one."""
    chosen = found[found["series_id"] == name]
    return (
        chosen.assign(order=chosen["period"].str.extract(r"(\d{4})")[0])
        .sort_values("order")
        .set_index("period")["value"]
    )


def money(spending: pd.DataFrame) -> list[Finding]:
    """Return whether social care's part of spending rose, in Wales and Northern Ireland.

    Each change lies within one release: releases sort spending anew and are never joined.
    """
    made = []
    for place in (WALES, NORTHERN_IRELAND):
        parts = {release: _social_share(spending, release, place) for release in _usable(spending, place)}
        latest = parts[max(parts)]
        every = [
            points(f"{s.index[0]} to {s.index[-1]}, release of {r}", s.iloc[0], s.iloc[-1])
            for r, s in sorted(parts.items(), reverse=True)
        ]
        made.append(
            finding(
                "money-moved",
                place,
                what="social care’s part of what is spent on health and social care",
                period=f"{latest.index[0]} to {latest.index[-1]}",
                unit="points",
                readings=tuple(every),
                design="before and after",
                part="all social care beside all health care, for all ages",
                chapter="wales/money" if place == WALES else "northern_ireland/spending_per_head",
            )
        )
    return made


def _usable(spending: pd.DataFrame, place: str) -> list[int]:
    """Return the releases in which no amount of a place jumps so far that it must have been sorted anew."""
    return [
        release
        for release in public_spending.releases(spending)
        if not any(
            place in public_spending.resorted(spending, release, function, year)
            for function in (HEALTH, SOCIAL)
            for year in public_spending.years(spending, release)[:-1]
        )
    ]


def _social_share(spending: pd.DataFrame, release: int, place: str) -> pd.Series:
    years = public_spending.years(spending, release)
    social = [public_spending.million(spending, release, SOCIAL, year)[place] for year in years]
    health = [public_spending.million(spending, release, HEALTH, year)[place] for year in years]
    return pd.Series([100 * s / (s + h) for s, h in zip(social, health, strict=True)], index=years)


def attendances(
    by_nation: Mapping[str, pd.DataFrame], people: pd.Series, first: str, last: str
) -> list[Finding]:
    """Return how visits to emergency departments per head moved in Wales and Northern Ireland."""
    major, every = (
        four_nations.by_year(four_nations.monthly(by_nation, people, kind, first, last))
        for kind in four_nations.DEPARTMENTS
    )
    return [
        finding(
            "attendances",
            place,
            what="visits to major emergency departments per head",
            period=f"{major['financial_year'].iloc[0]} to {major['financial_year'].iloc[-1]}",
            readings=(
                reading("major departments", major[place].iloc[0], major[place].iloc[-1]),
                reading("all departments", every[place].iloc[0], every[place].iloc[-1]),
            ),
            design="before and after",
            chapter="four_nations/emergency_attendances",
        )
        for place in (WALES, NORTHERN_IRELAND)
    ]


def complete(found: list[Finding]) -> list[Finding]:
    """Return a finding for each question and nation, in order; where no figure is at hand it says so."""
    known = {(item.id, item.place): item for item in found}
    return [known.get((name, place)) or finding(name, place) for name in QUESTIONS for place in PLACES]
