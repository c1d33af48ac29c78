"""Small made files in the layouts of National Records of Scotland and the Office for National Statistics."""

import openpyxl
import pytest
import r_writer as r

from careshift.project import CareshiftError
from careshift.readers import importing
from careshift.readers import national_records_scotland as nrs
from careshift.readers import office_for_national_statistics as ons

SCOTLAND = "S92000003"


def workbook(path, year: int, notes: int = 2, skip: str = ""):
    """Save a made MYE2 workbook: 10 people of each age and sex in Scotland and one council."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("MYE2 - Persons", "MYE2 - Females", "MYE2 - Males"):
        page = book.create_sheet(name)
        page.append([f"MYE2: by single year of age, mid-{year}"])
        for _ in range(notes):
            page.append(["A note"])
        page.append(["Code", "Name", "Geography", "All ages", *range(90), "90+"])
        for code in (SCOTLAND, "S12000033", "E12000001", "Notes at the end"):
            if code != skip:
                page.append([code, "Name", "Kind", 910, *[10.0] * 91])
    file = path / f"mid{year}.xlsx"
    book.save(file)
    return file


def series(made, missing_age: int | None = None, total: int = 1000):
    ages = [
        f"{year},{sex},{age},10\n"
        for year in (2017, 2018)
        for sex in ("Both", "Female", "Male")
        for age in range(90)
        if age != missing_age
    ]
    totals = [f"{year},{sex},{total}\n" for year in (2017, 2018) for sex in ("Both", "Female", "Male")]
    return made("ages.csv", "Year,Sex,Age,Estimate\n" + "".join(ages)), made(
        "totals.csv", "Year,Sex,Total\n" + "".join(totals)
    )


def test_ninety_and_over_is_the_total_less_the_rest(made, tmp_path) -> None:
    table = nrs.population(*series(made), workbook(tmp_path, 2019))
    oldest = table[table["age"] == 90].groupby("year")["population"].sum()
    assert oldest.to_dict() == {2017: 200, 2018: 200, 2019: 20}
    assert table.groupby("year")["population"].sum().to_dict() == {2017: 2000, 2018: 2000, 2019: 1820}
    assert set(table["area"]) == {SCOTLAND}
    assert set(table["vintage"]) == {"mid-2018 series", "mid-2019 release"}


def test_a_missing_age_is_refused(made, tmp_path) -> None:
    with pytest.raises(CareshiftError, match=r"ages\.csv: some year does not hold each age"):
        nrs.population(*series(made, missing_age=70), workbook(tmp_path, 2019))


def test_ages_above_the_total_are_refused(made, tmp_path) -> None:
    with pytest.raises(CareshiftError, match=r"totals\.csv: the totals do not match"):
        nrs.population(*series(made, total=800), workbook(tmp_path, 2019))


def test_header_row_may_move_and_other_areas_stay_out(tmp_path) -> None:
    table = ons.population_areas(workbook(tmp_path, 2019, notes=3), workbook(tmp_path, 2020, notes=6))
    assert set(table["area"]) == {SCOTLAND, "S12000033"}
    assert table.groupby(["year", "area"])["population"].sum().tolist() == [1820] * 4
    assert sorted(table["age"].unique()) == list(range(91))


def test_workbook_without_a_year_is_refused(tmp_path) -> None:
    file = workbook(tmp_path, 2019)
    book = openpyxl.load_workbook(file)
    book["MYE2 - Females"]["A1"] = "MYE2"
    book.save(file)
    with pytest.raises(CareshiftError, match='no title with "mid-"'):
        ons.mid_year_estimates(file)


def projection(made, ages=None):
    ages = ages or [*(f"{age:>12}" for age in range(105)), "105 - 109", "110 and over"]
    lines = [f"{sex}\t{age}\t10\t11\t12\r\n" for sex in (1, 2) for age in ages]
    return made("sc_ppp.txt", "Sex\tAge\t2014\t2015\t2051\r\n" + "".join(lines))


def test_projection_groups_ninety_and_over_and_stops_in_2050(made) -> None:
    table = nrs.population_projections(projection(made))
    assert set(table["base"]) == {2014}
    assert table.groupby("year")["population"].sum().to_dict() == {2014: 2 * 107 * 10, 2015: 2 * 107 * 11}
    assert table.loc[table["age"] == 90, "population"].tolist() == [170, 170, 187, 187]
    assert set(table["sex"]) == {"male", "female"}


def test_projection_without_the_oldest_is_refused(made) -> None:
    with pytest.raises(CareshiftError, match=r"sc_ppp\.txt: some year or age"):
        nrs.population_projections(projection(made, ages=[str(age) for age in range(100)]))


def people_of_2022(path, total: int):
    ages = {str(age): r.strings(["2"]) for age in range(90)} | {"90 and over": r.strings(["20"])}
    columns = {
        "ltla19_code": r.strings(["S12000033"]),
        "sex": r.strings(["Persons"]),
        "all_ages": r.strings([str(total)]),
    }
    file = path / "population.rda"
    file.write_bytes(r.rdata("population", r.frame(columns | ages)))
    return file


def test_mid_2022_population_of_councils(tmp_path) -> None:
    table = nrs.population_areas_2022(people_of_2022(tmp_path, 200))
    assert table["population"].sum() == 200
    assert table.loc[table["age"] == 90, "population"].tolist() == [20]


def test_ages_that_do_not_add_up_are_refused(tmp_path) -> None:
    with pytest.raises(CareshiftError, match="do not add to its total"):
        nrs.population_areas_2022(people_of_2022(tmp_path, 201))


def by_sheets(path, sheets=("1981", "1982"), odd: int = 0):
    """Save a made time series, a sheet a year: 10 women and 9 men of each age in Scotland."""
    book = openpyxl.Workbook()
    book.active.title = "Contents"
    for year in sheets:
        page = book.create_sheet(year)
        page.append([None, f"Mid-{year} population estimates"])
        for word, people in (("Persons", 19), ("Males", 9), ("Females", 10)):
            page.append([None, word, "All Ages", *range(90), "90+"])
            page.append([None, "Scotland", 91 * people + odd, *[float(people)] * 91])
            page.append(["S12000033", "Aberdeen City", 91, *[1] * 91])
            page.append([])
    file = path / "mid-year-pop-est-18-time-series-1.xlsx"
    book.save(file)
    return file


def test_the_publishers_series_with_a_sheet_a_year(tmp_path) -> None:
    table, layout = importing.read_raw("population", [by_sheets(tmp_path)])
    assert layout.name.startswith("publisher, time series to mid-2018")
    assert table.groupby(["year", "sex"])["population"].sum().to_dict() == {
        (year, sex): 91 * people for year in (1981, 1982) for sex, people in (("female", 10), ("male", 9))
    }
    assert sorted(set(table["age"])) == list(range(91))
    assert set(table["area"]) == {SCOTLAND}


def test_ages_of_the_series_that_do_not_add_up_are_refused(tmp_path) -> None:
    with pytest.raises(CareshiftError, match=r"row \d+: the ages do not add to all ages"):
        nrs.population_of_sheets(by_sheets(tmp_path, odd=1))


def table_1(path, missing: str = ""):
    """Save a made time series of today: mid-2022 and mid-2023, Scotland and two councils."""
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    page = book.create_sheet("Table 1")
    for _ in range(4):
        page.append(["A note above the table"])
    ages = [age for age in (*range(90), "90 and over") if str(age) != missing]
    page.append(["Area code", "Area name", "Sex", "Year", "All Ages", *ages])
    for area, people in ((SCOTLAND, 100), ("S12000033", 10), ("S12000034", 20), ("S08000015", 30)):
        for sex, share in (("Persons", 2), ("Females", 1), ("Males", 1)):
            for year in (2022, 2023):
                count = people * share + year - 2022
                page.append([area, "Name", sex, year, 91 * count, *[count] * len(ages)])
    file = path / "mid-year-population-estimates-time-series-data.xlsx"
    book.save(file)
    return file


def test_the_publishers_series_of_today(tmp_path) -> None:
    table, layout = importing.read_raw("population", [table_1(tmp_path)])
    assert layout.name.startswith("publisher, time series of today")
    assert set(table["vintage"]) == {"time series to mid-2023"}
    assert table.groupby(["year", "sex"])["population"].sum().to_dict() == {
        (2022, "female"): 9100,
        (2022, "male"): 9100,
        (2023, "female"): 9191,
        (2023, "male"): 9191,
    }


def test_councils_of_2022_from_the_publishers_series(tmp_path) -> None:
    table, _ = importing.read_raw("population_areas_2022", [table_1(tmp_path)])
    assert table.groupby("area")["population"].agg(["sum", "count"]).to_numpy().tolist() == [
        [91 * 20, 91],
        [91 * 40, 91],
    ]


def test_a_series_without_an_age_has_no_layout(tmp_path) -> None:
    with pytest.raises(CareshiftError, match=r"no layout of population fits"):
        importing.read_raw("population", [table_1(tmp_path, missing="70")])
