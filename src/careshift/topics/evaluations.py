"""What others found: independent evaluations of integrated care, beside what this book finds of Highland."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from careshift import synthetic_control
from careshift.topics import highland
from careshift.typography import in_letters

if TYPE_CHECKING:
    import pandas as pd

CONTROLLED = ("difference in differences", "matched patients")
NATIONS = ("Scotland", "Wales", "Northern Ireland")
PLACES = {
    "study": "Study",
    "publisher": "Publisher",
    "read": "What was read",
    "address": "Address",
    "day": "Day",
}
HEADINGS = {
    "study": "Study",
    "nation": "Nation",
    "programme": "What changed",
    "outcome": "Outcome",
    "design": "Design",
    "control": "Compared with",
    "years": "Years",
    "finding": "Finding",
    "estimate": "Estimate",
    "unit": "Unit",
}


def controlled(table: pd.DataFrame) -> pd.DataFrame:
    """Return the evaluations that compare with places or patients that did not change."""
    return table[table["design"].isin(CONTROLLED)]


def nations_without(table: pd.DataFrame) -> list[str]:
    """Return which of the three nations of this book have no evaluation with a control."""
    return [nation for nation in NATIONS if nation not in set(controlled(table)["nation"])]


def against_control(table: pd.DataFrame) -> pd.DataFrame:
    """Return by how many points each programme's change in percent differs from that of its control.

    Columns row (study and programme), data (the study, whose rows share data), value, low, high. Limits are
    there where both changes have printed ones, and suppose that the two are independent: the root of the
    summed squares of the distances.
    """
    import pandas as pd

    rows = table[(table["unit"] == "percent change") & table["control_estimate"].notna()]
    value = rows["estimate"] - rows["control_estimate"]
    down = np.hypot(rows["estimate"] - rows["low"], rows["control_high"] - rows["control_estimate"])
    up = np.hypot(rows["high"] - rows["estimate"], rows["control_estimate"] - rows["control_low"])
    words = rows["study"] + ", " + rows["programme"]
    ends = {"low": value - down, "high": value + up}
    return pd.DataFrame({"row": words, "data": rows["study"], "value": value, **ends})


def ours(rates: pd.DataFrame, methods: Sequence[str], last: int, confidence: float = 0.95) -> pd.DataFrame:
    """Return Highland's gap in percent of its synthetic control, a row an estimator of `highland.METHODS`.

    Columns as in `against_control`; limits hold the mean effect from 2012/13 to `last` by placebos.
    """
    import pandas as pd

    rows = []
    for method in methods:
        panel = highland.rates(rates)
        chosen = highland.settings(panel, next(iter(highland.POOLS)), method)
        fit = synthetic_control.fit(panel, highland.HIGHLAND, 2012, last, **chosen)
        gaps = synthetic_control.placebo_gaps(panel, highland.HIGHLAND, 2012, last, **chosen)
        width = synthetic_control.reach(gaps.loc[2012:last].mean(), confidence)
        ends = [highland.percent(fit, fit.mean_gap + move) for move in (0, -width, width)]
        rows.append(
            dict(zip(("value", "low", "high"), ends, strict=True))
            | {"row": f"Highland, {method}", "data": "Highland"}
        )
    return pd.DataFrame(rows)


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of evaluations for a page: years, days and estimates with limits as words."""
    from careshift.typography import minus

    years = [
        " to ".join(str(year) for year in pair if year == year and year is not None) or "not said"
        for pair in table[["first_year", "last_year"]].astype(object).where(table.notna()).to_numpy()
    ]
    estimates = [
        minus(_estimate(*row))
        for row in table[["estimate", "low", "high", "control_estimate"]].to_numpy(float)
    ]
    days = [f"{day:%-d %B %Y}" for day in table["read_on"]]
    return table.assign(years=years, estimate=estimates, day=days)


def _estimate(value: float, low: float, high: float, control: float) -> str:
    """Return an estimate in words, with its limits and that of its control where they are printed."""
    limits = f"{low:,g} to {high:,g}"
    if np.isnan(value):
        return "–" if np.isnan(low) else limits
    words = f"{value:,g}" + ("" if np.isnan(low) else f" ({limits})")
    return words + ("" if np.isnan(control) else f"; control {control:g}")


def together(differences: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of both frames that have limits: columns row, data, value, low, high."""
    import pandas as pd

    return pd.concat([differences, own]).dropna(subset=["low", "high"]).reset_index(drop=True)


def title_of_picture(picture: pd.DataFrame) -> str:
    """Return the title that says how many intervals lie wholly below zero, and of how many data sets."""
    below = int((picture["high"] < 0).sum())
    sets = in_letters(picture["data"].nunique())
    return f"{below or 'None'} of {len(picture)} estimates, from {sets} data sets, lie wholly below zero"


def english_admissions(table: pd.DataFrame) -> pd.DataFrame:
    """Return the controlled comparisons of emergency admissions in England, whatever unit they print."""
    chosen = controlled(table)
    return chosen[(chosen["nation"] == "England") & (chosen["outcome"] == "emergency admissions")]


def signs(table: pd.DataFrame) -> str:
    """Return in words how many controlled comparisons of England find fewer admissions, as many or more."""
    rows = english_admissions(table)
    fewer, same, more = (
        int((rows["finding"] == finding).sum()) or "none" for finding in ("less", "no change shown", "more")
    )
    studies = rows["study"].nunique()
    return (
        f"Of {len(rows)} comparisons of emergency admissions in England, from {studies} studies, "
        f"{fewer} find fewer than their control, {same} no clear difference and {more} more"
    )


def in_words(differences: pd.DataFrame, own: pd.Series) -> str:
    """Return what the studies that print both changes and Highland show of emergency admissions."""
    sizes = differences["value"].abs()
    where = "below" if (differences["value"] < 0).all() else "above or below"
    side = "below" if own["value"] < 0 else "above"
    ends = "inside" if own["low"] <= 0 <= own["high"] else "outside"
    return (
        f"In the {differences['data'].nunique()} studies that print both changes the programmes lie "
        f"{sizes.min():.1f} to {sizes.max():.1f} points {where} their controls. "
        f"Highland lies {abs(own['value']):.1f} % {side} its own, with zero {ends} its interval"
    )
