"""Values that the publishers print elsewhere, found again in the tables."""

import pandas as pd
import pytest

from careshift import tables
from careshift.readers import nhs_england
from careshift.readers.public_health_scotland import emergency_departments

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
    assert rates.loc[(rates["area"] != SCOTLAND) & (rates["vintage"] < 2025), "flag"].isna().all()


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
    told = {name: set(tables.read(name)["series_id"]) for name in ("official_values", "found_values")}
    assert set(tables.read("official_series")["series_id"]) == told["official_values"] | told["found_values"]


def found(series: str) -> pd.DataFrame:
    values = tables.read("found_values")
    return values[values["series_id"] == series]


def test_found_spending_over_found_hours_is_the_cost_of_an_hour() -> None:
    """Two series taken from one copy give what another table of the publisher prints, area by area."""
    spending, hours = (
        found(f"lgbf_home_care_{name}").set_index(["area", "period"])["value"]
        for name in ("spending", "hours")
    )
    other = tables.read("local_indicators")
    cost = other[other["indicator"] == "home care cost per hour, aged 65 and over"]
    printed = cost.set_index(["area", "financial_year"])["value"].rename_axis(["area", "period"])
    ratio = (1000 * spending / hours / printed).dropna()
    assert len(ratio) > 350
    assert ratio.between(0.999, 1.001).all()


def test_found_populations_of_welsh_councils_add_up_to_wales() -> None:
    councils = found("council_population")
    welsh = councils[councils["area"].str.startswith("W06")].groupby("period")["value"].agg(["sum", "size"])
    uk = tables.read("population_uk").set_index(["area", "year"])["population"]
    for period, (total, number) in welsh[welsh["size"] == 22].iterrows():
        assert total == pytest.approx(uk["W92000004", int(period[-4:])], rel=0.002), (period, number)


def test_found_places_by_sector_are_those_of_the_census() -> None:
    census = tables.read("care_home_places").query("area == 'S92000003' and client_group == 'all adults'")
    by_year = census.set_index(census["date"].dt.year)["places"]
    sectors = found("care_home_places_by_sector")
    parts = sectors[sectors["age_group"] != "all"].groupby("period")["value"].sum()
    assert len(parts) > 10
    for period, places in parts.items():
        assert places == pytest.approx(by_year[int(period[-4:])], rel=0.001), period


def test_the_typed_table_is_the_one_that_its_checksum_describes() -> None:
    described = tables.describe("found_values")["hash"]
    assert described == f"sha256:{tables.sha256(tables.locate('found_values'))}"


def year_of(quarter: pd.Series) -> pd.Series:
    """Return the financial year's first calendar year of quarters such as 2018Q3."""
    return quarter.str[:4].astype(int) - (quarter.str[-1] == "1")


def test_delayed_discharge_bed_days_75_and_over() -> None:
    days = tables.read("delayed_discharge_75plus")
    scotland = days[days["area"] == SCOTLAND].set_index("financial_year")["bed_days"]
    assert scotland[["2012/13", "2014/15", "2019/20"]].tolist() == [370629, 452294, 360733]
    assert "2022/23" not in scotland.index
    assert days["area"].nunique() == 33


def test_halved_delays_equal_the_monthly_file() -> None:
    months = tables.read("delayed_discharge")
    months = months[(months["age_group"] == "75+") & (months["reason"] == "all")]
    start = months["month"].dt.year - (months["month"].dt.month < 4)
    monthly = months.groupby(["area", start])["bed_days"].sum()
    yearly = tables.read("delayed_discharge_75plus")
    yearly = yearly[yearly["financial_year"] >= "2017/18"]
    for area, year, days in zip(yearly["area"], yearly["financial_year"], yearly["bed_days"], strict=True):
        assert monthly[area, int(year[:4])] == days, (area, year)


def test_average_daily_delayed_beds() -> None:
    days = tables.read("delayed_discharge")
    days = days[(days["area"] == SCOTLAND) & (days["age_group"] == "18+") & (days["reason"] == "all")]
    beds = days.set_index("month")["average_daily_beds"]
    assert beds["2020-02-01"] == 1616
    assert beds["2020-03-01"] == 1452
    assert beds["2024-09-01"] == 1968


def test_delayed_discharge_census() -> None:
    people = tables.read("delayed_discharge_census").set_index("date")["people"]
    assert people["2019-03-28"] == 1364
    assert people["2020-03-26"] == 1171


def test_geriatric_long_stay_bed_days() -> None:
    beds = tables.read("hospital_beds")
    beds = beds[beds["specialty"] == "geriatric, long stay"]
    scotland = beds[beds["area"] == SCOTLAND].set_index("quarter")["occupied_bed_days"]
    assert scotland.groupby(year_of(scotland.index.to_series())).sum()[2018] == 264328
    boards = beds[beds["area"] != SCOTLAND].groupby("quarter")["occupied_bed_days"].sum()
    assert boards[scotland.index].tolist() == scotland.tolist()
    assert boards.index.max() == "2024Q2"


def test_home_care_clients_with_ten_hours() -> None:
    clients = tables.read("home_care_hours")
    older = clients[clients["age_band"].isin(["65-74", "75-84", "85+"])]
    assert older.groupby("year")["clients_ten_hours"].sum().tolist() == [15737, 15556, 15973]


def test_care_experience_of_2017_18() -> None:
    items = tables.read("care_experience")
    items = items[(items["area"] == SCOTLAND) & (items["survey"] == "2017/18")].set_index("item")["percent"]
    assert items.to_dict() == {
        "independence": 81.13,
        "say in support": 75.59,
        "quality of life": 79.97,
        "carers supported": 36.55,
        "care rated good": 80.18,
    }


def test_emergency_attendances_have_no_gap() -> None:
    for nation, first, last in (
        ("scotland", "2007-07", "2025-12"),
        ("wales", "2009-10", "2025-07"),
        ("northern_ireland", "2008-04", "2024-12"),
        ("england", "2010-08", "2026-03"),
    ):
        table = tables.read(f"emergency_attendances_{nation}")
        months = pd.PeriodIndex(table["month"].drop_duplicates().sort_values(), freq="M")
        assert months.equals(pd.period_range(first, last, freq="M")), nation


def test_emergency_attendances_of_whole_years() -> None:
    wales = tables.read("emergency_attendances_wales").set_index("month").sort_index()
    assert wales.loc["2011-04":"2012-03", "attendances"].sum() == 988453
    north = tables.read("emergency_attendances_northern_ireland").set_index("month").sort_index()
    assert north.loc["2011-04":"2012-03", "attendances"].sum() == 769857


def test_newest_attendances_stand_beside_the_release_before(raw_data) -> None:
    later = tables.read("emergency_attendances_scotland")
    places = raw_data / "scotland/ae/monthly_ae_waitingtimes_202204.csv"
    before = emergency_departments.emergency_attendances_scotland(
        raw_data / "scotland/ae/scotland_ae_attendance.csv", places
    )
    key = ["area", "month", "department"]
    later = later.assign(month=later["month"].dt.strftime("%Y-%m-%d"))
    both = before.merge(later, on=key, suffixes=("", "_later"))
    change = both["attendances_later"].astype(float) / both["attendances"].astype(float) - 1
    old = both["month"] < "2020-11"
    assert len(both) == len(before)
    assert (both["attendances_later"] - both["attendances"])[old].abs().max() == 6
    assert change[both["area"] == SCOTLAND].between(0, 0.017).sum() == 424 - 11
    revised = both.loc[~old & (change.abs() > 0.005), "area"]
    assert set(revised) == {"S08000028", "S08000029", SCOTLAND}


def test_english_attendances_stand_beside_the_release_before(raw_data) -> None:
    later = tables.read("emergency_attendances_england")
    before = nhs_england.emergency_attendances_england(
        raw_data / "england/Monthly-AE-Time-Series-September-2023.xlsx"
    )
    later = later.assign(month=later["month"].dt.strftime("%Y-%m-%d"))
    both = before.merge(later, on=["month", "department"], suffixes=("", "_later"))
    change = (both["attendances_later"] / both["attendances"] - 1).abs()
    assert len(both) == len(before) == 474
    assert set(both.loc[change > 0, "month"].str[:4]) == {"2023"}
    assert change.max() < 0.008


def test_scottish_attendances_of_boards_add_to_scotland() -> None:
    table = tables.read("emergency_attendances_scotland")
    keys = ["month", "department"]
    boards = table[table["area"] != SCOTLAND].groupby(keys)["attendances"].sum()
    assert boards.equals(table[table["area"] == SCOTLAND].set_index(keys)["attendances"].sort_index())
    assert table["area"].nunique() == 15


def test_population_of_northern_ireland() -> None:
    people = tables.read("population_northern_ireland")
    assert people.loc[(people["year"] == 2010) & (people["age"] >= 65), "population"].sum() == 259635
    total = people.groupby("year")["population"].sum()
    uk = tables.read("population_uk")
    uk = uk[uk["area"] == "N92000002"].set_index("year")["population"]
    assert (total[uk.index] == uk).all()


def test_printed_and_revised_spending_per_head() -> None:
    printed = tables.read("spending_per_head_printed").set_index(["area", "function"])["pounds"]
    assert round(printed["N92000002", "health"] / printed["E92000001", "health"], 3) == 1.108
    people = tables.read("population_uk").set_index(["year", "area"])["population"]
    spent = tables.read("public_spending")
    spent = spent[(spent["release"] == 2014) & (spent["function"] == "health")]
    spent = spent[spent["financial_year"] == "2010/11"].set_index("area")["million_pounds"] * 1e6
    head = (spent / people[2010]).round()
    places = {
        "E92000001": "England",
        "N92000002": "Northern Ireland",
        "S92000003": "Scotland",
        "W92000004": "Wales",
    }
    as_printed = printed.xs("health", level="function").sort_values(ascending=False).index.map(places)
    assert list(as_printed) == ["Northern Ireland", "Scotland", "Wales", "England"]
    revised = head.sort_values(ascending=False).index.map(places)
    assert list(revised) == ["Scotland", "Wales", "Northern Ireland", "England"]
    assert head.to_dict() == {"E92000001": 1868, "N92000002": 1992, "S92000003": 2067, "W92000004": 2006}


def test_healthy_life_expectancy_gaps_of_fifths() -> None:
    years = tables.read("healthy_life_expectancy")
    fifths = years[years["groups"] == "fifths"].pivot(
        index=["period", "sex"], columns="group", values="healthy_life_expectancy"
    )
    gap = (fifths[5] - fifths[1]).round(2)
    assert gap["2015-2017", "male"] == 20.24
    assert gap["2019-2021", "female"] == 21.71


def test_printed_welsh_staff_groups_miss_their_totals_by_one() -> None:
    staff = tables.read("welsh_workforce").set_index(["staff_group", "year"])["staff"].unstack()
    groups = staff.drop(["total", "managers (within administration and estates)"]).sum()
    assert (staff.loc["total"] - groups).tolist() == [1, -1]


def test_printed_programme_shares_add_to_a_hundred() -> None:
    assert tables.read("northern_ireland_programme_shares")["percent"].sum() == 100


def test_emergency_bed_days_by_age_are_whole_and_come_near_those_of_the_boards() -> None:
    """The two files are of different releases: no quarter lies more than 0.3 percent of its days apart."""
    by_age = tables.read("emergency_bed_days_by_age")
    assert set(by_age.groupby("quarter").size()) == {20}, "ten bands of two sexes in every quarter"
    boards = tables.read("emergency_inpatient_activity")
    boards = boards[(boards["area"] == SCOTLAND) & (boards["admission_type"] == "emergency")]
    for count, within in {"stays": 0.006, "bed_days": 0.003}.items():
        ages, all_ages = by_age.groupby("quarter")[count].sum(), boards.set_index("quarter")[count]
        both = ages.index.intersection(all_ages.index)
        assert len(both) == 20
        assert (ages[both] / all_ages[both] - 1).abs().max() < within


def test_emergency_bed_days_of_2018_19_by_age() -> None:
    by_age = tables.read("emergency_bed_days_by_age")
    year = by_age[by_age["quarter"].isin(["2018Q2", "2018Q3", "2018Q4", "2019Q1"])]
    days = year.groupby("age_band")["bed_days"].sum()
    assert days.sum() == 3758217
    assert days[["70-79", "80-89", "90+"]].sum() == 2371898
    assert days[["60-69", "70-79", "80-89", "90+"]].sum() == 2938409
    assert year["stays"].sum() == 502221


def test_mid_2022_population() -> None:
    assert tables.read("population_areas_2022")["population"].sum() == 5447700


def test_weekly_emergency_admissions() -> None:
    weeks = tables.read("emergency_admissions_weekly")
    by_year = weeks.groupby(weeks["week_ending"].dt.year)["admissions"].sum()
    assert by_year[2022] == 270017


def test_councils_of_the_newest_admission_rates_make_scotland() -> None:
    rates = tables.read("emergency_admission_rates")
    people = tables.read("population_areas_2022")
    old = people[people["age"] >= 65].groupby("area")["population"].sum()
    wide = rates[rates["vintage"] == 2025].pivot(index="area", columns="financial_year", values="rate")
    off = wide.loc[old.index].mul(old, axis=0).sum() / old.sum() / wide.loc[SCOTLAND] - 1
    assert off["2022/23"] == pytest.approx(0, abs=1e-5), "the year of the population itself"
    assert off[["2021/22", "2023/24"]].abs().max() < 0.0005


def test_newest_admission_rates_stand_beside_the_weekly_counts() -> None:
    weeks = tables.read("emergency_admissions_weekly").groupby("week_ending")["admissions"].sum()
    rates = tables.read("emergency_admission_rates")
    own = rates[(rates["vintage"] == 2025) & (rates["area"] == SCOTLAND)].set_index("financial_year")["rate"]
    old = tables.read("population_areas")
    people = {"2020/21": old.query("area == @SCOTLAND and year == 2020 and age >= 65")["population"].sum()}
    people["2022/23"] = tables.read("population_areas_2022").query("age >= 65")["population"].sum()
    spans = {"2020/21": ("2020-04-05", "2021-03-28"), "2022/23": ("2022-04-03", "2023-03-26")}
    wider = [weeks.loc[slice(*spans[y])].sum() / (own[y] * people[y] / 1e5) for y in spans]
    assert wider == pytest.approx([1.062, 1.063], abs=0.001), "the weekly count is wider, in both years alike"
