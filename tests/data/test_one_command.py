"""The care-home chapter reruns by one command with files of four kinds; plain pandas gives the same answers.

A made-up country, the fourth kind, has its own test in tests/claims/test_another_place.py.
"""

import json
import shlex

import pandas as pd
import pytest
from test_check import BROKEN, GOOD
from test_import import census_file, one_year_longer, projected_2040
from typer.testing import CliRunner

from careshift import evidence, tables
from careshift.cli import app
from careshift.figures import MIME
from careshift.project import CareshiftError

CHAPTER = "scotland/care_home_residents"
COUNTED = "hendry2021/care-home-residents-march-2019"
BELOW = "hendry2021/care-home-residents-below-expected"
BANDS = {"65-74": (65, 74), "75-84": (75, 84), "85-94": (85, 120), "95+": (85, 120)}


@pytest.fixture
def run(tmp_path):
    """Run the chapter by one command; answer the exit code, the notebook and what was told of the files."""

    def call(*options: str):
        notebook = tmp_path / "out.ipynb"
        done = CliRunner().invoke(app, ["run", CHAPTER, *options, "-o", str(notebook)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, notebook, done.stderr

    return call


def derived(notebook) -> dict[str, float]:
    return {item.claim: item.derived for item in evidence.collect(notebook)}


def residents() -> pd.DataFrame:
    """Give Scotland's rows of the committed table, each count seven higher, so that they are our own."""
    frame = pd.read_csv(tables.locate("care_home_residents"), dtype=str, keep_default_na=False)
    frame = frame[(frame["area"] == "S92000003") & frame["residents"].ne("")]
    frame["residents"] = [str(int(cell) + 7) for cell in frame["residents"]]
    return frame


def below_expected(counts: pd.DataFrame, people: pd.DataFrame, base: int, last: int) -> float:
    """Percent below expected: bands 65-74, 75-84 and 85 on, sexes pooled, the mid-year after."""
    counts = counts[counts["area"] == "S92000003"].assign(
        year=lambda frame: frame["date"].str[:4].astype(int), count=lambda f: pd.to_numeric(f["residents"])
    )
    at = counts.groupby(["year", "age_band"])["count"].sum()
    expected = 0.0
    for bands in (["65-74"], ["75-84"], ["85-94", "95+"]):
        low, high = BANDS[bands[0]]
        alive = people[people["age"].between(low, high)].groupby("year")["population"].sum()
        expected += sum(at[base, band] for band in bands) / alive[base] * alive[last]
    return 100 * (1 - sum(at[last, band] for band in BANDS) / expected)


def population_to(year: int) -> pd.DataFrame:
    """Give the committed population, and made-up ones to `year`: each age one in fifty more people a year."""
    people = pd.read_csv(tables.locate("population"))
    last = people[people["year"] == people["year"].max()]
    more = [
        last.assign(year=later, population=(last["population"] * (1 + (later - last["year"]) / 50)).round())
        for later in range(int(last["year"].iloc[0]) + 1, year + 1)
    ]
    return pd.concat([people, *more]).astype({"population": int})


def test_a_census_file_one_year_longer(run, made, tmp_path) -> None:
    raw = census_file(made, one_year_longer)
    people = population_to(2024)
    people.to_csv(tmp_path / "people.csv", index=False)
    given = ["-p", "base_year=2010", "-p", "last_year=2024", "-p", "latest_year=2024"]
    data = ["--data", f"care_home_residents={raw}", "--data", f"population={tmp_path / 'people.csv'}"]
    code, notebook, told = run(*given, *data)
    assert code == 0, told
    assert "by the reader of a raw file (publisher); fits care_home_residents" in told
    census = pd.read_csv(tables.locate("care_home_residents"), dtype=str, keep_default_na=False)
    by_hand = below_expected(one_year_longer(census), people, 2010, 2024)
    assert derived(notebook)[BELOW] == pytest.approx(by_hand, rel=1e-9)
    kept = pd.read_csv(tmp_path / "out.care_home_residents.csv", dtype=str, keep_default_na=False)
    assert set(kept["date"]) - set(census["date"]) == {"2024-03-31"}


def test_the_publishers_file_alone_carries_the_projection(run, made) -> None:
    code, notebook, told = run(
        "-p", "latest_year=2024", "--data", f"care_home_residents={census_file(made, one_year_longer)}"
    )
    assert code == 0, told
    outputs = [o for c in json.loads(notebook.read_text())["cells"] for o in c.get("outputs", [])]
    drawn = [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]
    (title,) = [figure["title"] for figure in drawn if figure["name"] == "projection"]
    assert f"there would be about {round(projected_2040(), -3):,.0f} residents in 2040" in title


def wide(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn residents into another layout: a row a year and sex, a column an age band, other names."""
    frame = frame.assign(Year=frame["date"].str[:4], Council=frame["area"], Gender=frame["sex"])
    wide = frame.pivot(index=["Year", "Council", "Gender"], columns="age_band", values="residents")
    return wide.reset_index().assign(Remarks="counted twice")


HINTED = '--add "date={Year}-03-31"'


def test_a_file_in_another_layout(run, tmp_path) -> None:
    wide(residents()).to_csv(tmp_path / "wide.csv", sep=";", index=False)
    data = ["--data", f"care_home_residents={tmp_path / 'wide.csv'}"]
    code, notebook, told = run(*data)
    assert code == 1
    assert not notebook.exists()
    assert f"Try: the same, with {HINTED}" in told.splitlines()
    code, notebook, told = run(*data, *shlex.split(HINTED))
    assert code == 0, told
    found = derived(notebook)
    assert found[COUNTED] == 30419 + 8 * 7
    by_hand = below_expected(residents(), population_to(2019), 2010, 2019)
    assert derived(run("-p", "base_year=2010", *data, *shlex.split(HINTED))[1])[BELOW] == pytest.approx(
        by_hand, rel=1e-9
    )


def test_an_excel_file(run, tmp_path) -> None:
    with pd.ExcelWriter(tmp_path / "mine.xlsx") as book:
        pd.DataFrame({"note": ["made for a test"]}).to_excel(book, sheet_name="Notes", index=False)
        residents().to_excel(book, sheet_name="Data", index=False)
    code, notebook, told = run("--data", f"care_home_residents={tmp_path / 'mine.xlsx'}")
    assert code == 0, told
    assert derived(notebook)[COUNTED] == 30419 + 8 * 7


def test_an_excel_file_in_another_layout_on_a_sheet_that_is_named(run, tmp_path) -> None:
    with pd.ExcelWriter(tmp_path / "mine.xlsx") as book:
        wide(residents().assign(residents="1")).to_excel(book, sheet_name="Draft", index=False)
        wide(residents()).to_excel(book, sheet_name="Final", index=False)
    data = ["--data", f"care_home_residents={tmp_path / 'mine.xlsx'}", "--sheet", "Final"]
    code, notebook, told = run(*data, *shlex.split(HINTED))
    assert code == 0, told
    assert derived(notebook)[COUNTED] == 30419 + 8 * 7


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input_stops_the_command_before_anything_runs_and_changes_nothing(
    run, made, tmp_path, name
) -> None:
    (old, new), expected = BROKEN[name]
    file = made("mine.csv", GOOD.replace(old, new, 1))
    before = file.read_bytes()
    try:
        code, _, told = run("--data", f"care_home_residents={file}")
    except CareshiftError as error:
        code, told = 1, str(error)
    assert code == 1
    for part in ["mine.csv", *expected]:
        assert part in told
    assert [p.name for p in tmp_path.iterdir()] == ["mine.csv"]
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--data", "residents=x.csv"], "has no parameter residents"),
        (["--data", "base_year=2012"], "base_year is no table of care_home_residents. Its tables: care_home"),
        (["--data", "care_home_residents=no.csv"], "no.csv: no such file"),
        (["--data", "care_home_residents=."], "a folder, not a file"),
        (["--data", "care_home_residents"], "Write NAME=VALUE"),
        (["-p", "base_year=2010", "-p", "base_year=2011"], "given twice"),
        (["--rename", "People=residents"], "give it with --data TABLE=FILE"),
    ],
)
def test_a_wrong_option_is_told_before_anything_runs(run, tmp_path, options, message) -> None:
    with pytest.raises(CareshiftError, match=message):
        run(*options)
    assert not (tmp_path / "out.ipynb").exists()


@pytest.fixture
def two(tmp_path) -> list[str]:
    """Give two files, neither as it should be."""
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "b.csv").write_text("year,place\n2019,S92000003\n")
    return [
        *("--data", f"care_home_residents={tmp_path / 'a.csv'}"),
        *("--data", f"population={tmp_path / 'b.csv'}"),
    ]


def test_with_two_files_an_option_must_name_its_table(run, two) -> None:
    with pytest.raises(CareshiftError, match=r"write TABLE: before it\. Tables: care_home_residents, popula"):
        run(*two, "--rename", "place=area")
    with pytest.raises(CareshiftError, match=r"--long is given 2 times"):
        run(*two, "--long", "population:year=population", "--long", "population:age=population")
    code, _, told = run(*two, "--rename", "population:place=area")
    assert code == 1
    assert 'a.csv, row 1, field "date": the column is missing' in told
    assert 'b.csv, row 1, field "sex": the column is missing' in told
    assert 'field "area"' not in told.split("b.csv", 1)[1]


def test_a_file_brought_is_never_overwritten(tmp_path) -> None:
    mine = tmp_path / "out.care_home_residents.csv"
    wide(residents()).to_csv(mine, index=False)
    before = mine.read_bytes()
    command = ["run", CHAPTER, "--data", f"care_home_residents={mine}", "-o", str(tmp_path / "out.ipynb")]
    done = CliRunner().invoke(app, [*command, *shlex.split(HINTED)])
    assert "would be overwritten" in str(done.exception)
    assert mine.read_bytes() == before


def test_chapters_and_parameters_are_listed() -> None:
    listed = CliRunner().invoke(app, ["run", "--list"]).stdout.splitlines()
    assert CHAPTER in listed
    lines = CliRunner().invoke(app, ["run", CHAPTER, "--list"]).stdout.splitlines()
    assert lines[0].startswith("base_year=2009 ")
    assert any(line.startswith("population=data/population.csv ") for line in lines)
    assert CliRunner().invoke(app, ["run"]).exit_code == 2
    assert CliRunner().invoke(app, ["run", CHAPTER, "-o", "out.csv"]).exit_code == 2
