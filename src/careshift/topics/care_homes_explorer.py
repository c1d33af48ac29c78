"""The care-home shortfall under every choice that a reader can make, each held against the print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from careshift import claims, standardisation
from careshift.claims import Evidence, Outcome
from careshift.topics.care_homes import (
    BANDS,
    OFFSETS,
    at_ages,
    base_residents,
    census,
    comparable_years,
    side,
)

AGES: Mapping[str, Sequence[str]] = {
    "65 and over": BANDS,
    "75 and over": BANDS[1:],
    "85 and over": BANDS[2:],
}
SEXES: Mapping[str, list[str]] = {"pooled": ["age_band"], "each at its own rates": ["age_band", "sex"]}
CLAIM = "hendry2021/care-home-residents-below-expected"
PRINT_BASE, PRINT_AGES = 2009, "65 and over"  # what the claim's words name
BASE = "Rates of March"
TABLES = ("care_home_residents", "official_values", "population")


@dataclass(frozen=True)
class Choice:
    """One way to reckon the shortfall in March of `year`, and what comes out.

    `residents` were counted and `expected` from the base's rates; `outcome` is what the ledger's rule would
    say of the print if this were the only way.
    """

    year: int
    base: int
    sexes: str
    population: str
    ages: str
    residents: float
    expected: float
    outcome: Outcome

    @property
    def options(self) -> tuple[str, ...]:
        """Return what was chosen, an option of each control."""
        return str(self.base), self.sexes, self.population, self.ages

    @property
    def below(self) -> float:
        """Return the percentage that residents are below the number expected; negative above it."""
        return _below(self.residents, self.expected)

    @property
    def number(self) -> str:
        """Return the shortfall in words."""
        return f"{abs(self.below):.1f} % {'below' if self.below >= 0 else 'above'} expected"

    @property
    def counts(self) -> str:
        """Return the counts behind the shortfall in words."""
        gap = self.expected - self.residents
        fewer = f"{abs(gap):,.0f} {side(gap)} than the {self.expected:,.0f}"
        return f"{self.residents:,.0f} residents, {fewer} that the rates of March {self.base} give."

    @property
    def note(self) -> str:
        """Return what the print is about where this choice is about something else; else nothing."""
        claim = claims.find(CLAIM)
        odd = [] if claim.period == f"March {self.year}" else [str(claim.period)]
        odd += [] if self.base == PRINT_BASE else [f"the rates of March {PRINT_BASE}"]
        odd += [] if self.ages == PRINT_AGES else [f"people aged {PRINT_AGES}"]
        return f"The print is about {' and '.join(odd)}." if odd else ""


def controls(
    year: int, residents: pd.DataFrame, official: pd.DataFrame, population: pd.DataFrame
) -> dict[str, list[str]]:
    """Return what a reader can choose for March of a year, by name."""
    bases = [base for base in comparable_years(residents, official, population) if base < year]
    return {
        BASE: [str(base) for base in bases],
        "Women and men": list(SEXES),
        "Population": list(OFFSETS),
        "Ages": list(AGES),
    }


def every(
    base: int,
    year: int,
    alignment: str,
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
) -> list[Choice]:
    """Return Scotland's shortfall in March of a year under every choice of `controls`, the chapter's first.

    `base` and `alignment` are the chapter's; both populations lie on the same side of 31 March.
    """
    bases = controls(year, residents, official, population)[BASE]
    made = [
        choice
        for sexes, by in SEXES.items()
        for choice in _of_sexes(year, bases, sexes, by, residents, official, population)
    ]
    lead = (str(base), next(iter(SEXES)), alignment, PRINT_AGES)
    return sorted(made, key=lambda choice: choice.options != lead)


def _of_sexes(
    year: int,
    bases: Sequence[str],
    sexes: str,
    by: list[str],
    residents: pd.DataFrame,
    official: pd.DataFrame,
    population: pd.DataFrame,
) -> Iterator[Choice]:
    people = {mid: at_ages(population, mid, by) for mid in _mids(year, bases)}
    later = census(residents, year, by)
    first = {base: base_residents(residents, official, int(base), by) for base in bases}
    for base, date, ages in product(bases, OFFSETS, AGES):
        frames = (first[base], people[int(base) + OFFSETS[date]], people[year + OFFSETS[date]], later)
        start, at_base, at_year, end = (frame[frame["age_band"].isin(AGES[ages])] for frame in frames)
        expected = float(standardisation.expected_counts(start, at_base, at_year, by)["expected"].sum())
        counted = float(end["count"].sum())
        outcome = _outcome(_below(counted, expected))
        yield Choice(year, int(base), sexes, date, ages, counted, expected, outcome)


def _mids(year: int, bases: Sequence[str]) -> set[int]:
    return {start + shift for start in (year, *map(int, bases)) for shift in OFFSETS.values()}


def _below(counted: float, expected: float) -> float:
    return 100 * (1 - counted / expected)


def _outcome(value: float) -> Outcome:
    alone = Evidence(claim=CLAIM, derived=value, basis="One choice alone", tables=TABLES)
    return claims.judge(claims.find(CLAIM), alone).outcome
