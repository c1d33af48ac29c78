"""The coverage study: its table meets the design, a rerun of a part agrees, and a run can be resumed."""

import numpy as np
import pandas as pd
import pytest

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, coverage
from careshift.interruption.coverage import Cell
from careshift.project import DATA, ROOT

TABLE = DATA / "interrupted_time_series_coverage.csv"
KEYS = coverage.KEYS


@pytest.fixture(scope="session")
def committed():
    return pd.read_csv(TABLE)


def test_the_table_has_every_cell_once(committed):
    assert len(committed) == len(coverage.cells()) * 6 * 2
    assert not committed.duplicated(KEYS).any()
    assert (committed["draws"] == 10_000).all()
    assert (committed["seed"] == coverage.SEED).all()
    share = committed["coverage"] / 100
    error = 100 * np.sqrt(share * (1 - share) / committed["draws"])
    assert committed["monte_carlo_error"].to_numpy() == pytest.approx(error.to_numpy(), abs=2e-3)


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


@pytest.mark.parametrize(
    "cell", [Cell(5, 5, 0.8, "AR(1)"), Cell(12, 5, 0.4, "AR(2)"), Cell(24, 24, 0.6, "curved trend")]
)
def test_a_rerun_of_a_part_agrees_within_monte_carlo_error(committed, cell):
    rerun = coverage.run_cell(cell, draws=600, seed=99)
    both = coverage.compare(
        rerun.assign(monte_carlo_error=rerun["monte_carlo_error"].clip(lower=0.4)), committed
    )
    assert len(both) == 12
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
    found, _ = coverage._intervals(model.design(time).matrix, series)
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
    monkeypatch.setattr(coverage, "cells", lambda: [Cell(5, 5, 0.2, "AR(1)")])
    out, wrong = tmp_path / "table.csv", tmp_path / "wrong.csv"
    options = ["--draws", "400", "--out", str(out), "--seed", "1", "--workers", "1"]
    assert coverage.main(options) == 0
    assert len(pd.read_csv(out)) == 12
    assert coverage.main([*options, "--against", str(TABLE)]) == 0
    pd.read_csv(out).assign(coverage=50.0).to_csv(wrong, index=False)
    assert coverage.main([*options, "--against", str(wrong)]) == 1
    assert "50.0 %" in capsys.readouterr().out
    pd.read_csv(out).head(3).to_csv(wrong, index=False)
    assert coverage.main([*options, "--against", str(wrong)]) == 1


def test_the_whole_study_is_a_target_of_its_own_and_not_of_the_book():
    text = (ROOT / "Snakefile").read_text(encoding="utf-8")
    rules = {part.split(":")[0]: part for part in text.split("\nrule ")[1:]}
    assert "_build/coverage/agrees" in rules["coverage"]
    assert not [name for name, part in rules.items() if name != "coverage" and "_build/coverage" in part]
