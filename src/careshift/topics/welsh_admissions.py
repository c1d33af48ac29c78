"""Emergency admissions and readmissions for three conditions, Wales: the falls, and what would undo them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Literal

import pandas as pd
from scipy import stats

from careshift import effect_sizes
from careshift.project import CareshiftError
from careshift.typography import rise_or_fall

CONDITIONS = {
    "coronary heart disease": "Heart disease",
    "chronic obstructive pulmonary disease": "Lung disease",
    "diabetes": "Diabetes",
}
MEASURES = ("admission", "readmission")
ALL = "All three"
WALES = "W92000004"
STATED = {
    "wales_chronic_emerg_adm_change": "Emergency admissions, three conditions",
    "wales_chronic_emerg_readm_change": "Emergency readmissions, three conditions",
    "wales_chd_adm_change": "Admissions, heart disease",
    "wales_diabetes_adm_change": "Admissions, diabetes",
    "wales_copd_admissions": "Admissions, lung disease",
}
Method = Literal["exact", "score"]


def counts(admissions: pd.DataFrame, earlier: str, later: str) -> pd.DataFrame:
    """Return the counts of two years: a row a condition and measure, then a row for the three together.

    Columns condition, measure, label, earlier, later, printed (the printed fall in percent, missing for the
    sums). Raises CareshiftError where a count is missing, so that a gap never looks like a fall.
    """
    table = admissions.set_index(["condition", "measure", "financial_year"])
    known = {key: int(count) for key, count in table["count"].dropna().items()}
    prints = dict(table["printed_fall_percent"].items())
    rows = [
        {
            "condition": short,
            "measure": measure,
            "earlier": _count(known, condition, measure, earlier),
            "later": _count(known, condition, measure, later),
            "printed": prints[condition, measure, later],
        }
        for condition, short in CONDITIONS.items()
        for measure in MEASURES
    ]
    single = pd.DataFrame(rows)
    sums = single.groupby("measure")[["earlier", "later"]].sum().reset_index().assign(condition=ALL)
    frame = pd.concat([single, sums], ignore_index=True)
    return frame.assign(label=frame["condition"] + ", " + frame["measure"] + "s")


def _count(known: Mapping[Hashable, int], condition: str, measure: str, year: str) -> int:
    if (condition, measure, year) not in known:
        raise CareshiftError(f"No count of {condition}, {measure}, in {year}.")
    return known[condition, measure, year]


def falls(counted: pd.DataFrame, confidence: float, method: Method) -> pd.DataFrame:
    """Return the counts with the fall in percent and the limits of its Poisson interval.

    Adds the columns fall, low and high; a rise is a negative fall.
    """
    ratios = [
        effect_sizes.rate_ratio(later, earlier, confidence=confidence, method=method)
        for earlier, later in zip(counted["earlier"], counted["later"], strict=True)
    ]
    return counted.assign(
        fall=[effect_sizes.percent_fall(1, r.ratio) for r in ratios],
        low=[effect_sizes.percent_fall(1, r.high) for r in ratios],
        high=[effect_sizes.percent_fall(1, r.low) for r in ratios],
    )


def row(frame: pd.DataFrame, condition: str, measure: str) -> pd.Series:
    """Return the row of one count; `condition` as in the table of data, or "All three"."""
    short = CONDITIONS.get(condition, condition)
    return frame[(frame["condition"] == short) & (frame["measure"] == measure)].iloc[0]


def readmission_ratios(counted: pd.DataFrame, confidence: float, method: Method) -> pd.DataFrame:
    """Return readmissions per 100 admissions in both years, and the fall in that ratio with its limits.

    Columns condition, before, after (per 100 admissions), fall, low, high (percent). Admissions are taken as
    the exposure, that is as known without error.
    """
    rows = []
    for condition in counted["condition"].unique():
        admitted, back = (row(counted, condition, measure) for measure in MEASURES)
        ratio = effect_sizes.rate_ratio(
            int(back["later"]),
            int(back["earlier"]),
            int(admitted["later"]),
            int(admitted["earlier"]),
            confidence,
            method,
        )
        rows.append(
            {
                "condition": condition,
                "before": 100 * back["earlier"] / admitted["earlier"],
                "after": 100 * back["later"] / admitted["later"],
                "fall": effect_sizes.percent_fall(1, ratio.ratio),
                "low": effect_sizes.percent_fall(1, ratio.high),
                "high": effect_sizes.percent_fall(1, ratio.low),
            }
        )
    return pd.DataFrame(rows)


def both_methods(counted: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return each fall in percent with its exact and its score limits, side by side."""
    exact, score = (falls(counted, confidence, method) for method in ("exact", "score"))
    return exact[["label", "fall"]].assign(
        exact_low=exact["low"], exact_high=exact["high"], score_low=score["low"], score_high=score["high"]
    )


def fall_per_resident(
    counted: pd.Series, population: pd.DataFrame, earlier: str, later: str
) -> tuple[float, float]:
    """Return the growth of Wales's population and the fall of one count per resident, both in percent.

    The population of a financial year is that of the mid-year within it.
    """
    people = population[population["area"] == WALES].set_index("year")["population"].astype(float)
    years = [int(year[:4]) for year in (earlier, later)]
    missing = [year for year in years if year not in people.index]
    if missing:
        raise CareshiftError(f"No population of Wales for mid-{missing[0]}.")
    before, after = (people[year] for year in years)
    fall = effect_sizes.percent_fall(counted["earlier"] / before, counted["later"] / after)
    return effect_sizes.percent_change(before, after), fall


def undoing(counted: pd.DataFrame, confidence: float, method: Method) -> pd.DataFrame:
    """Return how large an error outside the interval would have to be to undo each fall.

    Columns condition, label; cases and share (percent of the earlier year's cases): those that would have to
    be coded elsewhere in the later year for no real fall; cases_in_doubt and share_in_doubt: those for the
    interval to include none; spread: how many times the variance of independent events would do so too.
    """
    pairs = list(zip(counted["earlier"], counted["later"], strict=True))
    moved = [max(earlier - later, 0) for earlier, later in pairs]
    doubted = [cases_in_doubt(earlier, later, confidence, method) for earlier, later in pairs]
    return pd.DataFrame(
        {
            "condition": counted["condition"],
            "label": counted["label"],
            "cases": moved,
            "share": [100 * n / earlier for n, (earlier, _) in zip(moved, pairs, strict=True)],
            "cases_in_doubt": doubted,
            "share_in_doubt": [100 * n / earlier for n, (earlier, _) in zip(doubted, pairs, strict=True)],
            "spread": [spread_in_doubt(earlier, later, confidence) for earlier, later in pairs],
        }
    )


def cases_in_doubt(earlier: int, later: int, confidence: float, method: Method) -> int:
    """Return the fewest cases that, added back to the later count, let the interval include no fall."""

    def includes_none(cases: int) -> bool:
        return effect_sizes.rate_ratio(later + cases, earlier, confidence=confidence, method=method).high >= 1

    low, high = 0, max(earlier - later, 0)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if includes_none(middle) else (middle + 1, high)
    return low


def spread_in_doubt(earlier: int, later: int, confidence: float) -> float:
    """Return how many times more variable than Poisson two counts must be for the score interval to hold 1.

    Below 1 the Poisson interval itself includes no change.
    """
    z = float(stats.norm.ppf(0.5 + confidence / 2))
    return (earlier - later) ** 2 / ((earlier + later) * z**2)


def recoding_in_doubt(earlier: int, later: int, spread: float, confidence: float) -> float:
    """Return the percentage of the earlier cases that, coded elsewhere, put a fall in doubt at some variance.

    `spread` is how many times as variable as independent events the counts are; 0 where that variance alone
    makes the score interval hold no change. At 1 the recoding is that of `undoing`, by the score interval.
    """
    noise = spread * float(stats.norm.ppf(0.5 + confidence / 2)) ** 2
    fall = earlier - later
    middle = fall + noise / 2
    cases = middle - math.sqrt(middle**2 - fall**2 + noise * (earlier + later))
    return 100 * max(cases, 0.0) / earlier


def recoding_and_spread(counted: pd.DataFrame, confidence: float, spreads: Sequence[float]) -> pd.DataFrame:
    """Return the recoding that puts each fall in doubt, at each variance, in percent of the earlier cases.

    One row a condition and variance, not the three together: columns condition, spread, and one a measure.
    """
    single = counted[counted["condition"] != ALL]
    rows = []
    for condition, both in single.groupby("condition", sort=False):
        pairs = {r["measure"]: (int(r["earlier"]), int(r["later"])) for r in both.to_dict("records")}
        for spread in spreads:
            shares = {name: recoding_in_doubt(*pair, spread, confidence) for name, pair in pairs.items()}
            rows.append({"condition": condition, "spread": spread, **shares})
    return pd.DataFrame(rows)


def recoding_ends(table: pd.DataFrame, spread: float) -> tuple[float, float]:
    """Return the least and the largest recoding that is enough at one variance, over all counts, percent."""
    at = table.loc[table["spread"] == spread, list(MEASURES)].to_numpy(float)
    return float(at.min()), float(at.max())


def contour_title(table: pd.DataFrame, spread: float) -> str:
    """Return in one line how little recoding is enough for doubt once the counts vary more than by chance."""
    least, most = recoding_ends(table, spread)
    return f"Where counts vary more than by chance, recoding of {least:.1f} to {most:.1f} % is enough"


def statements(official: pd.DataFrame, fallen: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return what official texts state, a row a value, beside what the counts give for the same period.

    Columns what, period, stated, counts (texts with units; counts missing where the period is another).
    """
    sums = {
        "wales_chronic_emerg_adm_change": row(fallen, ALL, "admission")["fall"],
        "wales_chronic_emerg_readm_change": row(fallen, ALL, "readmission")["fall"],
    }
    chosen = official[official["series_id"].isin(STATED)].sort_values("period")
    chosen = chosen.sort_values("series_id", key=lambda ids: ids.map(list(STATED).index), kind="stable")
    percent = chosen["unit"] == "percent"
    return pd.DataFrame(
        {
            "what": chosen["series_id"].map(STATED),
            "period": chosen["period"],
            "stated": chosen["value"]
            .map("{:+g} %".format)
            .where(percent, chosen["value"].map("{:,.0f}".format)),
            "counts": chosen["series_id"]
            .map({series: f"{-fall:+.1f} %" for series, fall in sums.items()})
            .where(chosen["period"] == period),
        }
    )


def moved(percent_fall: float) -> str:
    """Return a fall or rise in words: "fell by 11.7 %"."""
    return rise_or_fall(-percent_fall)


def title(fallen: pd.DataFrame) -> str:
    """Return what the six falls show, in one line."""
    single = fallen[fallen["condition"] != ALL]
    down = int((single["fall"] > 0).sum())
    if down == len(single):
        ends = f"{single['fall'].min():.1f} to {single['fall'].max():.1f} %"
        return f"All counts fell, by {ends}; two years are not a trend"
    return f"{down} of {len(single)} counts fell; two years are not a trend"


def ratio_title(ratios: pd.DataFrame) -> str:
    """Return in one line how often readmissions fell faster than admissions beyond chance."""
    single = ratios[ratios["condition"] != ALL]
    clear = int((single["low"] > 0).sum())
    return f"Readmissions fell faster than admissions, beyond chance, for {clear} of {len(single)} conditions"
