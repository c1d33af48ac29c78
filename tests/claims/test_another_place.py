"""A made-up country goes through the care-home chapter by one command; plain numpy gives the same answer."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from careshift.cli import app
from careshift.figures import MIME

AREA = "XA"  # ISO 3166 keeps it free for users
YEARS = [2011, 2012, 2013, 2014, 2015]
BANDS = ["65-74", "75-84", "85-94", "95+"]
FIRST_AGE = {"65-74": 65, "75-84": 75, "85+": 85}


@pytest.fixture
def country(tmp_path):
    """Make residents[year, sex, band] and people[year, sex, age], and write them as Excel and Parquet."""
    draw = np.random.default_rng(20)
    residents = draw.integers(100, 900, size=(len(YEARS), 2, len(BANDS)))
    people = draw.integers(1_000, 9_000, size=(len(YEARS) + 1, 2, 91))
    sexes = ["female", "male"]
    rows = [
        (f"{year}-03-31", AREA, sex, band, int(residents[y, s, b]), "ok")
        for y, year in enumerate(YEARS)
        for s, sex in enumerate(sexes)
        for b, band in enumerate(BANDS)
    ]
    names = ["date", "area", "sex", "age_band", "residents", "status"]
    pd.DataFrame(rows, columns=names).to_excel(tmp_path / "residents.xlsx", index=False)
    rows = [
        (YEARS[0] - 1 + y, AREA, sex, age, int(people[y, s, age]), "made up")
        for y in range(len(YEARS) + 1)
        for s, sex in enumerate(sexes)
        for age in range(91)
    ]
    names = ["year", "area", "sex", "age", "population", "vintage"]
    pd.DataFrame(rows, columns=names).to_parquet(tmp_path / "people.parquet")
    return residents, people


def expected(residents, people, base: int, year: int) -> float:
    """Expected residents, sexes pooled, population of the mid-year after; `base` and `year` are positions."""
    total = 0.0
    for bands, ages in (([0], slice(65, 75)), ([1], slice(75, 85)), ([2, 3], slice(85, 91))):
        rate = residents[base][:, bands].sum() / people[base + 1][:, ages].sum()
        total += rate * people[year + 1][:, ages].sum()
    return total


def test_one_command_gives_the_right_answer(country, tmp_path) -> None:
    output = tmp_path / "out.ipynb"
    given = ["-p", f"area={AREA}", "-p", "base_year=2011", "-p", "last_year=2015"]
    data = [f"care_home_residents={tmp_path / 'residents.xlsx'}", f"population={tmp_path / 'people.parquet'}"]
    done = CliRunner().invoke(
        app,
        [
            "run",
            "scotland/care_home_residents",
            *given,
            "--data",
            data[0],
            "--data",
            data[1],
            "-o",
            str(output),
        ],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    assert " | " not in done.stdout, "claims about Scotland are not judged with another country's data"
    outputs = [o for c in json.loads(output.read_text())["cells"] for o in c.get("outputs", [])]
    drawn = [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]
    (main,) = [figure for figure in drawn if figure["name"] == "actual-and-expected"]
    assert "2015 XA had" in main["title"]
    text = json.dumps(outputs, ensure_ascii=False).replace("\u2212", "-")
    by_hand = expected(*country, 0, 4)
    counted = int(country[0][4].sum())
    assert f"In March 2015 there were {counted:,} long-stay residents" in text
    assert f"fewer than the {by_hand:,.0f} that its rates would have given" in text
    assert f"{100 * (1 - counted / by_hand):.1f} % fewer" in text


def test_an_area_that_is_not_in_the_tables_is_told(tmp_path) -> None:
    done = CliRunner().invoke(
        app, ["run", "scotland/care_home_residents", "-p", "area=XB", "-o", str(tmp_path / "out.ipynb")]
    )
    assert "XB has 0 years with residents by age" in str(done.exception)
    assert "Areas in both tables: S92000003" in str(done.exception)
