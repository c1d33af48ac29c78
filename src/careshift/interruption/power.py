"""The smallest change that a series could be expected to show.

The standard error of one fit is itself drawn by chance, and a change that is four chances in five for the one
standard error is less for the others: taken as known it promises power that the design does not have. Where
the leading estimator is REML with AR(1) errors the smallest change is therefore simulated for the very
design: series without a change are drawn under five strengths of autocorrelation and fitted by the same
engine, and the multiple of the fitted spread, which may differ with the fitted autocorrelation, is chosen so
that the power at the value that a series reports is the one asked for, on average over the series that report
it, whatever the strength. The spread is that of the shocks, from one point to the next: that of the errors
themselves grows without limit where the fitted autocorrelation comes to its boundary, and says nothing there.
The series that are fitted at the boundary have the power asked for on average too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import optimize, stats

from careshift.interruption.ar1 import HIGHEST, Ar1Reml
from careshift.interruption.fit import Fit
from careshift.interruption.words import number
from careshift.project import CareshiftError

PHIS = (0.0, 0.2, 0.4, 0.6, 0.8)
DRAWS = 2000
SEED = 20160401
MOST_SIMULATED = 240  # points; above that the standard error is known well enough
SIMULATED, PLUG_IN = "simulated", "standard error taken as known"
SMOOTHNESS = 1.0
FEWEST = 30  # simulated series, for a share of them to be told
AT_END = 1e-3
"""A fitted autocorrelation this near to the highest one counts as at its boundary."""
MOST_SPREADS = 1e4
Array = np.ndarray


@dataclass(frozen=True)
class _Design:
    """What the engine fits: a matrix (n, k) and gaps (n - 1), as bytes, so that results can be kept."""

    matrix: bytes
    gaps: bytes
    points: int

    @classmethod
    def of(cls, fit: Fit) -> "_Design":
        weights = np.ones(fit.y.size) if fit.weights is None else fit.weights
        matrix = fit.design.matrix * weights[:, None]
        return cls(matrix.tobytes(), fit.design.gaps.astype(float).tobytes(), fit.y.size)

    def arrays(self) -> tuple[Array, Array]:
        """Return the matrix and the gaps."""
        return np.frombuffer(self.matrix).reshape(self.points, -1), np.frombuffer(self.gaps)


@dataclass(frozen=True)
class _Draws:
    """Fits of simulated series without a change: estimate and half width of a term, fitted phi and spread."""

    estimate: Array
    half: Array
    phi: Array
    spread: Array

    def power(self, change: Array | float) -> Array:
        """Share of the series that would find a true change of the given sizes, in either direction."""
        up, down = np.sort(self.half - self.estimate), np.sort(-self.half - self.estimate)
        above = np.searchsorted(up, change, side="left")
        below = down.size - np.searchsorted(down, change, side="right")
        return np.asarray((above + below) / up.size)


def minimum_detectable(fit: Fit, power: float = 0.8) -> pd.DataFrame:
    """Smallest true change per interruption term that this design would find with the given power.

    fit : of one series. power : share of tries that find the change. One row a term: ``term``, ``rise`` and
    ``fall`` (in the series' unit, or as rate ratios for counts), ``se``, ``df``, ``power``, ``scale``,
    ``words`` and ``method``: simulated for the design where the fit is REML with AR(1) errors and
    Kenward-Roger intervals of at most 240 points; otherwise by the noncentral t distribution with the
    standard error of the fit taken as known, which in short series promises too much. Where the standard
    error is not finite, or a fall could not be told from none even if everything disappeared, the words say
    "none finite". Raises CareshiftError for a power that does not lie between 0 and 1. Source: Cohen (1988),
    *Statistical Power Analysis*; simulation as in Zhang, Wagner and Ross-Degnan (2011), Journal of Clinical
    Epidemiology 64: 1252-1261.
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


def is_simulated(fit: Fit) -> bool:
    """Whether the smallest change of a fit is simulated: REML with AR(1) errors, not too long, a spread."""
    led = fit.estimator.startswith("REML Kenward-Roger") and "1997" not in fit.estimator
    one = "phi" in fit.parameters and "phi_2" not in fit.parameters
    return led and one and fit.y.size <= MOST_SIMULATED


@lru_cache(maxsize=32)
def _drawn(design: _Design, confidence: float, draws: int = DRAWS) -> tuple[tuple[_Draws, ...], ...]:
    """Return fits of simulated series: for each of the k terms one set a strength of autocorrelation."""
    matrix, gaps = design.arrays()
    engine = Ar1Reml(matrix, gaps)
    points, terms = matrix.shape
    found = []
    for number_of, phi in enumerate(PHIS):
        rng = np.random.default_rng([SEED, number_of])
        fits = engine.fit(_series(rng, gaps, phi, draws))
        plain, adjusted = (np.diagonal(part, axis1=1, axis2=2) for part in (fits.covariance, fits.adjusted))
        se = np.sqrt(np.where(np.isfinite(adjusted), np.maximum(adjusted, plain), plain))
        df = np.stack([fits.degrees_of_freedom(place, points - terms) for place in range(terms)], axis=1)
        half = stats.t.ppf(0.5 + confidence / 2, df) * se
        sets = zip(fits.estimate.T, half.T, strict=True)
        spread = _shocks(fits.variance, fits.phi)
        found.append([_Draws(one, width, fits.phi, spread) for one, width in sets])
    return tuple(zip(*found, strict=True))


def _shocks(variance: Array | float, phi: Array | float) -> Array:
    """Return the spread of what is new at a point one step after the last, under AR(1) errors."""
    return np.asarray(np.sqrt(np.asarray(variance) * (1 - np.asarray(phi) ** 2)))


def _series(rng: np.random.Generator, gaps: Array, phi: float, draws: int = DRAWS) -> Array:
    """Return series of AR(1) errors of unit variance, one a column (n, draws)."""
    rho = phi**gaps
    shocks = rng.standard_normal((gaps.size + 1, draws))
    for i, correlation in enumerate(rho, 1):
        shocks[i] = correlation * shocks[i - 1] + np.sqrt(1 - correlation**2) * shocks[i]
    return shocks


@lru_cache(maxsize=64)
def _calibrated(design: _Design, place: int, confidence: float, power: float) -> tuple[Array, Array]:
    """Return knots of phi, and the logs of the multiples of the spread there that give the power."""
    sets = _drawn(design, confidence)[place]
    phi = np.concatenate([drawn.phi for drawn in sets])
    knots = np.unique([*np.quantile(phi, [0.1, 0.35, 0.65, 0.9]), HIGHEST])
    ends = phi >= HIGHEST - AT_END

    def reached(logs: Array) -> Array:
        values = [drawn.spread * np.exp(np.interp(drawn.phi, knots, logs)) for drawn in sets]
        powers = [drawn.power(value) for drawn, value in zip(sets, values, strict=True)]
        every = [one.mean() for one in powers]
        return np.array([*every, np.concatenate(powers)[ends].mean()] if ends.any() else every)

    def misses(logs: Array) -> Array:
        bends = np.concatenate([np.diff(logs), np.diff(logs, 2)])
        return np.concatenate([100 * (reached(logs) - power), SMOOTHNESS * bends])

    start = _level(lambda value: float(reached(np.full(knots.size, value)).mean()) - power)
    best = optimize.least_squares(misses, np.full(knots.size, start), diff_step=0.02, max_nfev=60)
    return knots, best.x


def _level(shortfall: Callable[[float], float]) -> float:
    """Return the log of the one multiple that gives the power on average over all strengths."""
    return float(optimize.brentq(shortfall, -25.0, 25.0, xtol=1e-4))


def _size(fit: Fit, term: str, power: float) -> tuple[float, str]:
    """Smallest detectable change on the model's own scale, and how it was found."""
    coefficient = fit.coefficient(term)
    if not (np.isfinite(coefficient.se) and np.isfinite(coefficient.estimate) and coefficient.df > 0):
        return float("inf"), PLUG_IN
    if not is_simulated(fit):
        return coefficient.se * detectable_multiple(coefficient.df, fit.confidence, power), PLUG_IN
    place = fit.terms.index(term)
    knots, logs = _calibrated(_Design.of(fit), place, fit.confidence, power)
    phi = fit.parameters["phi"]
    variance = fit.parameters.get("variance", fit.parameters.get("dispersion", np.nan))
    spread = float(_shocks(variance, phi))
    multiple = float(np.exp(np.interp(phi, knots, logs)))
    # Two points more than terms leave so few degrees of freedom that no change of any size is found as often.
    return (spread * multiple if multiple < MOST_SPREADS else float("inf")), SIMULATED


def _row(fit: Fit, term: str, power: float) -> dict[str, object]:
    coefficient = fit.coefficient(term)
    size, method = _size(fit, term, power)
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
        "method": method,
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


def boundary_coverage(fit: Fit, term: str, draws: int = 20_000) -> pd.DataFrame:
    """Return how often intervals hold the truth in series of a fit's design that end at the boundary.

    fit : REML with AR(1) errors; term : of its design; draws : series a strength of autocorrelation. One row
    a strength: ``phi``, ``share`` (of simulated series without a change fitted at the boundary), ``coverage``
    (of all their intervals) and ``at_boundary`` (of those at the boundary, missing where fewer than 30 are),
    in percent. Raises CareshiftError for a fit whose smallest change is not simulated.
    """
    if not is_simulated(fit):
        raise CareshiftError("boundary_coverage needs a REML fit with AR(1) errors of at most 240 points.")
    rows = []
    sets = _drawn(_Design.of(fit), fit.confidence, draws)[fit.terms.index(term)]
    for phi, drawn in zip(PHIS, sets, strict=True):
        holds, ends = np.abs(drawn.estimate) <= drawn.half, drawn.phi >= HIGHEST - AT_END
        there = 100 * holds[ends].mean() if ends.sum() >= FEWEST else np.nan
        rows.append((phi, 100 * ends.mean(), 100 * holds.mean(), there))
    return pd.DataFrame(rows, columns=["phi", "share", "coverage", "at_boundary"])
