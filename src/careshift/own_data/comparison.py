"""A file beside the book's own table, same place and period: unit, period, totals and places twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from careshift.checking import Problem

FEWEST = 5  # rows in both, from which their ratio says something
APART = 1.5  # usual ratio to the book's values, from which a unit or a statistic differs
FAR = 3.0  # ratio of a single value that is told with its row
SMALL = 20  # below it a value may well be three times another
NEARLY = 0.005  # relative difference up to which two values are the same
SAME, NOT_SAME = 0.6, 0.2  # share of values that are the same, a period off and in place
TYPICALLY = "typically"
KINDS = ("indicator", "measure", "unit", "function", "series_id")  # fields whose values have a unit each
MOST = 5  # rows told of one kind
UNITS = {
    0.000001: "in millions",
    0.001: "in thousands",
    0.01: "shares where the book has percentages",
    100.0: "percentages where the book has shares",
    1000.0: "single where the book has thousands",
}


def warnings(
    file: str, frame: pd.DataFrame, usual: pd.DataFrame, schema: Mapping[str, Any], time: str | None
) -> Iterator[Problem]:
    """Yield what is odd in a frame beside the book's table; both are typed, the frame's index is its row."""
    key = list(schema["primaryKey"])
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    for name in (n for n in frame.columns if kinds.get(n) in {"integer", "number"} and n not in key):
        values = _values(frame, key, name)
        shift = list(_shifted(file, values, usual, key, name, time)) if time else []
        yield from shift or _of_another_size(file, values, _values(usual, key, name), key, name)
        texts = [n for n in key if kinds[n] == "string" and n != time]
        yield from _twice(file, values, usual, key, name, texts)


def _values(frame: pd.DataFrame, key: Sequence[str], name: str) -> pd.DataFrame:
    values = frame[[*key, name]].rename(columns={name: "value"}).dropna(subset=["value"])
    return values.astype({"value": "float64"}).reset_index(names="row")


def _of_another_size(
    file: str, values: pd.DataFrame, usual: pd.DataFrame, key: Sequence[str], name: str
) -> Iterator[Problem]:
    """Yield that values of the same place and period are usually, or here and there, of another size."""
    kinds = [field for field in KINDS if field in key]
    if kinds:
        for kind, rows in values.groupby(kinds):
            yield from _of_one_kind(file, rows, usual, key, name, ", ".join(map(str, kind)))
    else:
        yield from _of_one_kind(file, values, usual, key, name)


def _of_one_kind(
    file: str, values: pd.DataFrame, usual: pd.DataFrame, key: Sequence[str], name: str, kind: str = ""
) -> Iterator[Problem]:
    both = values.merge(usual.drop(columns="row"), on=list(key), suffixes=("", "_book"))
    both = both[(both["value"] > 0) & (both["value_book"] > 0)]
    ratio = both["value"] / both["value_book"]
    typical = ratio.median()
    if len(both) >= FEWEST and not 1 / APART <= typical <= APART:
        unit = next((f" ({words})" for size, words in UNITS.items() if 0.8 < typical / size < 1.25), "")
        text = f"{TYPICALLY} {_times(typical)} times the book's value for the same place and period{unit}"
        text = f"{text}, in {kind}" if kind else text
        yield Problem(
            file, text, f"Check the unit of {name} and what it counts.", int(both["row"].iloc[0]), name
        )
        return
    large = both[["value", "value_book"]].max(axis=1) >= SMALL
    far = both[((ratio > FAR) | (ratio < 1 / FAR)) & large]
    for row in far.head(MOST).to_dict("records"):
        more = f"; {len(far) - 1:,} more like it" if len(far) > 1 else ""
        text = f"{row['value']:,.10g}, where the book has {row['value_book']:,.10g} for it{more}"
        yield Problem(file, text, "Check the unit, the place and the period.", int(row["row"]), name)


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _shifted(
    file: str, values: pd.DataFrame, usual: pd.DataFrame, key: Sequence[str], name: str, time: str
) -> Iterator[Problem]:
    """Yield that the values are those that the book has one period before or after."""
    order = {period: place for place, period in enumerate(sorted(set(usual[time]) | set(values[time])))}
    own = values.assign(**{time: values[time].map(order)})
    book = _values(usual.assign(**{time: usual[time].map(order)}), key, name).drop(columns="row")
    share = {off: _share_same(own.assign(**{time: own[time] + off}), book, key) for off in (-1, 0, 1)}
    for off, words in ((-1, "before"), (1, "after")):
        if share[off] >= SAME and share[0] <= NOT_SAME:
            text = (
                f"the values are those that the book has one {_noun(time)} {words} ({share[off]:.0%} of them)"
            )
            remedy = (
                f"Check what {time} means in the file: its start or its end, a calendar or a financial year?"
            )
            yield Problem(file, text, remedy, int(values["row"].iloc[0]), name)


def _noun(time: str) -> str:
    return {"date": "date", "week_ending": "week"}.get(time, time.replace("_", " "))


def _share_same(own: pd.DataFrame, book: pd.DataFrame, key: Sequence[str]) -> float:
    both = own.merge(book, on=list(key), suffixes=("", "_book"))
    both = both[both["value_book"] != 0]
    if len(both) < FEWEST or both["value"].nunique() < FEWEST:
        return 0.0
    return float(((both["value"] / both["value_book"] - 1).abs() <= NEARLY).mean())


def _twice(
    file: str, values: pd.DataFrame, usual: pd.DataFrame, key: Sequence[str], name: str, texts: Sequence[str]
) -> Iterator[Problem]:
    """Yield a category unknown to the book that is the sum of all others, or the same as another."""
    for field in texts:
        others = [part for part in key if part != field]
        if not others:
            continue
        known = set(usual[field])
        grid = values.pivot(index=others, columns=field, values="value")
        for category in [name for name in grid.columns if name not in known]:
            cells = grid[category].dropna()
            rest = grid.loc[cells.index].drop(columns=category)
            if len(cells) < 2 or not (cells > 0).any():
                continue
            first = int(values.loc[values[field] == category, "row"].iloc[0])
            if rest.notna().sum(axis=1).min() > 1 and (rest.sum(axis=1) - cells).abs().max() < 1:
                text = f"{category} is the sum of the other rows: a total among its parts"
                yield Problem(file, text, "Take it out, or its parts.", first, field)
            same = [other for other in rest.columns if len(cells) >= FEWEST and rest[other].equals(cells)]
            for other in same[:1]:
                text = f"{category} has the same {name} as {other} in all {len(cells)} rows"
                yield Problem(file, text, "Is one place there under two codes? Keep one.", first, field)
