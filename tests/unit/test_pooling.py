"""Areas pooled in part: the analysis of variance agrees by hand, and the intervals hold their share."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from careshift import pooling, tables
from careshift.project import CareshiftError
from careshift.topics import councils_together, delayed_discharge

AREAS, TIMES, AT = 32, 8, 4
AFTER = np.arange(TIMES) >= AT


def made(rng: np.random.Generator, shock: float, move: float = 1.0, draws: int = 1) -> np.ndarray:
    """Return panels (draws, times, areas) in which nothing changes on average."""
    level = 3 * rng.standard_normal((draws, 1, AREAS))
    moved = move * rng.standard_normal((draws, 1, AREAS)) * AFTER[None, :, None]
    common = shock * rng.standard_normal((draws, TIMES, 1))
    return level + moved + common + rng.standard_normal((draws, TIMES, AREAS))


def long(values: np.ndarray) -> pd.DataFrame:
    wide = pd.DataFrame(values, index=range(TIMES), columns=[f"a{n:02d}" for n in range(values.shape[1])])
    return wide.rename_axis("time").reset_index().melt("time", var_name="area")


def by_hand(panels: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return estimate, standard error, degrees of freedom and share of shocks, from mean squares."""
    areas = panels.shape[2]
    side = np.stack([panels[:, ~AFTER].mean(1), panels[:, AFTER].mean(1)])
    own = side[1] - side[0]
    left = panels - np.where(AFTER[None, :, None], side[1][:, None], side[0][:, None])
    years = left.mean(2)
    of_years = areas * (years**2).sum(1) / (TIMES - 2)
    of_moves = own.var(1, ddof=1) * TIMES / 4
    of_error = ((left - years[:, :, None]) ** 2).sum((1, 2)) / ((areas - 1) * (TIMES - 2))
    parts = np.stack([of_years, of_moves, -of_error]) * 4 / TIMES / areas
    rest = np.array([TIMES - 2, areas - 1, (areas - 1) * (TIMES - 2)])[:, None]
    df = parts.sum(0) ** 2 / (parts**2 / rest).sum(0)
    shock = (of_years - of_error) / areas
    return own.mean(1), np.sqrt(parts.sum(0)), df, shock / (shock + of_error)


def test_the_mixed_model_is_the_analysis_of_variance_of_a_balanced_panel():
    panels = made(np.random.default_rng(4), shock=0.8)
    estimate, se, df, share = (part[0] for part in by_hand(panels))
    fit = pooling.mean_change(long(panels[0]), AT, 0.9)
    assert fit.estimate == pytest.approx(estimate, rel=1e-6)
    assert fit.se == pytest.approx(se, rel=5e-3)
    assert fit.df == pytest.approx(df, rel=1e-2)
    assert fit.witnesses == pytest.approx(AREAS / (1 + (AREAS - 1) * share), rel=1e-2)
    assert fit.high - fit.estimate == pytest.approx(stats.t.ppf(0.95, fit.df) * fit.se)
    assert fit.se_if_independent < fit.se


def test_intervals_with_common_shocks_hold_their_share_and_those_without_do_not():
    estimate, se, df, _ = by_hand(made(np.random.default_rng(11), shock=0.6, draws=4000))
    assert 93 < 100 * np.mean(np.abs(estimate) < stats.t.ppf(0.975, df) * se) < 98
    panels = made(np.random.default_rng(11), shock=0.6, draws=4000)
    own = panels[:, AFTER].mean(1) - panels[:, ~AFTER].mean(1)
    alone = stats.t.ppf(0.975, AREAS - 1) * own.std(1, ddof=1) / np.sqrt(AREAS)
    assert 100 * np.mean(np.abs(own.mean(1)) < alone) < 80


def test_a_true_change_of_the_reported_size_is_found_four_times_in_five():
    estimate, se, df, _ = by_hand(made(np.random.default_rng(5), shock=0.6, draws=4000))
    least = np.median([pooling._detectable(part, 0.95) for part in df[:400]])
    true = least * estimate.std()
    assert 77 < 100 * np.mean(np.abs(estimate + true) > stats.t.ppf(0.975, df) * se) < 83


def test_areas_are_drawn_to_the_mean_and_one_that_moved_apart_is_seen():
    values = made(np.random.default_rng(7), shock=0.5, move=0.2)[0]
    values[AFTER, 3] += 6
    fit = pooling.mean_change(long(values), AT)
    row = fit.areas.set_index("area").loc["a03"]
    assert fit.estimate < row["pooled"] < row["own"]
    assert row["low"] > 0
    assert row["apart"] == pytest.approx(row["pooled"] - fit.estimate)


def test_what_cannot_be_pooled_is_refused():
    panel = long(made(np.random.default_rng(1), shock=0.5)[0])
    with pytest.raises(CareshiftError, match="every area at every time"):
        pooling.mean_change(panel.drop(index=5), AT)
    with pytest.raises(CareshiftError, match="two times before"):
        pooling.mean_change(panel, 1)


@pytest.fixture(scope="module")
def rates() -> pd.DataFrame:
    read = tables.read("delayed_discharge_75plus"), tables.read("population_areas")
    return delayed_discharge.council_rates(*read, 2012, 2019)


def test_councils_together_and_what_a_fall_everywhere_does_to_the_words(rates):
    fit = pooling.mean_change(rates, 2016)
    assert "fell by 59 a year" in councils_together.in_words(fit)
    assert "from a fall of 208 to a rise of 90" in councils_together.in_words(fit)
    assert "no evidence of no effect" in councils_together.in_words(fit)
    assert "no change beyond chance" in councils_together.title(fit, 2016)
    lower = rates.assign(value=rates["value"] - 300 * (rates["time"] >= 2016))
    turned = pooling.mean_change(lower, 2016)
    assert turned.estimate == pytest.approx(fit.estimate - 300)
    assert turned.se == pytest.approx(fit.se, rel=1e-3)
    assert "more than chance alone" in councils_together.in_words(turned)
    assert "fell beyond chance" in councils_together.title(turned, 2016)


def test_options_stand_beside_the_rule_and_only_options_are_counted(rates):
    table = councils_together.options(rates, 2016)
    assert table["option"].iloc[0] == "as prespecified"
    assert table.set_index("option").loc["placebo: 2014/15, years before only", "low"] < 0
    words = councils_together.robust_words(table)
    assert words.startswith(
        "Over 6 options the change goes from a fall of 16.4 % to a fall of 7.7 %; 1 of them"
    )
    others = table["option"].str.startswith(("placebo", "as if"))
    assert councils_together.robust_words(table.assign(low=table["low"].mask(others, 1.0))) == words
    assert "; 6 of them" in councils_together.robust_words(table.assign(low=1.0))
    few = councils_together.options(rates, 2014)["option"]
    assert not few.str.startswith("placebo").any(), "two years before the date leave no other date"
