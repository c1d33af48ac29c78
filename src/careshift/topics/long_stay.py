"""Long-stay hospital care of older people: printed days beside geriatric long-stay units of all ages."""

from __future__ import annotations

import pandas as pd

from careshift import effect_sizes, interruption
from careshift.project import CareshiftError
from careshift.topics.financial_years import label
from careshift.topics.places import SCOTLAND

UNITS = "geriatric, long stay"
BOARD = "S(08|B|N)"  # how the code of a Scottish health board begins


def quarters(beds: pd.DataFrame, area: str, first: str = "", last: str = "9999Q4") -> pd.DataFrame:
    """Return an area's bed days in geriatric long-stay units by quarter, oldest first.

    Columns quarter, time (engine's axis), available, occupied (days of all ages), occupancy (percent). Where
    Scotland has no row its boards are added; a board without a row had no such unit. Raises CareshiftError
    where there is none.
    """
    chosen = beds[(beds["specialty"] == UNITS) & beds["quarter"].between(first, last)]
    is_scotland = chosen["area"] == SCOTLAND
    is_board = chosen["area"].str.match(BOARD)
    own = chosen[chosen["area"] == area]
    if area == SCOTLAND:
        rest = chosen[is_board & ~chosen["quarter"].isin(chosen.loc[is_scotland, "quarter"])]
        own = pd.concat([own, rest])
    if own.empty:
        raise CareshiftError(
            f"No geriatric long-stay beds in area {area} {f'from {first} to {last}' if first else 'at all'}. "
            "The claims are Scotland's: add your rows to the book's with --extend."
        )
    days = own.groupby("quarter")[["available_bed_days", "occupied_bed_days"]].sum().astype(float)
    frame = days.rename(columns=lambda name: name.removesuffix("_bed_days")).reset_index()
    return frame.assign(
        time=interruption.quarters(frame["quarter"].tolist()),
        occupancy=100 * frame["occupied"] / frame["available"],
    )


def years(quarterly: pd.DataFrame) -> pd.DataFrame:
    """Return bed days by financial year, complete years only: year (its start), financial_year, the sums."""
    starts = [int(q[:4]) - (q[-1] == "1") for q in quarterly["quarter"]]
    grouped = quarterly.assign(year=starts).groupby("year")
    sums = grouped[["available", "occupied"]].sum()[grouped.size() == 4].reset_index()
    return sums.assign(financial_year=[label(int(year)) for year in sums["year"]])


def beside_print(yearly: pd.DataFrame, first: int = 2008) -> pd.DataFrame:
    """Return the yearly days from the printed base year on, missing before the series starts."""
    frame = pd.DataFrame({"year": range(first, int(yearly["year"].max()) + 1)})
    frame = frame.merge(yearly[["year", "occupied"]], on="year", how="left")
    return frame.assign(financial_year=[label(year) for year in frame["year"]])


def falls(yearly: pd.DataFrame, to: str) -> pd.DataFrame:
    """Return the change of occupied days to a financial year from each earlier one, in percent."""
    at = yearly.set_index("financial_year")["occupied"]
    if to not in at or to == at.index[0]:
        raise CareshiftError(f"The series holds no year before {to} to compare with.")
    earlier = [year for year in at.index if year < to]
    return pd.DataFrame(
        {
            "since": [f"from {year}" for year in earlier],
            "value": [effect_sizes.percent_change(float(at[y]), float(at[to])) for y in earlier],
        }
    )
