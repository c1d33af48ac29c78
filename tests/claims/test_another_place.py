"""A made-up country goes through chapters by one command each; plain numpy gives the same answers."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from careshift import evidence, tables
from careshift.cli import app
from careshift.figures import MIME
from careshift.project import CareshiftError

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
    (main,) = [figure for figure in drawn(output) if figure["name"] == "actual-and-expected"]
    assert "2015 XA had" in main["title"]
    outputs = [o for c in json.loads(output.read_text())["cells"] for o in c.get("outputs", [])]
    text = json.dumps(outputs, ensure_ascii=False).replace("\u2212", "-")
    by_hand = expected(*country, 0, 4)
    counted = int(country[0][4].sum())
    assert f"In March 2015, {counted:,} people aged 65 and over lived in care homes" in text
    below = 100 * (1 - counted / by_hand)
    side = "fewer" if below > 0 else "more"
    assert f"{abs(below):.1f} % {side} than the {by_hand:,.0f} expected at the rates" in text


QUARTERS = [f"{year}Q{quarter}" for year in range(2016, 2025) for quarter in (1, 2, 3, 4)][3:34]


@pytest.fixture
def beds(tmp_path):
    """Make a country's occupied bed days with a season, a trend and a step in 2020Q2; write them as CSV."""
    draw = np.random.default_rng(7)
    steps = np.arange(len(QUARTERS))
    days = 9000 - 40 * steps - 2500 * (steps >= QUARTERS.index("2020Q2")) + 300 * (steps % 4 == 1)
    days = (days + draw.normal(0, 80, len(QUARTERS))).round().astype(int)
    frame = pd.DataFrame({"quarter": QUARTERS, "area": AREA, "specialty": "geriatric, long stay"})
    frame = frame.assign(available_bed_days=days + 500, occupied_bed_days=days, vintage="made up")
    frame.to_csv(tmp_path / "beds.csv", index=False)
    return days


def level_by_least_squares(days) -> float:
    """Level change at 2020Q2 by least squares: a mean for each season, trend, step, change of trend."""
    steps = np.arange(len(days))
    since = np.clip(steps - QUARTERS.index("2020Q2"), 0, None)
    seasons = [steps % 4 == season for season in range(4)]
    after = steps >= QUARTERS.index("2020Q2")
    return float(np.linalg.lstsq(np.column_stack([*seasons, steps, after, since]).astype(float), days)[0][5])


def bed_days(tmp_path, *options: str):
    command = ["run", "scotland/long_stay_hospital", "-p", f"area={AREA}", *options]
    return CliRunner().invoke(app, [*command, "-o", str(tmp_path / "out.ipynb")])


def test_another_countrys_quarters_go_through_the_chapter_on_long_stays(beds, tmp_path, executed) -> None:
    done = bed_days(tmp_path, "--extend", f"hospital_beds={tmp_path / 'beds.csv'}")
    assert done.exit_code == 0, done.stderr
    text = (tmp_path / "out.ipynb").read_text().replace("\u2212", "-")
    (level,) = re.findall(r" OLS-t level change +(\S+)", text)
    assert float(level.replace(",", "")) == pytest.approx(level_by_least_squares(beds), abs=0.5)
    assert f"{AREA}: staffed long-stay beds" in text
    ours = executed / "scotland/long_stay_hospital.ipynb"
    assert evidence.collect(tmp_path / "out.ipynb") == evidence.collect(ours), "the claims are Scotland's"


def test_a_table_without_the_rows_that_the_claims_need_is_refused(beds, tmp_path) -> None:
    done = bed_days(tmp_path, "--data", f"hospital_beds={tmp_path / 'beds.csv'}")
    assert isinstance(done.exception, CareshiftError)
    assert "S92000003" in str(done.exception)
    assert "add your rows to the book's with --extend" in str(done.exception)


def test_another_nation_is_taken_as_the_one_that_changed(tmp_path) -> None:
    command = ["run", "four_nations/emergency_attendances", "-p", "treated=Wales"]
    done = CliRunner().invoke(app, [*command, "-o", str(tmp_path / "out.ipynb")])
    assert done.exit_code == 0, done.exception
    done = CliRunner().invoke(app, [*command[:-1], "treated=Ireland", "-o", str(tmp_path / "no.ipynb")])
    assert "treated must be one of" in str(done.exception)


@pytest.mark.parametrize(
    "chapter", ["scotland/care_experience", "scotland/intensive_home_care", "scotland/emergency_bed_days"]
)
def test_a_place_without_rows_is_refused_with_those_that_have_some(chapter, tmp_path) -> None:
    command = ["run", chapter, "-p", "area=XB", "-o", str(tmp_path / "out.ipynb")]
    done = CliRunner().invoke(app, command)
    assert "area must be one of S" in str(done.exception)


def test_an_area_that_is_not_in_the_tables_is_told(tmp_path) -> None:
    done = CliRunner().invoke(
        app, ["run", "scotland/care_home_residents", "-p", "area=XB", "-o", str(tmp_path / "out.ipynb")]
    )
    assert "XB has 0 years with residents by age" in str(done.exception)
    assert "Areas in both tables: S92000003" in str(done.exception)


@pytest.mark.parametrize(
    ("chapter", "table"),
    [
        ("scotland/care_experience", "care_experience"),
        ("scotland/emergency_admissions", "emergency_admission_rates"),
        ("scotland/delayed_discharge", "delayed_discharge_75plus"),
    ],
)
def test_a_foreign_area_is_no_council_of_scotland(chapter, table, tmp_path, executed) -> None:
    rows = pd.read_csv(tables.locate(table), dtype=str, keep_default_na=False)
    foreign = rows[rows["area"] == "S12000033"].assign(area=AREA)
    assert not foreign.empty
    foreign.to_csv(tmp_path / "foreign.csv", index=False)
    command = ["run", chapter, "--extend", f"{table}={tmp_path / 'foreign.csv'}"]
    done = CliRunner().invoke(app, [*command, "-o", str(tmp_path / "out.ipynb")])
    assert done.exit_code == 0, done.exception
    for now, was in zip(drawn(tmp_path / "out.ipynb"), drawn(executed / f"{chapter}.ipynb"), strict=True):
        assert now["csv"] == was["csv"]


def drawn(notebook) -> list[dict]:
    """Return the figures of an executed notebook with their data."""
    outputs = [o for c in json.loads(notebook.read_text())["cells"] for o in c.get("outputs", [])]
    return [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]
