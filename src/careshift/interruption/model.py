"""The impact model: what is assumed to change, when and why, fixed before any fit, and its design matrix.

Words and form follow Wagner, Soumerai, Zhang and Ross-Degnan (2002), Journal of Clinical Pharmacy and
Therapeutics, and Lopez Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from careshift.interruption.alignment import frame_like, times_like, values_like
from careshift.interruption.axis import Axis, time_label
from careshift.interruption.values import Values, check_times, finite, is_number, rounding_of, unit_steps
from careshift.project import CareshiftError


@dataclass(frozen=True)
class Interruption:
    """One date at which a series may change. All lengths are in the unit of the time axis.

    at : value on the time axis of the first period after.
    label : what happened, in a few words.
    level, slope : whether the level, and the slope, may change for good.
    lag : how long after ``at`` the change is expected to start.
    pulse : length of a temporary change of level that starts with the interruption; None for none.
    transition : length of a phase-in after ``at + lag`` that is left out of the fit.
    slope_from : value of the slope term in the first period after; 0 reads the level change at that period,
        1 reads it one period earlier (a ramp of 1, 2, 3, ...).
    """

    at: float
    label: str = ""
    level: bool = True
    slope: bool = True
    lag: float = 0
    pulse: float | None = None
    transition: float = 0
    slope_from: float = 0

    @property
    def first_left_out(self) -> float:
        """Time from which the transition is left out, on the time axis."""
        return self.at + self.lag

    @property
    def start(self) -> float:
        """Time at which the level changes and the slope term starts, on the time axis."""
        return self.at + self.lag + self.transition


@dataclass(frozen=True)
class ImpactModel:
    """The change that is looked for, fixed before the fit.

    interruptions : at least one for a report; none gives an ordinary regression on trend and regressors.
    reason : why these dates, lags and terms; printed with every result.
    harmonics, period : pairs of Fourier terms and the length of their cycle in units of the time axis. With
        ``harmonics = period / 2`` the full set is used: for an even period the last pair is a cosine alone.
    trend, curved : a straight, and a quadratic, underlying trend.
    origin : time at which the trend terms are zero; the first time of the series unless given.
    axis : what the time axis counts, used in words only.

    Raises CareshiftError for contradictory settings.
    """

    interruptions: tuple[Interruption, ...] = ()
    reason: str = ""
    harmonics: int = 0
    period: float | None = None
    trend: bool = True
    curved: bool = False
    origin: float | None = None
    axis: Axis | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.interruptions, tuple | list):
            raise CareshiftError("Give the interruptions as a list, also where there is one.")
        # A list of interruptions is taken too, but kept so that the model cannot change after the fit.
        object.__setattr__(self, "interruptions", tuple(self.interruptions))
        self._check_season()
        for item in self.interruptions:
            _check_kinds(item)
            if not (item.level or item.slope or item.pulse):
                raise CareshiftError(
                    f"The interruption at {item.at:g} changes nothing: give it a level or slope."
                )
            if min(item.lag, item.transition, item.pulse or 0) < 0:
                raise CareshiftError(
                    f"The interruption at {item.at:g} has a negative lag, pulse or transition."
                )
        if len({item.at for item in self.interruptions}) < len(self.interruptions):
            raise CareshiftError("Two interruptions share one date.")
        if len({self._suffix(item) for item in self.interruptions}) < len(self.interruptions):
            raise CareshiftError("Two interruptions share one name: give each a label of its own.")

    def _check_season(self) -> None:
        if not is_number(self.harmonics) or self.harmonics % 1:
            raise CareshiftError(f"Harmonics are counted: a whole number, not {self.harmonics}.")
        if self.harmonics and (not is_number(self.period) or not self.period or self.period <= 0):
            raise CareshiftError("Harmonics need a period, for example 12 for months.")
        # A cycle of less than two units (a year of decimal years) is held against the steps of the series.
        most = float("inf") if self.period is None or 0 < self.period < 2 else self.period / 2
        if not 0 <= self.harmonics <= most:
            raise CareshiftError(f"A period of {self.period:g} has at most {most:g} harmonics.")

    def design(self, time: Values, regressors: pd.DataFrame | None = None) -> "Design":
        """Design matrix of the model at the given times (n values, ascending), with transitions left out.

        ``regressors`` has n rows and a named column each. Raises CareshiftError for times that are missing,
        repeated or unordered, an interruption outside them, and terms that cannot be told apart.
        """
        times = check_times(time)
        self._check_dates(times)
        columns = self._trend_columns(times)
        effects: dict[str, np.ndarray] = {}
        for item in self.interruptions:
            effects |= _effect_columns(item, times, suffix=self._suffix(item))
        columns |= effects | self._seasonal_columns(times)
        more = _regressor_columns(regressors, time)
        if taken := sorted(columns.keys() & more):
            raise CareshiftError(f'A regressor is called "{taken[0]}", as a term of the model is. Rename it.')
        columns |= more
        kept = self._kept(times)
        matrix = np.column_stack(list(columns.values()))[kept]
        return Design(self, times[kept], matrix, tuple(columns), tuple(effects), kept)

    def _kept(self, times: np.ndarray) -> np.ndarray:
        kept = np.ones(times.size, dtype=bool)
        for item in self.interruptions:
            kept &= ~(_from(times, item.first_left_out) & ~_from(times, item.start))
        return kept

    def _suffix(self, item: Interruption) -> str:
        if len(self.interruptions) == 1:
            return ""
        return f" ({item.label or time_label(item.at, self.axis)})"

    def _check_dates(self, times: np.ndarray) -> None:
        for item in self.interruptions:
            reached = _from(times, item.at)
            if reached.all() or not reached.any() or not _from(times, item.start).any():
                raise CareshiftError(
                    f"The interruption at {time_label(item.at, self.axis)} (change from "
                    f"{time_label(item.start, self.axis)}) lies outside the series, which runs from "
                    f"{time_label(times[0], self.axis)} to {time_label(times[-1], self.axis)}."
                )

    def _trend_columns(self, times: np.ndarray) -> dict[str, np.ndarray]:
        since = times - (times[0] if self.origin is None else self.origin)
        columns = {"constant": np.ones(times.size)}
        if self.trend:
            columns["trend"] = since
        if self.curved:
            columns["curvature"] = since**2
        return columns

    def _seasonal_columns(self, times: np.ndarray) -> dict[str, np.ndarray]:
        columns: dict[str, np.ndarray] = {}
        if not self.harmonics or self.period is None:
            return columns
        a_cycle = self.period / unit_steps(times)[1]
        if 2 * self.harmonics > a_cycle + 1e-3:
            most = int(a_cycle / 2 + 1e-3)
            raise CareshiftError(f"A cycle of {a_cycle:.3g} periods has at most {most} harmonics.")
        for harmonic in range(1, int(self.harmonics) + 1):
            angle = 2 * np.pi * harmonic * times / self.period
            sine, cosine = np.sin(angle), np.cos(angle)
            # At half the period the two are one wave, up and down, so that the larger stands alone.
            if abs(2 * harmonic - a_cycle) < 1e-3:
                columns[f"cos {harmonic}"] = cosine if abs(cosine[0]) >= abs(sine[0]) else sine
            else:
                columns |= {f"sin {harmonic}": sine, f"cos {harmonic}": cosine}
        return columns

    def terms_of(self, item: Interruption) -> tuple[str, ...]:
        """Names of one interruption's terms in the design."""
        return tuple(_effect_columns(item, np.zeros(1), self._suffix(item)))

    def text(self) -> str:
        """Return the model in words: what changes, from when, where time zero is, and why."""
        parts = [self._sentence(item) for item in self.interruptions]
        trend = "a quadratic trend" if self.curved else "a straight trend" if self.trend else "no trend"
        season = f" and {self.harmonics} harmonics of a cycle of {self.period:g}" if self.harmonics else ""
        zero = "the first period" if self.origin is None else time_label(self.origin, self.axis)
        parts.append(f"Underneath lies {trend}{season}; the constant is the level at {zero}.")
        parts.append(f"Reason: {self.reason}" if self.reason else "No reason was stated before the fit.")
        return " ".join(parts)

    def _sentence(self, item: Interruption) -> str:
        names = [word for word, wanted in (("level", item.level), ("slope", item.slope)) if wanted]
        if item.pulse:
            names.append(f"level for {item.pulse:g} periods only")
        start = time_label(item.start, self.axis)
        zero = f" The slope term is {item.slope_from:g} at {start}." if item.slope else ""
        lag = f" (a lag of {item.lag:g})" if item.lag else ""
        out = f" Periods from {time_label(item.first_left_out, self.axis)} to before {start} are left out."
        what = f" ({item.label})" if item.label else ""
        head = f"Interruption at {time_label(item.at, self.axis)}{what}"
        changes = f"change of {' and '.join(names)} from {start}{lag}"
        return f"{head}: {changes}.{zero}{out if item.transition else ''}"

    def moved(self, by: float) -> "ImpactModel":
        """Return the same model with every interruption moved by ``by`` units of the time axis."""
        return replace(self, interruptions=tuple(replace(i, at=i.at + by) for i in self.interruptions))


@dataclass(frozen=True)
class Design:
    """Design matrix of an impact model: n kept periods by k terms.

    time (n), matrix (n, k), terms (k names), effects (names of the interruption's terms), kept (mask over the
    times given).
    """

    model: ImpactModel
    time: np.ndarray
    matrix: np.ndarray
    terms: tuple[str, ...]
    effects: tuple[str, ...]
    kept: np.ndarray = field(repr=False)

    @cached_property
    def is_effect(self) -> np.ndarray:
        """Mask over terms: those of the interruptions."""
        return np.array([term in self.effects for term in self.terms])

    @cached_property
    def effect_rows(self) -> np.ndarray:
        """Matrix with the interruption's terms alone (n, k): times the coefficients, it is the effect."""
        return np.where(self.is_effect, self.matrix, 0.0)

    @cached_property
    def counterfactual_rows(self) -> np.ndarray:
        """Matrix as if nothing had been interrupted (n, k)."""
        return np.where(self.is_effect, 0.0, self.matrix)

    @cached_property
    def is_after(self) -> np.ndarray:
        """Mask over the n kept periods: on or after the first interruption's start."""
        if not self.model.interruptions:
            return np.zeros(self.time.size, dtype=bool)
        return _from(self.time, min(item.start for item in self.model.interruptions))

    @cached_property
    def gaps(self) -> np.ndarray:
        """Steps between neighbouring kept times (n - 1), in units of the smallest step.

        Where not all are multiples of it the unit is the median step, so that one pair of close points does
        not set the scale.
        """
        return unit_steps(self.time)[0]

    @property
    def is_evenly_spaced(self) -> bool:
        """Whether neighbouring kept times are equally far apart."""
        return bool(np.allclose(self.gaps, 1, atol=1e-6))


@dataclass(frozen=True)
class Problem:
    """A checked series with its design: y (n), design, log exposure (n, zero without one)."""

    y: np.ndarray
    design: Design
    offset: np.ndarray

    @property
    def residual_df(self) -> int:
        """Points less terms, n - k."""
        return self.y.size - len(self.design.terms)


def prepare(
    y: Values,
    time: Values,
    model: ImpactModel,
    regressors: pd.DataFrame | None = None,
    offset: Values | None = None,
) -> Problem:
    """Check a series against its impact model and return what an estimator needs.

    y, time : n values each, y in its own unit. model : what may change. regressors : n rows. offset : log
    exposure (n). Raises CareshiftError for missing
    or infinite values, a constant series, wrong lengths, bad times, an interruption outside the series, too
    few points, or terms that cannot be told apart.
    """
    values = finite(y, "the series")
    time = times_like(time, y)
    times = check_times(time)
    if values.size != times.size:
        raise CareshiftError(f"The series has {values.size} values but {times.size} times.")
    if not isinstance(model, ImpactModel):
        raise CareshiftError("Give an ImpactModel: what may change, and when, is fixed before the fit.")
    if regressors is not None:
        regressors = frame_like(regressors, y, time, "regressors")
    design = model.design(times, regressors)
    values = values[design.kept]
    if np.ptp(values) == 0:
        raise CareshiftError("The series is constant: nothing can be estimated from it.")
    _check_estimable(design, values)
    offset = values_like(offset, y, time, "offset")
    exposure = np.zeros(times.size) if offset is None else finite(offset, "the offset")
    if exposure.size != times.size:
        raise CareshiftError(f"The offset has {exposure.size} values but the series {times.size}.")
    return Problem(values, design, exposure[design.kept])


def _effect_columns(item: Interruption, times: np.ndarray, suffix: str) -> dict[str, np.ndarray]:
    after = _from(times, item.start).astype(float)
    columns = {}
    if item.level:
        columns[f"level change{suffix}"] = after
    if item.slope:
        columns[f"slope change{suffix}"] = after * (times - item.start + item.slope_from)
    if item.pulse:
        columns[f"temporary change{suffix}"] = after * ~_from(times, item.start + item.pulse)
    return columns


def _from(times: np.ndarray, start: float) -> np.ndarray:
    """Mask over times: from ``start`` on, a decimal year with its rounding (2016.0833 is a twelfth)."""
    return np.asarray(times >= start - rounding_of(times))


def _check_kinds(item: object) -> None:
    """Raise CareshiftError for what is no interruption, and for a date or a text where a number belongs."""
    if not isinstance(item, Interruption):
        raise CareshiftError(f"{item!r} is no interruption: write Interruption(at=...).")
    for name in ("at", "lag", "transition", "slope_from", "pulse"):
        value = getattr(item, name)
        if not (is_number(value) or (name == "pulse" and value is None)):
            raise CareshiftError(
                f'The interruption has "{value}" for its {name}, where a number of the time axis belongs: '
                'interruption.months(["2016-04"])[0] makes one.'
            )


def _regressor_columns(regressors: pd.DataFrame | None, time: Values) -> dict[str, np.ndarray]:
    if regressors is None:
        return {}
    aligned = frame_like(regressors, time, time, "regressors")
    return {str(name): finite(aligned[name], f'regressor "{name}"') for name in aligned.columns}


def _check_estimable(design: Design, values: np.ndarray) -> None:
    points, terms = design.matrix.shape
    if points < terms + 2:
        raise CareshiftError(
            f"{points} points are too few for a model of {terms} terms: at least {terms + 2} are needed. "
            "Drop a term or find a longer series."
        )
    scale = np.abs(design.matrix).max(axis=0)
    scaled = design.matrix / np.where(scale == 0, 1, scale)
    # Columns are judged after the trend is centred, so that calendar years do not look like the constant.
    if np.linalg.matrix_rank(scaled - np.where(np.ptp(scaled, axis=0) > 0, scaled.mean(axis=0), 0)) < terms:
        raise CareshiftError(
            f"The terms {', '.join(design.terms)} cannot be told apart in this series. A slope needs two "
            "points on each side of its interruption, and a regressor must not repeat a term."
        )
    basis, _ = np.linalg.qr(scaled)
    centred = values - values.mean()
    left = centred - basis @ (basis.T @ centred)
    if np.abs(left).max() < 1e-10 * np.abs(values).max():
        raise CareshiftError(
            "The model fits every point exactly: no chance variation is left to judge a change by."
        )
