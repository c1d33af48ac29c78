"""Emergency admissions at ages 65 and over since the pandemic: the newest release, council by council."""

from __future__ import annotations

import pandas as pd

from careshift import effect_sizes
from careshift.project import CareshiftError
from careshift.topics.emergency_admissions import RELEASES
from careshift.topics.emergency_care import moved
from careshift.topics.places import SCOTLAND, are_councils

NEWEST = 2025
DOUBTFUL = "doubtful"  # how the flag of a council's doubtful year begins


def newest(rates: pd.DataFrame) -> pd.Series:
    """Return Scotland's own rates of the newest release by financial year, oldest first.

    Raises CareshiftError where the table lacks that release.
    """
    own = rates[(rates["area"] == SCOTLAND) & (rates["vintage"] == NEWEST)]
    if own.empty:
        raise CareshiftError(f"emergency_admission_rates: no row of Scotland is of the release of {NEWEST}.")
    return own.set_index("financial_year")["rate"].sort_index()


def of_councils(rates: pd.DataFrame) -> pd.DataFrame:
    """Return the change of every council's rate over the newest release, largest fall first.

    From the first to the last year in which it holds all councils and no value is flagged as doubtful.
    Columns area, first_year, last_year, first, last (per 100,000), change (percent). Raises CareshiftError
    where fewer than two such years are there.
    """
    sound = are_councils(rates["area"]) & (rates["vintage"] == NEWEST)
    sound &= ~rates["flag"].fillna("").str.startswith(DOUBTFUL)
    wide = (
        rates[sound].pivot(index="area_name", columns="financial_year", values="rate").dropna(axis="columns")
    )
    if wide.shape[1] < 2:
        raise CareshiftError(f"The release of {NEWEST} holds no two years of all councils without a doubt.")
    years = sorted(wide.columns)
    first, last = wide[years[0]], wide[years[-1]]
    change = [effect_sizes.percent_change(*ends) for ends in zip(first, last, strict=True)]
    frame = pd.DataFrame({"first": first, "last": last, "change": change}).rename_axis("area").reset_index()
    frame = frame.assign(first_year=years[0], last_year=years[-1])
    return frame.sort_values("change", ignore_index=True)


def beside_the_release_before(rates: pd.DataFrame) -> pd.DataFrame:
    """Return how far the newest release lies from the one before where both hold a rate, in percent.

    One row for Scotland's own row and one for the councils: rows, pairs, mean, lowest, highest.
    """
    kept = rates[rates["vintage"].isin([RELEASES[-1], NEWEST])]
    wide = kept.pivot(index=["area", "financial_year"], columns="vintage", values="rate").dropna()
    differ = 100 * (wide[NEWEST] / wide[RELEASES[-1]] - 1)
    area = differ.index.get_level_values("area").to_series(index=differ.index)
    parts = {"Scotland's own row": differ[area == SCOTLAND], "32 council areas": differ[are_councils(area)]}
    return pd.DataFrame(
        [
            {"rows": words, "pairs": len(d), "mean": d.mean(), "lowest": d.min(), "highest": d.max()}
            for words, d in parts.items()
        ]
    )


def since_words(rates: pd.DataFrame, before: str) -> str:
    """Return in two sentences how Scotland's rate and the councils' moved in the newest release.

    `before` is a financial year of the release before, named beside it and never joined with it.
    """
    scotland, councils = newest(rates), of_councils(rates)
    first, last = councils["first_year"].iloc[0], councils["last_year"].iloc[0]
    change = effect_sizes.percent_change(float(scotland[first]), float(scotland[last]))
    older = rates[(rates["area"] == SCOTLAND) & (rates["vintage"] == RELEASES[-1])]
    rate = float(older.set_index("financial_year")["rate"][before])
    grown = int((councils["change"] > 0).sum())
    return (
        f"Since the pandemic, in the release of {NEWEST}, the rate {moved(change, 1)} from "
        f"{scotland[first]:,.0f} per 100,000 in {first} to {scotland[last]:,.0f} in {last}. It rose in "
        f"{grown} of {len(councils)} council areas. In {before} it was {rate:,.0f} in the release of "
        f"{RELEASES[-1]}, which rests on an older census and is not joined to it."
    )


def councils_title(councils: pd.DataFrame) -> str:
    """Return in a line which council area's rate moved most. `councils` as from `of_councils`."""
    fell, rose = councils.iloc[0], councils.iloc[-1]
    top = max(fell, rose, key=lambda row: abs(row["change"]))
    years = f"From {top['first_year']} to {top['last_year']}"
    return f"{years} the rate moved most in {top['area']}: it {moved(top['change'])}"
