"""The bodies of health and social care: who answers to whom, and how many each document counts."""

from __future__ import annotations

import pandas as pd

from careshift import claims
from careshift.project import CareshiftError
from careshift.topics.policy_dates import DOCUMENTS, linked

RELATIONS = ("accountable to", "funder or commissioner of", "part of", "in charge of")
DIAGRAMS = {
    "northern-ireland-2013": "Northern Ireland after the reform",
    "scotland-2011": "Scotland in 2011",
    "wales-2013": "Wales after 2009",
    "chief-officer-2018": "A chief officer in Scotland in 2018",
}

NAMES = {
    "hendry2021/local-councils": "Councils",
    "hendry2021/integration-authorities": "Integration authorities",
}
FIGURE_1 = {
    "Boards that commission": ("boards-before", "boards-after"),
    "Local commissioning groups": ("", "commissioning-groups-after"),
    "Community trusts, later integrated trusts": ("community-trusts-before", "trusts-after"),
    "Hospital trusts": ("hospital-trusts-before", ""),
    "Ambulance trusts": ("ambulance-trusts-before", "ambulance-trusts-after"),
    "Specialist or special bodies": ("specialist-bodies-before", "special-bodies-after"),
    "Councils for the public": ("councils-before", "client-councils-after"),
}


def diagram(bodies: pd.DataFrame, links: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one diagram: its bodies, each with `number` (missing where none is printed), and its links.

    Raises CareshiftError where a link names a body that the diagram does not have.
    """
    mine, joined = bodies[bodies["diagram"] == name], links[links["diagram"] == name]
    lost = (set(joined["body"]) | set(joined["other"])) - set(mine["body"])
    if lost:
        raise CareshiftError(f"body_links: {name} has no body {', '.join(sorted(lost))}. Add it to bodies.")
    number = [claims.find(c).value if isinstance(c, str) and c else float("nan") for c in mine["claim"]]
    return mine.assign(number=number).reset_index(drop=True), joined.reset_index(drop=True)


def in_words(bodies: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return a diagram's links as words: body, relation, other, with numbers where the text prints them."""
    label = {
        box["body"]: box["label"] if box["number"] != box["number"] else f"{box['label']} ({box['number']:g})"
        for box in bodies.to_dict("records")
    }
    return pd.DataFrame(
        {
            "body": links["body"].map(label),
            "relation": links["relation"],
            "other": links["other"].map(label),
        }
    )


def counted(chapter: str = "policy/organisation") -> pd.DataFrame:
    """Return the numbers of bodies that are printed more than once: a row a claim, with `group` and `agrees`.

    Claims that a record sets against each other as they stand are one group.
    """
    kept = [c for c in claims.load() if c.chapter == chapter and not c.is_year]
    group = linked(kept)
    rows = [
        {
            "group": group[c.id],
            "name": NAMES.get(group[c.id], c.says),
            "says": c.says,
            "source": c.source,
            "document": DOCUMENTS[c.source],
            "where": c.where.section,
            "printed": c.printed,
            "value": c.value,
            "area": c.area,
        }
        for c in kept
    ]
    frame = pd.DataFrame(rows)
    frame["places"] = frame.groupby("group")["value"].transform("size")
    frame["agrees"] = frame.groupby("group")["value"].transform("nunique") == 1
    return frame[frame["places"] > 1].reset_index(drop=True)


def by_group(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each number printed more than once: says, area, values in order, places, agrees."""
    grouped = numbers.groupby("group", sort=False)
    return pd.DataFrame(
        {
            "says": grouped["says"].first(),
            "area": grouped["area"].first(),
            "values": grouped["value"].agg(lambda v: " or ".join(f"{x:g}" for x in sorted(set(v)))),
            "places": grouped["value"].size(),
            "agrees": grouped["agrees"].first(),
        }
    ).reset_index(drop=True)


def reform(figure_1: dict[str, tuple[str, str]] | None = None) -> pd.DataFrame:
    """Return Northern Ireland's bodies before and after the reform: body, before, after; last the sums."""
    rows = [
        {"body": body, "before": _printed(before), "after": _printed(after)}
        for body, (before, after) in (figure_1 or FIGURE_1).items()
    ]
    frame = pd.DataFrame(rows)
    total = {"body": "All", "before": frame["before"].sum(), "after": frame["after"].sum()}
    return pd.concat([frame, pd.DataFrame([total])], ignore_index=True)


def _printed(name: str) -> int:
    return int(claims.find(f"kingsfund2013/figure-1-{name}").value) if name else 0


def answers_to(chart: tuple[pd.DataFrame, pd.DataFrame], body: str) -> int:
    """Return to how many bodies of a diagram a body answers."""
    links = chart[1]
    return int(((links["body"] == body) & (links["relation"] == "accountable to")).sum())


def number(chart: tuple[pd.DataFrame, pd.DataFrame], body: str) -> int:
    """Return how many there are of a body in a diagram."""
    return int(chart[0].set_index("body")["number"][body])


def partnerships(chart: tuple[pd.DataFrame, pd.DataFrame]) -> int:
    """Return how many local partnerships Scotland had in 2011, health only and integrated."""
    return number(chart, "health-only") + number(chart, "integrated")


def all_in_words(bodies: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return the links of every diagram as words, with a column `diagram`."""
    frames = [
        in_words(*diagram(bodies, links, name)).assign(diagram=words) for name, words in DIAGRAMS.items()
    ]
    return pd.concat(frames, ignore_index=True)
