"""The report: its rule, its words, counterfactuals by hand, power by simulation, and its checks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption
from careshift.interruption.power import detectable_multiple
from careshift.interruption.words import number
from careshift.project import CareshiftError


def noisy(points, drop=0.0, seed=1, spread=1.0):
    rng = np.random.default_rng(seed)
    time = np.arange(2000.0, 2000 + points)
    after = time >= 2000 + points // 2
    return 100 - drop * after + spread * rng.standard_normal(points), time


def model(points, **options):
    at = 2000 + points // 2
    return ImpactModel(
        (Interruption(at, "the act"),), reason="the act came into force", axis="year", **options
    )


def report(points=16, drop=0.0, **options):
    return interruption.report(*noisy(points, drop), model(points), unit="days", **options)


@pytest.mark.parametrize(
    ("points", "leads"),
    [(10, "OLS-t"), (11, "OLS-t"), (12, "REML Kenward-Roger"), (30, "REML Kenward-Roger")],
)
def test_the_number_of_points_alone_chooses_the_headline(points, leads):
    result = report(points)
    assert result.headline.estimator == leads
    assert result.estimates.loc[result.estimates["leads"], "estimator"].unique().tolist() == [leads]
    assert {"OLS-t", "REML Kenward-Roger", "REML Satterthwaite", "Newey-West", "Prais-Winsten"} <= set(
        result.estimates["estimator"]
    )


def test_the_rule_holds_whatever_the_residuals_say():
    # A strongly autocorrelated short series does not move the headline away from OLS, and says so.
    y = np.cumsum(np.random.default_rng(3).standard_normal(10))
    result = interruption.report(y, np.arange(2000.0, 2010), model(10), unit="days")
    assert result.headline.estimator == "OLS-t"
    assert "assumes no autocorrelation" in result.sentence
    assert "assumes no autocorrelation" in result.estimates.loc[0, "note"]


def test_points_left_out_as_transition_do_not_count_for_the_rule():
    late = replace(model(12), interruptions=(Interruption(2006, transition=1),))
    assert interruption.report(*noisy(12), late, unit="days").headline.estimator == "OLS-t"


def test_a_clear_fall_and_an_unclear_one_are_worded_apart():
    clear, unclear = report(30, drop=30.0).sentence, report(30).sentence
    assert clear.startswith("From 2015 (the act) the series shows a fall in level of")
    assert "more than chance alone" in clear
    assert "not evidence of no effect" in unclear
    assert "four chances in five" in unclear
    assert "without a control" in clear


def test_an_interruption_in_2020_is_called_the_pandemic():
    y, time = noisy(20)
    pandemic = ImpactModel((Interruption(2020.0),), axis="fiscal year")
    result = interruption.report(y, time + 10, pandemic, unit="days")
    assert "pandemic" in result.sentence
    assert "the pandemic" in result.checklist["answer"].to_list()
    assert "pandemic" not in report().sentence


def test_few_degrees_of_freedom_are_told():
    # Two dates in fourteen points: the Kenward-Roger interval rests on two to three degrees of freedom.
    y, time = noisy(14)
    two = ImpactModel((Interruption(2005, "first"), Interruption(2010, "second")))
    walk = interruption.report(np.cumsum(y - 100), time, two, unit="days")
    assert walk.headline.df < 4
    assert f"rests on {number(walk.headline.df)} degrees of freedom" in walk.sentence
    assert "degrees of freedom" not in report(30).sentence


def test_every_term_has_its_own_sentence():
    items = (Interruption(2010, "the act"), Interruption(2020, "lockdown"))
    y, time = noisy(30)
    result = interruption.report(y, time, ImpactModel(items, axis="year"), unit="days")
    sentence = result.sentence_for("slope change (lockdown)")
    assert sentence.startswith("From 2020 (lockdown), the first year of the pandemic, the series shows")
    named = ImpactModel((Interruption(2020, "pandemic"),), axis="year")
    assert "first year of the pandemic" not in interruption.report(y, time, named, unit="days").sentence
    assert "in slope of" in sentence
    assert "pandemic" not in result.sentence
    with pytest.raises(CareshiftError, match="not a term"):
        result.sentence_for("trend")


def test_the_checklist_answers_every_item():
    checklist = report().checklist
    assert len(checklist) >= 15
    assert checklist["answer"].str.len().min() > 0
    assert "8 before, 8 after" in checklist["answer"].str.cat()


def test_gaps_leave_prais_winsten_out_and_say_so():
    y, time = noisy(20)
    kept = np.arange(20) != 5
    result = interruption.report(y[kept], time[kept], model(20), unit="days")
    assert "Prais-Winsten" not in result.estimates["estimator"].to_list()
    assert "Prais-Winsten is left out" in " ".join(result.left_out)


# Counterfactual


def test_counterfactual_and_effects_by_hand():
    # A straight line 10 + t up to 5, then a drop of 4 and a slope lower by 1, with noise that least squares
    # averages out.
    time = np.arange(12.0)
    wiggle = np.tile([0.1, -0.1, -0.1, 0.1, 0.0, 0.0], 2)
    basis = ImpactModel((Interruption(6),)).design(time).matrix
    wiggle = wiggle - basis @ np.linalg.lstsq(basis, wiggle, rcond=None)[0]
    y = 10 + time - 4 * (time >= 6) - (time >= 6) * (time - 6) + wiggle
    fit = interruption.ols(y, time, ImpactModel((Interruption(6),)))
    table = interruption.counterfactual(fit)
    assert table["counterfactual"].to_list() == pytest.approx((10 + time).tolist())
    assert (table["low"] < table["counterfactual"]).all()
    effect = interruption.effect_at(fit, 8)
    assert effect.absolute.estimate == pytest.approx(-6)
    assert effect.relative.estimate == pytest.approx(-100 * 6 / 18)
    assert effect.relative.low < effect.relative.estimate < effect.relative.high < 0
    total = interruption.cumulative_effect(fit)
    assert total.absolute.estimate == pytest.approx(-4 * 6 - 15)
    assert total.relative.estimate == pytest.approx(-100 * 39 / np.sum(10 + time[6:]))


def test_fieller_limits_are_where_the_t_statistic_is_critical():
    fit = interruption.ols(*noisy(20, drop=20.0), model(20))
    effect = interruption.effect_at(fit, 2015).relative
    design = fit.design
    place = np.flatnonzero(design.time == 2015)[0]
    for limit in (effect.low, effect.high):
        at_limit = fit.contrast(design.effect_rows[place] - limit / 100 * design.counterfactual_rows[place])
        assert abs(at_limit.estimate / at_limit.se) == pytest.approx(stats.t.ppf(0.975, 16), rel=1e-6)


def test_a_counterfactual_near_zero_has_no_finite_relative_limits():
    y, time = noisy(20, drop=20.0)
    effect = interruption.effect_at(interruption.ols(y - 100, time, model(20)), 2015).relative
    assert effect.low == -np.inf
    assert effect.high == np.inf


def test_a_random_walk_starts_its_counterfactual_from_what_was_observed():
    y = 500 + np.cumsum(np.random.default_rng(7).standard_normal(40))
    result = interruption.report(y, np.arange(2000.0, 2040), model(40), unit="days")
    assert result.leading.parameters["at_boundary"] == 1
    table = result.counterfactual()
    before = table["time"] < 2020
    assert (table.loc[before, "counterfactual"] == table.loc[before, "observed"]).all()
    after = table[~before].iloc[0]
    assert after["observed"] - after["counterfactual"] == pytest.approx(
        result.effect_at(2020).absolute.estimate
    )
    assert after["low"] < after["counterfactual"] < after["high"]
    assert "cannot be told from one that drifts like a random walk" in result.sentence


def test_every_estimator_has_a_counterfactual():
    result = report(20, drop=5.0)
    for fit in result.fits:
        table = result.counterfactual(fit.estimator)
        assert np.isfinite(table.to_numpy()).all()
        assert result.cumulative_effect(fit.estimator).absolute.estimate < 0


def test_unknown_times_and_estimators_are_refused():
    result = report()
    with pytest.raises(CareshiftError, match="not a fitted period"):
        result.effect_at(2001)
    with pytest.raises(CareshiftError, match="No estimator"):
        result.counterfactual("magic")
    with pytest.raises(CareshiftError, match="no interruption"):
        interruption.cumulative_effect(interruption.ols(*noisy(10), ImpactModel()))
    with pytest.raises(CareshiftError, match="no term"):
        result.leading.coefficient("nothing")


# Power


def test_the_detectable_change_is_found_four_times_in_five():
    time = np.arange(20.0)
    shape = ImpactModel((Interruption(10),))
    fit = interruption.ols(np.random.default_rng(0).standard_normal(20), time, shape)
    inverse = np.linalg.inv(fit.design.matrix.T @ fit.design.matrix)
    shift = detectable_multiple(16, 0.95, 0.8)
    rng = np.random.default_rng(6)
    draws = rng.standard_normal((20_000, 20)) + shift * np.sqrt(inverse[2, 2]) * (time >= 10)
    estimates = draws @ fit.design.matrix @ inverse
    rest = draws - estimates @ fit.design.matrix.T
    se = np.sqrt((rest**2).sum(1) / 16 * inverse[2, 2])
    assert np.mean(np.abs(estimates[:, 2] / se) > stats.t.ppf(0.975, 16)) == pytest.approx(0.8, abs=0.012)


def test_the_detectable_change_of_a_normal_test_is_the_textbooks():
    # 1.960 + 0.842 standard errors (Cohen 1988).
    assert detectable_multiple(np.inf, 0.95, 0.8) == pytest.approx(2.8016, abs=1e-4)
    assert detectable_multiple(2, 0.95, 0.8) > detectable_multiple(8, 0.95, 0.8) > 2.8


def test_a_fall_beyond_everything_there_is_is_not_detectable():
    y, time = noisy(12, spread=40.0)
    table = interruption.report(np.abs(y - 95), time, model(12), unit="days").minimum_detectable
    assert "none finite" in table.loc[0, "words"]
    plain = report(30).minimum_detectable
    assert plain["rise"].tolist() == [-value for value in plain["fall"]]
    assert "none finite" not in " ".join(plain["words"])


def test_a_large_detectable_change_is_written_out():
    y, time = noisy(30)
    result = interruption.report(2000 * y, time, model(30), unit="days")
    words = result.minimum_detectable["words"].iloc[0]
    assert words == f"{number(result.minimum_detectable['rise'].iloc[0])} either way"
    assert "," in words
    assert "e+" not in " ".join(result.minimum_detectable["words"]) + result.sentence


def test_the_detectable_ratio_by_hand():
    # Two Poisson means of 900 and 1,440 events in all: the log ratio's variance is 1/900 + 1/1440.
    y, time = np.r_[np.full(9, 100.0), np.full(9, 160.0)], np.arange(18.0)
    y[[0, 10]] += 40
    y[[1, 11]] -= 40
    step = ImpactModel((Interruption(9, slope=False),), trend=False)
    fit = interruption.count_model(y, time, step, family="poisson")
    row = interruption.minimum_detectable(fit, power=0.9).iloc[0]
    size = (stats.norm.ppf(0.975) + stats.norm.ppf(0.9)) * np.sqrt(1 / 900 + 1 / 1440)
    assert (row["rise"], row["fall"]) == pytest.approx((np.exp(size), np.exp(-size)))
    assert row["se"] == pytest.approx(np.sqrt(1 / 900 + 1 / 1440))
    assert (row["df"], row["power"], row["scale"]) == (np.inf, 0.9, "ratio")
    rise, fall = number(100 * (row["rise"] - 1)), number(100 * (1 - row["fall"]))
    assert row["words"] == f"a rise of {rise} % or a fall of {fall} %"
    hopeless = replace(fit, covariance=1e9 * fit.covariance)
    assert interruption.minimum_detectable(hopeless)["rise"].iloc[0] == np.exp(500.0)


def test_a_fall_is_held_against_the_level_before_and_a_slope_against_none():
    # A low level before, zero among it, and a high and noisy one after: no fall of the low one can show.
    time = np.arange(16.0)
    y = np.where(time < 8, time, 1000 + 60 * (-1.0) ** time)
    fit = interruption.ols(y, time, ImpactModel((Interruption(8),)))
    table = interruption.minimum_detectable(fit).set_index("term")
    assert table.loc["level change", "words"] == (
        f"a rise of {number(table.loc['level change', 'rise'])}; for a fall none finite (it would have to "
        "exceed the whole level)"
    )
    assert table.loc["slope change", "words"] == f"{number(table.loc['slope change', 'rise'])} either way"
    assert table["scale"].tolist() == ["units", "units"]
    assert table["df"].tolist() == [12, 12]
    below = interruption.minimum_detectable(replace(fit, y=y - 1)).set_index("term")
    assert below.loc["level change", "words"].endswith("either way")
    one = replace(fit, df_of=lambda weights: 1.0)
    assert "none finite" not in interruption.minimum_detectable(one)["words"].iloc[1]


@pytest.mark.parametrize("df", [2, 8, 50])
@pytest.mark.parametrize("wanted", [0.08, 0.8, 0.95])
def test_the_detectable_multiple_has_the_power_asked_for(df, wanted):
    multiple = detectable_multiple(df, 0.9, wanted)
    assert stats.nct.sf(stats.t.ppf(0.95, df), df, multiple) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("power", [0, 1, 1.5, 80])
def test_a_power_beyond_its_range_is_refused(power):
    with pytest.raises(CareshiftError, match=f"between 0 and 1 .*not {power}"):
        interruption.minimum_detectable(interruption.ols(*noisy(12), model(12)), power=power)


def test_without_degrees_of_freedom_nothing_is_detectable():
    fit = interruption.ols(*noisy(12), model(12))
    broken = replace(fit, df_of=lambda weights: 0.0)
    assert interruption.minimum_detectable(broken)["words"].tolist() == ["none finite"] * 2


# Checks


def test_placebo_dates_use_the_time_before_only():
    quiet, time = noisy(30, drop=0.0)
    loud = quiet - 1000 * (time >= 2015)
    tables = [
        interruption.report(y, time, model(30), unit="days").placebo.reset_index(drop=True)
        for y in (quiet, loud)
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert tables[0]["time"].max() < 2015
    assert report(10).placebo.empty or report(10).placebo["time"].max() < 2005
    assert report(30, placebo=False).placebo.empty


def test_a_change_before_the_date_shows_among_the_placebo_dates():
    y, time = noisy(40)
    early = y + 50 * (time >= 2010)
    placebo = interruption.report(early, time, model(40), unit="days").placebo
    found = placebo[(placebo["time"] == 2010) & (placebo["term"] == "level change")]
    assert found["excludes_none"].all()


def test_a_curved_trend_shows_in_the_sensitivity_table():
    time = np.arange(2000.0, 2040)
    y = 0.05 * (time - 2000) ** 2 + 0.2 * np.random.default_rng(2).standard_normal(40)
    table = interruption.report(y, time, model(40), unit="days").sensitivity
    slope = table[table["term"] == "slope change"].set_index("variant")["estimate"]
    assert slope["as prespecified"] > 1
    assert abs(slope["quadratic trend"]) < 0.2
    assert len(slope) == 10


def test_diagnostics_see_autocorrelation_that_is_left_in():
    y = np.cumsum(np.random.default_rng(7).standard_normal(60))
    time = np.arange(2000.0, 2060)
    result = interruption.report(y, time, model(60), unit="days")
    left = result.diagnostics.set_index("check")["value"]["lag-one autocorrelation left"]
    assert abs(left) < 0.4
    assert result.diagnostics["meaning"].str.len().min() > 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-3284.7, "-3,280"),
        (0.89437, "0.894"),
        (12.345, "12.3"),
        (0, "0"),
        (np.inf, "no limit"),
        (np.nan, "not known"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert number(value) == text
