"""Places by every code and name that they have had, held against the registers where these are at hand."""

import csv
import os
from pathlib import Path

import pytest

from careshift import places, tables
from careshift.project import CareshiftError

RAW = os.environ.get("CARESHIFT_RAW", "")
raw_only = pytest.mark.skipif(not RAW, reason="CARESHIFT_RAW does not name a folder of raw files")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Glasgow", "S12000049"),
        ("S12000046", "S12000049"),
        ("Glaschu", "S12000049"),
        ("City of Edinburgh", "S12000036"),
        ("Edinburgh, City of", "S12000036"),
        ("Perth & Kinross", "S12000048"),
        ("S12000024", "S12000048"),
        ("S12000044", "S12000050"),
        ("Fife Council", "S12000047"),
        ("Fife HSCP", "S12000047"),
        ("NHS Fife", "S08000029"),
        ("S08000018", "S08000029"),
        ("S08000021", "S08000031"),
        ("S08000023", "S08000032"),
        ("S08000027", "S08000030"),
        ("NHS Greater Glasgow & Clyde", "S08000031"),
        ("G", "S08000031"),
        ("Comhairle nan Eilean Siar", "S12000013"),
        ("A\u2019 Gh\u00e0idhealtachd", "S12000017"),
        ("Betsi Cadwaladr University LHB", "W11000023"),
        ("7A2", "W11000025"),
        ("Caerdydd", "W06000015"),
        ("Belfast HSC Trust", "BHSCT"),
        ("Derry and Strabane", "N09000005"),
        ("Alba", "S92000003"),
        ("N. Ireland", "N92000002"),
    ],
)
def test_a_place_is_found_by_any_name_or_code(name, code) -> None:
    assert places.meant(name).current == code


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Fife", r"may be several places: write .*S08000029 .*S12000047"),
        ("Glasgw", r"is no place of data/places\.csv\. Did you mean Glasgow City \(S12000049\)"),
        ("Abertawe Bro Morgannwg", "Bridgend, 144,876 people"),
        ("S37000005", "holds two council areas"),
        ("7A3", "until March 2019"),
        ("S08000007", "redrawn"),
    ],
)
def test_a_name_that_may_mean_another_place_is_refused(name, words) -> None:
    with pytest.raises(CareshiftError, match=words):
        places.meant(name)
    assert places.meant("Fife", ["council"]).code == "S12000047"


@pytest.mark.parametrize(
    ("text", "code"),
    [("Glasgow", "S12000049"), ("IE", "IE"), ("S08000021", "S08000031"), ("SB0801", "SB0801")],
)
def test_a_parameter_takes_names_and_codes(text, code) -> None:
    assert places.code_of(text) == code


def test_the_table_of_places_holds_the_table_of_areas() -> None:
    """Both name the same places of today by the same names, and an old code leads to one of today."""
    register = tables.read("places").set_index("code")
    today = set(register.index[register["current"] == register.index])
    assert set(register["current"].dropna()) == today
    areas = tables.read("areas")
    shared = areas[areas["type"].isin(["country", "council", "health board"])]
    assert set(shared["code"]) <= today
    assert register.loc[shared["code"], "name"].tolist() == shared["name"].tolist()
    assert set(register.loc[register["current"].isna(), "change"]) == {"large"}


def rows(file: str) -> list[dict[str, str]]:
    with Path(RAW, file).open(encoding="latin-1", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.raw
@raw_only
def test_the_registers_say_the_same() -> None:
    register = places.register()
    for row in rows("scotland/beds/hb14_hb19.csv"):
        place = register[row["HB"]]
        assert (place.name, place.code == place.current) == (row["HBName"], not row["HBDateArchived"])
    partnerships: dict[str, set[str]] = {}
    for row in rows("found_2026_11/scotland_other/tutkuc_simd2020v2_22062020.csv"):
        partnerships.setdefault(row["HSCP"], set()).add(row["CA"])
    for code, councils in partnerships.items():
        assert {register[code].current} == (councils if len(councils) == 1 else {""})
    estimates = rows("uk_population/MYEB3_summary_components_of_change_series_UK_(2018_geog19).csv")
    named = {row["ladcode19"]: row["laname19"] for row in estimates if row["country"] in {"N", "S", "W"}}
    for code, name in named.items():
        assert register[code].current == code
        assert code in {place.code for place in places.find(name)}
    welsh = rows("found_2026_11/wales_uk/extract_wales_population_and_land_area_22_councils.csv")
    people = {row["council"]: int(row["population_mid_2018"]) for row in welsh}
    assert f"{people['Bridgend']:,} people" in register["W11000026"].note
    whole = people["Bridgend"] + people["Swansea"] + people["Neath Port Talbot"]
    assert (
        f"{people['Bridgend'] / whole:.0%} of the board's {whole:,}".replace("%", " %")
        in register["W11000026"].note
    )
