"""NHS staff in Wales by group: changes, column sums, and the year before that the printed changes imply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from careshift import effect_sizes
from careshift.project import CareshiftError

WALES = "W92000004"
TOTAL = "total"
SOURCE_POPULATION = 3_100_000  # kingsfund2013 prints 3.1 million
PART = "managers (within administration and estates)"


@dataclass(frozen=True)
class Group:
    """A group of staff: its short label for a chart, and its name within the ids of the claims."""

    label: str
    claim: str


GROUPS: Mapping[str, Group] = {
    "medical and dental": Group("Doctors, dentists", "medical"),
    "nurses, midwives and health visitors": Group("Nurses, midwives", "nursing"),
    "administration and estates": Group("Administration, estates", "administration"),
    PART: Group("of these, managers", "managers"),
    "scientific, therapeutic and technical": Group("Scientific, therapeutic", "scientific"),
    "health care assistants and other support": Group("Assistants, support", "assistants"),
    "ambulance": Group("Ambulance", "ambulance"),
    "other": Group("Other", "other"),
    TOTAL: Group("All staff", "total"),
}


def changes(workforce: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return staff of two years and the change in percent, a row a group, in the order of the source.

    Columns staff_group, label, claim, first, last, added (full-time equivalents), change, low, high (percent:
    the span that rounding to whole staff leaves), printed and printed_one_year (percent).
    """
    cells = workforce.set_index(["staff_group", "year"])
    rows = []
    for name, group in GROUPS.items():
        before, after = (_staff(cells, name, year) for year in (first, last))
        low, high = effect_sizes.percent_change_interval(before, after, 1, 1)
        rows.append(
            {
                "staff_group": name,
                "label": group.label,
                "claim": group.claim,
                "first": before,
                "last": after,
                "added": after - before,
                "change": effect_sizes.percent_change(before, after),
                "low": low,
                "high": high,
            }
        )
    printed = cells.xs(last, level="year").reindex(list(GROUPS))
    return pd.DataFrame(rows).assign(
        printed=printed["printed_change_ten_years"].to_numpy(),
        printed_one_year=printed["printed_change_one_year"].to_numpy(),
    )


def _staff(cells: pd.DataFrame, group: str, year: int) -> int:
    found = cells["staff"].dropna().astype(int).to_dict()
    if (group, year) not in found:
        raise CareshiftError(f"No count of {group} staff in {year}.")
    return int(found[group, year])


def groups(changed: pd.DataFrame) -> pd.DataFrame:
    """Return only the rows that add to all staff: no total, and no part of another group."""
    return changed[~changed["staff_group"].isin([TOTAL, PART])]


def one(changed: pd.DataFrame, group: str) -> pd.Series:
    """Return the row of one group."""
    return changed[changed["staff_group"] == group].iloc[0]


def sums(changed: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return for both years the printed total, the sum of the groups, and the span their rounding leaves."""
    rows = []
    for year, column in ((first, "first"), (last, "last")):
        added = int(groups(changed)[column].sum())
        half = len(groups(changed)) / 2
        printed = int(one(changed, TOTAL)[column])
        rows.append(
            {
                "year": year,
                "total": printed,
                "sum": added,
                "difference": added - printed,
                "low": added - half,
                "high": added + half,
            }
        )
    return pd.DataFrame(rows)


def rounding_words(summed: pd.DataFrame) -> str:
    """Return in a clause whether rounding can explain that the groups miss the printed totals."""
    explained = ((summed["low"] <= summed["total"]) & (summed["total"] <= summed["high"])).all()
    return "which rounding can explain" if explained else "more than rounding can explain"


def year_before(changed: pd.DataFrame) -> pd.DataFrame:
    """Return the staff of the year before the last that the printed one-year changes imply.

    Columns label, last, printed_one_year, implied, low, high: the span that rounding to a tenth of a percent
    leaves. Nobody printed these counts; they only show whether the printed changes fit together.
    """
    factor = 1 + changed["printed_one_year"] / 100
    return changed[["staff_group", "label", "last", "printed_one_year"]].assign(
        implied=changed["last"] / factor,
        low=(changed["last"] - 0.5) / (factor + 0.0005),
        high=(changed["last"] + 0.5) / (factor - 0.0005),
    )


def one_year_change_of_groups(implied: pd.DataFrame) -> tuple[float, float, float]:
    """Return the change of all staff over the last year that the groups imply, with its span, in percent."""
    parts = groups(implied)
    after = parts["last"].sum()
    ends = [effect_sizes.percent_change(parts[column].sum(), after) for column in ("implied", "high", "low")]
    return ends[0], ends[1], ends[2]


def per_thousand(staff: float, population: pd.DataFrame, year: int) -> float:
    """Return staff per 1,000 residents of Wales at mid-year."""
    return 1000 * staff / residents(population, year)


def residents(population: pd.DataFrame, year: int) -> int:
    """Return the residents of Wales at mid-year."""
    chosen = population[(population["area"] == WALES) & (population["year"] == year)]
    if chosen.empty:
        raise CareshiftError(f"No population of Wales for mid-{year}.")
    return int(chosen["population"].iloc[0])


def practice(general_practice: pd.DataFrame, measure: str, year: int) -> float:
    """Return one printed number about general practice."""
    chosen = general_practice[(general_practice["measure"] == measure) & (general_practice["year"] == year)]
    if chosen.empty or chosen["value"].isna().all():
        raise CareshiftError(f"No {measure} in {year}.")
    return float(chosen["value"].iloc[0])


def doctors_per_10000(general_practice: pd.DataFrame, population: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return general practitioners per 10,000 people under each meaning of the words.

    Columns people (whom the rate is over), number, value, low and high: the span that the print's rounding
    leaves.
    """
    doctors = practice(general_practice, "doctors", year)
    patients = practice(general_practice, "average list", year)
    counted = residents(population, year)
    rows = [
        ("registered patients (average list)", patients * doctors, 0.5 * doctors),
        ("residents, as the source rounds them", SOURCE_POPULATION, 50_000),
        ("residents, mid-year estimate", counted, 0),
    ]
    rates = [[10_000 * doctors / (n + way * half) for way in (0, 1, -1)] for _, n, half in rows]
    return pd.DataFrame(
        [(people, number, *rate) for (people, number, _), rate in zip(rows, rates, strict=True)],
        columns=["people", "number", "value", "low", "high"],
    )


def list_fall(before: float, after: float) -> float:
    """Return the fall of the average list in percent."""
    return effect_sizes.percent_fall(before, after)


def title(changed: pd.DataFrame) -> str:
    """Return in one line how many groups grew over the whole span."""
    parts = groups(changed)
    grew = int((parts["change"] > 0).sum())
    return f"{grew} of {len(parts)} groups of staff grew over the decade"


def added_title(changed: pd.DataFrame) -> str:
    """Return in one line which group added most staff."""
    parts = groups(changed).sort_values("added", ascending=False)
    share = 100 * parts["added"].iloc[0] / parts["added"].sum()
    return f"{parts['label'].iloc[0]} staff make {share:.0f} % of those added"
