"""What comes into an interrupted time series: rows matched by their index, scales, kinds and dates."""

import datetime as dt
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, checks
from careshift.interruption.words import ratio
from careshift.project import CareshiftError

YEARS = np.arange(2000.0, 2020.0)
MODEL = ImpactModel((Interruption(2010, "the act"),), axis="year")


@pytest.fixture(scope="module")
def weather():
    """A series that follows the weather, with the weather, both by year."""
    rng = np.random.default_rng(3)
    cold = pd.DataFrame({"cold days": rng.normal(30, 5, YEARS.size)}, index=YEARS.astype(int))
    values = 50 + 2 * cold["cold days"].to_numpy() - 3 * (YEARS >= 2010) + rng.standard_normal(YEARS.size)
    return pd.Series(values, index=cold.index), cold


def change(y, time=YEARS, model=MODEL, **options):
    return interruption.report(y, time, model, unit="beds", placebo=False, **options).headline.estimate


# Rows are matched by the index


@pytest.mark.parametrize("of_series", ["index", "times"])
def test_a_regressor_sorted_newest_first_changes_nothing(weather, of_series):
    y, cold = weather
    y = y if of_series == "index" else y.to_numpy()
    wanted = change(y, regressors=cold)
    assert change(y, regressors=cold.iloc[::-1]) == pytest.approx(wanted, rel=1e-9)
    assert interruption.reml(y, YEARS, MODEL, regressors=cold.iloc[::-1]).estimate[2] == pytest.approx(wanted)
    # By row it would be another answer.
    by_row = cold.iloc[::-1].reset_index(drop=True)
    assert abs(change(y.tolist() if of_series == "times" else y, regressors=by_row) - wanted) > 0.5


def test_controls_and_populations_sorted_newest_first_change_nothing(weather):
    y, cold = weather
    controls = cold.rename(columns={"cold days": "Fife"}) + 40
    assert change(y, controls=controls.iloc[::-1]) == pytest.approx(change(y, controls=controls))
    turned = interruption.controlled(y, YEARS, MODEL, controls.iloc[::-1])
    assert turned.estimate == pytest.approx(interruption.controlled(y, YEARS, MODEL, controls).estimate)
    people = pd.Series(np.linspace(900, 1500, 20), index=cold.index)
    options = {"family": "poisson"}
    whole = y.round()
    wanted = change(whole, population=people, **options)
    assert change(whole, population=people.iloc[::-1], **options) == pytest.approx(wanted)


def test_times_with_an_index_are_matched_to_the_series(weather):
    y, _ = weather
    times = pd.Series(YEARS, index=y.index)
    assert change(y, times.iloc[::-1]) == change(y)


def test_rows_of_another_series_are_refused(weather):
    y, cold = weather
    shifted = cold.set_axis(cold.index + 1)
    words = (
        "^The regressors have other rows than the series: 2020 is in only one of them. Give both one index.$"
    )
    for series in (y, y.to_numpy()):
        with pytest.raises(CareshiftError, match=words):
            change(series, regressors=shifted)
    with pytest.raises(CareshiftError, match="The controls have other rows than the series: 2020 "):
        change(y, controls=shifted + 40)


# Kinds


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: ImpactModel(Interruption(2010)),
            "Give the interruptions as a list, also where there is one.",
        ),
        (lambda: ImpactModel((None,)), "None is no interruption: write Interruption(at=...)."),
        (
            lambda: ImpactModel((Interruption("2016-04"),)),
            'The interruption has "2016-04" for its at, where a number of the time axis belongs: '
            'interruption.months(["2016-04"])[0] makes one.',
        ),
        (
            lambda: ImpactModel(harmonics=1.5, period=12),
            "Harmonics are counted: a whole number, not 1.5.",
        ),
        (
            lambda: change(np.sin(YEARS), regressors=pd.Series(YEARS)),
            "Give the regressors as a frame with a named column each, for example x.to_frame().",
        ),
        (
            lambda: change(np.sin(YEARS), controls=pd.Series(YEARS)),
            "Give the controls as a frame with a named column each, for example x.to_frame().",
        ),
        (
            lambda: change(np.sin(YEARS), controls=pd.DataFrame(np.ones((20, 2)), columns=["a", "a"])),
            'Two controls are called "a". Rename one.',
        ),
        (lambda: change(None), "Expected the series as a list of numbers."),
        (lambda: change(np.sin(YEARS), time=None), "Expected the time axis as a list of numbers."),
        (
            lambda: change(np.sin(YEARS), model=None),
            "Give an ImpactModel: what may change, and when, is fixed before the fit.",
        ),
        (
            lambda: interruption.ols(np.sin(YEARS), YEARS, None),
            "Give an ImpactModel: what may change, and when, is fixed before the fit.",
        ),
        (
            lambda: interruption.report(np.sin(YEARS), YEARS, MODEL, unit=None),
            "Give the unit of the series in words, for example beds.",
        ),
        (
            lambda: change(1e200 * np.sin(YEARS)),
            "The largest value of the series is 1e+200, which cannot be computed with. Use another unit.",
        ),
        (
            lambda: change(1e-200 * np.sin(YEARS)),
            "The largest value of the series is 1e-200, which cannot be computed with. Use another unit.",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_in_one_sentence(build, words):
    with pytest.raises(CareshiftError) as refused:
        build()
    assert str(refused.value) == words


def test_a_series_of_months_without_a_season_says_so():
    rng = np.random.default_rng(5)
    time = interruption.months(
        [f"{year}-{month:02d}" for year in (2014, 2015, 2016) for month in range(1, 13)]
    )
    at = interruption.months(["2015-07"])[0]
    plain, seasonal = (
        interruption.report(
            100 + rng.standard_normal(36),
            time,
            ImpactModel((Interruption(at),), axis="month", harmonics=pairs, period=12),
            unit="beds",
            placebo=False,
        )
        for pairs in (0, 1)
    )
    words = "The model has no seasons, although the series is by month"
    assert words in plain.sentence
    assert words not in seasonal.sentence
    assert "although" in dict(plain.checklist.to_numpy())["Seasonality"]


# Controls of another scale


def test_a_control_of_another_scale_is_refused_or_indexed():
    rng = np.random.default_rng(4)
    shared = 60 + 3 * np.sin(YEARS) + rng.standard_normal(20) / 3
    y = shared - 30 * (YEARS >= 2010) + rng.standard_normal(20) / 3
    controls = pd.DataFrame({"England": 100 * shared + rng.standard_normal(20) * 30})
    words = 'Control "England" is of another scale: about 5,'
    with pytest.raises(CareshiftError, match=words):
        change(y, controls=controls)
    result = interruption.report(y, YEARS, MODEL, unit="beds", controls=controls, control_scale="indexed")
    assert result.headline.estimate == pytest.approx(-30, abs=1.5)
    followed = result.controls_before.iloc[0]
    assert followed["factor"] == pytest.approx(0.01, rel=0.01)
    before = YEARS < 2010
    wanted = np.corrcoef(y[before], controls["England"][before])[0, 1]
    assert followed["correlation"] == pytest.approx(wanted)
    told = dict(result.checklist.to_numpy())["How well the controls followed before"]
    assert told.startswith(f"England with a correlation of {wanted:.2f} in level and")
    assert told.endswith("multiplied by 0.00998")


# Dates

DAYS = pd.date_range("2014-01-01", periods=36, freq="MS")


@pytest.mark.parametrize(
    "time",
    [
        DAYS,
        list(DAYS),
        pd.Series(DAYS),
        DAYS.to_period("M"),
        pd.Series(DAYS.to_period("M")),
        DAYS.to_numpy(),
        [day.date() for day in DAYS],
        DAYS.strftime("%Y-%m").tolist(),
        DAYS.strftime("%Y-%m"),
    ],
)
def test_dates_are_refused_and_made_numbers_of_by_name(time):
    y = 100 + np.random.default_rng(1).standard_normal(36)
    with pytest.raises(CareshiftError, match="The times are dates or texts"):
        change(y, time)
    numbers = interruption.months(time)
    assert numbers.tolist() == list(range(2014 * 12, 2017 * 12))
    model = ImpactModel((Interruption(interruption.months([dt.date(2015, 7, 1)])[0]),), axis="month")
    assert np.isfinite(change(y, numbers, model))


def test_dates_as_quarters():
    wanted = interruption.quarters(["2017Q3", "2017Q4"]).tolist()
    for given in (["2017-08-31", "2017-10-01"],):
        assert interruption.quarters(list(pd.to_datetime(given))).tolist() == wanted
    assert interruption.quarters(pd.PeriodIndex(["2017Q3", "2017Q4"], freq="Q")).tolist() == wanted
    with pytest.raises(CareshiftError, match="a missing date"):
        interruption.months([pd.NaT])


@pytest.mark.parametrize("decimals", [3, 4, 12])
def test_months_as_decimal_years_are_even_and_have_seasons(decimals):
    # The same series by month and in decimal years, rounded as people write them.
    rng = np.random.default_rng(8)
    month = np.arange(60.0)
    y = 100 + 5 * np.sin(2 * np.pi * month / 12) - 4 * (month >= 31) + rng.standard_normal(60)
    by_month = ImpactModel((Interruption(31),), harmonics=2, period=12)
    years = np.round(2015 + month / 12, decimals)
    by_year = ImpactModel((Interruption(2015 + 31 / 12),), harmonics=2, period=1)
    fit = interruption.reml(y, years, by_year)
    assert fit.design.is_evenly_spaced
    wanted = interruption.reml(y, month, by_month)
    assert fit.coefficient("level change").estimate == pytest.approx(
        wanted.coefficient("level change").estimate, abs=0.02
    )
    everything = ImpactModel((Interruption(2015 + 31 / 12),), harmonics=6, period=1)
    assert len(everything.design(years).terms) == 4 + 11
    with pytest.raises(CareshiftError, match="A cycle of 12 periods has at most 6 harmonics"):
        ImpactModel(harmonics=7, period=1).design(years)


# The pandemic


def test_the_pandemic_is_named_only_on_a_calendar():
    y = 100 + np.random.default_rng(2).standard_normal(20)
    time = np.arange(2010.0, 2030.0)
    named, unnamed = (
        interruption.report(
            y, time, ImpactModel((Interruption(2020),), axis=axis), unit="beds", placebo=False
        )
        for axis in ("year", None)
    )
    assert "the first year of the pandemic" in named.sentence
    assert "pandemic" not in unnamed.sentence
    assert dict(unnamed.checklist.to_numpy())["Other events at the time"] == "see the text"


# Long series


def test_ten_years_of_days_are_answered_without_a_matrix_of_days_by_days():
    points = 3650
    y = 50 + np.random.default_rng(1).standard_normal(points)
    tracemalloc.start()
    result = interruption.report(
        y, np.arange(float(points)), ImpactModel((Interruption(2000),)), unit="beds", placebo=False
    )
    assert result.sentence
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # One matrix of points by points alone would take 107 million bytes.
    assert highest < 60e6
    assert any("AR(2) is left out" in words for words in result.left_out)


def test_of_many_placebo_dates_two_hundred_are_tried():
    y = 50 + np.random.default_rng(1).standard_normal(260)
    model = ImpactModel((Interruption(250, slope=False),))
    table = checks.placebo_dates(checks.Analysis(y, np.arange(260.0), model, interruption.ols))
    dates = table["time"].unique()
    assert len(dates) == 200
    assert (dates[0], dates[-1]) == (3, 247)


# Digits


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.00248, "1.0025"),
        (0.99752, "0.9975"),
        (1.004614, "1.0046"),
        (0.894, "0.894"),
        (1.0, "1.00"),
        (2, "2.00"),
    ],
)
def test_a_ratio_near_one_is_told_from_one(value, words):
    assert ratio(value) == words
