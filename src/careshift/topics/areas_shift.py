"""Did care shift in one area? Two measures before and after integration, beside all others of its kind."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from careshift import ranking
from careshift.topics.areas import Place, inside
from careshift.topics.areas_measures import Kind
from careshift.topics.places import SCOTLAND
from careshift.typography import rise_or_fall

INTEGRATED = (2016.25, "integration")  # April 2016, by when every area had to be integrated
EARLY = {
    "S12000017": (2012.25, "lead agency", "2011/12")
}  # Highland, four years ahead: mark and last year before
LAST_BEFORE, BEFORE_PANDEMIC = "2015/16", "2019/20"
# The measure, and the first year of the comparison: the last before integration; for delays the first whole
# one under the definition of July 2016; None for the first year that the measure has.
COMPARED: Mapping[Kind, tuple[tuple[str, str | None], ...]] = {
    "council": (("admissions", LAST_BEFORE), ("delayed_75", "2017/18")),
    "health board": (("stays", None), ("delayed_75", "2017/18")),
}


def mark(place: Place) -> tuple[float, str]:
    """Return when the place was integrated, as a decimal year, and the word for it."""
    return EARLY[place.code][:2] if place.code in EARLY else INTEGRATED


def lead(kind: Kind) -> str:
    """Return the measure that the chart of an area shows."""
    return COMPARED[kind][0][0]


def among(place: Place, every: pd.DataFrame, measure: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Return one measure of every area over time: columns area (name), period, time, value, own, whole.

    `own` marks the place, `whole` Scotland. `every` is of `areas_measures.values`.
    """
    rows = every[every["measure"] == measure]
    named = rows.assign(own=rows["area"] == place.code, whole=rows["area"] == SCOTLAND)
    named["area"] = [names.get(code, code) for code in rows["area"]]
    return named[["area", "period", "time", "value", "own", "whole"]].reset_index(drop=True)


def shifts(place: Place, every: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """Return how the place changed from before integration to the year before the pandemic.

    `standing` is of `areas.standings` and holds the standard error of one year's figure. Columns measure,
    label, unit, start, end, before, after, change and scotland (percent), lower (areas whose figure changed
    by less, or fell by more), of (areas with both), beyond: whether the place's change differs from
    Scotland's by more than two of its years differ by themselves, at 95 %. A measure without both years of
    the place is left out.
    """
    rows = [_shift(place, every, standing, key, start) for key, start in COMPARED[place.kind]]
    return pd.DataFrame([row for row in rows if row])


def _shift(
    place: Place, every: pd.DataFrame, standing: pd.DataFrame, key: str, start: str | None
) -> dict[str, object] | None:
    wide = every[every["measure"] == key].pivot(index="area", columns="period", values="value")
    start = start or min(wide.columns)
    if place.code in EARLY and start == LAST_BEFORE:
        start = EARLY[place.code][2]
    if not {start, BEFORE_PANDEMIC} <= set(wide.columns):
        return None
    ends = wide[[start, BEFORE_PANDEMIC]].dropna()
    if place.code not in ends.index or SCOTLAND not in ends.index:
        return None
    about = standing[(standing["measure"] == key) & (standing["area"] == place.code)].iloc[0]
    percent = 100 * (ends[BEFORE_PANDEMIC] / ends[start] - 1)
    moved = ends[BEFORE_PANDEMIC] - ends[start]
    others = percent.drop(SCOTLAND)
    reach = ranking.z_of(0.95) * math.sqrt(2) * about["error"]
    return {
        "measure": key,
        "label": about["label"],
        "unit": about["unit"],
        "start": start,
        "end": BEFORE_PANDEMIC,
        "before": ends.loc[place.code, start],
        "after": ends.loc[place.code, BEFORE_PANDEMIC],
        "change": percent[place.code],
        "scotland": percent[SCOTLAND],
        "lower": int((others < percent[place.code]).sum()),
        "of": len(others),
        "beyond": bool(abs(moved[place.code] - moved[SCOTLAND]) > reach),
    }


def as_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the changes in words: columns label, years, change, scotland, lower, beyond."""
    return pd.DataFrame(
        {
            "label": f"{row['label']}, {row['unit']}",
            "years": f"{row['start']}, {row['end']}",
            "change": f"{row['change']:+.1f}",
            "scotland": f"{row['scotland']:+.1f}",
            "lower": f"{row['lower']} of {row['of'] - 1}",
            "beyond": "yes" if row["beyond"] else "no",
        }
        for row in rows.to_dict("records")
    )


def answer(rows: pd.DataFrame, name: str) -> str:
    """Return what happened to the first measure, in words."""
    if rows.empty:
        return f"No measure has figures of {name} both before integration and before the pandemic."
    return in_words(rows.iloc[0].to_dict(), name)


def further(rows: pd.DataFrame, name: str) -> str:
    """Return what happened to the other measures, and what no such change can show."""
    told = [in_words(row, name) for row in rows.to_dict("records")[1:]]
    return " ".join(
        [*told, "A change after a reform goes along with it; it does not show what the reform did."]
    )


def in_words(row: Mapping[Hashable, Any], name: str) -> str:
    """Return a change in two sentences: when, beside Scotland, and whether it is more than usual."""
    what = inside(row["label"]) + "," * ("," in row["label"])
    own, whole = rise_or_fall(row["change"]), rise_or_fall(row["scotland"])
    told = "further apart than" if row["beyond"] else "no further apart than"
    return (
        f"From {row['start']} to {row['end']} {what} {own} for each person in {name}, and {whole} "
        f"in Scotland. The two are {told} the area's figure moves by itself from one year to another."
    )


def title(rows: pd.DataFrame, name: str) -> str:
    """Return what the chart of the first measure shows, in one line."""
    if rows.empty:
        return f"{name} has no figures of both years"
    first = rows.iloc[0]
    if not first["beyond"]:
        return f"{first['label']}: {name} moved about as Scotland did, {first['start']} to {first['end']}"
    side = "below" if first["change"] < first["scotland"] else "above"
    return (
        f"{first['label']}: {name} changed from {first['start']} to {first['end']}, to {side} Scotland's path"
    )
