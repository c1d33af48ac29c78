"""What the gap between residents and the number expected is made of, and what chance alone would make."""

from __future__ import annotations

import pandas as pd

from careshift import standardisation
from careshift.topics import care_homes
from careshift.topics.places import SCOTLAND


def chance_alone(expected: float, base_count: float, confidence: float) -> float:
    """Return how far chance alone would put residents from the number expected, in percent either way.

    Rates as in the base year, residents independent, the chance in both counts. The larger of the two sides.
    """
    low, high = standardisation.ratio_limits(expected, expected, confidence=confidence, base_count=base_count)
    return 100 * max(1 - low, high - 1)


def one_at_a_time(
    base: int,
    year: int,
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
    area: str = SCOTLAND,
) -> dict[str, float]:
    """Return what the population and the rates add to the residents of the base when they change in turn.

    Keys: people (only the number of those aged 65 and over, at the base's rates and ages), population (their
    ages too: expected less base), rates (in the later population: actual less expected) and rates_first (in
    the base's population). Counts; the mid-year after both censuses.
    """
    by = ["age_band"]
    start, end = (care_homes.base_residents(residents, official, at, by, area) for at in (base, year))
    first, last = (float(frame["count"].sum()) for frame in (start, end))
    older = [care_homes.at_ages(population, at, by, area)["population"].sum() for at in (base, year)]
    expected = care_homes.expected(start, population, base, year, by, area)
    return {
        "people": first * (older[1] / older[0] - 1),
        "population": expected - first,
        "rates": last - expected,
        "rates_first": care_homes.expected(end, population, year, base, by, area) - first,
    }


def title_of_parts(parts: pd.DataFrame, base: int, year: int) -> str:
    """Return the title that says what the change of rates did to the number of residents."""
    rates = float(parts.set_index("factor")["contribution"]["rates"])
    did = f"Lower rates took away {-rates:,.0f}" if rates < 0 else f"Higher rates added {rates:,.0f}"
    return f"{did} residents between {base} and {year}, averaged over both populations"
