"""The newest release of admission rates is read alone, and its doubtful year is not."""

import pytest

from careshift import tables
from careshift.project import CareshiftError
from careshift.topics import emergency_admissions_since as since

SCOTLAND = "S92000003"


@pytest.fixture
def rates():
    return tables.read("emergency_admission_rates").copy()


def at(rates, area, year, vintage=2025):
    return (rates["area"] == area) & (rates["financial_year"] == year) & (rates["vintage"] == vintage)


def test_councils_are_compared_across_the_doubtful_year(rates) -> None:
    found = since.of_councils(rates).set_index("area")
    assert len(found) == 32
    assert set(zip(found["first_year"], found["last_year"], strict=True)) == {("2021/22", "2023/24")}
    assert found.loc["Perth and Kinross", "change"] == pytest.approx(
        100 * (24715.447 / 20630.396 - 1), abs=0.001
    )
    doubtful = rates["flag"].fillna("").str.startswith(since.DOUBTFUL)
    assert doubtful.sum() == 32
    rates.loc[doubtful, "rate"] *= 2
    assert since.of_councils(rates).set_index("area")["change"].equals(found["change"])


def test_a_wrong_rate_moves_the_words_and_the_older_release_only_stands_beside(rates) -> None:
    before = since.since_words(rates, "2019/20")
    assert "rose 2.6 % from 23,320 per 100,000 in 2021/22 to 23,919 in 2023/24" in before
    assert "rose in 20 of 32 council areas. In 2019/20 it was 25,871 in the release of 2023" in before
    rates.loc[at(rates, SCOTLAND, "2021/22", 2023), "rate"] = 1
    assert since.since_words(rates, "2019/20") == before, "the same year of the older release is not read"
    rates.loc[at(rates, SCOTLAND, "2023/24"), "rate"] = 23000
    assert "fell 1.4 %" in since.since_words(rates, "2019/20")


def test_the_releases_are_compared_where_both_hold_a_rate(rates) -> None:
    beside = since.beside_the_release_before(rates).set_index("rows")
    assert beside["pairs"].to_dict() == {"Scotland's own row": 2, "32 council areas": 32}
    assert beside.loc["Scotland's own row", ["lowest", "highest"]].tolist() == pytest.approx(
        [-0.4724, -0.4196], abs=1e-4
    )


def test_a_table_without_the_newest_release_is_refused(rates) -> None:
    older = rates[rates["vintage"] < since.NEWEST]
    with pytest.raises(CareshiftError, match="no row of Scotland is of the release of 2025"):
        since.newest(older)
    with pytest.raises(CareshiftError, match="no two years of all councils"):
        since.of_councils(rates[rates["financial_year"] != "2021/22"])
