"""How often the intervals hold the truth: a simulation of every linear estimator, and where each fails.

Run it with ``make coverage``, or ``python -m careshift.interruption.coverage --draws 10000 --out FILE``.
A run that was stopped goes on where it was; cells are independent of each other and of their order, because
each has its own seed.
The true effect is zero; as every estimator moves with an added effect one to one, coverage is the same for
any.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from careshift.interruption.ar1 import Ar1Fits, Ar1Reml
from careshift.interruption.likelihood import ar2_correlation
from careshift.interruption.linear import LARGEST_RHO, default_lags
from careshift.interruption.model import ImpactModel, Interruption

SPLITS = ((5, 5), (6, 6), (12, 5), (24, 24), (30, 30))
PHIS = (0.0, 0.2, 0.4, 0.6, 0.8)
ERROR_MODELS = ("AR(1)", "AR(2)", "curved trend")
SECOND_PARTIAL = 0.3
CURVE_HEIGHT = 2.0
SEED = 20160401
TERMS = ("level change", "slope change")
KEYS = ["points_before", "points_after", "phi", "errors", "method", "term"]
LEAST_ERROR = 0.1
MOST_ERRORS = 5.0
CHUNK = 2500
Intervals = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Cell:
    """One cell: points before and after, lag-one autocorrelation, and how the data depart from the model.

    errors : ``AR(1)``, the model; ``AR(2)``, with a second partial autocorrelation of 0.3; or ``curved
    trend``, AR(1) errors around an arch two error standard deviations high.
    """

    before: int
    after: int
    phi: float
    errors: str

    def draw(self, draws: int, seed: int) -> np.ndarray:
        """Simulated series without an effect, one a column (n, draws), with errors of variance one."""
        points = self.before + self.after
        key = [seed, self.before, self.after, round(100 * self.phi), ERROR_MODELS.index(self.errors)]
        rng = np.random.default_rng(np.random.SeedSequence(key))
        distance = np.abs(np.subtract.outer(np.arange(points), np.arange(points)))
        partial = np.array([self.phi, SECOND_PARTIAL if self.errors == "AR(2)" else 0.0])
        series = np.linalg.cholesky(ar2_correlation(partial, distance)) @ rng.standard_normal((points, draws))
        if self.errors == "curved trend":
            place = np.arange(points) / (points - 1)
            series += (CURVE_HEIGHT * 4 * place * (1 - place))[:, None]
        return np.asarray(series)


def cells() -> list[Cell]:
    """All cells of the study."""
    return [Cell(*split, phi, errors) for errors in ERROR_MODELS for split in SPLITS for phi in PHIS]


def run_cell(cell: Cell, draws: int, seed: int = SEED) -> pd.DataFrame:
    """Coverage of nominal 95 % intervals in one cell, in percent.

    One row a method and term: ``points_before``, ``points_after``, ``phi``, ``errors``, ``method``, ``term``,
    ``coverage`` and its ``monte_carlo_error`` (percent), ``median_half_width`` (in error standard
    deviations), ``boundary`` (percent of REML fits whose phi cannot be told from 1), ``draws``, ``seed``,
    ``seconds``.
    """
    started = time.perf_counter()
    series = cell.draw(draws, seed)
    matrix = ImpactModel((Interruption(cell.before),)).design(np.arange(cell.before + cell.after)).matrix
    parts = [_intervals(matrix, series[:, i : i + CHUNK]) for i in range(0, draws, CHUNK)]
    rows = []
    for method in parts[0][0]:
        estimate, se, df = (np.concatenate([part[method][k] for part, _ in parts]) for k in range(3))
        half = stats.t.ppf(0.975, df) * se
        share = np.mean(np.abs(estimate) <= half, axis=0)
        error = np.sqrt(share * (1 - share) / draws)
        for place, term in enumerate(TERMS):
            rows.append((method, term, 100 * share[place], 100 * error[place], np.median(half[:, place])))
    names = ["method", "term", "coverage", "monte_carlo_error", "median_half_width"]
    table = pd.DataFrame(rows, columns=names)
    for place, name in enumerate(("points_before", "points_after", "phi", "errors")):
        table.insert(place, name, (cell.before, cell.after, cell.phi, cell.errors)[place])
    boundary = 100 * float(np.mean(np.concatenate([at for _, at in parts])))
    seconds = round(time.perf_counter() - started, 2)
    return table.assign(boundary=boundary, draws=draws, seed=seed, seconds=seconds).round(
        {"coverage": 2, "monte_carlo_error": 3, "median_half_width": 4, "boundary": 2}
    )


def _intervals(matrix: np.ndarray, series: np.ndarray) -> tuple[Intervals, np.ndarray]:
    """Estimate, standard error and df of level and slope (B, 2) by method; mask of boundary fits (B)."""
    points, terms = matrix.shape
    engine = Ar1Reml(matrix, np.ones(points - 1))
    fits = engine.fit(series)
    inverse = np.linalg.inv(matrix.T @ matrix)
    estimate = (inverse @ matrix.T @ series).T
    residuals = series - matrix @ estimate.T
    df = np.full((series.shape[1], 2), float(points - terms))
    found: Intervals = {
        "OLS-t": (estimate[:, 2:], _ols_errors(inverse, residuals, points - terms), df),
        "Newey-West": (estimate[:, 2:], _newey_west_errors(matrix, inverse, residuals), df),
        "Prais-Winsten": (*_prais_winsten(engine, matrix, series, residuals), df),
    }
    own_df = np.stack([fits.degrees_of_freedom(term, points - terms) for term in (2, 3)], axis=1)
    for method, covariance in _reml_covariances(fits).items():
        plain = np.diagonal(fits.covariance, axis1=1, axis2=2)[:, 2:]
        variance = np.maximum(np.diagonal(covariance, axis1=1, axis2=2)[:, 2:], plain)
        found[method] = (fits.estimate[:, 2:], np.sqrt(variance), own_df)
    return found, fits.at_boundary


def _reml_covariances(fits: Ar1Fits) -> dict[str, np.ndarray]:
    return {
        "REML Kenward-Roger": fits.adjusted,
        "REML Kenward-Roger 1997": fits.second_order,
        "REML Satterthwaite": fits.covariance,
    }


def _ols_errors(inverse: np.ndarray, residuals: np.ndarray, df: int) -> np.ndarray:
    variance = (residuals**2).sum(axis=0) / df
    return np.asarray(np.sqrt(variance[:, None] * np.diag(inverse)[2:]))


def _newey_west_errors(matrix: np.ndarray, inverse: np.ndarray, residuals: np.ndarray) -> np.ndarray:
    points, terms = matrix.shape
    lags = default_lags(points)
    errors = []
    for term in (2, 3):
        scores = (matrix @ inverse[:, term])[:, None] * residuals
        total = (scores**2).sum(axis=0)
        for lag in range(1, lags + 1):
            total = total + 2 * (1 - lag / (lags + 1)) * (scores[lag:] * scores[:-lag]).sum(axis=0)
        errors.append(np.sqrt(points / (points - terms) * total))
    return np.stack(errors, axis=1)


def _prais_winsten(
    engine: Ar1Reml, matrix: np.ndarray, series: np.ndarray, residuals: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    rho = np.zeros(series.shape[1])
    moving = np.ones(series.shape[1], dtype=bool)
    for _ in range(100):
        fresh = (residuals[1:] * residuals[:-1]).sum(axis=0) / (residuals[:-1] ** 2).sum(axis=0)
        fresh = np.where(moving, np.clip(fresh, -LARGEST_RHO, LARGEST_RHO), rho)
        moving &= (np.abs(fresh - rho) >= 1e-6) & (np.abs(fresh) < LARGEST_RHO)
        rho = fresh
        estimate, covariance = engine.at(rho, series)
        if not moving.any():
            break
        residuals = series - matrix @ estimate.T
    return estimate[:, 2:], np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)[:, 2:])


def study(
    draws: int,
    out: Path,
    *,
    seed: int = SEED,
    workers: int = 2,
    chosen: Sequence[Cell] | None = None,
) -> pd.DataFrame:
    """Run all cells (or those chosen) that ``out`` does not hold yet, writing after each; returns the table.

    Rows of ``out`` made with other draws or another seed are dropped.
    """
    wanted = cells() if chosen is None else list(chosen)
    done = _finished(out, draws, seed)
    missing = [cell for cell in wanted if cell not in done]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        results = pool.map(run_cell, missing, [draws] * len(missing), [seed] * len(missing))
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
    partial = out.with_suffix(".partial")
    table.to_csv(partial, index=False, lineterminator="\n")
    # A reader never sees half a table, and a stopped run leaves the last whole one.
    partial.replace(out)
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
    parser.add_argument("--draws", type=int, default=10_000, help="simulated series a cell")
    parser.add_argument("--out", type=Path, required=True, help="CSV file to write or to go on with")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--against", type=Path, help="table of an earlier study that must agree")
    options = parser.parse_args(arguments)
    table = study(options.draws, options.out, seed=options.seed, workers=options.workers)
    if options.against is None:
        return 0
    both = compare(table, pd.read_csv(options.against))
    worst = both.sort_values("apart").iloc[-1]
    print(
        f"{len(both)} shares compared with {options.against}; the furthest are {worst['apart']:.1f} "
        f"Monte Carlo errors apart: {', '.join(str(worst[key]) for key in KEYS)}, {worst['coverage']} and "
        f"{worst['coverage_other']} %."
    )
    return int(len(both) < len(table) or worst["apart"] > MOST_ERRORS)


if __name__ == "__main__":
    sys.exit(main())
