"""Small made files in the layout of the Improvement Service's extracts."""

import math

import pytest
import r_writer as r

from careshift.project import CareshiftError
from careshift.readers import improvement_service as reader


def test_names_become_codes_and_the_last_year_tells_the_vintage(made) -> None:
    file = made(
        "rates.csv",
        "Council,FinancialYear,RatePer100k\n"
        '"Edinburgh, City of",2016/17,23839.826167934192\nEilean Siar,2016/17,2e4\nScotland,2006/07,24276\n',
    )
    table = reader.emergency_admission_rates(file)
    assert table["area"].tolist() == ["S12000036", "S12000013", "S92000003"]
    assert table["area_name"].tolist() == ["City of Edinburgh", "Na h-Eileanan Siar", "Scotland"]
    assert table["rate"].tolist() == [23839.826167934192, 20000, 24276]
    assert set(table["vintage"]) == {2018}


def test_unknown_council_and_unknown_release_are_refused(made) -> None:
    head = "Council,FinancialYear,RatePer100k\n"
    with pytest.raises(CareshiftError, match='"Atlantis" is no place'):
        reader.emergency_admission_rates(made("a.csv", head + "Atlantis,2016/17,1\n"))
    with pytest.raises(CareshiftError, match='its last year is "soon"'):
        reader.emergency_admission_rates(made("b.csv", head + "Fife,soon,1\n"))


LONG = "CPP,Indicator,Type,Year,value,IndicatorFullName,FG\n"


def test_only_raw_emergency_admissions_of_the_long_file_are_taken(made) -> None:
    rows = [
        "Eilean Siar,Emergency Admissions,Raw data,2023/24,24953.8,Full name,3",
        "Scotland,Emergency Admissions,Raw data,2022/23,23244.4,Full name,",
        "Eilean Siar,Emergency Admissions,Projected,2024/25,1,Full name,3",
        "Eilean Siar,Emergency Admissions,Imputed,2021/22,1,Full name,3",
        "Eilean Siar,Healthy Birthweight,Raw data,2025/26,90,Full name,3",
    ]
    table = reader.emergency_admission_rates(made("long.csv", LONG + "\n".join(rows) + "\n"))
    assert table.drop(columns="area_name").to_numpy().tolist() == [
        [2025, "S12000013", "2023/24", 24953.8],
        [2025, "S92000003", "2022/23", 23244.4],
    ]


def test_a_long_file_without_raw_admissions_is_refused(made) -> None:
    row = "Fife,Emergency Admissions,Projected,2024/25,1,Full name,3\n"
    with pytest.raises(CareshiftError, match='no row has Indicator "Emergency Admissions"'):
        reader.emergency_admission_rates(made("long.csv", LONG + row))


def benchmarks(made):
    row = "{},{},{},Title,{},Adult Social Care\n"
    return made(
        "lgbf.csv",
        "Local Authority,Year,Indicator2,Title,Value,Domain\n"
        + row.format("Edinburgh City", "2010-11", "SW1", "20.1")
        + row.format("Argyll & Bute", "2017-18", "SW4c", "81.13")
        + row.format("Scotland", "2017-18", "SW4b", "NA"),
    )


def test_indicators_have_units_and_survey_items_stand_apart(made) -> None:
    table = reader.local_indicators(benchmarks(made))
    assert table.to_dict("records") == [
        {
            "area": "S12000036",
            "financial_year": "2010/11",
            "indicator": "home care cost per hour, aged 65 and over",
            "value": 20.1,
            "unit": "pounds",
        }
    ]


def test_unknown_indicator_is_refused(made) -> None:
    file = made("lgbf.csv", "Local Authority,Year,Indicator2,Value\nFife,2010-11,SW99,1\n")
    with pytest.raises(CareshiftError, match='column "code": "SW99" is not known'):
        reader.local_indicators(file)


def test_the_first_wave_of_the_dropped_item_is_that_of_2013_14(made, tmp_path) -> None:
    old = tmp_path / "old.rds"
    columns = {
        "Local Authority": r.strings(["Fife", "Fife", "Fife"]),
        "Year": r.strings(["2014-15", "2016-17", "2014-15"]),
        "Indicator2": r.strings(["SW4a", "SW4a", "SW4b"]),
        "Value": r.decimals([84.0, math.nan, 85.0]),
    }
    old.write_bytes(r.rds(r.frame(columns)))
    table = reader.care_experience(benchmarks(made), old)
    assert table.values.tolist() == [
        ["S12000035", "2017/18", "independence", 81.13],
        ["S12000047", "2013/14", "care rated good", 84.0],
    ]
