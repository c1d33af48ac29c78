"""The smallest change that a series could be expected to show."""

import numpy as np
import pandas as pd
from scipy import optimize, stats

from careshift.interruption.fit import Fit
from careshift.interruption.words import number
from careshift.project import CareshiftError


def minimum_detectable(fit: Fit, power: float = 0.8) -> pd.DataFrame:
    """Smallest true change per interruption term that this design would find with the given power.

    fit : of one series. power : share of tries that find the change. One row a term: ``term``, ``rise`` and
    ``fall`` (in the series' unit, or as rate ratios for counts), ``se``, ``df``, ``power``, ``scale`` and
    ``words``. It uses the standard error of the fit as if it were that of the design, and the noncentral t
    distribution. Where the standard error is not finite, or a fall could not be told from none even if
    everything disappeared, the words say "none finite". Raises CareshiftError for a power that does not lie
    between 0 and 1. Source: Cohen (1988), *Statistical Power Analysis*.
    """
    if not 0 < power < 1:
        raise CareshiftError(f"power must lie between 0 and 1 (0.8 for 80 %), not {power}.")
    rows = [_row(fit, term, power) for term in fit.design.effects]
    return pd.DataFrame(rows)


def detectable_multiple(df: float, confidence: float, power: float) -> float:
    """Smallest detectable change in standard errors for a two-sided t test with ``df`` degrees of freedom."""
    critical = float(stats.t.ppf(0.5 + confidence / 2, df))
    if not np.isfinite(df) or df > 1e6:
        return critical + float(stats.norm.ppf(power))

    def shortfall(shift: float) -> float:
        return float(stats.nct.sf(critical, df, shift)) - power

    high = critical + 1.0
    while shortfall(high) < 0:
        high *= 2
    return float(optimize.brentq(shortfall, 0.0, high, xtol=1e-8))


def _row(fit: Fit, term: str, power: float) -> dict[str, object]:
    coefficient = fit.coefficient(term)
    usable = np.isfinite(coefficient.se) and np.isfinite(coefficient.estimate) and coefficient.df > 0
    size = float("inf")
    if usable:
        size = coefficient.se * detectable_multiple(coefficient.df, fit.confidence, power)
    ratio = fit.link == "log"
    rise, fall = (float(np.exp(min(size, 500.0))), float(np.exp(-size))) if ratio else (size, -size)
    return {
        "term": term,
        "rise": rise,
        "fall": fall,
        "se": coefficient.se,
        "df": coefficient.df,
        "power": power,
        "scale": "ratio" if ratio else "units",
        "words": _words(fit, term, rise, fall),
    }


def _words(fit: Fit, term: str, rise: float, fall: float) -> str:
    if not np.isfinite(rise):
        return "none finite"
    if fit.link == "log":
        return f"a rise of {number(100 * (rise - 1))} % or a fall of {number(100 * (1 - fall))} %"
    # A fall below zero is impossible for a series that is never negative: no fall is large enough to be seen.
    last = float(fit.y[~fit.design.is_after].mean())
    if not term.startswith("slope") and (fit.y >= 0).all() and -fall > last:
        return f"a rise of {number(rise)}; for a fall none finite (it would have to exceed the whole level)"
    return f"{number(rise)} either way"
