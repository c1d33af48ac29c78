"""What looks right in somebody's file and is not: constants, units, periods, totals and places twice."""

import pandas as pd
import pytest

from careshift import tables
from careshift.own_data import coverage, inputs, mapping, report

NISRA = (
    "Geo_Code,Mid_Year_Ending,Gender,Age,Population_Estimate\n"
    "N09000001,2017,Females,0,1100\nN09000001,2017,Males,0,1200\n"
)


def ours(table: str, **only: str) -> pd.DataFrame:
    frame = pd.read_csv(tables.locate(table), dtype=str, keep_default_na=False)
    for name, value in only.items():
        frame = frame[frame[name] == value]
    return frame.reset_index(drop=True)


def told(made, table: str, frame: pd.DataFrame) -> list[str]:
    found = report.examine(table, made("mine.csv", frame.to_csv(index=False)))
    assert not found.errors
    return [str(problem) for problem in found.warnings]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("population_northern_ireland", NISRA.replace("N09000001,", "").replace("Geo_Code,", "")),
        ("care_home_residents", "Date,Place,People\n2019-03-31,Fife,5\n"),
        ("care_home_residents_by_stay", "date,residents\n2019-03-31,5\n"),
        ("emergency_attendances_england", "Month,Attendances,within_4_hours\n2019-03-01,5,4\n"),
        ("population_projections", "year,age,people\n2019,7,5\n"),
    ],
)
def test_no_constant_is_offered_for_what_has_several_values(made, table, text) -> None:
    suggested = [s for s in report.examine(table, made("a.csv", text)).suggestions if s.startswith("--add")]
    for option in suggested:
        field, _, value = option.partition('"')[2].strip('"').partition("=")
        held = set(ours(table)[field])
        assert held == {value} or (field == "status" and value == "ok"), option


def test_a_constant_is_offered_where_the_book_has_one_and_no_column_could_hold_it(made) -> None:
    text = "year,sex,age,population\n2017,female,0,1100\n"
    assert report.examine("population_northern_ireland", made("a.csv", text)).suggestions == [
        '--add "area=N92000002"'
    ]
    for column, value in (("District", "Belfast"), ("x", "N92000002"), ("x", "Northern Ireland")):
        other = text.replace("\n", f",{column}\n", 1).replace("1100", f"1100,{value}")
        offered = report.examine("population_northern_ireland", made("a.csv", other)).suggestions
        assert not any(option.startswith("--add") for option in offered), column


@pytest.mark.parametrize(
    ("text", "add", "named"),
    [
        (NISRA, "sex=female", "Gender"),
        ("year,sex,age,population,Council\n2017,female,0,5,Fife\n", "area=N92000002", "Council"),
        ("year,area,age,population,x\n2017,N92000002,0,5,male\n", "sex=female", "x"),
    ],
)
def test_an_unused_column_that_contradicts_a_constant_is_an_error(made, text, add, named) -> None:
    rename = ["Geo_Code=area", "Mid_Year_Ending=year", "Age=age", "Population_Estimate=population"]
    by = mapping.columns(rename if text is NISRA else [], None, [add])
    found = report.examine("population_northern_ireland", made("a.csv", text), by)
    assert any(f'the column "{named}" is not used' in problem.message for problem in found.errors)


def test_an_unused_column_that_says_the_same_is_no_error_and_is_named(made) -> None:
    text = "year,sex,age,population,Country\n2017,female,0,5,Northern Ireland\n"
    by = mapping.columns([], None, ["area=N92000002"])
    found = report.examine("population_northern_ireland", made("a.csv", text), by)
    assert found.errors == []
    assert 'field "Country": the column is not used' in str(found.warnings[0])


def test_a_wide_files_errors_are_said_once(made) -> None:
    text = "area,2001,2002,20x3\nW92000004,1,2,3\nS12000046,4,5,6\nS12000099,7,8,x\n"
    by = mapping.columns([], "year=population", [])
    wide = report.examine("population_uk", made("a.csv", text), by)
    areas = [problem for problem in wide.errors if problem.field == "area"]
    assert [problem.row for problem in areas] == sorted({problem.row for problem in areas})
    periods = made("b.csv", text.replace("2002", "20x2"))
    long = report.examine("population_uk", periods, mapping.columns(["20x3=year"], None, []))
    assert long.errors


@pytest.mark.parametrize(
    ("table", "field", "change", "expected"),
    [
        (
            "population_uk",
            "population",
            lambda n: round(n / 1000),
            "times the book's value .* \\(in thousands\\)",
        ),
        ("local_indicators", "value", lambda n: n / 100, "shares where the book has percentages"),
        ("care_home_residents", "residents", lambda n: n * 3, "typically 3 times the book's value"),
    ],
)
def test_another_unit_is_seen_beside_the_book(made, table, field, change, expected) -> None:
    frame = ours(table)
    changed = [str(change(float(cell))) if cell else "" for cell in frame[field]]
    kinds = {f["name"]: f["type"] for f in tables.describe(table)["schema"]["fields"]}
    if kinds[field] == "integer":
        changed = [cell.removesuffix(".0") for cell in changed]
    lines = told(made, table, frame.assign(**{field: changed}))
    assert any(pd.Series([line]).str.contains(expected).item() for line in lines), lines


def test_a_month_label_one_early_is_seen(made) -> None:
    frame = ours("emergency_attendances_northern_ireland")
    months = pd.to_datetime(frame["month"]) - pd.DateOffset(months=1)
    lines = told(
        made, "emergency_attendances_northern_ireland", frame.assign(month=months.dt.strftime("%Y-%m-%d"))
    )
    assert any("are those that the book has one month after" in line for line in lines), lines
    frame = ours("delayed_discharge_75plus", area="S12000036")
    later = [f"{int(year[:4]) + 1}/{int(year[-2:]) + 1:02d}" for year in frame["financial_year"]]
    lines = told(made, "delayed_discharge_75plus", frame.assign(financial_year=later))
    assert any("the book has one financial year before" in line for line in lines), lines


def test_a_total_among_its_parts_and_a_place_twice_are_seen(made) -> None:
    frame = ours("delayed_discharge_75plus")
    parts = frame[frame["area"].isin(["S12000005", "S12000006", "S12000008"])]
    sums = parts.assign(n=parts["bed_days"].astype(int)).groupby("financial_year")["n"].sum()
    total = pd.DataFrame({"area": "GB", "financial_year": sums.index, "bed_days": sums.astype(str)})
    lines = told(made, "delayed_discharge_75plus", pd.concat([parts, total]))
    assert any("GB is the sum of the other rows: a total among its parts" in line for line in lines), lines
    twin = parts[parts["area"] == "S12000005"].assign(area="IE")
    lines = told(made, "delayed_discharge_75plus", pd.concat([parts, twin]))
    assert any("IE has the same bed_days as S12000005" in line for line in lines), lines


def test_all_that_a_shorter_file_lacks_is_told_at_once_with_the_way_that_works(made) -> None:
    frame = ours("care_home_residents")
    fewer = frame[(frame["date"] > "2015") & (frame["sex"] == "female")]
    file = made("mine.csv", fewer.to_csv(index=False))
    found = inputs.examine({"care_home_residents": file}, inputs.Options())["care_home_residents"]
    lacks = str(found.warnings[-1])
    assert "date 2010-03-31 to 2014-03-31; sex male" in lacks
    assert f"use --extend care_home_residents={file} instead of --data" in lacks
    extended = inputs.examine({"care_home_residents": file}, inputs.Options(), ["care_home_residents"])
    assert "--extend" not in str(extended["care_home_residents"].warnings)
    elsewhere = fewer.assign(area="IE").to_csv(index=False).encode()
    assert coverage.lacking("care_home_residents", elsewhere) == []
    assert coverage.lacking("care_home_residents", tables.locate("care_home_residents").read_bytes()) == []
