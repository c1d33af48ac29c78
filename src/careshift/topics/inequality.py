"""The gap in healthy life expectancy between Scotland's least and most deprived areas, release by release."""

from __future__ import annotations

import re

import pandas as pd

from careshift import effect_sizes
from careshift.claims import Claim
from careshift.project import CareshiftError

SERIES = "hle_gap_most_vs_least_deprived"
RELEASE = "hle_gap_monitoring_2021"  # the last official release before the source
LATER_INDEX = "hle_relative_index_2023"
DEATHS_INDEX = "premature_mortality_relative_index_2018"
SEXES = ("male", "female")
SOURCE_YEAR = 2021
PANDEMIC = 2020
SECOND_HAND = "quoting"  # how the tables name a newspaper or blog that reports a publisher's number


def last_year(period: str) -> int:
    """Return the last calendar year of a period: "2013-2014" -> 2014."""
    return int(period[-4:])


def decides(release: str) -> bool:
    """Return whether a release is the publisher's own and came out up to the year of the source."""
    years = re.findall(r"20\d\d", release)
    return SECOND_HAND not in release and bool(years) and int(years[-1]) <= SOURCE_YEAR


def releases(gaps: pd.DataFrame, official: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return every printed gap between tenths: columns period, sex, release, gap (years), decides.

    Where one period and sex is printed with one number in several tables it stands once, under the official
    release. `decides` are the publishers' own releases up to the year of the source.
    """
    columns = ["period", "sex", "release", "gap"]
    prints = [_single(found, RELEASE), _single(official, SERIES), gaps[columns]]
    both = pd.concat(prints, ignore_index=True).drop_duplicates(["period", "sex", "gap"])
    frame = both.sort_values(["period", "sex"], kind="stable", ignore_index=True)
    return frame.assign(decides=[decides(release) for release in frame["release"]])


def _single(values: pd.DataFrame, series: str) -> pd.DataFrame:
    rows = values[values["series_id"] == series]
    return pd.DataFrame(
        {
            "period": rows["period"],
            "sex": rows["age_group"].str.removeprefix("birth, "),
            "release": rows["publisher"] + ", " + rows["title"],
            "gap": rows["value"],
        }
    )


def of_release(found: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps of the last official release before the source: a row a period, a column a sex."""
    return _single(found, RELEASE).pivot(index="period", columns="sex", values="gap").sort_index()


def of_sex(frame: pd.DataFrame, sex: str) -> pd.DataFrame:
    """Return one sex's gaps as choices: columns reading (period, told apart where printed twice), value.

    The value of the last period that decides comes first: it leads.
    """
    chosen = frame[frame["sex"] == sex].sort_values(["decides", "period"], ascending=False, kind="stable")
    press = chosen["release"].str.contains(SECOND_HAND)
    number = chosen.groupby(["period", press]).cumcount() + 1
    twice = chosen.assign(press=press).duplicated(["period", "press"], keep=False)
    words = (", print " + number.astype(str)).where(twice, "")
    reading = chosen["period"] + words.mask(press, ", press copy")
    chosen = chosen.assign(reading=reading).reset_index(drop=True)
    return chosen[["reading", "gap", "decides"]].rename(columns={"gap": "value"})


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


def gap_changes(
    frame: pd.DataFrame, fifths: pd.DataFrame, found: pd.DataFrame, first: str = "2015-2017"
) -> pd.DataFrame:
    """Return how the gap changed to periods that end by 2020, under every reading.

    The release before the source leads, mean of the sexes first; then tenths and fifths from the period
    `first`. Columns sex, groups, since, to, years (change), value (percent), decides (False for tenths of
    other periods, releases and press copies: they are data, no methods).
    """
    inside = of_release(found)
    start, end = inside.index[0], inside.index[-1]
    inside = inside.assign(both=inside[list(SEXES)].mean(axis=1))
    rows = [
        _change(sex, "tenths, one release", (start, end), inside[sex].loc[[start, end]])
        for sex in ("both", *SEXES)
    ]
    press = frame["release"].str.contains(SECOND_HAND)
    tenths = frame.assign(groups="tenths").assign(second=press)
    tables = ((tenths, False), (fifths.assign(groups="fifths", second=False), True))
    for table, is_fifths in tables:
        for sex in SEXES:
            own = table[table["sex"] == sex]
            base = own[own["period"] == first].iloc[0]
            ends = [int(p[:4]) >= 2017 and last_year(p) <= PANDEMIC for p in own["period"]]
            for _, row in own[ends].iterrows():
                words = row["groups"] + (", press copy" if base["second"] or row["second"] else "")
                pair = pd.Series([base["gap"], row["gap"]])
                rows.append(_change(sex, words, (first, row["period"]), pair) | {"decides": is_fifths})
    return pd.DataFrame(rows)


def _change(sex: str, groups: str, periods: tuple[str, str], gaps: pd.Series) -> dict[str, object]:
    start, end = map(float, gaps)
    return {
        "sex": sex,
        "groups": groups,
        "since": periods[0],
        "to": periods[1],
        "years": end - start,
        "value": effect_sizes.percent_change(start, end),
        "decides": True,
    }


def index_changes(found: pd.DataFrame) -> pd.DataFrame:
    """Return how the official relative index of inequality changed, in percent, in the columns of the ratios.

    Healthy life expectancy decides; deaths under 75 from 1997 are shown, twenty years and not ten.
    """
    rows = []
    for series, decide in ((LATER_INDEX, True), (DEATHS_INDEX, False)):
        own = found[found["series_id"] == series].sort_values(["age_group", "period"])
        for group, index in sorted(own.groupby("age_group"), key=lambda pair: str(pair[0]), reverse=True):
            first, last = index.iloc[0], index.iloc[-1]
            rows.append(
                {
                    "sex": str(group).removeprefix("birth, ") if decide else "both",
                    "groups": "official index" if decide else "official index of deaths under 75",
                    "since": first["period"],
                    "to": last["period"],
                    "value": effect_sizes.percent_change(float(first["value"]), float(last["value"])),
                    "decides": decide,
                }
            )
    return pd.DataFrame(rows)


def ratio_changes(gaps: pd.DataFrame, fifths: pd.DataFrame) -> pd.DataFrame:
    """Return how the ratio of least to most deprived changed, in percent, from the first period to 2018-2020.

    Tenths as printed with both ends, once for each print of the first period, of which the first decides;
    fifths from 2015-2017. Columns sex, groups, since, to, value, decides.
    """
    to = "2018-2020"
    rows = []
    for sex in SEXES:
        known = gaps[(gaps["sex"] == sex) & gaps["most_deprived"].notna()]
        ratios = known.assign(ratio=known["least_deprived"] / known["most_deprived"])
        end = float(ratios.loc[ratios["period"] == to, "ratio"].iloc[0])
        starts = ratios[ratios["period"] == ratios["period"].min()]
        for number, (period, ratio) in enumerate(zip(starts["period"], starts["ratio"], strict=True), 1):
            words = f"{period}, print {number}"
            change = effect_sizes.percent_change(float(ratio), end)
            rows.append((sex, "tenths", words, to, change, number == 1))
        at = fifths[fifths["sex"] == sex].set_index("period")["ratio"]
        first = min(at.index)
        change = effect_sizes.percent_change(float(at[first]), float(at[to]))
        rows.append((sex, "fifths", first, to, change, True))
    return pd.DataFrame(rows, columns=["sex", "groups", "since", "to", "value", "decides"])
