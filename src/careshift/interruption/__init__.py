"""Interrupted time series: an impact model fixed first, every estimator beside the other, one report."""

from careshift.interruption.axis import fiscal_years, months, quarters, time_label
from careshift.interruption.boxjenkins import arima
from careshift.interruption.controls import controlled, leave_one_out, placebo_controls
from careshift.interruption.count_autocorrelation import count_reml
from careshift.interruption.counts import count_model
from careshift.interruption.effects import Effect, counterfactual, cumulative_effect, effect_at
from careshift.interruption.fit import Estimate, Fit
from careshift.interruption.likelihood import reml
from careshift.interruption.linear import newey_west, ols, prais_winsten
from careshift.interruption.model import Design, ImpactModel, Interruption, prepare
from careshift.interruption.panels import common_shock_coverage, panel
from careshift.interruption.power import minimum_detectable
from careshift.interruption.reporting import Report, report
from careshift.interruption.structural import structural

__all__ = [
    "Design",
    "Effect",
    "Estimate",
    "Fit",
    "ImpactModel",
    "Interruption",
    "Report",
    "arima",
    "common_shock_coverage",
    "controlled",
    "count_model",
    "count_reml",
    "counterfactual",
    "cumulative_effect",
    "effect_at",
    "fiscal_years",
    "leave_one_out",
    "minimum_detectable",
    "months",
    "newey_west",
    "ols",
    "panel",
    "placebo_controls",
    "prais_winsten",
    "prepare",
    "quarters",
    "reml",
    "report",
    "structural",
    "time_label",
]
