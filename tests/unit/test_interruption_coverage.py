"""The coverage study: its table meets the design, a rerun of a part agrees, and a run can be resumed."""

import numpy as np
import pandas as pd
import pytest

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, coverage
from careshift.interruption.coverage import Cell, many, single
from careshift.interruption.coverage.study import STUDIES, main
from careshift.project import DATA, ROOT

TABLE = DATA / "interrupted_time_series_coverage.csv"
OTHERS = DATA / "interrupted_time_series_coverage_others.csv"
KEYS = coverage.KEYS


@pytest.fixture(scope="session")
def committed():
    return pd.read_csv(TABLE)


@pytest.fixture(scope="session")
def others():
    return pd.read_csv(OTHERS)


def effects_of(cells):
    return sum(len(cell.design.effects) for cell in cells)


def test_the_tables_have_every_cell_once(committed, others):
    assert len(committed) == effects_of(coverage.linear_cells()) * 6
    assert (committed["draws"] == 10_000).all()
    methods = [cell for cell in coverage.other_cells() for _ in single.estimators(cell)]
    assert len(others) == effects_of(methods)
    assert (others["draws"] == 400).all()
    for table in (committed, others):
        assert not table.duplicated(KEYS).any()
        assert (table["seed"] == coverage.SEED).all()
        share = table["coverage"] / 100
        error = 100 * np.sqrt(share * (1 - share) / table["draws"])
        assert table["monte_carlo_error"].to_numpy() == pytest.approx(error.to_numpy(), abs=2e-3)


@pytest.mark.parametrize(
    ("points", "term", "least"),
    [
        ((10, 12), "level change", 94),
        ((10, 12), "slope change", 90),
        ((17,), "level change", 94),
        ((17,), "slope change", 92),
        ((48, 60), "level change", 94),
        ((48, 60), "slope change", 94),
    ],
)
def test_kenward_roger_covers_as_the_design_asks(committed, points, term, least):
    total = committed["points_before"] + committed["points_after"]
    rows = committed[
        total.isin(points)
        & (committed["errors"] == "AR(1)")
        & (committed["method"] == "REML Kenward-Roger")
        & (committed["term"] == term)
    ]
    assert len(rows) == 5 * len({*zip(rows["points_before"], rows["points_after"], strict=True)}) > 0
    assert rows["coverage"].min() >= least
    assert rows["coverage"].max() <= 97


def test_the_other_estimators_fail_on_autocorrelated_series(committed):
    worst = committed[committed["errors"] == "AR(1)"].groupby("method")["coverage"].min()
    assert worst["OLS-t"] < 50
    assert worst["Newey-West"] < 55
    assert worst["Prais-Winsten"] < 60


def test_kenward_roger_fails_off_its_model_and_the_table_shows_it(committed):
    ours = committed[committed["method"] == "REML Kenward-Roger"]
    worst = ours.groupby("errors")["coverage"].min()
    assert worst["AR(2)"] < 85
    assert worst["curved trend"] < 20


def test_two_interruptions_in_fourteen_points_are_covered_at_the_price_of_width(committed):
    rows = committed[(committed["errors"] == "two interruptions") & (committed["points_before"] == 5)]
    by_method = rows.set_index(["method", "phi", "term"])
    ours, plain = by_method.loc["REML Kenward-Roger"], by_method.loc["OLS-t"]
    assert ours["coverage"].min() > 90
    assert plain["coverage"].min() < 70
    assert (ours["median_half_width"] > 1.5 * plain["median_half_width"]).all()


def test_what_takes_the_autocorrelation_for_known_or_absent_fails_and_the_table_shows_it(others):
    strong = others[(others["phi"] == 0.8) & (others["points_before"] == 24)]
    worst = strong[strong["errors"] != "AR(2)"].groupby("method")["coverage"].min()
    assert worst["Quasi-poisson"] < 60
    assert worst["Negative-binomial"] < 60
    assert worst["Quasi-poisson, robust"] < 75
    assert 85 < worst["REML Kenward-Roger of the log rate"] < 92
    assert worst["ARIMA(1, 0, 0)"] < 90


def test_two_coefficients_repair_longer_swings_in_long_series(committed, others):
    second = others[(others["errors"] == "AR(2)") & (others["points_before"] == 24)]
    first = committed[
        (committed["errors"] == "AR(2)")
        & (committed["points_before"] == 24)
        & (committed["method"] == "REML Kenward-Roger")
    ]
    assert first["coverage"].min() < 85
    assert second["coverage"].min() > 93


@pytest.mark.parametrize(
    "cell",
    [
        Cell(5, 5, 0.8, "AR(1)"),
        Cell(12, 5, 0.4, "AR(2)"),
        Cell(24, 24, 0.6, "curved trend"),
        Cell(5, 9, 0.8, "two interruptions"),
    ],
    ids=str,
)
def test_a_rerun_of_a_part_agrees_within_monte_carlo_error(committed, cell):
    rerun = coverage.run_cell(cell, draws=600, seed=99)
    both = coverage.compare(
        rerun.assign(monte_carlo_error=rerun["monte_carlo_error"].clip(lower=0.4)), committed
    )
    assert len(both) == 6 * len(cell.design.effects)
    assert both["apart"].max() < 4


@pytest.mark.parametrize("cell", [Cell(24, 24, 0.8, "counts"), Cell(12, 5, 0.4, "AR(2)")], ids=str)
def test_a_rerun_of_a_part_of_the_others_agrees(others, cell):
    rerun = coverage.run_cell(cell, draws=60, seed=99, name="others")
    both = coverage.compare(rerun.assign(monte_carlo_error=rerun["monte_carlo_error"].clip(lower=3)), others)
    assert len(both) == 2 * len(single.estimators(cell))
    assert both["apart"].max() < 4


def test_a_wrong_standard_error_would_be_seen(committed):
    # Were the table of another engine, the same comparison turns red.
    rerun = coverage.run_cell(Cell(24, 24, 0.8, "AR(1)"), draws=600, seed=99)
    swapped = committed.replace({"method": {"OLS-t": "REML Kenward-Roger", "REML Kenward-Roger": "OLS-t"}})
    assert coverage.compare(rerun, swapped)["apart"].max() > 10


def test_the_study_runs_the_estimators_of_the_book():
    cell = Cell(6, 6, 0.6, "AR(1)")
    series = cell.draw(5, seed=4)
    time, model = np.arange(12.0), ImpactModel((Interruption(6),))
    found, _ = many.intervals(cell, series)
    for number in range(5):
        y = series[:, number]
        fits = [
            interruption.ols(y, time, model),
            interruption.newey_west(y, time, model),
            interruption.prais_winsten(y, time, model),
            interruption.reml(y, time, model),
            interruption.reml(y, time, model, inference="satterthwaite"),
        ]
        for fit in fits:
            estimate, se, df = (part[number] for part in found[fit.estimator])
            assert estimate == pytest.approx(fit.estimate[2:], rel=1e-4, abs=1e-6)
            assert se == pytest.approx(fit.se[2:], rel=1e-4)
            assert df == pytest.approx(fit.df[2:], rel=1e-4)


def test_a_stopped_study_goes_on_and_ends_alike(tmp_path):
    chosen = [Cell(5, 5, 0.0, "AR(1)"), Cell(6, 6, 0.4, "AR(2)")]
    whole = coverage.study(50, tmp_path / "whole.csv", seed=3, workers=1, chosen=chosen)
    coverage.study(50, tmp_path / "parts.csv", seed=3, workers=1, chosen=chosen[1:])
    parts = coverage.study(50, tmp_path / "parts.csv", seed=3, workers=1, chosen=chosen)
    pd.testing.assert_frame_equal(
        parts.drop(columns="seconds"), whole.drop(columns="seconds"), check_dtype=False
    )
    other = coverage.study(50, tmp_path / "parts.csv", seed=4, workers=1, chosen=chosen)
    assert (other["seed"] == 4).all()


def test_the_command_line_writes_a_table_and_compares_it(tmp_path, monkeypatch, capsys):
    cells = (lambda: [Cell(5, 5, 0.2, "AR(1)")], many.intervals)
    monkeypatch.setitem(STUDIES, "linear", cells)
    out, wrong = tmp_path / "table.csv", tmp_path / "wrong.csv"
    options = ["linear", "--draws", "400", "--out", str(out), "--seed", "1", "--workers", "1"]
    assert main(options) == 0
    assert len(pd.read_csv(out)) == 12
    assert main([*options, "--against", str(TABLE)]) == 0
    pd.read_csv(out).assign(coverage=50.0).to_csv(wrong, index=False)
    assert main([*options, "--against", str(wrong)]) == 1
    assert "50.0 %" in capsys.readouterr().out
    pd.read_csv(out).head(3).to_csv(wrong, index=False)
    assert main([*options, "--against", str(wrong)]) == 1


def test_the_studies_are_a_target_of_their_own_and_not_of_the_book():
    text = (ROOT / "Snakefile").read_text(encoding="utf-8")
    rules = {part.split(":")[0]: part for part in text.split("\nrule ")[1:]}
    asking = {name for name, part in rules.items() if "_build/coverage" in part}
    assert asking == {"coverage", "coverage_study"}
    assert TABLE.name in text
    assert OTHERS.name in text


def test_a_fit_that_fails_holds_nothing():
    cell = Cell(5, 5, 0.0, "counts")
    found, _ = single.intervals(cell, np.zeros((10, 2)))
    for estimate, se, df in found.values():
        assert np.isnan(estimate).all()
        assert np.isnan(se).all()
        assert (df == 2).all()
