"""A planned fit of a series of one's own, and its results for machines."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from careshift import interruption
from careshift.inert_text import cell
from careshift.interruption import Fit, Report, prepare
from careshift.interruption.control_series import less_controls
from careshift.interruption.fit import check_confidence
from careshift.own_series.plan import CYCLES, MEASURED, Plan, PlanError
from careshift.own_series.reading import Series
from careshift.project import replace_whole

if TYPE_CHECKING:
    import pandas as pd


def checked(series: Series, plan: Plan) -> None:
    """Raise CareshiftError where the planned model cannot be fitted to the series; nothing is fitted here."""
    frame, about = series.frame, plan.content["series"]
    check_confidence(plan.content["confidence"])
    if plan.content["family"] != MEASURED and (about["controls"] or plan.content["arima"]):
        raise PlanError("Controls and ARIMA are for measured series: turn the counts into rates first.")
    regressors = frame[about["regressors"]] if about["regressors"] else None
    if about["controls"]:
        controls, scale = frame[about["controls"]], plan.content["control_scale"]
        less_controls(frame["value"], controls, frame["time"], plan.model(series.scale), scale)
    prepare(frame["value"], frame["time"], plan.model(series.scale), regressors)


def fit(series: Series, plan: Plan) -> Report:
    """Return the report on a series that its plan asks for. Raises CareshiftError where none can be made."""
    frame, content = series.frame, plan.content
    counted = content["family"] != MEASURED
    return interruption.report(
        frame["value"],
        frame["time"],
        plan.model(series.scale),
        unit=content["unit"],
        controls=_columns(frame, content["series"]["controls"]),
        regressors=_columns(frame, content["series"]["regressors"]),
        family=content["family"] if counted else None,
        population=frame["population"] if "population" in frame.columns else None,
        control_scale=content["control_scale"],
        confidence=content["confidence"],
        arima_order=tuple(content["arima"]) if content["arima"] else None,
        seasonal_order=(*(content["seasonal_arima"] or (0, 0, 0)), _cycle(plan, series)),
    )


def _cycle(plan: Plan, series: Series) -> int:
    return CYCLES.get(series.scale.axis or "", 0) if plan.content["seasonal_arima"] else 0


def _columns(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame | None:
    return frame[names] if names else None


def interval_kind(fitted: Fit) -> str:
    """Return what kind of interval an estimator gives, in words."""
    share = f"{100 * fitted.confidence:g} % confidence interval"
    kinds = {
        "Kenward-Roger": "t with Kenward-Roger degrees of freedom",
        "Satterthwaite": "t with Satterthwaite degrees of freedom",
        "Newey-West": "t with errors that allow for autocorrelation",
        "robust": "t with errors that allow for autocorrelation",
    }
    normal = "normal (Wald)" if not np.isfinite(fitted.df).all() else "t"
    return f"{share}, {next((words for part, words in kinds.items() if part in fitted.estimator), normal)}"


def why_it_leads(report: Report, plan: Plan) -> str:
    """Return why the leading estimator leads, in sentences."""
    points = report.leading.design.time.size
    return f"{report.leading.estimator} leads, on {points} periods. {plan.content['leads']}"


def estimates(report: Report) -> pd.DataFrame:
    """Return every estimator's estimates with the kind of their intervals, the leading one first."""
    kinds = {fitted.estimator: interval_kind(fitted) for fitted in report.fits}
    table = report.estimates
    return table.assign(interval=table["estimator"].map(kinds))


def record(series: Series, plan: Plan, report: Report) -> dict[str, Any]:
    """Return all results as plain values for JSON; what is not finite is null."""
    tables = {
        "estimates": estimates(report),
        "smallest_detectable_change": report.minimum_detectable,
        "residual_checks": report.diagnostics,
        "placebo_dates": report.placebo.assign(period=report.placebo["time"].map(series.label)),
        "sensitivity": report.sensitivity,
        "counterfactual": _labelled(series, report),
        "checklist": report.checklist,
    }
    return {
        "plan": {"digest": f"sha256:{plan.digest}", **plan.content},
        "model": report.model_text,
        "sentences": {term: report.sentence_for(term) for term in report.leading.design.effects},
        "leading": {
            "estimator": report.leading.estimator,
            "interval": interval_kind(report.leading),
            "why": why_it_leads(report, plan),
        },
        "left_out": {"periods": list(series.left_out), "estimators": list(report.left_out)},
        **{name: plain(table) for name, table in tables.items()},
    }


def _labelled(series: Series, report: Report) -> pd.DataFrame:
    table = report.counterfactual()
    return table.assign(period=table["time"].map(series.label))


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as plain values; what is missing or not finite is None."""
    return [{str(k): _value(v) for k, v in row.items()} for row in table.to_dict("records")]


def _value(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def write(folder: Path, series: Series, plan: Plan, report: Report) -> list[str]:
    """Write results.json and results.csv into a folder and return their names.

    Raises CareshiftError where they cannot be written.
    """
    text = json.dumps(record(series, plan, report), indent=1, ensure_ascii=False, allow_nan=False)
    table = estimates(report).map(cell).to_csv(index=False, lineterminator="\n", float_format="%.10g")
    files = {"results.json": f"{text}\n", "results.csv": table}
    for name, content in files.items():
        replace_whole(folder / name, content.encode())
    return list(files)
