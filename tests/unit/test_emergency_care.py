"""The emergency-care topics against sums done by hand on a made country."""

import numpy as np
import pandas as pd
import pytest

from careshift import interruption
from careshift.project import CareshiftError
from careshift.topics import (
    bed_day_effects,
    emergency_admissions,
    emergency_bed_days,
    emergency_care,
    financial_years,
)
from careshift.topics.places import SCOTLAND


@pytest.fixture
def population():
    """Each year since 2009 adds ten people to each age; a thousand at each of 40, 70, 80 and 90 in 2009."""
    return pd.DataFrame(
        [
            {
                "year": year,
                "area": SCOTLAND,
                "sex": "female",
                "age": age,
                "population": 1000 + 10 * (year - 2009),
            }
            for year in range(2003, 2021)
            for age in (40, 70, 80, 90)
        ]
    )


@pytest.fixture
def official():
    rows = [
        ("emerg_bed_days_75plus_rate", "2009/10", 5000, "unstated"),
        ("emerg_bed_days_75plus_rate", "2013/14", 4000, "provisional"),
        ("emerg_bed_days_allages_rate", "2011/12 to 2014/15", 74000, "unstated"),
        ("emerg_bed_days_allages_rate", "2015/16", 73000, "unstated"),
        ("emerg_adm_allages_rate", "2014/15", 10000, "unstated"),
        ("emerg_adm_allages_rate", "2015/16", 9000, "provisional"),
        ("emerg_adm_allages_rate", "2015/16", 10000, "unstated"),
        ("emerg_adm_75plus_number", "2003/04", 1880, "unstated"),
        ("emerg_adm_75plus_number", "2012/13", 2060, "unstated"),
    ]
    return pd.DataFrame(rows, columns=["series_id", "period", "value", "status"])


@pytest.fixture
def activity():
    quarters = [f"{year}Q{q}" for year in (2017, 2018, 2019, 2020, 2021) for q in (1, 2, 3, 4)][2:]
    frame = pd.DataFrame({"quarter": quarters, "bed_days": [100.0] * 11 + [70.0] + [100.0] * 6})
    return frame.assign(area=SCOTLAND, admission_type="emergency", status="final")


@pytest.fixture
def rates():
    """Two councils, A twice as large as B; Scotland's earlier release is a tenth higher than the later."""
    rows = []
    for vintage, years in ((2018, range(2006, 2014)), (2023, range(2010, 2021))):
        for year in years:
            in_a, in_b = 20000 + 300 * (year - 2006), 26000
            own = (2 * in_a + in_b) / 3 * (1.1 if vintage == 2018 else 1)
            rows += [
                (vintage, area, financial_years.label(year), rate)
                for area, rate in (("S12000001", in_a), ("S12000002", in_b), (SCOTLAND, own))
            ]
    return pd.DataFrame(rows, columns=["vintage", "area", "financial_year", "rate"])


@pytest.fixture
def councils():
    rows = [("S12000001", 66, 200), ("S12000002", 66, 100), ("S12000002", 40, 9999)]
    return pd.DataFrame(rows, columns=["area", "age", "population"]).assign(year=2019)


@pytest.fixture
def means(rates, councils):
    return emergency_admissions.council_mean(rates, councils)


def test_financial_years_there_and_back():
    assert financial_years.label(2009) == "2009/10"
    assert financial_years.label(1999) == "1999/00"
    assert financial_years.start_of("2009/10") == 2009


def test_a_printed_value_prefers_the_final_one(official):
    assert emergency_care.printed(official, "emerg_adm_allages_rate", "2015/16") == 10000
    with pytest.raises(CareshiftError, match="1998/99"):
        emergency_care.printed(official, "emerg_adm_allages_rate", "1998/99")


def test_expected_days_by_hand(official, population):
    years = emergency_bed_days.expected_days(official, population, 2014).set_index("year")
    assert years.loc[2009, "gap"] == 0
    # 80 and 90: 2 x 1,040 people in 2013, at 5 days expected and 4 days actual.
    assert years.loc[2013, ["expected", "actual", "gap"]].tolist() == [10400, 8320, 2080]
    assert years.loc[2014, "expected"] == 10500
    assert np.isnan(years.loc[2014, "actual"])


def test_the_middle_of_a_financial_year_lies_between_two_mid_years(population):
    assert emergency_bed_days.population_of(population, 2009, 75, "mid-year") == 2000
    assert emergency_bed_days.population_of(population, 2009, 75, "mid-point") == 2005
    with pytest.raises(CareshiftError, match="mid-2021"):
        emergency_bed_days.population_of(population, 2020, 75, "mid-point")


def test_beds_by_hand(population):
    # 10 % of 3,650 days per 1,000, times 2,000 people, is 730 days: 2 beds a year, 4 if only half is used.
    table = emergency_bed_days.beds_every_way(10, 3650, population, (1, 0.5))
    of_2009 = table[table["mid_year"] == "population of mid-2009"]
    assert of_2009["value"].tolist() == pytest.approx([2, 4])


def test_a_financial_year_needs_four_quarters(activity):
    yearly = emergency_bed_days.by_financial_year(activity)
    assert yearly.to_dict() == {2018: 400, 2019: 400, 2020: 370}
    assert emergency_bed_days.year_on_year(activity, "2020Q2") == pytest.approx(-30)
    with pytest.raises(CareshiftError, match="2017Q2"):
        emergency_bed_days.year_on_year(activity, "2018Q2")
    with pytest.raises(CareshiftError, match="S08000099"):
        emergency_bed_days.quarterly(activity, "S08000099")


@pytest.fixture
def by_age(activity):
    """Give each quarter's days by band; each band of the seventies and over as many as the activity."""
    days = {"40-49": 10, "50-59": 20, "60-69": 40, "70-79": 80, "80-89": 160, "90+": 100}
    bands = [activity[["quarter", "area", "status"]].assign(age_band=b, bed_days=n) for b, n in days.items()]
    return pd.concat(bands, ignore_index=True)


@pytest.fixture
def sixties():
    """Give a population with 600 people aged 60, 400 aged 65, and a hundred in each other band."""
    ages = {50: 100, 60: 600, 65: 400, 70: 100, 80: 100, 90: 100}
    return pd.DataFrame(
        [{"year": 2018, "area": SCOTLAND, "age": age, "population": n} for age, n in ages.items()]
    )


def test_the_bands_on_either_side_of_65_bound_it(by_age):
    bounds = emergency_bed_days.bounds_at_65(by_age).set_index("financial_year")
    assert bounds.loc["2018/19", ["lowest", "highest", "between"]].tolist() == [1360, 1520, 160]
    assert bounds.index.tolist() == ["2018/19", "2019/20", "2020/21"]
    assert emergency_bed_days.bounds_of(by_age, 2018) == (0.00136, 0.00152)
    with pytest.raises(CareshiftError, match="all of 2017/18"):
        emergency_bed_days.bounds_of(by_age, 2017)
    with pytest.raises(CareshiftError, match="no complete financial year"):
        emergency_bed_days.bounds_at_65(by_age[by_age["quarter"] < "2018Q2"])


def test_what_a_print_means_for_the_sixties(sixties):
    # Of 100 million days 60 fall on 400 of 1,000 people: 1.5 parts each, against 2/3 of a part of the others.
    implied = emergency_bed_days.implied_at_65((250, 260, 310), (200, 300), sixties, 2018)
    assert implied["share"].tolist() == pytest.approx([50, 60, 110])
    assert implied["people"].tolist() == pytest.approx([40] * 3)
    assert implied["times"].tolist()[:2] == pytest.approx([1.5, 2.25])
    assert np.isnan(implied["times"].iloc[2])
    assert emergency_bed_days.implied_words(implied).startswith("No share")
    inside = emergency_bed_days.implied_at_65((250, 260, 270), (200, 300), sixties, 2018)
    words = emergency_bed_days.implied_words(inside)
    assert "60 % of the days of ages 60 to 69. Within the rounding of the print it is 50 to 70 %" in words
    assert "2.2 times as many days as a person aged 60 to 64 (1.5 to 3.5 times)" in words
    assert "at least 1.5 times" in emergency_bed_days.asked_words(inside)
    below = emergency_bed_days.implied_at_65((190, 260, 270), (200, 300), sixties, 2018)
    assert emergency_bed_days.asked_words(below).startswith("No growth")


def test_days_a_head_by_band(by_age, sixties):
    table = emergency_bed_days.days_a_head(by_age, sixties, 2018).set_index("age")
    assert table.loc["60 to 69", ["bed_days", "people", "rate"]].tolist() == [160, 1000, 160]
    assert table.loc["80 to 89", "times"] == pytest.approx(2)
    with pytest.raises(CareshiftError, match="all of 2030/31"):
        emergency_bed_days.days_a_head(by_age, sixties, 2030)


def test_days_from_an_age_on_are_a_series_like_any_other(by_age):
    older = emergency_bed_days.of_ages(by_age, 70)
    series = emergency_bed_days.quarterly(older, first="2018Q2", last="2018Q3")
    assert series["bed_days"].tolist() == [340, 340]
    assert emergency_bed_days.ages_words(70) == "ages 70 and over"
    assert emergency_bed_days.ages_words(0) == "all ages"


def test_where_a_value_stands():
    stands = [emergency_bed_days.against_bounds(value, (2, 3)) for value in (1, 2, 2.5, 3.1)]
    assert stands == ["below both", "between the two", "between the two", "above both"]


def test_all_age_fall_by_hand(official, population, activity):
    at_end = activity.assign(bed_days=740.0)
    falls = emergency_bed_days.all_age_fall(official, population, at_end).set_index(["start", "measure"])
    start = ("2014/15: 74,000 per 100,000", "days")
    # 4 x 1,050 people at 0.74 days are 3,108 days; 4 x 740 are 2,960.
    assert falls.loc[start, "value"] == pytest.approx(100 * (1 - 2960 / 3108))
    assert falls["decides"].tolist() == [True] * 6 + [False] * 2


def test_change_since_the_first_quarters(activity):
    held = emergency_bed_days.held(activity)
    assert held["value"].tolist() == [0, 0, 0]


def test_a_base_is_implied_within_the_least_and_the_most_growth():
    grown = pd.DataFrame({"age": ["65 and over", "65 to 74", "85 and over"], "growth": [99.0, 0.0, 25.0]})
    assert emergency_bed_days.implied_base(3.0, 4.0, grown) == (3.0 / 1.25, 4.0)


def test_growth_by_age_band(population):
    grown = emergency_care.growth(population, 2009, 2019).set_index("age")["growth"]
    assert grown.tolist() == pytest.approx([10, 10, 10, 10])


def test_the_mean_weighs_councils_and_keeps_releases_apart(means):
    at = means.set_index("year")
    assert at.loc[2006, "mean"] == pytest.approx(22000)
    assert at.loc[2006, "earlier"] == pytest.approx(24200)
    assert np.isnan(at.loc[2006, "later"])
    assert np.isnan(at.loc[2016, "earlier"])
    assert at.loc[2016, "later"] == pytest.approx(24000)


def test_a_missing_council_is_refused(rates, councils):
    with pytest.raises(CareshiftError, match="no rate"):
        emergency_admissions.council_mean(rates.drop(index=0), councils)


def test_scotlands_own_row_says_its_release(means):
    own = emergency_admissions.own_row(means).set_index("year")
    assert own.loc[2009, "earlier_release"] == 1
    assert own.loc[2010, "earlier_release"] == 0
    assert own.loc[2009, "rate"] > own.loc[2010, "rate"]


def test_releases_differ_for_scotland_alone(rates):
    table = emergency_admissions.releases_compared(rates).set_index("rows")
    assert table.loc["Scotland's own row", "mean"] == pytest.approx(100 * (1 / 1.1 - 1))
    assert table.loc["32 council areas", "highest"] == 0
    assert table.loc["32 council areas", "pairs"] == 8


def test_no_change_is_taken_across_the_releases(means, population):
    counted = emergency_admissions.admissions(means, population)
    # 66 to 90: 3 x 970 people in 2006 at 24,200 per 100,000.
    assert counted["earlier"].iloc[0] == pytest.approx(2910 * 0.242)
    steps = emergency_admissions.yearly_changes(counted, 2006, 2019)["scotland"]
    assert steps.between(0, 3).all()


def test_smallest_steps_take_all_ages_apart(means, population, official):
    counted = emergency_admissions.admissions(means, population)
    steps = emergency_admissions.smallest_steps(counted, means, official, population, 2008, 2018)
    assert steps["decides"].tolist() == [True, True, False, False, False]
    # All ages: the rate stays at 10,000, the population grows from 4,200 to 4,240.
    assert steps["value"].iloc[-1] == pytest.approx(100 / 105)


def test_rises_use_one_release(means):
    table = emergency_admissions.rises(means, [2006, 2010], 2013)
    assert table["value"].iloc[0] == pytest.approx(100 * 1400 / 22000)
    assert table["value"].iloc[2] == pytest.approx(100 * 600 / 22800)


def test_above_ageing_by_hand(means, population):
    counted = emergency_admissions.admissions(means, population)
    table = emergency_admissions.above_ageing(counted, population, 2006, 2011, (1, 2))
    # Every age grows alike here, so the gradient does not matter and the rate's growth is left.
    assert table["value"].tolist() == pytest.approx([100 * 1000 / 22000] * 4)


def test_the_printed_numbers_at_75_and_over(official, population, means):
    assert emergency_admissions.rise_75(official) == pytest.approx(100 * 180 / 1880)
    # One for each person in both years: 1,880 people in 2003, 2,060 in 2012.
    assert emergency_admissions.above_ageing_75(official, population) == pytest.approx(0)
    counted = pd.DataFrame({"year": [2012], "earlier": [2060 + 515.0]})
    assert emergency_admissions.times_as_often(official, counted, population) == pytest.approx(2)


def test_the_largest_share_of_short_stays():
    assert emergency_admissions.largest_short_share(22, 55) == 40


def model(at: float) -> interruption.ImpactModel:
    return interruption.ImpactModel((interruption.Interruption(at=at, label="event"),), reason="made")


@pytest.fixture
def broken():
    """Give a series that drops by 30 at its tenth point and is otherwise level but for a little noise."""
    time = np.arange(20)
    noise = np.tile([0.5, -0.5, 0.2, -0.2], 5)
    return interruption.report(100 + noise - 30 * (time >= 10), time, model(10), unit="days", placebo=False)


def test_a_report_in_words(broken):
    assert emergency_care.ordinary(broken) == pytest.approx(100, abs=0.1)
    assert float(emergency_care.detectable(broken, digits=0)) < 10
    low, high = emergency_care.span_of(broken, broken.primary)
    assert low <= -29 <= high + 2
    assert emergency_care.found_in(broken, "the rate").startswith("1 of 2 changes")
    assert emergency_care.pandemic("2020Q2") == "The pandemic: "
    assert emergency_care.pandemic("2019Q2") == ""
    assert emergency_care.moved(-27.4) == "fell 27 %"


def test_the_counterfactual_starts_at_the_last_point_before(broken):
    frame = emergency_care.from_break(broken)
    assert frame["counterfactual"].isna().sum() == 9
    assert frame["observed"].notna().all()


def test_side_by_side_has_a_row_a_term(broken):
    table = emergency_care.side_by_side({"one": broken, "two": broken})
    assert table["term"].tolist() == ["level change", "slope change"] * 2


def test_areas_are_measured_in_percent_of_their_ordinary_quarter(broken):
    effects = bed_day_effects.effects_by_area({"Made": broken}, 10)
    assert effects["effect"].iloc[0] == pytest.approx(-30, abs=2)
    indexed = emergency_bed_days.indexed({"Made": broken})
    assert indexed["observed"].iloc[:10].mean() == pytest.approx(100)


def test_errors_by_council_miss_a_common_shock():
    rng = np.random.default_rng(1)
    years, shocks = np.arange(2006, 2020), rng.normal(0, 200, 14)
    rows = [
        {
            "area": f"S{area}",
            "time": float(year),
            "value": 25000 + shock + rng.normal(0, 20),
            "population": 10,
        }
        for area in range(32)
        for year, shock in zip(years, shocks, strict=True)
    ]
    errors = emergency_admissions.panel_errors(pd.DataFrame(rows), model(2011))
    se = errors.groupby("errors")["se"].mean()
    assert se["by council"] < se["mean, least squares"] / 5
    level = errors.query("term == 'level change'").set_index("errors")["estimate"]
    assert level["by council"] == pytest.approx(level["mean, least squares"])


def test_a_long_panel_has_every_council_and_year(rates, councils):
    panel = emergency_admissions.long_panel(rates, councils, [2009, 2010], 2019, 2010)
    assert len(panel) == 4
    assert panel.groupby("area")["population"].first().to_dict() == {"S12000001": 200, "S12000002": 100}


@pytest.fixture
def weeks() -> pd.DataFrame:
    """Two weeks of 2020 and one of 2021, two age bands; usual is 100 each. Another area is left out."""
    rows = [
        ("2020-01-05", "65-74", 90),
        ("2020-01-05", "85+", 110),
        ("2020-01-12", "65-74", 50),
        ("2020-01-12", "85+", 50),
        ("2021-01-03", "65-74", 100),
        ("2021-01-03", "85+", 130),
    ]
    frame = pd.DataFrame(rows, columns=["week_ending", "age_band", "admissions"])
    frame = frame.assign(
        week_ending=pd.to_datetime(frame["week_ending"]), area=SCOTLAND, average_2018_2019=100.0
    )
    return pd.concat([frame, frame.assign(area="S08000015")], ignore_index=True)


def test_weeks_stand_beside_the_same_weeks_of_2018_and_2019(weeks):
    found = emergency_admissions.against_2018_2019(weeks)
    assert found["admissions"].tolist() == [200, 100, 230]
    assert found["usual"].tolist() == [200, 200, 200]
    assert found["change"].tolist() == pytest.approx([0, -50, 15])
    assert found["time"].tolist() == pytest.approx([2020 + 4 / 365.25, 2020 + 11 / 365.25, 2021 + 2 / 365.25])


def test_years_stand_beside_the_same_weeks_of_2018_and_2019(weeks):
    found = emergency_admissions.years_against_2018_2019(weeks)
    assert list(found) == ["year", "weeks", "65-74", "85+", "all"]
    assert found.loc[0].tolist() == pytest.approx([2020, 2, -30, -20, -25])
    assert found.loc[1].tolist() == pytest.approx([2021, 1, 0, 30, 15])
    assert emergency_admissions.last_full_year(found) == (
        "In 2021 admissions at 65+ were 15 % above those before the pandemic"
    )
