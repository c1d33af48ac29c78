"""Expected counts, standardised ratios, direct rates and what a change is made of.

Tables come in as tidy frames: one row a stratum (age band, or age band and sex), a ``count`` column and a
``population`` column. Methods follow Breslow and Day, *Statistical Methods in Cancer Research* II (IARC
1987), and, for the decomposition, Das Gupta, *Standardization and Decomposition of Rates* (US Census Bureau
1993).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from careshift.project import CareshiftError

ESP2013: pd.Series = pd.Series(
    {
        "0-4": 5000,
        "5-9": 5500,
        "10-14": 5500,
        "15-19": 5500,
        "20-24": 6000,
        "25-29": 6000,
        "30-34": 6500,
        "35-39": 7000,
        "40-44": 7000,
        "45-49": 7000,
        "50-54": 7000,
        "55-59": 6500,
        "60-64": 6000,
        "65-69": 5500,
        "70-74": 5000,
        "75-79": 4000,
        "80-84": 2500,
        "85-89": 1500,
        "90+": 1000,
    },
    name="population",
)
"""European Standard Population 2013, persons by age band, 100,000 in all (Eurostat, ISBN
978-92-79-31094-2)."""


BYAR_FROM = 10


@dataclass(frozen=True)
class Rate:
    """A directly standardised rate and its limits, in events per ``per`` persons."""

    rate: float
    low: float
    high: float
    per: float
    confidence: float


def expected_counts(
    counts: pd.DataFrame,
    population: pd.DataFrame,
    later: pd.DataFrame,
    by: Sequence[str] = ("age_band",),
    *,
    count: str = "count",
    size: str = "population",
) -> pd.DataFrame:
    """Count expected per stratum had the base period's rates held in a later population, in persons or
    events.

    Parameters
    ----------
    counts, population : frames with the columns ``by`` and ``count`` (or ``size``), one row a stratum; base
    period. later : frame with the columns ``by`` and ``size``; the later population, same strata.
    by : the columns that make a stratum; leave ``sex`` out only after adding the sexes up.
    count, size : names of the value columns.

    Returns
    -------
    A frame of one row a stratum: ``by``, ``base_count``, ``base_population``, ``base_rate`` (per person),
    ``later_population``, ``expected``. The sum of ``expected`` is the expected count.

    Raises
    ------
    CareshiftError : a stratum that is missing, repeated, negative, or has no population.

    Method: indirect standardisation, Breslow and Day (1987), section 2.3.
    """
    base_count = _strata(counts, count, by, "counts")
    base_population = _strata(population, size, by, "population")
    later_population = _strata(later, size, by, "later")
    _require_same_strata(base_count, {"population": base_population, "later": later_population})
    _require_populated(base_population, "population")
    table = pd.DataFrame({"base_count": base_count, "base_population": base_population})
    table["base_rate"] = table["base_count"] / table["base_population"]
    table["later_population"] = later_population
    table["expected"] = table["base_rate"] * table["later_population"]
    return table.reset_index()


def effective_base_count(expected: pd.DataFrame) -> float:
    """Return the base count that one stratum would need to be as imprecise, in persons or events.

    expected : the frame of :func:`expected_counts`, one row a stratum. Pass the result as ``base_count`` to
    :func:`ratio_limits`. It is E squared over the Poisson variance of E (the base count itself when all
    strata grew alike), the effective count of a weighted sum of Poisson counts in Fay and Feuer (1997).
    Raises CareshiftError when no events were expected.
    """
    growth = (expected["later_population"] / expected["base_population"]).to_numpy(float)
    variance = float(growth**2 @ expected["base_count"].to_numpy(float))
    if variance == 0:
        raise CareshiftError("The base period has no events, so the expected count has no known precision.")
    return float(expected["expected"].sum()) ** 2 / variance


def count_limits(
    observed: float, method: Literal["byar", "exact"] = "byar", confidence: float = 0.95
) -> tuple[float, float]:
    """Lower and upper limit of a Poisson mean given one count, in the count's unit.

    observed : one count of events. confidence : share of such intervals that should hold the mean, between 0
    and 1. method : ``exact`` is Garwood's (1936) interval; ``byar`` its approximation in Breslow and Day
    (1987), p. 69, good to a fraction of a percent from five events on. Raises CareshiftError for a negative
    or non-finite count.
    """
    _require_count(observed, "observed")
    _require_confidence(confidence)
    tail = (1 - confidence) / 2
    if method == "exact":
        low = 0.0 if observed == 0 else float(stats.chi2.ppf(tail, 2 * observed) / 2)
        return low, float(stats.chi2.ppf(1 - tail, 2 * (observed + 1)) / 2)
    if method != "byar":
        raise CareshiftError(f'Unknown method "{method}": use "byar" or "exact".')
    z = float(stats.norm.ppf(1 - tail))
    upper = observed + 1
    high = upper * (1 - 1 / (9 * upper) + z / (3 * upper**0.5)) ** 3
    if observed == 0:
        return 0.0, high
    return max(0.0, observed * (1 - 1 / (9 * observed) - z / (3 * observed**0.5)) ** 3), high


def ratio_limits(
    observed: float,
    expected: float,
    method: Literal["byar", "exact"] = "byar",
    confidence: float = 0.95,
    base_count: float | None = None,
) -> tuple[float, float]:
    """Limits of the standardised ratio observed / expected, as a ratio (1 = as expected).

    observed, expected : counts in persons or events. confidence : as in :func:`count_limits`. method :
    ``byar``, which gives way to the exact limits of an observed count below ten, as in the public-health
    tools of England (PHEindicatormethods), or ``exact``.

    Without ``base_count`` the base period's rates are taken as known. With it (the events behind the expected
    count, or :func:`effective_base_count`) the base period's Poisson variance is carried too: ``exact``
    conditions on the two counts' sum (Clopper and Pearson 1934), ``byar`` combines the two counts' Byar
    limits by the method of variance estimates recovery (Donner and Zou 2012, Statistical Methods in Medical
    Research). A stock counted on one day (residents on 31 March) is not Poisson: the limits then only
    indicate scale.

    Raises CareshiftError for a negative count, an expected count or base count that is not above zero, or an
    unknown method.
    """
    _require_positive(expected, "expected")
    low, high = count_limits(observed, _for_size(observed, method), confidence)
    if base_count is None:
        return low / expected, high / expected
    _require_positive(base_count, "base_count")
    scale = base_count / expected
    if method == "exact":
        low, high = _conditional_ratio_limits(observed, base_count, confidence)
    else:
        low, high = _recovered_ratio_limits(
            observed,
            (low, high),
            base_count,
            count_limits(base_count, method, confidence),
        )
    return low * scale, high * scale


def _for_size(count: float, method: Literal["byar", "exact"]) -> Literal["byar", "exact"]:
    """Return the method for a count of that size: Byar's approximation is for ten and more."""
    return "exact" if method == "byar" and count < BYAR_FROM else method


def _conditional_ratio_limits(numerator: float, denominator: float, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    low = 0.0
    if numerator > 0:
        share = float(stats.beta.ppf(tail, numerator, denominator + 1))
        low = share / (1 - share)
    share = float(stats.beta.ppf(1 - tail, numerator + 1, denominator))
    return low, share / (1 - share)


def _recovered_ratio_limits(
    x: float, x_limits: tuple[float, float], y: float, y_limits: tuple[float, float]
) -> tuple[float, float]:
    """Donner and Zou's limits of x / y from the limits of each."""

    def limit(x_end: float, y_end: float, sign: int) -> float:
        spread = y_end * (2 * y - y_end)
        if spread == 0:
            return float("inf")
        root = math.sqrt((x * y) ** 2 - x_end * (2 * x - x_end) * spread)
        return (x * y + sign * root) / spread

    return limit(x_limits[0], y_limits[1], -1), limit(x_limits[1], y_limits[0], 1)


def standard_population(bands: Sequence[str], standard: pd.Series = ESP2013) -> pd.Series:
    """Return standard population of the given age bands, in persons, adding up the standard's narrower bands.

    bands : labels such as ``"65-74"`` or ``"85+"``; the result is a Series on them, one value a band.
    standard : Series of persons by age band. Bands that leave
    ages out (65 and over, say) are allowed: weights are relative. Raises CareshiftError for a band whose
    edges are not edges of the standard's bands, and for bands that overlap. Source: Eurostat (2013).
    """
    edges = {str(band): _ages(str(band)) for band in standard.index}
    weights: dict[str, float] = {}
    used: set[str] = set()
    for band in bands:
        low, high = _ages(band)
        inside = [label for label, (start, end) in edges.items() if start >= low and end <= high]
        complete = inside and edges[inside[0]][0] == low and edges[inside[-1]][1] == high
        if not complete:
            raise CareshiftError(f'Age band "{band}" cannot be made of the standard population\'s bands.')
        if used.intersection(inside):
            raise CareshiftError(f'Age band "{band}" overlaps another band.')
        used.update(inside)
        weights[band] = float(standard[inside].sum())
    return pd.Series(weights, name="population")


def direct_rate(
    counts: pd.Series,
    population: pd.Series,
    standard: pd.Series = ESP2013,
    per: float = 100_000,
    confidence: float = 0.95,
    method: Literal["gamma", "dobson"] = "dobson",
) -> Rate:
    """Directly standardised rate with limits, in events per ``per`` persons.

    counts, population : Series of events and of persons, one value an age band. standard : Series of persons
    by age band, collapsed to those bands. confidence : as in :func:`count_limits`. method : ``dobson`` scales
    Byar's limits of the total count (Dobson, Kuulasmaa, Eberle and Scherer 1991, Statistics in Medicine; the
    public-health practice in the UK); ``gamma`` is Fay and Feuer (1997), Statistics in Medicine. Raises
    CareshiftError for bands that do not match, negative counts, or an empty band.
    """
    counts, population = _check_series(counts, "counts"), _check_series(population, "population")
    _require_same_strata(counts, {"population": population})
    _require_populated(population, "population")
    population = population.reindex(counts.index)
    weights = standard_population([str(band) for band in counts.index], standard).to_numpy(float)
    weights = weights / weights.sum() / population.to_numpy(float)
    observed = counts.to_numpy(float)
    rate, variance = float(weights @ observed), float(weights**2 @ observed)
    if method == "gamma":
        low, high = _gamma_limits(rate, variance, float(weights.max()), confidence)
    elif method == "dobson":
        total = float(observed.sum())
        # With no events at all, the band that weighs most stands in, so the upper limit errs on the wide
        # side.
        spread = (variance / total) ** 0.5 if total else float(weights.max())
        low_count, high_count = count_limits(total, "byar", confidence)
        low, high = (rate + spread * (limit - total) for limit in (low_count, high_count))
    else:
        raise CareshiftError(f'Unknown method "{method}": use "dobson" or "gamma".')
    return Rate(rate * per, max(low, 0.0) * per, high * per, per, confidence)


def _gamma_limits(rate: float, variance: float, widest: float, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    low = 0.0
    if rate > 0:
        low = float(stats.gamma.ppf(tail, rate**2 / variance, scale=variance / rate))
    rate, variance = rate + widest, variance + widest**2
    return low, float(stats.gamma.ppf(1 - tail, rate**2 / variance, scale=variance / rate))


def decompose(
    counts_start: pd.DataFrame,
    population_start: pd.DataFrame,
    counts_end: pd.DataFrame,
    population_end: pd.DataFrame,
    by: Sequence[str] = ("age_band",),
    *,
    count: str = "count",
    size: str = "population",
) -> pd.DataFrame:
    """Return what population size, age structure and rates add to a change in a count, in persons or events.

    counts_start, population_start, counts_end, population_end : frames with the columns ``by`` and ``count``
    (or ``size``), one row a stratum. Returns a frame of three
    rows, ``factor`` and ``contribution``; the contributions add up to the change exactly and do not depend on
    the order in which the factors are changed. Raises CareshiftError for strata that are missing, repeated,
    negative or empty. Method: Das Gupta (1993), chapter 2, three factors.
    """
    first = _strata(counts_start, count, by, "counts_start")
    frames = {
        "population_start": _strata(population_start, size, by, "population_start"),
        "counts_end": _strata(counts_end, count, by, "counts_end"),
        "population_end": _strata(population_end, size, by, "population_end"),
    }
    _require_same_strata(first, frames)
    sizes = [frames["population_start"], frames["population_end"]]
    for name, column in zip(("population_start", "population_end"), sizes, strict=True):
        _require_populated(column, name)
    order = first.index
    events = [first, frames["counts_end"]]
    total = [np.array([float(column.sum())]) for column in sizes]
    share = [(column / column.sum()).reindex(order).to_numpy() for column in sizes]
    rate = [(e / n).reindex(order).to_numpy() for e, n in zip(events, sizes, strict=True)]
    contributions = [
        _three_factor_effect(total, share, rate),
        _three_factor_effect(share, rate, total),
        _three_factor_effect(rate, share, total),
    ]
    factors = ["population size", "age structure", "rates"]
    return pd.DataFrame({"factor": factors, "contribution": contributions})


def _three_factor_effect(
    changed: Sequence[np.ndarray], second: Sequence[np.ndarray], third: Sequence[np.ndarray]
) -> float:
    """Das Gupta's effect of one factor of a product of three, summed over strata."""
    same = (second[0] * third[0] + second[1] * third[1]) / 3
    crossed = (second[0] * third[1] + second[1] * third[0]) / 6
    return float(np.sum((same + crossed) * (changed[1] - changed[0])))


def _ages(band: str) -> tuple[float, float]:
    """First and last age of a label such as ``65-74`` or ``85+``."""
    match = re.fullmatch(r"\s*(\d+)\s*(?:(?:-|–|to)\s*(\d+)|(\+| and over))?\s*", band)
    if match is None:
        raise CareshiftError(f'"{band}" is not an age band. Write it as 65-74 or 85+.')
    low = float(match[1])
    if match[3]:
        return low, float("inf")
    return low, float(match[2]) if match[2] else low


def _strata(frame: pd.DataFrame, value: str, by: Sequence[str], name: str) -> pd.Series:
    keys = list(by)
    missing = [column for column in [*keys, value] if column not in frame.columns]
    if missing:
        raise CareshiftError(
            f'{name} has no column "{missing[0]}"; it has {", ".join(map(str, frame.columns))}.'
        )
    if frame.duplicated(keys).any():
        stratum = frame.loc[frame.duplicated(keys), keys].iloc[0].to_dict()
        raise CareshiftError(
            f"{name} has more than one row for {stratum}. Choose one period and area, add up the sexes, "
            "or name the further column in `by`."
        )
    return _check_series(frame.set_index(keys)[value], name)


def _check_series(values: pd.Series, name: str) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    if values.empty or not np.isfinite(numbers).all():
        raise CareshiftError(f"{name} has a missing or non-numeric value.")
    if (numbers < 0).any():
        raise CareshiftError(f"{name} has a negative value.")
    if not numbers.index.is_unique:
        raise CareshiftError(f"{name} has a stratum twice.")
    return numbers


def _require_same_strata(first: pd.Series, others: dict[str, pd.Series]) -> None:
    for name, other in others.items():
        odd = first.index.symmetric_difference(other.index)
        if len(odd):
            raise CareshiftError(
                f"{name} and the counts have different strata: {odd[0]} is in only one of them."
            )


def _require_populated(population: pd.Series, name: str) -> None:
    if (population <= 0).any():
        raise CareshiftError(f"{name} is zero in stratum {population.index[population <= 0][0]}.")


def _require_count(value: float, name: str) -> None:
    if not np.isfinite(value) or value < 0:
        raise CareshiftError(f"{name} must be a count of zero or more, not {value}.")


def _require_positive(value: float, name: str) -> None:
    if not np.isfinite(value) or value <= 0:
        raise CareshiftError(f"{name} must be above zero, not {value}.")


def _require_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise CareshiftError(f"confidence must lie between 0 and 1 (0.95 for 95 %), not {confidence}.")
