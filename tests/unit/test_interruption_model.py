"""The impact model: its columns by hand, its words, and every bad input refused before a fit."""

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption
from careshift.interruption.axis import calendar_year
from careshift.project import CareshiftError

TIME = np.arange(2010.0, 2020.0)
Y = np.array([5.0, 7, 6, 9, 8, 11, 9, 12, 13, 12])
MODEL = ImpactModel((Interruption(2016, "integration"),), reason="the law came into force", axis="year")


def columns(model, time=TIME, **options):
    design = model.design(time, **options)
    return dict(zip(design.terms, design.matrix.T, strict=True))


def test_level_and_slope_columns_by_hand():
    found = columns(MODEL)
    assert list(found) == ["constant", "trend", "level change", "slope change"]
    assert found["trend"].tolist() == list(range(10))
    assert found["level change"].tolist() == [0] * 6 + [1] * 4
    assert found["slope change"].tolist() == [0] * 6 + [0, 1, 2, 3]


def test_lag_transition_and_pulse_by_hand():
    item = Interruption(2014, lag=1, transition=2, pulse=1, slope_from=1)
    design = ImpactModel((item,)).design(TIME)
    assert design.time.tolist() == [2010, 2011, 2012, 2013, 2014, 2017, 2018, 2019]
    found = dict(zip(design.terms, design.matrix.T, strict=True))
    assert found["level change"].tolist() == [0] * 5 + [1, 1, 1]
    assert found["slope change"].tolist() == [0] * 5 + [1, 2, 3]
    assert found["temporary change"].tolist() == [0] * 5 + [1, 0, 0]


def test_the_slope_is_zero_at_the_date_even_where_that_period_is_missing():
    found = columns(MODEL, np.delete(TIME, 6))
    assert found["slope change"].tolist() == [0] * 6 + [1, 2, 3]


def test_gaps_are_counted_in_steps():
    assert ImpactModel().design(np.array([2000, 2000.25, 2001.0])).gaps.tolist() == [1, 3]
    ragged = ImpactModel().design(np.array([0, 1, 1.013, 2.013, 3.013, 4.013])).gaps
    assert ragged == pytest.approx([1, 0.013, 1, 1, 1])


def test_trend_terms_are_zero_at_the_origin():
    found = columns(ImpactModel(curved=True, origin=2012), TIME[:5])
    assert list(found) == ["constant", "trend", "curvature"]
    assert found["trend"].tolist() == [-2, -1, 0, 1, 2]
    assert found["curvature"].tolist() == [4, 1, 0, 1, 4]


def test_every_transition_is_left_out():
    model = ImpactModel((Interruption(2012, transition=1), Interruption(2016, transition=2)))
    assert model.design(TIME).time.tolist() == [2010, 2011, 2013, 2014, 2015, 2018, 2019]


def test_a_moved_model_differs_in_its_dates_only():
    items = (Interruption(2012, "first", lag=1), Interruption(2016, slope=False))
    found = ImpactModel(items, "a plan", axis="year").moved(2)
    wanted = (Interruption(2014, "first", lag=1), Interruption(2018, slope=False))
    assert found == ImpactModel(wanted, "a plan", axis="year")


def test_what_is_just_enough_is_taken():
    assert ImpactModel(period=12).harmonics == 0
    assert columns(ImpactModel((Interruption(2011),)))["level change"].tolist() == [0] + [1] * 9
    problem = interruption.prepare(Y[:6], TIME[:6], ImpactModel((Interruption(2013),)))
    assert problem.residual_df == 2


@pytest.mark.parametrize("size", [1e-8, 1e8])
def test_the_unit_of_a_series_does_not_decide_whether_it_can_be_estimated(size):
    assert interruption.prepare(size * Y, TIME, MODEL).residual_df == 6
    with pytest.raises(CareshiftError, match="fits every point exactly"):
        interruption.prepare(size * (3 + 0.1 * (TIME - 2010) - 2 * (TIME >= 2016)), TIME, MODEL)


def test_the_unit_of_a_regressor_does_not_decide_whether_it_can_be_told_apart():
    other = pd.DataFrame({"cells": 1e18 * np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3])})
    assert interruption.prepare(Y, TIME, MODEL, other).residual_df == 5


def test_two_interruptions_are_told_apart_by_label():
    model = ImpactModel((Interruption(2013, "first"), Interruption(2016)), axis="fiscal year")
    assert "level change (first)" in columns(model)
    assert "slope change (2016/17)" in columns(model)


def test_the_full_fourier_set_has_one_column_fewer_than_its_period():
    seasonal = [name for name in columns(ImpactModel(harmonics=6, period=12), np.arange(36.0)) if " " in name]
    assert len(seasonal) == 11
    assert "sin 6" not in seasonal


def test_words_say_where_time_zero_is_and_why():
    text = MODEL.text()
    assert "Interruption at 2016 (integration)" in text
    assert "slope term is 0 at 2016" in text
    assert "the law came into force" in text
    left_out = ImpactModel((Interruption(2014, lag=1, transition=2),), axis="year").text()
    assert "from 2015 to before 2017 are left out" in left_out
    assert "No reason was stated" in left_out
    assert "the level at the first period" in left_out
    assert "the level at 2000" in ImpactModel(origin=2000, axis="year").text()


def test_the_words_of_a_model_with_everything_and_of_one_with_little():
    item = Interruption(2014, "the law", lag=1, transition=2, pulse=3, slope_from=1)
    season = {"harmonics": 2, "period": 12}
    full = ImpactModel((item,), "a plan", curved=True, origin=1999, axis="fiscal year", **season)
    assert full.text() == (
        "Interruption at 2014/15 (the law): change of level and slope and level for 3 periods only from "
        "2017/18 (a lag of 1). The slope term is 1 at 2017/18. Periods from 2015/16 to before 2017/18 are "
        "left out. Underneath lies a quadratic trend and 2 harmonics of a cycle of 12; the constant is the "
        "level at 1999/00. Reason: a plan"
    )
    two = (Interruption(2014, slope=False), Interruption(2016, level=False))
    assert ImpactModel(two).text() == (
        "Interruption at 2014: change of level from 2014. Interruption at 2016: change of slope from 2016. "
        "The slope term is 0 at 2016. Underneath lies a straight trend; the constant is the level at the "
        "first period. No reason was stated before the fit."
    )
    assert ImpactModel(trend=False).text() == (
        "Underneath lies no trend; the constant is the level at the first period. "
        "No reason was stated before the fit."
    )


def test_a_model_cannot_be_changed_once_it_is_made():
    items = [Interruption(2016)]
    model = ImpactModel(items)
    items.append(Interruption(2018))
    assert len(model.interruptions) == 1
    with pytest.raises(FrozenInstanceError):
        model.reason = "found afterwards"


def test_time_labels_go_there_and_back():
    for read, axis, label in (
        (interruption.fiscal_years, "fiscal year", "1999/00"),
        (interruption.quarters, "quarter", "2017Q3"),
        (interruption.months, "month", "2018-04"),
    ):
        assert interruption.time_label(read([label])[0], axis) == label
    assert np.diff(interruption.quarters(["2017Q4", "2018Q1"])) == 1
    assert interruption.fiscal_years(["2006/07", "2007-2008", " 1999/00 "]).tolist() == [2006, 2007, 1999]


@pytest.mark.parametrize(
    ("value", "axis", "year"),
    [
        (2020, None, 2020),
        (2020.75, "year", 2020),
        (2020, "fiscal year", 2020),
        (4 * 2020, "quarter", 2020),
        (4 * 2020 + 3, "quarter", 2020),
        (12 * 2020 - 1, "month", 2019),
        (12 * 2020 + 11, "month", 2020),
        (-1, "month", -1),
    ],
)
def test_the_calendar_year_of_a_time_by_hand(value, axis, year):
    assert calendar_year(value, axis) == year


@pytest.mark.parametrize(
    ("read", "label", "words"),
    [
        (interruption.fiscal_years, "2006/08", "is not a fiscal year. Write it as 2006/07."),
        (interruption.fiscal_years, "2006", "is not a fiscal year. Write it as 2006/07."),
        (interruption.quarters, "2017Q5", "cannot be read. Write it as 2017Q3."),
        (interruption.months, "2018-13", "cannot be read. Write it as 2018-04."),
    ],
)
def test_labels_that_are_not_periods_are_refused(read, label, words):
    with pytest.raises(CareshiftError) as caught:
        read([label])
    assert str(caught.value) == f'"{label}" {words}'


@pytest.mark.parametrize(
    ("y", "time", "model", "words"),
    [
        (Y[:5], TIME[:5], ImpactModel((Interruption(2013),)), "too few"),
        (Y, TIME, ImpactModel((Interruption(2025),)), "outside the series"),
        (Y, TIME, ImpactModel((Interruption(2010),)), "outside the series"),
        (Y, TIME, ImpactModel((Interruption(2018, lag=3),)), "outside the series"),
        (Y, np.r_[TIME[:9], TIME[8]], MODEL, "comes twice"),
        (Y, TIME[::-1], MODEL, "Sort the series"),
        (np.r_[Y[:9], np.nan], TIME, MODEL, "Value 10 of the series is missing"),
        (np.r_[Y[:9], np.inf], TIME, MODEL, "infinite"),
        (Y, np.r_[TIME[:9], np.nan], MODEL, "time axis is missing"),
        (["a"] * 10, TIME, MODEL, "not a number"),
        ([], [], MODEL, "list of numbers"),
        (Y[:9], TIME, MODEL, "9 values but 10 times"),
        (np.ones(10), TIME, MODEL, "constant"),
        (3 + 0.1 * (TIME - 2010) - 2 * (TIME >= 2016), TIME, MODEL, "fits every point exactly"),
        (Y, TIME, ImpactModel((Interruption(2019),)), "cannot be told apart"),
    ],
)
def test_bad_series_are_refused_before_any_fit(y, time, model, words):
    for estimator in (
        interruption.ols,
        interruption.reml,
        interruption.newey_west,
        interruption.prais_winsten,
        interruption.arima,
        interruption.structural,
        interruption.count_model,
    ):
        with pytest.raises(CareshiftError, match=words):
            estimator(y, time, model)
    with pytest.raises(CareshiftError, match=words):
        interruption.report(y, time, model, unit="days")


@pytest.mark.parametrize(
    "build",
    [
        lambda: ImpactModel((Interruption(2016, level=False, slope=False),)),
        lambda: ImpactModel((Interruption(2016, lag=-1),)),
        lambda: ImpactModel((Interruption(2016), Interruption(2016))),
        lambda: ImpactModel(harmonics=1),
        lambda: ImpactModel(harmonics=7, period=12),
        lambda: ImpactModel().design(TIME, pd.DataFrame({"x": [1.0]})),
        lambda: ImpactModel().design(TIME, pd.DataFrame({"x": [np.nan] * 10})),
        lambda: interruption.ols(Y, TIME, MODEL, regressors=pd.DataFrame({"again": TIME})),
        lambda: interruption.report(Y, TIME, ImpactModel(), unit="days"),
        lambda: interruption.report(Y, TIME, MODEL, unit="days", population=Y),
        lambda: interruption.report(Y, TIME, MODEL, unit="days", confidence=95),
        lambda: interruption.report(Y, TIME, MODEL, unit="days", primary="nothing"),
        lambda: interruption.reml(Y, TIME, MODEL, inference="bayes"),
        lambda: interruption.reml(Y, TIME, MODEL, order=3),
        lambda: interruption.newey_west(Y, TIME, MODEL, lags=10),
        lambda: interruption.prais_winsten(Y[1:], np.delete(TIME, 3), MODEL),
    ],
)
def test_contradictory_settings_are_refused(build):
    with pytest.raises(CareshiftError):
        build()


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: ImpactModel(harmonics=1), "Harmonics need a period, for example 12 for months."),
        (lambda: ImpactModel(harmonics=1, period=0), "Harmonics need a period, for example 12 for months."),
        (
            lambda: ImpactModel(harmonics=1, period=1).design(TIME),
            "A cycle of 1 periods has at most 0 harmonics.",
        ),
        (lambda: ImpactModel(harmonics=4, period=7), "A period of 7 has at most 3.5 harmonics."),
        (
            lambda: ImpactModel((Interruption(2016, level=False, slope=False),)),
            "The interruption at 2016 changes nothing: give it a level or slope.",
        ),
        (
            lambda: ImpactModel((Interruption(2016, pulse=-1),)),
            "The interruption at 2016 has a negative lag, pulse or transition.",
        ),
        (
            lambda: ImpactModel((Interruption(2016, transition=-1),)),
            "The interruption at 2016 has a negative lag, pulse or transition.",
        ),
        (
            lambda: ImpactModel((Interruption(2016), Interruption(2016, "again"))),
            "Two interruptions share one date.",
        ),
        (
            lambda: ImpactModel((Interruption(2019, lag=2),), axis="fiscal year").design(TIME),
            "The interruption at 2019/20 (change from 2021/22) lies outside the series, which runs from "
            "2010/11 to 2019/20.",
        ),
        (
            lambda: ImpactModel().design([2010, 2011, 2012, 2012]),
            "Time 2012 comes twice. Give one value a period.",
        ),
        (
            lambda: ImpactModel().design([2010, 2010.5, 2012, 2011]),
            "Time 2011 comes after a later one. Sort the series by time.",
        ),
        (
            lambda: interruption.prepare(Y[:5], TIME[:5], ImpactModel((Interruption(2013),))),
            "5 points are too few for a model of 4 terms: at least 6 are needed. "
            "Drop a term or find a longer series.",
        ),
        (
            lambda: interruption.prepare(Y, TIME, ImpactModel((Interruption(2019),))),
            "The terms constant, trend, level change, slope change cannot be told apart in this series. "
            "A slope needs two points on each side of its interruption, and a regressor must not repeat a "
            "term.",
        ),
        (
            lambda: interruption.prepare(TIME, TIME, MODEL),
            "The model fits every point exactly: no chance variation is left to judge a change by.",
        ),
        (
            lambda: interruption.prepare(np.ones(10), TIME, MODEL),
            "The series is constant: nothing can be estimated from it.",
        ),
        (
            lambda: interruption.prepare(Y, TIME, MODEL, offset=TIME[1:]),
            "The offset has 9 values but the series 10.",
        ),
        (
            lambda: interruption.prepare(Y, TIME, MODEL, pd.DataFrame({"x": [1.0]})),
            "The regressors have 1 rows but the series 10.",
        ),
        (
            lambda: interruption.prepare(Y, TIME, MODEL, pd.DataFrame({"x": ["a"] * 10})),
            'A value of regressor "x" is not a number.',
        ),
        (
            lambda: interruption.prepare(np.r_[Y[:9], np.inf], TIME, MODEL),
            "Value 10 of the series is missing or infinite. Mend it or leave the period out.",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(build, words):
    with pytest.raises(CareshiftError) as caught:
        build()
    assert str(caught.value) == words


def test_two_interruptions_of_one_name_are_refused() -> None:
    named = "^Two interruptions share one name: give each a label of its own.$"
    for second in (Interruption(2013, "reform"), Interruption(2013)):
        first = Interruption(2007, "reform" if second.label else "2013")
        with pytest.raises(CareshiftError, match=named):
            ImpactModel((first, second))


@pytest.mark.parametrize("name", ["constant", "trend", "level change", "slope change"])
def test_a_regressor_takes_the_place_of_no_term(name) -> None:
    time = np.arange(20.0)
    with pytest.raises(CareshiftError, match=f'A regressor is called "{name}", as a term of the model is'):
        ImpactModel((Interruption(10),)).design(time, pd.DataFrame({name: time % 3}))


@pytest.mark.parametrize("label", ["2006/2107", "2006/1907", "2006/08", "2006/2006"])
def test_a_fiscal_year_ends_in_the_next(label) -> None:
    with pytest.raises(CareshiftError, match="is not a fiscal year"):
        interruption.fiscal_years([label])
