"""Small made files in the layout of the Improvement Service's extracts."""

import pytest

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
    with pytest.raises(CareshiftError, match='"Atlantis" is no area'):
        reader.emergency_admission_rates(made("a.csv", head + "Atlantis,2016/17,1\n"))
    with pytest.raises(CareshiftError, match='its last year is "2030/31"'):
        reader.emergency_admission_rates(made("b.csv", head + "Fife,2030/31,1\n"))
