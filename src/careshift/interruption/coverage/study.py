"""Run the cells of a study, go on where it was stopped, and compare its table with another."""

import argparse
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from careshift.interruption.coverage import many, single
from careshift.interruption.coverage.cells import SEED, Cell, linear_cells, other_cells

STUDIES = {"linear": (linear_cells, many.intervals), "others": (other_cells, single.intervals)}
KEYS = ["points_before", "points_after", "phi", "errors", "method", "term"]
LEAST_ERROR = 0.1
MOST_ERRORS = 5.0
CHUNK = 2500


def run_cell(cell: Cell, draws: int, seed: int = SEED, name: str = "linear") -> pd.DataFrame:
    """Coverage of nominal 95 % intervals in one cell of the study of that name, in percent.

    One row a method and term: ``points_before``, ``points_after``, ``phi``, ``errors``, ``method``, ``term``,
    ``coverage`` and its ``monte_carlo_error`` (percent), ``median_half_width`` (in error standard
    deviations; in log rates for counts), ``boundary`` (percent of REML AR(1) fits whose phi cannot be told
    from 1; missing in the study of the others), ``draws``, ``seed``, ``seconds``.
    """
    started = time.perf_counter()
    series = cell.draw(draws, seed)
    intervals = STUDIES[name][1]
    parts = [intervals(cell, series[:, i : i + CHUNK]) for i in range(0, draws, CHUNK)]
    rows = []
    for method in parts[0][0]:
        estimate, se, df = (np.concatenate([part[method][k] for part, _ in parts]) for k in range(3))
        half = stats.t.ppf(0.975, df) * se
        share = np.mean(np.abs(estimate) <= half, axis=0)
        error = np.sqrt(share * (1 - share) / draws)
        for place, term in enumerate(cell.design.effects):
            rows.append((method, term, 100 * share[place], 100 * error[place], np.median(half[:, place])))
    names = ["method", "term", "coverage", "monte_carlo_error", "median_half_width"]
    table = pd.DataFrame(rows, columns=names)
    for place, name in enumerate(("points_before", "points_after", "phi", "errors")):
        table.insert(place, name, (cell.before, cell.after, cell.phi, cell.errors)[place])
    edges = [at for _, at in parts if at is not None]
    boundary = 100 * float(np.mean(np.concatenate(edges))) if edges else float("nan")
    seconds = round(time.perf_counter() - started, 2)
    return table.assign(boundary=boundary, draws=draws, seed=seed, seconds=seconds).round(
        {"coverage": 2, "monte_carlo_error": 3, "median_half_width": 4, "boundary": 2}
    )


def study(
    draws: int,
    out: Path,
    *,
    seed: int = SEED,
    workers: int = 2,
    chosen: Sequence[Cell] | None = None,
    name: str = "linear",
) -> pd.DataFrame:
    """Run a study's cells (or those chosen) that ``out`` does not hold yet, writing after each; the table.

    Rows of ``out`` made with other draws or another seed are dropped.
    """
    wanted = STUDIES[name][0]() if chosen is None else list(chosen)
    done = _finished(out, draws, seed)
    missing = [cell for cell in wanted if cell not in done]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        results = pool.map(partial(run_cell, draws=draws, seed=seed, name=name), missing)
        for cell, table in zip(missing, results, strict=True):
            done[cell] = table
            _write(done, wanted, out)
    return _write(done, wanted, out)


def _finished(out: Path, draws: int, seed: int) -> dict[Cell, pd.DataFrame]:
    if not out.exists():
        return {}
    table = pd.read_csv(out)
    table = table[(table["draws"] == draws) & (table["seed"] == seed)]
    keys = ["points_before", "points_after", "phi", "errors"]
    groups: Iterable[tuple[tuple[int, int, float, str], pd.DataFrame]] = table.groupby(keys)  # type: ignore[assignment]
    return {Cell(int(key[0]), int(key[1]), float(key[2]), str(key[3])): part for key, part in groups}


def _write(done: dict[Cell, pd.DataFrame], wanted: Sequence[Cell], out: Path) -> pd.DataFrame:
    table = pd.concat([done[cell] for cell in wanted if cell in done], ignore_index=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_suffix(".partial")
    table.to_csv(unfinished, index=False, lineterminator="\n")
    # A reader never sees half a table, and a stopped run leaves the last whole one.
    unfinished.replace(out)
    return table


def compare(table: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Rows of two studies that both have, with how many Monte Carlo errors their coverages are apart.

    ``apart`` counts errors of the difference, each share's error taken as at least 0.1 points, so that a
    share near 100 does not pass for exact. Rows of the same draws and seed should be near 0 apart.
    """
    both = table.merge(other, on=KEYS, suffixes=("", "_other"))
    mine, theirs = both["monte_carlo_error"], both["monte_carlo_error_other"]
    error = np.hypot(mine.clip(lower=LEAST_ERROR), theirs.clip(lower=LEAST_ERROR))
    return both.assign(apart=(both["coverage"] - both["coverage_other"]).abs() / error)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the coverage study from the command line; 1 where it disagrees with the table of ``--against``."""
    parser = argparse.ArgumentParser(description="Coverage of interrupted-time-series intervals.")
    parser.add_argument("name", choices=STUDIES, help="which estimators")
    parser.add_argument("--draws", type=int, default=10_000, help="simulated series a cell")
    parser.add_argument("--out", type=Path, required=True, help="CSV file to write or to go on with")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--against", type=Path, help="table of an earlier study that must agree")
    options = parser.parse_args(arguments)
    table = study(options.draws, options.out, seed=options.seed, workers=options.workers, name=options.name)
    if options.against is None:
        return 0
    both = compare(table, pd.read_csv(options.against))
    worst = both.sort_values("apart").iloc[-1]
    print(
        f"found: {len(both):,} shares compared with {options.against}; the furthest are {worst['apart']:.1f} "
        f"Monte Carlo errors apart: {', '.join(str(worst[key]) for key in KEYS)}, {worst['coverage']} and "
        f"{worst['coverage_other']} %."
    )
    return int(len(both) < len(table) or worst["apart"] > MOST_ERRORS)
