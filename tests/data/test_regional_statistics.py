"""Small made files in the layouts of the Office for National Statistics' tables by country and region."""

import openpyxl
import pytest

from careshift import tables
from careshift.project import CareshiftError
from careshift.readers import regional_statistics as reader

WALES, KINGDOM = "W92000004", "K02000001"
EACH = [f"{{}}{letter}" for letter in reader.REGIONS]


def book(path, sheets: dict[str, list[list]]):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def life_table(year: int, title: str, rows: list[list]) -> list[list]:
    head = ["x", "mx", "qx", "ex", None, "mx", "qx", "ex"]
    between = [[None], ["Period expectation of life"], [f"Based on data for the year {year}"]]
    return [[title], *between, ["Age", "Males"], head, *rows]


BIRTH = [[0, 0.01, 0.01, 70.8, None, 0.01, 0.01, 76.9], [1, 0.001, 0.001, 70.5, None, 0.001, 0.001, 76.4]]


def test_life_expectancy_of_both_titles_and_only_of_sheets_named_by_a_year(tmp_path) -> None:
    sheets = {
        "Contents": [["Single-year Life Tables, Wales, 1980 to 2018"]],
        "1982": life_table(1982, "Single-year Life Tables, Wales", BIRTH),
        "1981": life_table(1981, "National Life Tables, Wales", BIRTH),
    }
    table = reader.life_expectancy_by_year(book(tmp_path / "wales.xlsx", sheets))
    assert table.to_numpy().tolist() == [
        [WALES, 1982, "male", 70.8],
        [WALES, 1982, "female", 76.9],
        [WALES, 1981, "male", 70.8],
        [WALES, 1981, "female", 76.9],
    ]


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("2018", life_table(2018, "Single-year Life Tables, Cornwall", BIRTH), "names no country"),
        ("2018", life_table(2017, "Single-year Life Tables, Wales", BIRTH), "data for the year 2018"),
        ("2018", life_table(2018, "Single-year Life Tables, Wales", BIRTH[1:]), "no row of age 0"),
        ("Contents", [["x"]], "no sheet is named by a year"),
    ],
)
def test_a_life_table_of_another_kind_is_refused(tmp_path, name, rows, message) -> None:
    with pytest.raises(CareshiftError, match=message):
        reader.life_expectancy_by_year(book(tmp_path / "life.xlsx", {name: rows}))


def household_income(made, codes: list[str]):
    rows = [f"NUTS1,{code},A region,13597,13962" for code in codes]
    others = [
        "UK,UK,United Kingdom,16603,16842",
        "NUTS2,UKC1,Tees,1,1",
        "Other,UK0,England,1,1",
        "NA,NA,NA,NA,NA",
    ]
    return made("gdhi.csv", "\n".join(["NUTS level,NUTS code,Region name,2010,2011", *rows, *others]) + "\n")


def test_household_income_of_the_kingdom_and_its_twelve_parts(made) -> None:
    table = reader.household_income_by_region(household_income(made, [c.format("UK") for c in EACH]))
    assert len(table) == 13 * 2
    assert table[table["area"] == KINGDOM]["pounds_per_head"].tolist() == [16603, 16842]
    assert set(table["pounds_per_head"]) == {16603, 16842, 13597, 13962}


@pytest.mark.parametrize(("codes", "message"), [(EACH[1:], "E12000001"), ([*EACH, "UKZ"], '"UKZ"')])
def test_a_missing_or_unknown_region_is_refused(made, codes, message) -> None:
    file = household_income(made, [code.format("UK") for code in codes])
    with pytest.raises(CareshiftError, match=f"not the twelve known ones: {message}"):
        reader.household_income_by_region(file)


def test_sections_of_industry_without_their_parts_and_without_sums_of_regions(made) -> None:
    industries = {
        "Total": "1,900",
        "A-E": "9",
        "C (10-33)": "300",
        "CA (10-12)": "9",
        "10": "9",
        "68IMP": "80",
    }
    codes = ["UK", "TLB", "TLZ", "UKX", *(code.format("TL") for code in EACH)]
    rows = [
        f'{code},Name,{section},What,"{value}"' for code in codes for section, value in industries.items()
    ]
    head = "ITL region code,ITL region name,SIC07 code,SIC07 description,2010\n"
    table = reader.value_added_by_section(made("gva.csv", head + "\n".join(rows) + "\n"))
    assert len(table) == 13 * 3
    wales = table[table["area"] == WALES].set_index("section")["million_pounds"]
    assert wales.to_dict() == {"Total": 1900, "C": 300, "68IMP": 80}


def productivity(path, levels: list[list], head: list):
    return book(
        path,
        {name: [["Title"], ["UK=100"], [None, None, None, 2011, 2012], head, *levels] for name in reader.PER},
    )


def test_productivity_per_hour_and_per_job_of_regions_alone(tmp_path) -> None:
    levels = [["UK", "UKX", "UK", 100, 100], ["ITL2", "TLC1", "Tees", 1, 1]]
    levels += [["ITL1", code.format("TL"), "A region", 81.2, 83.8] for code in EACH]
    file = productivity(
        tmp_path / "p.xlsx", levels, ["ITL level", "ITL code", "Region name", "index", "index"]
    )
    table = reader.productivity_by_region(file)
    assert len(table) == 12 * 2 * 2
    wales = table[table["area"] == WALES]
    assert sorted(wales[["per", "year", "index"]].to_numpy().tolist()) == [
        ["hour", 2011, 81.2],
        ["hour", 2012, 83.8],
        ["job", 2011, 81.2],
        ["job", 2012, 83.8],
    ]
    with pytest.raises(CareshiftError, match="no row begins"):
        reader.productivity_by_region(productivity(tmp_path / "q.xlsx", levels, ["Level", "Code"]))


def test_means_of_three_single_years_are_near_the_printed_three_year_figures() -> None:
    years = tables.read("life_expectancy_by_year").set_index(["area", "sex", "year"])["life_expectancy"]
    printed = tables.read("found_values").query(
        "series_id == 'life_expectancy_birth' and area == 'N92000002'"
    )
    centres = {"1981": 1981, "1985": 1985, "1990": 1990, "1994": 1994, "2006-2008": 2007, "2010-2012": 2011}
    differ = []
    for row in printed.to_dict("records"):
        if row["period"] in centres and row["age_group"] in ("men", "women"):
            sex = {"men": "male", "women": "female"}[row["age_group"]]
            span = [years["N92000002", sex, centres[row["period"]] + off] for off in (-1, 0, 1)]
            differ.append(abs(sum(span) / 3 - row["value"]))
    assert len(differ) >= 8
    assert max(differ) < 0.1


def test_income_and_value_added_stand_beside_what_was_printed_of_them() -> None:
    income = tables.read("household_income_by_region").set_index(["area", "year"])["pounds_per_head"]
    first = tables.read("found_values").query("series_id == 'household_income_per_head_first'")
    for row in first.to_dict("records"):
        if (row["area"], int(row["period"])) in income:
            later = income[row["area"], int(row["period"])]
            assert later / row["value"] == pytest.approx(1, abs=0.1), "revised since"
    regions = income.drop(KINGDOM, level="area").unstack("year")
    assert set(regions.idxmin().loc[2009:2012]) == {"N92000002"}
    added = tables.read("value_added_by_section").query("section == 'Total'")
    total = added.pivot(index="year", columns="area", values="million_pounds")
    share = total.drop(columns=KINGDOM).sum(axis=1) / total[KINGDOM]
    assert share.between(0.97, 1).all(), "what belongs to no region is the rest"
    sections = tables.read("value_added_by_section").query("section not in ('Total', '68IMP')")
    parts = sections.groupby(["year", "area"])["million_pounds"].sum().unstack()
    assert (parts - total).abs().max().max() <= 12, "sections add to the total but for rounding"
