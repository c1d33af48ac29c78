"""Checks, controlled series, panels, ARIMA and local-level models."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.stats.stattools import durbin_watson

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, checks
from careshift.project import CareshiftError

MODEL = ImpactModel((Interruption(12, "the act"),))
TIME = np.arange(24.0)


def controlled_data(seed=3, controls=4):
    rng = np.random.default_rng(seed)
    shared = 50 + np.cumsum(rng.standard_normal(24))
    others = {f"area {n}": shared + rng.standard_normal(24) for n in range(controls)}
    return shared - 3 * (TIME >= 12) + rng.standard_normal(24), pd.DataFrame(others)


# Checks beside an estimate


def noisy(points, seed=8):
    return 50 + np.random.default_rng(seed).standard_normal(points).cumsum()


@pytest.mark.parametrize(("points", "lags"), [(4, 1), (9, 1), (24, 4), (60, 10)])
def test_the_residual_checks_agree_with_statsmodels_and_scipy(points, lags):
    time = 2000.0 + np.arange(points)
    model = ImpactModel((Interruption(time[points // 2], slope=False),), trend=False, axis="fiscal year")
    fit = interruption.prais_winsten(noisy(points), time, model)
    left = fit.innovations - fit.innovations.mean()
    ljung = acorr_ljungbox(left, lags=[lags]).iloc[0]
    shapiro = stats.shapiro(left)
    spread = sm.OLS(left**2, sm.add_constant(time)).fit()
    most = np.abs(left).argmax()
    expected = [
        (
            "lag-one autocorrelation left",
            (left[1:] * left[:-1]).sum() / (left**2).sum(),
            np.nan,
            "near 0 where the model has taken it up",
        ),
        (
            "Durbin-Watson of the residuals",
            durbin_watson(fit.residuals),
            np.nan,
            "2 without autocorrelation; chooses nothing here",
        ),
        ("Ljung-Box", ljung["lb_stat"], ljung["lb_pvalue"], "a small p means autocorrelation is left"),
        ("Shapiro-Wilk", shapiro.statistic, shapiro.pvalue, "a small p means residuals are not normal"),
        (
            "spread against time",
            spread.params[1],
            spread.pvalues[1],
            "a small p means the spread changes over time",
        ),
        (
            f"largest residual, at {2000 + most}/{(1 + most) % 100:02d}",
            left[most] / np.std(left),
            np.nan,
            "in standard deviations",
        ),
    ]
    pd.testing.assert_frame_equal(
        checks.diagnostics(fit), pd.DataFrame(expected, columns=["check", "value", "p", "meaning"])
    )


def test_a_fit_without_innovations_is_checked_by_its_residuals():
    fit = interruption.prais_winsten(noisy(24), TIME, MODEL)
    bare, told = (checks.diagnostics(replace(fit, innovations=left)) for left in (None, fit.residuals))
    pd.testing.assert_frame_equal(bare, told)


def rows_of(fit, *names):
    """Rows of a table of checks, straight from the fit, whose effects are none at zero."""
    found = [fit.effect(term) for term in fit.design.effects]
    return [(*names, e.term, e.estimate, e.low, e.high, not e.low <= 0 <= e.high, e.p, 0.0) for e in found]


def test_placebo_dates_try_the_first_shape_at_every_date_before_it():
    # The first interruption is named last. Its lag of one and its transition of two start at 13, so that
    # the periods 0 to 12 lie before; dates have three of them on each side.
    first = Interruption(12, slope=False, lag=1, transition=2)
    model = ImpactModel((Interruption(19, "later"), first))
    y = noisy(24) + np.where(TIME < 6, 0, 4)
    table = checks.placebo_dates(checks.Analysis(y, TIME, model, interruption.ols, confidence=0.9))
    expected = []
    for date in range(3, 11):
        shape = ImpactModel((Interruption(date, slope=False, transition=2),))
        fit = interruption.ols(y[:13], TIME[:13], shape, confidence=0.9)
        expected += rows_of(fit, float(date))
    columns = ["time", *checks.COLUMNS]
    pd.testing.assert_frame_equal(table, pd.DataFrame(expected, columns=columns))
    assert set(table["excludes_none"]) == {True, False}


@pytest.mark.parametrize(
    "analysis",
    [None, checks.Analysis(noisy(24), TIME, ImpactModel((Interruption(5),)), interruption.ols)],
    ids=["no analysis", "five points before"],
)
def test_placebo_dates_without_enough_points_are_an_empty_table(analysis):
    table = checks.placebo_dates(analysis)
    assert table.empty
    assert table.columns.to_list() == ["time", *checks.COLUMNS]


def test_the_variants_are_the_fits_they_are_named_after():
    # Half-years with one missing, so that the neighbouring date is half a year away.
    time = np.delete(np.arange(2000, 2013, 0.5), 4)
    y = noisy(25) + np.where(time < 2006, 0, 4)
    calls = pd.DataFrame({"calls": np.cos(np.arange(25.0))})
    analysis = checks.Analysis(
        y, time, ImpactModel((Interruption(2006),)), interruption.ols, regressors=calls, confidence=0.8
    )

    def fit(at=2006.0, curved=False, part=slice(None)):
        model = ImpactModel((Interruption(at),), curved=curved)
        return interruption.ols(y[part], time[part], model, regressors=calls[part], confidence=0.8)

    variants = {
        "as prespecified": fit(),
        "quadratic trend": fit(curved=True),
        "one period earlier": fit(2005.5),
        "one period later": fit(2006.5),
        "first 1 left out": fit(part=slice(1, None)),
        "first 2 left out": fit(part=slice(2, None)),
        "first 3 left out": fit(part=slice(3, None)),
        "last 1 left out": fit(part=slice(-1)),
        "last 2 left out": fit(part=slice(-2)),
        "last 3 left out": fit(part=slice(-3)),
    }
    columns = ["variant", *checks.COLUMNS]
    expected = [row for name, variant in variants.items() for row in rows_of(variant, name)]
    table = checks.sensitivity(analysis)
    pd.testing.assert_frame_equal(table, pd.DataFrame(expected, columns=columns))
    assert set(table["excludes_none"]) == {True, False}
    assert analysis.fit().estimate == pytest.approx(fit().estimate)


def test_variants_that_cannot_be_estimated_are_left_out():
    late = ImpactModel((Interruption(22),))
    table = checks.sensitivity(checks.Analysis(noisy(24), TIME, late, interruption.ols))
    assert table["variant"].unique().tolist() == [
        "as prespecified",
        "quadratic trend",
        "one period earlier",
        "first 1 left out",
        "first 2 left out",
        "first 3 left out",
    ]


# Controlled series


def test_california_against_38_states_as_printed(benchmarks_folder):
    # Printed in the output of Stata's itsa (Linden 2015): all rows at once, Newey-West lag 1.
    data = pd.read_stata(benchmarks_folder / "cigsales.dta")
    wide = data.pivot(index="year", columns="state", values="cigsale").rename(columns=str)
    wide.columns = wide.columns.astype(str)
    model = ImpactModel((Interruption(1989, "Proposition 99"),))
    others = wide.drop(columns="California")
    fit = interruption.controlled(wide["California"], wide.index, model, others, method="stacked")
    difference = fit.coefficient("difference in level change")
    assert difference.estimate == pytest.approx(-2.806417, abs=5e-7)
    assert difference.p == pytest.approx(0.631, abs=5e-4)
    plain = interruption.controlled(wide["California"], wide.index, model, others, method="ols")
    assert plain.coefficient("level change").estimate == pytest.approx(-2.806417, abs=5e-7)


def test_the_difference_series_and_the_stacked_rows_agree():
    y, controls = controlled_data()
    stacked = interruption.controlled(y, TIME, MODEL, controls, method="stacked")
    plain = interruption.controlled(y, TIME, MODEL, controls, method="ols")
    for term in ("level change", "slope change"):
        assert stacked.coefficient(f"difference in {term}").estimate == pytest.approx(
            plain.coefficient(term).estimate
        )


@settings(max_examples=8)
@given(st.permutations(range(4)), st.integers(0, 50), st.sampled_from(["kenward-roger", "ols", "stacked"]))
def test_the_order_of_controls_does_not_matter(order, seed, method):
    y, controls = controlled_data(seed)
    here, there = (
        interruption.controlled(y, TIME, MODEL, frame, method=method)
        for frame in (controls, controls.iloc[:, order])
    )
    assert there.estimate == pytest.approx(here.estimate, rel=1e-6, abs=1e-9)
    assert there.se == pytest.approx(here.se, rel=1e-5)


def test_swapping_roles_with_one_control_turns_the_sign():
    y, controls = controlled_data()
    one = controls[["area 0"]]
    there = interruption.controlled(y, TIME, MODEL, one)
    back = interruption.controlled(one["area 0"], TIME, MODEL, pd.DataFrame({"treated": y}))
    assert back.estimate == pytest.approx(-there.estimate, rel=1e-6, abs=1e-9)
    assert back.se == pytest.approx(there.se, rel=1e-5)


def test_a_shock_that_hits_the_controls_too_is_taken_out():
    y, controls = controlled_data()
    shock = 40.0 * (TIME >= 12)
    plain = interruption.controlled(y, TIME, MODEL, controls)
    shocked = interruption.controlled(y + shock, TIME, MODEL, controls.add(shock, axis=0))
    assert shocked.estimate == pytest.approx(plain.estimate)


def test_placebo_controls_cannot_give_a_p_below_their_number():
    y, controls = controlled_data()
    table = interruption.placebo_controls(y - 100 * (TIME >= 12), TIME, MODEL, controls)
    level = table[table["term"] == "level change"].set_index("series")
    assert len(level) == 5
    assert level.loc["treated", "p"] == pytest.approx(0.2)


def test_leaving_one_control_out_gives_a_row_each():
    y, controls = controlled_data()
    table = interruption.leave_one_out(y, TIME, MODEL, controls)
    assert table["left_out"].nunique() == 4
    assert (table["low"] < table["estimate"]).all()


@pytest.mark.parametrize(
    ("method", "estimator"), [("ols", interruption.ols), ("kenward-roger", interruption.reml)]
)
@pytest.mark.parametrize(("number", "words"), [(1, "1 control"), (3, "3 controls")])
def test_a_controlled_fit_is_the_one_of_the_difference(method, estimator, number, words):
    y, controls = controlled_data(controls=number)
    fit = interruption.controlled(y, TIME, MODEL, controls, method=method, confidence=0.9)
    plain = estimator(y - controls.sum(axis=1) / number, TIME, MODEL, confidence=0.9)
    assert fit.estimator == f"{plain.estimator}, controlled"
    assert fit.notes == (*plain.notes, f"difference from the mean of {words}")
    for term in fit.design.effects:
        ours, theirs = fit.coefficient(term), plain.coefficient(term)
        assert (ours.estimate, ours.low, ours.high) == pytest.approx(
            (theirs.estimate, theirs.low, theirs.high)
        )


@pytest.mark.parametrize("lags", [0, 1, 3, 21])
def test_stacked_rows_agree_with_panel_newey_west_in_statsmodels(lags):
    y, controls = controlled_data()
    model = ImpactModel((Interruption(12, "the act", transition=2),))
    fit = interruption.controlled(y, TIME, model, controls, method="stacked", lags=lags, confidence=0.9)
    kept = (TIME < 12) | (TIME >= 14)
    one = np.column_stack([np.ones(24), TIME, TIME >= 14, (TIME >= 14) * (TIME - 14)])[kept]
    treated = np.repeat([1.0, 0, 0, 0, 0], 22)[:, None]
    common = np.tile(one, (5, 1))
    stacked = np.concatenate([y[kept], *(controls[name][kept] for name in controls)])
    theirs = sm.OLS(stacked, np.column_stack([common, common * treated])).fit(
        cov_type="hac-panel",
        cov_kwds={"groups": np.repeat(np.arange(5), 22), "maxlags": lags, "use_correction": "hac"},
    )
    terms = ("constant", "trend", "level change", "slope change")
    assert fit.terms == (*terms, *(f"difference in {term}" for term in terms))
    assert fit.design.effects == ("difference in level change", "difference in slope change")
    assert fit.estimate == pytest.approx(theirs.params)
    assert fit.covariance == pytest.approx(theirs.cov_params(), rel=1e-6, abs=1e-9)
    assert fit.residuals == pytest.approx(theirs.resid, abs=1e-9)
    assert (fit.estimator, fit.notes) == (
        "Newey-West, stacked",
        (f"lag {lags}; 4 controls taken as independent",),
    )
    assert (fit.df == 5 * 22 - 8).all()
    assert fit.confidence == 0.9
    assert (fit.design.model, fit.design.kept.tolist()) == (model, 5 * kept.tolist())
    assert fit.design.time.tolist() == 5 * TIME[kept].tolist()


def test_controlled_fits_take_one_lag_and_95_percent_unless_told():
    y, controls = controlled_data()
    fit = interruption.controlled(y, TIME, MODEL, controls, method="stacked")
    assert (fit.notes, fit.confidence) == (("lag 1; 4 controls taken as independent",), 0.95)
    plain = interruption.controlled(y, TIME, MODEL, controls)
    assert (plain.estimator, plain.confidence) == ("REML Kenward-Roger, controlled", 0.95)


def test_numbers_held_as_objects_are_read_as_numbers():
    y, controls = controlled_data()
    plain = interruption.controlled(y, TIME, MODEL, controls, method="stacked")
    held = interruption.controlled(
        pd.Series(y, dtype=object), TIME, MODEL, controls.astype(object), method="stacked"
    )
    mixed = interruption.controlled(y, TIME, MODEL, controls.astype(object), method="stacked")
    for fit in (held, mixed):
        assert fit.estimate.dtype == fit.y.dtype == fit.covariance.dtype == float
        assert fit.covariance == pytest.approx(plain.covariance)


def least_squares_of(y):
    """Level and slope change of MODEL by numpy."""
    after = (TIME >= 12).astype(float)
    matrix = np.column_stack([np.ones(24), TIME, after, after * (TIME - 12)])
    return np.linalg.lstsq(matrix, y, rcond=None)[0][2:]


def test_two_placebo_controls_by_hand():
    # Each control's estimate is the other's with the sign turned, so that the two share their p.
    y, controls = controlled_data(controls=2)
    treated = y - 100 * (TIME >= 12) - 10 * (TIME >= 12) * TIME
    one, two = controls["area 0"].to_numpy(), controls["area 1"].to_numpy()
    numbers = [least_squares_of(d) for d in (treated - (one + two) / 2, one - two, two - one)]
    expected = pd.DataFrame(
        {
            "series": np.repeat(["treated", "area 0", "area 1"], 2),
            "term": 3 * ["level change", "slope change"],
            "estimate": np.concatenate(numbers),
            "p": [1 / 3, 1 / 3, 1, 1, 1, 1],
        }
    )
    table = interruption.placebo_controls(treated, TIME, MODEL, controls)
    pd.testing.assert_frame_equal(table, expected, check_exact=False, check_dtype=False)


@pytest.mark.parametrize(
    ("options", "method"),
    [({}, "kenward-roger"), ({"method": "ols"}, "ols"), ({"method": "stacked"}, "stacked")],
)
def test_leaving_out_one_of_two_controls_compares_with_the_other(options, method):
    y, controls = controlled_data(controls=2)
    expected = []
    for name, rest in (("area 0", "area 1"), ("area 1", "area 0")):
        fit = interruption.controlled(y, TIME, MODEL, controls[[rest]], method=method)
        found = [fit.coefficient(term) for term in fit.design.effects]
        expected += [(name, e.term, e.estimate, e.low, e.high) for e in found]
    pd.testing.assert_frame_equal(
        interruption.leave_one_out(y, TIME, MODEL, controls, **options),
        pd.DataFrame(expected, columns=["left_out", "term", "estimate", "low", "high"]),
    )


def test_the_report_names_its_controls():
    y, controls = controlled_data()
    result = interruption.report(y, TIME, MODEL, unit="days", controls=controls)
    assert result.controls == tuple(controls.columns)
    assert "without a control" not in result.sentence
    assert result.headline.estimate == pytest.approx(
        interruption.controlled(y, TIME, MODEL, controls).effect("level change").estimate
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda y, c: interruption.controlled(y, TIME, MODEL, c.iloc[:5]),
            "The controls have 5 rows but the series 24.",
        ),
        (lambda y, c: interruption.controlled(y, TIME, MODEL, c[[]]), "Give at least one control series."),
        (
            lambda y, c: interruption.controlled(y, TIME, MODEL, c.assign(bad=np.nan)),
            'Control "bad" has a missing or infinite value.',
        ),
        (
            lambda y, c: interruption.controlled(y, TIME, MODEL, c, method="synthetic"),
            'Unknown method "synthetic": use "kenward-roger", "ols" or "stacked".',
        ),
        (
            lambda y, c: interruption.controlled(y, TIME, MODEL, c, method="stacked", lags=24),
            "Newey-West needs between 0 and 23 lags, not 24.",
        ),
        (
            lambda y, c: interruption.controlled(y, TIME, MODEL, c, method="stacked", lags=-1),
            "Newey-West needs between 0 and 23 lags, not -1.",
        ),
        (
            lambda y, c: interruption.placebo_controls(y, TIME, MODEL, c.iloc[:, :1]),
            "Placebo inference needs at least two controls.",
        ),
        (
            lambda y, c: interruption.placebo_controls(y, TIME, MODEL, c[[]]),
            "Give at least one control series.",
        ),
        (
            lambda y, c: interruption.leave_one_out(y, TIME, MODEL, c.iloc[:, :1]),
            "Leaving one control out needs at least two controls.",
        ),
        (
            lambda y, c: interruption.leave_one_out(y, TIME, MODEL, c.iloc[:5]),
            "The controls have 5 rows but the series 24.",
        ),
    ],
)
def test_bad_controls_are_refused(call, words):
    with pytest.raises(CareshiftError) as refused:
        call(*controlled_data())
    assert str(refused.value) == words


def test_stacked_rows_have_no_counterfactual():
    y, controls = controlled_data()
    fit = interruption.controlled(y, TIME, MODEL, controls, method="stacked")
    for question in (interruption.counterfactual, interruption.cumulative_effect):
        with pytest.raises(CareshiftError, match="no single counterfactual"):
            question(fit)


# Panels


def panel_data(areas=5, points=24, seed=2):
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(points)
    rows = [
        (f"S{a}", t, 20 + a + common[t] + 0.3 * rng.standard_normal(), 1000.0 * (a + 1))
        for a in range(areas)
        for t in range(points)
    ]
    return pd.DataFrame(rows, columns=["area", "time", "value", "people"])


def test_the_three_panel_methods_share_least_squares_estimates():
    data = panel_data()
    robust, clustered = (
        interruption.panel(data, MODEL, population="people", method=method)
        for method in ("common shocks", "area-clustered")
    )
    weights = data["people"] / data["people"].sum() * 24
    mean = (data["value"] * weights).groupby(data["time"]).sum()
    series = interruption.newey_west(mean, mean.index, MODEL)
    assert robust.estimate == pytest.approx(series.estimate)
    assert clustered.estimate == pytest.approx(series.estimate)
    assert robust.se == pytest.approx(series.se)
    assert (clustered.se[2:] < robust.se[2:]).all()
    headline = interruption.panel(data, MODEL, population="people")
    assert headline.estimator == "REML Kenward-Roger of the mean series"


def test_area_clustered_errors_by_hand():
    # Equal weights: the spread of the areas' own estimates over the root of their number.
    data = panel_data()
    fit = interruption.panel(data, MODEL, method="area-clustered")
    own = [
        interruption.ols(part["value"], part["time"], MODEL).coefficient("level change").estimate
        for _, part in data.groupby("area")
    ]
    assert fit.se[2] == pytest.approx(np.std(own, ddof=1) / np.sqrt(5))
    assert fit.df[2] == 4


@pytest.mark.parametrize("points", [11, 12])
def test_the_mean_series_leads_with_kenward_roger_whatever_its_length(points):
    estimator, name = interruption.reml, "REML Kenward-Roger of the mean series"
    data = panel_data(points=points)
    model = ImpactModel((Interruption(5),))
    fit = interruption.panel(data, model, confidence=0.9)
    plain = estimator(data.groupby("time")["value"].mean(), np.arange(points), model, confidence=0.9)
    assert (fit.estimator, fit.notes) == (name, (*plain.notes, "weighted mean of 5 areas"))
    assert fit.estimate == pytest.approx(plain.estimate)
    assert fit.covariance == pytest.approx(plain.covariance)
    assert fit.coefficient("level change").low == pytest.approx(plain.coefficient("level change").low)


@pytest.mark.parametrize(
    ("method", "name", "note", "df"),
    [
        ("common shocks", "OLS, robust to common shocks", "Driscoll-Kraay, lag 2", 18),
        ("area-clustered", "OLS, area-clustered", "too narrow wherever a shock is common to areas", 4),
    ],
)
def test_robust_panel_errors_by_hand(method, name, note, df):
    # Two of 24 times lie in the transition. Columns have names of their own, rows come in any order.
    data = panel_data().sample(frac=1, random_state=1)
    data["people"] *= np.where(data["time"] < 6, 1.5, 0.5)
    model = ImpactModel((Interruption(12, transition=2),))
    named = data.set_axis(["place", "year", "days", "heads"], axis=1)
    columns = {"area": "place", "time": "year", "value": "days", "population": "heads"}
    fit = interruption.panel(named, model, method=method, confidence=0.9, **columns)
    kept = (TIME < 12) | (TIME >= 14)
    wide = data.pivot(index="time", columns="area", values="value").to_numpy()[kept]
    weights = np.arange(1, 6) / 15
    mean = sum(weights[a] * wide[:, a] for a in range(5))
    matrix = np.column_stack([np.ones(24), TIME, TIME >= 14, (TIME >= 14) * (TIME - 14)])[kept]
    if method == "common shocks":
        theirs = sm.OLS(mean, matrix).fit(cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": True})
        covariance = theirs.cov_params()
    else:
        apart = np.column_stack([np.linalg.lstsq(matrix, wide[:, a], rcond=None)[0] for a in range(5)])
        apart = (apart - (apart @ weights)[:, None]) * weights
        apart[0] = 0
        covariance = 5 / 4 * sum(np.outer(column, column) for column in apart.T)
    assert fit.estimate == pytest.approx(np.linalg.lstsq(matrix, mean, rcond=None)[0])
    assert fit.covariance == pytest.approx(covariance, rel=1e-6, abs=1e-9)
    assert fit.y == pytest.approx(mean)
    assert (fit.estimator, fit.notes, fit.confidence) == (name, (note,), 0.9)
    assert (fit.df == df).all()
    assert fit.design.kept.tolist() == kept.tolist()
    level = fit.coefficient("level change")
    assert level.high - level.low == pytest.approx(2 * stats.t.ppf(0.95, df) * level.se)


@pytest.mark.parametrize("method", ["mean series", "common shocks", "area-clustered"])
def test_panels_weigh_areas_alike_at_95_percent_unless_told(method):
    data = panel_data()
    fit = interruption.panel(data, MODEL, method=method)
    alike = interruption.panel(data.assign(one=1), MODEL, method=method, population="one", confidence=0.95)
    assert fit.table().equals(alike.table())
    assert fit.confidence == 0.95


def test_two_areas_are_a_panel_and_decimal_numbers_are_numbers():
    data = panel_data(areas=2)
    plain, exact = (
        interruption.panel(frame, MODEL, population="people", method="area-clustered")
        for frame in (data, data.assign(**{n: data[n].map(Decimal) for n in ("value", "people")}))
    )
    assert exact.covariance.dtype == exact.estimate.dtype == float
    assert exact.covariance == pytest.approx(plain.covariance)


@pytest.mark.parametrize(
    "wrong",
    [{"areas": 1}, {"common_share": 1.01}, {"common_share": -0.01}, {"phi": 1.0}, {"phi": -0.01}],
)
def test_an_impossible_panel_is_not_simulated(wrong):
    words = "Give at least two areas, a common share of 0 to 1 and a phi from 0 to below 1."
    with pytest.raises(CareshiftError) as refused:
        interruption.common_shock_coverage(10, **wrong)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    "setup",
    [
        {"areas": 3, "before": 9, "after": 7, "common_share": 0.3, "phi": 0.6, "seed": 4},
        {"areas": 2, "before": 12, "after": 13, "common_share": 0.0, "phi": 0.0, "seed": 5},
        {"areas": 2, "before": 5, "after": 14, "common_share": 1.0, "phi": 0.2, "seed": 6},
    ],
)
def test_coverage_of_simulated_panels_counted_one_panel_at_a_time(setup):
    # The same draws, made into panels by the AR(1) recursion and given to the estimators of one panel.
    draws, areas, share, phi = 40, setup["areas"], setup["common_share"], setup["phi"]
    points = setup["before"] + setup["after"]
    rng = np.random.default_rng(setup["seed"])
    shared, own = rng.standard_normal((points, draws)), rng.standard_normal((points, areas, draws))
    for errors in (shared, own):
        for t in range(1, points):
            errors[t] = phi * errors[t - 1] + np.sqrt(1 - phi**2) * errors[t]
    values = np.sqrt(share) * shared[:, None, :] + np.sqrt(1 - share) * own
    model = ImpactModel((Interruption(setup["before"]),))
    hits = {}
    for draw in range(draws):
        rows = [(a, t, values[t, a, draw]) for a in range(areas) for t in range(points)]
        data = pd.DataFrame(rows, columns=["area", "time", "value"])
        mean = interruption.ols(values[:, :, draw].mean(axis=1), np.arange(points), model)
        fits = {
            "OLS, area-clustered": interruption.panel(data, model, method="area-clustered"),
            "OLS-t of the mean series": mean,
            "OLS, robust to common shocks": interruption.panel(data, model, method="common shocks"),
            "REML Kenward-Roger of the mean series": interruption.panel(data, model),
        }
        for name, fit in fits.items():
            for term in ("level change", "slope change"):
                effect = fit.coefficient(term)
                hits.setdefault((name, term), []).append(effect.low <= 0 <= effect.high)
    expected = pd.DataFrame(
        [(*key, 100 * np.mean(hit), 100 * np.std(hit) / np.sqrt(draws)) for key, hit in hits.items()],
        columns=["method", "term", "coverage", "monte_carlo_error"],
    ).assign(
        draws=draws,
        areas=areas,
        points_before=setup["before"],
        points_after=setup["after"],
        phi=phi,
        common_share=share,
        seed=setup["seed"],
    )
    pd.testing.assert_frame_equal(interruption.common_shock_coverage(draws, **setup), expected)


def test_coverage_is_of_two_thousand_panels_of_thirty_two_areas_unless_told():
    table = interruption.common_shock_coverage()
    told = interruption.common_shock_coverage(
        2000, areas=32, before=8, after=8, common_share=0.5, phi=0.4, seed=20160401
    )
    pd.testing.assert_frame_equal(table, told)


def test_common_shocks_ruin_area_clustered_intervals_and_not_the_mean_series():
    table = interruption.common_shock_coverage(400).set_index(["method", "term"])["coverage"]
    assert (table["OLS, area-clustered"] < 40).all()
    assert (table["REML Kenward-Roger of the mean series"] > 90).all()
    alone = interruption.common_shock_coverage(400, common_share=0.0).set_index(["method", "term"])[
        "coverage"
    ]
    assert (alone["OLS, area-clustered"] > 90).all()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda d: d.drop(index=d.index[30]),
            "Area S1 has no value at 6: every area needs the same times.",
        ),
        (lambda d: pd.concat([d, d.iloc[30:31]]), "Area S1 has time 6 twice."),
        (lambda d: d[d["area"] == "S0"], "A panel needs at least two areas; use report for one series."),
        (lambda d: d.assign(people=0.0), "A population of the panel is zero, negative or missing."),
        (lambda d: d.assign(people=np.inf), "A population of the panel is zero, negative or missing."),
        (
            lambda d: d.assign(people=d["people"].where(d.index != 30)),
            "A population of the panel is zero, negative or missing.",
        ),
        (lambda d: d.drop(columns="value"), 'The panel has no column "value".'),
        (lambda d: d.drop(columns=["area", "people"]), 'The panel has no column "area".'),
        (lambda d: d.drop(columns="people"), 'The panel has no column "people".'),
        (lambda d: d.assign(time=d["time"].map(str).radd("t")), "A value of the time axis is not a number."),
    ],
)
def test_bad_panels_are_refused(spoil, words):
    with pytest.raises(CareshiftError) as refused:
        interruption.panel(spoil(panel_data()), MODEL, population="people")
    assert str(refused.value) == words


def test_an_unknown_panel_method_is_refused():
    with pytest.raises(CareshiftError) as refused:
        interruption.panel(panel_data(), MODEL, method="magic")
    words = 'Unknown method "magic": use "mean series", "common shocks" or "area-clustered".'
    assert str(refused.value) == words


def test_a_panel_of_few_people_an_area_is_weighed_too():
    # People in millions, all below one.
    data = panel_data()
    fit = interruption.panel(data.assign(people=data["people"] / 1e6), MODEL, population="people")
    assert fit.estimate == pytest.approx(interruption.panel(data, MODEL, population="people").estimate)


# ARIMA and local level


def test_quetiapine_arima_rerun(benchmarks_folder):
    # A rerun of Schaffer and others (2021): ARIMA(2,1,0)(0,1,1)12 with a step and a ramp of 1 to 12.
    data = pd.read_csv(benchmarks_folder / "quet.csv")
    model = ImpactModel((Interruption(37, slope_from=1),))
    fit = interruption.arima(
        data["dispensings"], np.arange(1, 49), model, order=(2, 1, 0), seasonal_order=(0, 1, 1, 12)
    )
    step, ramp = fit.effect("level change"), fit.effect("slope change")
    assert (step.estimate, step.se) == pytest.approx((-3284.7, 602.3), abs=0.06)
    assert (step.low, step.high) == pytest.approx((-4465, -2104), abs=0.6)
    assert (ramp.estimate, ramp.se) == pytest.approx((-1396.7, 106.6), abs=0.06)
    assert (ramp.low, ramp.high) == pytest.approx((-1606, -1188), abs=0.6)
    assert fit.parameters["converged"] == 1
    assert fit.terms == ("level change", "slope change")


def test_british_seat_belts_rerun(benchmarks_folder):
    # A rerun agreeing with Commandeur and Koopman (2007) as remembered: local level, fixed season.
    data = pd.read_csv(benchmarks_folder / "Seatbelts.csv")
    model = ImpactModel((Interruption(169, "belts compulsory", slope=False),), trend=False)
    petrol = pd.DataFrame({"petrol": np.log(data["PetrolPrice"])})
    fit = interruption.structural(
        np.log(data["drivers"]), np.arange(192), model, season=12, regressors=petrol
    )
    assert fit.coefficient("petrol").estimate == pytest.approx(-0.27674, abs=6e-6)
    assert fit.coefficient("level change").estimate == pytest.approx(-0.23759, abs=6e-6)


def test_arima_with_ar1_errors_is_near_reml_on_a_long_series():
    rng, errors = np.random.default_rng(5), [0.0]
    for shock in rng.standard_normal(119):
        errors.append(0.5 * errors[-1] + shock)
    time = np.arange(120.0)
    y = 1e4 + 5 * time + 300 * (time >= 60) + np.array(errors)
    model = ImpactModel((Interruption(60),))
    fit, other = interruption.arima(y, time, model), interruption.reml(y, time, model)
    assert fit.estimate == pytest.approx(other.estimate, rel=0.02, abs=0.05)
    assert fit.parameters["ar.L1"] == pytest.approx(other.parameters["phi"], abs=0.1)
    table = interruption.counterfactual(fit)
    assert np.isfinite(table.to_numpy()).all()


def test_the_report_sets_an_arima_model_beside_the_others():
    y, _ = controlled_data()
    result = interruption.report(y, TIME, MODEL, unit="days", arima_order=(1, 0, 0))
    assert "ARIMA(1, 0, 0)" in result.estimates["estimator"].to_list()
    assert result.headline.estimator == "REML Kenward-Roger"


def test_differences_remove_the_trend_and_refuse_to_remove_an_effect():
    y, _ = controlled_data()
    step = ImpactModel((Interruption(12, slope=False),))
    assert interruption.arima(y, TIME, step, order=(0, 1, 0)).terms == ("trend", "level change")
    with pytest.raises(CareshiftError, match="removes the term level change"):
        interruption.arima(y, TIME, MODEL, order=(2, 1, 0), seasonal_order=(0, 1, 1, 12))
    with pytest.raises(CareshiftError, match="too few"):
        interruption.arima(y, TIME, MODEL, order=(0, 1, 0), seasonal_order=(0, 1, 0, 24))
    with pytest.raises(CareshiftError, match="too few"):
        interruption.arima(y, TIME, MODEL, order=(12, 0, 12))
    with pytest.raises(CareshiftError, match="evenly spaced"):
        interruption.arima(y[1:], np.delete(TIME, 4), MODEL)
    with pytest.raises(CareshiftError, match="evenly spaced"):
        interruption.structural(y[1:], np.delete(TIME, 4), MODEL)


def test_a_local_level_model_has_effects_and_a_counterfactual():
    y, _ = controlled_data()
    fit = interruption.structural(y, TIME, ImpactModel((Interruption(12, slope=False),), trend=False))
    assert fit.terms == ("level change",)
    table = interruption.counterfactual(fit)
    assert (table["observed"] - table["counterfactual"]).iloc[-1] == pytest.approx(fit.estimate[0])


def placebos(*interruptions: Interruption) -> list[float]:
    time = np.arange(30.0)
    y = np.random.default_rng(3).normal(100, 2, time.size)
    made = checks.placebo_dates(checks.Analysis(y, time, ImpactModel(interruptions), interruption.ols))
    return sorted(made["time"].unique())


def test_a_lag_takes_no_date_before_the_change_away() -> None:
    assert placebos(Interruption(20)) == list(range(3, 18))
    assert placebos(Interruption(14, lag=6)) == list(range(3, 18))


def test_dates_are_tried_on_the_periods_before_every_transition() -> None:
    assert placebos(Interruption(18), Interruption(12, transition=10)) == list(range(3, 10))
