"""Count models against a published rerun, statsmodels, and arithmetic by hand."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, checks, side_by_side
from careshift.interruption import counts as count_models
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


@pytest.mark.parametrize(
    ("family", "of_statsmodels", "name", "dispersed"),
    [
        ("poisson", lambda a: sm.families.Poisson(), "Poisson", False),
        ("quasi-poisson", lambda a: sm.families.Poisson(), "Quasi-poisson", True),
        ("negative-binomial", lambda a: sm.families.NegativeBinomial(alpha=a), "Negative-binomial", False),
    ],
)
@pytest.mark.parametrize("robust", [False, True])
def test_everything_a_count_fit_says_agrees_with_statsmodels(family, of_statsmodels, name, dispersed, robust):
    # Four of 60 periods lie in the transition; the offset is that of the kept ones.
    y, time = counts(60, mean=30)
    y[::7] *= 2
    people = np.linspace(0.5, 0.8, 60)
    model = ImpactModel((Interruption(30, transition=4),))
    options = {"family": family, "population": people, "robust": robust, "confidence": 0.9}
    fit = interruption.count_model(y, time, model, **options)
    kept = (time < 30) | (time >= 34)
    matrix = np.column_stack([np.ones(60), time, time >= 34, (time >= 34) * (time - 34)])[kept]

    def theirs_at(alpha):
        return sm.GLM(y[kept], matrix, of_statsmodels(alpha), offset=np.log(people[kept]))

    alpha = 0.0
    if family == "negative-binomial":
        found = optimize.minimize_scalar(
            lambda a: -theirs_at(np.exp(a)).fit().llf, bounds=(-6, 0), method="bounded"
        )
        alpha = np.exp(found.x)
    theirs = theirs_at(alpha).fit(scale="X2" if dispersed else None)
    covariance = theirs.cov_params()
    if robust:
        # 4 (56 / 100) ** (2 / 9) is 3.5: weights fall by a quarter with every period apart.
        apart = np.abs(np.subtract.outer(np.arange(56), np.arange(56)))
        scores = matrix * ((y[kept] - theirs.mu) / (1 + alpha * theirs.mu))[:, None]
        bread = theirs_at(alpha).fit(scale=1).cov_params()
        covariance = 56 / 52 * bread @ scores.T @ np.clip(1 - apart / 4, 0, 1) @ scores @ bread
    pearson = (y[kept] - theirs.mu) / np.sqrt(theirs.mu * (1 + alpha * theirs.mu))
    assert fit.estimate == pytest.approx(theirs.params, rel=1e-3, abs=1e-6)
    assert fit.se == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-4)
    assert fit.innovations == pytest.approx(pearson, rel=1e-3, abs=1e-4)
    expected = {"dispersion": (pearson**2).sum() / 52} | ({"alpha": alpha} if alpha else {})
    assert fit.parameters == pytest.approx(expected, rel=1e-3)
    assert (fit.estimator, fit.notes) == (
        (f"{name}, robust", ("Newey-West errors, lag 3",))
        if robust
        else (name, ("assumes no autocorrelation",))
    )
    assert fit.offset == pytest.approx(np.log(people[kept]))
    assert fit.y.tolist() == y[kept].tolist()
    level = fit.effect("level change")
    half = (stats.t.ppf(0.95, 52) if robust else stats.norm.ppf(0.95)) * fit.se[2]
    assert (level.low, level.high) == pytest.approx(tuple(np.exp(fit.estimate[2] + np.array([-half, half]))))
    assert (level.scale, fit.confidence) == ("ratio", 0.9)


def test_counts_are_quasi_poisson_at_95_percent_unless_told():
    y, time = counts()
    told = interruption.count_model(y, time, STEP, family="quasi-poisson", robust=False, confidence=0.95)
    assert ratio(interruption.count_model(y, time, STEP)) == ratio(told)


def test_the_log_rate_is_the_estimator_of_the_logged_rate():
    y, time = counts()
    y[5] = 1
    people, rain = np.linspace(900, 1500, 40), pd.DataFrame({"rain": np.cos(time)})
    model = ImpactModel((Interruption(20, transition=2),))
    options = {"regressors": rain, "confidence": 0.8}
    fit = count_models.log_rate(interruption.ols)(y, time, model, offset=np.log(people), **options)
    plain = interruption.ols(np.log(y / people), time, model, **options)
    kept = plain.design.kept
    assert fit.estimate == pytest.approx(plain.estimate)
    assert fit.covariance == pytest.approx(plain.covariance)
    assert fit.terms == plain.terms
    assert (fit.estimator, fit.notes) == ("OLS-t of the log rate", plain.notes)
    assert (fit.y.tolist(), fit.offset.tolist()) == (y[kept].tolist(), np.log(people[kept]).tolist())
    expected = plain.coefficient("level change")
    assert ratio(fit) == pytest.approx(tuple(np.exp([expected.estimate, expected.low, expected.high])))
    without = count_models.log_rate(interruption.ols)(y, time, model)
    assert without.estimate == pytest.approx(interruption.ols(np.log(y), time, model).estimate)
    assert (without.offset == 0).all()


def test_the_log_rate_of_no_events_is_refused():
    y, time = counts()
    y[5] = 0
    with pytest.raises(CareshiftError) as refused:
        count_models.log_rate(interruption.ols)(y, time, STEP)
    assert str(refused.value) == "The log rate needs counts above zero: use a count model."


REML, LEAST, NEWEY, PRAIS = (
    f"{name} of the log rate" for name in ("REML Kenward-Roger", "OLS-t", "Newey-West", "Prais-Winsten")
)
UNEVEN = "Prais-Winsten is left out: the times are unevenly spaced."
ZERO = "Fits of the log rate are left out: a count is zero."


LED = "REML Kenward-Roger of the counts"


@pytest.mark.parametrize(
    ("points", "gap", "zero", "rest", "left_out"),
    [
        (12, None, False, [REML, LEAST, NEWEY, PRAIS], []),
        (9, None, False, [REML, LEAST, NEWEY, PRAIS], []),
        (13, 4, False, [REML, LEAST, NEWEY], [UNEVEN]),
        (12, None, True, [], [ZERO]),
    ],
)
def test_the_order_of_the_fits_of_counts(points, gap, zero, rest, left_out):
    y, time = counts(points)
    if gap:
        y, time = np.delete(y, gap), np.delete(time, gap)
    y[2] = 0 if zero else y[2]
    model = ImpactModel((Interruption(points // 2),))
    rain = pd.DataFrame({"rain": np.cos(time)})
    options = {"offset": 0.1 * np.sin(time), "regressors": rain, "confidence": 0.9}
    fits, leader, why = side_by_side.of_counts(y, time, model, "poisson", options)
    assert [fit.estimator for fit in fits] == [LED, "Poisson, robust", "Poisson", *rest]
    assert why == left_out
    again = leader(y, time, model, **options)
    assert (again.estimator, ratio(again)) == (LED, ratio(fits[0]))
    for fit in fits:
        assert fit.offset.tolist() == options["offset"].tolist()
        assert (fit.terms[-1], fit.confidence) == ("rain", 0.9)
    told = {
        robust: interruption.count_model(y, time, model, family="poisson", robust=robust, **options)
        for robust in (True, False)
    }
    for fit in fits:
        if fit.estimator.startswith("Poisson"):
            assert ratio(fit) == ratio(told[fit.estimator.endswith("robust")])


FALLING = np.array([7, 5, 6, 9, 4, 6, 8, 5, 7, 6, 4, 8, 3, 2, 1, 2, 1.0])


def test_a_count_of_nought_does_not_choose_the_estimator():
    model, time = ImpactModel((Interruption(12),)), np.arange(17.0)
    none = FALLING.copy()
    none[14] = 0
    one, nought = (
        interruption.report(y, time, model, unit="events", family="quasi-poisson") for y in (FALLING, none)
    )
    assert one.headline.estimator == nought.headline.estimator == LED
    # One event fewer among 17 periods moves the estimate by little, and its interval by no more.
    moved = np.log(nought.headline.estimate / one.headline.estimate)
    assert -0.2 < moved < 0
    widths = [np.log(result.headline.high / result.headline.low) for result in (one, nought)]
    assert 1 < widths[1] / widths[0] < 1.5


def test_counts_without_autocorrelation_are_quasi_poisson():
    # Where phi is zero the estimate is that of the quasi-Poisson model, and the plain errors are its errors.
    y, time = counts(60, seed=5)
    model = ImpactModel((Interruption(30),))
    fit, plain = interruption.count_reml(y, time, model), interruption.count_model(y, time, model)
    assert abs(fit.parameters["phi"]) < 0.15
    assert fit.estimate == pytest.approx(plain.estimate, abs=0.03)
    assert np.sqrt(np.diag(fit.least_covariance)) == pytest.approx(plain.se, rel=0.2)
    assert fit.parameters["dispersion"] == pytest.approx(plain.parameters["dispersion"], rel=0.02)


def test_many_counts_are_the_regression_of_the_log_rate():
    rng = np.random.default_rng(6)
    time, people = np.arange(40.0), np.linspace(900, 1500, 40)
    y = rng.poisson(1000 * people * np.exp(0.05 * rng.standard_normal(40))).astype(float)
    model = ImpactModel((Interruption(20),))
    fit = interruption.count_reml(y, time, model, population=people)
    logs = interruption.reml(np.log(y / people), time, model)
    assert fit.estimate == pytest.approx(logs.estimate, abs=0.01)
    assert fit.se == pytest.approx(logs.se, rel=0.1)
    more = interruption.count_reml(y, time, model, population=2 * people)
    assert more.estimate[1:] == pytest.approx(fit.estimate[1:])


def test_periods_without_any_event_are_refused():
    y, time = counts()
    with pytest.raises(CareshiftError, match="may hold no events at all"):
        interruption.count_reml(np.where(time < 20, y, 0.0), time, STEP)


def test_a_count_is_a_whole_number():
    y, time = counts()
    y[3] = 4.5
    words = "^Count 4 is 4.5, and a count is a whole number. For a rate or a mean leave the family out.$"
    for call in (interruption.count_model, interruption.count_reml):
        with pytest.raises(CareshiftError, match=words):
            call(y, time, STEP)


def test_a_large_dispersion_is_found_and_one_without_end_is_told():
    # Counts of nought but for a few of thousands: the likelihood is highest far above twenty.
    rng = np.random.default_rng(9)
    y = np.where(rng.random(60) < 0.12, rng.integers(500, 5000, 60), 0).astype(float)
    level = ImpactModel((Interruption(30, slope=False),), trend=False)
    fit = interruption.count_model(y, np.arange(60.0), level, family="negative-binomial")
    alpha = fit.parameters["alpha"]
    assert alpha > 30
    matrix = level.design(np.arange(60.0)).matrix
    likelihood = [
        sm.GLM(y, matrix, family=sm.families.NegativeBinomial(alpha=a)).fit().llf
        for a in (0.9 * alpha, alpha, 1.1 * alpha)
    ]
    assert max(likelihood) == likelihood[1]


def test_placebo_dates_of_counts_are_judged_against_a_ratio_of_one():
    # A doubling at 10, in the period before the interruption at 30, among counts that barely scatter.
    y, time = counts(40, mean=1000)
    y[10:] *= 2
    model = ImpactModel((Interruption(30, slope=False),))
    leader = count_models.log_rate(interruption.ols)
    table = checks.placebo_dates(checks.Analysis(y, time, model, leader, offset=0.001 * time)).set_index(
        "time"
    )
    fit = leader(y[:30], time[:30], ImpactModel((Interruption(10, slope=False),)), offset=0.001 * time[:30])
    assert tuple(table.loc[10, ["estimate", "low", "high"]]) == pytest.approx(ratio(fit))
    assert table.loc[10, "low"] > 1
    outside = (table["low"] > 1) | (table["high"] < 1)
    assert (table["excludes_none"] == outside).all()
    assert set(outside) == {True, False}


def test_doubling_the_population_changes_no_ratio():
    y, time = counts()
    people = np.linspace(1000, 1500, 40)
    single, double = (
        interruption.count_model(y, time, STEP, population=factor * people) for factor in (1, 2)
    )
    assert ratio(single) == pytest.approx(ratio(double))


def test_the_report_of_counts_leads_with_the_counts_and_shows_the_family():
    y, time = counts()
    model = ImpactModel((Interruption(20),), axis="month")
    result = interruption.report(
        y, time, model, unit="admissions", family="quasi-poisson", population=np.full(40, 9e3)
    )
    assert result.headline.estimator == LED
    assert result.headline.scale == "ratio"
    assert {"Quasi-poisson", "Quasi-poisson, robust"} <= set(result.estimates["estimator"])
    assert "rate ratio" in result.sentence
    assert result.minimum_detectable["scale"].unique().tolist() == ["ratio"]
    assert result.counterfactual()["counterfactual"].between(20, 100).all()
    assert not result.placebo.empty
    assert result.effect_at(30).relative.scale == "percent"


def test_counts_that_drift_like_a_random_walk_start_from_what_was_observed():
    rng = np.random.default_rng(7)
    y = np.round(2000 * np.exp(0.1 * np.cumsum(rng.standard_normal(40))))
    model = ImpactModel((Interruption(20),))
    result = interruption.report(y, np.arange(40.0), model, unit="events", family="quasi-poisson")
    fit = result.fit_by(REML)
    assert fit.parameters["at_boundary"] == 1
    table = result.counterfactual(REML)
    assert (table["counterfactual"] == table["observed"])[:20].all()
    effect = result.effect_at(20, REML)
    assert effect.absolute.estimate == pytest.approx(
        table.loc[20, "observed"] - table.loc[20, "counterfactual"]
    )
    assert 1 + effect.relative.estimate / 100 == pytest.approx(fit.effect("level change").estimate)
    assert 1 + effect.relative.high / 100 == pytest.approx(fit.effect("level change").high)
    total = result.cumulative_effect(REML)
    assert total.absolute.estimate == pytest.approx((table["observed"] - table["counterfactual"])[20:].sum())
    assert total.relative.low < total.relative.estimate < total.relative.high


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y": -1.0}, "Count 4 is negative. Mend it or leave the period out."),
        (
            {"population": np.r_[1, 0, np.ones(38)]},
            "Population 2 is zero, negative or missing: a rate needs people.",
        ),
        (
            {"population": np.r_[1, np.nan, 0, np.ones(37)]},
            "Population 2 is zero, negative or missing: a rate needs people.",
        ),
        (
            {"population": np.r_[np.ones(39), np.inf]},
            "Population 40 is zero, negative or missing: a rate needs people.",
        ),
        ({"population": np.ones(39)}, "The population has 39 values but the series 40."),
        ({"population": np.ones(40), "offset": np.zeros(40)}, "Give the offset or the population, not both."),
        (
            {"offset": np.full(40, np.inf)},
            "Value 1 of the offset is missing or infinite. Mend it or leave the period out.",
        ),
        ({"family": "gaussian"}, 'Unknown family "gaussian": use poisson, quasi-poisson, negative-binomial.'),
    ],
)
def test_bad_counts_are_refused(change, words):
    y, time = counts()
    y[3] = change.get("y", y[3])
    change = {name: value for name, value in change.items() if name != "y"}
    with pytest.raises(CareshiftError) as refused:
        interruption.count_model(y, time, STEP, **change)
    assert str(refused.value) == words
    with pytest.raises(CareshiftError) as refused:
        interruption.report(y, time, STEP, unit="events", **({"family": "poisson"} | change))
    assert str(refused.value) == words


def test_a_period_without_any_event_is_named_as_the_reason():
    y, time = counts()
    y[20:] = 0
    with pytest.raises(CareshiftError) as refused:
        interruption.count_model(y, time, STEP)
    words = "The count model does not settle: a period or group of periods may hold no events at all."
    assert str(refused.value) == words


def test_counts_take_no_controls():
    y, time = counts()
    with pytest.raises(CareshiftError, match="rates"):
        interruption.report(y, time, STEP, unit="events", family="poisson", controls=pd.DataFrame({"a": y}))
