"""Readers of Scottish Government statistics and of values printed in official web pages."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.r_data import r_frames
from careshift.readers.raw_files import numbers, read_csv, renamed, require, whole_numbers

AREAS = {"Scotland": "S92000003", "Wales": "W92000004", "Argyll & Bute council": "S12000035"}
AGE_CODES = {"1": "18-64", "2": "65-74", "3": "75-84", "4": "85+", "5": "not known"}
AGE_LABELS = {"18-<65": "18-64", "65-<75": "65-74", "75-<85": "75-84", "85+": "85+", "": "not known"}
HOUR_LABELS = {
    "Zero": 0,
    "<1": 1,
    "1-2": 1,
    "2-4": 2,
    "4-6": 4,
    "6-8": 6,
    "8-10": 8,
    "10-15": 10,
    "15-20": 15,
    "20-30": 20,
    "30-40": 30,
    "40-50": 40,
    "over50": 50,
}
HOUR_CODES = {str(code): lowest for code, lowest in enumerate(HOUR_LABELS.values())}
NUMBER = r"-?\d+(?:\.\d+)?"


def official_values(file: Path) -> pd.DataFrame:
    """Values that official pages print in words and tables, each with the address where it was read.

    Reads the list typed for this project (series_id, geography, age_group, period, value, unit, status,
    publisher, title, url_or_repo_path, commit). Returns series_id, area, age_group, period (fiscal
    years as 2013/14), value (text, so that its digits stay as printed), unit, status, publisher, title,
    address. Where the page prints no number the value is missing and status says so. Raises
    CareshiftError for a missing column or an unknown area.
    """
    columns = [
        "series_id",
        "geography",
        "age_group",
        "period",
        "value",
        "unit",
        "status",
        "publisher",
        "title",
    ]
    cells = read_csv(file, [*columns, "url_or_repo_path", "commit"])
    unknown = sorted(set(cells["geography"]) - set(AREAS))
    if unknown:
        raise CareshiftError(
            f'{file.name}: unknown geography "{unknown[0]}". Add its code to AREAS in the reader.'
        )
    number = cells["value"].str.fullmatch(NUMBER)
    address = [
        _address(path, commit)
        for path, commit in zip(cells["url_or_repo_path"], cells["commit"], strict=True)
    ]
    return pd.DataFrame(
        {
            "series_id": cells["series_id"],
            "area": cells["geography"].map(AREAS),
            "age_group": cells["age_group"],
            "period": cells["period"].str.replace(r"^(\d{4})-(\d{2})$", r"\1/\2", regex=True),
            "value": cells["value"].where(number, ""),
            "unit": cells["unit"].map(_without_quotes),
            "status": cells["status"].where(number, cells["value"].map(_why_no_number)),
            "publisher": cells["publisher"],
            "title": cells["title"],
            "address": address,
        }
    )


def free_personal_care_residents(file: Path) -> pd.DataFrame:
    """Long-stay care-home residents aged 65 and over that councils support: yearly averages, rounded to 10.

    Reads the table typed from "Free personal and nursing care 2010-11", Table 1 (financial_year as 2003-04,
    long_stay_residents_65plus_yearly_average, status). Returns financial_year (2003/04), residents (people),
    status (final, provisional). Raises CareshiftError for a missing column or an unreadable cell.
    """
    column = "long_stay_residents_65plus_yearly_average"
    cells = read_csv(file, ["financial_year", column, "status"])
    return pd.DataFrame(
        {
            "financial_year": cells["financial_year"].str.replace("-", "/"),
            "residents": whole_numbers(cells[column], file),
            "status": cells["status"],
        }
    )


def home_care_hours(clients_2010: Path, clients_2011: Path, clients_2012: Path) -> pd.DataFrame:
    """Home-care clients in the census week of March, by age band and whether they receive ten or more hours.

    Reads the publisher's individual-level release of 2010 (AgeGRP, bandHRSTT as codes) and a
    re-publisher's relabelled copies of 2011 and 2012 (.RData; age_grp, total_hrs as labels). Returns
    year, age_band, clients (people with any hours), clients_ten_hours (people with ten or more). Raises
    CareshiftError for a missing column, or a code or label that is not known here.
    """
    cells = read_csv(clients_2010, ["AgeGRP", "bandHRSTT"])
    frames = [_clients(2010, cells["AgeGRP"], cells["bandHRSTT"], AGE_CODES, HOUR_CODES, clients_2010)]
    for year, file in ((2011, clients_2011), (2012, clients_2012)):
        (people,) = r_frames(file).values()
        require(file, [str(name) for name in people.columns], ["age_grp", "total_hrs"])
        age, hours = people["age_grp"].fillna(""), people["total_hrs"]
        frames.append(_clients(year, age, hours, AGE_LABELS, HOUR_LABELS, file))
    return pd.concat(frames, ignore_index=True)


def healthy_life_expectancy_gaps(file: Path) -> pd.DataFrame:
    """Healthy life expectancy at birth in the most and least deprived tenth, as releases print it.

    Reads the list typed for this project (period, sex, hle_most_deprived_decile, hle_least_deprived_decile,
    gap_years, source_page). Returns period, sex, most_deprived, least_deprived, gap (years), release. Raises
    CareshiftError for a missing column or an unreadable cell.
    """
    values = {
        "most_deprived": "hle_most_deprived_decile",
        "least_deprived": "hle_least_deprived_decile",
        "gap": "gap_years",
    }
    cells = read_csv(file, ["period", "sex", "source_page", *values.values()])
    return pd.DataFrame(
        {"period": cells["period"], "sex": cells["sex"], "release": cells["source_page"]}
        | {ours: numbers(cells[theirs], file) for ours, theirs in values.items()}
    )


def _clients(
    year: int, age: pd.Series, hours: pd.Series, ages: dict[str, str], bands: dict[str, int], file: Path
) -> pd.DataFrame:
    """Return the counts of one year; a band is its lowest hours, 0 for people without home care."""
    names = {code: str(lowest) for code, lowest in bands.items()}
    people = pd.DataFrame(
        {"age_band": renamed(age, ages, file), "hours": renamed(hours, names, file).astype("int64")}
    )
    people = people[people["hours"] > 0]
    counts = people.groupby("age_band")["hours"].agg(
        clients="size", clients_ten_hours=lambda band: (band >= 10).sum()
    )
    return counts.reset_index().assign(year=year)


def _address(path: str, commit: str) -> str:
    """Return a web address: of "owner/name:file" at a commit, or of the page behind a cookie banner."""
    if not path.startswith("http"):
        repository, _, file = path.partition(":")
        return f"https://github.com/{repository}/blob/{commit}/{file}"
    page = urlparse(path)
    if "continue" in parse_qs(page.query):
        return f"{page.scheme}://{page.netloc}{parse_qs(page.query)['continue'][0]}"
    return path


def _without_quotes(unit: str) -> str:
    return re.sub(r" \('.*'\)", "", unit)


def _why_no_number(value: str) -> str:
    return {"-": "printed as a dash", "n/a": "not available"}.get(value, "printed in words")
