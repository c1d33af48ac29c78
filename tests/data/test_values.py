"""Values that the publishers print elsewhere, found again in the tables."""

from careshift import tables

SCOTLAND = "S92000003"


def test_care_home_residents_65_and_over() -> None:
    residents = tables.read("care_home_residents")
    older = residents[(residents["area"] == SCOTLAND) & (residents["age_band"] != "18-64")]
    total = older.groupby("date")["residents"].sum(min_count=8)
    assert total["2019-03-31"] == 30419
    assert total["2010-03-31"] == 31384
    assert total.isna().sum() == 1
    assert set(older.loc[older["date"] == "2020-03-31", "status"]) == {"not available"}


def test_care_home_residents_in_march_2009_are_printed() -> None:
    values = tables.read("official_values")
    row = values[(values["series_id"] == "care_home_residents_65plus") & (values["period"] == "2009")]
    assert list(row["value"]) == [31378]


def test_population_totals() -> None:
    total = tables.read("population").groupby("year")["population"].sum()
    expected = {2003: 5068500, 2014: 5347600, 2018: 5438100, 2019: 5463300, 2020: 5466000}
    assert {year: total[year] for year in expected} == expected


def test_free_personal_care_residents() -> None:
    residents = tables.read("free_personal_care_residents").set_index("financial_year")["residents"]
    assert residents["2003/04"] == 31890
    assert residents["2011/12"] == 30580
