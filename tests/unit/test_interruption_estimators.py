"""Estimators against published answers, dense algebra, statsmodels, and what must not change them."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, kenward_roger
from careshift.interruption.ar1 import Ar1Reml
from careshift.readers.r_data import r_frames

BAN = ImpactModel((Interruption(19, "Proposition 99"),))


@pytest.fixture(scope="session")
def cigarettes(benchmarks_folder):
    data = pd.read_stata(benchmarks_folder / "cigsales_single.dta")
    return data["cigsale"].to_numpy(float), data["year"].to_numpy(float) - 1970


@pytest.fixture(scope="session")
def barium(benchmarks_folder):
    return r_frames(benchmarks_folder / "barium.RData")["barium"].astype(float)


def series(points=24, phi=0.5, seed=5, effect=0.0):
    rng = np.random.default_rng(seed)
    errors = [rng.standard_normal()]
    for shock in rng.standard_normal(points - 1):
        errors.append(phi * errors[-1] + np.sqrt(1 - phi**2) * shock)
    time = np.arange(float(points))
    return 50 + 0.3 * time + effect * (time >= points // 2) + np.array(errors), time


def step_model(points=24, **options):
    return ImpactModel((Interruption(points // 2),), **options)


def all_estimators(y, time, model):
    yield interruption.ols(y, time, model)
    yield interruption.newey_west(y, time, model)
    yield interruption.prais_winsten(y, time, model)
    yield interruption.reml(y, time, model)
    yield interruption.reml(y, time, model, order=2)


# Published answers


def test_proposition_99_ols_as_printed(cigarettes):
    # Printed in the output of Stata's itsa example (Linden 2015, Stata Journal 15: 480-500).
    fit = interruption.ols(*cigarettes, BAN)
    assert fit.estimate == pytest.approx([132.2258, -1.779474, -20.0581, -1.4947], abs=5e-5)
    assert fit.se == pytest.approx([2.2866, 0.2170, 3.7471, 0.4846], abs=5e-5)
    assert fit.estimate[1] + fit.estimate[3] == pytest.approx(-3.274126, abs=5e-7)


def test_proposition_99_newey_west_rerun(cigarettes):
    # A rerun of Stata's formula: lag 1, factor n / (n - k).
    fit = interruption.newey_west(*cigarettes, BAN, lags=1)
    assert fit.se == pytest.approx([4.2530539, 0.3834188, 4.7243951, 0.4368201], abs=5e-7)


def test_barium_prais_winsten_as_printed(barium):
    # Printed in Wooldridge, Introductory Econometrics, barium chloride example.
    names = ["lchempi", "lgas", "lrtwex", "befile6", "affile6", "afdec6"]
    time = np.arange(len(barium["lchnimp"]))
    fit = interruption.prais_winsten(
        barium["lchnimp"], time, ImpactModel(trend=False), regressors=barium[names]
    )
    assert fit.parameters["rho"] == pytest.approx(0.2932, abs=5e-5)
    assert fit.parameters["iterations"] == 7
    printed = [-37.0777, 2.94095, 1.04638, 1.13279, -0.01648, -0.03316, -0.57681]
    assert fit.estimate == pytest.approx(printed, abs=6e-5)
    assert fit.se == pytest.approx([22.7783, 0.63284, 0.97734, 0.50666, 0.31938, 0.32181, 0.34199], abs=6e-5)


# Against other software and dense algebra


def test_ols_and_newey_west_agree_with_statsmodels():
    y, time = series()
    fit, robust = (
        interruption.ols(y, time, step_model()),
        interruption.newey_west(y, time, step_model(), lags=3),
    )
    theirs = sm.OLS(y, fit.design.matrix).fit()
    assert fit.se == pytest.approx(theirs.bse)
    hac = theirs.get_robustcov_results("HAC", maxlags=3, use_correction=True, use_t=True)
    assert robust.se == pytest.approx(hac.bse)
    assert robust.effect("level change").low == pytest.approx(hac.conf_int()[2, 0])


def dense_ar1(matrix, gaps, phi, variance):
    place = np.concatenate([[0], np.cumsum(gaps)])
    d = np.abs(place[:, None] - place[None, :])
    first = np.where(d > 0, d * phi ** np.maximum(d - 1, 0), 0)
    second = np.where(d > 1, d * (d - 1) * phi ** np.maximum(d - 2, 0), 0)
    zero = np.zeros_like(first)
    v, first = phi**d, np.stack([phi**d, first])
    second = np.stack([np.stack([zero, first[1]]), np.stack([first[1], second])])
    return kenward_roger.adjust(matrix, variance * v, variance * first, variance * second)


@pytest.mark.parametrize("missing", [[], [3, 4, 17]])
def test_the_closed_form_is_the_dense_kenward_roger(missing):
    y, time = series(phi=0.6)
    y, time = np.delete(y, missing), np.delete(time, missing)
    fit = interruption.reml(y, time, step_model())
    design, phi = fit.design, fit.parameters["phi"]
    dense = dense_ar1(design.matrix, design.gaps, phi, fit.parameters["variance"])
    assert fit.least_covariance == pytest.approx(dense.covariance)
    assert fit.covariance == pytest.approx(dense.adjusted)
    full = interruption.reml(y, time, step_model(), inference="kenward-roger-1997")
    assert full.covariance == pytest.approx(dense.second_order)
    for term, weights in enumerate(np.eye(4)):
        assert fit.df[term] == pytest.approx(dense.degrees_of_freedom(weights, len(y) - 4))


@pytest.mark.parametrize("missing", [[], [3, 4, 17]])
def test_phi_maximises_the_restricted_likelihood_written_out(missing):
    y, time = series(phi=0.6)
    y, time = np.delete(y, missing), np.delete(time, missing)
    fit = interruption.reml(y, time, step_model())
    matrix = fit.design.matrix

    def deviance(phi):
        v = phi ** np.abs(time[:, None] - time[None, :])
        information = matrix.T @ np.linalg.solve(v, matrix)
        estimate = np.linalg.solve(information, matrix.T @ np.linalg.solve(v, y))
        rss = (y - matrix @ estimate) @ np.linalg.solve(v, y - matrix @ estimate)
        df = len(y) - 4
        return df * np.log(rss / df) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]

    best = fit.parameters["phi"]
    assert deviance(best) < min(deviance(best + 1e-3), deviance(best - 1e-3))
    assert deviance(best) <= min(deviance(phi) for phi in np.arange(0.01, 0.99, 0.02))


def test_the_closed_form_holds_for_many_series_and_a_mean_alone():
    matrix = np.ones((12, 1))
    fits = Ar1Reml(matrix, np.ones(11)).fit(np.random.default_rng(2).standard_normal((12, 3)))
    for number in range(3):
        dense = dense_ar1(matrix, np.ones(11), fits.phi[number], fits.variance[number])
        assert fits.adjusted[number] == pytest.approx(dense.adjusted)


def test_ar2_holds_ar1_as_a_special_case():
    y, time = series(points=60, phi=0.4, seed=3)
    second = interruption.reml(y, time, step_model(60), order=2)
    first = interruption.reml(y, time, step_model(60))
    assert second.parameters["log_likelihood"] >= first.parameters["log_likelihood"] - 1e-6
    assert second.parameters["phi_2"] == pytest.approx(0, abs=0.3)


def test_ar2_finds_the_two_coefficients_of_a_long_series():
    rng, errors = np.random.default_rng(8), [0.0, 0.0]
    for shock in rng.standard_normal(700):
        errors.append(0.9 * errors[-1] - 0.5 * errors[-2] + shock)
    y, time = np.array(errors[302:]), np.arange(400.0)
    fit = interruption.reml(y, time, step_model(400), order=2)
    assert fit.parameters["phi"] == pytest.approx(0.9, abs=0.1)
    assert fit.parameters["phi_2"] == pytest.approx(-0.5, abs=0.1)


def test_ar2_over_a_gap_is_the_likelihood_written_out():
    y, time = series(points=40, phi=0.5)
    y, time = np.delete(y, [5, 6, 22]), np.delete(time, [5, 6, 22])
    fit = interruption.reml(y, time, step_model(40), order=2)
    phi_1, phi_2 = fit.parameters["phi"], fit.parameters["phi_2"]
    at = [1.0, phi_1 / (1 - phi_2)]
    for _ in range(60):
        at.append(phi_1 * at[-1] + phi_2 * at[-2])
    v = np.array(at)[np.abs(time[:, None] - time[None, :]).astype(int)]
    matrix = fit.design.matrix
    information = matrix.T @ np.linalg.solve(v, matrix)
    assert fit.estimate == pytest.approx(np.linalg.solve(information, matrix.T @ np.linalg.solve(v, y)))
    assert fit.least_covariance == pytest.approx(fit.parameters["variance"] * np.linalg.inv(information))


# Rules of the design


def test_degrees_of_freedom_stay_within_two_and_the_residual_ones():
    for seed in range(25):
        y, time = series(points=10, phi=0.7, seed=seed)
        fit = interruption.reml(y, time, step_model(10))
        assert (fit.df >= 2).all()
        assert (fit.df <= 6).all()
        plain = interruption.reml(y, time, step_model(10), inference="satterthwaite")
        assert (fit.se >= plain.se * (1 - 1e-12)).all()
        assert fit.df == pytest.approx(plain.df)


def test_a_random_walk_is_reported_as_such_and_its_interval_stays_finite():
    y = np.cumsum(np.random.default_rng(7).standard_normal(40))
    fit = interruption.reml(y, np.arange(40.0), step_model(40))
    assert fit.parameters["at_boundary"] == 1
    assert "boundary" in " ".join(fit.notes)
    # The term in second derivatives is what explodes there.
    full = interruption.reml(y, np.arange(40.0), step_model(40), inference="kenward-roger-1997")
    assert fit.se[2] < 2 * np.sqrt(fit.least_covariance[2, 2])
    assert full.se[2] > 10 * fit.se[2]


def test_a_steady_series_is_not_at_the_boundary():
    y, time = series(points=60, phi=0.3)
    assert interruption.reml(y, time, step_model(60)).parameters["at_boundary"] == 0


def test_gaps_that_are_not_whole_multiples_are_allowed():
    y, time = series()
    uneven = time + 0.13 * (np.arange(24) % 3)
    fit = interruption.reml(y, uneven, step_model())
    assert fit.parameters["phi"] >= 0
    assert np.isfinite(fit.se).all()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        ragged = np.sort(rng.uniform(0, 24, 24))
        phi = interruption.reml(rng.standard_normal(24), ragged, step_model()).parameters["phi"]
        assert 0 <= phi <= 0.99


# Invariances


@settings(max_examples=8, deadline=None)
@given(st.floats(0.001, 1000), st.integers(0, 50))
def test_rescaling_y_rescales_every_answer(factor, seed):
    y, time = series(seed=seed)
    pairs = zip(
        all_estimators(y, time, step_model()), all_estimators(factor * y, time, step_model()), strict=True
    )
    for plain, scaled in pairs:
        tolerance = 1e-3 if "AR(2)" in plain.estimator else 1e-6
        assert scaled.estimate == pytest.approx(
            factor * plain.estimate, rel=tolerance, abs=tolerance * factor
        )
        assert scaled.se[2:] == pytest.approx(factor * plain.se[2:], rel=tolerance)


@settings(max_examples=8, deadline=None)
@given(st.integers(-3000, 3000), st.integers(0, 50))
def test_moving_the_time_axis_moves_nothing_else(shift, seed):
    y, time = series(seed=seed)
    moved = ImpactModel((Interruption(12 + shift),))
    for plain, later in zip(
        all_estimators(y, time, step_model()), all_estimators(y, time + shift, moved), strict=True
    ):
        assert later.estimate == pytest.approx(plain.estimate, rel=1e-6, abs=1e-9)
        assert later.df == pytest.approx(plain.df, rel=1e-4)


@settings(max_examples=8)
@given(st.floats(-5000, 5000), st.integers(0, 50))
def test_the_trends_origin_changes_the_constant_only(origin, seed):
    y, time = series(seed=seed)
    here = interruption.reml(y, time, step_model())
    there = interruption.reml(y, time, step_model(origin=origin))
    assert there.estimate[1:] == pytest.approx(here.estimate[1:], rel=1e-7)
    assert there.se[1:] == pytest.approx(here.se[1:], rel=1e-7)


def test_reversing_time_keeps_phi():
    y, _ = series()
    design = step_model().design(np.arange(24.0)).matrix
    forward = Ar1Reml(design, np.ones(23)).fit(y[:, None])
    backward = Ar1Reml(design[::-1], np.ones(23)).fit(y[::-1, None])
    assert backward.phi == pytest.approx(forward.phi, abs=1e-6)


def test_adding_an_effect_adds_it_to_the_estimate_alone():
    plain, time = series()
    more, _ = series(effect=3.0)
    for before, after in zip(
        all_estimators(plain, time, step_model()), all_estimators(more, time, step_model()), strict=True
    ):
        assert after.estimate[2] - before.estimate[2] == pytest.approx(3, rel=1e-5)
        assert after.se[2] == pytest.approx(before.se[2], rel=1e-4)


def test_seasonal_reml_over_gaps_with_a_regressor_is_the_dense_kenward_roger():
    rng, time = np.random.default_rng(4), np.delete(np.arange(60.0), [7, 8, 31, 50])
    warmth, noise = rng.standard_normal((2, time.size))
    y = 100 + 5 * np.sin(2 * np.pi * time / 12) + 2 * warmth + noise
    model = ImpactModel((Interruption(30),), harmonics=6, period=12)
    fit = interruption.reml(y, time, model, regressors=pd.DataFrame({"warmth": warmth}))
    matrix, phi = fit.design.matrix, fit.parameters["phi"]
    assert matrix.shape == (56, 16)
    dense = dense_ar1(matrix, fit.design.gaps, phi, fit.parameters["variance"])
    assert fit.covariance == pytest.approx(dense.adjusted, rel=1e-5, abs=1e-9)
    v = phi ** np.abs(np.subtract.outer(time, time))
    information = matrix.T @ np.linalg.solve(v, matrix)
    assert fit.estimate == pytest.approx(np.linalg.solve(information, matrix.T @ np.linalg.solve(v, y)))


def test_seasonal_reml_with_a_regressor_takes_both_up():
    rng, time = np.random.default_rng(4), np.arange(72.0)
    warmth = rng.standard_normal(72)
    season = 5 * np.sin(2 * np.pi * time / 12)
    y = 100 + season + 2 * warmth - 4 * (time >= 36) + 0.1 * rng.standard_normal(72)
    model = ImpactModel((Interruption(36),), harmonics=6, period=12)
    fit = interruption.reml(y, time, model, regressors=pd.DataFrame({"warmth": warmth}))
    assert fit.coefficient("warmth").estimate == pytest.approx(2, abs=0.1)
    assert fit.coefficient("sin 1").estimate == pytest.approx(5, abs=0.1)
    assert fit.coefficient("level change").estimate == pytest.approx(-4, abs=0.3)
