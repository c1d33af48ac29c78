"""The report's words: one plain sentence, and the reporting checklist answered item by item."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from careshift.interruption.axis import Axis, calendar_year, time_label
from careshift.interruption.fit import Estimate
from careshift.interruption.multiplicity import tally, tally_words
from careshift.typography import month

if TYPE_CHECKING:
    from careshift.interruption.reporting import Report

PANDEMIC_YEAR = 2020
FEW_DEGREES = 4.0
LEAST_EXPECTED = 0.5


def number(value: float) -> str:
    """Return a number with three significant digits and separated thousands, e.g. -3,280 or 0.894."""
    if not np.isfinite(value):
        return "no limit" if np.isinf(value) else "not known"
    if value == 0:
        return "0"
    digits = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    rounded = round(value, 2 - int(np.floor(np.log10(abs(value)))))
    return f"{rounded:,.{digits}f}"


def ratio(value: float) -> str:
    """Return a ratio with enough digits to tell it from one, e.g. 0.894, 1.0025 or 1.00 for one itself."""
    apart = abs(value - 1)
    if not np.isfinite(value) or not 1e-9 < apart < 0.02:
        return number(value)
    return f"{value:.{1 - int(np.floor(np.log10(apart)))}f}"


def sentence(report: "Report", term: str) -> str:
    """One plain sentence that says what the data can and cannot show about one term."""
    effect = report.leading.effect(term)
    none = 1.0 if effect.scale == "ratio" else 0.0
    clear = not effect.low <= none <= effect.high
    shown = f"{_when(report, term)} {_change(report, effect)}"
    interval = f"Its {100 * report.leading.confidence:g} % interval is {ends(effect)} ({effect.estimator})"
    if clear:
        verdict = "The change is more than chance alone would explain under this model"
    else:
        verdict = "The data cannot tell this from no change, and are no evidence of no effect either"
    return ". ".join([shown, interval, verdict, *_limits(report, term, clear)]) + "."


def ends(effect: Estimate) -> str:
    """Return the interval of an effect without signs: "a fall of 18,600 to 8,820", or two ratios."""
    if effect.scale == "ratio":
        return f"{ratio(effect.low)} to {ratio(effect.high)}"
    low, high = number(abs(effect.low)), number(abs(effect.high))
    if effect.low < 0 < effect.high:
        return f"a fall of {low} to a rise of {high}"
    return f"a rise of {low} to {high}" if effect.low >= 0 else f"a fall of {low} to {high}"


def _when(report: "Report", term: str) -> str:
    model = report.analysis.model
    item = next(item for item in model.interruptions if term in model.terms_of(item))
    what = f" ({item.label})" if item.label else ""
    named = "pandemic" in item.label
    pandemic = ", the first year of the pandemic," if _in_pandemic(item.at, model.axis) and not named else ""
    return f"From {month(time_label(item.start, model.axis))}{what}{pandemic}"


def _change(report: "Report", effect: Estimate) -> str:
    term = effect.term
    if effect.scale == "ratio":
        percent = 100 * (effect.estimate - 1)
        way = "rose" if percent > 0 else "fell"
        size = f"{number(abs(percent))} % (rate ratio {ratio(effect.estimate)})"
        beyond = "a period beyond" if term.startswith("slope") else "beyond"
        return f"{report.unit} {way} by {size} {beyond} the earlier trend"
    way = "rise" if effect.estimate > 0 else "fall"
    kind = "slope" if term.startswith("slope") else "level"
    brief = "temporary " if term.startswith("temporary") else ""
    per = " a period" if kind == "slope" else ""
    return f"the series shows a {brief}{way} in {kind} of {number(abs(effect.estimate))} {report.unit}{per}"


def _limits(report: "Report", term: str, clear: bool) -> list[str]:
    """Return what the estimate cannot show, a sentence each, without their full stops."""
    parts = []
    if not clear:
        table = report.minimum_detectable
        least = str(table.loc[table["term"] == term, "words"].iloc[0])
        parts.append(f"The smallest change it had four chances in five to show is {least}")
    if report.leading.parameters.get("least_expected", 1.0) < LEAST_EXPECTED:
        parts.append("Some periods expect less than half an event, where no interval here has been tried")
    if report.leading.parameters.get("at_boundary"):
        parts.append(
            "The series cannot be told from one that drifts like a random walk, so the interval is wide"
        )
    if has_seasons_unmodelled(report):
        parts.append(f"The model has no seasons, although the series is by {report.analysis.model.axis}")
    df = report.leading.effect(term).df
    if df < FEW_DEGREES:
        thin = f"The interval rests on {number(df)} degrees of freedom"
        parts.append(f"{thin}, so that one period more or less can change its width much")
    if report.controls:
        parts.append("Other changes that met only this series at that time cannot be told apart")
    else:
        parts.append("One series without a control describes what happened and cannot say why")
    return parts


def has_seasons_unmodelled(report: "Report") -> bool:
    """Whether a series of months or quarters is judged without any term for its seasons."""
    model = report.analysis.model
    return model.axis in ("month", "quarter") and not model.harmonics and report.analysis.regressors is None


def is_pandemic(report: "Report") -> bool:
    """Whether an interruption of the model falls in 2020."""
    model = report.analysis.model
    return any(_in_pandemic(item.at, model.axis) for item in model.interruptions)


def _in_pandemic(at: float, axis: Axis | None) -> bool:
    return axis is not None and calendar_year(at, axis) == PANDEMIC_YEAR


def checklist(report: "Report") -> pd.DataFrame:
    """Return reporting items with answers: one row an item with ``item`` and ``answer``.

    Items follow Jandoc and others (2015), Journal of Clinical Epidemiology 68: 950-956, and Turner and others
    (2020), Journal of Clinical Epidemiology 122: 1-11.
    """
    fit, model = report.leading, report.analysis.model
    design = fit.design
    before, after = int((~design.is_after).sum()), int(design.is_after.sum())
    left_out = int((~design.kept).sum())
    variants = report.sensitivity["variant"].nunique() - 1
    season = f"{model.harmonics} pairs of Fourier terms" if model.harmonics else "none modelled"
    season += ", although the series is of parts of a year" if has_seasons_unmodelled(report) else ""
    placebo = report.placebo
    at_placebo = tally_words(tally(placebo, fit.confidence))
    others = report.sensitivity[report.sensitivity["variant"] != "as prespecified"]
    other = tally_words(tally(others, fit.confidence))
    rows = [
        ("Impact model stated before the fit", report.model_text),
        ("Reason for dates, lags and terms", model.reason or "none stated"),
        ("Points before and after", f"{before} before, {after} after the first change, {left_out} left out"),
        ("Spacing of the series", "even" if design.is_evenly_spaced else "uneven, by calendar time"),
        ("Autocorrelation", f"{fit.estimator}: {'; '.join(fit.notes)}"),
        ("Choice of estimator", "one for all series, never by a test of the residuals"),
        ("Estimators beside each other", ", ".join(f.estimator for f in report.fits)),
        ("Left out", " ".join(report.left_out) or "nothing"),
        ("Seasonality", season),
        ("Underlying trend", "quadratic" if model.curved else "straight" if model.trend else "none"),
        ("Control series", ", ".join(report.controls) or "none: other events at that time are not ruled out"),
        *([("How well the controls followed before", report.controls_text)] if report.controls else []),
        ("Counterfactual", "shown with the interval of its expected value"),
        ("Smallest detectable change", "; ".join(report.minimum_detectable["words"])),
        (
            "Sensitivity",
            f"{variants} variants: quadratic trend, neighbouring dates, other windows; of them {other}",
        ),
        ("Placebo dates", f"{placebo['time'].nunique()} dates tried; of the estimates {at_placebo}"),
        ("Other events at the time", "the pandemic" if is_pandemic(report) else "see the text"),
        (
            "Many like tests",
            "of twenty like estimates one excludes no change by chance alone; Holm's method takes all",
        ),
    ]
    return pd.DataFrame(rows, columns=["item", "answer"])
