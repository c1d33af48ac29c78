"""Experience of care and support: five national items over four surveys, and the councils behind them."""

from __future__ import annotations

import math

import pandas as pd

from careshift.project import CareshiftError
from careshift.topics.places import SCOTLAND, are_councils
from careshift.typography import rise_or_fall

ITEMS = {
    "quality of life": "Quality of life",
    "independence": "Independence",
    "care rated good": "Care rated good",
    "say in support": "Say in support",
    "carers supported": "Carers supported",
}
COMMUNICATION = {
    "hace_gp_understand_info": "Understood what they were told",
    "hace_gp_listened": "Were listened to",
}
CONTINUITY = {
    "hace_coordination_other_professionals": "Referral to other professionals",
    "hace_gp_other_prof_arrangements": "Arrangements to see another professional",
    "hace_gp_doctor_arrangements": "Arrangements to see a doctor",
}


def waves(experience: pd.DataFrame, area: str = SCOTLAND) -> pd.DataFrame:
    """Return an area's positive answers in percent, a row a survey and a column an item.

    Columns year (start of the survey's financial year), survey and the items; missing where an item was not
    asked alike. Raises CareshiftError for an area without rows.
    """
    chosen = experience[experience["area"] == area]
    if chosen.empty:
        raise CareshiftError(f"No survey results for area {area}.")
    wide = chosen.pivot(index="survey", columns="item", values="percent")[list(ITEMS)].reset_index()
    return wide.rename_axis(columns=None).assign(year=wide["survey"].str[:4].astype(int))


def changes(wide: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return each item's change between two surveys in percentage points.

    Columns item, first, last, change; missing where one survey lacks the item. Largest fall first.
    """
    at = wide.set_index("survey")
    frame = pd.DataFrame(
        {
            "item": list(ITEMS.values()),
            "first": [at.loc[first, item] for item in ITEMS],
            "last": [at.loc[last, item] for item in ITEMS],
        }
    )
    return frame.assign(change=frame["last"] - frame["first"]).sort_values("change", ignore_index=True)


def fell_and_rose(items: pd.DataFrame) -> dict[str, str]:
    """Return the items that changed least and most in words: "“Independence” fell by 1.7 points"."""
    ordered = items.sort_values("change")
    ends = {"worst": ordered.iloc[0], "best": ordered.iloc[-1]}
    return {
        name: f"“{row['item']}” {rise_or_fall(row['change'], unit='points')}" for name, row in ends.items()
    }


def councils(experience: pd.DataFrame, areas: pd.DataFrame, item: str, survey: str) -> pd.DataFrame:
    """Return every council's result for one item and survey, highest first: columns area, percent."""
    chosen = experience[
        (experience["item"] == item) & (experience["survey"] == survey) & are_councils(experience["area"])
    ]
    names = areas.set_index("code")["name"]
    frame = chosen.assign(area=[names[code] for code in chosen["area"]])[["area", "percent"]]
    return frame.sort_values("percent", ascending=False, ignore_index=True)


def spread(experience: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return how the 32 councils lie in each item and how many fell between two surveys.

    Columns item, survey (the last that asked it), lowest, middle, highest (percent in it), fell, of.
    """
    wide = experience[are_councils(experience["area"])].pivot(
        index=["item", "area"], columns="survey", values="percent"
    )
    rows = []
    for item, words in ITEMS.items():
        known = pd.DataFrame(wide.xs(item)).dropna(axis=1, how="all")
        values = known[max(known.columns)]
        moved = (known[last] - known[first]).dropna() if last in known else pd.Series(dtype=float)
        rows.append(
            {
                "item": words,
                "survey": max(known.columns),
                "lowest": values.min(),
                "middle": values.median(),
                "highest": values.max(),
                "fell": int((moved < 0).sum()),
                "of": len(moved),
            }
        )
    return pd.DataFrame(rows)


def primary_care(official: pd.DataFrame, survey: str) -> pd.DataFrame:
    """Return the printed results on general practice, communication first: columns about, question, percent.

    Raises CareshiftError where none is printed for the survey.
    """
    chosen = (
        official[official["period"] == survey].drop_duplicates("series_id").set_index("series_id")["value"]
    )
    rows = [
        {"about": about, "question": words, "percent": float(chosen[series])}
        for about, group in (("communication", COMMUNICATION), ("continuity", CONTINUITY))
        for series, words in group.items()
        if series in chosen
    ]
    if not rows:
        raise CareshiftError(f"No printed results on general practice for {survey}.")
    return pd.DataFrame(rows)


def gaps(primary: pd.DataFrame) -> pd.DataFrame:
    """Return by how many points each communication item exceeds each continuity item: pair and value."""
    talk, join = (primary[primary["about"] == about] for about in ("communication", "continuity"))
    rows = [
        {"communication": a["question"], "continuity": b["question"], "value": a["percent"] - b["percent"]}
        for _, a in talk.iterrows()
        for _, b in join.iterrows()
    ]
    return pd.DataFrame(rows)


def half_width(percent: float, answers: int, z: float = 1.96, design_effect: float = 1.0) -> float:
    """Return the half width of an interval for a share, in percentage points (normal approximation)."""
    share = percent / 100
    return 100 * z * math.sqrt(design_effect * share * (1 - share) / answers)


def answers_needed(percent: float, points: float, z: float = 1.96, power_z: float = 0.84) -> int:
    """Return how many answers in each of two surveys show a change of `points` with 80 % power.

    Two independent simple random samples near `percent` (normal approximation; Cohen 1988).
    """
    share = percent / 100
    return math.ceil(2 * share * (1 - share) * ((z + power_z) * 100 / points) ** 2)
