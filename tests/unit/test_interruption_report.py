"""The report: its rule, its words, counterfactuals by hand, power by simulation, and its checks."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption
from careshift.interruption.multiplicity import tally, tally_words
from careshift.interruption.power import detectable_multiple
from careshift.interruption.words import number
from careshift.project import DATA, CareshiftError


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


def counted(ratio=1.0):
    """Sixteen yearly counts of about 5 per thousand people, ``ratio`` times as many from 2008, and people."""
    rng = np.random.default_rng(11)
    time, people = np.arange(2000.0, 2016), np.linspace(20_000, 35_000, 16)
    mean = 0.005 * people * np.where(time >= 2008, ratio, 1.0)
    return rng.poisson(mean).astype(float), time, people


def counts_report(ratio=1.0, **options):
    y, time, people = counted(ratio)
    settings = {"unit": "visits", "family": "poisson", "population": people} | options
    return interruption.report(y, time, model(16), **settings)


def poisson(ratio=1.0, shape=None):
    y, time, people = counted(ratio)
    return interruption.count_model(y, time, shape or model(16), family="poisson", population=people)


def refuses(words):
    return pytest.raises(CareshiftError, match=f"^{re.escape(words)}$")


def spread_of(question, fit):
    """Standard error of any function of the coefficients, by the delta method with numerical slopes."""
    steps = 1e-5 * np.sqrt(np.diag(fit.covariance))
    slopes = [
        (question(fit.estimate + step) - question(fit.estimate - step)) / (2 * step.sum())
        for step in np.diag(steps)
    ]
    return np.sqrt(slopes @ fit.covariance @ np.array(slopes))


LEADING = "REML Kenward-Roger"


@pytest.mark.parametrize("points", [7, 10, 11, 12, 30])
def test_one_estimator_leads_whatever_the_number_of_points(points):
    result = report(points)
    assert result.headline.estimator == LEADING
    assert result.estimates.loc[result.estimates["leads"], "estimator"].unique().tolist() == [LEADING]
    assert {"OLS-t", "REML Kenward-Roger", "REML Satterthwaite", "Newey-West", "Prais-Winsten"} <= set(
        result.estimates["estimator"]
    )


def test_the_rule_of_the_lead_follows_the_committed_coverage_tables():
    # In every length of series and for either term, no other estimator's lowest coverage is higher.
    table = pd.read_csv(DATA / "interrupted_time_series_coverage.csv")
    table = table[table["errors"] == "AR(1)"]
    keys = ["points_before", "points_after", "term"]
    lowest = table.groupby([*keys, "method"])["coverage"].min().unstack()
    beside = [fit.estimator for fit in report(10).fits if fit.estimator in lowest]
    assert beside[0] == LEADING
    assert len(beside) == 5
    for before, after, term in lowest.index:
        led = report(before + after).leading.estimator
        assert lowest.loc[(before, after, term), beside].idxmax() == led
    counts = pd.read_csv(DATA / "interrupted_time_series_coverage_others.csv")
    counts = counts[counts["errors"].str.endswith("counts")]
    lowest = counts.groupby([*keys, "errors", "method"])["coverage"].min().unstack()
    led = counts_report().leading.estimator
    others = ["Quasi-poisson", "Quasi-poisson, robust", "Negative-binomial"]
    assert (lowest[led] >= lowest[others].max(axis=1) - 1).all()
    assert lowest[led].min() > lowest[others].min().max()


def test_the_rule_holds_whatever_the_residuals_say():
    # Neither a strongly autocorrelated short series nor a count of nought moves the headline.
    y = np.cumsum(np.random.default_rng(3).standard_normal(10))
    result = interruption.report(y, np.arange(2000.0, 2010), model(10), unit="days")
    assert result.headline.estimator == LEADING


def test_a_clear_fall_and_an_unclear_one_are_worded_apart():
    clear, unclear = report(30, drop=30.0).sentence, report(30).sentence
    assert clear.startswith("From 2015 (the act) the series shows a fall in level of")
    assert "more than chance alone" in clear
    assert "no evidence of no effect" in unclear
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
    few, least = report(8), interruption.ols(*noisy(8), model(8)).df[2]
    assert ("degrees of freedom" in few.sentence) == (few.headline.df < least)


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
    terms = ", ".join(
        f"{kind} change ({name})" for name in ("the act", "lockdown") for kind in ("level", "slope")
    )
    with refuses(f'"trend" is not a term of an interruption; those are {terms}.'):
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


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"confidence": 0}, "confidence must lie between 0 and 1 (0.95 for 95 %), not 0."),
        ({"confidence": 1}, "confidence must lie between 0 and 1 (0.95 for 95 %), not 1."),
        ({"confidence": 95}, "confidence must lie between 0 and 1 (0.95 for 95 %), not 95."),
        (
            {"population": np.ones(16)},
            "A population or offset is for counts: name their family, e.g. quasi-poisson.",
        ),
        (
            {"offset": np.ones(16)},
            "A population or offset is for counts: name their family, e.g. quasi-poisson.",
        ),
        (
            {"family": "poisson", "controls": pd.DataFrame({"a": np.ones(16)})},
            "Controls and ARIMA are for measured series: turn the counts into rates.",
        ),
        (
            {"family": "poisson", "arima_order": (1, 0, 0)},
            "Controls and ARIMA are for measured series: turn the counts into rates.",
        ),
        ({"primary": "trend"}, '"trend" is not one of level change, slope change.'),
    ],
)
def test_contradictory_settings_are_refused_in_words_that_tell_the_way_out(options, words):
    with refuses(words):
        report(**options)


def test_a_report_without_an_interruption_is_refused():
    with refuses("A report needs an impact model with at least one interruption."):
        interruption.report(*noisy(16), ImpactModel(), unit="days")


def test_too_few_points_are_counted_against_all_terms_of_the_model():
    y, time = noisy(5)
    with pytest.raises(CareshiftError, match="5 points are too few for a model of 5 terms: at least 7"):
        interruption.report(y, time, model(5), unit="days", regressors=pd.DataFrame({"cold": y[::-1]}))


@pytest.mark.parametrize("points", [11, 20])
def test_the_report_holds_what_each_estimator_says_by_itself(points):
    # The regressor, the confidence level and the orders reach every estimator.
    y, time = noisy(points)
    cold = pd.DataFrame({"cold": np.random.default_rng(4).standard_normal(points)})
    options = {"regressors": cold, "confidence": 0.8}
    ols, reml = interruption.ols, interruption.reml
    single = {
        "OLS-t": ols(y, time, model(points), **options),
        "REML Kenward-Roger": reml(y, time, model(points), **options),
        "Newey-West": interruption.newey_west(y, time, model(points), **options),
        "Prais-Winsten": interruption.prais_winsten(y, time, model(points), **options),
        "REML Satterthwaite": reml(y, time, model(points), inference="satterthwaite", **options),
        "REML Kenward-Roger, AR(2)": reml(y, time, model(points), order=2, **options),
        "ARIMA(0, 1, 1)": interruption.arima(y, time, model(points), order=(0, 1, 1), **options),
    }
    single = {name: single[name] for name in ("REML Kenward-Roger", "OLS-t", *list(single)[2:])}
    result = interruption.report(
        y, time, model(points), unit="days", primary="slope change", arima_order=(0, 1, 1), **options
    )
    assert [fit.estimator for fit in result.fits] == list(single)
    assert (result.unit, result.primary, result.left_out, result.controls) == (
        "days",
        "slope change",
        (),
        (),
    )
    wanted = pd.concat([fit.table() for fit in single.values()])
    wanted = wanted[wanted["term"].isin(["level change", "slope change"])].reset_index(drop=True)
    leads = wanted["estimator"] == next(iter(single))
    pd.testing.assert_frame_equal(result.estimates, wanted.assign(leads=leads))
    assert result.headline == next(iter(single.values())).effect("slope change")
    again = result.analysis.fit()
    assert (again.estimator, again.confidence) == (next(iter(single)), 0.8)
    assert again.estimate == pytest.approx(next(iter(single.values())).estimate)


def test_uneven_times_leave_out_what_needs_even_ones():
    y, time = noisy(20)
    uneven = time + np.where(np.arange(20) % 3 == 1, 0.3, 0.0)
    result = interruption.report(y, uneven, model(20), unit="days")
    assert result.left_out == (
        "Prais-Winsten is left out: the times are unevenly spaced.",
        "AR(2) is left out: gaps are not whole multiples of the smallest.",
    )
    assert [fit.estimator for fit in result.fits] == [
        "REML Kenward-Roger",
        "OLS-t",
        "Newey-West",
        "REML Satterthwaite",
    ]


def test_a_seasonal_arima_model_stands_last():
    options = {"seasonal_order": (0, 1, 0, 4)}
    result = report(24, arima_order=(1, 0, 0), **options)
    alone = interruption.arima(*noisy(24), model(24), order=(1, 0, 0), **options)
    assert result.fits[-1].estimator == "ARIMA(1, 0, 0)(0, 1, 0)4"
    pd.testing.assert_frame_equal(result.fits[-1].table(), alone.table())


def test_whole_years_and_an_exposure_reach_the_checks():
    y, time, people = counted(1.5)
    result = interruption.report(
        y, time.astype(int).tolist(), model(16), unit="visits", family="poisson", population=people
    )
    assert result.analysis.time.dtype == float
    first = result.sensitivity.iloc[0]
    assert (first["variant"], first["term"]) == ("as prespecified", "level change")
    assert (first["estimate"], first["low"], first["high"]) == pytest.approx(
        (result.headline.estimate, result.headline.low, result.headline.high)
    )
    constant = result.leading.coefficient("constant").estimate
    assert result.analysis.fit().coefficient("constant").estimate == pytest.approx(constant)


# Words

ALONE = "One series without a control describes what happened and cannot say why."


def told(effect, level=95):
    low, high = number(abs(effect.low)), number(abs(effect.high))
    if effect.scale == "ratio":
        said = f"{low} to {high}"
    elif effect.low < 0 < effect.high:
        said = f"a fall of {low} to a rise of {high}"
    else:
        said = f"a {'rise' if effect.low > 0 else 'fall'} of {low} to {high}"
    return f"Its {level} % interval is {said} ({effect.estimator})"


@pytest.mark.parametrize(("drop", "way"), [(30.0, "fall"), (-30.0, "rise")])
@pytest.mark.parametrize(("confidence", "level"), [(0.9, "90"), (0.995, "99.5"), (0.999, "99.9")])
def test_the_sentence_about_a_clear_change(drop, way, confidence, level):
    result = report(30, drop=drop, confidence=confidence)
    size = number(abs(result.headline.estimate))
    assert result.sentence == (
        f"From 2015 (the act) the series shows a {way} in level of {size} days. "
        f"{told(result.headline, level)}. The change is more than chance alone would explain under this "
        f"model. {ALONE}"
    )


def test_the_sentence_about_an_unclear_change_of_slope_without_a_label():
    y, time = noisy(30)
    nameless = ImpactModel((Interruption(2015),), axis="year")
    result = interruption.report(y, time, nameless, unit="days", primary="slope change")
    size, least = number(abs(result.headline.estimate)), number(result.minimum_detectable["rise"].iloc[1])
    way = "rise" if result.headline.estimate > 0 else "fall"
    assert result.sentence == (
        f"From 2015 the series shows a {way} in slope of {size} days a period. {told(result.headline)}. The "
        "data cannot tell this from no change, and are no evidence of no effect either. The smallest change "
        f"it had four chances in five to show is {least} either way. {ALONE}"
    )


def test_the_sentence_about_a_change_that_passes():
    y, time = noisy(30)
    y = y + 30 * ((time >= 2015) & (time < 2018))
    brief = ImpactModel((Interruption(2015, "the strike", level=False, slope=False, pulse=3),), axis="year")
    result = interruption.report(y, time, brief, unit="days")
    size = number(result.headline.estimate)
    assert result.sentence.startswith(
        f"From 2015 (the strike) the series shows a temporary rise in level of {size} days. Its "
    )


@pytest.mark.parametrize(("ratio", "way"), [(0.5, "fell"), (2.0, "rose")])
def test_the_sentence_about_counts_is_in_percent(ratio, way):
    result = counts_report(ratio)
    level, slope = (result.leading.effect(term) for term in ("level change", "slope change"))
    size = f"{number(100 * abs(level.estimate - 1))} % (rate ratio {number(level.estimate)})"
    assert result.sentence == (
        f"From 2008 (the act) visits {way} by {size} beyond the earlier trend. {told(level)}. "
        f"The change is more than chance alone would explain under this model. {ALONE}"
    )
    size = f"{number(100 * abs(slope.estimate - 1))} % (rate ratio {number(slope.estimate)})"
    assert f" by {size} a period beyond the earlier trend. Its " in result.sentence_for("slope change")


def test_no_change_is_a_difference_of_zero_and_a_ratio_of_one():
    # Intervals that hold only the one, or only the other.
    y, time = noisy(16, spread=0.01)
    units = interruption.report(y, time, model(16), unit="days")
    ratios = counts_report()
    assert -1 < units.headline.low < 0 < units.headline.high < 1
    assert 0 < ratios.headline.low < 1 < ratios.headline.high
    for result in (units, ratios):
        assert "The data cannot tell this from no change" in result.sentence


def test_a_rise_of_less_than_one_percent_is_a_rise():
    result = counts_report()
    small = replace(result.leading, estimate=np.array([0.0, 0.0, np.log(1.005), 0.0]))
    words = replace(result, fits=(small, *result.fits[1:])).sentence
    assert words.startswith(
        "From 2008 (the act) visits rose by 0.500 % (rate ratio 1.0050) beyond the earlier"
    )


@pytest.mark.parametrize(("axis", "parts", "words"), [("month", 12, "April 2020"), ("quarter", 4, "2020Q2")])
def test_months_and_quarters_are_told_as_such_and_lie_in_the_pandemic(axis, parts, words):
    at = 2020 * parts + parts // 4
    y, time = noisy(24)
    lockdown = ImpactModel((Interruption(at, "lockdown"),), axis=axis)
    result = interruption.report(y, time - 2012 + at, lockdown, unit="days")
    assert result.sentence.startswith(
        f"From {words} (lockdown), the first year of the pandemic, the series shows a "
    )
    assert dict(result.checklist.to_numpy())["Other events at the time"] == "the pandemic"


def test_controls_are_named_and_change_the_last_words():
    others = pd.DataFrame({"Fife": noisy(16, seed=8)[0], "Moray": noisy(16, seed=9)[0]})
    result = report(controls=others)
    assert result.controls == ("Fife", "Moray")
    assert result.sentence.endswith(
        ". Other changes that met only this series at that time cannot be told apart."
    )
    assert dict(result.checklist.to_numpy())["Control series"] == "Fife, Moray"
    less = noisy(16)[0] - others.mean(axis=1)
    assert result.leading.estimate == pytest.approx(interruption.reml(less, noisy(16)[1], model(16)).estimate)


def test_the_checklist_word_for_word():
    result = report(30)
    tried = result.placebo["time"].nunique()
    at_placebo = tally_words(tally(result.placebo))
    others = tally_words(tally(result.sensitivity.query("variant != 'as prespecified'")))
    assert list(result.checklist.itertuples(index=False, name=None)) == [
        ("Impact model stated before the fit", result.model_text),
        ("Reason for dates, lags and terms", "the act came into force"),
        ("Points before and after", "15 before, 15 after the first change, 0 left out"),
        ("Spacing of the series", "even"),
        ("Autocorrelation", f"REML Kenward-Roger: {result.leading.notes[0]}"),
        ("Choice of estimator", "one for all series, never by a test of the residuals"),
        (
            "Estimators beside each other",
            "REML Kenward-Roger, OLS-t, Newey-West, Prais-Winsten, REML Satterthwaite, "
            "REML Kenward-Roger, AR(2)",
        ),
        ("Left out", "nothing"),
        ("Seasonality", "none modelled"),
        ("Underlying trend", "straight"),
        ("Control series", "none: other events at that time are not ruled out"),
        ("Counterfactual", "shown with the interval of its expected value"),
        (
            "Smallest detectable change",
            "; ".join(f"{number(rise)} either way" for rise in result.minimum_detectable["rise"]),
        ),
        (
            "Sensitivity",
            f"9 variants: quadratic trend, neighbouring dates, other windows; of them {others}",
        ),
        ("Placebo dates", f"{tried} dates tried; of the estimates {at_placebo}"),
        ("Other events at the time", "see the text"),
        (
            "Many like tests",
            "of twenty like estimates one excludes no change by chance alone; Holm's method takes all",
        ),
    ]
    assert list(result.checklist.columns) == ["item", "answer"]
    # Three points on each side of a date, among the fifteen before the act.
    assert tried == 10


def test_the_checklist_of_other_models_and_series():
    y, time = noisy(32)
    kept = np.arange(32) != 3
    season = replace(
        model(32, harmonics=2, period=4, curved=True),
        interruptions=(Interruption(2020, "lockdown", transition=2),),
        reason="",
    )
    result = interruption.report(y[kept], time[kept], season, unit="days", placebo=False)
    answers = dict(result.checklist.to_numpy())
    assert answers["Reason for dates, lags and terms"] == "none stated"
    assert answers["Points before and after"] == "19 before, 10 after the first change, 2 left out"
    assert answers["Spacing of the series"] == "uneven, by calendar time"
    assert answers["Left out"] == "Prais-Winsten is left out: the times are unevenly spaced."
    assert answers["Seasonality"] == "2 pairs of Fourier terms"
    assert answers["Underlying trend"] == "quadratic"
    assert answers["Placebo dates"] == "0 dates tried; of the estimates none of 0 excludes no change"
    assert answers["Other events at the time"] == "the pandemic"
    flat = interruption.report(*noisy(16), model(16, trend=False), unit="days")
    assert dict(flat.checklist.to_numpy())["Underlying trend"] == "none"


def test_the_checklist_holds_every_note_and_all_that_is_left_out():
    y, time = np.cumsum(np.random.default_rng(7).standard_normal(40)), np.arange(2000.0, 2040)
    uneven = time + np.where(np.arange(40) % 3 == 1, 0.3, 0.0)
    result = interruption.report(500 + y, uneven, model(40), unit="days")
    answers = dict(result.checklist.to_numpy())
    (lag, drift), (first, second) = result.leading.notes, result.left_out
    assert answers["Autocorrelation"] == f"REML Kenward-Roger: {lag}; {drift}"
    assert answers["Left out"] == f"{first} {second}"


# Fit


@pytest.mark.parametrize("spread", [0.01, 5.0])
def test_a_contrast_has_the_t_test_and_the_interval_of_statsmodels(spread):
    y, time = noisy(20, drop=0.01, spread=spread)
    fit = interruption.ols(y, time, model(20), confidence=0.9)
    weights = np.array([0.0, 0.0, 1.0, 5.0])
    found = fit.contrast(weights)
    test = sm.OLS(y, fit.design.matrix).fit().t_test(weights)
    low, high = test.conf_int(alpha=0.1)[0]
    assert (found.estimator, found.term, found.scale, found.df) == ("OLS-t", "contrast", "units", 16)
    assert (found.estimate, found.se, found.low, found.high, found.p) == pytest.approx(
        (test.effect.item(), test.sd.item(), low, high, test.pvalue.item()), rel=1e-6
    )
    assert fit.contrast(weights, "five years on").term == "five years on"
    assert replace(fit, link="log").contrast(weights).scale == "log ratio"
    unmoved = replace(fit, covariance=0 * fit.covariance).contrast(weights)
    assert np.isnan(unmoved.p)
    assert (unmoved.low, unmoved.high) == (found.estimate, found.estimate)


def test_the_table_of_counts_is_that_of_statsmodels_as_ratios():
    fit = replace(poisson(1.5), notes=("one note", "another"))
    theirs = sm.GLM(fit.y, fit.design.matrix, family=sm.families.Poisson(), offset=fit.offset).fit()
    table = fit.table()
    assert list(table) == ["estimator", "term", "estimate", "se", "df", "low", "high", "p", "scale", "note"]
    assert table["term"].tolist() == ["constant", "trend", "level change", "slope change"]
    assert set(table["estimator"]) == {"Poisson"}
    assert set(table["scale"]) == {"ratio"}
    assert set(table["note"]) == {"one note; another"}
    ratios = np.exp(theirs.params)
    assert table["estimate"].to_numpy() == pytest.approx(ratios)
    assert table["se"].to_numpy() == pytest.approx(ratios * theirs.bse, rel=1e-5)
    assert table[["low", "high"]].to_numpy() == pytest.approx(np.exp(theirs.conf_int()), rel=1e-5)
    assert table["p"].to_numpy() == pytest.approx(theirs.pvalues, rel=1e-4)


def test_ratios_of_a_hopeless_fit_stay_within_what_a_float_can_hold():
    fit = poisson()
    for size, ratio in ((2000.0, np.exp(500.0)), (-2000.0, np.exp(-500.0))):
        effect = replace(fit, estimate=np.full(4, size), covariance=np.eye(4)).effect("level change")
        assert (effect.estimate, effect.low, effect.high) == (ratio, ratio, ratio)
    wide = replace(fit, covariance=1e9 * np.eye(4)).effect("level change")
    assert (wide.low, wide.high) == (np.exp(-500.0), np.exp(500.0))


def test_fitted_values_are_the_means_of_the_model():
    y, time = noisy(20, drop=5.0)
    fit = interruption.ols(y, time, model(20))
    theirs = sm.OLS(y, fit.design.matrix).fit()
    assert fit.fitted == pytest.approx(theirs.fittedvalues)
    assert fit.residuals == pytest.approx(theirs.resid)
    counts = poisson(1.5)
    mean = np.exp(counts.design.matrix @ counts.estimate)
    assert counts.fitted == pytest.approx(mean * counted()[2])
    assert replace(counts, offset=None).fitted == pytest.approx(mean)


# Counterfactual


def test_the_counterfactual_of_a_straight_line_is_the_prediction_of_statsmodels():
    y, time = noisy(20, drop=5.0)
    fit = interruption.ols(y, time, model(20), confidence=0.9)
    unmoved = fit.design.matrix * [1, 1, 0, 0]
    theirs = sm.OLS(y, fit.design.matrix).fit()
    limits = theirs.get_prediction(unmoved).conf_int(alpha=0.1)
    wanted = {
        "time": time,
        "observed": y,
        "fitted": theirs.fittedvalues,
        "counterfactual": unmoved @ theirs.params,
        "low": limits[:, 0],
        "high": limits[:, 1],
    }
    pd.testing.assert_frame_equal(interruption.counterfactual(fit), pd.DataFrame(wanted))


def test_the_counterfactual_of_counts_is_the_prediction_of_statsmodels():
    fit = poisson(1.5)
    unmoved = fit.design.matrix * [1, 1, 0, 0]
    theirs = sm.GLM(fit.y, fit.design.matrix, family=sm.families.Poisson(), offset=fit.offset).fit()
    line, spread = unmoved @ theirs.params, np.sqrt(np.diag(unmoved @ theirs.cov_params() @ unmoved.T))
    ends = np.exp(line[:, None] + stats.norm.ppf([0.5, 0.025, 0.975]) * spread[:, None])
    table = interruption.counterfactual(fit)[["counterfactual", "low", "high"]].to_numpy()
    assert table == pytest.approx(ends * counted()[2][:, None], rel=1e-5)
    rates = interruption.counterfactual(replace(fit, offset=None))[["counterfactual", "low", "high"]]
    assert rates.to_numpy() == pytest.approx(ends, rel=1e-5)


@pytest.mark.parametrize("anchored", [False, True])
@pytest.mark.parametrize("slope", [False, True])
@pytest.mark.parametrize("ask", ["one year", "all years"])
def test_the_effect_on_counts_by_the_delta_method(ask, slope, anchored):
    # Numerical slopes of the very quantities, a second way to their errors; the intervals are by the normal.
    # With a change of level alone the values with and without it are not independent.
    shape = ImpactModel((Interruption(2008, slope=slope),))
    fit = replace(poisson(1.5, shape), anchored=anchored)
    places = np.array([10]) if ask == "one year" else np.arange(8, 16)
    rows, people = fit.design.matrix[places], counted()[2][places]

    def expected(estimate):
        if anchored:
            return fit.y[places].sum(), (fit.y[places] * np.exp(-rows[:, 2:] @ estimate[2:])).sum()
        return (people * np.exp(rows @ estimate)).sum(), (people * np.exp(rows[:, :2] @ estimate[:2])).sum()

    def difference(estimate):
        return np.subtract(*expected(estimate))

    def log_ratio(estimate):
        return np.log(np.divide(*expected(estimate)))

    found = interruption.effect_at(fit, 2010) if ask == "one year" else interruption.cumulative_effect(fit)
    assert found.times == tuple(2000.0 + places)
    z = stats.norm.ppf(0.975)
    value, se = difference(fit.estimate), spread_of(difference, fit)
    absolute, relative = found.absolute, found.relative
    assert (absolute.term, absolute.scale, absolute.df) == ("effect", "units", np.inf)
    assert (absolute.estimate, absolute.se, absolute.low, absolute.high, absolute.p) == pytest.approx(
        (value, se, value - z * se, value + z * se, 2 * stats.norm.sf(value / se)), rel=1e-5
    )
    value, se = log_ratio(fit.estimate), spread_of(log_ratio, fit)
    limits = (100 * np.expm1(value - z * se), 100 * np.expm1(value + z * se))
    assert (relative.term, relative.scale, relative.df) == ("relative effect", "percent", np.inf)
    assert (relative.estimate, relative.se, relative.low, relative.high, relative.p) == pytest.approx(
        (100 * np.expm1(value), 100 * np.exp(value) * se, *limits, 2 * stats.norm.sf(value / se)), rel=1e-5
    )


def test_counts_without_an_exposure_have_the_effect_of_an_exposure_of_one():
    fit = poisson(1.5)
    none, one = (replace(fit, offset=offset) for offset in (None, np.zeros(16)))
    assert interruption.effect_at(none, 2010) == interruption.effect_at(one, 2010)


def test_without_chance_an_effect_on_counts_has_no_p():
    fit = poisson(1.5)
    effect = interruption.cumulative_effect(replace(fit, covariance=0 * fit.covariance))
    assert effect.absolute.low == effect.absolute.high == effect.absolute.estimate
    assert np.isnan([effect.absolute.p, effect.relative.p]).all()


def test_hopeless_limits_of_counts_stay_within_what_a_float_can_hold():
    fit = poisson(1.5)
    wide = replace(fit, covariance=1e9 * np.eye(4))
    relative = interruption.effect_at(wide, 2010).relative
    assert (relative.low, relative.high) == (-100, 100 * np.expm1(500.0))
    last = interruption.counterfactual(replace(wide, anchored=True)).iloc[-1]
    assert last["low"] == last["observed"] * np.exp(-500.0)
    assert last["high"] == last["observed"] * np.exp(500.0)


@pytest.mark.parametrize("unit", [1.0, 0.001])
def test_the_error_of_a_relative_effect_by_the_delta_method(unit):
    # A low level whose own error counts, few points, and no slope, which would make two halves of the series.
    y, time = noisy(14, drop=4.0, spread=3.0)
    fit = interruption.ols(unit * (y - 80), time, ImpactModel((Interruption(2007, slope=False),)))
    rows = fit.design.matrix[7:]

    def ratio(estimate):
        return (rows[:, 2:] @ estimate[2:]).sum() / (rows[:, :2] @ estimate[:2]).sum()

    found = interruption.cumulative_effect(fit)
    assert found.relative.estimate == pytest.approx(100 * ratio(fit.estimate))
    assert found.relative.se == pytest.approx(100 * spread_of(ratio, fit), rel=1e-5)
    assert (found.relative.term, found.relative.scale) == ("relative effect", "percent")
    assert (found.relative.p, found.relative.df) == (found.absolute.p, 11)
    assert (found.absolute.term, found.absolute.scale) == ("effect", "units")


@pytest.mark.parametrize("unit", [1.0, 0.001])
def test_an_effect_off_the_observed_values_by_hand(unit):
    y, time = noisy(14, drop=20.0, spread=3.0)
    y *= unit
    fit = replace(interruption.ols(y, time, model(14)), anchored=True)
    rows, seen = fit.design.matrix[7:] * [0, 0, 1, 1], y[7:].sum()
    table = interruption.counterfactual(fit)
    effects = [fit.contrast(row) for row in fit.design.matrix * [0, 0, 1, 1]]
    assert table["counterfactual"].to_numpy() == pytest.approx(y - [each.estimate for each in effects])
    assert table["low"].to_numpy() == pytest.approx(y - [each.high for each in effects])
    assert table["high"].to_numpy() == pytest.approx(y - [each.low for each in effects])

    def ratio(estimate):
        effect = (rows @ estimate).sum()
        return effect / (seen - effect)

    found = interruption.cumulative_effect(fit)
    absolute, relative = found.absolute, found.relative
    assert absolute == fit.contrast(rows.sum(axis=0), "effect")
    assert (relative.term, relative.scale, relative.p) == ("relative effect", "percent", absolute.p)
    assert (relative.estimate, relative.se, relative.low, relative.high) == pytest.approx(
        (
            100 * ratio(fit.estimate),
            100 * spread_of(ratio, fit),
            100 * absolute.low / (seen - absolute.low),
            100 * absolute.high / (seen - absolute.high),
        ),
        rel=1e-5,
    )
    # A rise at least as large as all that was seen leaves nothing that it could be a part of.
    huge = interruption.cumulative_effect(replace(fit, estimate=np.array([0.0, 0.0, 1e6, 0.0])))
    assert huge.relative.estimate == np.inf


def test_stacked_series_have_no_single_counterfactual():
    y, time = noisy(16)
    stacked = interruption.controlled(
        y, time, model(16), pd.DataFrame({"a": noisy(16, seed=8)[0]}), method="stacked"
    )
    words = "Stacked series have no single counterfactual: fit the difference from the controls."
    for ask in (interruption.counterfactual, interruption.cumulative_effect):
        with refuses(words):
            ask(stacked)
    with refuses(words):
        interruption.effect_at(stacked, 2010)


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


@pytest.mark.parametrize("unit", [1.0, 0.001])
def test_fieller_limits_are_where_the_t_statistic_is_critical(unit):
    y, time = noisy(20, drop=20.0)
    fit = interruption.ols(unit * y, time, model(20))
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
    assert result.sentence.endswith(
        ". The series cannot be told from one that drifts like a random walk, so the interval is wide. One "
        "series without a control describes what happened and cannot say why."
    )


def test_every_estimator_has_a_counterfactual():
    result = report(20, drop=5.0)
    for fit in result.fits:
        table = result.counterfactual(fit.estimator)
        assert np.isfinite(table.to_numpy()).all()
        assert result.cumulative_effect(fit.estimator).absolute.estimate < 0


def test_unknown_times_and_estimators_are_refused():
    result = report()
    after = "2008, 2009, 2010, 2011, 2012, 2013, 2014, 2015"
    with refuses(f"2001 is not a fitted period after the interruption; those are {after}."):
        result.effect_at(2001)
    names = (
        "REML Kenward-Roger, OLS-t, Newey-West, Prais-Winsten, REML Satterthwaite, REML Kenward-Roger, AR(2)"
    )
    with refuses(f'No estimator "magic" in this report; it has {names}.'):
        result.counterfactual("magic")
    plain = interruption.ols(*noisy(10), ImpactModel())
    with refuses("The model has no interruption, so there is no effect to add up."):
        interruption.cumulative_effect(plain)
    with refuses("2001 is not a fitted period after the interruption; those are none."):
        interruption.effect_at(plain, 2001)
    with refuses('The model has no term "nothing"; it has constant, trend, level change, slope change.'):
        result.leading.coefficient("nothing")


def test_a_named_estimator_answers_with_its_own_fit():
    result = report()
    for fit in result.fits:
        assert result.fit_by(fit.estimator) is fit
        pd.testing.assert_frame_equal(result.counterfactual(fit.estimator), interruption.counterfactual(fit))
        assert result.effect_at(2010, fit.estimator) == interruption.effect_at(fit, 2010)
        assert result.cumulative_effect(fit.estimator) == interruption.cumulative_effect(fit)
    assert result.fit_by() is result.leading


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
