"""Interrupted time series and expected counts of one's own: read, planned, fitted, written."""

from careshift.own_series import words
from careshift.own_series.columns import SeriesError
from careshift.own_series.fitting import checked, estimates, fit, interval_kind, record, why_it_leads, write
from careshift.own_series.periods import day_order
from careshift.own_series.plan import Plan, PlanError, Request, asked_in, fix, make, over
from careshift.own_series.reading import Columns, Series, read

__all__ = [
    "Columns",
    "Plan",
    "PlanError",
    "Request",
    "Series",
    "SeriesError",
    "asked_in",
    "checked",
    "day_order",
    "estimates",
    "fit",
    "fix",
    "interval_kind",
    "make",
    "over",
    "read",
    "record",
    "why_it_leads",
    "words",
    "write",
]
