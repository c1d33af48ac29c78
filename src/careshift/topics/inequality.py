"""The gap in healthy life expectancy between Scotland's least and most deprived areas, release by release."""

from __future__ import annotations

import pandas as pd

from careshift import effect_sizes
from careshift.claims import Claim
from careshift.project import CareshiftError

SERIES = "hle_gap_most_vs_least_deprived"
SEXES = ("male", "female")
BEFORE_SOURCE = 2019  # last year of the last period published when the source was written
PANDEMIC = 2020


def last_year(period: str) -> int:
    """Return the last calendar year of a period: "2013-2014" -> 2014."""
    return int(period[-4:])


def releases(gaps: pd.DataFrame, official: pd.DataFrame) -> pd.DataFrame:
    """Return every printed gap between tenths: columns period, sex, release, gap (years), decides.

    Where one period and sex is printed with one number in both tables it stands once. `decides` are the
    periods published before the source.
    """
    printed = official[official["series_id"] == SERIES]
    typed = pd.DataFrame(
        {
            "period": printed["period"],
            "sex": printed["age_group"].str.removeprefix("birth, "),
            "release": printed["publisher"],
            "gap": printed["value"],
        }
    )
    both = pd.concat([gaps[["period", "sex", "release", "gap"]], typed], ignore_index=True)
    frame = both.drop_duplicates(["period", "sex", "gap"]).sort_values(["period", "sex"], ignore_index=True)
    return frame.assign(decides=[last_year(period) <= BEFORE_SOURCE for period in frame["period"]])


def of_sex(frame: pd.DataFrame, sex: str) -> pd.DataFrame:
    """Return one sex's gaps as choices: columns reading (period, told apart where printed twice), value."""
    chosen = frame[frame["sex"] == sex].reset_index(drop=True)
    number = chosen.groupby("period").cumcount()
    twice = chosen["period"].duplicated(keep=False)
    reading = chosen["period"].where(~twice, chosen["period"] + ", print " + (number + 1).astype(str))
    return pd.DataFrame({"reading": reading, "value": chosen["gap"], "decides": chosen["decides"]})


def inside(prints: pd.DataFrame, claim: Claim) -> int:
    """Return how many of the deciding prints lie in the interval of what the source prints."""
    return sum(claim.interval.contains(value) for value in prints.query("decides")["value"])


def latest_before_source(frame: pd.DataFrame, sex: str) -> float:
    """Return the last gap published before the source, in years."""
    chosen = frame[(frame["sex"] == sex) & frame["decides"]]
    if chosen.empty:
        raise CareshiftError(f"No gap was published before the source for {sex}.")
    return float(chosen.sort_values("period")["gap"].iloc[-1])


def of_fifths(expectancy: pd.DataFrame) -> pd.DataFrame:
    """Return gap (years) and ratio between the least and the most deprived fifth: period, year, sex, ..."""
    fifths = expectancy[expectancy["groups"] == "fifths"]
    wide = fifths.pivot(index=["period", "sex"], columns="group", values="healthy_life_expectancy")
    frame = pd.DataFrame({"gap": wide[5] - wide[1], "ratio": wide[5] / wide[1]}).reset_index()
    return frame.assign(year=[(int(p[:4]) + last_year(p)) / 2 for p in frame["period"]])


def by_sex(fifths: pd.DataFrame) -> pd.DataFrame:
    """Return the gap between fifths, a column a sex: year (middle of the period), period, male, female."""
    wide = fifths.pivot(index=["year", "period"], columns="sex", values="gap").reset_index()
    return wide.rename_axis(columns=None)


def gap_changes(frame: pd.DataFrame, fifths: pd.DataFrame, first: str = "2015-2017") -> pd.DataFrame:
    """Return how the gap changed from a period to later ones that end by 2020, under every reading.

    Columns sex, groups (tenths as printed, or fifths), to (period), years (change), value (percent).
    """
    rows = []
    for groups, table in (("tenths", frame), ("fifths", fifths)):
        for sex in SEXES:
            at = table[table["sex"] == sex].drop_duplicates("period", keep="last").set_index("period")["gap"]
            later = [p for p in at.index if int(p[:4]) >= 2017 and last_year(p) <= PANDEMIC]
            rows += [
                {
                    "sex": sex,
                    "groups": groups,
                    "to": period,
                    "years": float(at[period] - at[first]),
                    "value": effect_sizes.percent_change(float(at[first]), float(at[period])),
                }
                for period in later
            ]
    return pd.DataFrame(rows)


def ratio_changes(gaps: pd.DataFrame, fifths: pd.DataFrame) -> pd.DataFrame:
    """Return how the ratio of least to most deprived changed, in percent, from the first period to 2018-2020.

    Tenths as printed with both ends, once for each print of the first period; fifths from 2015-2017. Columns
    sex, groups, since, value.
    """
    rows = []
    for sex in SEXES:
        known = gaps[(gaps["sex"] == sex) & gaps["most_deprived"].notna()]
        ratios = known.assign(ratio=known["least_deprived"] / known["most_deprived"])
        end = float(ratios.loc[ratios["period"] == "2018-2020", "ratio"].iloc[0])
        starts = ratios[ratios["period"] == ratios["period"].min()]
        for number, (period, ratio) in enumerate(zip(starts["period"], starts["ratio"], strict=True), 1):
            words = f"{period}, print {number}"
            rows.append((sex, "tenths", words, effect_sizes.percent_change(float(ratio), end)))
        at = fifths[fifths["sex"] == sex].set_index("period")["ratio"]
        first = min(at.index)
        rows.append(
            (sex, "fifths", first, effect_sizes.percent_change(float(at[first]), float(at["2018-2020"])))
        )
    return pd.DataFrame(rows, columns=["sex", "groups", "since", "value"])
