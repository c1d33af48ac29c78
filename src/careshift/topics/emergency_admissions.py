"""Emergency admissions at ages 65 and over in Scotland: rates, numbers, and what ageing explains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from careshift import effect_sizes, interruption
from careshift.project import CareshiftError
from careshift.topics.emergency_care import BANDS, growth, persons, printed
from careshift.topics.financial_years import label, start_of
from careshift.topics.places import SCOTLAND, are_councils
from careshift.typography import below_or_above

if TYPE_CHECKING:
    from careshift.interruption import ImpactModel
    from careshift.interruption.panels import Method

ADMISSIONS_75 = "emerg_adm_75plus_number"
ADMISSION_RATE_ALL = "emerg_adm_allages_rate"
RELEASES = (2018, 2023)
ERRORS: dict[Method, str] = {
    "mean series": "mean, leading",
    "common shocks": "common shocks",
    "area-clustered": "by council",
}


def council_mean(
    rates: pd.DataFrame, population_areas: pd.DataFrame, weights_year: int = 2019, join: int = 2010
) -> pd.DataFrame:
    """Return the emergency admission rate at ages 65 and over as a weighted mean of the 32 councils.

    Weights are each council's population aged 65 and over in mid-`weights_year`, the same for every year, so
    that people moving between councils do not count as change. Councils come from the earlier release before
    `join` and from the later one from then on; Scotland's own rows stand beside, one column a release, never
    joined. Columns year, financial_year, mean, earlier, later (per 100,000). Raises CareshiftError where a
    council is missing in a year.
    """
    frame = rates.assign(year=rates["financial_year"].map(start_of))
    wide = panel(rates, join)
    old = population_areas[(population_areas["year"] == weights_year) & (population_areas["age"] >= 65)]
    weights = old.groupby("area")["population"].sum().reindex(wide.columns)
    _refuse_gaps(wide, weights, weights_year)
    own = frame[frame["area"] == SCOTLAND].pivot(index="year", columns="vintage", values="rate")
    answer = pd.DataFrame({"mean": wide.mul(weights, axis=1).sum(axis=1) / weights.sum()})
    answer = answer.assign(earlier=own[RELEASES[0]], later=own[RELEASES[1]]).reset_index()
    return answer.assign(financial_year=answer["year"].map(label))


def _refuse_gaps(wide: pd.DataFrame, weights: pd.Series, weights_year: int) -> None:
    """Raise CareshiftError with the first council that has no rate in a year, or nobody to weigh it by."""
    for area, rates in wide.items():
        for year in rates.index[rates.isna()]:
            raise CareshiftError(
                f"emergency_admission_rates: council {area} has no rate in {label(year)}. Add that row."
            )
    for area in weights.index[weights.isna()]:
        raise CareshiftError(
            f"population_areas: council {area} has nobody aged 65 and over in {weights_year}. Add its rows."
        )


def panel(rates: pd.DataFrame, join: int = 2010) -> pd.DataFrame:
    """Return the councils' rates, a row a year and a column a council: earlier release before `join`."""
    frame = rates.assign(year=rates["financial_year"].map(start_of))
    release = frame["year"].lt(join).map({True: RELEASES[0], False: RELEASES[1]})
    chosen = frame[are_councils(frame["area"]) & (frame["vintage"] == release)]
    return chosen.pivot(index="year", columns="area", values="rate")


def own_row(means: pd.DataFrame, join: int = 2010) -> pd.DataFrame:
    """Return Scotland's own row with a column that says which release each year comes from.

    Columns year, rate, earlier_release (1 before `join`, 0 from then on). A model of it needs that column as
    a term: the two releases may not be joined without it.
    """
    is_earlier = means["year"] < join
    rate = means["earlier"].where(is_earlier, means["later"])
    return pd.DataFrame(
        {"year": means["year"], "rate": rate, "earlier_release": is_earlier.astype(float)}
    ).dropna(ignore_index=True)


def chained(means: pd.DataFrame, join: int = 2010) -> pd.Series:
    """Return Scotland's own rate a year, linked over its two releases at the year `join`, per 100,000.

    Every change lies within one release: the earlier release up to `join`, the later one from then on. The
    level is that of the later release. `means` as from `council_mean`; raises CareshiftError where one of the
    releases lacks the year of the link.
    """
    at = means.set_index("year")
    link = at.loc[join, ["earlier", "later"]].astype(float)
    if link.isna().any():
        raise CareshiftError(f"{label(join)} must be in both releases to link them.")
    early = at["earlier"].astype(float) * (link["later"] / link["earlier"])
    linked: pd.Series = at["later"].astype(float).where(at.index >= join, early).rename("rate")
    return linked


def releases_compared(rates: pd.DataFrame) -> pd.DataFrame:
    """Return how far the later release lies from the earlier one where both hold a rate, in percent.

    One row for Scotland's own row and one for the councils: pairs, mean, lowest, highest.
    """
    kept = rates[rates["vintage"].isin(RELEASES)]
    wide = kept.pivot(index=["area", "financial_year"], columns="vintage", values="rate").dropna()
    differ = 100 * (wide[RELEASES[1]] / wide[RELEASES[0]] - 1)
    area = differ.index.get_level_values("area").to_series(index=differ.index)
    rows = {"Scotland's own row": differ[area == SCOTLAND], "32 council areas": differ[are_councils(area)]}
    return pd.DataFrame(
        [
            {"rows": words, "pairs": len(d), "mean": d.mean(), "lowest": d.min(), "highest": d.max()}
            for words, d in rows.items()
        ]
    )


def admissions(means: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Return emergency admissions at ages 65 and over: rate times the mid-year population.

    Columns year, financial_year, population, earlier, later (Scotland's row in each release), mean (the
    councils' mean on the whole population), as admissions; `off_whole` says how far the later release's
    product is from a whole number, near zero where this is the population the publisher divided by.
    """
    known = means[means["year"] <= population["year"].max()].reset_index(drop=True)
    old = pd.Series([persons(population, year, 65) for year in known["year"]])
    counts = known[["earlier", "later", "mean"]].mul(old / 1e5, axis=0)
    off = (counts["later"] - counts["later"].round()).abs()
    answer: pd.DataFrame = known[["year", "financial_year"]].assign(population=old, off_whole=off)
    return answer.join(counts)


def yearly_changes(counted: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the change from each year to the next in percent, never across two releases.

    Columns year, financial_year, scotland (the later release where it has both years, else the earlier),
    mean (the councils' mean).
    """
    steps = counted.set_index("year")[["earlier", "later", "mean"]]
    steps = 100 * (steps / steps.shift() - 1)
    steps = steps.loc[first + 1 : last]
    frame = pd.DataFrame({"scotland": steps["later"].fillna(steps["earlier"]), "mean": steps["mean"]})
    return frame.reset_index().assign(financial_year=[label(int(year)) for year in frame.index])


def smallest_steps(
    counted: pd.DataFrame,
    means: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    first: int,
    last: int,
) -> pd.DataFrame:
    """Return the smallest yearly change of emergency admissions, in percent, under every reading.

    Numbers at ages 65 and over decide; their rate, and the single step that is public for all ages, are shown
    apart.
    """
    steps, rates = yearly_changes(counted, first, last), yearly_changes(means, first, last)
    all_ages = [
        printed(official, ADMISSION_RATE_ALL, label(year)) * persons(population, year)
        for year in (2014, 2015)
    ]
    rows = [
        ("65+, number, Scotland's own row", steps["scotland"].min(), True),
        ("65+, number, mean of the councils", steps["mean"].min(), True),
        ("65+, rate, Scotland's own row", rates["scotland"].min(), False),
        ("65+, rate, mean of the councils", rates["mean"].min(), False),
        ("all ages, number, 2014/15 to 2015/16 only", effect_sizes.percent_change(*all_ages), False),
    ]
    return pd.DataFrame(rows, columns=["reading", "value", "decides"])


def rises(frame: pd.DataFrame, starts: Sequence[int], last: int) -> pd.DataFrame:
    """Return the change from each start year to the last, in percent, of numbers or of rates.

    `frame` is of `admissions` or `council_mean`. By Scotland's own row, within one release, and by the mean
    of the councils. Columns series, since, value.
    """
    at = frame.set_index("year")
    rows = []
    for start in starts:
        release = "earlier" if at["earlier"].loc[[start, last]].notna().all() else "later"
        for words, column in (("Scotland's own row", release), ("mean of the councils", "mean")):
            value = effect_sizes.percent_change(float(at[column].loc[start]), float(at[column].loc[last]))
            rows.append({"series": words, "since": f"from {label(start)}", "value": value})
    return pd.DataFrame(rows)


def rise_75(official: pd.DataFrame) -> float:
    """Return the change in admissions at ages 75 and over, 2003/04 to 2012/13, in percent, as printed."""
    return effect_sizes.percent_change(
        *(printed(official, ADMISSIONS_75, label(year)) for year in (2003, 2012))
    )


def above_ageing(
    counted: pd.DataFrame, population: pd.DataFrame, first: int, last: int, gradients: Sequence[float]
) -> pd.DataFrame:
    """Return by how many percent admissions grew beyond what a larger and older population implies.

    No public rates by age exist, so each gradient is a supposition: admissions per head rise by that factor
    from 65 to 74 to 75 to 84, and again to 85 and over. 1 takes only the population aged 65 and over.
    """
    grown = growth(population, first, last).set_index("age").loc[list(BANDS)]
    at = counted.set_index("year")
    rows = []
    for series, column in (("Scotland's own row", "earlier"), ("mean of the councils", "mean")):
        rise = at[column].loc[last] / at[column].loc[first]
        for gradient in gradients:
            weights = [gradient**step for step in range(len(BANDS))]
            ageing = (grown["last"] * weights).sum() / (grown["first"] * weights).sum()
            rows.append({"series": series, "gradient": gradient, "value": 100 * (rise / ageing - 1)})
    return pd.DataFrame(rows).assign(gradient=lambda f: [f"{g:g} times a band" for g in f["gradient"]])


def above_ageing_75(official: pd.DataFrame, population: pd.DataFrame) -> float:
    """Return by how many percent admissions at 75 and over outgrew that population, 2003/04 to 2012/13."""
    per_head = [
        printed(official, ADMISSIONS_75, label(year)) / persons(population, year, 75) for year in (2003, 2012)
    ]
    return effect_sizes.percent_change(*per_head)


def times_as_often(official: pd.DataFrame, counted: pd.DataFrame, population: pd.DataFrame) -> float:
    """Return how many times as often people of 75 and over are admitted as those of 65 to 74, 2012/13.

    Two sources meet here: the printed number at 75 and over, and our number at 65 and over of the earlier
    release less that.
    """
    older = printed(official, ADMISSIONS_75, label(2012))
    younger = float(counted.set_index("year")["earlier"].loc[2012]) - older
    people_75 = persons(population, 2012, 75)
    return (older / people_75) / (younger / (persons(population, 2012, 65) - people_75))


def largest_short_share(rise_of_all: float, rise_of_short: float) -> float:
    """Return the largest share of short stays at the start, in percent, that two printed rises allow.

    It takes every other stay as not falling: `rise_of_all` and `rise_of_short` in percent.
    """
    return 100 * rise_of_all / rise_of_short


def long_panel(
    rates: pd.DataFrame, population_areas: pd.DataFrame, years: Sequence[int], weights_year: int, join: int
) -> pd.DataFrame:
    """Return the councils' rates for a panel model: a row a council and year.

    Columns area, time (start of the financial year), value (per 100,000), population (the council's weight).
    """
    old = population_areas[(population_areas["year"] == weights_year) & (population_areas["age"] >= 65)]
    weights = old.groupby("area")["population"].sum()
    wide = panel(rates, join).loc[list(years)]
    frame = wide.rename_axis("time").reset_index().melt("time", var_name="area", value_name="value")
    return frame.assign(population=frame["area"].map(weights))


def against_2018_2019(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return weekly admissions at ages 65 and over beside the average of the same weeks of 2018 and 2019.

    Columns week (last day), time (decimal year), admissions, usual, change (percent).
    """
    chosen = weeks[weeks["area"] == SCOTLAND]
    frame = chosen.groupby("week_ending")[["admissions", "average_2018_2019"]].sum().astype(float)
    frame = frame.rename_axis("week").reset_index().rename(columns={"average_2018_2019": "usual"})
    time = frame["week"].dt.year + (frame["week"].dt.day_of_year - 1) / 365.25
    return frame.assign(time=time, change=100 * (frame["admissions"] / frame["usual"] - 1))


def years_against_2018_2019(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return by how many percent admissions lay from the average of the same weeks of 2018 and 2019, by year.

    A row a calendar year: year, weeks (how many the table holds), one column an age band, and all (the ages
    together; percent).
    """
    chosen = weeks[weeks["area"] == SCOTLAND].assign(year=weeks["week_ending"].dt.year)
    values = ["admissions", "average_2018_2019"]
    bands = chosen.groupby(["year", "age_band"])[values].sum().astype(float)
    every = chosen.groupby("year")[values].sum().astype(float)
    change = (100 * (bands[values[0]] / bands[values[1]] - 1)).unstack()
    change["all"] = 100 * (every[values[0]] / every[values[1]] - 1)
    change.insert(0, "weeks", chosen.groupby("year")["week_ending"].nunique())
    return change.rename_axis(columns=None).reset_index()


def last_full_year(years: pd.DataFrame) -> str:
    """Return the title that says how far admissions lay from those of 2018 and 2019 in the last whole year.

    `years` are rows of `years_against_2018_2019`.
    """
    year, change = years[["year", "all"]].iloc[-1]
    return f"In {year:.0f} admissions at 65+ were {below_or_above(change, 0)} those before the pandemic"


def panel_errors(councils: pd.DataFrame, model: ImpactModel, confidence: float = 0.95) -> pd.DataFrame:
    """Return the panel's estimates under four kinds of error; the last three share one least-squares fit.

    `councils` is of `long_panel`. Columns errors, term, estimate, se, low, high (per 100,000), row (term and
    errors, for a chart).
    """
    weighted = councils["value"] * councils["population"]
    mean = weighted.groupby(councils["time"]).sum() / councils.groupby("time")["population"].sum()
    fits = {
        words: interruption.panel(
            councils, model, population="population", method=method, confidence=confidence
        )
        for method, words in ERRORS.items()
    }
    fits["mean, least squares"] = interruption.ols(mean, mean.index.to_numpy(), model, confidence=confidence)
    rows = []
    for words in ("mean, leading", "mean, least squares", *list(ERRORS.values())[1:]):
        for term in fits[words].design.effects:
            effect = fits[words].effect(term)
            rows.append((words, term, effect.estimate, effect.se, effect.low, effect.high))
    frame = pd.DataFrame(rows, columns=["errors", "term", "estimate", "se", "low", "high"])
    return frame.assign(row=frame["term"].str.replace(" change", "") + ": " + frame["errors"])
