"""The dates that the documents print: which tell of one event, and whether they agree."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping

import pandas as pd

from careshift import claims
from careshift.claims import Claim

LINK = re.compile(r'same_as\("([^"]+)"\)')
NATIONS = {
    "Highland": "Scotland",
    "Glasgow City": "Scotland",
    "Aberdeen City": "Scotland",
    "Gwent": "Wales",
    "Cardiff and Vale of Glamorgan": "Wales",
    "UK": "England or UK",
    "Great Britain": "England or UK",
    "England": "England or UK",
}
DOCUMENTS = {
    "hendry2021": "Journal paper 2021",
    "kingsfund2013": "The King's Fund 2013",
    "kingsfund2018": "The King's Fund 2018",
    "msg2019": "Ministerial review 2019",
    "policy2026": "Interview study 2026",
}
LONG_SERIES = {  # the dates that a long series of Scotland marks, each by the claim that prints it
    "hendry2021/free-personal-care-start": "Free care",
    "kingsfund2013/highland-lead-agency-year": "Highland",
    "hendry2021/act-year": "Act",
    "hendry2021/full-integration-year": "Integration",
}
MONTH = re.compile(rf"\b({'|'.join(calendar.month_name[1:])})\b")
ORDER = ("Scotland", "Wales", "Northern Ireland", "England or UK")


def dates(known: Iterable[Claim] | None = None) -> pd.DataFrame:
    """Return every date in the policy claims, a row each, with `year`, `nation` and `event`.

    `event` is the id of the first claim of those that are linked as telling one date. A printed span of years
    has its middle as `year`.
    """
    kept = [c for c in (known or claims.load()) if _is_date(c)]
    event = linked(kept)
    rows = [
        {
            "id": c.id,
            "source": c.source,
            "where": c.where.section,
            "says": c.says,
            "printed": c.printed,
            "year": c.value,
            "nation": NATIONS.get(c.area, c.area),
            "event": event[c.id],
        }
        for c in kept
    ]
    return pd.DataFrame(rows)


def _is_date(claim: Claim) -> bool:
    return claim.is_year and (claim.chapter or "").startswith("policy/")


def linked(kept: list[Claim]) -> dict[str, str]:
    """Return for each claim the first of those that tell of its event: it repeats them or is compared."""
    first = {c.id: c.id for c in kept}
    for claim in kept:
        link = LINK.fullmatch(claim.derive or "")
        other = claim.repeats or (link[1] if link else "")
        if other in first:
            ends = first[claim.id], first[other]
            joined = min(ends, key=list(first).index)
            first = {key: joined if value in ends else value for key, value in first.items()}
    return first


def events(dated: pd.DataFrame) -> pd.DataFrame:
    """Return the events: event, nation, places (how often dated), documents, earliest, latest, sign.

    `sign` is "once" (dated in one place), "agrees" (in several, alike) or "differs".
    """
    grouped = dated.groupby("event", sort=False)
    frame = grouped.agg(
        nation=("nation", "first"),
        says=("says", "first"),
        places=("id", "size"),
        documents=("source", "nunique"),
        earliest=("year", "min"),
        latest=("year", "max"),
    ).reset_index()
    alike = frame["earliest"] == frame["latest"]
    frame["sign"] = [
        "once" if n == 1 else "agrees" if a else "differs"
        for n, a in zip(frame["places"], alike, strict=True)
    ]
    return frame


def dots(found: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return one dot for each year of an event, within the years given: year, nation, sign, says."""
    early = found.assign(year=found["earliest"])
    late = found[found["sign"] == "differs"].assign(year=found["latest"])
    both = pd.concat([early, late], ignore_index=True)
    both["year"] = both["year"].astype(int)
    inside = both[both["year"].between(first, last)].copy()
    inside["nation"] = pd.Categorical(inside["nation"], ORDER, ordered=True)
    ordered = inside.sort_values(["nation", "year", "sign"])
    return ordered[["nation", "year", "sign", "says"]].reset_index(drop=True)


def differing(dated: pd.DataFrame, notes: pd.DataFrame) -> pd.DataFrame:
    """Return the places of the events whose dates differ: name, source, where, printed, year, reason.

    `notes` names each event and a likely reason, by the id of one of its claims. An event without a note
    keeps its claim's words.
    """
    found = events(dated).query("sign == 'differs'")
    rows = dated[dated["event"].isin(found["event"])]
    noted = rows.merge(notes.rename(columns={"claim": "id"}), on="id")[["event", "name", "likely_reason"]]
    joined = rows.merge(noted, on="event", how="left")
    joined["name"] = joined["name"].fillna(joined["says"])
    joined["likely_reason"] = joined["likely_reason"].fillna("not known")
    return joined.sort_values(["event", "year"], kind="stable").reset_index(drop=True)


def reasons(places: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each differing event: name, the years in order, years apart, likely reason."""
    grouped = places.groupby("event", sort=False)
    return pd.DataFrame(
        {
            "name": grouped["name"].first(),
            "printed": grouped["printed"].agg(lambda years: ", ".join(dict.fromkeys(years))),
            "apart": (grouped["year"].max() - grouped["year"].min()).astype(int),
            "likely_reason": grouped["likely_reason"].first(),
        }
    ).reset_index(drop=True)


def misfits(records: pd.DataFrame) -> pd.DataFrame:
    """Return the lengths of time that the dates contradict: says, printed, derived, unit, as words."""
    wrong = records[
        (records["check"] == "does not add up") & ~records["unit"].str.match(r"year($| in which)")
    ]
    return wrong.assign(derived=wrong["derived"].map("{:g}".format))[["says", "printed", "derived", "unit"]]


def by_document(dated: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return for each document its dates, the events they tell of, and those dated again elsewhere."""
    several = set(found[found["places"] > 1]["event"])
    rows = [
        {
            "document": DOCUMENTS[str(source)],
            "dates": len(mine),
            "events": mine["event"].nunique(),
            "again": len(several & set(mine["event"])),
        }
        for source, mine in dated.groupby("source")
    ]
    return pd.DataFrame(rows)


def marks(named: Mapping[str, str] = LONG_SERIES) -> list[tuple[float, str]]:
    """Return dates for a time axis, with their names: decimal years, as the claims of these ids print them.

    A date stands at the start of the month that its claim names, else in the middle of its year.
    """
    return [(moment(claims.find(name)), words) for name, words in named.items()]


def moment(claim: Claim) -> float:
    """Return when a claim puts its event, as a decimal year: April 2016 gives 2016.25, 2014 gives 2014.5."""
    found = MONTH.search(claim.says)
    months = list(calendar.month_name).index(found[1]) - 1 if found else 6
    return claim.value + months / 12
