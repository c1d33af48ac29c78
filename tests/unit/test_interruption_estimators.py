"""Estimators against published answers, dense algebra, statsmodels, and what must not change them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tools.numdiff import approx_hess

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, boxjenkins, kenward_roger, likelihood
from careshift.interruption.ar1 import Ar1Fits, Ar1Reml
from careshift.interruption.model import prepare
from careshift.interruption.structural import _best as best_local_level
from careshift.project import CareshiftError
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


# Whole answers written out, and what they say of themselves


def disturbed(points=40, walk=0.3, noise=0.5, seed=11):
    """A quarterly series with a step half-way and a regressor: values, times and the regressor."""
    rng, time = np.random.default_rng(seed), np.arange(float(points))
    warmth = rng.standard_normal(points)
    season = np.tile([3.0, -1.0, 0.5, -2.5], points // 4 + 1)[:points]
    level = 20 + np.cumsum(walk * rng.standard_normal(points)) + 2 * (time >= points // 2)
    return level + season + 1.5 * warmth + noise * rng.standard_normal(points), time, {"warmth": warmth}


def generalised(matrix, y, v):
    """Coefficients and inverse information of generalised least squares, by dense matrices."""
    inverse = np.linalg.inv(matrix.T @ np.linalg.solve(v, matrix))
    return inverse @ matrix.T @ np.linalg.solve(v, y), inverse


def restricted_deviance(matrix, y, v):
    estimate, inverse = generalised(matrix, y, v)
    rest = y - matrix @ estimate
    logs = np.linalg.slogdet(v)[1] - np.linalg.slogdet(inverse)[1]
    return rest @ np.linalg.solve(v, rest) + logs


LEVEL_STEP = ImpactModel((Interruption(20, slope=False),), trend=False)


def test_a_local_level_is_generalised_least_squares_around_a_random_walk():
    y, time, warmth = disturbed()
    warmth = pd.DataFrame(warmth)
    fit = interruption.structural(y, time, LEVEL_STEP, season=4, regressors=warmth, confidence=0.9)
    assert fit.terms == ("level change", "warmth")
    seasons = np.eye(4)[time.astype(int) % 4]
    matrix = np.column_stack([time >= 20, warmth, seasons]).astype(float)

    def covariance(irregular, level):
        return irregular * np.eye(40) + level * np.minimum.outer(time, time)

    assert list(fit.parameters) == ["sigma2.irregular", "sigma2.level", "converged"]
    best = np.array([fit.parameters["sigma2.irregular"], fit.parameters["sigma2.level"]])
    v = covariance(*best)
    estimate, inverse = generalised(matrix, y, v)
    assert fit.estimate == pytest.approx(estimate[:2], rel=1e-6)
    assert fit.covariance == pytest.approx(inverse[:2, :2], rel=1e-6)
    lowest = restricted_deviance(matrix, y, v)
    for factors in ([1.05, 1], [0.95, 1], [1, 1.05], [1, 0.95]):
        assert lowest < restricted_deviance(matrix, y, covariance(*(best * factors)))
    for now in (30, 39):
        before = slice(None, now)
        past, _ = generalised(matrix[before], y[before], v[before, before])
        rest = np.linalg.solve(v[before, before], y[before] - matrix[before] @ past)
        assert fit.one_step[now] == pytest.approx(matrix[now] @ past + v[now, before] @ rest)
    assert fit.innovations == pytest.approx(y - fit.one_step)
    assert fit.confidence == 0.9


def test_a_local_level_without_a_season_or_a_regressor_says_what_it_took_as_known():
    y, time, _ = disturbed()
    fit = interruption.structural(y, time, LEVEL_STEP)
    assert fit.estimator == "Local level"
    assert list(fit.parameters) == ["sigma2.irregular", "sigma2.level", "converged"]
    assert fit.parameters["converged"] == 1
    assert fit.notes == ("variances taken as known",)
    assert fit.confidence == 0.95
    assert fit.anchored
    assert np.isinf(fit.df).all()


@pytest.fixture(params=["structural", "arima"])
def state_space(request):
    """An estimator, its choice of the best fit, and the class of statsmodels whose ``fit`` it calls."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    if request.param == "structural":
        return interruption.structural, lambda y, x: best_local_level(y, x, None), UnobservedComponents
    order = ((1, 0, 0), (0, 0, 0, 0))
    return interruption.arima, lambda y, x: boxjenkins._best(y, x, *order), SARIMAX


def test_a_fit_that_did_not_converge_says_so(state_space, monkeypatch):
    estimator, _, engine = state_space
    whole = engine.fit

    def cut_short(self, start, **options):
        return whole(self, start, **options | {"maxiter": 1})

    monkeypatch.setattr(engine, "fit", cut_short)
    y, time, _ = disturbed()
    fit = estimator(y, time, LEVEL_STEP)
    assert fit.parameters["converged"] == 0
    assert fit.notes[1:] == ("the fit did not converge",)


@pytest.mark.parametrize(
    ("likelihoods", "converged", "expected"),
    [
        ((-10.2, -9.8, -10.4, -10.4), (True, False, True, True), 1),
        ((-9.9999999, -10.0000001, -10.2, -10.2), (False, True, True, True), 1),
        ((-10.2, -10.0, -9.99999, -10.2), (True, True, False, True), 2),
    ],
)
def test_the_highest_likelihood_wins_and_among_equals_one_that_converged(
    state_space, monkeypatch, likelihoods, converged, expected
):
    _, choose, engine = state_space
    whole, made = engine.fit, []

    def pretended(self, start, **options):
        number = len(made)
        params = whole(self, start, **options).params + 1e-4 * number
        told = {"converged": converged[number]}
        made.append(SimpleNamespace(llf=likelihoods[number], mle_retvals=told, params=params))
        return made[-1]

    monkeypatch.setattr(engine, "fit", pretended)
    y, time, _ = disturbed()
    best, good = choose(y, (time >= 20).astype(float)[:, None])
    assert best.params == pytest.approx(made[expected].params, rel=1e-12)
    assert good is converged[expected]


def test_a_local_level_is_sought_from_three_starts_without_a_word(monkeypatch, capfd):
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    y, time, _ = disturbed()
    whole, starts = UnobservedComponents.fit, []

    def noted(self, start, **options):
        starts.append(None if start is None else start.tolist())
        return whole(self, start, **options)

    monkeypatch.setattr(UnobservedComponents, "fit", noted)
    interruption.structural(y, time, LEVEL_STEP)
    assert starts == [None, [0.5, 0.01], [0.1, 0.1]]
    assert capfd.readouterr() == ("", "")


def test_an_arima_start_that_fails_leaves_the_others(monkeypatch):
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    y, time, _ = disturbed()
    plain, whole, starts = interruption.arima(y, time, LEVEL_STEP), SARIMAX.fit, []

    def failing_first(self, start, **options):
        starts.append(start)
        if len(starts) == 1:
            raise np.linalg.LinAlgError
        return whole(self, start, **options)

    monkeypatch.setattr(SARIMAX, "fit", failing_first)
    assert interruption.arima(y, time, LEVEL_STEP).estimate == pytest.approx(plain.estimate, rel=1e-3)
    assert len(starts) == 4


def test_arima_starts_from_least_squares_with_no_negative_and_positive_terms():
    x = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    y = np.array([1.0, 2, 3, 6, 7, 8])
    model = SimpleNamespace(start_params=[9, 9, 9, 9, 9], exog=x, endog=y[:, None])
    own, *others = boxjenkins._starts(model, 2)
    assert own == pytest.approx([9, 9, 9, 9, 9])
    assert [start.tolist() for start in others] == [
        pytest.approx([2, 5, value, value, 2 / 3]) for value in (0, -0.3, 0.3)
    ]
    exact = SimpleNamespace(start_params=[9, 9, 9, 9], exog=x, endog=x @ [2, 5])
    assert [start[-1] for start in boxjenkins._starts(exact, 2)] == [9, 1e-3, 1e-3, 1e-3]


def arma_covariance(parameters, points):
    """Autocovariance matrix of a seasonal ARMA process with innovations of variance 1."""
    from statsmodels.tsa.arima_process import arma_acovf

    ar, seasonal, ma = (parameters.get(name, 0.0) for name in ("ar.L1", "ar.S.L4", "ma.L1"))
    lags = np.polymul([1, -ar], [1, 0, 0, 0, -seasonal])
    at = arma_acovf(lags, [1, ma], nobs=points)
    return at[np.abs(np.subtract.outer(np.arange(points), np.arange(points)))]


@pytest.mark.parametrize(
    ("order", "seasonal", "label", "terms"),
    [
        ((1, 0, 0), (1, 0, 0, 4), "ARIMA(1, 0, 0)(1, 0, 0)4", ("constant", "level change", "warmth")),
        ((0, 1, 1), (0, 1, 0, 4), "ARIMA(0, 1, 1)(0, 1, 0)4", ("level change", "warmth")),
        ((0, 1, 1), (0, 0, 0, 0), "ARIMA(0, 1, 1)", ("level change", "warmth")),
    ],
)
def test_arima_is_the_likelihood_of_the_differenced_series_written_out(order, seasonal, label, terms):
    y, time, warmth = disturbed(points=60)
    model, warmth = ImpactModel((Interruption(30, slope=False),), trend=False), pd.DataFrame(warmth)
    options = {"order": order, "seasonal_order": seasonal, "regressors": warmth}
    fit = interruption.arima(y, time, model, **options)
    assert (fit.estimator, fit.terms) == (label, terms)
    lost = order[1] + 4 * seasonal[1]
    columns = np.column_stack([y, np.ones(60), time >= 30, warmth]).astype(float)
    if seasonal[1]:
        columns = columns[4:] - columns[:-4]
    columns = np.diff(columns, n=order[1], axis=0)
    z, x = columns[:, 0], columns[:, 2 if lost else 1 :]
    names = [name for name in fit.parameters if name[:3] in ("ar.", "ma.")]
    count = x.shape[1]

    def log_likelihood(values):
        v = values[-1] * arma_covariance(dict(zip(names, values[count:-1], strict=True)), z.size)
        rest = z - x @ values[:count]
        logs = z.size * np.log(2 * np.pi) + np.linalg.slogdet(v)[1]
        return -0.5 * (logs + rest @ np.linalg.solve(v, rest))

    v = arma_covariance(fit.parameters, z.size)
    estimate, _ = generalised(x, z, v)
    assert fit.estimate == pytest.approx(estimate, rel=1e-3)
    root = np.linalg.cholesky(v)
    innovations = np.diag(root) * np.linalg.solve(root, z - x @ fit.estimate)
    assert fit.innovations == pytest.approx(innovations, abs=1e-4)
    assert fit.one_step == pytest.approx(y - np.concatenate([np.zeros(lost), fit.innovations]))
    variance = np.mean(np.linalg.solve(root, z - x @ fit.estimate) ** 2)
    assert fit.parameters["variance"] == pytest.approx(variance, rel=1e-3)
    at = np.array([*fit.estimate, *(fit.parameters[name] for name in names), fit.parameters["variance"]])
    expected = log_likelihood(at) + z.size * np.log(np.std(z))
    assert fit.parameters["log_likelihood"] == pytest.approx(expected, abs=1e-4)
    assert list(fit.parameters) == [*names, "variance", "converged", "log_likelihood"]
    information = -approx_hess(at, log_likelihood)
    assert fit.covariance == pytest.approx(np.linalg.inv(information)[:count, :count], rel=0.02, abs=1e-5)
    assert fit.notes == ("autocorrelation taken as known",)
    assert fit.anchored is (lost > 0)
    assert fit.confidence == 0.95
    narrow = interruption.arima(y, time, model, confidence=0.8, **options)
    assert narrow.confidence == 0.8


def test_the_unit_of_a_regressor_changes_its_coefficient_alone():
    y, time, warmth = disturbed()
    for estimator in (interruption.arima, interruption.structural):
        fit = estimator(y, time, LEVEL_STEP, regressors=pd.DataFrame(warmth))
        large = estimator(y, time, LEVEL_STEP, regressors=1e6 * pd.DataFrame(warmth))
        assert large.estimate[:-1] == pytest.approx(fit.estimate[:-1], rel=1e-4)
        assert large.se[:-1] == pytest.approx(fit.se[:-1], rel=1e-3)
        assert 1e6 * large.se[-1] == pytest.approx(fit.se[-1], rel=1e-3)


def test_arima_counts_every_term_of_its_orders_against_the_points():
    # Two terms, one seasonal moving average, and two points to spare, are five.
    model = ImpactModel((Interruption(2, slope=False),), trend=False)
    y = np.array([1.0, 3, 2, 5])
    with pytest.raises(CareshiftError, match=r"^4 points are too few for ARIMA\(0, 0, 0\)\(0, 0, 1, 4\)"):
        interruption.arima(y, np.arange(4.0), model, order=(0, 0, 0), seasonal_order=(0, 0, 1, 4))


def test_differences_need_three_points_more_than_they_cost():
    model = ImpactModel((Interruption(2, slope=False),), trend=False)
    design, kept = boxjenkins._differenced(model.design(np.arange(4.0)), (0, 1, 0), (0, 0, 0, 0))
    assert design.terms == ("level change",)
    assert kept[:, 0].tolist() == [0, 1, 0]
    with pytest.raises(CareshiftError, match=r"^3 points are too few for these differences\.$"):
        boxjenkins._differenced(model.design(np.arange(3.0)), (0, 1, 0), (0, 0, 0, 0))


@pytest.mark.parametrize("order", [1, 2])
def test_the_restricted_log_likelihood_is_that_written_out(order):
    y, time = series(points=40, phi=0.6)
    fit = interruption.reml(y, time, step_model(40), order=order)
    matrix, phi = fit.design.matrix, [fit.parameters["phi"], fit.parameters.get("phi_2", 0.0)]
    at = [1.0, phi[0] / (1 - phi[1])]
    for _ in range(38):
        at.append(phi[0] * at[-1] + phi[1] * at[-2])
    v = np.array(at)[np.abs(np.subtract.outer(time, time)).astype(int)]
    estimate, inverse = generalised(matrix, y, v)
    rest = y - matrix @ estimate
    variance = rest @ np.linalg.solve(v, rest) / 36
    assert fit.parameters["variance"] == pytest.approx(variance)
    logs = np.linalg.slogdet(v)[1] - np.linalg.slogdet(inverse)[1] - np.linalg.slogdet(matrix.T @ matrix)[1]
    expected = -0.5 * (36 * np.log(variance / np.var(y)) + logs)
    assert fit.parameters["log_likelihood"] == pytest.approx(expected)
    assert fit.notes == (f"lag-one autocorrelation {at[1]:.2f}",)


def test_the_derivatives_of_an_ar2_correlation_are_those_worked_by_hand():
    # Lag one: p. Lag two: p**2 (1 - q) + q. Here p = 0.5 and q = -0.2.
    distance = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    first, second = likelihood._derivatives(np.array([0.5, -0.2]), distance)
    assert first[:, 0] == pytest.approx(np.array([[1, 0.5, 0.1], [0, 1, 1.2], [0, 0, 0.75]]))
    of_two = np.array([[0, 1.2, 0.75], [1.2, 2.4, -1], [0.75, -1, 0]])
    assert second[:, :, 0, 2] == pytest.approx(of_two, abs=1e-6)
    of_one = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert second[:, :, 0, 1] == pytest.approx(of_one, abs=1e-6)
    assert second[:, :, 0, 0] == pytest.approx(np.zeros((3, 3)), abs=1e-6)


def test_the_gradients_are_changes_of_the_coefficients_covariance():
    y, time = series(phi=0.6)
    matrix, phi = step_model().design(time).matrix, 0.6
    lags = np.abs(np.subtract.outer(time, time))
    gradients = dense_ar1(matrix, np.ones(23), phi, 2.0).gradients
    assert gradients[0] == pytest.approx(2 * generalised(matrix, y, phi**lags)[1])
    up, down = (2 * generalised(matrix, y, (phi + step) ** lags)[1] for step in (1e-5, -1e-5))
    assert gradients[1] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-7)
    fits = Ar1Reml(matrix, np.ones(23)).fit(y[:, None])
    dense = dense_ar1(matrix, np.ones(23), fits.phi[0], fits.variance[0])
    assert fits.adjustment(0).gradients == pytest.approx(dense.gradients)


def adjustment_of(parameter_covariance, adjusted=1.0):
    part = np.array([[1.0]])
    return kenward_roger.Adjustment(
        part, adjusted * part, part, np.array([part, part]), np.asarray(parameter_covariance, dtype=float)
    )


def test_degrees_of_freedom_fall_to_two_without_information_and_are_the_residual_ones_without_doubt():
    weights = np.array([1.0])
    assert adjustment_of([[np.nan, 0], [0, 1]]).degrees_of_freedom(weights, 20) == 2
    assert adjustment_of([[0, 0], [0, 0]]).degrees_of_freedom(weights, 20) == 20
    assert adjustment_of([[0.1, 0.05], [0.05, 0.2]]).degrees_of_freedom(weights, 20) == pytest.approx(5)


def test_degrees_of_freedom_of_many_series_follow_the_same_rule_one_by_one():
    each, spread = np.ones((5, 1, 1)), np.array([np.nan, 0, 1e-9, 0.2, 50])
    parameters = spread[:, None, None] * np.array([[1, 0.5], [0.5, 2]])
    fits = Ar1Fits(each[:, 0, 0], each[:, 0, 0], each[:, 0], 3 * each, each, each, each, parameters, spread)
    # The slopes are 3 and 1: twice the square of 3 over 14 times the spread.
    expected = [2, 20, 20, 18 / (0.2 * 14), 2]
    assert fits.degrees_of_freedom(0, 20) == pytest.approx(expected)
    alone = [fits.adjustment(number).degrees_of_freedom(np.ones(1), 20) for number in range(5)]
    assert alone == pytest.approx(expected)


def test_an_adjustment_that_cannot_be_computed_leaves_plain_errors_and_says_so():
    time = np.arange(4.0)
    y = np.array([1.0, 2, 1, 3])
    fit = likelihood.as_fit(
        prepare(y, time, ImpactModel(trend=False)),
        np.array([1.75]),
        adjustment_of(np.full((2, 2), np.nan), adjusted=np.nan),
        4.0,
        inference="kenward-roger",
        confidence=0.95,
        innovations=y - 1.75,
        parameters={"phi": 0.125, "at_boundary": 0.0},
        suffix="",
    )
    assert (fit.se.tolist(), fit.df.tolist()) == ([2], [2])
    assert fit.notes == (
        "lag-one autocorrelation 0.12",
        "the adjustment could not be computed: plain standard errors with 2 degrees of freedom",
    )


def test_least_squares_fits_say_what_they_assume():
    y, time = series()
    model = step_model()
    plain = interruption.ols(y, time, model)
    robust = interruption.newey_west(y, time, model, lags=2)
    rest = y - plain.design.matrix @ np.linalg.lstsq(plain.design.matrix, y, rcond=None)[0]
    assert (plain.estimator, plain.notes) == ("OLS-t", ("assumes no autocorrelation",))
    assert plain.parameters == pytest.approx({"variance": rest @ rest / 20})
    assert (robust.estimator, robust.notes) == ("Newey-West", ("lag 2, small-sample factor",))
    assert robust.parameters == {"lags": 2}
    for fit in (plain, robust):
        assert fit.innovations == pytest.approx(rest)
        assert fit.confidence == 0.95
    for estimator in (interruption.ols, interruption.newey_west, interruption.prais_winsten):
        assert estimator(y, time, model, confidence=0.8).confidence == 0.8


def prais_winsten_step(matrix, y, rho):
    """Coefficients and innovations of the series freed of an AR(1) autocorrelation, and the next one."""
    both = np.column_stack([matrix, y])
    free = np.vstack([np.sqrt(1 - rho**2) * both[:1], both[1:] - rho * both[:-1]])
    estimate = np.linalg.lstsq(free[:, :-1], free[:, -1], rcond=None)[0]
    rest = y - matrix @ estimate
    again = rest[1:] @ rest[:-1] / (rest[:-1] @ rest[:-1])
    return estimate, free[:, -1] - free[:, :-1] @ estimate, again


def test_prais_winsten_repeats_itself_until_the_autocorrelation_settles():
    y, time = series(phi=0.5)
    fit = interruption.prais_winsten(y, time, step_model())
    rho, moves = 0.0, []
    while not moves or moves[-1] >= 1e-6:
        _, _, again = prais_winsten_step(fit.design.matrix, y, rho)
        moves.append(abs(again - rho))
        rho = again
    estimate, innovations, _ = prais_winsten_step(fit.design.matrix, y, rho)
    assert fit.estimate == pytest.approx(estimate)
    assert fit.innovations == pytest.approx(innovations)
    assert fit.parameters == pytest.approx(
        {"rho": rho, "iterations": len(moves), "variance": innovations @ innovations / 20}
    )
    assert (fit.estimator, fit.notes, fit.confidence) == ("Prais-Winsten", (), 0.95)


def test_prais_winsten_says_where_the_autocorrelation_did_not_settle():
    y, time = series(phi=0.5)
    fit = interruption.prais_winsten(y, time, step_model(), tolerance=0)
    assert fit.parameters["iterations"] == 100
    assert fit.notes == ("the autocorrelation did not settle in 100 iterations",)


def test_prais_winsten_holds_an_explosive_autocorrelation_just_below_one():
    time = np.arange(12.0)
    growing = interruption.prais_winsten(2**time, time, ImpactModel(trend=False))
    assert growing.parameters["rho"] == 0.999
    assert growing.parameters["iterations"] == 1
    assert growing.notes == ("autocorrelation held at 0.999: the residuals look like a random walk",)
    swinging = interruption.prais_winsten((-1) ** time * 2**time, time, ImpactModel(trend=False))
    assert swinging.parameters["rho"] == -0.999


@pytest.mark.parametrize(
    ("estimator", "name"),
    [
        (interruption.prais_winsten, "Prais-Winsten"),
        (interruption.arima, "ARIMA"),
        (interruption.structural, "A local-level model"),
    ],
)
def test_estimators_for_even_times_point_to_reml_over_a_gap(estimator, name):
    y, time = series()
    with pytest.raises(CareshiftError) as refused:
        estimator(y[1:], np.delete(time, 5), step_model())
    assert str(refused.value) == f"{name} needs evenly spaced times; REML takes gaps into account."


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95, -0.5])
def test_a_confidence_that_is_no_share_is_refused(confidence) -> None:
    time = np.arange(20.0)
    with pytest.raises(CareshiftError, match=rf"between 0 and 1 \(0.95 for 95 %\), not {confidence}"):
        interruption.ols(time % 7, time, ImpactModel((Interruption(10),)), confidence=confidence)


@pytest.mark.parametrize(
    ("season", "model", "why"),
    [
        (1, ImpactModel((Interruption(10),)), "A season has 2 periods or more, not 1."),
        (4, ImpactModel(trend=False), "^A local-level model needs a trend, an interruption or a regressor.$"),
        (16, ImpactModel((Interruption(10),)), "20 points are too few .* and 3 terms; 21 are needed"),
    ],
)
def test_a_wandering_level_needs_a_season_terms_and_points(season, model, why) -> None:
    time = np.arange(20.0)
    with pytest.raises(CareshiftError, match=why):
        interruption.structural(time % 7, time, model, season=season)
    for enough in (2, 15):
        interruption.structural(time % 7, time, ImpactModel((Interruption(10),)), season=enough)
    shortest = ImpactModel((Interruption(2, slope=False),), trend=False)
    assert interruption.structural(time[:4] % 3, time[:4], shortest).terms == ("level change",)


@pytest.mark.parametrize(
    ("order", "seasonal", "why"),
    [
        ((-1, 0, 0), (0, 0, 0, 0), "must be 0 or more"),
        ((1, 0, 0), (0, 0, -1, 4), "must be 0 or more"),
        ((1, 0, 0), (1, 0, 0, 0), "a season of 2 periods or more, not 0"),
        ((1, 0, 0), (0, 1, 0, 1), "a season of 2 periods or more, not 1"),
    ],
)
def test_orders_that_are_none_are_refused(order, seasonal, why) -> None:
    time = np.arange(20.0)
    with pytest.raises(CareshiftError, match=why):
        interruption.arima(
            time % 7, time, ImpactModel((Interruption(10),)), order=order, seasonal_order=seasonal
        )


def test_residuals_that_swing_are_told_so() -> None:
    time = np.arange(40.0)
    model = ImpactModel((Interruption(20),), trend=False)
    fit = interruption.prais_winsten(10 * (-1.0) ** time, time, model)
    assert fit.notes == ("autocorrelation held at -0.999: the residuals swing from one value to the next",)
