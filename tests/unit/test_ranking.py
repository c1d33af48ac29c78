"""Ranks and their confidence sets, and how far one year's figure moves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careshift import ranking
from careshift.project import CareshiftError

AREAS = [f"a{n:02d}" for n in range(32)]
numbers = st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=2, max_size=20)


def test_two_areas_far_apart_and_two_close_together():
    values = pd.Series({"high": 100.0, "middle": 50.0, "close": 49.0, "low": 10.0})
    found = ranking.ranks(values, pd.Series(2.0, index=values.index))
    assert found.loc["high"].tolist() == [1, 1, 1]
    assert found.loc["middle"].tolist() == [2, 2, 3]
    assert found.loc["close"].tolist() == [3, 2, 3]
    assert found.loc["low"].tolist() == [4, 4, 4]


def test_without_error_a_rank_is_certain_and_ties_share_the_better_one():
    values = pd.Series({"a": 3.0, "b": 2.0, "c": 2.0, "d": 1.0})
    found = ranking.ranks(values, pd.Series(0.0, index=values.index))
    assert found["rank"].tolist() == [1, 2, 2, 4]
    assert found.loc["b", ["first", "last"]].tolist() == [2, 3]


def test_an_area_without_a_figure_has_no_rank_and_takes_none():
    values = pd.Series({"a": 3.0, "b": float("nan"), "c": 1.0})
    found = ranking.ranks(values, pd.Series(0.1, index=values.index))
    assert list(found.index) == ["a", "c"]
    assert found["last"].max() == 2


@given(numbers, st.floats(0, 100))
def test_the_set_holds_the_rank_and_grows_with_the_error(values, error):
    series = pd.Series(values)
    found = ranking.ranks(series, pd.Series(error, index=series.index))
    wider = ranking.ranks(series, pd.Series(error + 1, index=series.index))
    assert ((found["first"] <= found["rank"]) & (found["rank"] <= found["last"])).all()
    assert (wider["first"] <= found["first"]).all()
    assert (wider["last"] >= found["last"]).all()
    assert found["last"].max() <= len(values)


def test_the_sets_hold_the_true_ranks_as_often_as_they_say():
    """32 areas, some of them close together: all but about one in twenty sets hold the true rank."""
    random = np.random.default_rng(3)
    truth = pd.Series(np.sort(random.normal(0, 1, 32))[::-1].copy(), index=AREAS)
    error = pd.Series(random.uniform(0.1, 0.6, 32), index=AREAS)
    true = pd.Series(np.arange(1, 33), index=AREAS)
    held = []
    for _ in range(200):
        found = ranking.ranks(truth + random.normal(0, error), error, 0.95)
        held.append(((found["first"] <= true) & (true <= found["last"])).to_numpy())
    assert np.mean(held, axis=0).min() > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 200)


def moving(size: pd.Series, shared: float, own: float, years: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    error = np.sqrt(shared + own / size.to_numpy())[:, None]
    level = random.normal(100, 20, (len(size), 1))
    return pd.DataFrame(level + error * random.normal(size=(len(size), years)), index=size.index)


def test_the_spread_is_found_again_in_made_series():
    size = pd.Series(np.geomspace(2e4, 5e5, 32), index=AREAS)
    values = moving(size, 4.0, 4e5, 400, 5)
    national = pd.Series(0.0, index=values.columns)
    found = ranking.spread_of_one_year(values, national, size)
    assert found.to_numpy() == pytest.approx(np.sqrt(4 + 4e5 / size).to_numpy(), rel=0.06)


def test_what_moves_in_the_whole_country_is_no_spread():
    size = pd.Series([1e4, 1e5, 1e6], index=["a", "b", "c"])
    national = pd.Series([10.0, 40.0, 5.0, 90.0])
    values = pd.DataFrame(dict.fromkeys(size.index, national + 3)).T
    assert (ranking.spread_of_one_year(values, national, size) == 0).all()


@pytest.mark.parametrize(("shared", "own"), [(0.0, 1e6), (9.0, 0.0)])
def test_a_part_that_is_not_there_is_left_out_rather_than_negative(shared, own):
    size = pd.Series(np.geomspace(2e4, 5e5, 32), index=AREAS)
    for seed in range(8):
        values = moving(size, shared, own, 6, seed)
        found = ranking.spread_of_one_year(values, pd.Series(0.0, index=values.columns), size)
        assert (found > 0).all()
        assert found.is_monotonic_decreasing


def test_one_year_alone_says_nothing_about_its_spread():
    values = pd.DataFrame({0: [1.0, 2.0]}, index=["a", "b"])
    with pytest.raises(CareshiftError, match="two years"):
        ranking.spread_of_one_year(values, pd.Series([1.5]), pd.Series({"a": 10, "b": 20}))


@pytest.mark.parametrize(
    ("value", "where"),
    [(10.0, "alike"), (11.9, "alike"), (12.1, "above"), (13.2, "far above"), (6.8, "far below")],
)
def test_the_funnel_has_two_limits(value, where):
    assert ranking.against(value, 10.0, 1.0) == where
