"""Care-home residents in the newest censuses, after the year that the claims are about."""

from __future__ import annotations

import pandas as pd

from careshift import effect_sizes
from careshift.topics import care_homes
from careshift.topics.emergency_care import moved
from careshift.topics.places import SCOTLAND


def later_counts(
    residents: pd.DataFrame, official: pd.DataFrame, year: int, area: str = SCOTLAND
) -> pd.DataFrame:
    """Return residents aged 65 and over at every census after that of a year, the census of that year first.

    Columns year, count, change (percent from the year named).
    """
    years = [year, *(later for later in care_homes.split_years(residents, area) if later > year)]
    counts = [care_homes.counted(residents, official, at, area) for at in years]
    change = [effect_sizes.percent_change(counts[0], count) for count in counts]
    return pd.DataFrame({"year": years, "count": counts, "change": change})


def since_words(counts: pd.DataFrame) -> str:
    """Return in a sentence what the last two censuses counted. `counts` as from `later_counts`."""
    base, rest = counts.iloc[0], counts.iloc[1:]
    if rest.empty:
        return f"No census after March {base['year']:.0f} is at hand."
    last = rest.iloc[-1]
    told = " and ".join(
        f"{row['count']:,.0f} in March {row['year']:.0f}" for row in rest.tail(2).to_dict("records")
    )
    return (
        f"Since then the newest censuses counted {told}: from March {base['year']:.0f} to March "
        f"{last['year']:.0f} the number {moved(last['change'], 1)}."
    )


def totals_and_ages(residents: pd.DataFrame, official: pd.DataFrame) -> str:
    """Return in a sentence in which years the official total is not the sum of the published ages."""
    odd = []
    for year in care_homes.split_years(residents):
        total = care_homes.total(official, year)
        ages = float(care_homes.census(residents, year, ["age_band"])["count"].sum())
        if total == total and total != ages:
            odd.append(f"{ages:,.0f} in March {year} (total {total:,.0f})")
    return (
        f"The ages add up to {' and '.join(odd)}." if odd else "The ages add up to the total in every year."
    )
