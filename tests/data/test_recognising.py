"""The table is found by a publisher's layout or by a file's own columns; a mapping is kept and used again."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from careshift import tables
from careshift.cli import app
from careshift.own_data import finding, inputs, mapping, saved_mapping
from careshift.own_data.how import how
from careshift.project import ROOT, CareshiftError
from careshift.readers import recognising

NISRA = "Geo_Code,Mid_Year_Ending,Gender,Age,Population_Estimate\n"
CARE_HOMES = "Date,KeyStatistic,CA,MainClientGroup,Sector,Value,ValueQF\n"
ROW = "20190331,{},S12000005,All Adults,All Sectors,5,\n"


@pytest.mark.parametrize(
    ("text", "table"),
    [
        (NISRA + "N92000002,2017,Females,5,11000\n", "population_northern_ireland"),
        (CARE_HOMES + ROW.format("Number of Registered Places"), "care_home_places"),
        (CARE_HOMES + ROW.format("Percentage Occupancy"), "care_home_occupancy"),
        (CARE_HOMES + ROW.format("Number of Female Long Stay Residents Aged 65-74"), "care_home_residents"),
        ("date,area,sex,age_band,residents,status\n", "care_home_residents"),
        ("area;month;age_group;reason;bed_days;average_daily_beds\n", "delayed_discharge"),
    ],
)
def test_the_table_is_found(made, text, table) -> None:
    assert recognising.table_of(made("any.csv", text)) == table


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "x,y\n1,2\n",
            "any.csv: no publisher's layout that is known, nor a table's columns. Say",
        ),
        (NISRA + "N09000001,2017,Females,5,1\n", "population_northern_ireland: the columns fit, and no row"),
        ("<html>", "a web page, not a table"),
    ],
)
def test_what_no_table_takes_is_refused_once(made, text, told) -> None:
    for find in (recognising.table_of, lambda file: recognising.table_of_raw([file])):
        with pytest.raises(CareshiftError) as error:
            find(made("any.csv", text))
        assert str(error.value).count(told) == 1


def test_the_layouts_that_are_known_are_listed() -> None:
    lines = CliRunner().invoke(app, ["import", "--layouts"]).stdout.splitlines()
    assert len(lines) == len(recognising.known()) > 40
    assert any(line.startswith("hospital_beds (publisher): Reads the publisher's layout") for line in lines)
    one = CliRunner().invoke(app, ["import", "--layouts", "--table", "population_uk"]).stdout.splitlines()
    assert one == recognising.known("population_uk")
    assert CliRunner().invoke(app, ["import"]).exit_code == 2


def test_two_that_fit_are_asked_about(made) -> None:
    with pytest.raises(CareshiftError, match=r"it fits population_areas_2022 and .*: --table TABLE"):
        recognising._the_one([Path("a.xlsx")], ["population_areas_2022", "population"], [])
    with pytest.raises(CareshiftError, match=r"gone\.csv: no such file"):
        recognising.table_of_raw([Path("gone.csv")])


def test_a_mapping_is_kept_and_goes_in_ever_after(made, tmp_path) -> None:
    file = made("mine.csv", "Place,2017,2018\nW92000004,3100000,3110000\n")
    kept, tidy = tmp_path / "board.yml", tmp_path / "tidy.csv"
    options = ["--rename", "Place=area", "--long", "year=population", "--save-mapping", str(kept)]
    call = CliRunner().invoke
    assert call(app, ["check", str(file), "--table", "population_uk", *options]).exit_code == 0
    again = made("next.csv", "Place,2017,2019\nW92000004,3100001,3120000\n")
    done = call(app, ["check", str(again), "--mapping", str(kept), "-o", str(tidy), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["table"] == "population_uk"
    assert tidy.read_text().splitlines()[1:] == ["2017,W92000004,3100001", "2019,W92000004,3120000"]
    run = inputs.Options(kept=[str(kept)])
    found = inputs.examine({"population_uk": again}, run)["population_uk"]
    assert found.errors == []


def test_no_mapping_is_kept_of_a_file_that_does_not_fit(made, tmp_path) -> None:
    file = made("mine.csv", "Place,2017\nNowhere,x\n")
    options = [
        "--table",
        "population_uk",
        "--rename",
        "Place=area",
        "--save-mapping",
        str(tmp_path / "b.yml"),
    ]
    assert CliRunner().invoke(app, ["check", str(file), *options]).exit_code == 1
    assert not (tmp_path / "b.yml").exists()


def test_a_mapping_gives_itself_again(tmp_path) -> None:
    by = mapping.Columns({"Größe: x": "area"}, ("year", "population"), {"area": "{x}-#1"})
    saved = saved_mapping.Saved("population_uk", by, how("Sheet 1", "3", missing=["-9=suppressed"]))
    saved_mapping.write(tmp_path / "a.yml", saved)
    assert saved_mapping.read(tmp_path / "a.yml") == saved


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- 1\n", "must name its table"),
        ("table: nothing\n", "There is no table"),
        ("table: population_uk\ncode: x\n", 'unknown part "code"'),
        ("table: population_uk\nrename: {a: b}\n", 'no field "b"'),
        ("table: population_uk\nrename: [a]\n", "rename must hold pairs of texts"),
        ("table: population_uk\nadd: {area: 5}\n", "add must hold pairs of texts"),
        ("table: population_uk\nsheet: [1]\n", "sheet must be a text"),
        ("table: population_uk\nlong: {year: population, area: population}\n", "long has 2 entries"),
        ("table: !!python/object/apply:os.getcwd []\n", "not a mapping in YAML"),
        ("[" * 500, "not a mapping in YAML"),
        ("#" * 100_001, "no mapping is as long"),
    ],
)
def test_a_wrong_mapping_is_refused(made, text, told) -> None:
    with pytest.raises(CareshiftError) as error:
        saved_mapping.read(made("board.yml", text))
    assert told in str(error.value)


def test_a_mapping_stands_alone(made) -> None:
    kept = made("board.yml", "table: population_uk\n")
    file = made("a.csv", "x\n1\n")
    with pytest.raises(CareshiftError, match="leave out --rename"):
        saved_mapping.chosen(file, None, mapping.columns(["x=area"], None, []), None, kept)
    with pytest.raises(CareshiftError, match="a mapping to population_uk, not to population"):
        saved_mapping.chosen(file, "population", None, None, kept)


RAW = {  # what each of these files is for; none for a file that no table takes
    "found_2026_11/northern_ireland_uk/england_Monthly-AE-Time-Series-March-2026.xls": (
        "emergency_attendances_england"
    ),
    "found_2026_11/northern_ireland_uk/"
    "nisra_northern-ireland-by-single-year-of-age-and-gender-mid-1971-to-mid-2017.csv": (
        "population_northern_ireland"
    ),
    "found_2026_11/scotland_hospital/jusros_age_and_sex_by_board_2017Q4_2022Q4.csv": None,
    "scotland/care_home_census/file6_percentage_occupancy.csv": "care_home_occupancy",
    "scotland/delayed_discharge/DelayedDischarges.csv": "delayed_discharge_75plus",
    "scotland/beds/special-health-boards_19022021.csv": None,
    "northern_ireland/ni-waiting-times.csv": "emergency_attendances_northern_ireland",
    "wales/wales-dtoc.csv": "delayed_transfers_wales",
    "uk_population/ukpopestimatesmid2020on2021geography.xls": None,
}


@pytest.mark.raw
@pytest.mark.parametrize("name", RAW)
def test_a_publishers_real_file_is_known_on_sight(name) -> None:
    folder = os.environ.get("CARESHIFT_RAW")
    if folder is None or not (file := Path(folder, name)).is_file():
        pytest.skip("the publishers' raw files are not here: set CARESHIFT_RAW")
    if RAW[name] is None:
        with pytest.raises(CareshiftError):
            recognising.table_of_raw([file])
    else:
        assert recognising.table_of_raw([file]) == RAW[name]
        assert RAW[name] in tables.names()


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("title_rows.csv", "care_home_residents"),
        ("cover_sheet.xlsx", "care_home_residents"),
        ("month_names.csv", "delayed_discharge"),
    ],
)
def test_a_messy_file_names_its_table(file, table) -> None:
    assert finding.table_of(ROOT / "tests/messy" / file) == table


def test_a_messy_file_that_two_tables_take_is_asked() -> None:
    with pytest.raises(CareshiftError, match=r"emergency_attendances_scotland and .*--table TABLE"):
        finding.table_of(ROOT / "tests/messy/boards.csv")
