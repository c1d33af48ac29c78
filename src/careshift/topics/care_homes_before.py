"""Care-home residents before the base year: how fast they fell behind unchanged rates."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from careshift.project import CareshiftError
from careshift.topics import care_homes
from careshift.topics.financial_years import label, start_of
from careshift.topics.places import SCOTLAND

EVE = 2016
"""The last census before 1 April 2016, when the integration authorities took over."""
YEARLY = "Long-stay residents aged 65 and over, yearly mean"
EARLIER = {
    "Residents of homes for older people, all ages": "care_homes_older_people_residents",
    YEARLY: "care_home_longstay_65plus_yearavg",
    "Long-stay residents aged 65 and over, 31 March": care_homes.TOTALS,
}
"""The official series that begin before 2009, each by what it counts. Each makes a pace of its own."""
ENDS, NUMBERS = ("first", "end"), ("below", "pace", "carried")
HEADERS = {
    "series": "Who is counted",
    "first": "From",
    "end": "To",
    "below": "% behind",
    "pace": "% a year",
    "carried": "% behind, carried on",
}
"""Headings of what `told` gives."""
NEAREST, OTHER = "nearest mid-year", "other mid-year"
SEXES = {"pooled": ["age_band"], "by sex": ["age_band", "sex"]}


def counts(official: pd.DataFrame, name: str, until: int) -> tuple[pd.Series[float], dict[str, int]]:
    """Return one of `EARLIER` by year up to a March, and the shift to each mid-year that may stand for it.

    A yearly mean is of a financial year and goes by the year it starts in: its middle, 30 September, is three
    months after the mid-year inside it. A 31 March is three months before the mid-year that follows.
    """
    rows = official[official["series_id"] == EARLIER[name]]
    years = rows["period"].map(start_of if name == YEARLY else lambda period: int(period[-4:]))
    values = pd.Series(rows["value"].to_numpy(float), years.astype(int)).dropna().sort_index()
    mids = {NEAREST: 0, OTHER: 1 if name == YEARLY else -1}
    return values[values.index <= until - (name == YEARLY)], mids


def below(start: float, end: float, at_start: float, at_end: float) -> float:
    """Return the percentage that the last count lies below what unchanged rates make of the first.

    `at_start` and `at_end` are what one set of rates by age gives for the two populations.
    """
    return 100 * (1 - end / start / (at_end / at_start))


def yearly(percent: float, years: int) -> float:
    """Return the percentage a year that compounds to a percentage below over some years."""
    return float(100 * (1 - (1 - percent / 100) ** (1 / years)))


def carried(pace: float, years: int) -> float:
    """Return the percentage below after some years at a percentage a year, compounded."""
    return float(100 * (1 - (1 - pace / 100) ** years))


def paces(
    base: int, last: int, *, residents: pd.DataFrame, official: pd.DataFrame, population: pd.DataFrame
) -> pd.DataFrame:
    """Return how far each earlier series fell below unchanged rates up to March `base`, under every choice.

    Ages are not public before 2010: the rates of March 2010 stand for all years, pooled or by sex. Columns
    series, first, end (years), sexes, mid, below (percent), pace (percent a year), carried (percent below in
    March `last`, had the pace gone on from `base`), leads (sexes pooled, nearest mid-year). A series without
    two years before is left out. Raises CareshiftError where none is left.
    """
    rows = []
    for name in EARLIER:
        values, mids = counts(official, name, base)
        if len(values) < 2:
            continue
        first, end = int(values.index[0]), int(values.index[-1])
        for sexes, by in SEXES.items():
            for mid, shift in mids.items():
                ages = [_at_rates_of_2010(residents, population, at + shift, by) for at in (first, end)]
                fell = below(values.iloc[0], values.iloc[-1], *ages)
                rows.append((name, first, end, sexes, mid, fell, yearly(fell, end - first)))
    if not rows:
        raise CareshiftError(f"No series of care-home residents has two years up to March {base}.")
    frame = pd.DataFrame(rows, columns=["series", *ENDS, "sexes", "mid", "below", "pace"])
    leads = (frame["sexes"] == "pooled") & (frame["mid"] == NEAREST)
    return frame.assign(carried=[carried(pace, last - base) for pace in frame["pace"]], leads=leads)


def _at_rates_of_2010(
    residents: pd.DataFrame, population: pd.DataFrame, mid: int, by: Sequence[str]
) -> float:
    split = care_homes.census(residents, care_homes.FIRST_SPLIT, by)
    return care_homes.expected(split, population, care_homes.FIRST_SPLIT, mid, by)


def told(made: pd.DataFrame) -> pd.DataFrame:
    """Return the leading row of each series of `paces` for the page, its years written out."""
    rows = made[made["leads"]].reset_index(drop=True)
    for end in ENDS:
        rows[end] = [_year(name, year) for name, year in zip(rows["series"], rows[end], strict=True)]
    return rows


def _year(series: str, year: int) -> str:
    return label(year) if series == YEARLY else f"March {year}"


def over_choices(made: pd.DataFrame, eve: dict[str, float], last: int) -> str:
    """Return in words how far the paces and the early part of the gap move with the choices."""
    least, most = made[["pace", "carried"]].min(), made[["pace", "carried"]].max()
    early = (
        f" The gap of March {EVE} is {eve['low']:.1f} to {eve['high']:.1f} % over such choices."
        if eve
        else ""
    )
    pace = f"{least['pace']:.1f} to {most['pace']:.1f} % a year"
    ends = f"{least['carried']:.0f} to {most['carried']:.0f} % by March {last}"
    return f"With rates by sex, or the other mid-year, the paces are {pace}. They lead to {ends}.{early}"


def going_on(years: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """Return the chapter's series with the slowest and the fastest leading pace carried on from its start.

    `years` as from `care_homes.series`; columns slow and fast, in residents.
    """
    pace = made.loc[made["leads"], "pace"]
    left = {
        name: [1 - carried(at, year - int(years["year"].iloc[0])) / 100 for year in years["year"]]
        for name, at in {"slow": pace.min(), "fast": pace.max()}.items()
    }
    return years.assign(**{name: years["expected"] * share for name, share in left.items()})


def on_the_eve(base: int, last: int, **tables: pd.DataFrame) -> dict[str, float]:
    """Return the shortfall in percent at the last census before the authorities, over what decides.

    Keys lead (sexes pooled, mid-year after), low, high; empty where that census is not between the years.
    """
    if not base < EVE < last:
        return {}
    made = care_homes.shortfalls(base, EVE, SCOTLAND, **tables).query("decides")
    lead = made[(made["sexes"] == "pooled") & (made["later_population"] == "mid-year after")]
    return {"lead": lead["value"].iloc[0], "low": made["value"].min(), "high": made["value"].max()}


def said(made: pd.DataFrame, eve: dict[str, float], base: int, last: int, shortfall: float) -> str:
    """Return in words how residents fell behind before `base`, and how much of the gap came early.

    `made` as from `paces`, `eve` as from `on_the_eve`, `shortfall` the chapter's own, in percent below.
    """
    leading = made[made["leads"]]
    least, most = leading[["pace", "carried"]].min(), leading[["pace", "carried"]].max()
    early = f" {_early(eve, shortfall)}" if eve else ""
    if least["pace"] <= 0:
        return f"The earlier series do not all show such a fall before {base}.{early}"
    return (
        f"The fall is older than {base}. In {len(leading)} series that begin before, residents fell behind "
        f"unchanged rates by {least['pace']:.1f} to {most['pace']:.1f} % a year. That pace, carried on, "
        f"makes {least['carried']:.0f} to {most['carried']:.0f} % by March {last}.{early} So the gap by "
        "itself is no sign that integration worked, nor that it did not."
    )


def _early(eve: dict[str, float], shortfall: float) -> str:
    return (
        f"By March {EVE}, just before the integration authorities took over, {eve['lead']:.1f} of the "
        f"{shortfall:.1f} % were there."
    )


def title(made: pd.DataFrame, last: int) -> str:
    """Return the title that says what the slowest earlier pace, carried on, makes of the gap."""
    least = made.loc[made["leads"], "carried"].min()
    if least <= 0:
        return "The earlier series do not all fall behind unchanged rates"
    return f"The slowest earlier fall, carried on, makes a gap of about {least:.0f} % by {last}"
