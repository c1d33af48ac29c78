"""Expected counts of one's own: strata found, totals refused, people of a second file, the book's answer."""

import json
from pathlib import Path

import pandas as pd
import pytest
from in_this_process import in_this_process
from typer.testing import CliRunner

from careshift import tables
from careshift.cli import app
from careshift.own_series import PlanError, SeriesError, expected, fix, strata
from careshift.own_series.expected import Asked
from careshift.own_series.strata import Wanted
from careshift.pipeline import own_report
from careshift.project import CODE
from careshift.topics import expected_counts

RESIDENTS = CODE / "examples/care_home_residents.csv"
HEAD = "Year,Age,Stays,People\n"
ROWS = "2010,65-74,10,1000\n2010,75+,40,500\n2012,65-74,12,1200\n2012,75+,60,700\n"


@pytest.fixture
def brought(tmp_path):
    def put(text: str, name: str = "mine.csv") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return put


def found(file: Path, people: Path | None = None, base: str = "2010", **wanted) -> expected.Expected:
    counts = strata.read(file, people, Wanted(**wanted))
    return expected.compute(counts, expected.make(counts, Asked(base=base)))


def test_the_arithmetic_is_that_of_rates_on_people(brought) -> None:
    row = found(brought(HEAD + ROWS), population="People").last
    assert (row["period"], row["counted"], row["expected"]) == ("2012", 72, 1200 * 10 / 1000 + 700 * 40 / 500)
    assert row["low"] < row["ratio"] < row["high"]


def test_the_example_gives_the_answer_of_the_books_chapter_at_the_rates_of_2010() -> None:
    held = map(tables.read, ("care_home_residents", "official_values", "population"))
    worked = expected_counts.worked(*held, base=2010, year=2019, by=expected_counts.BY_SEX)
    row = found(RESIDENTS, count="residents").last
    assert row["period"] == "2019"
    assert row["expected"] == pytest.approx(worked["expected"].sum())
    assert row["counted"] == worked["actual"].sum()


def test_people_of_a_second_file_reach_beyond_the_counts(brought) -> None:
    counts = brought("Year,Age,Stays\n2010,65-74,10\n2010,75+,40\n")
    people = brought(
        "Year,Age,People\n2010,65-74,1000\n2010,75+,500\n2030,65-74,2000\n2030,75+,1000\n2030,0-64,9\n",
        "p.csv",
    )
    table = found(counts, people).by_period
    assert table["expected"].tolist() == [50, 100]
    assert pd.isna(table["counted"].iloc[1])


def test_a_suppressed_stratum_is_never_a_zero_in_the_sum(brought) -> None:
    table = found(
        brought(HEAD + ROWS.replace("2012,65-74,12", "2012,65-74,[c]")), population="People"
    ).by_period
    assert table["period"].tolist() == ["2010", "2012"]
    assert pd.isna(table["counted"].iloc[1])
    assert table["expected"].iloc[1] == 68


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD + ROWS + "2012,All ages,72,1900\n",
            '"All ages" looks like a total of the other rows. Leave it out with --without "Age=All ages"',
        ),
        (HEAD + ROWS + "2012,75+,60,700\n", "row 5: 2012, 75+ stands more than once"),
        (HEAD + ROWS.replace(",700", ","), "2012, 75+ has a count and no people behind it"),
        (HEAD + ROWS.replace(",60,", ",-60,"), "2012, 75+ has a count below nought"),
        (
            HEAD + ROWS.replace("2010,75+,40", "2010,75+,[c]"),
            "2010 has not a count in every stratum. Complete periods: 2012",
        ),
        ("Year,Board,Stays,People\n2010,Fife,1,2\n", "no column is named like an age or a sex"),
    ],
)
def test_what_would_go_in_wrong_is_refused_with_its_place_and_remedy(brought, text, said) -> None:
    with pytest.raises((SeriesError, PlanError)) as refused:
        found(brought(text), population="People")
    assert said in str(refused.value)


def test_rows_can_be_left_out_by_what_they_hold(brought) -> None:
    text = HEAD + ROWS + "2012,All ages,72,1900\n"
    assert found(brought(text), population="People", without={"age": "all ages"}).last["counted"] == 72


def test_a_plan_for_another_base_is_refused(brought, tmp_path) -> None:
    counts = strata.read(brought(HEAD + ROWS), None, Wanted(population="People"))
    fix(tmp_path / "plan.yml", expected.make(counts, Asked(base="2010")))
    with pytest.raises(PlanError, match=r"base: .*2010.* there, .*2012.* here"):
        fix(tmp_path / "plan.yml", expected.make(counts, Asked(base="2012")))


def test_the_command_writes_the_report(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(own_report, "execute_notebook", in_this_process)
    command = [
        "expected",
        str(RESIDENTS),
        "--base",
        "2010",
        "--count",
        "residents",
        "-o",
        str(tmp_path / "out"),
    ]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    results = json.loads((tmp_path / "out/results.json").read_text())
    assert results["sentence"] in done.output
    assert results["by_period"][-1]["expected"] == pytest.approx(
        found(RESIDENTS, count="residents").last["expected"]
    )
    assert sum(part["contribution"] for part in results["parts_of_the_change"]) == pytest.approx(
        results["by_period"][-1]["counted"] - results["by_period"][0]["counted"]
    )
    assert "careshift expected" in CliRunner().invoke(app, ["expected", "--help"]).stdout
