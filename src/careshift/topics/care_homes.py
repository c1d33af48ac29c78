"""Long-stay care-home residents aged 65 and over: actual, expected, and what the difference is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from careshift import effect_sizes, multiverse, standardisation
from careshift.project import CareshiftError
from careshift.topics.places import SCOTLAND

BANDS = ("65-74", "75-84", "85+")
NARROW = {"85-94": "85+", "95+": "85+"}
FIRST_SPLIT = 2010  # the first March census with an age split; earlier totals borrow its shares
TOTALS = "care_home_residents_65plus"
Alignment = Literal["mid-year before", "mid-year after"]
OFFSETS: dict[str, int] = {"mid-year before": -1, "mid-year after": 0}


def census(residents: pd.DataFrame, year: int, by: Sequence[str], area: str = SCOTLAND) -> pd.DataFrame:
    """Return residents aged 65+ on 31 March of a year: columns `by` (age_band, perhaps sex) and `count`.

    Raises CareshiftError where a cell or row is missing, so that a gap never counts as nobody.
    """
    older = residents[(residents["area"] == area) & (residents["age_band"] != "18-64")]
    chosen = older[older["date"].dt.year == year]
    if chosen.empty or len(chosen) != strata(older) or chosen["residents"].isna().any():
        raise CareshiftError(f"No complete age split of residents for March {year}, area {area}.")
    chosen = chosen.replace({"age_band": NARROW})
    counted: pd.DataFrame = chosen.groupby(list(by))[["residents"]].sum().reset_index()
    return counted.rename(columns={"residents": "count"}).assign(
        count=lambda frame: frame["count"].astype(float)
    )


def strata(older: pd.DataFrame) -> int:
    """Return how many rows a complete year of one area has: its sexes times its age bands in any year."""
    return int(older["sex"].nunique() * older["age_band"].nunique())


def at_ages(population: pd.DataFrame, year: int, by: Sequence[str], area: str = SCOTLAND) -> pd.DataFrame:
    """Return the population aged 65+ in mid-`year`: columns `by` and `population`.

    Raises CareshiftError where the year is not in the table.
    """
    chosen = population[
        (population["area"] == area) & (population["year"] == year) & (population["age"] >= 65)
    ]
    if chosen.empty:
        raise CareshiftError(f"No population for mid-{year}, area {area}.")
    banded = chosen.assign(age_band=pd.cut(chosen["age"], [64, 74, 84, 200], labels=list(BANDS)).astype(str))
    counted = banded.groupby(list(by))[["population"]].sum().reset_index()
    return counted


def total(official: pd.DataFrame, year: int) -> float:
    """Return Scotland's official total of residents aged 65+ in March of a year; NaN where there is none."""
    chosen = official[(official["series_id"] == TOTALS) & (official["period"] == str(year))]
    return float(chosen["value"].iloc[0]) if len(chosen) else float("nan")


def counted(residents: pd.DataFrame, official: pd.DataFrame, year: int, area: str = SCOTLAND) -> float:
    """Return residents aged 65+ in March of a year: Scotland's official total, else the sum of the age split.

    NaN where there is neither.
    """
    printed = total(official, year) if area == SCOTLAND else float("nan")
    if printed == printed or year not in split_years(residents, area):
        return printed
    return float(census(residents, year, ["age_band"], area)["count"].sum())


def split_years(residents: pd.DataFrame, area: str = SCOTLAND) -> list[int]:
    """Return the years for which the area has a complete split by sex and age from 65 on."""
    older = residents[(residents["area"] == area) & (residents["age_band"] != "18-64")]
    whole = older.groupby(older["date"].dt.year)["residents"].count() == strata(older)
    return [int(str(year)) for year in whole.index[whole]]


def comparable_years(
    residents: pd.DataFrame, official: pd.DataFrame, population: pd.DataFrame, area: str = SCOTLAND
) -> list[int]:
    """Return the years whose residents and mid-year populations on both sides are known, in order.

    Scotland's March before the first split counts too: its official total borrows the shares of that split.
    Raises CareshiftError, naming the areas that are there, where there are fewer than three.
    """
    held = set(population.loc[population["area"] == area, "year"])
    years = split_years(residents, area)
    if area == SCOTLAND and total(official, FIRST_SPLIT - 1) > 0 and FIRST_SPLIT in years:
        years = [FIRST_SPLIT - 1, *years]
    found = sorted(year for year in years if {year - 1, year} <= held)
    if len(found) < 3:
        areas = sorted(set(residents["area"]) & set(population["area"]))
        raise CareshiftError(
            f"{area} has {len(found)} years with residents by age and a population before and after; "
            f"three are needed. Areas in both tables: {', '.join(areas) or 'none'}."
        )
    return found


def side(gap: float) -> str:
    """Return the word for a shortfall, "fewer", or for what is beyond the expected, "more"."""
    return "fewer" if gap >= 0 else "more"


def spread(count: float, split: pd.DataFrame) -> pd.DataFrame:
    """Return a total spread over the strata of another census, in its shares."""
    return split.assign(count=split["count"] * count / split["count"].sum())


def base_residents(
    residents: pd.DataFrame, official: pd.DataFrame, year: int, by: Sequence[str], area: str = SCOTLAND
) -> pd.DataFrame:
    """Return the base census by stratum; Scotland's March 2009 is its total in the shares of March 2010."""
    if area != SCOTLAND or year >= FIRST_SPLIT:
        return census(residents, year, by, area)
    return spread(total(official, year), census(residents, FIRST_SPLIT, by))


def expected(
    base: pd.DataFrame,
    population: pd.DataFrame,
    base_mid: int,
    later_mid: int,
    by: Sequence[str],
    area: str = SCOTLAND,
) -> float:
    """Return the residents that the base's rates would give in mid-`later_mid`, a count."""
    at_base, later = (at_ages(population, mid, by, area) for mid in (base_mid, later_mid))
    return float(standardisation.expected_counts(base, at_base, later, by)["expected"].sum())


def shortfall(
    *,
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    base: int,
    year: int,
    sexes: str = "pooled",
    base_population: str = "mid-year after",
    later_population: str = "mid-year after",
    area: str = SCOTLAND,
) -> float:
    """Return the percentage that residents in `year` are below the number expected from `base`."""
    by = ["age_band"] if sexes == "pooled" else ["age_band", "sex"]
    at_base = base_residents(residents, official, base, by, area)
    mids = base + OFFSETS[base_population], year + OFFSETS[later_population]
    count = expected(at_base, population, *mids, by, area)
    return 100 * (1 - census(residents, year, by, area)["count"].sum() / count)


def shortfalls(base: int, year: int, area: str = SCOTLAND, **tables: pd.DataFrame) -> pd.DataFrame:
    """Return the shortfall in percent under every choice: sexes pooled or apart, population dates.

    Misaligned population dates stand in the frame but do not decide.
    """
    choices = {
        "sexes": ("pooled", "by sex"),
        "base_population": tuple(OFFSETS),
        "later_population": tuple(OFFSETS),
    }
    frame = multiverse.explore(shortfall, choices, base=base, year=year, area=area, **tables)
    return frame.assign(base=f"March {base}", decides=frame["base_population"] == frame["later_population"])


def series(
    base: int,
    last: int,
    alignment: str,
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    area: str = SCOTLAND,
) -> pd.DataFrame:
    """Return actual and expected residents each March from the base to the last year, sexes pooled.

    Columns year, actual (missing where no census was taken, as in 2020), expected, gap.
    """
    by = ["age_band"]
    at_base = base_residents(residents, official, base, by, area)
    shift = OFFSETS[alignment]
    rows = [
        {
            "year": year,
            "actual": counted(residents, official, year, area),
            "expected": expected(at_base, population, base + shift, year + shift, by, area),
        }
        for year in range(base, last + 1)
    ]
    return pd.DataFrame(rows).assign(gap=lambda frame: frame["expected"] - frame["actual"])


def at_rates_of(
    base: pd.DataFrame,
    base_mid: int,
    population: pd.DataFrame,
    projected: pd.DataFrame,
    last: int,
    area: str = SCOTLAND,
) -> pd.Series:
    """Return residents to `last` at the base's rates, by year: over the estimates, then the projection."""
    by = ["age_band"]
    at_base = at_ages(population, base_mid, by, area)
    estimated = population[(population["area"] == area) & (population["year"] >= base_mid)]
    known = sorted({int(year) for year in estimated["year"]})
    ahead = range(max([int(projected["year"].min()), *(year + 1 for year in known)]), last + 1)
    later = {y: at_ages(population, y, by, area) for y in known}
    later |= {y: at_ages(projected, y, by, area) for y in ahead}
    counts = {y: standardisation.expected_counts(base, at_base, people, by) for y, people in later.items()}
    return pd.Series({y: frame["expected"].sum() for y, frame in counts.items()}, name="projected")


def parts_of_change(
    base: int,
    year: int,
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    area: str = SCOTLAND,
) -> pd.DataFrame:
    """Return what population size, age structure and rates each add to the change (Das Gupta)."""
    by = ["age_band"]
    return standardisation.decompose(
        base_residents(residents, official, base, by, area),
        at_ages(population, base, by, area),
        census(residents, year, by, area),
        at_ages(population, year, by, area),
        by,
    )


def projections(
    base: int,
    latest: int,
    last: int,
    *,
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    projected: pd.DataFrame,
    area: str = SCOTLAND,
) -> pd.DataFrame:
    """Return residents each March from the base to `last`: counted, and at base-period and latest rates.

    Columns year, actual, base_rates, latest_rates. The rates meet the estimated population as far as it goes,
    so that a year has one expected number in the chapter, and the projected one after that.
    """
    by, ahead = ["age_band"], projected[projected["area"] == area]
    ahead = ahead[ahead["base"] == ahead["base"].max()]
    estimated = population if latest <= population["year"].max() else ahead
    first = base_residents(residents, official, base, by, area)
    at_base = at_rates_of(first, base, population, ahead, last, area)
    at_latest = at_rates_of(census(residents, latest, by, area), latest, estimated, ahead, last, area)
    frame = pd.DataFrame({"base_rates": at_base, "latest_rates": at_latest[at_latest.index >= latest]})
    frame = frame.reindex(range(base, last + 1)).rename_axis("year").reset_index()
    actual = {year: counted(residents, official, year, area) for year in range(base, latest + 1)}
    return frame.assign(actual=frame["year"].map(actual))


def projected_years(residents: pd.DataFrame, projected: pd.DataFrame, area: str = SCOTLAND) -> list[int]:
    """Return the years with an age split whose rates can be carried into the area's projected population.

    Empty where the area has no projection.
    """
    ahead = projected[projected["area"] == area]
    if ahead.empty:
        return []
    first = int(ahead.loc[ahead["base"] == ahead["base"].max(), "year"].min())
    return [year for year in split_years(residents, area) if year >= first]


def share_of_older(population: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the percentage "over 65" under both readings of the words: 65 and over, and older than 65."""
    readings = {"aged 65 and over": 65, "older than 65": 66}
    everyone = people(population, year)
    shares = [100 * people(population, year, youngest) / everyone for youngest in readings.values()]
    return pd.DataFrame({"reading": list(readings), "value": shares})


def ageing(population: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the percentage of people aged 65 and over each year: columns year, share."""
    years = range(first, last + 1)
    shares = [100 * people(population, year, 65) / people(population, year) for year in years]
    return pd.DataFrame({"year": list(years), "share": shares})


def people(population: pd.DataFrame, year: int, youngest: int = 0) -> float:
    """Return Scotland's population of a year from an age on, in persons.

    Raises CareshiftError where the year is not in the table.
    """
    chosen = population[(population["year"] == year) & (population["area"] == SCOTLAND)]
    if chosen.empty:
        raise CareshiftError(
            f"No population for mid-{year}, area {SCOTLAND}; a claim about Scotland needs it."
        )
    return float(chosen.loc[chosen["age"] >= youngest, "population"].sum())


def occupancy(filled: pd.DataFrame, places: pd.DataFrame, area: str = SCOTLAND) -> pd.DataFrame:
    """Return how full an area's homes for older people stood each March: year, taken, places.

    `taken` is the percentage of registered places that have a resident, `places` how many there are. A year
    without a census stays missing; empty where the area has no rows.
    """
    tables = [(filled, "occupancy", "taken"), (places, "places", "places")]
    columns = []
    for table, column, name in tables:
        mine = table[(table["area"] == area) & (table["client_group"] == "older people")]
        columns.append(mine.set_index(mine["date"].dt.year)[column].astype(float).rename(name))
    frame = pd.concat(columns, axis=1).dropna(how="all")
    held = [int(str(year)) for year in frame.index]
    years = range(min(held), max(held) + 1) if held else range(0)
    return frame.reindex(years).rename_axis("year").reset_index()


def filled_between(homes: pd.DataFrame, first: int, last: int) -> dict[str, float]:
    """Return the first and last year from `first` to `last` in which both columns of `occupancy` are known.

    Keys first, last (years), was, now (percent of places taken), places (their change in percent). Raises
    CareshiftError where fewer than two years are known.
    """
    known = homes[homes["year"].between(first, last)].dropna()
    if len(known) < 2:
        raise CareshiftError(f"Occupancy and places are known for fewer than two years, {first} to {last}.")
    start, end = known.iloc[0], known.iloc[-1]
    return {
        "first": int(start["year"]),
        "last": int(end["year"]),
        "was": float(start["taken"]),
        "now": float(end["taken"]),
        "places": effect_sizes.percent_change(float(start["places"]), float(end["places"])),
    }


def fullness(homes: pd.DataFrame, first: int, last: int) -> str:
    """Return the title that says how full homes stood at both ends, and what became of their places."""
    at = filled_between(homes, first, last)
    places = f"{abs(at['places']):.0f} % {'fewer' if at['places'] < 0 else 'more'} places"
    if abs(at["now"] - at["was"]) <= 1:
        return f"Homes stood as full in {at['last']} as in {at['first']}, with {places}"
    step = "fuller" if at["now"] > at["was"] else "less full"
    return f"Homes stood {step} in {at['last']} than in {at['first']}, with {places}"


def lowest_after(homes: pd.DataFrame, year: int) -> str:
    """Return a sentence on the emptiest March after a year and the latest one; empty where there is none."""
    later = homes[homes["year"] > year].dropna(subset=["taken"])
    if later.empty:
        return ""
    taken = later.set_index("year")["taken"]
    return (
        f"After that the lowest was {taken.min():.0f} %, in March {taken.idxmin()}; in March "
        f"{taken.index[-1]} it was {taken.iloc[-1]:.0f} %."
    )


def stacked(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return several multiverses as one frame."""
    return pd.concat(frames, ignore_index=True)
