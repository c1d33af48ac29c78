"""Controlled series, panels, ARIMA and local-level models."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption
from careshift.project import CareshiftError

MODEL = ImpactModel((Interruption(12, "the act"),))
TIME = np.arange(24.0)


def controlled_data(seed=3, controls=4):
    rng = np.random.default_rng(seed)
    shared = 50 + np.cumsum(rng.standard_normal(24))
    others = {f"area {n}": shared + rng.standard_normal(24) for n in range(controls)}
    return shared - 3 * (TIME >= 12) + rng.standard_normal(24), pd.DataFrame(others)


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


def test_the_report_names_its_controls():
    y, controls = controlled_data()
    result = interruption.report(y, TIME, MODEL, unit="days", controls=controls)
    assert result.controls == tuple(controls.columns)
    assert "without a control" not in result.sentence
    assert result.headline.estimate == pytest.approx(
        interruption.controlled(y, TIME, MODEL, controls).effect("level change").estimate
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda y, c: interruption.controlled(y, TIME, MODEL, c.iloc[:5]),
        lambda y, c: interruption.controlled(y, TIME, MODEL, c[[]]),
        lambda y, c: interruption.controlled(y, TIME, MODEL, c.assign(bad=np.nan)),
        lambda y, c: interruption.controlled(y, TIME, MODEL, c, method="synthetic"),
        lambda y, c: interruption.controlled(y, TIME, MODEL, c, method="stacked", lags=24),
        lambda y, c: interruption.placebo_controls(y, TIME, MODEL, c.iloc[:, :1]),
        lambda y, c: interruption.leave_one_out(y, TIME, MODEL, c.iloc[:, :1]),
    ],
)
def test_bad_controls_are_refused(call):
    with pytest.raises(CareshiftError):
        call(*controlled_data())


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


def test_a_panel_of_eleven_times_leads_with_least_squares():
    fit = interruption.panel(panel_data(points=11), ImpactModel((Interruption(5),)))
    assert fit.estimator == "OLS-t of the mean series"


@pytest.mark.parametrize("wrong", [{"areas": 1}, {"common_share": 1.5}, {"phi": 1.0}])
def test_an_impossible_panel_is_not_simulated(wrong):
    with pytest.raises(CareshiftError, match="at least two areas"):
        interruption.common_shock_coverage(10, **wrong)


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
        (lambda d: d.iloc[1:], "every area needs the same times"),
        (lambda d: pd.concat([d, d.iloc[:1]]), "twice"),
        (lambda d: d[d["area"] == "S0"], "at least two areas"),
        (lambda d: d.assign(people=0.0), "population"),
        (lambda d: d.drop(columns="value"), 'no column "value"'),
    ],
)
def test_bad_panels_are_refused(spoil, words):
    with pytest.raises(CareshiftError, match=words):
        interruption.panel(spoil(panel_data()), MODEL, population="people")
    with pytest.raises(CareshiftError, match="Unknown method"):
        interruption.panel(panel_data(), MODEL, method="magic")


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
