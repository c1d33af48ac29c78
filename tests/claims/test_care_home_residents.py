"""Corrupt one input of the care-home chapter and see the right claim's verdict change."""

import pandas as pd
import pytest
from warm_runs import execute

from careshift import claims, evidence, tables
from careshift.pipeline.execute import RunError
from careshift.topics import care_homes_since

CHAPTER = "scotland/care_home_residents"
BELOW = "hendry2021/care-home-residents-below-expected"
COUNTED = "hendry2021/care-home-residents-march-2019"
IN_2011 = "kingsfund2013/care-home-residents-below-projection-2011"
POPULATION = "hendry2021/population-2014"


def verdicts(notebook) -> dict[str, str]:
    return {c.id: v.outcome for c, v in evidence.verdicts(CHAPTER, evidence.collect(notebook))}


def derived(notebook) -> dict[str, float]:
    return {item.claim: item.derived for item in evidence.collect(notebook)}


@pytest.fixture
def rerun(tmp_path):
    def run(**given):
        execute(CHAPTER, given, tmp_path / "out.ipynb")
        return tmp_path / "out.ipynb"

    return run


@pytest.fixture
def corrupted(tmp_path):
    def write(name: str, change) -> str:
        frame = pd.read_csv(tables.locate(name), dtype=str, keep_default_na=False)
        change(frame)
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
        return str(tmp_path / f"{name}.csv")

    return write


@pytest.fixture(scope="module")
def as_built(executed) -> dict[str, str]:
    return verdicts(executed / f"{CHAPTER}.ipynb")


def test_numbers_published_elsewhere(executed) -> None:
    """The total of a written parliamentary answer of 2023, and shortfalls computed apart from this code."""
    found = {item.claim: item for item in evidence.collect(executed / f"{CHAPTER}.ipynb")}
    assert found[COUNTED].derived == 30419
    shown = {c.label: round(c.value, 1) for c in found[BELOW].choices}
    decide = [c for c in found[BELOW].choices if c.decides]
    assert sorted(round(c.value, 1) for c in decide if "three bands" in c.label) == [18.2, 18.6, 19.6, 20.0]
    wide = sorted(round(c.value, 1) for c in decide if "three bands" not in c.label and "pooled" in c.label)
    assert wide == [17.1, 17.8, 19.0, 19.2, 20.6, 20.9]
    aligned_2010 = sorted(
        v for k, v in shown.items() if "March 2010" in k and (k.count("before") == 2 or k.count("after") == 2)
    )
    assert aligned_2010 == [16.7, 17.1, 18.0, 18.4]


def test_both_ends_of_2011_take_one_side_of_their_mid_year(executed) -> None:
    """The four differences of an independent check, whose ends are aligned; the crossed 6,408 is none."""
    found = {item.claim: item for item in evidence.collect(executed / f"{CHAPTER}.ipynb")}[IN_2011]
    decide = {c.label: round(c.value) for c in found.choices if c.decides}
    assert decide == {
        "pooled, 2010/11, mid-year after, rates": 6365,
        "pooled, 2010/11, mid-year within, rates": 5583,
        "by sex, 2010/11, mid-year after, rates": 5832,
        "by sex, 2010/11, mid-year within, rates": 5081,
    }
    assert round(found.derived) == 5583, "the mid-year nearest to the middle of the return's year"


def test_a_wrong_count_of_residents_turns_its_claims(rerun, corrupted, as_built) -> None:
    def add_a_digit(frame: pd.DataFrame) -> None:
        cell = (
            (frame["date"] == "2019-03-31") & (frame["area"] == "S92000003") & (frame["residents"] == "10579")
        )
        assert cell.sum() == 1
        frame.loc[cell, "residents"] = "15079"

    now = verdicts(rerun(care_home_residents=corrupted("care_home_residents", add_a_digit)))
    assert as_built[COUNTED] == "close"
    assert now[COUNTED] == "differs"
    assert as_built[BELOW] == "depends on method"
    assert now[BELOW] == "differs"
    assert now[IN_2011] == as_built[IN_2011]


def test_a_wrong_total_of_2003_turns_the_2011_claim(rerun, corrupted, as_built) -> None:
    def misread(frame: pd.DataFrame) -> None:
        frame.loc[frame["financial_year"] == "2003/04", "residents"] = "28190"

    now = verdicts(rerun(free_personal_care_residents=corrupted("free_personal_care_residents", misread)))
    assert as_built[IN_2011] == "depends on method"
    assert now[IN_2011] == "differs"
    assert now[BELOW] == as_built[BELOW]


def test_another_base_year_gives_another_right_answer(rerun) -> None:
    """March 2012 rates by a separate calculation: bands by hand from the two tables."""
    residents, population = tables.read("care_home_residents"), tables.read("population")
    scotland = residents[(residents["area"] == "S92000003") & (residents["age_band"] != "18-64")]

    def counted(year: int, bands: tuple[str, ...]) -> float:
        rows = scotland[(scotland["date"].dt.year == year) & scotland["age_band"].isin(bands)]
        return float(rows["residents"].sum())

    def people(year: int, first: int, last: int) -> float:
        rows = population[(population["year"] == year) & population["age"].between(first, last)]
        return float(rows["population"].sum())

    bands = {("65-74",): (65, 74), ("75-84",): (75, 84), ("85-94", "95+"): (85, 99)}
    expected = sum(counted(2012, b) / people(2012, *ages) * people(2019, *ages) for b, ages in bands.items())
    by_hand = 100 * (1 - 30419 / expected)
    assert derived(rerun(base_year=2012))[BELOW] == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"base_year": 2030}, "base_year must be one of"),
        ({"confidence": 95.0}, "confidence must be between"),
        ({"alignment": "mid-year"}, "alignment must be one of"),
        ({"care_home_residents": "no/such.csv"}, "no such file"),
    ],
)
def test_a_wrong_value_stops_with_a_clear_error(rerun, given, message: str) -> None:
    with pytest.raises(RunError, match=message):
        rerun(**given)


def test_every_claim_of_the_chapter_is_judged_or_says_what_it_needs(as_built) -> None:
    for claim in claims.of_chapter(CHAPTER):
        first = claims.find(claim.repeats or claim.id)
        assert as_built[claim.id] != "data wanted" or first.needs, claim.id


def test_the_newest_censuses_are_told_and_a_wrong_one_moves_the_words() -> None:
    residents, official = tables.read("care_home_residents").copy(), tables.read("official_values")
    told = care_homes_since.since_words(care_homes_since.later_counts(residents, official, 2019))
    assert told.startswith(
        "Since then the newest censuses counted 28,647 in March 2022 and 29,244 in March 2023"
    )
    assert told.endswith("to March 2023 the number fell 3.9 %.")
    cell = (residents["area"] == "S92000003") & (residents["date"] == "2023-03-31")
    residents.loc[cell & (residents["age_band"] != "18-64"), "residents"] *= 2
    assert "rose 92.3 %" in care_homes_since.since_words(
        care_homes_since.later_counts(residents, official, 2019)
    )
    assert "No census after March 2023" in care_homes_since.since_words(
        care_homes_since.later_counts(residents, official, 2023)
    )
