"""The tile maps of areas: every measure and period, where each area stands, and a key with numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from careshift import ranking
from careshift.topics.areas import KINDS, SIGNS, Place
from careshift.topics.areas_measures import Kind, Measure, measures
from careshift.topics.areas_people import LATEST, Tables, aged
from careshift.topics.places import SCOTLAND

PLACES = tuple(SIGNS)  # where an area can stand beside Scotland, by number


def maps(
    kind: Kind, every: pd.DataFrame, tables: Tables, of_code: Mapping[str, Place], first: str
) -> list[dict[str, Any]]:
    """Return the map of each ranked measure in each period that Scotland has, the latest period first.

    The measure with the key `first` leads; the others keep their order.

    `every` is of `areas_measures.values`. Keys measure (its key), label, period, caption, values (an area
    each, in the order of the codes: a figure in words, or why there is none), where (for each a digit, its
    place in `PLACES`) and key (for each place how many areas stand there, and between which figures).
    """
    codes = sorted(code for code, place in of_code.items() if place.kind == kind)
    made = []
    ranked = [measure for measure in measures(kind) if measure.size is not None]
    for measure in sorted(ranked, key=lambda measure: measure.key != first):
        rows = every[every["measure"] == measure.key]
        error = _error(measure, rows, tables)
        for time in sorted(rows.loc[rows["area"] == SCOTLAND].dropna(subset="value")["time"], reverse=True):
            made.append(_map(kind, measure, rows[rows["time"] == time].set_index("area"), error, codes))
    return made


def _error(measure: Measure, rows: pd.DataFrame, tables: Tables) -> pd.Series:
    """Return each area's standard error of one period's figure, as the tables of the page have it."""
    wide = rows.pivot(index="area", columns="time", values="value").sort_index(axis="columns")
    people = aged(tables, measure.size or 0)[LATEST]
    return ranking.spread_of_one_year(wide.drop(index=SCOTLAND), wide.T[SCOTLAND], people)


def _map(
    kind: Kind, measure: Measure, rows: pd.DataFrame, error: pd.Series, codes: list[str]
) -> dict[str, Any]:
    spec = f",.{measure.digits}f"
    national, period = float(rows["value"][SCOTLAND]), str(rows["period"].iloc[0])
    known = {code: float(rows["value"][code]) for code in codes if rows["value"].notna()[code]}
    where = {code: ranking.against(value, national, error[code]) for code, value in known.items()}
    head = f"{KINDS[kind].capitalize()}: {measure.label}, {measure.unit}, {period}"
    groups = {place: [known.get(code) for code in codes if where.get(code, "") == place] for place in PLACES}
    return {
        "measure": measure.key,
        "label": measure.label,
        "period": period,
        "caption": f"{head}. Scotland: {national:{spec}}",
        "values": [f"{known[code]:{spec}}" if code in known else rows["status"][code] for code in codes],
        "where": "".join(str(PLACES.index(where.get(code, ""))) for code in codes),
        "key": [_reach(values, spec) for values in groups.values()],
    }


def _reach(values: list[float | None], spec: str) -> str:
    """Return how many areas stand at a place, and between which figures: "9 areas, 61.2 to 90.1"."""
    known = [value for value in values if value is not None]
    counted = f"{len(values) or 'no'} area{'s' * (len(values) != 1)}"
    ends = dict.fromkeys(f"{end:{spec}}" for end in (min(known), max(known))) if known else ()
    return ", ".join([counted, " to ".join(ends)] if ends else [counted])
