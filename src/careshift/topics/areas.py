"""One council area or health board beside Scotland and all others of its kind: standing, trends, gaps."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from careshift import ranking
from careshift.project import CareshiftError
from careshift.topics.areas_measures import Kind, Measure, measures
from careshift.topics.areas_people import LATEST, Tables, aged
from careshift.topics.places import SCOTLAND

KINDS: Mapping[Kind, str] = {"council": "council areas", "health board": "health boards"}
WHY = {
    "suppressed": "withheld by the publisher to protect people",
    "not available": "not published: no census was held, or the ages were not recorded",
    "no figure": "no row in the publisher's file",
}
FAR = ("far above", "far below")
SIGNS = {"far above": "▲▲", "above": "▲", "alike": "=", "below": "▼", "far below": "▼▼", "": "–"}


@dataclass(frozen=True)
class Place:
    """An area with a page: its GSS code, its name and its kind."""

    code: str
    name: str
    kind: Kind

    @property
    def slug(self) -> str:
        """Return the page's name in the address: "Na h-Eileanan Siar" -> "na-h-eileanan-siar"."""
        return self.name.lower().replace(" ", "-")

    @property
    def peers(self) -> str:
        """Return what the area is compared with, such as "council areas"."""
        return KINDS[self.kind]


def places(areas: pd.DataFrame) -> dict[str, Place]:
    """Return the 32 council areas and 14 health boards by code, each kind by name."""
    found: dict[str, Place] = {}
    for kind in KINDS:
        rows = areas[areas["type"] == kind].sort_values("name")
        found |= {c: Place(c, n, kind) for c, n in zip(rows["code"], rows["name"], strict=True)}
    return found


def standings(
    kind: Kind, every: pd.DataFrame, tables: Tables, confidence: float = 0.95, back: int = 0
) -> pd.DataFrame:
    """Return where every area of a kind stands in every ranked measure, in its latest period.

    `every` is of `areas_measures.values`. The latest period is the last for which Scotland has a figure, or
    `back` periods before it.
    Columns area, measure, label, unit, digits, table, period, value, status, error (standard error of one
    period's figure), low, high (its interval), scotland, rank (1 is the highest), first, last (the rank's
    confidence set), of (areas with a figure), where (in the funnel around Scotland, empty without a figure).
    """
    ranked = [m for m in measures(kind) if m.size is not None]
    made = [_standing(m, every[every["measure"] == m.key], tables, confidence, back) for m in ranked]
    return pd.concat(made, ignore_index=True)


def _standing(
    measure: Measure, every: pd.DataFrame, tables: Tables, confidence: float, back: int
) -> pd.DataFrame:
    wide = every.pivot(index="area", columns="time", values="value").sort_index(axis="columns")
    scotland: pd.Series[float] = wide.T[SCOTLAND]
    areas = wide.drop(index=SCOTLAND)
    error = ranking.spread_of_one_year(areas, scotland, aged(tables, measure.size or 0)[LATEST])
    time = sorted(scotland.dropna().index)[-1 - back]
    latest = every[(every["time"] == time) & (every["area"] != SCOTLAND)].set_index("area")
    rank = ranking.ranks(latest["value"], error, confidence)
    frame = latest[["measure", "period", "value", "status"]].join(rank).assign(error=error)
    reach, most = ranking.z_of(confidence) * error, 100 if measure.unit.startswith("%") else None
    national = float(scotland[time])
    places = zip(frame["value"], frame["error"], strict=True)
    made: pd.DataFrame = frame.assign(
        label=measure.label,
        unit=measure.unit,
        digits=measure.digits,
        table=measure.table,
        low=(frame["value"] - reach).clip(lower=0),
        high=(frame["value"] + reach).clip(upper=most),
        scotland=national,
        of=len(rank),
        where=[ranking.against(v, national, e) if v == v else "" for v, e in places],
    ).reset_index()
    return made


def of(standing: pd.DataFrame, place: Place) -> pd.DataFrame:
    """Return the rows of one area, in the order of the measures. CareshiftError where there are none."""
    rows = standing[standing["area"] == place.code].reset_index(drop=True)
    if rows.empty:
        raise CareshiftError(f"No figures of {place.name} ({place.code}).")
    return rows


def as_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return an area's standing in words: columns label, unit, period, value, scotland, rank, where."""
    written = []
    for row in rows.to_dict("records"):
        spec = f",.{row['digits']}f"
        known = row["value"] == row["value"]
        interval = f"{row['low']:{spec}} to {row['high']:{spec}}" if known else ""
        written.append(
            {
                "label": f"{row['label']}, {row['unit']}",
                "period": row["period"],
                "value": f"{row['value']:{spec}} ({interval})" if known else row["status"],
                "scotland": f"{row['scotland']:{spec}}",
                "rank": rank_words(row),
                "where": row["where"] or "–",
            }
        )
    return pd.DataFrame(written)


def rank_words(row: Mapping[Hashable, Any]) -> str:
    """Return a rank with its confidence set: "12 of 32 (5 to 20)"; a dash without a figure."""
    if row["rank"] != row["rank"]:
        return "–"
    return f"{row['rank']:.0f} of {row['of']} ({row['first']:.0f} to {row['last']:.0f})"


def named(rows: pd.DataFrame, *where: str) -> str:
    """Return the measures that stand there, joined by semicolons; "none" for none."""
    return "; ".join(map(inside, rows.loc[rows["where"].isin(where), "label"])) or "none"


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence: "home care, all ages", but "A&E attendances"."""
    return label[0].lower() + label[1:] if label[1].islower() else label


def furthest(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the measure whose value lies the furthest from Scotland's, in its own standard errors."""
    distance = ((rows["value"] - rows["scotland"]) / rows["error"]).abs()
    return rows.to_dict("records")[int(distance.argmax())]  # type: ignore[return-value]


def outside(standing: pd.DataFrame) -> dict[str, int]:
    """Return how many comparisons of areas with Scotland lie outside the funnel: all, outside, far, chance.

    `chance` is how many the 95 % limits would put outside if every area were like Scotland.
    """
    known = standing[standing["value"].notna()]
    return {
        "all": len(known),
        "outside": int((known["where"] != "alike").sum()),
        "far": int(known["where"].isin(FAR).sum()),
        "chance": round(0.05 * len(known)),
    }


def differing(*standing: pd.DataFrame) -> pd.DataFrame:
    """Return by measure how many percent of the areas lie outside the 95 % limits around Scotland.

    Columns kind (of area), measure, label, share, outside, of; the largest share first.
    """
    known = pd.concat([s.assign(kind=kind) for kind, s in zip(KINDS.values(), standing, strict=True)])
    known = known[known["where"] != ""].assign(beyond=lambda frame: frame["where"] != "alike")
    grouped = (
        known.groupby(["kind", "measure", "label"], sort=False)["beyond"].agg(["sum", "count"]).reset_index()
    )
    grouped = grouped.rename(columns={"sum": "outside", "count": "of"})
    grouped = grouped.assign(share=100 * grouped["outside"] / grouped["of"])
    return grouped.sort_values("share", ascending=False, ignore_index=True)


def tiles(standing: pd.DataFrame, of_code: Mapping[str, Place], measure: str) -> pd.DataFrame:
    """Return the tile of each area for one measure: columns code, name, slug, words, where, sign."""
    rows = []
    for row in standing[standing["measure"] == measure].to_dict("records"):
        place = of_code[row["area"]]
        figure = f"{row['value']:,.{row['digits']}f}" if row["where"] else row["status"]
        words = {"words": figure, "where": row["where"], "sign": SIGNS[row["where"]]}
        rows.append({"code": place.code, "name": place.name, "slug": place.slug} | words)
    return pd.DataFrame(rows)


def overview(standing: pd.DataFrame, of_code: Mapping[str, Place]) -> pd.DataFrame:
    """Return a row an area, by name: columns name, slug, and each measure's figure with where it stands.

    "234.4 ▲▲" is above the 99.8 % limits; a figure alone is like Scotland's; a dash stands for none.
    """
    cells = [_cell(row) for row in standing.to_dict("records")]
    wide = standing.assign(cell=cells).pivot(index="area", columns="measure", values="cell")
    found = [of_code[code] for code in wide.index]
    wide = wide.assign(name=[place.name for place in found], slug=[place.slug for place in found])
    return wide.sort_values("name", ignore_index=True).rename_axis(columns=None)


def _cell(row: Mapping[Hashable, Any]) -> str:
    if not row["where"]:
        return "–"
    figure = f"{row['value']:,.{row['digits']}f}"
    return figure if row["where"] == "alike" else f"{figure} {SIGNS[row['where']]}"


def headers(kind: Kind) -> dict[str, str]:
    """Return the heads of the overview: the area's name and, by key, each ranked measure."""
    return {"name": "Area"} | {m.key: m.label for m in measures(kind) if m.size is not None}


def robustness(standing: pd.DataFrame, before: pd.DataFrame, place: Place) -> dict[str, int]:
    """Return how an area's standing holds up in the period before and with other spreads of one year.

    Keys all and same (measures with a figure in both periods, and on the same side of the 95 % limits in
    both), now, less, more (measures outside those limits, and with half and twice the spread).
    """
    now, then = (of(s, place).set_index("measure")["where"].map(_side) for s in (standing, before))
    both = pd.DataFrame({"now": now, "then": then}).dropna()
    counted = outside(of(standing, place))
    return {
        "all": len(both),
        "same": int((both["now"] == both["then"]).sum()),
        "now": counted["outside"],
    } | under_other_spreads(of(standing, place))


def _side(where: str) -> str | None:
    """Return "above", "below" or "alike"; None without a figure."""
    return where.removeprefix("far ") or None


def under_other_spreads(standing: pd.DataFrame) -> dict[str, int]:
    """Return how many comparisons would lie outside the 95 % limits with half and twice the spread.

    Keys less and more.
    """
    known = standing[standing["value"].notna()]
    distance = ((known["value"] - known["scotland"]) / known["error"]).abs()
    limit = ranking.z_of(0.95)
    return {"less": int((distance > limit / 2).sum()), "more": int((distance > limit * 2).sum())}


def strip_rows(standing: pd.DataFrame, place: Place, areas: pd.DataFrame) -> pd.DataFrame:
    """Return every area's value in every ranked measure, with the words of the area's own row.

    Columns measure, area (name), value, low, high, scotland, own (the area of the page), words, rank_words.
    """
    names = areas.set_index("code")["name"]
    mine = of(standing, place).to_dict("records")
    words = {row["measure"]: f"{row['label']}, {row['period']}" for row in mine}
    rank = {row["measure"]: rank_words(row) if row["where"] else row["status"] for row in mine}
    frame = standing.assign(own=standing["area"] == place.code, area=standing["area"].map(names))
    frame = frame.assign(words=frame["measure"].map(words), rank_words=frame["measure"].map(rank))
    return frame[["measure", "area", "value", "low", "high", "scotland", "own", "words", "rank_words"]]


def trends(place: Place, every: pd.DataFrame) -> pd.DataFrame:
    """Return every measure over time, the area's figures beside Scotland's.

    Columns measure, label, panel (label and unit on two lines), over_time, period, time, value, scotland,
    status.
    """
    about = {m.key: m for m in measures(place.kind)}
    scotland = every[every["area"] == SCOTLAND].set_index(["measure", "time"])["value"].rename("scotland")
    mine = every[every["area"] == place.code].join(scotland, on=["measure", "time"]).reset_index(drop=True)
    made = [about[key] for key in mine["measure"]]
    return mine.assign(
        label=[m.label for m in made],
        panel=[f"{m.label}\n{m.unit}" for m in made],
        over_time=[m.over_time for m in made],
    ).drop(columns="area")


def moved_most(trend: pd.DataFrame) -> dict[str, Any]:
    """Return the measure over time whose ratio to Scotland moved the most, in percent.

    Keys label, start, end (periods), before, after (times Scotland's value).
    """
    shown = trend[trend["over_time"]].dropna(subset=["value", "scotland"])
    shown = shown[shown["scotland"] > 0].assign(ratio=shown["value"] / shown["scotland"])
    rows = []
    for label, part in shown.sort_values("time").groupby("label", sort=False):
        first, last = part.iloc[0], part.iloc[-1]
        if first["ratio"] > 0:
            ends = {"start": first["period"], "end": last["period"]}
            rows.append({"label": label, **ends, "before": first["ratio"], "after": last["ratio"]})
    return max(rows, key=lambda row: abs(math.log(max(row["after"], 1e-9) / row["before"])))


def in_words(trend: pd.DataFrame) -> str:
    """Return the charts over time in words: first and last figure of the area and of Scotland."""
    parts = []
    for label, rows in trend.groupby("label", sort=False):
        words = [
            f"{_ends(rows, column)}{name}" for column, name in (("value", ""), ("scotland", " in Scotland"))
        ]
        parts.append(f"{label}: {', '.join(words)}")
    return f"{len(parts)} small line charts. {'; '.join(parts)}."


def _ends(rows: pd.DataFrame, column: str) -> str:
    known = rows.dropna(subset=[column]).sort_values("time")
    if known.empty:
        return "no figure"
    (first, start), (last, end) = known[[column, "period"]].iloc[[0, -1]].to_numpy()
    return f"{first:,.4g} in {start} to {last:,.4g} in {end}"


def gaps(trend: pd.DataFrame) -> pd.DataFrame:
    """Return where the area has no figure in a period that other areas or years have.

    Columns label, periods, why; one row that says so where nothing is missing.
    """
    lost = trend[trend["value"].isna()]
    if lost.empty:
        return pd.DataFrame([{"label": "all", "periods": "none", "why": "every period has its figure"}])
    grouped = lost.groupby(["label", "status"], sort=False)["period"].agg(", ".join).reset_index()
    return grouped.assign(why=grouped["status"].map(WHY)).rename(columns={"period": "periods"})


def delayed_months(place: Place, tables: Tables) -> pd.DataFrame:
    """Return the beds that delayed adults hold, month by month.

    Columns month ("2016-07"), time (decimal year), bed_days, beds (on an average day), value and scotland
    (beds per 100,000 adults of mid-2022, the area's and Scotland's).
    """
    people = aged(tables, 18)[LATEST]
    rows = tables["delayed_discharge"]
    rows = rows[(rows["age_group"] == "18+") & (rows["reason"] == "all")]
    rows = rows.assign(beds=rows["bed_days"] / rows["month"].dt.days_in_month)
    mine = rows[rows["area"] == place.code].sort_values("month").reset_index(drop=True)
    whole = rows[rows["area"] == SCOTLAND].set_index("month")["beds"]
    month = mine["month"].dt
    return pd.DataFrame(
        {
            "month": month.strftime("%Y-%m"),
            "time": month.year + (month.month - 1) / 12,
            "bed_days": mine["bed_days"],
            "beds": mine["beds"],
            "value": 100_000 * mine["beds"] / people[place.code],
            "scotland": 100_000 * mine["month"].map(whole) / people[SCOTLAND],
        }
    )
