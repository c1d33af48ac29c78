"""What is fixed before a fit: the interruption, the model, what leads and why, and the digest of the data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import yaml

from careshift.inert_text import printable
from careshift.interruption import ImpactModel, Interruption, reporting
from careshift.interruption.control_series import ControlScale
from careshift.interruption.counts import Family
from careshift.own_series import periods
from careshift.own_series.reading import Series
from careshift.project import CareshiftError, quoted, replace_whole

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

AnyAsked = TypeVar("AnyAsked", bound="DataclassInstance")
HEAD = "# Written by careshift before anything was fitted. A command that differs from it is refused.\n"
CHANGES = {
    "level and slope": (True, True),
    "level": (True, False),
    "slope": (False, True),
}
SCALES: tuple[str, ...] = get_args(ControlScale)
TRENDS = ("straight", "curved", "none")
MEASURED = "measured"
MEASURED_UNIT = "units"  # of a series whose unit nobody named
YEARS_FOR_A_SEASON = 3
CYCLES = {"month": 12, "quarter": 4}
# What the engine says of itself: the second paragraph of the module that holds the rule.
LEADS = " ".join(str(reporting.__doc__).split("\n\n")[1].split())
PLACEBO = (
    "every earlier date with at least three periods on each side, on the time before the interruption only"
)


class PlanError(CareshiftError):
    """A plan that cannot be made or read, or that says something else than the command."""


@dataclass(frozen=True)
class Request:
    """What somebody asks of a series, None where they leave it to the plan or the rule.

    at : each ``PERIOD`` or ``PERIOD=LABEL``. change : "level and slope", "level" or "slope". lag, transition,
    slope_from : as in :class:`careshift.interruption.Interruption`, for each interruption. trend :
    "straight", "curved" or "none". season : "auto", "none" or a number of pairs of Fourier terms. family :
    "measured" or a family of counts. control_scale : "same unit", or "indexed" for controls of another scale.
    arima, seasonal_arima : orders such as "2,1,0". unit, reason : words.
    """

    at: Sequence[str] | None = None
    change: str | None = None
    lag: float | None = None
    transition: float | None = None
    slope_from: float | None = None
    trend: str | None = None
    season: str | None = None
    family: str | None = None
    control_scale: str | None = None
    arima: str | None = None
    seasonal_arima: str | None = None
    unit: str | None = None
    reason: str | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Plan:
    """A plan as it is written to a file: values by name; `written` is the text of a file that was there."""

    content: Mapping[str, Any]
    written: str | None = None

    @property
    def text(self) -> str:
        """Return the plan as YAML."""
        if self.written is not None:
            return self.written
        return HEAD + yaml.safe_dump(dict(self.content), sort_keys=False, allow_unicode=True, width=100)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the plan's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def model(self, scale: periods.Scale) -> ImpactModel:
        """Return the impact model that the plan fixes, on the axis of a series."""
        items = tuple(
            Interruption(
                at=periods.number_of(item["at"], scale),
                label=item["label"],
                level=CHANGES[item["change"]][0],
                slope=CHANGES[item["change"]][1],
                lag=item["lag"],
                transition=item["transition"],
                slope_from=item["slope_from"],
            )
            for item in self.content["interruptions"]
        )
        return ImpactModel(
            items,
            reason=self.content["reason"],
            harmonics=self.content["season"],
            period=CYCLES.get(scale.axis or ""),
            trend=self.content["trend"] != "none",
            curved=self.content["trend"] == "curved",
            axis=scale.axis,
        )


def make(series: Series, request: Request) -> Plan:
    """Return the plan for a series, from what is asked and, of the data, only its dates and their number.

    Raises PlanError where something asked for is not known, and PeriodError for a date that is none.
    """
    if not request.at:
        raise PlanError("Say when the interruption was, for example --at 2015-04 or --at 2015-04=Act.")
    change = one_of("--change", request.change or "level and slope", tuple(CHANGES))
    shape = {
        "change": change,
        "lag": request.lag or 0,
        "transition": request.transition or 0,
        "slope_from": request.slope_from or 0,
    }
    items = [_interruption(series, text) | shape for text in request.at]
    family = _family(series, request.family)
    return Plan(
        {
            "plan": "interrupted time series",
            "series": _about(series),
            "interruptions": items,
            "trend": one_of("--trend", request.trend or TRENDS[0], TRENDS),
            "season": _season(series, request.season or "auto"),
            "family": family,
            "control_scale": one_of("--control-scale", request.control_scale or SCALES[0], SCALES),
            "arima": _orders(request.arima, 3),
            "seasonal_arima": _orders(request.seasonal_arima, 3),
            "confidence": 0.95 if request.confidence is None else request.confidence,
            "leads": LEADS,
            "placebo": PLACEBO,
            "unit": request.unit or (MEASURED_UNIT if family == MEASURED else series.columns.value),
            "reason": request.reason or "",
            "asked": {k: v for k, v in _plain(request).items() if v is not None},
        }
    )


def fix(file: Path, plan: Plan) -> Plan:
    """Write a plan to its file before anything is fitted, or hold it against the one that is there.

    Raises PlanError where the file says something else, naming each difference.
    """
    if not file.exists():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlanError(f"{file.parent}: cannot be made ({error.strerror}).") from None
        replace_whole(file, plan.text.encode())
        return plan
    kept = load(file)
    names = [name for name in [*kept.content, *plan.content] if name != "asked"]
    different = [n for n in dict.fromkeys(names) if kept.content.get(n) != plan.content.get(n)]
    if different:
        pairs = [(name, kept.content.get(name), plan.content.get(name)) for name in different]
        said = "; ".join(_difference(*pair) for pair in pairs)
        raise PlanError(
            f"{file}: the plan says something else than this command: {said}. Ask for what was planned, or "
            "give another --plan; its digest will be another too."
        )
    return kept


def load(file: Path) -> Plan:
    """Return the plan in a file. Raises PlanError where it is none."""
    try:
        text = file.read_text(encoding="utf-8")
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        text, content = "", None
    if not isinstance(content, dict) or "plan" not in content:
        raise PlanError(f"{file}: not a plan that careshift wrote. Give another name: it is written anew.")
    return Plan(content, text)


def over(asked: AnyAsked, earlier: Mapping[str, Any]) -> AnyAsked:
    """Return what is asked, with what it leaves open taken from what was asked before."""
    left_open = [item.name for item in fields(asked) if getattr(asked, item.name) is None]
    return replace(asked, **{name: earlier[name] for name in left_open if name in earlier})


def asked_in(file: Path | None) -> dict[str, Any]:
    """Return what an earlier command asked, from its plan; nothing where there is no plan yet."""
    if file is None or not file.exists():
        return {}
    asked = load(file).content.get("asked")
    return dict(asked) if isinstance(asked, dict) else {}


def _difference(name: str, planned: Any, asked: Any) -> str:
    if name == "series" and isinstance(planned, dict) and isinstance(asked, dict):
        parts = [key for key in planned if planned[key] != asked.get(key)]
        if parts == ["digest"]:
            return "the data are not those that the plan was made for"
        told = [f"{key} {planned[key]} there, {asked.get(key)} here" for key in parts if key != "digest"]
        return f"series: {', '.join(told)}"
    return f"{name}: {_short(planned)} there, {_short(asked)} here"


def _short(value: Any) -> str:
    return quoted(yaml.safe_dump(value, default_flow_style=True).replace("\n...\n", "").strip(), 160)


def _about(series: Series) -> dict[str, Any]:
    labels = list(series.frame["period"])
    return {
        "digest": f"sha256:{series.digest}",
        "counts": series.scale.axis or "number",
        "first": labels[0],
        "last": labels[-1],
        "periods": len(labels),
        "population": bool(series.columns.population),
        "controls": list(series.columns.controls),
        "regressors": list(series.columns.regressors),
    }


def _interruption(series: Series, text: str) -> dict[str, Any]:
    at, _, label = text.partition("=")
    number = periods.number_of(at, series.scale)
    times = series.frame["time"]
    if not times.iloc[0] < number <= times.iloc[-1]:
        raise PlanError(
            f"The interruption at {series.label(number)} lies outside the series, which runs from "
            f"{series.label(times.iloc[0])} to {series.label(times.iloc[-1])}: there is nothing to compare."
        )
    return {"at": series.label(number), "label": printable(label)}


def _season(series: Series, asked: str) -> int:
    """Return the pairs of Fourier terms: as asked, or by the length of the series alone."""
    cycle = CYCLES.get(series.scale.axis or "", 0)
    if asked == "auto":
        times = series.frame["time"]
        long_enough = cycle and times.iloc[-1] - times.iloc[0] + 1 >= YEARS_FOR_A_SEASON * cycle
        return 2 if long_enough else 0
    if asked == "none":
        return 0
    if not (asked.isdigit() and 0 < int(asked) <= cycle / 2):
        most = f"a number of pairs up to {cycle // 2}" if cycle else "none: only months and quarters have one"
        raise PlanError(f"--season {asked}: give auto, none, or {most}.")
    return int(asked)


def _family(series: Series, asked: str | None) -> str:
    counted = get_args(Family)
    default = "quasi-poisson" if series.columns.population else MEASURED
    family = one_of("--family", asked or default, (MEASURED, *counted))
    if family == MEASURED and series.columns.population:
        raise PlanError(
            f"A population is for counts. Leave --family out, or name one of {', '.join(counted)}."
        )
    return family


def _orders(text: str | None, count: int) -> list[int] | None:
    if not text:
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != count or not all(part.isdigit() and int(part) <= 12 for part in parts):
        raise PlanError(
            f"{quoted(text)} is no order of an ARIMA model. Write {count} whole numbers, such as 2,1,0."
        )
    return [int(part) for part in parts]


def one_of(option: str, value: str, known: Sequence[str]) -> str:
    """Return an option's value. Raises PlanError where it is none of those known."""
    if value not in known:
        raise PlanError(f"{option} {quoted(value)}: give one of {', '.join(known)}.")
    return value


def _plain(request: Request) -> dict[str, Any]:
    """Return a request as plain lists and values, as YAML holds them."""
    return {k: list(v) if isinstance(v, (list, tuple)) else v for k, v in asdict(request).items()}
