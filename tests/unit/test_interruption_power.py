"""The smallest detectable change: the power at the value that a series reports, by simulation."""

import numpy as np
import pytest
from scipy import stats

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, power
from careshift.interruption.ar1 import Ar1Reml
from careshift.interruption.coverage import Cell, many
from careshift.project import CareshiftError

TERMS = ("level change", "slope change")


@pytest.mark.parametrize("split", [(5, 5), (24, 24)])
@pytest.mark.parametrize("place", [0, 1], ids=TERMS)
def test_the_power_at_the_reported_change_is_four_in_five(split, place):
    # Other series, other seeds and other strengths of autocorrelation than those it is calibrated with.
    for phi in (0.1, 0.5, 0.8):
        cell = Cell(*split, phi, "AR(1)")
        series = cell.draw(2500, 77)
        found, _ = many.intervals(cell, series)
        estimate, se, df = (part[:, place] for part in found["REML Kenward-Roger"])
        half = stats.t.ppf(0.975, df) * se
        fits = Ar1Reml(cell.design.matrix, np.ones(sum(split) - 1)).fit(series)
        fit = interruption.reml(series[:, 0], np.arange(float(sum(split))), cell.model)
        knots, logs = power._calibrated(power._Design.of(fit), 2 + place, 0.95, 0.8)
        reported = np.sqrt(fits.variance * (1 - fits.phi**2)) * np.exp(np.interp(fits.phi, knots, logs))
        table = interruption.minimum_detectable(fit)
        assert table["rise"].iloc[place] == pytest.approx(reported[0], rel=1e-3)
        assert table["method"].unique().tolist() == ["simulated"]
        # Every tenth series reports; all of them try to find what it reports.
        tries = [np.mean(np.abs(estimate + value) > half) for value in reported[::10]]
        assert 100 * np.mean(tries) == pytest.approx(80, abs=3.5)


def test_a_fit_at_the_boundary_reports_what_its_design_can_show():
    # A random walk of 21 quarters under seven terms, as the bed days of people aged 70 and over.
    time, at = np.arange(21.0), 10.0
    model = ImpactModel((Interruption(at),), harmonics=2, period=4)
    y = 600 + 20 * np.cumsum(np.random.default_rng(6).standard_normal(21))
    fit = interruption.reml(y, time, model)
    assert fit.parameters["at_boundary"] == 1
    reported = interruption.minimum_detectable(fit).set_index("term")["rise"]
    x, ones = fit.design.matrix, np.ones(20)
    spread = np.sqrt(np.sum((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2) / 14)
    away = np.eye(21) - x @ np.linalg.pinv(x)
    needed = []
    for phi in (0.0, 0.4, 0.8):
        e = power._series(np.random.default_rng(5), ones, phi)
        e *= spread / np.sqrt(((away @ e) ** 2).sum(0) / 14).mean()
        fits = Ar1Reml(x, ones).fit(e)
        parts = [np.diagonal(part, axis1=1, axis2=2) for part in (fits.covariance, fits.adjusted)]
        se = np.sqrt(np.where(np.isfinite(parts[1]), np.maximum(*parts), parts[0]))
        tries = []
        for term in fit.design.effects:
            place = fit.terms.index(term)
            half = stats.t.ppf(0.975, fits.degrees_of_freedom(place, 14)) * se[:, place]
            tries.append(np.quantile(half - fits.estimate[:, place], 0.8))
        needed.append(tries)
    for value, sizes in zip(reported[list(fit.design.effects)], np.transpose(needed), strict=True):
        assert 0.9 * sizes.min() < value < 1.6 * sizes.max(), (value, sizes)


def test_the_reported_change_follows_the_unit_of_the_series_and_of_time():
    y, time = 50 + np.random.default_rng(4).standard_normal(17), np.arange(17.0)
    model = ImpactModel((Interruption(12),))
    plain = interruption.minimum_detectable(interruption.reml(y, time, model))["rise"]
    thousands = interruption.minimum_detectable(interruption.reml(1000 * y, time, model))["rise"]
    assert thousands.tolist() == pytest.approx((1000 * plain).tolist(), rel=1e-6)
    halves = ImpactModel((Interruption(6),))
    slower = interruption.minimum_detectable(interruption.reml(y, time / 2, halves))["rise"]
    assert slower.tolist() == pytest.approx([plain[0], 2 * plain[1]], rel=0.05)


def test_other_fits_say_that_their_standard_error_is_taken_as_known():
    y, time = 50 + np.random.default_rng(4).standard_normal(17), np.arange(17.0)
    fit = interruption.ols(y, time, ImpactModel((Interruption(12),)))
    table = interruption.minimum_detectable(fit)
    assert table["method"].unique().tolist() == ["standard error taken as known"]
    wanted = fit.se[2:] * power.detectable_multiple(13, 0.95, 0.8)
    assert table["rise"].tolist() == pytest.approx(wanted.tolist())


def test_so_few_points_that_no_change_is_found_as_often_say_so():
    y = 50 + np.random.default_rng(4).standard_normal(6)
    fit = interruption.reml(y, np.arange(6.0), ImpactModel((Interruption(3),)))
    assert interruption.minimum_detectable(fit)["words"].tolist() == ["none finite"] * 2


def test_fits_at_the_boundary_hold_the_truth_less_often_where_nothing_is_correlated():
    time = np.arange(21.0)
    model = ImpactModel((Interruption(11.0),), harmonics=2, period=4)
    fit = interruption.reml(600 + np.random.default_rng(6).standard_normal(21), time, model)
    edge = power.boundary_coverage(fit, "level change", draws=6000).set_index("phi")
    assert edge["coverage"].between(93, 97).all()
    assert edge.loc[0.0, "at_boundary"] < 93 < 96 < edge.loc[0.8, "at_boundary"]
    assert edge["share"].is_monotonic_increasing
    plain = interruption.ols(fit.y, time, model)
    with pytest.raises(CareshiftError, match="needs a REML fit"):
        power.boundary_coverage(plain, "level change")
