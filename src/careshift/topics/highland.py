"""Highland's lead agency of April 2012, ahead of the other councils, against a synthetic control."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from careshift import synthetic_control
from careshift.topics import delayed_discharge, emergency_admissions
from careshift.topics.financial_years import label, start_of
from careshift.topics.places import name_of

if TYPE_CHECKING:
    import pandas as pd

    from careshift.synthetic_control import Penalty, SyntheticControl

HIGHLAND = "S12000017"
ARGYLL_AND_BUTE = "S12000035"
ISLANDS = ("S12000013", "S12000023", "S12000027")
POOLS = {
    "all other councils": (),
    "without Argyll and Bute, of the same health board": (ARGYLL_AND_BUTE,),
    "without the three island councils": ISLANDS,
}
"""Donor pools, each by the councils that it leaves out. The first leads."""
METHODS: dict[str, tuple[bool, Penalty]] = {
    "levels taken out": (True, "least"),
    "levels taken out, weights spread": (True, "noise"),
    "levels kept": (False, "least"),
    "all donors alike": (True, "equal"),
}
"""Estimators by whether levels are taken out, and the penalty. The first leads."""
EARLIER = "release of 2018 alone"
RELEASES = ("releases joined at 2010/11", EARLIER)

REHEARSAL = {
    "injected": "Put in",
    "found": "Found",
    "low": "Lower end",
    "high": "Upper end",
    "holds": "Interval holds it",
}
CHOICES = {
    "method": "Estimator",
    "lowest": "Lowest gap, %",
    "highest": "Highest gap, %",
    "first": "Highest place",
    "last": "Lowest place",
    "share": "Smallest p-value",
}
REVERSE = {
    "method": "Estimator",
    "gap": "Mean gap",
    "low": "Lower end",
    "high": "Upper end",
    "share_gap": "Placebo p-value",
    "detectable": "Effect that would have shown",
    "largest": "Largest weight, %",
}
"""Headings of the columns of `rehearsal`, `by_method` and `reverse`."""


def rates(table: pd.DataFrame, release: str = RELEASES[0], first: int = 2006) -> pd.DataFrame:
    """Return the councils' emergency admission rates at 65 and over, a row a year and a column a council.

    `release` is one of `RELEASES`: the earlier release ends in 2016/17, the joined ones go on.
    """
    last = max(table.loc[table["vintage"] == 2018, "financial_year"].map(start_of))
    wide = emergency_admissions.panel(table, last + 1 if release == EARLIER else 2010)
    return wide.loc[first : last if release == EARLIER else None]


def delays(bed_days: pd.DataFrame, population_areas: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return delayed bed days per 1,000 people aged 75 and over: a row a year, a column a council."""
    first = int(bed_days["financial_year"].map(start_of).min())
    frame = delayed_discharge.council_rates(bed_days, population_areas, first, last)
    return frame.pivot(index="time", columns="area", values="value")


def donors(panel: pd.DataFrame, pool: str) -> list[str]:
    """Return the councils of a pool of `POOLS` that the panel holds."""
    return [area for area in panel.columns if area not in (HIGHLAND, *POOLS[pool])]


def settings(panel: pd.DataFrame, pool: str, method: str) -> dict[str, Any]:
    """Return the arguments that `synthetic_control` takes for a pool and a method."""
    demean, penalty = METHODS[method]
    return {"donors": donors(panel, pool), "demean": demean, "penalty": penalty}


def percent(fit: SyntheticControl, gap: float) -> float:
    """Return a gap in percent of what the synthetic control shows on average after the date."""
    return 100 * gap / float(fit.synthetic.loc[fit.start : fit.last].mean())


def drawn(fit: SyntheticControl, gaps: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return Highland and its synthetic control for a chart, a row a year to `fit.last`.

    Columns year, financial_year, observed, synthetic, low, high: from `start` on, the span around the
    synthetic control within which `confidence` of the placebos and one more stay in that year: of an
    observation, not of a mean.
    """
    import pandas as pd

    after = gaps.loc[fit.start : fit.last]
    widths = pd.Series({year: synthetic_control.reach(row, confidence) for year, row in after.iterrows()})
    columns = {
        "observed": fit.observed,
        "synthetic": fit.synthetic,
        "low": fit.synthetic - widths,
        "high": fit.synthetic + widths,
    }
    frame = pd.DataFrame(columns).loc[: fit.last].rename_axis("year").reset_index()
    return frame.assign(financial_year=frame["year"].map(label))


def weights(fit: SyntheticControl, panel: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Return the donors that count: council, weight (percent), how they move with Highland before the date.

    `correlation` is that of the yearly rates before the date. Largest weight first; weights below one percent
    are left out.
    """
    import pandas as pd

    before = panel.loc[: fit.start - 1]
    kept = fit.weights[fit.weights >= 0.01].sort_values(ascending=False)
    return pd.DataFrame(
        {
            "council": [name_of(area, names) for area in kept.index],
            "weight": 100 * kept.to_numpy(),
            "correlation": [before[area].corr(before[HIGHLAND]) for area in kept.index],
        }
    )


def every_choice(table: pd.DataFrame, start: int, lasts: Sequence[int], first: int) -> pd.DataFrame:
    """Return Highland's mean gap under every choice, with its place among the placebos.

    Columns method, pool, release, last; value (percent of the synthetic control), gap (per 100,000), place
    (its rank by absolute size), of (areas compared), share_gap and share_ratio (placebo p-values).
    """
    import pandas as pd

    rows = []
    for method, pool, release, last in product(METHODS, POOLS, RELEASES, lasts):
        stands = _stands(rates(table, release, first), start, last, pool, method)
        rows.append({"method": method, "pool": pool, "release": release, "last": label(last), **stands})
    return pd.DataFrame(rows)


def _stands(panel: pd.DataFrame, start: int, last: int, pool: str, method: str) -> dict[str, float]:
    """Return Highland's gap and its place among the placebos under one choice."""
    chosen = settings(panel, pool, method)
    fit = synthetic_control.fit(panel, HIGHLAND, start, last, **chosen)
    gaps = synthetic_control.placebo_gaps(panel, HIGHLAND, start, last, **chosen)
    rows = synthetic_control.placebos(gaps, start, last)
    own = rows.iloc[0]
    return {
        "value": percent(fit, fit.mean_gap),
        "gap": fit.mean_gap,
        "place": round(own["share_gap"] * len(rows)),
        "of": len(rows),
        "share_gap": float(own["share_gap"]),
        "share_ratio": float(own["share_ratio"]),
    }


def rehearsal(
    panel: pd.DataFrame, pretended: int, end: int, injected: Sequence[float], **chosen: Any
) -> pd.DataFrame:
    """Return what the method finds before anything happened: a date is pretended and an effect added.

    The panel is cut after `end`; weights come from the years before `pretended`. Columns injected, found,
    low, high (of the mean gap, per 100,000), holds (whether the interval holds what was injected).
    """
    import pandas as pd

    rows = []
    for size in injected:
        changed = panel.loc[:end].copy()
        changed.loc[pretended:, HIGHLAND] += size
        gaps = synthetic_control.placebo_gaps(changed, HIGHLAND, pretended, end, **chosen)
        means = gaps.loc[pretended:end].mean()
        found, width = float(means.iloc[0]), synthetic_control.reach(means)
        rows.append({"injected": size, "found": found, "low": found - width, "high": found + width})
    frame = pd.DataFrame(rows)
    return frame.assign(holds=(frame["low"] <= frame["injected"]) & (frame["injected"] <= frame["high"]))


def by_method(every: pd.DataFrame) -> pd.DataFrame:
    """Return the choices of `every_choice` by estimator, in the order of `METHODS`.

    Columns method, lowest and highest (gap in percent), first and last (place among the placebos), share
    (smallest placebo p-value).
    """
    grouped = every.groupby("method", sort=False)
    return grouped.agg(
        lowest=("value", "min"),
        highest=("value", "max"),
        first=("place", "min"),
        last=("place", "max"),
        share=("share_gap", "min"),
    ).reset_index()


def title_of_choices(every: pd.DataFrame) -> str:
    """Return the title that says what every choice gives, and how often it is more than chance."""
    sides = set(every["value"].map(lambda value: "below" if value < 0 else "above"))
    shown = int((every["share_gap"] <= 0.05).sum())
    where = f"{sides.pop()} zero" if len(sides) == 1 else "on both sides of zero"
    return f"The gap is {where} under all {len(every)} choices, and more than chance under {shown or 'none'}"


def reverse(panel: pd.DataFrame, start: int, last: int, confidence: float = 0.95) -> pd.DataFrame:
    """Return how Highland's delays lie against the councils that changed in `start`, a row an estimator.

    `panel` is of `delays`. Columns method, gap, low, high, detectable (bed days per 1,000 people aged 75 and
    over, means over the window), share_gap (placebo p-value), largest (the largest weight in percent).
    """
    import pandas as pd

    rows = []
    for method in METHODS:
        chosen = settings(panel, next(iter(POOLS)), method)
        fit = synthetic_control.fit(panel, HIGHLAND, start, last, **chosen)
        gaps = synthetic_control.placebo_gaps(panel, HIGHLAND, start, last, **chosen)
        places = synthetic_control.placebos(gaps, start, last)
        width = synthetic_control.reach(places["mean_gap"], confidence)
        rows.append(
            {
                "method": method,
                "gap": fit.mean_gap,
                "low": fit.mean_gap - width,
                "high": fit.mean_gap + width,
                "detectable": synthetic_control.detectable(places["mean_gap"], confidence),
                "share_gap": float(places["share_gap"].iloc[0]),
                "largest": 100 * float(fit.weights.max()),
            }
        )
    return pd.DataFrame(rows)


def told(fit: SyntheticControl, places: pd.DataFrame, confidence: float = 0.95) -> dict[str, Any]:
    """Return what the answer says of Highland's mean gap, as words and unsigned numbers.

    `places` is of `synthetic_control.placebos`. Keys gap, side (fewer or more), percent, larger (placebo
    councils with as large a gap), all, verdict, interval, seen (smallest effect that would have shown, in
    percent), by_chance.
    """
    gaps = places["mean_gap"]
    width = synthetic_control.reach(gaps, confidence)
    by_chance = abs(fit.mean_gap) <= width
    larger = int((gaps.iloc[1:].abs() >= abs(gaps.iloc[0])).sum())
    return {
        "gap": abs(fit.mean_gap),
        "side": side(fit.mean_gap),
        "percent": abs(percent(fit, fit.mean_gap)),
        "larger": larger or "none",
        "all": len(places) - 1,
        "verdict": "no more than chance brings" if by_chance else "more than chance usually brings",
        "interval": " to ".join(
            f"{abs(end):,.0f} {side(end)}" for end in (fit.mean_gap - width, fit.mean_gap + width)
        ),
        "seen": percent(fit, synthetic_control.detectable(gaps, confidence)),
        "by_chance": by_chance,
    }


def side(gap: float) -> str:
    """Return whether a gap of admissions is of fewer or of more."""
    return "fewer" if gap < 0 else "more"
