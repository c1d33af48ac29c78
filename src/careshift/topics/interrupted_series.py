"""How interrupted time series are judged: coverage of intervals, made series, what could be seen at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from careshift.interruption import ImpactModel, Interruption, Report
from careshift.interruption.power import detectable_multiple

LEADING = "REML Kenward-Roger"
LABELS = {
    LEADING: "REML Kenward-Roger (ours)",
    "OLS-t": "Least squares (OLS-t)",
    "Newey-West": "Newey-West",
    "Prais-Winsten": "Prais-Winsten",
}
METHODS = tuple(LABELS)
KINDS = {"AR(1)": "on the model", "AR(2)": "longer swings", "curved trend": "bent trend"}
TERMS = ("level change", "slope change")
LENGTHS = {"10 to 12": (10, 12), "17": (17, 17), "48 to 60": (48, 60)}


def coverage_by_phi(coverage: pd.DataFrame, errors: str = "AR(1)") -> pd.DataFrame:
    """Return coverage in percent, a row a panel and autocorrelation, a column a method of `METHODS`.

    A panel is a term and the points before and after, such as "Level, 5 + 5 points". Columns panel, phi.
    """
    chosen = coverage[(coverage["errors"] == errors) & coverage["method"].isin(METHODS)]
    panel = [
        f"{term.split()[0].capitalize()}, {before} + {after} points"
        for term, before, after in zip(
            chosen["term"], chosen["points_before"], chosen["points_after"], strict=True
        )
    ]
    return _wide(chosen.assign(panel=panel))


def coverage_off_the_model(coverage: pd.DataFrame, points: int) -> pd.DataFrame:
    """Return coverage in percent of series of `points` before and after, a panel a kind of error and term."""
    chosen = coverage[
        (coverage["points_before"] == points)
        & (coverage["points_after"] == points)
        & coverage["method"].isin(METHODS)
    ]
    words = chosen["term"].str.split().str[0].str.capitalize() + ", " + chosen["errors"].map(KINDS)
    return _wide(chosen.assign(panel=words))


def _wide(chosen: pd.DataFrame) -> pd.DataFrame:
    order = list(dict.fromkeys(chosen["panel"]))
    wide = chosen.pivot(index=["panel", "phi"], columns="method", values="coverage")[list(METHODS)]
    return wide.reindex(order, level="panel").reset_index().rename_axis(columns=None)


def coverage_by_length(coverage: pd.DataFrame, errors: str = "AR(1)") -> pd.DataFrame:
    """Return the lowest coverage in percent over all autocorrelations, by length of the series and term.

    Columns points (words), term, and a method each; `highest` is the highest coverage of the leading method.
    """
    total = coverage["points_before"] + coverage["points_after"]
    rows = []
    for words, (least, most) in LENGTHS.items():
        part = coverage[(coverage["errors"] == errors) & total.between(least, most)]
        for term in TERMS:
            of_term = part[part["term"] == term].groupby("method")["coverage"]
            lowest = of_term.min()
            rows.append(
                {"points": words, "term": term.split()[0], "highest": of_term.max()[LEADING]}
                | {method: lowest[method] for method in METHODS}
            )
    return pd.DataFrame(rows)


def in_words(by_length: pd.DataFrame) -> str:
    """Return the coverage charts in words: the lowest coverage by method, length and term."""
    rows = [
        f"{row['points']} points, {row['term']}: "
        + ", ".join(f"{LABELS[method]} {row[method]:.0f}" for method in METHODS)
        for row in by_length.to_dict("records")
    ]
    return (
        "Small line charts of coverage against autocorrelation, one for each length and term, with a line "
        f"across at 95 %. Lowest coverage in percent. {'; '.join(rows)}."
    )


def off_in_words(off: pd.DataFrame) -> str:
    """Return the charts off the model in words: the lowest coverage by panel and method."""
    low = off.groupby("panel", sort=False)[list(METHODS)].min()
    rows = [
        f"{panel}: " + ", ".join(f"{LABELS[str(method)]} {value:.0f}" for method, value in row.items())
        for panel, row in low.iterrows()
    ]
    return (
        f"{len(rows)} small line charts of coverage against autocorrelation, on and off the model, with a "
        f"line across at 95 %. Lowest coverage in percent. {'; '.join(rows)}."
    )


def lowest_off_the_model(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return `coverage_by_length` for each kind of wrong model, with a column kind."""
    wrong = list(KINDS)[1:]
    parts = [coverage_by_length(coverage, errors).assign(kind=KINDS[errors]) for errors in wrong]
    return pd.concat(parts, ignore_index=True)


def covered_from(coverage: pd.DataFrame, points: int, method: str = LEADING) -> tuple[float, float]:
    """Return a method's lowest and highest coverage on the model, in percent, from `points` points on."""
    total = coverage["points_before"] + coverage["points_after"]
    on_model = (coverage["errors"] == "AR(1)") & (coverage["method"] == method)
    found = coverage.loc[on_model & (total >= points), "coverage"]
    return float(found.min()), float(found.max())


def two_dates(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return the lowest coverage in percent with two interruptions, by length of the series and term.

    Columns points, term, the leading method and least squares, and `times`: how many times as wide the
    leading method's interval is as that of least squares, without autocorrelation, in the median series.
    """
    rows = []
    part = coverage[coverage["errors"] == "two interruptions"]
    for points, cells in part.groupby(part["points_before"] + part["points_after"]):
        for word in ("level", "slope"):
            of_term = cells[cells["term"].str.startswith(word)]
            low = of_term.groupby("method")["coverage"].min()
            width = of_term[of_term["phi"] == 0].groupby("method")["median_half_width"].mean()
            times = width[LEADING] / width["OLS-t"]
            row = {"points": points, "term": word, "times": times}
            rows.append(row | {method: low[method] for method in (LEADING, "OLS-t")})
    return pd.DataFrame(rows)


def other_methods(others: pd.DataFrame) -> pd.DataFrame:
    """Return the coverage in percent of the estimators fitted one series at a time.

    One row a method, kind of errors and term: columns method, errors, term, then one for each length of the
    series and autocorrelation, such as "17, 0.4".
    """
    points = others["points_before"] + others["points_after"]
    column = points.astype(str) + ", " + others["phi"].map("{:g}".format)
    wide = others.assign(column=column, term=others["term"].str.split().str[0]).pivot(
        index=["errors", "method", "term"], columns="column", values="coverage"
    )
    order = list(dict.fromkeys(column))
    kinds = list(dict.fromkeys(others["errors"]))
    return wide[order].reindex(kinds, level="errors").reset_index().rename_axis(columns=None)


def at_boundary(coverage: pd.DataFrame, points: int, phi: float) -> float:
    """Return the percentage of series of `points` on each side whose autocorrelation seems to be 1."""
    rows = coverage[
        (coverage["points_before"] == points)
        & (coverage["points_after"] == points)
        & (coverage["phi"] == phi)
        & (coverage["errors"] == "AR(1)")
    ]
    return float(rows["boundary"].iloc[0])


def lowest(by_length: pd.DataFrame, method: str) -> float:
    """Return a method's lowest coverage of all, in percent; `by_length` is of `coverage_by_length`."""
    return float(by_length[method].min())


def made_series(
    before: int, after: int, *, level: float, slope: float, phi: float, spread: float, seed: int
) -> pd.DataFrame:
    """Return a made series whose changes are known: columns time (0 = first period), value.

    It starts at 100, rises by 0.5 a period, and at time `before` changes by `level` and, from then on, by
    `slope` more a period; its errors are AR(1) with coefficient `phi` and standard deviation `spread`.
    """
    shocks = np.random.default_rng(seed).standard_normal(before + after)
    errors = [shocks[0]]
    for shock in shocks[1:]:
        errors.append(phi * errors[-1] + np.sqrt(1 - phi**2) * shock)
    time = np.arange(before + after)
    change = (time >= before) * (level + slope * (time - before))
    return pd.DataFrame({"time": time, "value": 100 + 0.5 * time + change + spread * np.array(errors)})


def against_truth(report: Report, truth: dict[str, float]) -> pd.DataFrame:
    """Return every estimator's interval beside the true change of a made series.

    Columns as of the report's estimates, with truth and `holds` ("yes" where the interval holds it).
    """
    frame = report.estimates.assign(truth=lambda f: f["term"].map(truth))
    inside = frame["truth"].between(frame["low"], frame["high"])
    return frame.assign(holds=inside.map({True: "yes", False: "no"}))


def detectable_by_length(
    lengths: Sequence[int], phis: Sequence[float], confidence: float = 0.95, power: float = 0.8
) -> pd.DataFrame:
    """Return the smallest change found with the given power, in standard deviations of the errors.

    One row a number of points on each side and term; a column for each autocorrelation, which is taken as
    known, so that a real series needs more. Columns points, term, then one named by each phi.
    """
    rows: list[dict[str, object]] = []
    for points in lengths:
        matrix = ImpactModel((Interruption(points),)).design(np.arange(2 * points)).matrix
        distance = np.abs(np.subtract.outer(np.arange(2 * points), np.arange(2 * points)))
        multiple = detectable_multiple(2 * points - matrix.shape[1], confidence, power)
        for place, term in enumerate(TERMS, 2):
            row: dict[str, object] = {"points": points, "term": term.split()[0]}
            for phi in phis:
                inverse = np.linalg.inv(np.power(phi, distance))
                variance = np.linalg.inv(matrix.T @ inverse @ matrix)[place, place]
                row[f"{phi:g}"] = multiple * float(np.sqrt(variance))
            rows.append(row)
    return pd.DataFrame(rows)


def half_width(coverage: pd.DataFrame, points: int, method: str, term: str, phi: float = 0.0) -> float:
    """Return the median half width of a method's interval, in standard deviations of the errors.

    For series of `points` before and after with AR(1) errors of autocorrelation `phi`.
    """
    row = coverage[
        (coverage["points_before"] == points)
        & (coverage["points_after"] == points)
        & (coverage["errors"] == "AR(1)")
        & (coverage["phi"] == phi)
        & (coverage["method"] == method)
        & (coverage["term"] == term)
    ]
    return float(row["median_half_width"].iloc[0])


def known(answers: pd.DataFrame, series: str, model: str, term: str = TERMS[0]) -> pd.Series:
    """Return one row of the table of known answers; raises KeyError where it has none."""
    rows = answers[(answers["series"] == series) & (answers["model"] == model) & (answers["term"] == term)]
    if rows.empty:
        raise KeyError(f"{series}, {model}, {term}")
    return rows.iloc[0]


def published(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the known answers that a publication prints or its stated model gives, without ours alone."""
    return answers[answers["basis"] != "ours alone"].reset_index(drop=True)
