"""Delayed discharge in Scotland: printed censuses in three definitions, yearly and monthly bed days."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from careshift import effect_sizes, interruption
from careshift.interruption import ImpactModel, multiplicity
from careshift.interruption.power import detectable_multiple
from careshift.project import CareshiftError
from careshift.topics.emergency_care import moved, persons
from careshift.topics.financial_years import label, start_of
from careshift.topics.places import SCOTLAND, are_councils
from careshift.typography import month as month_words

DEFINITIONS = {
    "dd_over6w_65plus": "aged_65",
    "dd_over6w_all": "all_reasons",
    "dd_over6w_communitycare": "community_care",
}
TOTAL = "dd_total"
RATE = "NI19_days_ready_75plus"
BEFORE_PANDEMIC = ("2019-03", "2020-02")
NEW_COUNT = "2016-07"  # the month from which delays are counted by the present definition
SINCE = 2008.5  # the first census after that of April 2008 was in July


def with_notices(official: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the official values with the counts that the publisher's notices add; no second-hand ones."""
    own = found[found["series_id"].isin(DEFINITIONS) & (found["status"] == "final")]
    return pd.concat([official, own[list(official.columns)]], ignore_index=True)


def over_six_weeks(official: pd.DataFrame) -> pd.DataFrame:
    """Return the printed counts of people delayed over six weeks, Scotland, a row a census.

    Columns census ("April 2004"), time (decimal year), and one a definition: aged_65 (all reasons, aged 65
    and over), all_reasons (all ages), community_care (delays for community-care reasons). Missing where none
    was printed; a printed dash stays missing.
    """
    rows = official[(official["area"] == SCOTLAND) & official["series_id"].isin(DEFINITIONS)]
    when = pd.to_datetime(rows["period"], format="%B %Y")
    frame = rows.assign(
        time=when.dt.year + (when.dt.month - 1) / 12, definition=rows["series_id"].map(DEFINITIONS)
    )
    wide = frame.pivot(index=["time", "period"], columns="definition", values="value").reset_index()
    return wide.rename(columns={"period": "census"}).rename_axis(columns=None)


def censuses_since_target(censuses: pd.DataFrame) -> pd.DataFrame:
    """Return the median count after the target date within each definition that was then in use.

    Columns definition, censuses (how many were printed), highest and value (the median; patients).
    """
    later = censuses[censuses["time"] >= SINCE]
    words = {"community_care": "community-care reasons", "all_reasons": "all reasons, partly second-hand"}
    counts = {text: later[name].dropna() for name, text in words.items()}
    rows = [
        {"definition": text, "censuses": len(c), "highest": c.max(), "value": c.median()}
        for text, c in counts.items()
    ]
    return pd.DataFrame(rows)


def beside_line(since: pd.DataFrame, line: float) -> str:
    """Return in a clause on which side of a line the medians of `censuses_since_target` lie."""
    which = {0: "none of them", len(since): "each of them"}
    return f"{which.get(int((since['value'] < line).sum()), 'not both of them')} below {line:,.0f}"


def in_2002(official: pd.DataFrame) -> pd.DataFrame:
    """Return what brackets the number delayed over six weeks in 2002, all ages: columns reading, value.

    A floor (people aged 65 and over), a ceiling (every delay, however short), and the floor raised by the
    share that people under 65 had in April 2004, the only census printed both ways.
    """
    counts = over_six_weeks(official).set_index("census")
    chosen = official[(official["series_id"] == TOTAL) & (official["area"] == SCOTLAND)]
    ceiling = float(chosen.loc[chosen["period"] == "January 2002", "value"].iloc[0])
    floor = float(counts["aged_65"]["April 2002"])
    at_2004 = counts.loc["April 2004"]
    rows = [
        (
            "April 2002, raised by the share of April 2004",
            floor * at_2004["all_reasons"] / at_2004["aged_65"],
        ),
        ("April 2002, aged 65 and over only: a floor", floor),
        ("January 2002, every delay: a ceiling", ceiling),
    ]
    return pd.DataFrame(rows, columns=["reading", "value"])


def yearly(
    bed_days: pd.DataFrame, population: pd.DataFrame, official: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    """Return Scotland's bed days of delayed discharges at ages 75 and over, year by year.

    Columns year (start), financial_year, bed_days, rate (days per 1,000 people aged 75 and over in mid-year;
    missing where the population table ends), printed (the official rate). CareshiftError where a year lacks.
    """
    days = bed_days[bed_days["area"] == SCOTLAND].set_index("financial_year")["bed_days"]
    printed = official[official["series_id"] == RATE].set_index("period")["value"]
    years = [label(year) for year in range(first, last + 1)]
    missing = [year for year in years if year not in days]
    if missing:
        raise CareshiftError(f"No bed days of delayed discharges for {', '.join(missing)}.")
    frame = pd.DataFrame({"year": range(first, last + 1), "financial_year": years})
    frame["bed_days"] = frame["financial_year"].map(days).astype(float)
    known = frame["year"] <= int(population["year"].max())
    people = [
        persons(population, year, 75) if k else float("nan")
        for year, k in zip(frame["year"], known, strict=True)
    ]
    return frame.assign(rate=1000 * frame["bed_days"] / people, printed=frame["financial_year"].map(printed))


def council_rates(
    bed_days: pd.DataFrame, population_areas: pd.DataFrame, first: int, last: int, weights_year: int = 2019
) -> pd.DataFrame:
    """Return bed days per 1,000 people aged 75 and over for every council, the population held fixed.

    Columns area, time (start of the year), value, population (people aged 75 and over in mid-`weights_year`).
    """
    old = population_areas[(population_areas["year"] == weights_year) & (population_areas["age"] >= 75)]
    people = old.groupby("area")["population"].sum()
    frame = bed_days[are_councils(bed_days["area"])]
    frame = frame.assign(time=frame["financial_year"].map(start_of), population=frame["area"].map(people))
    frame = frame[frame["time"].between(first, last)]
    frame = frame.assign(value=1000 * frame["bed_days"] / frame["population"])
    return frame[["area", "time", "value", "population"]].reset_index(drop=True)


def monthly(
    delays: pd.DataFrame, area: str, age_group: str, first: str = "", last: str = "9999-12"
) -> pd.DataFrame:
    """Return an area's delayed beds by month: month, time (engine's axis), bed_days, beds (daily average).

    Raises CareshiftError where the area or the age group has no rows.
    """
    chosen = delays[
        (delays["area"] == area) & (delays["age_group"] == age_group) & (delays["reason"] == "all")
    ]
    month = chosen["month"].dt.strftime("%Y-%m")
    chosen = chosen.assign(month=month)[month.between(first, last)].sort_values("month")
    if chosen.empty:
        raise CareshiftError(f"No delayed discharges for area {area}, ages {age_group}.")
    frame: pd.DataFrame = chosen[["month", "bed_days"]].reset_index(drop=True)
    beds = chosen["average_daily_beds"].astype(float).to_numpy()
    return frame.assign(time=interruption.months(frame["month"].tolist()), beds=beds)


def at_census(
    census: pd.DataFrame,
    months: pd.DataFrame,
    changed: str = NEW_COUNT,
    first: str = "0000",
    last: str = "9999",
) -> pd.DataFrame:
    """Return people delayed on census day beside the daily average of the same month, every month in order.

    `census` is Scotland's monthly census, `months` of `monthly`. Columns month, time (engine's axis), earlier
    and later (people on census day, before and from the month in which the counting changed: never one
    line), beds (daily average), differs (percent by which the later census lies from it). A month without a
    census stays missing.
    """
    people = census.set_index(census["date"].dt.strftime("%Y-%m"))["people"].astype(float)
    span = pd.period_range(max(people.index.min(), first), min(people.index.max(), last), freq="M")
    frame = pd.DataFrame({"month": [str(month) for month in span]})
    counted, is_later = frame["month"].map(people), frame["month"] >= changed
    beds = frame["month"].map(months.set_index("month")["beds"])
    return frame.assign(
        time=interruption.months(frame["month"].tolist()),
        earlier=counted.where(~is_later),
        later=counted.where(is_later),
        beds=beds,
        differs=100 * (counted.where(is_later) / beds - 1),
    )


def across_the_change(censuses: pd.DataFrame) -> pd.DataFrame:
    """Return each last census day of the earlier count beside that of the same month a year later.

    `censuses` is of `at_census`. Columns month, before, after (people), change (percent); months without both
    are left out. The change holds the new count, the new bodies and chance together.
    """
    at = censuses.set_index("month")
    rows = []
    for month, before in at["earlier"].dropna().items():
        year, number = str(month).split("-")
        after = at["later"].get(f"{int(year) + 1}-{number}", float("nan"))
        rows.append({"month": str(month), "before": before, "after": after})
    frame = pd.DataFrame(rows).dropna(ignore_index=True)
    return frame.assign(change=100 * (frame["after"] / frame["before"] - 1))


def by_reason(delays: pd.DataFrame, ages: Sequence[str] = ("18+",)) -> pd.DataFrame:
    """Return Scotland's bed days of the last twelve months by reason: columns reason, bed_days, share (%)."""
    chosen = delays[(delays["area"] == SCOTLAND) & delays["age_group"].isin(ages)]
    last = sorted(chosen["month"].unique())[-12:]
    days = chosen[chosen["month"].isin(last)].groupby("reason")["bed_days"].sum().astype(float)
    parts = days.drop("all").sort_values(ascending=False)
    return pd.DataFrame({"reason": parts.index, "bed_days": parts, "share": 100 * parts / days["all"]})


def lately(delays: pd.DataFrame, area: str = SCOTLAND) -> pd.DataFrame:
    """Return an area's delayed beds of its last twelve months beside two other years.

    Columns ages, until (last month), earlier (March 2019 to February 2020), before (the twelve months before
    the last twelve), last (all three: beds, daily average), year_change and change (percent, from `before`
    and from `earlier`), share (percent of the adults' beds of the last twelve months). Raises CareshiftError
    where a month is missing.
    """
    rows = []
    for ages in ("18+", "75+"):
        series = monthly(delays, area, ages).set_index("month")
        spans = [series.loc[slice(*BEFORE_PANDEMIC)], series.iloc[-24:-12], series.iloc[-12:]]
        if any(len(span) < 12 for span in spans):
            raise CareshiftError(
                f"Delayed discharges of {area}, ages {ages}, lack a month of their last years."
            )
        days = [sum(pd.Period(month, "M").days_in_month for month in span.index) for span in spans]
        beds = [float(span["bed_days"].sum()) / n for span, n in zip(spans, days, strict=True)]
        row: dict[str, object] = {"ages": ages, "until": str(series.index[-1])}
        row |= dict(zip(("earlier", "before", "last"), beds, strict=True))
        row |= {
            "year_change": effect_sizes.percent_change(beds[1], beds[2]),
            "change": effect_sizes.percent_change(beds[0], beds[2]),
        }
        rows.append(row)
    frame = pd.DataFrame(rows)
    return frame.assign(share=100 * frame["last"] / frame["last"].iloc[0])


def lately_words(table: pd.DataFrame) -> str:
    """Return in words how many beds delayed people held of late. `table` as from `lately`."""
    adults, oldest = table.to_dict("records")
    return (
        f"In the twelve months to {month_words(adults['until'])} delayed adults held {adults['last']:,.0f} "
        f"beds a day. From the twelve months before, the number {moved(adults['year_change'], 1)}; from the "
        f"last twelve months before the pandemic it {moved(adults['change'], 1)}. People aged 75 and over "
        f"held {oldest['share']:.0f} % of these beds."
    )


def level_by_board(
    delays: pd.DataFrame, areas: pd.DataFrame, model: ImpactModel, age_group: str, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the change of level in delayed beds at one month in every health board, largest fall first.

    Leading estimator for counts: bed days with the days of the month as exposure and a log link, so that
    no board falls by more than all it had. Columns area, effect, low, high (percent), p, together
    (whether the change stands when all boards are tested together), beds (daily average, mean before),
    least (smallest fall found with 80 % power, percent, the standard error of the fit taken as known),
    boundary (whether the fitted autocorrelation is at its boundary). CareshiftError: a board has no rows.
    """
    boards = areas[areas["type"] == "health board"].set_index("code")["name"]
    rows = []
    for code, name in boards.items():
        series = monthly(delays, str(code), age_group)
        days = [pd.Period(month, "M").days_in_month for month in series["month"]]
        counts = series["bed_days"].astype(float)
        fit = interruption.count_reml(counts, series["time"], model, population=days, confidence=confidence)
        effect = fit.effect(fit.design.effects[0])
        before = series.loc[series["time"] < model.interruptions[0].at, "beds"].mean()
        coefficient = fit.coefficient(fit.design.effects[0])
        size = coefficient.se * detectable_multiple(coefficient.df, confidence, 0.8)
        parts = {part: 100 * (getattr(effect, part) - 1) for part in ("low", "high")}
        short = str(name).removeprefix("NHS ")
        rows.append({"area": short, "effect": 100 * (effect.estimate - 1), **parts, "p": effect.p})
        rows[-1] |= {"beds": before, "least": -100 * math.expm1(-size)}
        rows[-1] |= {"boundary": bool(fit.parameters["at_boundary"])}
    frame = pd.DataFrame(rows).sort_values("effect", ignore_index=True)
    return frame.assign(together=multiplicity.stands_together(frame["p"], confidence))


def then_and_now(delays: pd.DataFrame, areas: pd.DataFrame, age_group: str) -> pd.DataFrame:
    """Return each council's delayed beds before the pandemic, at its start and in the last month.

    Columns area, february, april (2020), latest (daily average beds), change (percent, February 2020 to the
    last month; missing where there was no bed in February). A month without a row stays missing.
    """
    councils = areas[areas["type"] == "council"].set_index("code")["name"]
    chosen = delays[(delays["age_group"] == age_group) & (delays["reason"] == "all")]
    beds = chosen.pivot(index="area", columns="month", values="average_daily_beds").reindex(councils.index)
    picked = beds[[pd.Timestamp("2020-02-01"), pd.Timestamp("2020-04-01"), beds.columns.max()]].astype(float)
    picked.columns = pd.Index(["february", "april", "latest"])
    gone = picked["latest"] / picked["february"].where(picked["february"] > 0)
    frame = picked.assign(area=councils, change=100 * (gone - 1))
    return frame.sort_values("change", na_position="last", ignore_index=True)
