"""How expected counts are made, worked on care-home residents: strata, limits, choices, rates, parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from careshift import standardisation
from careshift.topics import care_homes, places

BY_SEX = ("age_band", "sex")
METHODS: dict[str, Literal["byar", "exact"]] = {"Byar": "byar", "exact": "exact"}


def worked(
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    base: int,
    year: int,
    alignment: str = "mid-year after",
    by: Sequence[str] = ("age_band",),
) -> pd.DataFrame:
    """Return the arithmetic of an expected count, a row a stratum.

    Columns `by`, base_count, base_population, base_rate (per 1,000), later_population, expected, actual.
    """
    shift = care_homes.OFFSETS[alignment]
    table = standardisation.expected_counts(
        care_homes.base_residents(residents, official, base, by),
        care_homes.at_ages(population, base + shift, by),
        care_homes.at_ages(population, year + shift, by),
        by,
    )
    later = care_homes.base_residents(residents, official, year, by).rename(columns={"count": "actual"})
    return table.merge(later, on=list(by)).assign(base_rate=1000 * table["base_rate"])


def with_total(table: pd.DataFrame) -> pd.DataFrame:
    """Return the worked table with a last row that adds the strata up; its rate is the crude rate."""
    total = table.drop(columns="age_band").sum(numeric_only=True)
    total["base_rate"] = 1000 * total["base_count"] / total["base_population"]
    return pd.concat([table, pd.DataFrame([{"age_band": "65 and over", **total}])], ignore_index=True)


def at_the_crude_rate(table: pd.DataFrame) -> float:
    """Return what the worked table would expect had all ages one rate."""
    total = with_total(table).iloc[-1]
    return float(total["base_rate"] * total["later_population"] / 1000)


def title_of_ratios(found: pd.DataFrame, year: int) -> str:
    """Return the title that says how far every group of `ratios` lies below its expected number."""
    least = 100 - found["ratio"].max()
    if least <= 0:
        return f"In {year} not every group was below its expected number"
    return f"In {year} every group was at least {int(least)} % below its expected number"


def ratios(table: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return actual over expected by stratum in percent, with Byar's limits that carry the base's variance.

    `table` is of `worked` by age and sex. Columns stratum, ratio, low, high (100 = as expected).
    """
    rows = []
    for row in table.to_dict("records"):
        low, high = standardisation.ratio_limits(
            row["actual"], row["expected"], confidence=confidence, base_count=row["base_count"]
        )
        ratio = row["actual"] / row["expected"]
        rows.append((f"{row['sex']}, {row['age_band']}", 100 * ratio, 100 * low, 100 * high))
    return pd.DataFrame(rows, columns=["stratum", "ratio", "low", "high"])


def two_ways(
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    base: int,
    last: int,
    alignment: str = "mid-year after",
) -> pd.DataFrame:
    """Return actual residents, and expected with the sexes pooled and with each at its own rates, each March.

    Columns year, actual, pooled, by_sex.
    """
    rows = []
    for year in range(base, last + 1):
        pooled, apart = (
            worked(residents, official, population, base, year, alignment, by)["expected"].sum()
            for by in (["age_band"], BY_SEX)
        )
        actual = care_homes.counted(residents, official, year)
        rows.append({"year": year, "actual": actual, "pooled": pooled, "by_sex": apart})
    return pd.DataFrame(rows)


def sexes(table: pd.DataFrame, age_band: str = "85+") -> dict[str, float]:
    """Return why pooling matters in one age band, from a `worked` table by age and sex.

    Keys: men_base and men_later, men's share of the population in percent; men and women, residents per 1,000
    in the base year.
    """
    rows = table[table["age_band"] == age_band].set_index("sex")
    share = 100 * rows.loc["male", ["base_population", "later_population"]].to_numpy(float)
    share /= rows[["base_population", "later_population"]].sum().to_numpy(float)
    rate = rows["base_rate"]
    return {"men_base": share[0], "men_later": share[1], "men": rate["male"], "women": rate["female"]}


def limits_by_method(table: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return limits of actual over expected in percent, with the base's rates known and not known.

    Columns rates, method, low, high, width.
    """
    actual, expected = float(table["actual"].sum()), float(table["expected"].sum())
    known_as = {
        "taken as known": None,
        "with their own variance": standardisation.effective_base_count(table),
    }
    rows = []
    for words, base_count in known_as.items():
        for name, method in METHODS.items():
            low, high = standardisation.ratio_limits(actual, expected, method, confidence, base_count)
            rows.append((words, name, 100 * low, 100 * high, 100 * (high - low)))
    return pd.DataFrame(rows, columns=["rates", "method", "low", "high", "width"])


def limits_of_counts(counts: Sequence[int], confidence: float = 0.95) -> pd.DataFrame:
    """Return Byar's and the exact limits of the mean behind each count: columns count, then two a method."""
    rows = []
    for count in counts:
        (byar, exact) = (
            standardisation.count_limits(count, method, confidence) for method in METHODS.values()
        )
        rows.append((count, *byar, *exact))
    return pd.DataFrame(rows, columns=["count", "byar_low", "byar_high", "exact_low", "exact_high"])


def crude_and_direct(
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    years: Sequence[int],
    alignment: str = "mid-year after",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return residents per 1,000 people aged 65 and over, crude and on the European Standard Population.

    One row a year: year, crude, direct, low, high.
    """
    rows = []
    for year in years:
        split = care_homes.base_residents(residents, official, year, ["age_band"])
        counts = split.set_index("age_band")["count"]
        mid = year + care_homes.OFFSETS[alignment]
        people = care_homes.at_ages(population, mid, ["age_band"]).set_index("age_band")["population"]
        rate = standardisation.direct_rate(counts, people, per=1000, confidence=confidence)
        crude = 1000 * counts.sum() / people.sum()
        rows.append({"year": year, "crude": crude, "direct": rate.rate, "low": rate.low, "high": rate.high})
    return pd.DataFrame(rows)


def weight_of_choices(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return how far each choice moves a result: the gap between its options' means, all else alike.

    `frame` has a column for each choice and `value`. Columns choice, lowest, highest (options), points.
    """
    rows = []
    for column in columns:
        means = frame.groupby(column)["value"].mean().sort_values()
        rows.append((column, means.index[0], means.index[-1], float(means.iloc[-1] - means.iloc[0])))
    answer = pd.DataFrame(rows, columns=["choice", "lowest", "highest", "points"])
    return answer.sort_values("points", ascending=False, ignore_index=True)


def shortfalls(bases: Sequence[int], year: int, **tables: pd.DataFrame) -> pd.DataFrame:
    """Return the care homes' multiverse for several base years, aligned population dates only."""
    frames = [care_homes.shortfalls(base, year, places.SCOTLAND, **tables) for base in bases]
    aligned = care_homes.stacked(*frames).query("decides")
    return aligned.rename(columns={"later_population": "alignment"}).reset_index(drop=True)
