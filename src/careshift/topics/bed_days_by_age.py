"""Quarterly emergency bed days of single age bands, each interrupted by the same model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from careshift import effect_sizes, interruption
from careshift.project import CareshiftError
from careshift.topics.bed_day_effects import caution, effects_by_area
from careshift.topics.emergency_bed_days import MILLION, of_ages, quarterly
from careshift.topics.emergency_care import moved
from careshift.topics.places import SCOTLAND

if TYPE_CHECKING:
    from careshift.interruption import ImpactModel, Report

BANDS = {
    "50-59": "50 to 59",
    "60-69": "60 to 69",
    "70-79": "70 to 79",
    "80-89": "80 to 89",
    "90+": "90 and over",
}


def of_band(by_age: pd.DataFrame, band: str, area: str = SCOTLAND) -> pd.DataFrame:
    """Return an area's emergency bed days of one age band by quarter, in the columns of the table of boards.

    Raises CareshiftError where the band has no rows.
    """
    chosen = by_age[(by_age["area"] == area) & (by_age["age_band"] == band)]
    if chosen.empty:
        raise CareshiftError(f"The table of bed days by age holds no band {band} of area {area}.")
    days = chosen.groupby(["quarter", "status"])["bed_days"].sum().reset_index()
    return days.assign(area=area, admission_type="emergency")


def reports_by_band(
    by_age: pd.DataFrame, model: ImpactModel, first: str, last: str, confidence: float = 0.95
) -> dict[str, Report]:
    """Return the interrupted series of emergency bed days of every band from 50 on, by its name.

    `first` and `last` are quarters such as "2017Q4". Raises CareshiftError where a band has no rows.
    """
    reports = {}
    for band, name in BANDS.items():
        series = quarterly(of_band(by_age, band), SCOTLAND, first, last)
        reports[name] = interruption.report(
            series["bed_days"], series["time"], model, unit="bed days", confidence=confidence, placebo=False
        )
    return reports


def effects_by_band(reports: dict[str, Report], time: float) -> pd.DataFrame:
    """Return each band's effect at one time in percent of its mean quarter before, from young to old.

    Columns ages, and the others of `effects_by_area`.
    """
    effects = effects_by_area(reports, time).set_index("area")
    return effects.loc[list(reports)].rename_axis("ages").reset_index()


def bands_words(effects: pd.DataFrame, when: str) -> str:
    """Return in words in which bands bed days changed beyond chance. `effects` as from `effects_by_band`."""
    clear = int(effects["together"].sum())
    return (
        f"In {when} bed days of {clear} of the {len(effects)} age bands from 50 on changed beyond "
        f"chance, all bands tested together. {caution(effects, 'age bands')}"
    )


def newest_words(by_age: pd.DataFrame, youngest: int = 70, before: int = 2019) -> str:
    """Return in words how the last four quarters compare with a calendar year, Scotland, from an age on.

    Raises CareshiftError where the table does not hold that year.
    """
    days = quarterly(of_ages(by_age, youngest)).set_index("quarter")["bed_days"]
    year = days[days.index.str.startswith(f"{before}Q")]
    if len(year) < 4:
        raise CareshiftError(f"The table of bed days by age does not hold all of {before}.")
    last = days.iloc[-4:]
    change = effect_sizes.percent_change(float(year.sum()), float(last.sum()))
    return (
        f"In the last four quarters at hand, to {last.index[-1]}, people aged {youngest} and over used "
        f"{last.sum() / MILLION:.2f} million emergency bed days; from {before} the number {moved(change, 1)}."
    )
