"""Synthetic controls against a published one, against another optimiser, and against sums done by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from careshift import synthetic_control
from careshift.project import CareshiftError

STATA = {
    "weights": {"Colorado": 0.161, "Connecticut": 0.068, "Montana": 0.202, "Nevada": 0.235, "Utah": 0.334},
    "gaps": {1989: -7.5945, 1993: -17.7897, 1997: -23.9123, 2000: -25.755},
    "mean gap": -19.0018,
}
"""The published case of Proposition 99 as synth2 2.1.0 for Stata prints it, read on 29 November 2026 in
content/post/stata_sc/results_report.md of github.com/cmg777/starter-academic-v501."""


@pytest.fixture(scope="module")
def walks():
    """Give a panel of eight areas that wander, 2000 to 2011; the first is a mean of two others until 2007."""
    chance = np.random.default_rng(3)
    names = list("abcdefgh")
    panel = pd.DataFrame(chance.normal(size=(12, 8)).cumsum(axis=0) + 50, range(2000, 2012), names)
    panel.loc[:2007, "a"] = 0.3 * panel["b"] + 0.7 * panel["c"]
    return panel


@pytest.fixture(scope="module")
def cigarettes(benchmarks_folder):
    """Give cigarette sales by state and year, and the predictors of the published synthetic California."""
    data = pd.read_stata(benchmarks_folder / "cigsales.dta")
    sales = data.pivot(index="year", columns="state", values="cigsale").astype(float)
    eighties = data[data["year"].between(1980, 1988)].groupby("state")
    predictors = eighties[["lnincome", "retprice", "age15to24"]].mean().astype(float)
    predictors["beer"] = data[data["year"].between(1984, 1988)].groupby("state")["beer"].mean()
    lags = {f"sales {year}": sales.loc[year] for year in (1975, 1980, 1988)}
    predictors = predictors.assign(**lags)
    return sales, ((predictors - predictors.mean()) / predictors.std()).T


def test_a_mean_of_two_donors_is_found_again(walks):
    fit = synthetic_control.fit(walks, "a", 2008, 2011, demean=False)
    assert fit.weights[["b", "c"]].tolist() == pytest.approx([0.3, 0.7], abs=1e-3)
    assert fit.fit_error == pytest.approx(0, abs=1e-3)


def test_no_other_optimiser_finds_a_nearer_mean():
    chance = np.random.default_rng(5)
    treated, donors = chance.normal(size=9), chance.normal(size=(9, 6))

    def loss(weights):
        return np.square(treated - donors @ weights).sum() + 0.5 * np.square(weights).sum()

    ours = synthetic_control.weights(treated, donors, 0.5)
    theirs = minimize(
        loss,
        np.full(6, 1 / 6),
        bounds=[(0, 1)] * 6,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14},
    )
    assert ours == pytest.approx(theirs.x, abs=1e-5)
    assert ours.sum() == pytest.approx(1, abs=1e-12)
    assert ours.min() >= 0


def test_with_levels_taken_out_a_levels_shift_changes_nothing(walks):
    moved = walks + pd.Series(range(0, 800, 100), walks.columns)
    gaps = [synthetic_control.fit(panel, "d", 2006, 2011).gap for panel in (walks, moved)]
    assert gaps[0].to_numpy() == pytest.approx(gaps[1].to_numpy(), abs=1e-3)


@pytest.mark.parametrize("penalty", ["least", "noise", "equal"])
def test_an_effect_put_in_after_the_date_is_found_whole(walks, penalty):
    changed = walks.copy()
    changed.loc[2008:, "a"] += 4
    found = [
        synthetic_control.fit(panel, "a", 2008, 2011, penalty=penalty).mean_gap for panel in (walks, changed)
    ]
    assert found[1] - found[0] == pytest.approx(4)


def test_the_treated_area_is_no_placebos_donor_and_its_share_counts_itself(walks):
    changed = walks.copy()
    changed.loc[2008:, "a"] += 1000
    gaps = synthetic_control.placebo_gaps(changed, "a", 2008, 2011)
    assert gaps.drop(columns="a").abs().to_numpy().max() < 100
    rows = synthetic_control.placebos(gaps, 2008, 2011)
    assert rows["unit"].tolist() == list("abcdefgh")
    assert rows["share_gap"].iloc[0] == rows["share_ratio"].iloc[0] == 1 / 8


def test_reach_and_detectable_by_hand():
    gaps = pd.Series([9.0, *range(-10, 9)])  # the treated area's, then 19 placebos: -10 to 8
    assert synthetic_control.reach(gaps, 0.95) == 10
    assert synthetic_control.reach(gaps, 0.9) == 9
    assert synthetic_control.reach(gaps, 0.96) == np.inf
    # 80 % of 19 are 16 (15.2 rounded up): upwards the 16th easiest is -7 and needs 17, downwards 5 needs 15
    assert synthetic_control.detectable(gaps, 0.95) == 17


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "z"}, "no area z"),
        ({"donors": ["b", "y"]}, "no area y"),
        ({"start": 2001}, "two periods before 2001"),
        ({"start": 2012, "last": 2013}, "one from then to 2013"),
    ],
)
def test_a_panel_that_cannot_be_used_is_refused(walks, change, message):
    with pytest.raises(CareshiftError, match=message):
        synthetic_control.fit(walks, **{"unit": "a", "start": 2008, "last": 2011} | change)


def test_missing_values_and_wrong_shapes_are_refused(walks):
    with pytest.raises(CareshiftError, match="finite value"):
        synthetic_control.fit(walks.replace(walks.loc[2003, "d"], np.nan), "a", 2008, 2011)
    with pytest.raises(CareshiftError, match="one row a period"):
        synthetic_control.weights(np.ones(3), np.ones((4, 2)))
    with pytest.raises(CareshiftError, match="one row a period"):
        synthetic_control.weights(np.ones(3), np.ones((3, 0)))


def test_proposition_99_by_outcomes_alone_as_printed(cigarettes):
    """Stata's sdid gives -19.48 and -27.35 (carlos-mendez.org/post/stata_sdid, read 2026-11-29)."""
    sales, _ = cigarettes

    def found(**how):
        return synthetic_control.fit(sales, "California", 1989, 2000, **how)

    assert found(demean=False).mean_gap == pytest.approx(-19.48, abs=0.05)
    assert round(found(penalty="equal").mean_gap, 2) == -27.35


def test_proposition_99_weights_and_gap_as_printed(cigarettes):
    """Weights from seven predictors, each as important as makes past sales fit best, from a stated start.

    The abstract of 2010 says that sales were about 26 packs lower in 2000.
    """
    sales, predictors = cigarettes
    past, own = sales.loc[:1988].drop(columns="California"), sales.loc[:1988, "California"]
    target, pool = predictors["California"].to_numpy(), predictors[past.columns].to_numpy()

    def loss(weights):
        return float(np.square(own - past.to_numpy() @ weights).mean())

    def weighted(logs):
        return synthetic_control.weights(target, pool, importance=np.exp(logs))

    start = np.log([1, 1, 1, 1, 30, 30, 3])
    limits = [(-9, 9)] * len(start)
    best = minimize(lambda logs: loss(weighted(logs)), start, method="Powell", bounds=limits, tol=1e-3)
    found = weighted(best.x)
    printed = pd.Series(STATA["weights"]).reindex(past.columns, fill_value=0.0).to_numpy()
    assert loss(found) <= loss(printed) + 0.005, "past sales are followed as closely as Stata follows them"
    assert found == pytest.approx(printed, abs=0.01)
    gap = sales["California"] - sales[past.columns] @ found
    assert gap[list(STATA["gaps"])].tolist() == pytest.approx(list(STATA["gaps"].values()), abs=0.1)
    assert gap.loc[1989:].mean() == pytest.approx(STATA["mean gap"], abs=0.1)
    assert round(gap[2000]) == -26
