"""Outcomes, principles, values and recommendations: what the documents list, and what the lists share."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import pandas as pd

from careshift import claims
from careshift.project import CareshiftError
from careshift.topics.policy_dates import DOCUMENTS


def listed(items: pd.DataFrame, framework: str) -> pd.DataFrame:
    """Return the items of one list in their order. Raises CareshiftError for a list that is not there."""
    chosen = items[items["framework"] == framework].sort_values("position")
    if chosen.empty:
        raise CareshiftError(
            f"There is no list {framework}. Lists: {', '.join(items['framework'].unique())}."
        )
    return chosen.reset_index(drop=True)


def summary(items: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each list: name, document, place, items, parts, claim, counted, printed.

    `counted` is what the list's claim counts, its items or its parts; both it and `printed` are missing
    where no claim counts the list.
    """
    rows = [_summed(name, part) for name, part in items.groupby("framework", sort=False)]
    return pd.DataFrame(rows).astype({"counted": float, "printed": float})


def _summed(framework: object, part: pd.DataFrame) -> dict[str, object]:
    first = part.iloc[0]
    numbers = {"items": len(part), "parts": int(part["part"].nunique())}
    claim = first["claim"] if isinstance(first["claim"], str) else None
    return {
        "framework": framework,
        "name": first["name"],
        "document": DOCUMENTS[first["source"]],
        "place": first["place"],
        **numbers,
        "claim": claim,
        "counted": numbers[first["counts"]] if claim else None,
        "printed": int(claims.find(claim).value) if claim else None,
    }


def counted_in(items: pd.DataFrame, chapter: str) -> dict[str, int]:
    """Return how many items or parts the table has for each claim of the chapter that counts a list."""
    found = summary(items).dropna(subset="claim")
    mine = found[[claims.find(c).chapter == chapter for c in found["claim"]]]
    return dict(zip(mine["claim"], mine["counted"].astype(int), strict=True))


def by_theme(items: pd.DataFrame) -> pd.DataFrame:
    """Return how many items of each list have each theme: name, theme, items; widest theme first."""
    counted = pd.crosstab(items["name"], items["theme"])
    pairs = product(items["name"].unique(), themes(items)["theme"])
    rows = [{"name": name, "theme": theme, "items": int(counted.loc[name, theme])} for name, theme in pairs]
    return pd.DataFrame(rows)


def themes(items: pd.DataFrame) -> pd.DataFrame:
    """Return for each theme its items and the lists that have one: theme, items, lists; most lists first."""
    grouped = items.groupby("theme")
    frame = pd.DataFrame({"items": grouped.size(), "lists": grouped["framework"].nunique()})
    return frame.sort_values(["lists", "items"], ascending=False).rename_axis("theme").reset_index()


def in_words(items: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each list and part: name, part, items in one line."""
    named = items.assign(part=items["part"].fillna("all"))
    joined = named.groupby(["name", "part"], sort=False)["item"].agg("; ".join)
    return joined.reset_index()


ASKED = ("recommendations-2018", "headings", "recommendations-2026")  # what was asked for, year by year


def across_years(items: pd.DataFrame) -> pd.DataFrame:
    """Return the themes of what was asked for in 2018, 2019 and 2026: name, theme, items."""
    asked = items[items["framework"].isin(ASKED)]
    order = {framework: place for place, framework in enumerate(ASKED)}
    return by_theme(asked.sort_values("framework", key=lambda names: names.map(order), kind="stable"))


class Shared(NamedTuple):
    """How many themes are asked for, and which of them were asked for before."""

    asked: int
    again: list[str]


def themes_shared(items: pd.DataFrame) -> Shared:
    """Return how many themes the recommendations of 2026 touch, and which stood in the headings of 2019."""
    touched, before = (set(listed(items, name)["theme"]) for name in ("recommendations-2026", "headings"))
    return Shared(len(touched), sorted(touched & before))
