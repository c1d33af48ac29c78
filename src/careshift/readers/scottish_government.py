"""Readers of Scottish Government statistics and of values printed in official web pages."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pandas as pd

from careshift.project import CareshiftError
from careshift.readers.raw_files import read_csv, whole_numbers

AREAS = {"Scotland": "S92000003", "Wales": "W92000004", "Argyll & Bute council": "S12000035"}
NUMBER = r"-?\d+(?:\.\d+)?"


def official_values(file: Path) -> pd.DataFrame:
    """Values that official pages print in words and tables, each with the address where it was read.

    Reads the list typed for this project (series_id, geography, age_group, period, value, unit, status,
    publisher, title, url_or_repo_path, commit). Answers series_id, area, age_group, period (fiscal
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
    long_stay_residents_65plus_yearly_average, status). Answers financial_year (2003/04), residents (people),
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


def _address(path: str, commit: str) -> str:
    """Answer a web address: of "owner/name:file" at a commit, or of the page behind a cookie banner."""
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
