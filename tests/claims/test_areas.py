"""The pages of areas are right: checked against sums made here from the CSV files alone."""

import csv
import json
from pathlib import Path

import pytest

from careshift import tables
from careshift.pipeline.runs import plan
from careshift.project import CHAPTERS, DATA
from careshift.topics import areas, areas_measures, areas_people

ORKNEY, GLASGOW, CLACKMANNANSHIRE, NORTH_AYRSHIRE = "S12000023", "S12000049", "S12000005", "S12000021"
GRAMPIAN, SHETLAND_BOARD = "S08000020", "S08000026"
NAMES = [
    "areas",
    "population_areas",
    "population_areas_2022",
    "local_indicators",
    "emergency_admission_rates",
    "delayed_discharge_75plus",
    "delayed_discharge",
    "care_home_residents_by_stay",
    "care_home_places",
    "care_at_home",
    "care_experience",
    "emergency_inpatient_activity",
    "emergency_attendances_scotland",
    "hospital_beds",
]


def rows(table: str, **wanted: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return [r for r in csv.DictReader(handle) if all(r[k] == v for k, v in wanted.items())]


def people(code: str, age: int) -> int:
    """Return people of mid-2022 from that age on."""
    return sum(int(r["population"]) for r in rows("population_areas_2022", area=code) if int(r["age"]) >= age)


def year_of(month: str) -> int:
    return int(month[:4]) - (int(month[5:7]) < 4)


@pytest.fixture(scope="module")
def data():
    return areas_people.with_people({name: tables.read(name) for name in NAMES})


@pytest.fixture(scope="module")
def values(data):
    return {kind: areas_measures.values(kind, data) for kind in areas.KINDS}


@pytest.fixture(scope="module")
def standings(data, values):
    return {kind: areas.standings(kind, values[kind], data) for kind in areas.KINDS}


def value(frame, code: str, measure: str, period: str) -> float:
    row = frame[(frame["area"] == code) & (frame["measure"] == measure) & (frame["period"] == period)]
    return float(row["value"].iloc[0])


@pytest.mark.parametrize("code", [ORKNEY, GLASGOW, CLACKMANNANSHIRE])
def test_delayed_beds_of_a_council(values, code) -> None:
    days = sum(
        int(r["bed_days"])
        for r in rows("delayed_discharge", area=code, age_group="18+", reason="all")
        if year_of(r["month"]) == 2024
    )
    assert value(values["council"], code, "delayed_18", "2024/25") == pytest.approx(
        days / 365 / people(code, 18) * 100_000
    )


@pytest.mark.parametrize("code", [ORKNEY, GLASGOW, CLACKMANNANSHIRE])
def test_yearly_delayed_days_rest_on_the_halved_file_and_the_population_of_the_year(values, code) -> None:
    days = int(rows("delayed_discharge_75plus", area=code, financial_year="2014/15")[0]["bed_days"])
    old = rows(
        "local_indicators", area=code, financial_year="2014/15", indicator="population aged 75 and over"
    )
    expected = 1000 * days / float(old[0]["value"])
    assert value(values["council"], code, "delayed_75", "2014/15") == pytest.approx(expected)
    published = rows(
        "local_indicators",
        area=code,
        financial_year="2014/15",
        indicator="days in hospital when ready to leave, aged 75 and over",
    )
    assert expected == pytest.approx(float(published[0]["value"]), rel=0.01)


def test_the_yearly_and_the_monthly_file_agree_where_both_have_a_year(data) -> None:
    monthly = areas_measures.years_of_months(
        data["delayed_discharge"].query("age_group == '75+' and reason == 'all'"), "bed_days"
    )
    both = data["delayed_discharge_75plus"].merge(monthly, on=["area", "financial_year"])
    assert len(both) == 165
    assert (both["bed_days"] == both["number"]).all()


@pytest.mark.parametrize("code", [ORKNEY, GLASGOW, CLACKMANNANSHIRE])
def test_admissions_places_and_home_care_of_a_council(values, code) -> None:
    council = values["council"]
    rate = rows("emergency_admission_rates", area=code, vintage="2023", financial_year="2021/22")
    assert value(council, code, "admissions", "2021/22") == pytest.approx(float(rate[0]["rate"]) / 100)
    places = rows("care_home_places", area=code, client_group="older people", date="2023-03-31")
    assert value(council, code, "places", "March 2023") == pytest.approx(
        1000 * int(places[0]["places"]) / people(code, 75)
    )
    care = rows("care_at_home", area=code, age_group="85+", financial_year="2023/24")
    assert value(council, code, "home_care_85", "2023/24") == pytest.approx(float(care[0]["rate"]))


def test_the_two_releases_of_admission_rates_are_never_joined(values) -> None:
    periods = values["council"].query("measure == 'admissions'")["period"]
    assert min(periods) == "2010/11"


def test_a_withheld_cell_stays_missing_though_the_rest_would_give_it(standings, values, data) -> None:
    """The long-stay residents of March 2023 are withheld; the total less the other councils would tell."""
    cell = rows(
        "care_home_residents_by_stay",
        area=CLACKMANNANSHIRE,
        date="2023-03-31",
        client_group="older people",
        stay="long",
    )
    assert cell[0]["residents"] == ""
    row = standings["council"].query(f"area == '{CLACKMANNANSHIRE}' and measure == 'residents'").iloc[0]
    assert row["value"] != row["value"]
    assert row["rank"] != row["rank"]
    assert row["where"] == ""
    assert row["of"] == 28
    shown = areas.as_table(areas.of(standings["council"], areas.places(data["areas"])[CLACKMANNANSHIRE]))
    residents = shown[shown["label"].str.startswith("Long-stay")].iloc[0]
    assert (residents["value"], residents["rank"], residents["where"]) == ("suppressed", "–", "–")


def test_ages_that_were_not_recorded_stay_missing_and_are_named(values, data) -> None:
    council = values["council"]
    assert value(council, NORTH_AYRSHIRE, "home_care_85", "2017/18") != value(
        council, NORTH_AYRSHIRE, "home_care_85", "2017/18"
    )
    place = areas.places(data["areas"])[NORTH_AYRSHIRE]
    gap = areas.gaps(areas.trends(place, council)).query("label == 'Home care, 85+'").iloc[0]
    assert gap["periods"] == "2017/18"
    assert "not recorded" in gap["why"]


def test_no_missing_figure_of_any_area_is_a_nought(values) -> None:
    for frame in values.values():
        assert frame.loc[frame["status"] != "ok", "value"].isna().all()
        assert frame.loc[frame["status"] == "ok", "value"].notna().all()


def test_a_board_is_the_sum_of_its_councils(values, data) -> None:
    of_grampian = [r["code"] for r in rows("areas", board=GRAMPIAN)]
    assert len(of_grampian) == 3
    adults = sum(people(code, 18) for code in of_grampian)
    days = sum(
        int(r["bed_days"])
        for r in rows("delayed_discharge", area=GRAMPIAN, age_group="18+", reason="all")
        if year_of(r["month"]) == 2024
    )
    found = value(values["health board"], GRAMPIAN, "delayed_18", "2024/25")
    assert found == pytest.approx(days / 365 / adults * 100_000)
    assert {r["board"] for r in rows("areas", type="council")} == {
        r["code"] for r in rows("areas", type="health board")
    }


def test_activity_of_a_board(values) -> None:
    code, board = SHETLAND_BOARD, values["health board"]
    everyone = people("S12000027", 0)
    quarters = ("2021Q2", "2021Q3", "2021Q4", "2022Q1")
    stays = [
        r
        for r in rows("emergency_inpatient_activity", area=code, admission_type="emergency")
        if r["quarter"] in quarters
    ]
    assert len(stays) == 4
    number, days = (sum(int(r[c]) for r in stays) for c in ("stays", "bed_days"))
    assert value(board, code, "stays", "2021/22") == pytest.approx(1000 * number / everyone)
    assert value(board, code, "length", "2021/22") == pytest.approx(days / number)
    visits = [r for r in rows("emergency_attendances_scotland", area=code) if year_of(r["month"]) == 2023]
    attended = sum(int(r["attendances"]) for r in visits)
    assert value(board, code, "attendances", "2023/24") == pytest.approx(1000 * attended / everyone)
    within = sum(int(r["within_4_hours"]) for r in visits if r["department"] == "major")
    major = sum(int(r["attendances"]) for r in visits if r["department"] == "major")
    assert value(board, code, "four_hours", "2023/24") == pytest.approx(100 * within / major)
    beds = [r for r in rows("hospital_beds", area=code, specialty="all") if r["quarter"] in quarters]
    staffed = sum(int(r["available_bed_days"]) for r in beds)
    assert value(board, code, "beds", "2021/22") == pytest.approx(1000 * staffed / 365 / everyone)


def test_a_year_that_is_not_whole_is_no_year(values) -> None:
    board = values["health board"]
    assert "2025/26" not in set(board.query("measure == 'attendances'")["period"])
    assert "2017/18" not in set(board.query("measure == 'stays'")["period"])


def test_corrupting_one_input_changes_this_area_and_no_other(data, values) -> None:
    wrong = data["delayed_discharge"].copy()
    cell = (
        (wrong["area"] == ORKNEY)
        & (wrong["month"] == "2024-06-01")
        & (wrong["age_group"] == "18+")
        & (wrong["reason"] == "all")
    )
    assert cell.sum() == 1
    wrong.loc[cell, "bed_days"] += 3650
    spoiled = areas_measures.values("council", data | {"delayed_discharge": wrong})
    before, after = values["council"], spoiled
    changed = before[before["value"].ne(after["value"]) & before["value"].notna()]
    assert changed[["measure", "area", "period"]].to_numpy().tolist() == [["delayed_18", ORKNEY, "2024/25"]]
    beds = value(after, ORKNEY, "delayed_18", "2024/25") - value(before, ORKNEY, "delayed_18", "2024/25")
    assert beds == pytest.approx(10 / people(ORKNEY, 18) * 100_000)


def test_population_aged_75_is_one_series_with_the_estimates_by_age(data) -> None:
    """The benchmarking data and the estimates by age give the same people where both have a year."""
    by_age, yearly = areas_people.aged(data, 75), areas_people.aged_75(data)
    for year in (2019, 2020):
        assert (by_age.loc[yearly.index, year] == yearly[year]).all()
    assert 2021 not in yearly


def test_all_46_areas_have_a_page_of_their_own() -> None:
    pages = {run.id: run.given["area"] for run in plan().values() if run.chapter == "areas/area"}
    places = areas.places(tables.read("areas"))
    assert len(pages) == len(places) == 46
    assert pages == {f"areas/{place.slug}": place.code for place in places.values()}
    assert sum(place.kind == "council" for place in places.values()) == 32
    listed = (CHAPTERS.parent / "_toc.yml").read_text(encoding="utf-8")
    assert all(f"file: chapters/{page}\n" in listed for page in pages)


def texts(file: Path) -> list[str]:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    outputs = [o for cell in cells for o in cell.get("outputs", [])]
    return ["".join(o["data"]["text/plain"]) for o in outputs if "text/plain" in o.get("data", {})]


@pytest.mark.parametrize("code", [ORKNEY, GLASGOW, CLACKMANNANSHIRE, GRAMPIAN])
def test_the_executed_page_says_what_the_tables_say(executed, data, standings, code) -> None:
    place = areas.places(data["areas"])[code]
    found = texts(executed / f"areas/{place.slug}.ipynb")
    assert found[0] == place.name
    mine = areas.as_table(areas.of(standings[place.kind], place))
    table = next(text for text in found if text.startswith(f"{place.name} beside Scotland"))
    for row in mine.itertuples():
        line = next(line for line in table.splitlines() if line.strip().startswith(row.label))
        assert row.value in line
        assert row.rank in line


def test_no_page_names_another_area_as_its_own(executed, data) -> None:
    """Other areas stand on a page only as unnamed ticks of a strip, and in its figure's data."""
    places = areas.places(data["areas"]).values()
    for place in places:
        said = "\n".join(texts(executed / f"areas/{place.slug}.ipynb"))
        assert place.name in said
        others = [p.name for p in places if p.name not in place.name and place.name not in p.name]
        assert not [name for name in others if name in said], place.name
