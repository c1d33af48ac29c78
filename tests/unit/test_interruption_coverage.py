"""The coverage study: its table meets the design, a rerun of a part agrees, and a run can be resumed."""

import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption, coverage
from careshift.interruption.counts import log_rate
from careshift.interruption.coverage import Cell, many, single
from careshift.interruption.coverage.study import STUDIES, main
from careshift.project import DATA, ROOT

TABLE = DATA / "interrupted_time_series_coverage.csv"
OTHERS = DATA / "interrupted_time_series_coverage_others.csv"
KEYS = coverage.KEYS
# The package's function of the same name hides the module.
STUDY = import_module("careshift.interruption.coverage.study")


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


def test_the_cells_of_the_code_are_those_of_the_tables(committed, others):
    for cells, table in ((coverage.linear_cells(), committed), (coverage.other_cells(), others)):
        wanted = [(cell.before, cell.after, cell.phi, cell.errors) for cell in cells]
        assert len(set(wanted)) == len(wanted)
        assert set(wanted) == set(table[KEYS[:4]].itertuples(index=False, name=None))


def drawn_by_hand(seed, points, first, second=0.0):
    """Errors of variance one from one seed, each made from the two before it; and the generator after it."""
    rng = np.random.default_rng(seed)
    shocks = rng.standard_normal((points, 3))
    errors = shocks.copy()
    errors[1] = first * errors[0] + np.sqrt(1 - first**2) * shocks[1]
    for at in range(2, points):
        errors[at] = first * (1 - second) * errors[at - 1] + second * errors[at - 2]
        errors[at] += np.sqrt((1 - first**2) * (1 - second**2)) * shocks[at]
    return errors, rng


def test_the_draws_of_a_cell_by_hand():
    straight, _ = drawn_by_hand([7, 6, 5, 80, 0], 11, 0.8)
    assert Cell(6, 5, 0.8, "AR(1)").draw(3, seed=7) == pytest.approx(straight)
    swinging, _ = drawn_by_hand([7, 6, 5, 40, 1], 11, 0.4, second=0.3)
    assert Cell(6, 5, 0.4, "AR(2)").draw(3, seed=7) == pytest.approx(swinging)
    # An arch through zero at both ends, two error standard deviations high in the middle.
    arch = [0, 0.72, 1.28, 1.68, 1.92, 2, 1.92, 1.68, 1.28, 0.72, 0]
    flat, _ = drawn_by_hand([7, 6, 5, 20, 2], 11, 0.2)
    curved = Cell(6, 5, 0.2, "curved trend").draw(3, seed=7)
    assert curved == pytest.approx(flat + np.array(arch)[:, None])
    twice, _ = drawn_by_hand([7, 5, 9, 0, 3], 14, 0.0)
    assert Cell(5, 9, 0.0, "two interruptions").draw(3, seed=7) == pytest.approx(twice)


@pytest.mark.parametrize(
    ("errors", "place", "mean", "spread", "shift"),
    [("counts", 4, 400, 0.1, 0.005), ("few counts", 5, 20, 0.2, 0.02)],
)
def test_counts_wander_around_their_mean(errors, place, mean, spread, shift):
    log_rates, rng = drawn_by_hand([7, 6, 5, 80, place], 11, 0.8)
    # Half the variance is taken off the log rate: the mean of a log-normal rate is then as it should be.
    wanted = rng.poisson(mean * np.exp(spread * log_rates - shift))
    found = Cell(6, 5, 0.8, errors).draw(3, seed=7)
    assert found.dtype == float
    assert (found == wanted).all()
    assert Cell(6, 5, 0.8, errors).draw(20_000, seed=7).mean() == pytest.approx(mean, rel=0.005)


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


def test_tables_are_compared_in_errors_of_the_difference():
    keys = [(5, 5, 0.2, "AR(1)", "OLS-t", term) for term in ("level change", "slope change", "other")]
    one = pd.DataFrame(keys, columns=KEYS).assign(coverage=[95.0, 100, 90], monte_carlo_error=[0.3, 0, 0.1])
    two = one.head(2).assign(coverage=[92.0, 99.0], monte_carlo_error=[0.4, 0])
    # An error of 0.5 of the difference; and two errors that count as 0.1 each.
    wanted = [6.0, 1 / np.sqrt(0.02)]
    assert coverage.compare(one, two)["apart"].tolist() == pytest.approx(wanted)
    assert coverage.compare(two, one.iloc[::-1])["apart"].tolist() == pytest.approx(wanted)
    # One share is sure and the other is not: 0.1 and 0.24 make 0.26.
    sure = two.tail(1).assign(coverage=87.0, monte_carlo_error=0.24)
    assert coverage.compare(one, sure)["apart"].item() == pytest.approx(50)
    assert coverage.compare(sure, one)["apart"].item() == pytest.approx(50)


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


def test_degrees_of_freedom_are_at_most_points_less_terms(monkeypatch):
    def shown(_, term, most):
        return np.full(3, 100.0 * term + most)

    monkeypatch.setattr(many.Ar1Fits, "degrees_of_freedom", shown)
    one, two = Cell(6, 6, 0.0, "AR(1)"), Cell(5, 9, 0.0, "two interruptions")
    for cell, df in ((one, [208, 308]), (two, [208, 308, 408, 508])):
        found, _ = many.intervals(cell, cell.draw(3, seed=4))
        for method in ("REML Kenward-Roger", "REML Kenward-Roger 1997", "REML Satterthwaite"):
            assert found[method][2].tolist() == [df] * 3
        for method in ("OLS-t", "Newey-West", "Prais-Winsten"):
            assert found[method][2].tolist() == [[8] * len(df)] * 3


def test_prais_winsten_of_many_series_is_that_of_the_book_also_near_a_random_walk():
    time = np.arange(200.0)
    cell = Cell(100, 100, 0.0, "AR(1)")
    waves = [10 * np.cos(np.pi * turns * time / 199) for turns in (2, 4)]
    # Of the two bursts, one would leave the edge again if it were not held there; the other alternates.
    bursts = [np.exp((time - 199) / 3), (-1) ** time * np.exp((time - 199) / 3)]
    series = np.column_stack([*waves, *bursts, *cell.draw(3, seed=4).T])
    found, _ = many.intervals(cell, series)
    held = []
    for y, estimate, se in zip(series.T, *found["Prais-Winsten"][:2], strict=True):
        fit = interruption.prais_winsten(y, time, cell.model)
        held.append(fit.parameters["rho"] if abs(fit.parameters["rho"]) == 0.999 else None)
        assert estimate == pytest.approx(fit.estimate[2:], rel=1e-8)
        assert se == pytest.approx(fit.se[2:], rel=1e-8)
    assert held == [None, 0.999, 0.999, -0.999, None, None, None]


def test_prais_winsten_of_many_series_stops_where_the_book_does_when_it_does_not_settle():
    before = [0.52, 1.04, 1.17, 0.52, -0.2, -0.18, -0.52, -0.77, -0.76, -0.59, -0.55, 0.35]
    y = np.array([*before, -0.21, 0.52, 1.05, -0.54, -0.4])
    cell = Cell(12, 5, 0.8, "AR(2)")
    fit = interruption.prais_winsten(y, np.arange(17.0), cell.model)
    assert fit.parameters["iterations"] == 100
    assert fit.notes == ("the autocorrelation did not settle in 100 iterations",)
    estimate, se, _ = many.intervals(cell, y[:, None])[0]["Prais-Winsten"]
    assert estimate[0] == pytest.approx(fit.estimate[2:], rel=1e-10)
    assert se[0] == pytest.approx(fit.se[2:], rel=1e-10)


def test_the_estimators_of_the_second_study_are_those_of_the_book():
    cell = Cell(24, 24, 0.4, "counts")
    y, time = cell.draw(1, seed=4)[:, 0], np.arange(48.0)
    wanted = {
        "REML Kenward-Roger of the counts": interruption.count_reml(y, time, cell.model),
        "REML Kenward-Roger of the log rate": log_rate(interruption.reml)(y, time, cell.model),
        "Quasi-poisson": interruption.count_model(y, time, cell.model, family="quasi-poisson"),
        "Quasi-poisson, robust": interruption.count_model(y, time, cell.model, robust=True),
        "Negative-binomial": interruption.count_model(y, time, cell.model, family="negative-binomial"),
    }
    found = single.estimators(cell)
    assert list(found) == list(wanted)
    assert list(single.estimators(Cell(12, 5, 0.0, "few counts"))) == list(wanted)
    rare = [name for name in wanted if not name.endswith("log rate")]
    assert list(single.estimators(Cell(12, 5, 0.0, "rare counts"))) == rare
    for name, fit in wanted.items():
        again = found[name](y, time, cell.model)
        assert again.estimator == fit.estimator
        assert again.estimate == pytest.approx(fit.estimate, rel=1e-9)
        assert again.se == pytest.approx(fit.se, rel=1e-9)


def test_longer_swings_have_an_estimator_and_arima_is_tried_from_forty_points():
    second = "REML Kenward-Roger, AR(2)"
    assert list(single.estimators(Cell(20, 19, 0.0, "AR(1)"))) == [second]
    assert list(single.estimators(Cell(24, 24, 0.0, "AR(2)"))) == [second]
    cell = Cell(20, 20, 0.0, "AR(1)")
    found = single.estimators(cell)
    assert list(found) == [second, "ARIMA(1, 0, 0)"]
    assert found["ARIMA(1, 0, 0)"] is interruption.arima
    y, time = cell.draw(1, seed=4)[:, 0], np.arange(40.0)
    fit = interruption.reml(y, time, cell.model, order=2)
    assert found[second](y, time, cell.model).se == pytest.approx(fit.se, rel=1e-9)


@pytest.mark.parametrize(
    ("cell", "name", "intervals"),
    [
        (Cell(5, 5, 0.8, "AR(1)"), "linear", many.intervals),
        (Cell(12, 5, 0.4, "counts"), "others", single.intervals),
    ],
)
def test_the_table_of_a_cell_from_its_intervals(cell, name, intervals, monkeypatch):
    found, at_boundary = intervals(cell, cell.draw(29, seed=7))
    boundary = np.nan if at_boundary is None else round(100 * at_boundary.sum() / 29, 2)
    rows = []
    for method, (estimate, se, df) in found.items():
        low, high = stats.t.interval(0.95, df, estimate, se)
        for place, term in enumerate(("level change", "slope change")):
            holding = int(((low <= 0) & (high >= 0))[:, place].sum())
            error = 100 * np.sqrt(holding * (29 - holding) / 29**3)
            width = np.median((high - low)[:, place]) / 2
            key = (cell.before, cell.after, cell.phi, cell.errors, method, term)
            shares = (round(100 * holding / 29, 2), round(error, 3), round(width, 4), boundary)
            rows.append((*key, *shares, 29, 7))
    # Few series at a time, so that the parts have to be put together again.
    monkeypatch.setattr(STUDY, "CHUNK", 10)
    monkeypatch.setattr(STUDY, "time", SimpleNamespace(perf_counter=iter([10.0, 11.2345]).__next__))
    table = coverage.run_cell(cell, draws=29, seed=7, name=name)
    measures = ["coverage", "monte_carlo_error", "median_half_width", "boundary", "draws", "seed"]
    wanted = pd.DataFrame(rows, columns=[*KEYS, *measures]).assign(seconds=1.23)
    pd.testing.assert_frame_equal(table, wanted, rtol=0, atol=1e-9)
    assert name == "others" or 0 < boundary < 100


def test_a_study_runs_only_the_cells_it_does_not_have(tmp_path, monkeypatch):
    asked = []

    class OneByOne:
        def __init__(self, max_workers):
            self.workers = max_workers

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def map(self, work, cells):
            asked.append((self.workers, cells))
            return map(work, cells)

    monkeypatch.setattr(STUDY, "ProcessPoolExecutor", OneByOne)
    out = tmp_path / "new" / "folder" / "table.csv"
    first, second = Cell(5, 6, 0.0, "AR(1)"), Cell(6, 5, 0.4, "AR(2)")
    coverage.study(20, out, chosen=[second])
    table = coverage.study(20, out, workers=5, chosen=[first, second])
    coverage.study(20, out, chosen=[first, second])
    coverage.study(21, out, chosen=[first])
    assert asked == [(2, [second]), (5, [first]), (2, []), (2, [first])]
    assert table.index.tolist() == list(range(24))
    assert table["points_before"].tolist() == [5] * 12 + [6] * 12
    assert (table["seed"] == 20160401).all()
    assert [file.name for file in out.parent.iterdir()] == ["table.csv"]
    others = coverage.study(2, tmp_path / "others.csv", chosen=[second], name="others")
    assert others["method"].tolist() == ["REML Kenward-Roger, AR(2)"] * 2


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


@pytest.fixture
def a_row_in_place_of_the_study(monkeypatch):
    """The study gives one row at once, and notes what it was asked for."""
    asked = []

    def study(*values, **options):
        asked.append((*values, options))
        row = (5, 5, 0.2, "AR(1)", "OLS-t", "level change", 95.0, 0.3)
        return pd.DataFrame([row], columns=[*KEYS, "coverage", "monte_carlo_error"])

    monkeypatch.setattr(STUDY, "study", study)
    return asked


def test_the_command_line_hands_its_settings_to_the_study(a_row_in_place_of_the_study):
    assert main(["others", "--out", "table.csv"]) == 0
    numbers = ["--draws", "30", "--seed", "2", "--workers", "3"]
    assert main(["linear", "--out", "table.csv", *numbers]) == 0
    assert a_row_in_place_of_the_study == [
        (10_000, Path("table.csv"), {"seed": 20160401, "workers": 2, "name": "others"}),
        (30, Path("table.csv"), {"seed": 2, "workers": 3, "name": "linear"}),
    ]


@pytest.mark.parametrize(("other", "apart", "code"), [(50.0, 90, 1), (92.0, 6, 1), (92.5, 5, 0)])
@pytest.mark.usefixtures("a_row_in_place_of_the_study")
def test_the_command_line_says_how_far_two_tables_are_apart(other, apart, code, tmp_path, capsys):
    file = tmp_path / "other.csv"
    row = (5, 5, 0.2, "AR(1)", "OLS-t", "level change", other, 0.4)
    pd.DataFrame([row], columns=[*KEYS, "coverage", "monte_carlo_error"]).to_csv(file, index=False)
    assert main(["linear", "--out", "table.csv", "--against", str(file)]) == code
    # 0.3 and 0.4 make an error of 0.5 of the difference.
    assert capsys.readouterr().out == (
        f"found: 1 shares compared with {file}; the furthest are {apart}.0 Monte Carlo errors apart: "
        f"5, 5, 0.2, AR(1), OLS-t, level change, 95.0 and {other} %.\n"
    )


@pytest.mark.usefixtures("a_row_in_place_of_the_study")
def test_the_command_line_explains_itself_and_refuses_an_unknown_study(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    parts = re.split(r"\n|\s{2,}", capsys.readouterr().out)
    assert {
        "Coverage of interrupted-time-series intervals.",
        "{linear,others}",
        "which estimators",
        "simulated series a cell",
        "CSV file to write or to go on with",
        "table of an earlier study that must agree",
    } <= set(parts)
    for wrong in (["nothing", "--out", "table.csv"], ["linear"]):
        with pytest.raises(SystemExit, match="2"):
            main(wrong)


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
