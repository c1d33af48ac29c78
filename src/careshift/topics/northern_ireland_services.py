"""Services in Northern Ireland: bodies before and after the reform, spending shares, beds by programme."""

from __future__ import annotations

import pandas as pd

from careshift.project import CareshiftError
from careshift.typography import rise_or_fall

BEFORE, AFTER = "before 2007", "after 2007"
LOCAL_GROUPS = "local commissioning groups"
PREVENTION = "health promotion and disease prevention"
ACUTE = "acute services"
ALL = "all programmes"
QUARTERS = 4


def bodies(table: pd.DataFrame) -> pd.DataFrame:
    """Return the number of bodies by role before and after the reform, and their sum in the last row."""
    counted = table.pivot_table(index="role", columns="period", values="count", aggfunc="sum", fill_value=0)
    counted = counted.reindex(columns=[BEFORE, AFTER]).astype(int)
    counted.loc["all"] = counted.sum()
    counted.columns.name = None
    return counted.reset_index()


def all_bodies(table: pd.DataFrame, period: str, with_local_groups: bool = True) -> int:
    """Return how many bodies there were, with or without the local commissioning groups."""
    chosen = table[table["period"] == period]
    if not with_local_groups:
        chosen = chosen[chosen["body"] != LOCAL_GROUPS]
    return int(chosen["count"].sum())


def number_of(table: pd.DataFrame, body: str, period: str) -> int:
    """Return how many bodies of one kind there were."""
    return int(table.loc[(table["body"] == body) & (table["period"] == period), "count"].sum())


def share(shares: pd.DataFrame, *programmes: str) -> float:
    """Return the spending share of programmes together, in percent; CareshiftError for an unknown one."""
    known = shares.set_index("programme_of_care")["percent"].astype(float)
    missing = [name for name in programmes if name not in known.index]
    if missing:
        raise CareshiftError(f"No share of {', '.join(missing)}.")
    return float(sum(known[name] for name in programmes))


def by_size(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the programmes from the largest share to the smallest."""
    return shares.sort_values(["percent", "programme_of_care"], ascending=[False, True], ignore_index=True)


def smallest_lead(shares: pd.DataFrame, programme: str) -> float:
    """Return by how many points the smallest other programme is larger than this one."""
    others = shares.loc[shares["programme_of_care"] != programme, "percent"]
    return float(others.min()) - share(shares, programme)


def yearly_beds(beds: pd.DataFrame) -> pd.DataFrame:
    """Return average available beds and occupancy by financial year and programme, trusts together.

    Columns year (its start), programme_of_care, available (beds), occupancy (percent). A financial year
    counts only where all four quarters are there.
    """
    quarters = pd.PeriodIndex(beds["quarter"], freq="Q")
    starts = quarters.year - (quarters.quarter == 1)
    frame = beds.assign(year=starts)
    complete = frame.groupby("year")["quarter"].nunique()
    frame = frame[frame["year"].isin(complete[complete == QUARTERS].index)]
    summed = frame.groupby(["year", "programme_of_care"])[["available_bed_days", "occupied_bed_days"]].sum()
    summed = summed.reset_index()
    return summed.assign(
        available=summed["available_bed_days"] / summed["year"].map(days_of),
        occupancy=100 * summed["occupied_bed_days"] / summed["available_bed_days"],
    )


def days_of(year: int) -> int:
    """Return the days from 1 April of a year to 31 March of the next."""
    return (pd.Timestamp(year + 1, 4, 1) - pd.Timestamp(year, 4, 1)).days


def beds_by_programme(yearly: pd.DataFrame) -> pd.DataFrame:
    """Return average available beds, a column a programme, the largest of the first year first."""
    wide = yearly.pivot_table(index="year", columns="programme_of_care", values="available")
    wide = wide[wide.iloc[0].sort_values(ascending=False).index]
    wide.columns.name = None
    return wide.reset_index()


def bed_index(wide: pd.DataFrame, first: int) -> pd.DataFrame:
    """Return average available beds as an index, the first year being 100, from that year on."""
    frame = wide.set_index("year")
    later = 100 * frame[frame.index >= first] / frame.loc[first]
    return later.reset_index()


def bed_changes(wide: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return beds in two years, the change and the share of all beds in percent, by programme and in all."""
    frame = wide.set_index("year").assign(**{ALL: lambda columns: columns.sum(axis=1)})
    before, after = frame.loc[first], frame.loc[last]
    return pd.DataFrame(
        {
            "programme": list(frame.columns),
            "before": before.to_numpy(),
            "after": after.to_numpy(),
            "change": (100 * (after / before - 1)).to_numpy(),
            "share_before": (100 * before / before[ALL]).to_numpy(),
            "share_after": (100 * after / after[ALL]).to_numpy(),
        }
    )


def every_span(wide: pd.DataFrame, first: int) -> pd.DataFrame:
    """Return the change in beds since the first year, in percent, for every later year: a row a year."""
    frame = wide.set_index("year")
    sums = pd.DataFrame({ACUTE: frame[ACUTE], ALL: frame.sum(axis=1)})
    sums["others"] = sums[ALL] - sums[ACUTE]
    later = 100 * (sums[sums.index > first] / sums.loc[first] - 1)
    return later.reset_index().assign(year=lambda rows: rows["year"].map(financial_year))


def one(changed: pd.DataFrame, programme: str) -> pd.Series:
    """Return the row of one programme, or of all programmes."""
    return changed[changed["programme"] == programme].iloc[0]


def financial_year(start: int) -> str:
    """Return the financial year that starts in a year: 2012 gives 2012/13."""
    return f"{start}/{(start + 1) % 100:02d}"


def shares_title(shares: pd.DataFrame) -> str:
    """Return in one line the two largest programmes and their joint share."""
    first, second = by_size(shares)["programme_of_care"].iloc[:2]
    together = share(shares, first, second)
    return f"{first.capitalize()} and {second} took {together:.0f} % of what the trusts spent"


def beds_title(changed: pd.DataFrame, last: int) -> str:
    """Return in one line the largest fall in beds."""
    single = changed[changed["programme"] != ALL].sort_values("change")
    most = single.iloc[0]
    change = rise_or_fall(most["change"], 0)
    return f"Beds for {most['programme']} {change} to {financial_year(last)}, the largest fall"
