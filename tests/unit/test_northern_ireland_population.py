"""Population of Northern Ireland: sums by age, bands never split, and the print beside later numbers."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.topics import northern_ireland_population as topic


@pytest.fixture
def population() -> pd.DataFrame:
    """Ten people of each sex at every age from 0 to 90, in 2010 and 2011."""
    rows = [(y, s, a, 10) for y in (2010, 2011) for s in ("female", "male") for a in range(91)]
    return pd.DataFrame(rows, columns=["year", "sex", "age", "population"])


@pytest.fixture
def projections() -> pd.DataFrame:
    """From 2011 on: 100 women and 50 men aged 65-69, 30 and 10 aged 85-89, doubled in 2013."""
    bands = {"0-4": (500, 500), "65-69": (100, 50), "85-89": (30, 10), "100+": (3, 1)}
    rows = [
        (year, sex, band, number * (2 if year == 2013 else 1))
        for year in (2011, 2012, 2013)
        for band, numbers in bands.items()
        for sex, number in zip(("female", "male"), numbers, strict=True)
    ]
    return pd.DataFrame(rows, columns=["year", "sex", "age_band", "population"])


def test_sums_from_an_age_on(population, projections):
    assert topic.estimated(population, 2010) == 1820
    assert topic.estimated(population, 2010, 85) == 120
    assert topic.projected(projections, 2011, 65) == 194
    assert topic.projected(projections, 2011, 85, "female") == 33
    assert topic.women_among(projections, 2011, 85) == 75
    assert topic.per_trust(population, 2010) == 364


def test_working_age_under_both_readings(population):
    # Women 16 to 59 are 44 ages, men 16 to 64 are 49.
    assert topic.working_age(population, 2010)["value"].tolist() == [930, 980]


def test_no_band_is_split_and_no_year_is_invented(population, projections):
    with pytest.raises(CareshiftError, match="bands of 5 years"):
        topic.projected(projections, 2011, 16)
    with pytest.raises(CareshiftError, match="mid-2030"):
        topic.projected(projections, 2030, 65)
    with pytest.raises(CareshiftError, match="mid-1950"):
        topic.estimated(population, 1950)
    with pytest.raises(CareshiftError, match="mid-1950"):
        topic.working_age(population, 1950)


def test_the_series_leaves_gaps(population, projections):
    frame = topic.series(population, projections, 85, 2013)
    assert frame["year"].tolist() == [2010, 2011, 2012, 2013]
    assert frame["estimate"].tolist()[:2] == [0.12, 0.12]
    assert frame["estimate"].isna().tolist() == [False, False, True, True]
    assert frame["projection"].isna().tolist() == [True, False, False, False]
    assert topic.title(frame, 2013, 100, "85 and over").startswith("A later projection has 12 fewer people")
    assert "8 more" in topic.title(frame, 2013, 80, "85 and over")
    assert topic.reaches(projections, 85, 88) == 2013
    with pytest.raises(CareshiftError, match="does not reach"):
        topic.reaches(projections, 85, 1000)


def test_the_register_sets_print_and_later_numbers_apart(population, projections):
    row = topic.register(population, projections, 2010, 2011, {"85 and over": (100, 50)}).iloc[0]
    assert row[["printed_start", "start", "printed_end", "end"]].tolist() == [0.1, 0.12, 0.05, 0.044]
    assert row["printed_growth"] == -50
    assert row["difference_start"] == pytest.approx(20)
