"""Highland's lead agency of April 2012, ahead of the other councils, against a synthetic control."""

from __future__ import annotations

from collections.abc import Sequence
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
REVERSE = {
    "method": "Estimator",
    "gap": "Mean gap",
    "low": "Lower end",
    "high": "Upper end",
    "share_gap": "Placebo p-value",
    "detectable": "Effect that would have shown",
    "largest": "Largest weight, %",
}
"""Headings of the columns of `rehearsal` and `reverse`."""


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


def before_the_date(panel: pd.DataFrame, start: int) -> str:
    """Return in words how Highland lay against the plain mean of the other councils up to `start`."""
    distance = panel[HIGHLAND] - panel.drop(columns=HIGHLAND).mean(axis=1)
    years = (start - 2, start - 1, start)
    steps = [
        f"{abs(distance[year]):,.0f} {'below' if distance[year] < 0 else 'above'} in {label(year)}"
        for year in years
    ]
    moves = distance.loc[list(years)].diff().dropna()
    before = "It moved that way before the date." if moves.iloc[0] * moves.iloc[1] > 0 else ""
    words = (
        f"Against the plain mean of the others Highland lay {steps[0]}, {steps[1]} and {steps[2]}. {before}"
    )
    return words.strip()


def sets_the_interval(places: pd.DataFrame, names: pd.DataFrame, confidence: float = 0.95) -> str:
    """Return the placebo council whose gap the interval is as wide as (`places` of `placebos`)."""
    width = synthetic_control.reach(places["mean_gap"], confidence)
    others = places.iloc[1:].set_index("unit")["mean_gap"]
    return name_of(str((others.abs() - width).abs().idxmin()), names)


def side(gap: float) -> str:
    """Return whether a gap of admissions is of fewer or of more."""
    return "fewer" if gap < 0 else "more"
