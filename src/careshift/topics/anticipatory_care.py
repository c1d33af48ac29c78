"""The Nairn cohort: two printed changes in each group, and what they can and cannot say."""

from __future__ import annotations

import math

import pandas as pd

from careshift import claims
from careshift.project import CareshiftError

OUTCOMES = {"admissions": "Emergency admissions", "bed-days": "Bed days"}


def printed_change(outcome: str, group: str) -> tuple[float, float, float]:
    """Return a printed change in percent, negative for a fall, and the ends of its rounding."""
    word = "fall" if group == "cohort" else "rise"
    claim = claims.find(f"kingsfund2013/nairn-{group}-{outcome}-{word}")
    sign = -1 if word == "fall" else 1
    ends = sorted((sign * claim.interval.low, sign * claim.interval.high))
    return sign * claim.value, ends[0], ends[1]


def changes() -> pd.DataFrame:
    """Return the four printed changes: columns outcome, group, row, value, low, high (percent)."""
    rows = []
    for outcome, words in OUTCOMES.items():
        for group, name in (("cohort", "with a plan"), ("control", "matched controls")):
            value, low, high = printed_change(outcome, group)
            rows.append((words, group, f"{words}, {name}", value, low, high))
    return pd.DataFrame(rows, columns=["outcome", "group", "row", "value", "low", "high"])


def differences(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the difference in differences of each outcome from its printed changes.

    Columns outcome; points (cohort less control, percentage points of each group's own start), points_low,
    points_high; ratio (cohort's factor over the control's), ratio_low, ratio_high; against_control (by how
    many percent the cohort ends below where the control's change would have taken it).
    """
    rows = []
    for outcome in frame["outcome"].unique():
        part = frame[frame["outcome"] == outcome].set_index("group")
        cohort, control = part.loc["cohort"], part.loc["control"]
        ratio = (100 + cohort["value"]) / (100 + control["value"])
        rows.append(
            {
                "outcome": outcome,
                "points": cohort["value"] - control["value"],
                "points_low": cohort["low"] - control["high"],
                "points_high": cohort["high"] - control["low"],
                "ratio": ratio,
                "ratio_low": (100 + cohort["low"]) / (100 + control["high"]),
                "ratio_high": (100 + cohort["high"]) / (100 + control["low"]),
                "against_control": 100 * (1 - ratio),
            }
        )
    return pd.DataFrame(rows)


def apart(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how much of each difference comes from the cohort's fall and how much from the control's rise.

    Columns outcome, from_cohort, from_control (percentage points), share_control (percent of the difference).
    """
    wide = frame.pivot(index="outcome", columns="group", values="value")
    table = pd.DataFrame({"from_cohort": -wide["cohort"], "from_control": wide["control"]})
    share = 100 * table["from_control"] / (table["from_cohort"] + table["from_control"])
    return table.assign(share_control=share).loc[list(OUTCOMES.values())].reset_index()


def intervals_by_size(frame: pd.DataFrame, events: list[int], spread: float, z: float = 1.96) -> pd.DataFrame:
    """Return the ratio's interval for a number of admissions before: columns events, ratio, low, high.

    Log-normal limits for four independent counts, each `spread` times as variable as a Poisson count. The
    numbers of events are suppositions: none is printed.
    """
    if spread < 1 or min(events) < 1:
        raise CareshiftError("Give at least one event, and a spread of one or more.")
    part = frame[frame["outcome"] == OUTCOMES["admissions"]].set_index("group")["value"]
    after = [1 + part["cohort"] / 100, 1 + part["control"] / 100]
    ratio = after[0] / after[1]
    rows = []
    for count in events:
        variance = spread * (2 / count + sum(1 / (count * factor) for factor in after))
        half = z * math.sqrt(variance)
        rows.append((count, ratio, ratio * math.exp(-half), ratio * math.exp(half)))
    return pd.DataFrame(rows, columns=["events", "ratio", "low", "high"])


def detectable(events: int, spread: float, z: float = 1.96, power_z: float = 0.84) -> float:
    """Return the smallest fall against the control, in percent, found four times in five.

    Groups of so many admissions before, and the same number after were there no effect.
    """
    return 100 * (1 - math.exp(-(z + power_z) * math.sqrt(spread * 4 / events)))


def back_to_usual(start: float, usual: float) -> float:
    """Return the change in percent of a group picked at `start` times its usual level once back at `usual`.

    A group chosen for a bad year falls on its own: start 1.6 and usual 1 gives -37.5.
    """
    return 100 * (usual / start - 1)


def selected_at(fall: float) -> float:
    """Return how many times its usual level a group must have been picked at for its fall to be only that."""
    return 1 / (1 + fall / 100)
