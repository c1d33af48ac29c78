"""One call that answers an interrupted time series: the model first, then every estimator side by side.

REML with Kenward-Roger intervals leads, for measures and for counts: neither the number of points, nor a test
of the residuals, nor a count of nought chooses another estimator.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from careshift.interruption import checks, counts, effects, power, side_by_side, words
from careshift.interruption.alignment import frame_like, times_like, values_like
from careshift.interruption.boxjenkins import Order, SeasonalOrder, arima
from careshift.interruption.control_series import ControlScale, in_words, less_controls
from careshift.interruption.effects import Effect
from careshift.interruption.fit import Estimate, Fit, check_confidence
from careshift.interruption.model import ImpactModel
from careshift.interruption.values import Values, check_times, finite
from careshift.project import CareshiftError


@dataclass(frozen=True)
class Report:
    """An interrupted time series answered: see :func:`report`.

    fits : every estimator's fit, the leading one first. unit : the series' unit. primary : the term the
    headline is about. controls_before : how each control stood to the series before, one row a control, see
    :func:`careshift.interruption.control_series.less_controls`.
    """

    fits: tuple[Fit, ...]
    analysis: checks.Analysis
    unit: str
    primary: str
    controls: tuple[str, ...] = ()
    with_placebo: bool = True
    left_out: tuple[str, ...] = field(default_factory=tuple)
    controls_before: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def leading(self) -> Fit:
        """The fit that leads: REML with Kenward-Roger intervals."""
        return self.fits[0]

    @property
    def headline(self) -> Estimate:
        """The primary term by the leading estimator, in natural units."""
        return self.leading.effect(self.primary)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """All estimators side by side, one row an estimator and interruption term, in natural units."""
        tables = [fit.table() for fit in self.fits]
        table = pd.concat(tables, ignore_index=True)
        table = table[table["term"].isin(self.leading.design.effects)].reset_index(drop=True)
        return table.assign(leads=table["estimator"] == self.leading.estimator)

    @cached_property
    def minimum_detectable(self) -> pd.DataFrame:
        """Smallest change per term that the leading estimator finds with 80 % power, in natural units."""
        return power.minimum_detectable(self.leading)

    @cached_property
    def diagnostics(self) -> pd.DataFrame:
        """Residual and autocorrelation checks of the leading fit."""
        return checks.diagnostics(self.leading)

    @cached_property
    def placebo(self) -> pd.DataFrame:
        """The same interruption tried at earlier dates, on the time before it only."""
        return checks.placebo_dates(self.analysis if self.with_placebo else None)

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        """The leading estimator under a quadratic trend, other windows and neighbouring dates."""
        return checks.sensitivity(self.analysis)

    @cached_property
    def checklist(self) -> pd.DataFrame:
        """The reporting items of the interrupted-time-series literature, each answered."""
        return words.checklist(self)

    @property
    def controls_text(self) -> str:
        """The controls in words, each with how well it followed before; empty without."""
        return in_words(self.controls_before)

    @property
    def model_text(self) -> str:
        """The prespecified impact model in words."""
        return self.analysis.model.text()

    @cached_property
    def sentence(self) -> str:
        """One plain sentence: what the data can and cannot show."""
        return words.sentence(self, self.primary)

    def sentence_for(self, term: str) -> str:
        """Return a sentence about another term of an interruption; raises CareshiftError for others."""
        if term not in self.leading.design.effects:
            known = ", ".join(self.leading.design.effects)
            raise CareshiftError(f'"{term}" is not a term of an interruption; those are {known}.')
        return words.sentence(self, term)

    def fit_by(self, estimator: str | None = None) -> Fit:
        """Return the leading fit, or the named estimator's; raises CareshiftError for an unknown name."""
        if estimator is None:
            return self.leading
        for fit in self.fits:
            if fit.estimator == estimator:
                return fit
        known = ", ".join(fit.estimator for fit in self.fits)
        raise CareshiftError(f'No estimator "{estimator}" in this report; it has {known}.')

    def counterfactual(self, estimator: str | None = None) -> pd.DataFrame:
        """Observed, fitted and counterfactual with its interval."""
        return effects.counterfactual(self.fit_by(estimator))

    def effect_at(self, time: float, estimator: str | None = None) -> Effect:
        """Absolute and relative effect at one time after the interruption."""
        return effects.effect_at(self.fit_by(estimator), time)

    def cumulative_effect(self, estimator: str | None = None) -> Effect:
        """Absolute and relative effect added up over all periods after the interruption."""
        return effects.cumulative_effect(self.fit_by(estimator))


def report(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    unit: str,
    controls: pd.DataFrame | None = None,
    offset: Values | None = None,
    population: Values | None = None,
    family: str | None = None,
    regressors: pd.DataFrame | None = None,
    confidence: float = 0.95,
    placebo: bool = True,
    primary: str | None = None,
    arima_order: Order | None = None,
    seasonal_order: SeasonalOrder = (0, 0, 0, 0),
    control_scale: ControlScale = "same unit",
) -> Report:
    """Return an interrupted time series: headline, all estimators, power, checks and a plain sentence.

    Parameters
    ----------
    y, time : n values and n ascending times; periods may be missing. What carries an index (regressors,
        controls, population) is matched to that of y, or to the times, and refused where it differs.
    model : the impact model, with at least one interruption, fixed beforehand.
    unit : unit of y in words, for the sentence.
    controls : frame of n rows, one control series a column; the report is then about y less their mean.
    control_scale : ``same unit``, which refuses controls of another scale, or ``indexed``, which first brings
        each to the series' mean before the first interruption.
    family : ``poisson``, ``quasi-poisson`` or ``negative-binomial`` for counts; effects are then rate
        ratios, and the leading estimator has a log link and autocorrelated errors.
    offset, population : for counts, the log exposure, or the exposure itself (n values); not both.
    regressors : frame of n rows of further columns of the model.
    primary : term of the headline; by default the first term of the first interruption.
    confidence : share of such intervals that should hold the truth, between 0 and 1.
    placebo : whether to try placebo dates.
    arima_order, seasonal_order : of an ARIMA model to set beside the others (evenly spaced measured series).

    Raises CareshiftError on bad input, before any fit. Order of reporting as in Turner and others (2021), BMC
    Medical Research Methodology, and the checklist of Jandoc and others (2015), Journal of Clinical
    Epidemiology.
    """
    _check_request(
        model,
        unit,
        confidence,
        family,
        counted_only=(offset, population),
        measured_only=(controls, arima_order),
    )
    time = times_like(time, y)
    check_times(time)
    if regressors is not None:
        regressors = frame_like(regressors, y, time, "regressors")
    values, followed = finite(y, "the series"), pd.DataFrame()
    if controls is not None:
        values, followed = less_controls(y, controls, time, model, control_scale)
    exposure = counts.log_exposure(
        np.size(y), *(values_like(given, y, time, "populations") for given in (offset, population))
    )
    time = np.asarray(time, dtype=float)
    options: dict[str, Any] = {"regressors": regressors, "confidence": confidence}
    if family is None:
        fits, leader, left_out = side_by_side.of_measures(values, time, model, options)
    else:
        fits, leader, left_out = side_by_side.of_counts(
            values, time, model, family, {"offset": exposure, **options}
        )
    first = primary or fits[0].design.effects[0]
    if first not in fits[0].design.effects:
        raise CareshiftError(f'"{first}" is not one of {", ".join(fits[0].design.effects)}.')
    if arima_order is not None:
        fits.append(arima(values, time, model, order=arima_order, seasonal_order=seasonal_order, **options))
    analysis = checks.Analysis(values, time, model, leader, regressors, exposure, confidence)
    names = () if followed.empty else tuple(followed["control"])
    return Report(tuple(fits), analysis, unit, first, names, placebo, tuple(left_out), followed)


def _check_request(
    model: ImpactModel,
    unit: str,
    confidence: float,
    family: str | None,
    counted_only: tuple[object, ...],
    measured_only: tuple[object, ...],
) -> None:
    """Refuse settings that contradict each other; the last two hold what only one kind of series takes."""
    if not isinstance(model, ImpactModel):
        raise CareshiftError("Give an ImpactModel: what may change, and when, is fixed before the fit.")
    if not isinstance(unit, str) or not unit.strip():
        raise CareshiftError("Give the unit of the series in words, for example beds.")
    if not model.interruptions:
        raise CareshiftError("A report needs an impact model with at least one interruption.")
    check_confidence(confidence)
    if family is None and any(given is not None for given in counted_only):
        raise CareshiftError("A population or offset is for counts: name their family, e.g. quasi-poisson.")
    if family is not None and any(given is not None for given in measured_only):
        raise CareshiftError("Controls and ARIMA are for measured series: turn the counts into rates.")
