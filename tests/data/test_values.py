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


def test_projection_of_2014() -> None:
    projection = tables.read("population_projections")
    total = projection[projection["base"] == 2014].groupby("year")["population"].sum()
    assert total[2014] == 5347600
    assert total[2039] == 5701476
    assert projection["year"].max() == 2050


def test_population_of_areas_adds_to_scotland() -> None:
    population = tables.read("population_areas")
    councils = population[population["area"].str.startswith("S12")]
    country = population[population["area"] == SCOTLAND]
    keys = ["year", "sex", "age"]
    assert (
        councils.groupby(keys)["population"].sum().equals(country.set_index(keys)["population"].sort_index())
    )
    assert councils["area"].nunique() == 32


def test_emergency_bed_days_of_2018_19_and_the_boards_that_make_them() -> None:
    activity = tables.read("emergency_inpatient_activity")
    year = activity[activity["quarter"].isin(["2018Q2", "2018Q3", "2018Q4", "2019Q1"])]
    emergency = year[year["admission_type"] == "emergency"]
    scotland = emergency["area"] == SCOTLAND
    assert emergency.loc[scotland, "bed_days"].sum() == 3760316
    assert emergency.loc[~scotland, "bed_days"].sum() == 3760316
    territorial = emergency["area"].str.startswith("S08")
    assert emergency.loc[territorial, "bed_days"].sum() == 3745744


def test_all_units_add_to_scotland_in_every_quarter() -> None:
    activity = tables.read("emergency_inpatient_activity")
    columns = ["stays", "bed_days", "episodes"]
    keys = ["quarter", "admission_type"]
    parts = activity[activity["area"] != SCOTLAND].groupby(keys)[columns].sum()
    assert parts.equals(activity[activity["area"] == SCOTLAND].set_index(keys)[columns].sort_index())


def test_scottish_emergency_admission_rate_of_the_2018_vintage() -> None:
    rates = tables.read("emergency_admission_rates")
    scotland = rates[(rates["area"] == SCOTLAND) & (rates["vintage"] == 2018)].set_index("financial_year")
    assert round(scotland.loc["2008/09", "rate"]) == 25293
    assert round(scotland.loc["2016/17", "rate"]) == 25684
    assert set(scotland["flag"]) == {"do not join with the other vintage"}
    assert rates.loc[rates["area"] != SCOTLAND, "flag"].isna().all()


def test_the_two_vintages_differ_for_scotland_only() -> None:
    rates = tables.read("emergency_admission_rates").pivot(
        index=["area", "financial_year"], columns="vintage", values="rate"
    )
    ratio = (rates[2018] / rates[2023] - 1).dropna() * 100
    assert ratio[SCOTLAND].between(0.7, 0.9).all()
    assert abs(ratio.drop(SCOTLAND, level="area").mean()) < 0.05


def test_welsh_admissions_add_up() -> None:
    admissions = tables.read("welsh_admissions")
    counts = admissions[admissions["measure"] == "admission"].groupby("financial_year")["count"].sum()
    assert counts.to_dict() == {"2010/11": 25849, "2011/12": 22837}


def test_every_printed_series_is_described() -> None:
    assert set(tables.read("official_series")["series_id"]) == set(
        tables.read("official_values")["series_id"]
    )
