"""Emergency attendances of the four nations on one footing, and Scotland beside the other three."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from careshift import effect_sizes, interruption
from careshift.project import CareshiftError
from careshift.topics.financial_years import label
from careshift.typography import rise_or_fall

if TYPE_CHECKING:
    from careshift.interruption import ImpactModel, Report

NATIONS = {
    "Scotland": "S92000003",
    "Wales": "W92000004",
    "Northern Ireland": "N92000002",
    "England": "E92000001",
}
DEPARTMENTS = ("major", "all")
YEAR = 365.25


def populations(population_uk: pd.DataFrame, population_areas: pd.DataFrame) -> pd.Series:
    """Return the mid-year population of the four nations by area and year, in persons.

    The series of the four countries to its last year, the releases by age after it.
    """
    early = population_uk.set_index(["area", "year"])["population"]
    later = population_areas[population_areas["area"].isin(NATIONS.values())]
    later = later[later["year"] > int(population_uk["year"].max())]
    people: pd.Series = pd.concat([early, later.groupby(["area", "year"])["population"].sum()])
    return people.astype(float)


def monthly(
    attendances: Mapping[str, pd.DataFrame], people: pd.Series, department: str, first: str, last: str
) -> pd.DataFrame:
    """Return attendances by month and nation, as a year's attendances per 1,000 people.

    Each month is divided by its days and by the population of the middle of its calendar year, so that
    months and nations can be compared. `department` is "major" or "all" (every type that a nation counts).
    Columns month, time (engine's axis) and one a nation. Raises CareshiftError where a nation lacks a month.
    """
    columns = {}
    for nation, code in NATIONS.items():
        table = attendances[nation]
        chosen = table[(table["area"] == code) & ((table["department"] == "major") | (department == "all"))]
        counts = chosen.groupby("month")["attendances"].sum().astype(float)
        when = pd.DatetimeIndex(counts.index)
        heads = [people.get((code, year), float("nan")) for year in when.year]
        columns[nation] = pd.Series(
            1000 * counts.to_numpy() / when.days_in_month * YEAR / heads, index=when.strftime("%Y-%m")
        )
    frame = pd.DataFrame(columns).rename_axis("month").reset_index()
    frame = frame[frame["month"].between(first, last)].reset_index(drop=True)
    lacking = [nation for nation in NATIONS if frame[nation].isna().any()]
    if frame.empty or lacking:
        raise CareshiftError(f"A month from {first} to {last} is missing for {', '.join(lacking) or 'all'}.")
    return frame.assign(time=interruption.months(frame["month"].tolist()))


def as_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the monthly rates as rows for small multiples: columns time, month, nation, rate."""
    return frame.melt(["month", "time"], list(NATIONS), "nation", "rate")


def by_year(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the mean rate of each complete financial year: columns financial_year and one a nation."""
    start = frame["month"].str[:4].astype(int) - (frame["month"].str[5:] < "04")
    grouped = frame.assign(year=start).groupby("year")
    means = grouped[list(NATIONS)].mean()[grouped.size() == 12].reset_index()
    return means.assign(financial_year=[label(int(year)) for year in means["year"]])


def calendar_means(frame: pd.DataFrame, treated: str) -> dict[int, float]:
    """Return the mean difference of a nation from the other three in each calendar year, by year."""
    others = [nation for nation in NATIONS if nation != treated]
    difference = frame[treated] - frame[others].mean(axis=1)
    means = difference.groupby(frame["month"].str[:4].astype(int)).mean()
    return dict(zip(means.index.astype(int), means.astype(float), strict=True))


def apportioned(england: pd.DataFrame) -> tuple[str, str, int]:
    """Return the first and last of England's months that were made from weekly figures, and how many."""
    chosen = england[england["status"] == "apportioned"]["month"].drop_duplicates().sort_values()
    return f"{chosen.iloc[0]:%Y-%m}", f"{chosen.iloc[-1]:%Y-%m}", len(chosen)


def in_turn(frame: pd.DataFrame, model: ImpactModel, treated: str, confidence: float = 0.95) -> pd.DataFrame:
    """Return the controlled estimates with each nation in turn taken for the one that changed.

    Every nation has the other three for controls. Columns nation, term, estimate, low, high (Kenward-
    Roger, per 1,000 people a year) and share, of the nations whose estimate in this table is at least as
    far from zero: with three controls never below 1/4.
    """
    others = [nation for nation in NATIONS if nation != treated]
    rows = []
    for nation in (treated, *others):
        rest = frame[[other for other in NATIONS if other != nation]]
        fit = interruption.controlled(frame[nation], frame["time"], model, rest, confidence=confidence)
        for term in fit.design.effects:
            effect = fit.effect(term)
            rows.append((nation, term, effect.estimate, effect.low, effect.high))
    table = pd.DataFrame(rows, columns=["nation", "term", "estimate", "low", "high"])
    size = table["estimate"].abs().groupby(table["term"])
    return table.assign(share=size.rank(ascending=False, method="max") / len(NATIONS))


def other_models(report: Report, term: str) -> pd.DataFrame:
    """Return one term under AR(2) errors, a curved trend, both, and other dates and windows.

    The model as set comes first. Columns variant, term, estimate, low, high, excludes_none, p, none.
    """
    analysis = report.analysis
    curved = replace(analysis.model, curved=True)
    rows = []
    for words, model in {"AR(2) errors": analysis.model, "AR(2) errors, quadratic trend": curved}.items():
        fit = interruption.reml(analysis.y, analysis.time, model, order=2, confidence=analysis.confidence)
        effect = fit.effect(term)
        clear = not effect.low <= 0 <= effect.high
        rows.append((words, term, effect.estimate, effect.low, effect.high, clear, effect.p, 0.0))
    table = report.sensitivity[report.sensitivity["term"] == term]
    added = pd.DataFrame(rows, columns=table.columns)
    return pd.concat([table.iloc[:2], added, table.iloc[2:]], ignore_index=True)


def in_doubt_words(models: pd.DataFrame) -> str:
    """Return under which other models the interval of a term includes no change. `models`: `other_models`."""
    others = models.iloc[1:]
    doubt = others.loc[~others["excludes_none"].astype(bool), "variant"].tolist()
    if not doubt:
        return f"its interval excludes no change under all {len(others)} other models tried"
    named = "; ".join(doubt)
    return f"its interval includes no change under {len(doubt)} of {len(others)} other models ({named})"


def without_each(frame: pd.DataFrame, model: ImpactModel, treated: str) -> pd.DataFrame:
    """Return the controlled estimates with all controls and without each: left_out, term, estimate, ..."""
    controls = frame[[nation for nation in NATIONS if nation != treated]]
    whole = interruption.controlled(frame[treated], frame["time"], model, controls)
    rows = [
        ("none", term, effect.estimate, effect.low, effect.high)
        for term, effect in ((term, whole.effect(term)) for term in whole.design.effects)
    ]
    columns = ["left_out", "term", "estimate", "low", "high"]
    out = interruption.leave_one_out(frame[treated], frame["time"], model, controls)
    return pd.concat([pd.DataFrame(rows, columns=columns), out[columns]], ignore_index=True)


def footings(
    attendances: Mapping[str, pd.DataFrame],
    people: pd.Series,
    model: ImpactModel,
    treated: str,
    windows: Mapping[str, tuple[str, str]],
) -> pd.DataFrame:
    """Return the controlled estimates on every footing: kinds of department and windows of months.

    Columns department, window, points, term, estimate, low, high.
    """
    rows = []
    for department in DEPARTMENTS:
        for words, (first, last) in windows.items():
            frame = monthly(attendances, people, department, first, last)
            controls = frame[[nation for nation in NATIONS if nation != treated]]
            fit = interruption.controlled(frame[treated], frame["time"], model, controls)
            for term in fit.design.effects:
                effect = fit.effect(term)
                rows.append((department, words, len(frame), term, effect.estimate, effect.low, effect.high))
    names = ["department", "window", "points", "term", "estimate", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def stacked(frame: pd.DataFrame, model: ImpactModel, treated: str, lags: int = 12) -> pd.DataFrame:
    """Return the estimates of one fit to all four nations: estimator, term, estimate, low, high.

    It takes the controls for independent and gives them one common line, so it is shown for comparison only.
    """
    controls = frame[[nation for nation in NATIONS if nation != treated]]
    fit = interruption.controlled(frame[treated], frame["time"], model, controls, method="stacked", lags=lags)
    effects = [fit.effect(term) for term in fit.design.effects]
    rows = [(e.estimator, e.term.removeprefix("difference in "), e.estimate, e.low, e.high) for e in effects]
    return pd.DataFrame(rows, columns=["estimator", "term", "estimate", "low", "high"])


def welsh_rise(wales: pd.DataFrame) -> pd.DataFrame:
    """Return the change of Welsh attendances to 2011/12, in percent: columns department, span, value.

    From 2010/11, whole years; and from the six months October to March of 2009/10, where the series starts.
    """
    month = wales["month"].dt.strftime("%Y-%m")
    rows = []
    for department in DEPARTMENTS:
        kept = (wales["department"] == "major") | (department == "all")
        counts = wales[kept].groupby(month[kept])["attendances"].sum().astype(float)
        spans = {
            "2010/11 to 2011/12": (("2010-04", "2011-03"), ("2011-04", "2012-03")),
            "October to March, 2009/10 to 2011/12": (("2009-10", "2010-03"), ("2011-10", "2012-03")),
        }
        for words, ((a, b), (c, d)) in spans.items():
            ends = float(counts.loc[a:b].sum()), float(counts.loc[c:d].sum())
            rows.append((f"{department} departments", words, effect_sizes.percent_change(*ends)))
    return pd.DataFrame(rows, columns=["department", "span", "value"])


def together(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return several tables of estimates as one."""
    return pd.concat(frames, ignore_index=True)


def growth_title(years: pd.DataFrame) -> str:
    """Return in a line which nation's attendances per head grew most and least, first to last whole year.

    `years` is of `by_year`: financial_year and a column a nation.
    """
    first, last = years.iloc[0], years.iloc[-1]
    grown = {nation: 100 * (float(last[nation]) / float(first[nation]) - 1) for nation in NATIONS}
    most, least = max(grown, key=grown.__getitem__), min(grown, key=grown.__getitem__)
    return f"Attendances per head {rise_or_fall(grown[most], 0)} in {most}, the most, and least in {least}"
