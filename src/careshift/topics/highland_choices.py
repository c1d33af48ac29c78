"""Highland's gap under every choice that can be defended: its size, its place, and who else leads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from careshift import synthetic_control
from careshift.topics.financial_years import label
from careshift.topics.highland import HIGHLAND, METHODS, POOLS, RELEASES, percent, rates, settings
from careshift.topics.places import name_of

if TYPE_CHECKING:
    import pandas as pd

FIRSTS = (2006, 2007, 2008)
"""First financial years that the weights may use, by their start."""
STARTS = (2011, 2012, 2013)
"""First financial years that may count as after the date, by their start."""
COUNTS = 0.01
"""Least weight of a donor that is left out in turn."""
EDGE = 0.05
"""Share of the councils with the largest gaps among which a gap seldom lies by chance."""
BY_METHOD = {
    "method": "Estimator",
    "lowest": "Lowest gap, %",
    "highest": "Highest gap, %",
    "first": "Highest place",
    "last": "Lowest place",
    "share": "Smallest p-value",
    "typical": "Placebos' typical gap",
}
BY_KIND = {"varied": "What is varied", "choices": "Choices", **{k: BY_METHOD[k] for k in list(BY_METHOD)[1:]}}
"""Headings of the columns of `grouped` by estimator and by what is varied."""
MAIN, DONOR, START, LATER = (
    "pool, release and first year",
    "one donor left out",
    "start year",
    "a later last year",
)

Choice = tuple[str, str, str, int, int, int, str]


def every_choice(table: pd.DataFrame, start: int, last: int, first: int, later: int = 2015) -> pd.DataFrame:
    """Return Highland's mean gap under every choice, with its place among the placebos.

    Estimators, pools, releases and first years are crossed. Then, for each estimator, every donor that counts
    is left out in turn (Abadie, Diamond and Hainmueller 2015), and the start year moves; and all of the first
    are taken to `later`, when other councils had begun. Columns varied (what), method, pool, release, first,
    start, last, without (a donor, or nothing); value (percent of the synthetic control), gap (per 100,000),
    place (its rank by absolute size), of (areas compared), share_gap (placebo p-value), typical (root mean
    square of the placebos' gaps) and leaders (the areas whose gap is among the largest `EDGE` of all).
    """
    import pandas as pd

    panels = {(r, f): rates(table, r, f) for r, f in product(RELEASES, {first, *FIRSTS})}
    rows = []
    for varied, choice in _choices(panels[RELEASES[0], first], start, last, first, later):
        method, pool, release, year, begin, end, without = choice
        names = ("method", "pool", "release", "first", "start", "last", "without")
        stands = _stands(panels[release, year], begin, end, pool, method, without)
        rows.append({"varied": varied, **dict(zip(names, choice, strict=True)), **stands})
    return pd.DataFrame(rows)


def _choices(
    panel: pd.DataFrame, start: int, last: int, first: int, later: int
) -> Iterator[tuple[str, Choice]]:
    """Yield every choice with what it varies."""
    lead = (next(iter(POOLS)), RELEASES[0])
    for method, pool, release, year in product(METHODS, POOLS, RELEASES, sorted({first, *FIRSTS})):
        yield MAIN, (method, pool, release, year, start, last, "")
    donors = donors_that_count(panel, start, last)
    for method, donor in product(METHODS, donors):
        yield DONOR, (method, *lead, first, start, last, donor)
    for method, begin in product(METHODS, STARTS):
        if begin != start:
            yield START, (method, *lead, first, begin, max(last, begin), "")
    if later != last:
        for method, pool, release in product(METHODS, POOLS, RELEASES):
            yield LATER, (method, pool, release, first, start, later, "")


def donors_that_count(panel: pd.DataFrame, start: int, last: int) -> list[str]:
    """Return the donors of at least `COUNTS` in the leading synthetic Highland, largest weight first."""
    how = settings(panel, next(iter(POOLS)), next(iter(METHODS)))
    found = synthetic_control.fit(panel, HIGHLAND, start, last, **how).weights
    return [str(area) for area in found[found >= COUNTS].sort_values(ascending=False).index]


def _stands(
    panel: pd.DataFrame, start: int, last: int, pool: str, method: str, without: str
) -> dict[str, object]:
    """Return Highland's gap and its place among the placebos under one choice."""
    chosen = settings(panel.drop(columns=without) if without else panel, pool, method)
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
        "typical": float(rows["mean_gap"].iloc[1:].pow(2).mean() ** 0.5),
        "leaders": tuple(rows.loc[rows["share_gap"] <= EDGE, "unit"]),
    }


def grouped(every: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the choices of `every_choice` by `method` or by what is `varied`, in the order they came.

    Columns `by`, choices (how many), lowest and highest (gap in percent), first and last (place among the
    placebos), share (smallest placebo p-value), typical (mean of the placebos' typical gap).
    """
    return (
        every.groupby(by, sort=False)
        .agg(
            choices=("value", "size"),
            lowest=("value", "min"),
            highest=("value", "max"),
            first=("place", "min"),
            last=("place", "max"),
            share=("share_gap", "min"),
            typical=("typical", "mean"),
        )
        .reset_index()
    )


def title(every: pd.DataFrame) -> str:
    """Return the title that says what every choice gives, and under how many it is more than chance."""
    sides = set(every["value"].map(lambda value: "below" if value < 0 else "above"))
    where = f"{sides.pop()} zero" if len(sides) == 1 else "on both sides of zero"
    return (
        f"The gap is {where} throughout, and more than chance under {beyond(every)} of {len(every)} choices"
    )


def beyond(every: pd.DataFrame) -> int | str:
    """Return under how many choices Highland is among the largest `EDGE` of gaps, "none" for 0."""
    return int((every["share_gap"] <= EDGE).sum()) or "none"


def told(every: pd.DataFrame, names: pd.DataFrame) -> dict[str, object]:
    """Return what the answer says of all choices, as words and unsigned numbers.

    Keys count, low, high (percent), sides, few (choices beyond chance), best and worst (places), others
    (placebo councils that are beyond chance under one of the choices), councils (all of these), smallest and
    possible (p-values), needed (the p-value that one of so many choices would have to reach, by Bonferroni),
    donor and without (the donor that counts most, and the leading gap in percent without it), early and
    earlier (another start year, and the leading gap in percent from it).
    """
    leaders = {area for row in every["leaders"] for area in row} - {HIGHLAND}
    lead = every[every["method"] == next(iter(METHODS))]
    out, moved = lead[lead["varied"] == DONOR], lead[lead["varied"] == START]
    return {
        "count": len(every),
        "low": every["value"].abs().min(),
        "high": every["value"].abs().max(),
        "sides": "one side" if every["value"].max() * every["value"].min() > 0 else "both sides",
        "few": beyond(every),
        "best": int(every["place"].min()),
        "worst": int(every["place"].max()),
        "others": len(leaders) or "none",
        "councils": int(every["of"].max()) - 1,
        "smallest": every["share_gap"].min(),
        "possible": 1 / every["of"].max(),
        "needed": EDGE / len(every),
        "donor": name_of(str(out["without"].iloc[0]), names),
        "without": abs(out["value"].iloc[0]),
        "early": label(int(moved["start"].iloc[0])),
        "earlier": abs(moved["value"].iloc[0]),
    }
