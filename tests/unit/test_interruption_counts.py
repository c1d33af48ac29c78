"""Count models against a published rerun, statsmodels, and arithmetic by hand."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption
from careshift.project import CareshiftError

STEP = ImpactModel((Interruption(20, "the ban", slope=False),), trend=False)


@pytest.fixture(scope="session")
def sicily(benchmarks_folder):
    return pd.read_csv(benchmarks_folder / "sicily.csv")


def counts(points=40, seed=1, mean=50.0):
    return np.random.default_rng(seed).poisson(mean, points).astype(float), np.arange(float(points))


def ratio(fit):
    effect = fit.effect("level change")
    return effect.estimate, effect.low, effect.high


@pytest.mark.parametrize(
    ("harmonics", "answer", "dispersion"),
    [(0, (0.894377, 0.839189, 0.953193), 3.559187), (2, (0.885072, 0.839401, 0.933227), 2.262183)],
)
def test_smoking_ban_in_sicily_rerun(sicily, harmonics, answer, dispersion):
    # A rerun of the model stated by Lopez Bernal, Cummins and Gasparrini (2017); their text says 11 %.
    model = ImpactModel((Interruption(37, slope=False),), harmonics=harmonics, period=12)
    fit = interruption.count_model(sicily["aces"], sicily["time"], model, population=sicily["stdpop"])
    assert ratio(fit) == pytest.approx(answer, abs=6e-7)
    assert fit.parameters["dispersion"] == pytest.approx(dispersion, abs=6e-7)
    logged = interruption.count_model(sicily["aces"], sicily["time"], model, offset=np.log(sicily["stdpop"]))
    assert ratio(logged) == ratio(fit)


def test_smoking_ban_with_a_poisson_scale_of_one_rerun(sicily):
    model = ImpactModel((Interruption(37, slope=False),))
    fit = interruption.count_model(
        sicily["aces"], sicily["time"], model, population=sicily["stdpop"], family="poisson"
    )
    assert ratio(fit)[1:] == pytest.approx((0.864686, 0.925086), abs=6e-7)


def test_a_step_in_counts_by_hand():
    # Two Poisson means: the rate ratio is the ratio of the totals, its log has variance 1/total + 1/total.
    y, time = counts()
    first, second = y[:20].sum(), y[20:].sum()
    fit = interruption.count_model(y, time, STEP, family="poisson")
    assert ratio(fit)[0] == pytest.approx(second / first)
    assert fit.se[1] == pytest.approx(np.sqrt(1 / first + 1 / second))
    assert interruption.cumulative_effect(fit).absolute.estimate == pytest.approx(second - first)
    relative = interruption.cumulative_effect(fit).relative
    assert (relative.estimate, relative.low) == pytest.approx(
        (100 * (second / first - 1), 100 * (ratio(fit)[1] - 1))
    )


@pytest.mark.parametrize("harmonics", [1, 2, 6])
def test_seasonal_quasi_poisson_with_a_population_agrees_with_statsmodels(harmonics):
    # Six pairs of a year of months are the full Fourier set: eleven columns, the last a cosine alone.
    y, time = counts(60, seed=9, mean=80)
    people = np.linspace(9e3, 1.2e4, 60)
    model = ImpactModel((Interruption(37),), harmonics=harmonics, period=12)
    fit = interruption.count_model(y, time, model, population=people)
    assert len(fit.terms) == 4 + min(2 * harmonics, 11)
    theirs = sm.GLM(y, fit.design.matrix, family=sm.families.Poisson(), offset=np.log(people)).fit(scale="X2")
    assert fit.estimate == pytest.approx(theirs.params, rel=1e-6, abs=1e-8)
    assert fit.se == pytest.approx(theirs.bse, rel=1e-6)


def test_families_agree_with_statsmodels():
    y, time = counts(60, mean=30)
    y[::7] *= 2
    model = ImpactModel((Interruption(30),), harmonics=1, period=12)
    matrix = model.design(time).matrix
    quasi = interruption.count_model(y, time, model)
    theirs = sm.GLM(y, matrix, family=sm.families.Poisson()).fit(scale="X2")
    assert quasi.estimate == pytest.approx(theirs.params, rel=1e-6)
    assert quasi.se == pytest.approx(theirs.bse, rel=1e-6)
    negative = interruption.count_model(y, time, model, family="negative-binomial")
    alpha = negative.parameters["alpha"]
    known = sm.GLM(y, matrix, family=sm.families.NegativeBinomial(alpha=alpha)).fit()
    assert negative.estimate == pytest.approx(known.params, abs=1e-6)
    assert negative.se == pytest.approx(known.bse, rel=1e-4)
    around = [
        sm.GLM(y, matrix, family=sm.families.NegativeBinomial(alpha=a)).fit().llf
        for a in (alpha * 0.97, alpha, alpha * 1.03)
    ]
    assert max(around) == around[1]


def test_robust_errors_agree_with_statsmodels():
    y, time = counts(60)
    model = ImpactModel((Interruption(30),))
    fit = interruption.count_model(y, time, model, robust=True, lags=2)
    options = {"maxlags": 2, "use_correction": True}
    theirs = sm.GLM(y, model.design(time).matrix, family=sm.families.Poisson()).fit(
        cov_type="HAC", cov_kwds=options
    )
    assert fit.se == pytest.approx(theirs.bse, rel=1e-6)
    assert fit.df[0] == 56


def test_doubling_the_population_changes_no_ratio():
    y, time = counts()
    people = np.linspace(1000, 1500, 40)
    single, double = (
        interruption.count_model(y, time, STEP, population=factor * people) for factor in (1, 2)
    )
    assert ratio(single) == pytest.approx(ratio(double))


def test_the_report_of_counts_leads_with_the_log_rate_and_shows_the_family():
    y, time = counts()
    model = ImpactModel((Interruption(20),), axis="month")
    result = interruption.report(
        y, time, model, unit="admissions", family="quasi-poisson", population=np.full(40, 9e3)
    )
    assert result.headline.estimator == "REML Kenward-Roger of the log rate"
    assert result.headline.scale == "ratio"
    assert {"Quasi-poisson", "Quasi-poisson, robust"} <= set(result.estimates["estimator"])
    assert "rate ratio" in result.sentence
    assert result.minimum_detectable["scale"].unique().tolist() == ["ratio"]
    assert result.counterfactual()["counterfactual"].between(20, 100).all()
    assert not result.placebo.empty
    assert result.effect_at(30).relative.scale == "percent"


def test_counts_with_a_zero_lead_with_the_robust_family():
    y, time = counts(mean=2.0)
    assert (y == 0).any()
    result = interruption.report(y, time, STEP, unit="events", family="negative-binomial")
    assert result.headline.estimator == "Negative-binomial, robust"
    assert "a count is zero" in " ".join(result.left_out)


def test_counts_that_drift_like_a_random_walk_start_from_what_was_observed():
    rng = np.random.default_rng(7)
    y = np.round(2000 * np.exp(0.1 * np.cumsum(rng.standard_normal(40))))
    model = ImpactModel((Interruption(20),))
    result = interruption.report(y, np.arange(40.0), model, unit="events", family="quasi-poisson")
    assert result.leading.parameters["at_boundary"] == 1
    table = result.counterfactual()
    assert (table["counterfactual"] == table["observed"])[:20].all()
    effect = result.effect_at(20)
    assert effect.absolute.estimate == pytest.approx(
        table.loc[20, "observed"] - table.loc[20, "counterfactual"]
    )
    assert 1 + effect.relative.estimate / 100 == pytest.approx(result.headline.estimate)
    assert 1 + effect.relative.high / 100 == pytest.approx(result.headline.high)
    total = result.cumulative_effect()
    assert total.absolute.estimate == pytest.approx((table["observed"] - table["counterfactual"])[20:].sum())
    assert total.relative.low < total.relative.estimate < total.relative.high


def test_eleven_counts_lead_with_least_squares_of_the_log_rate():
    y, time = counts(11)
    model = ImpactModel((Interruption(5),))
    result = interruption.report(y, time, model, unit="events", family="poisson")
    assert result.headline.estimator == "OLS-t of the log rate"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y": -1.0}, "negative"),
        ({"population": np.zeros(40)}, "zero, negative or missing"),
        ({"population": np.full(40, np.nan)}, "zero, negative or missing"),
        ({"population": np.ones(39)}, "39 values"),
        ({"population": np.ones(40), "offset": np.zeros(40)}, "not both"),
        ({"offset": np.full(40, np.inf)}, "offset is missing or infinite"),
        ({"family": "gaussian"}, "Unknown family"),
    ],
)
def test_bad_counts_are_refused(change, words):
    y, time = counts()
    y[3] = change.get("y", y[3])
    change = {name: value for name, value in change.items() if name != "y"}
    with pytest.raises(CareshiftError, match=words):
        interruption.count_model(y, time, STEP, **change)
    with pytest.raises(CareshiftError, match=words):
        interruption.report(y, time, STEP, unit="events", **({"family": "poisson"} | change))


def test_a_period_without_any_event_is_named_as_the_reason():
    y, time = counts()
    y[20:] = 0
    with pytest.raises(CareshiftError, match="no events at all"):
        interruption.count_model(y, time, STEP)


def test_counts_take_no_controls():
    y, time = counts()
    with pytest.raises(CareshiftError, match="rates"):
        interruption.report(y, time, STEP, unit="events", family="poisson", controls=pd.DataFrame({"a": y}))
