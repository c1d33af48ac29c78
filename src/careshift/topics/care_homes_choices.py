"""Choices for care-home residents that the sources leave open: the width of age bands, and the year 2011."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from careshift import multiverse, standardisation
from careshift.project import CareshiftError
from careshift.topics import care_homes
from careshift.topics.places import SCOTLAND

WIDTHS: dict[str, dict[str, str]] = {
    "65-84 and 85+": {"65-74": "65-84", "75-84": "65-84"},
    "65-74 and 75+": {"75-84": "75+", "85+": "75+"},
    "65+ as one": dict.fromkeys(care_homes.BANDS, "65+"),
}
FINEST = "three bands"
# the mid-year of a financial year that starts in its number: inside the year, or just after it
MIDS = {"mid-year within": 0, "mid-year after": 1}
LEAD_SEXES = "pooled"
"""The sources speak of age and not of sex: the value that leads divides people by age alone."""
CENSUS, YEARLY_MEAN = 3, 9
"""Months from 1 January to what is counted: to 31 March, and to the middle of a financial year."""


def nearest_mid_year(mids: Mapping[str, int], months: int) -> str:
    """Return which mid-year is nearest to what was counted some months after 1 January.

    `mids` are years from that year on, 0 for the mid-year in it. The value that leads takes this one.
    """
    return min(mids, key=lambda name: abs(12 * mids[name] + 6 - months))


def leading(made: pd.DataFrame, **rule: str) -> float:
    """Return the value of the one row that decides and has the options of a rule; no print is looked at.

    Raises CareshiftError unless there is exactly one.
    """
    rows = made[made["decides"]]
    for column, option in rule.items():
        rows = rows[rows[column] == option]
    if len(rows) != 1:
        raise CareshiftError(f"{len(rows)} choices lead, not one: {', '.join(rule.values())}.")
    return float(rows["value"].iloc[0])


def widened(frame: pd.DataFrame, width: str, by: list[str]) -> pd.DataFrame:
    """Return counts or people of the three age bands added up to wider ones; columns as they were."""
    summed: pd.DataFrame = frame.replace({"age_band": WIDTHS[width]}).groupby(by).sum().reset_index()
    return summed


def wider_shortfall(
    *,
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    base: int,
    year: int,
    ages: str,
    sexes: str,
    alignment: str,
    area: str = SCOTLAND,
) -> float:
    """Return the percentage that residents in `year` are below the number expected, in wider age bands."""
    by = ["age_band"] if sexes == "pooled" else ["age_band", "sex"]
    shift = care_homes.OFFSETS[alignment]
    start = care_homes.base_residents(residents, official, base, by, area)
    at_base, later = (
        widened(care_homes.at_ages(population, at + shift, by, area), ages, by) for at in (base, year)
    )
    expected = standardisation.expected_counts(widened(start, ages, by), at_base, later, by)["expected"].sum()
    return float(100 * (1 - care_homes.census(residents, year, by, area)["count"].sum() / expected))


def wider_shortfalls(base: int, year: int, area: str = SCOTLAND, **tables: pd.DataFrame) -> pd.DataFrame:
    """Return the shortfall in percent for each wider band, sexes pooled or apart, population on one side.

    Columns as those of `care_homes.shortfalls`, and `ages`.
    """
    choices = {"ages": tuple(WIDTHS), "sexes": ("pooled", "by sex"), "alignment": tuple(care_homes.OFFSETS)}
    frame = multiverse.explore(wider_shortfall, choices, base=base, year=year, area=area, **tables)
    mids = {"base_population": frame["alignment"], "later_population": frame["alignment"]}
    return frame.drop(columns="alignment").assign(**mids, base=f"March {base}", decides=True)


def of_all_widths(finest: pd.DataFrame, wider: pd.DataFrame) -> pd.DataFrame:
    """Return the multiverse of the three bands with that of wider ones below it, and a column `ages`."""
    return care_homes.stacked(finest.assign(ages=FINEST), wider)[
        ["ages", "sexes", "base_population", "later_population", "base", "value", "decides"]
    ]


def below_projection_2011(
    *,
    residents: pd.DataFrame,
    free_personal_care: pd.DataFrame,
    population: pd.DataFrame,
    sexes: str,
    actual: str,
    mid: str,
    borrowed: str = "rates",
) -> float:
    """Return how many residents 2011 was below the number projected from 2003/04's rates.

    The free personal care return gives 2003/04's total but no ages. They are borrowed from March 2010, either
    as rates (on mid-2010's population, scaled to 2003/04's total) or as shares of residents. `actual` is the
    return's year that stands for 2011. Both years take the same mid-year `mid`: inside the year, or after it.
    """
    by = ["age_band"] if sexes == "pooled" else ["age_band", "sex"]
    yearly = free_personal_care.set_index("financial_year")["residents"].astype(float)
    split = care_homes.census(residents, care_homes.FIRST_SPLIT, by)
    first, last = (int(label[:4]) + MIDS[mid] for label in ("2003/04", actual))
    if borrowed == "rates":
        at_last, at_first = (
            care_homes.expected(split, population, care_homes.FIRST_SPLIT, year, by) for year in (last, first)
        )
        projected = yearly["2003/04"] * at_last / at_first
    else:
        spread = care_homes.spread(yearly["2003/04"], split)
        projected = care_homes.expected(spread, population, first, last, by)
    return float(projected - yearly[actual])


def all_below_projection_2011(**tables: pd.DataFrame) -> pd.DataFrame:
    """Return the 2011 difference under every choice.

    Shares instead of rates are shown but do not decide, nor does another year for 2011: it is no method.
    """
    choices = {
        "sexes": ("pooled", "by sex"),
        "actual": ("2010/11", "2011/12"),
        "mid": tuple(MIDS),
        "borrowed": ("rates", "shares"),
    }
    frame = multiverse.explore(below_projection_2011, choices, **tables)
    return frame.assign(decides=(frame["borrowed"] == "rates") & (frame["actual"] == "2010/11"))


def lead_of_gap(made: pd.DataFrame, alignment: str) -> float:
    """Return the leading shortfall: the finest age bands, sexes pooled, populations on the side given."""
    return leading(made, ages=FINEST, sexes=LEAD_SEXES, later_population=alignment)


def lead_of_2011(made: pd.DataFrame) -> float:
    """Return the leading difference of 2011: sexes pooled, the mid-year nearest to the middle of the year."""
    return leading(made, sexes=LEAD_SEXES, mid=nearest_mid_year(MIDS, YEARLY_MEAN))
