"""Public spending in the four countries: per head, growth and rank, within one Treasury release at a time.

Releases revise both amounts and the population they are divided by. A change over time is taken within one
release; where a span needs two, their changes are linked and never their amounts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import pandas as pd

from careshift import effect_sizes, multiverse
from careshift.project import CareshiftError
from careshift.typography import rise_or_fall

COUNTRIES = {
    "E92000001": "England",
    "S92000003": "Scotland",
    "W92000004": "Wales",
    "N92000002": "Northern Ireland",
}
HEALTH, SOCIAL, BOTH = "health", "personal social services", "both"
FUNCTIONS = (HEALTH, SOCIAL, BOTH)  # as Table 1 of kingsfund2013 prints them
CLAIMS = {  # how the ids of the claims on kingsfund2013 Table 1 call countries and functions
    "England": "england",
    "Scotland": "scotland",
    "Wales": "wales",
    "Northern Ireland": "ni",
    HEALTH: "health",
    SOCIAL: "social",
    BOTH: "total",
}
Measure = Literal["total", "per head"]
MEASURES: tuple[Measure, ...] = ("total", "per head")
Step = tuple[int, str, str]  # release, first and last financial year
SPANS: Mapping[str, Sequence[Step]] = {
    "2010/11 to 2012/13": [(2014, "2010/11", "2012/13")],
    "2010/11 to 2013/14": [(2014, "2010/11", "2013/14")],
    "2010/11 to 2014/15 (two releases linked)": [
        (2014, "2010/11", "2013/14"),
        (2018, "2013/14", "2014/15"),
    ],
}
RESORTED = 25.0  # percent in one year beyond which an amount is taken to be sorted anew, not spent anew
MID_YEARS = {"mid-year within": 0, "mid-year after": 1}  # population of a financial year
OF_THE_DAY = "health_spending_per_head_of_the_day"  # the series in the table of found values
SECOND_HAND = "figures of the day, at second hand"


def releases(spending: pd.DataFrame) -> list[int]:
    """Return the Treasury releases in the table, in order."""
    return sorted(int(release) for release in spending["release"].unique())


def years(spending: pd.DataFrame, release: int) -> list[str]:
    """Return the financial years of a release, in order."""
    return sorted(spending.loc[spending["release"] == release, "financial_year"].unique())


def starts(financial_year: str) -> int:
    """Return the year in which a financial year such as 2010/11 starts."""
    return int(financial_year[:4])


def million(spending: pd.DataFrame, release: int, function: str, year: str) -> pd.Series:
    """Return spending by country in million pounds, cash.

    Raises CareshiftError where a country is missing.
    """
    chosen = spending[
        (spending["release"] == release)
        & (spending["function"] == function)
        & (spending["financial_year"] == year)
    ]
    amounts = chosen.set_index("area")["million_pounds"].reindex(list(COUNTRIES)).rename(COUNTRIES)
    amounts.index.name = None
    if amounts.isna().any():
        raise CareshiftError(f"No spending on {function} in {year} for every country, release {release}.")
    return amounts


def people(population: pd.DataFrame, year: int) -> pd.Series:
    """Return the population by country at mid-year."""
    counted = population[population["year"] == year].set_index("area")["population"]
    counted = counted.reindex(list(COUNTRIES)).rename(COUNTRIES).astype(float)
    counted.index.name = None
    if counted.isna().any():
        raise CareshiftError(f"No population of every country for mid-{year}.")
    return counted


def per_head(
    spending: pd.DataFrame,
    population: pd.DataFrame,
    release: int,
    function: str,
    year: str,
    mid_year: str = "mid-year within",
) -> pd.Series:
    """Return spending per head by country in pounds, cash."""
    residents = people(population, starts(year) + MID_YEARS[mid_year])
    return 1e6 * million(spending, release, function, year) / residents


def growth(
    spending: pd.DataFrame,
    population: pd.DataFrame,
    function: str,
    steps: Sequence[Step],
    measure: Measure = "total",
) -> pd.Series:
    """Return the change by country in percent, cash, over the steps, each within its own release."""
    factors = []
    for release, first, last in steps:
        ratio = million(spending, release, function, last) / million(spending, release, function, first)
        if measure == "per head":
            ratio = ratio * people(population, starts(first)) / people(population, starts(last))
        factors.append(ratio)
    together = factors[0]
    for factor in factors[1:]:
        together = together * factor
    return 100 * (together - 1)


def rank(values: pd.Series, country: str, lowest_first: bool = False) -> int:
    """Return the country's place among the four: 1 is the highest, or the lowest if that is asked for."""
    return int(values.rank(ascending=lowest_first, method="min")[country])


def rank_of_growth(
    *,
    spending: pd.DataFrame,
    population: pd.DataFrame,
    function: str,
    country: str,
    span: str,
    measure: Measure,
) -> float:
    """Return the country's place from the weakest growth upwards, over one of SPANS."""
    return float(rank(growth(spending, population, function, SPANS[span], measure), country, True))


def ranks_of_growth(spending: pd.DataFrame, population: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return the country's place in the growth of health spending, under every span and measure."""
    options = {"span": list(SPANS), "measure": MEASURES}
    fixed = {"spending": spending, "population": population, "function": HEALTH, "country": country}
    return multiverse.explore(rank_of_growth, options, **fixed)


def all_growth(spending: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Return the growth of health spending in percent under every span and measure, a column a country."""
    rows = [
        {"span": span, "measure": measure, **growth(spending, population, HEALTH, steps, measure)}
        for span, steps in SPANS.items()
        for measure in MEASURES
    ]
    return pd.DataFrame(rows)


def next_year_change(spending: pd.DataFrame, release: int, function: str, year: str) -> pd.Series:
    """Return the change by country from a year to the next one of the release, in percent, cash."""
    later = [other for other in years(spending, release) if other > year]
    if not later:
        raise CareshiftError(f"Release {release} has no year after {year}.")
    before, after = (million(spending, release, function, y) for y in (year, later[0]))
    return 100 * (after / before - 1)


def index(
    spending: pd.DataFrame,
    population: pd.DataFrame,
    function: str,
    release: int,
    first: str,
    last: str,
    measure: Measure = "total",
) -> pd.DataFrame:
    """Return spending as an index, the first year being 100: columns year (its start) and the countries."""
    span = [year for year in years(spending, release) if first <= year <= last]
    rows = {
        starts(year): 100 + growth(spending, population, function, [(release, first, year)], measure)
        for year in span
    }
    return pd.DataFrame(rows).T.rename_axis("year").reset_index()


def named(frame: pd.DataFrame) -> dict[float, str]:
    """Return the financial year that each start year in the frame stands for, to write along an axis."""
    return {float(year): f"{year}/{(year + 1) % 100:02d}" for year in frame["year"]}


def of_the_day(found: pd.DataFrame) -> pd.Series:
    """Return health spending per head in 2010/11 by country as it stood then, in pounds, at second hand.

    `found` is the table of found values. Raises CareshiftError where a country is missing or stands twice.
    """
    pounds = found[found["series_id"] == OF_THE_DAY].set_index("area")["value"]
    if sorted(pounds.index) != sorted(COUNTRIES):
        raise CareshiftError(f"{OF_THE_DAY} needs one figure of each country.")
    pounds = pounds.reindex(list(COUNTRIES)).rename(COUNTRIES)
    pounds.index.name = None
    return pounds


def heads(
    spending: pd.DataFrame, population: pd.DataFrame, release: int, year: str
) -> dict[str, dict[str, pd.Series]]:
    """Return spending per head by function, then by population, a series over countries, in pounds."""
    found = {
        function: {m: per_head(spending, population, release, function, year, m) for m in MID_YEARS}
        for function in (HEALTH, SOCIAL)
    }
    return {**found, BOTH: {m: found[HEALTH][m] + found[SOCIAL][m] for m in MID_YEARS}}


def against_print(
    by_function: Mapping[str, Mapping[str, pd.Series]], day: pd.Series, printed: pd.DataFrame, year: str
) -> pd.DataFrame:
    """Return printed and later spending per head, a row a country and function, in pounds.

    Columns country, function, claim (the end of its id), printed, day (health alone has figures of the day),
    later (mid-year within the year), low and high (over both populations), difference (percent of the print).
    """
    rows = []
    for function, values in by_function.items():
        known = printed[(printed["function"] == function) & (printed["financial_year"] == year)]
        pounds = known.set_index("area")["pounds"].rename(COUNTRIES)
        for country in COUNTRIES.values():
            over_both = [series[country] for series in values.values()]
            rows.append(
                {
                    "country": country,
                    "function": function,
                    "claim": f"{CLAIMS[country]}-{CLAIMS[function]}",
                    "printed": float(pounds[country]),
                    "day": float(day[country]) if function == HEALTH else float("nan"),
                    "later": over_both[0],
                    "low": min(over_both),
                    "high": max(over_both),
                    "difference": effect_sizes.percent_change(float(pounds[country]), over_both[0]),
                }
            )
    return pd.DataFrame(rows)


def resorted(spending: pd.DataFrame, release: int, function: str, year: str) -> set[str]:
    """Return the countries whose amount jumps to the next year, so that other spending must be in it.

    Such an amount cannot test a print. A jump is a change of more than RESORTED percent within one release.
    """
    jump = next_year_change(spending, release, function, year)
    return set(jump.index[jump.abs() > RESORTED])


def revisions(spending: pd.DataFrame, release: int) -> pd.DataFrame:
    """Return how far a release moved the amounts of the one before it, in percent, a row a function.

    They are compared in the last year that both hold: columns function, financial_year and the countries.
    Raises CareshiftError where no release before it holds a year of it.
    """
    held = years(spending, release)
    earlier = [r for r in releases(spending) if r < release and set(years(spending, r)) & set(held)]
    if not earlier:
        raise CareshiftError(f"No release before {release} has a year in common with it.")
    year = max(set(years(spending, earlier[-1])) & set(held))
    rows = []
    for function in (HEALTH, SOCIAL):
        before, after = (million(spending, r, function, year) for r in (earlier[-1], release))
        rows.append({"function": function, "financial_year": year, **(100 * (after / before - 1))})
    return pd.DataFrame(rows)


Value = Callable[[pd.Series], float]  # of spending per head by country


def amount(country: str) -> Value:
    """Return what reads a country's spending per head, in pounds."""
    return lambda pounds: float(pounds[country])


def pounds_above(country: str, over: str) -> Value:
    """Return what reads how many pounds per head a country spends above another."""
    return lambda pounds: float(pounds[country] - pounds[over])


def lead(country: str, over: str) -> Value:
    """Return what reads how far a country's spending per head is above another's, in percent."""
    return lambda pounds: effect_sizes.percent_change(pounds[over], pounds[country])


def leads_apart(country: str, over: str, other: str) -> Value:
    """Return what reads by how many points a country's lead over one is larger than that over another."""
    return lambda pounds: lead(country, over)(pounds) - lead(country, other)(pounds)


def choices(value: Value, by_mid_year: Mapping[str, pd.Series], day: pd.Series | None = None) -> pd.DataFrame:
    """Return a value over both populations and by the figures of the day, as a multiverse.

    The mid-year inside the financial year decides. The other population stands apart, and so do the figures
    of the day: they are at second hand.
    """
    rows = [(name, value(pounds)) for name, pounds in by_mid_year.items()]
    rows += [] if day is None else [(SECOND_HAND, value(day))]
    frame = pd.DataFrame(rows, columns=["figures", "value"])
    return frame.assign(decides=[True] + [False] * (len(rows) - 1))


def leads(spending: pd.DataFrame, population: pd.DataFrame, country: str, over: str) -> pd.DataFrame:
    """Return how far health spending per head is above another country's, a column a release, in percent.

    Columns year (its start) and r2010, r2014 ...: releases stand side by side and are never joined.
    """
    found: dict[str, dict[int, float]] = {}
    for release in releases(spending):
        by_year = {
            year: per_head(spending, population, release, HEALTH, year) for year in years(spending, release)
        }
        found[f"r{release}"] = {
            starts(year): effect_sizes.percent_change(values[over], values[country])
            for year, values in by_year.items()
        }
    return pd.DataFrame(found).rename_axis("year").sort_index().reset_index()


def ranks(spending: pd.DataFrame, population: pd.DataFrame, function: str) -> pd.DataFrame:
    """Return each country's place per head, 1 the highest, a row a release and year."""
    rows = []
    for release in releases(spending):
        for year in years(spending, release):
            values = per_head(spending, population, release, function, year)
            places = {country: rank(values, country) for country in COUNTRIES.values()}
            rows.append({"release": release, "financial_year": year, **places})
    return pd.DataFrame(rows)


ORDER = ("first", "second", "third", "fourth")


def ahead(difference: float, over: str, unit: str, digits: int = 1) -> str:
    """Return a lead in words, without its sign: "ahead of Wales by 4.4 %", "behind Scotland by 75 pounds"."""
    side = "behind" if difference < 0 else "ahead of"
    return f"{side} {over} by {abs(difference):,.{digits}f} {unit}"


def years_of_lowest(ranked: pd.DataFrame, country: str) -> tuple[int, int]:
    """Return in how many release-years a country spends least per head, and of how many."""
    return int((ranked[country] == len(COUNTRIES)).sum()), len(ranked)


def place(number: int) -> str:
    """Return a place among the four in a word."""
    return ORDER[number - 1]


def growth_title(grown: pd.Series, country: str, first: str, last: str) -> str:
    """Return in one line how much a country's health spending changed, and its place among the four."""
    number = rank(grown, country, lowest_first=True)
    words = {1: "weakest of four", 4: "strongest of four"}
    among = words.get(number, f"{place(number)} from the weakest of four")
    return f"Health spending in {country} {rise_or_fall(grown[country])} from {first} to {last}, {among}"


def rank_title(values: pd.Series, printed: pd.Series, country: str) -> str:
    """Return in one line a country's place after the revision and in the print."""
    later, before = rank(values, country), rank(printed, country)
    same = "as" if later == before else "not"
    return (
        f"After revision {country} is {place(later)} of four in health spending per head, "
        f"{same} {place(before)}"
    )


def lead_title(led: pd.DataFrame, country: str, over: str) -> str:
    """Return in one line between which values a lead lay over all releases."""
    by_release = led.drop(columns="year")
    ends = float(by_release.min().min()), float(by_release.max().max())
    low, high = (ahead(value, over, "%") for value in ends)
    return f"{country} lay from {low} to {high}"
