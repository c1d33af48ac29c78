"""The one shape in which every estimator returns its result, and what can be asked of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from careshift.interruption.model import Design
from careshift.project import CareshiftError


@dataclass(frozen=True)
class Estimate:
    """One number with its interval; the unit is that of ``scale`` ("units" of the series, or a "ratio")."""

    estimator: str
    term: str
    estimate: float
    se: float
    df: float
    low: float
    high: float
    p: float
    scale: str = "units"


@dataclass(frozen=True)
class Fit:
    """A fitted model: coefficients (k), their covariance (k, k), and degrees of freedom per question.

    link : ``log`` for count models, whose coefficients are log rate ratios and whose intervals are ratios.
    least_covariance : standard errors are never taken below those of this matrix.
    df_of : degrees of freedom of the t reference for a contrast (k); infinite for the normal.
    offset : known part of the linear predictor, the log exposure.
    anchored : the counterfactual starts from the observed values, not from a mean line, because the model has
    no
        mean line (differenced series) or cannot place it (random-walk errors).
    one_step : fitted values of models that predict each value from the one before (n).
    weights : square roots of the expected counts (n) of a model that is fitted to counts so weighted.
    innovations : residuals from which the modelled autocorrelation is taken out.
    """

    estimator: str
    design: Design
    y: np.ndarray
    estimate: np.ndarray
    covariance: np.ndarray
    df_of: Callable[[np.ndarray], float]
    confidence: float = 0.95
    link: Literal["identity", "log"] = "identity"
    least_covariance: np.ndarray | None = None
    offset: np.ndarray | None = None
    anchored: bool = False
    one_step: np.ndarray | None = None
    innovations: np.ndarray | None = None
    weights: np.ndarray | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise CareshiftError where the confidence is no share."""
        check_confidence(self.confidence)

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the k coefficients."""
        return self.design.terms

    @cached_property
    def se(self) -> np.ndarray:
        """Standard errors of the coefficients (k), in the unit of the coefficients."""
        return np.array([self._standard_error(row) for row in np.eye(len(self.terms))])

    @cached_property
    def df(self) -> np.ndarray:
        """Degrees of freedom per coefficient (k)."""
        return np.array([self.df_of(row) for row in np.eye(len(self.terms))])

    @cached_property
    def fitted(self) -> np.ndarray:
        """Fitted mean at the n periods, in the series' unit."""
        return self._mean(self.design.matrix) if self.one_step is None else self.one_step

    @cached_property
    def residuals(self) -> np.ndarray:
        """Observed less fitted (n), in the series' unit."""
        return np.asarray(self.y - self.fitted)

    def coefficient(self, term: str) -> Estimate:
        """One term's coefficient with its interval on the model's own scale (log for counts)."""
        if term not in self.terms:
            raise CareshiftError(f'The model has no term "{term}"; it has {", ".join(self.terms)}.')
        return self.contrast((np.array(self.terms) == term).astype(float), term)

    def contrast(self, weights: np.ndarray, name: str = "contrast") -> Estimate:
        """Return a weighted sum of coefficients with its t interval; ``weights`` has k values."""
        value, se, df = float(weights @ self.estimate), self._standard_error(weights), self.df_of(weights)
        half = float(stats.t.ppf(0.5 + self.confidence / 2, df)) * se
        p = float(2 * stats.t.sf(abs(value) / se, df)) if se > 0 else float("nan")
        scale = "units" if self.link == "identity" else "log ratio"
        return Estimate(self.estimator, name, value, se, df, value - half, value + half, p, scale)

    def effect(self, term: str) -> Estimate:
        """One term in natural units: the series' unit, or a rate ratio for count models."""
        result = self.coefficient(term)
        if self.link == "identity":
            return result
        # Limits of hopeless fits are kept within what a float can hold.
        value, low, high = np.exp(np.clip([result.estimate, result.low, result.high], -500, 500))
        se = float(value) * result.se
        return Estimate(
            self.estimator, term, float(value), se, result.df, float(low), float(high), result.p, "ratio"
        )

    def table(self) -> pd.DataFrame:
        """One row a term in natural units: estimator, term, estimate, se, df, low, high, p, scale, note."""
        rows = pd.DataFrame([vars(self.effect(term)) for term in self.terms])
        return rows.assign(note="; ".join(self.notes))

    def _standard_error(self, weights: np.ndarray) -> float:
        variance = float(weights @ self.covariance @ weights)
        if self.least_covariance is not None:
            variance = max(variance, float(weights @ self.least_covariance @ weights))
        return float(np.sqrt(max(variance, 0.0)))

    def _mean(self, rows: np.ndarray) -> np.ndarray:
        predictor = rows @ self.estimate
        if self.link == "identity":
            return np.asarray(predictor)
        return np.asarray(np.exp(predictor + (0.0 if self.offset is None else self.offset)))


def check_confidence(confidence: float) -> None:
    """Raise CareshiftError unless the confidence lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise CareshiftError(f"confidence must lie between 0 and 1 (0.95 for 95 %), not {confidence}.")


def constant_df(value: float) -> Callable[[np.ndarray], float]:
    """Degrees of freedom that are the same for every question."""
    return lambda weights: value
