"""What is known, from the committed tables: corrupt one input, and the answer or the grade changes."""

from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd
import pytest

from careshift import claims, tables
from careshift.certainty import Finding
from careshift.project import CareshiftError
from careshift.topics import (
    emergency_admissions,
    four_nations,
    known_compared,
    known_nations,
    known_scotland,
    known_trends,
    policy_dates,
)
from careshift.topics.known_questions import QUESTIONS
from careshift.topics.places import SCOTLAND

NAMES = (
    *("care_home_residents", "population", "population_areas", "official_values", "found_values"),
    *("emergency_admission_rates", "emergency_inpatient_activity", "emergency_bed_days_by_age"),
    *("delayed_discharge_75plus", "delayed_discharge", "delayed_discharge_census", "care_at_home"),
    *("local_indicators", "care_experience", "welsh_admissions", "delayed_transfers_wales"),
    *("beds_northern_ireland", "public_spending"),
)


@pytest.fixture(scope="module")
def read() -> SimpleNamespace:
    return SimpleNamespace(**{name: tables.read(name) for name in NAMES})


def admissions(at: SimpleNamespace) -> Finding:
    return known_scotland.admissions(at.emergency_admission_rates, at.population_areas, 2018, 2016)


def bed_days(at: SimpleNamespace) -> Finding:
    return known_scotland.bed_days(
        at.official_values, at.population, at.emergency_inpatient_activity, at.emergency_bed_days_by_age
    )


def delays(at: SimpleNamespace) -> Finding:
    return known_scotland.delays(
        at.official_values, at.delayed_discharge_75plus, at.delayed_discharge, at.population, 2018, 2016
    )


def care_homes(at: SimpleNamespace) -> Finding:
    return known_scotland.in_care_homes(
        at.care_home_residents, at.official_values, at.population, (2009, 2010), 2019
    )


def at_home(at: SimpleNamespace) -> Finding:
    return known_scotland.at_home(at.care_at_home, at.local_indicators, at.official_values, 2018, 2016)


def experience(at: SimpleNamespace) -> Finding:
    return known_scotland.experience(at.care_experience, "2013/14", "2017/18")


def money(at: SimpleNamespace) -> Finding:
    return known_scotland.money_moved(at.found_values, at.local_indicators, 2018)


def welsh(at: SimpleNamespace) -> Finding:
    return known_nations.welsh(at.welsh_admissions, at.official_values, at.delayed_transfers_wales)[0]


def irish(at: SimpleNamespace) -> Finding:
    return known_nations.northern_irish(at.found_values, at.beds_northern_ireland, 2018)[0]


def times(frame: pd.DataFrame, rows: pd.Series, column: str, factor: float) -> pd.DataFrame:
    """Return a table with one column multiplied in some rows."""
    made = frame.copy()
    made[column] = made[column].astype(float)
    made.loc[rows, column] *= factor
    return made


CASES: dict[str, tuple[Callable[[SimpleNamespace], Finding], str, str, str, float, tuple[str, str]]] = {
    "admissions": (
        admissions,
        "emergency_admission_rates",
        "financial_year == '2018/19'",
        "rate",
        0.5,
        ("Not clear", "Yes"),
    ),
    "bed days": (
        bed_days,
        "emergency_bed_days_by_age",
        "quarter >= '2019Q2' and quarter <= '2020Q1'",
        "bed_days",
        0.5,
        ("Not clear", "Yes"),
    ),
    "delays": (
        delays,
        "delayed_discharge",
        "month >= '2024-09-01'",
        "average_daily_beds",
        0.3,
        ("Not clear", "Yes"),
    ),
    "care homes": (
        care_homes,
        "care_home_residents",
        "date >= '2019-01-01' and date < '2020-01-01'",
        "residents",
        2,
        ("Yes", "No"),
    ),
    "care at home": (
        at_home,
        "care_at_home",
        "financial_year == '2018/19'",
        "people",
        2,
        ("Not clear", "Not clear"),
    ),
    "experience": (experience, "care_experience", "survey == '2017/18'", "percent", 1.5, ("No", "Yes")),
    "money": (
        money,
        "found_values",
        "series_id == 'lgbf_home_care_spending' and period == '2018/19'",
        "value",
        0.1,
        ("Yes", "Not clear"),
    ),
    "Northern Ireland": (
        irish,
        "found_values",
        "series_id == 'ni_non_elective_inpatients' and period == '2018/19'",
        "value",
        0.5,
        ("No", "Yes"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_another_input_gives_another_answer(read: SimpleNamespace, case: str) -> None:
    make, table, rows, column, factor, (before, after) = CASES[case]
    frame = getattr(read, table)
    chosen = frame.index.isin(frame.query(rows).index)
    assert chosen.any()
    altered = SimpleNamespace(**{**vars(read), table: times(frame, chosen, column, factor)})
    whole, changed = make(read), make(altered)
    assert (whole.answer, changed.answer) == (before, after)
    assert whole.span != changed.span


def test_a_break_that_all_surveys_share_lifts_a_weakness(read: SimpleNamespace) -> None:
    inside = known_scotland.experience(read.care_experience, "2015/16", "2017/18")
    assert "the count changed" in inside.weaknesses
    assert inside.caused == "very low"


def test_a_level_that_drops_beyond_chance_raises_the_grade_of_the_cause(read: SimpleNamespace) -> None:
    frame = read.emergency_admission_rates
    later = frame["financial_year"].str[:4].astype(int) >= 2016
    altered = SimpleNamespace(**{**vars(read), "emergency_admission_rates": times(frame, later, "rate", 0.5)})
    assert admissions(read).caused == "very low"
    assert admissions(altered).caused == "low"


def test_a_nation_alone_in_its_change_and_beyond_chance_is_partly_shown() -> None:
    visits = {
        nation: tables.read(f"emergency_attendances_{nation.lower().replace(' ', '_')}")
        for nation in four_nations.NATIONS
    }
    people = four_nations.populations(tables.read("population_uk"), tables.read("population_areas"))
    given = (people, "2013-01", "2020-02", "2016-04")
    assert known_scotland.attendances(visits, *given).caused == "very low"
    mine = visits["Scotland"]
    altered = {**visits, "Scotland": times(mine, mine["month"] >= "2016-04-01", "attendances", 0.5)}
    found = known_scotland.attendances(altered, *given)
    assert found.answer == "Yes"
    assert found.test.weaknesses == ()
    assert found.caused == "moderate"


def test_a_part_of_the_question_is_no_answer_to_it(read: SimpleNamespace) -> None:
    """Three conditions fell in Wales, and would not answer for all admissions if they had doubled."""
    rows = read.welsh_admissions["financial_year"] == "2011/12"
    doubled = SimpleNamespace(welsh_admissions=times(read.welsh_admissions, rows, "count", 2))
    doubled = SimpleNamespace(**{**vars(read), **vars(doubled)})
    assert [(f.direction, f.answer) for f in (welsh(read), welsh(doubled))] == [
        ("fall", "Not known"),
        ("rise", "Not known"),
    ]
    assert {welsh(read).happened, welsh(read).caused} == {"not known"}


def test_a_change_is_parted_at_the_eve_of_joining_up(read: SimpleNamespace) -> None:
    """By Scotland's own row, linked in one year: what an independent reader computed."""
    found = admissions(read)
    assert found.readings[0].value == pytest.approx(5.5, abs=0.06)
    assert found.eve.at == "2015/16"
    assert found.eve.after == pytest.approx(-0.26, abs=0.02)
    whole = (1 + found.eve.before / 100) * (1 + found.eve.after / 100) - 1
    assert 100 * whole == pytest.approx(found.readings[0].value)
    assert care_homes(read).eve.before == pytest.approx(-13.3, abs=0.05)
    frame = read.emergency_admission_rates
    low = SimpleNamespace(
        **{
            **vars(read),
            "emergency_admission_rates": times(frame, frame["financial_year"] == "2015/16", "rate", 0.9),
        }
    )
    assert admissions(low).eve.after > 10


def test_a_link_needs_both_releases_in_its_year(read: SimpleNamespace) -> None:
    means = emergency_admissions.council_mean(read.emergency_admission_rates, read.population_areas)
    other = emergency_admissions.chained(means, 2013)
    linked = emergency_admissions.chained(means)
    assert linked[2018] / linked[2006] == pytest.approx(other[2018] / other[2006], abs=0.002)
    with pytest.raises(CareshiftError, match="2018/19 must be in both releases"):
        emergency_admissions.chained(means, 2018)


def test_a_study_is_told_with_its_control_and_its_doubt(read: SimpleNamespace) -> None:
    studies = tables.read("evaluations")
    found = known_compared.joined([delays(read), care_homes(read), welsh(read)], studies)
    assert "compares Scotland with local authorities of northern England, 2013 to 2019" in found[0].compared
    assert "It finds a fall of delayed discharges beside them" in found[0].compared
    assert found[0].compared.endswith("But delays are counted in another way from July 2016.")
    assert [f.compared for f in found[1:]] == ["", ""]
    altered = studies.replace({"finding": {"less": "more"}})
    assert "a rise of delayed discharges" in known_compared.sentence(delays(read), altered)


def test_every_question_has_an_answer_for_each_nation(read: SimpleNamespace) -> None:
    found = known_nations.complete([admissions(read), welsh(read)])
    assert [(f.id, f.place) for f in found] == [(q, p) for q in QUESTIONS for p in known_nations.PLACES]
    assert {f.answer for f in found[3:]} == {"Not known"}
    assert all(f.mind for f in found)


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_would_change_our_mind_stands_in_a_claims_record(name: str) -> None:
    assert claims.find(QUESTIONS[name].wanted_by).needs


def test_the_long_trends_run_from_the_first_year_to_the_newest(read: SimpleNamespace) -> None:
    homes = known_trends.of_residents(read.care_home_residents, read.official_values, read.population, 2009)
    waits = known_trends.of_delays(
        read.official_values, read.found_values, read.delayed_discharge_census, read.delayed_discharge
    )
    first, last = homes["time"].min(), homes["time"].max()
    assert (first, last) == (2000.25, read.care_home_residents["date"].dt.year.max() + 0.25)
    newest = read.delayed_discharge[read.delayed_discharge["area"] == SCOTLAND]["month"].max()
    assert waits["when"].iloc[-1] == f"{newest:%B %Y}"
    assert known_trends.gap(homes)[0] == pytest.approx(-20.0, abs=0.1)
    counted = waits[waits["concept"] == "other"]
    assert counted["when"].iloc[-1] == "June 2016", "the census of the later count is another series"


def test_policy_dates_stand_where_the_claims_put_them() -> None:
    assert (2016.25, "Integration") in policy_dates.marks()
    moved = claims.find("hendry2021/full-integration-year").model_copy(
        update={"printed": "2018", "says": "Services had to be joined in June 2018"}
    )
    assert policy_dates.moment(moved) == pytest.approx(2018 + 5 / 12)
    assert policy_dates.moment(moved.model_copy(update={"says": "In that year"})) == 2018.5


def test_the_newest_release_of_admissions_is_a_series_of_its_own(read: SimpleNamespace) -> None:
    trend = known_trends.of_admissions(read.emergency_admission_rates, read.population_areas)
    newest = read.emergency_admission_rates["financial_year"].max()
    ends = trend.groupby("concept")["when"].last()
    assert ends["other"] == newest
    assert ends["actual"] < newest
    assert trend[trend["concept"] == "expected"]["value"].nunique() == 1
