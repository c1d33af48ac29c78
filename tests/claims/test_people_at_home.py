"""Sums of printed numbers confirm nothing; corrupt one, and the right claim no longer adds up."""

import pytest

from careshift import claims
from careshift.arithmetic import Quantity
from careshift.claims import Evidence
from careshift.topics import people_at_home as home

PEOPLE = "hendry2021/more-people-at-home"
SHARE = "hendry2021/all-hospital-bed-days-below-expected"


USED = ("care_home_residents", "official_values", "population")


def found(numbers) -> tuple[Evidence, Evidence]:
    """Return what printed numbers give for both claims: a sum that uses a table, and no test of either."""
    total = home.settings(numbers, 1.0, 365).iloc[-1]
    rounding = (total["low"], total["high"])
    made = {"nearest": True, "basis": "test", "tables": USED}
    people = Evidence(claim=PEOPLE, derived=total["value"], rounding=rounding, **made)
    shares = home.shares_every_way(numbers, {"unchanged": 1.0, "grown": 1.22})
    rounding = (shares["low"].min(), shares["high"].max())
    return people, Evidence(claim=SHARE, derived=shares["value"].iloc[0], rounding=rounding, **made)


def check(evidence: Evidence) -> str | None:
    """Return what the numbers say of each other, were they prints alone."""
    bare = evidence.model_copy(update={"nearest": False, "tables": ()})
    return claims.judge(claims.find(evidence.claim), bare).check


def test_numbers_that_fit_each_other_are_no_test():
    for evidence in found(home.printed()):
        verdict = claims.judge(claims.find(evidence.claim), evidence)
        assert (verdict.held_against, verdict.outcome) == ("nothing", "data wanted")
        assert verdict.nearest == evidence.derived
        assert check(evidence) == "adds up"


@pytest.mark.parametrize(
    ("name", "wrong", "turned"),
    [
        ("below expected", Quantity(10, 9.5, 10.5), ["does not add up", "adds up"]),
        ("emergency actual", Quantity(3.4e6, 3.35e6, 3.45e6), ["does not add up", "does not add up"]),
    ],
)
def test_a_wrong_print_turns_what_its_claim_rests_on(name, wrong, turned):
    assert [check(evidence) for evidence in found(home.printed() | {name: wrong})] == turned


@pytest.mark.parametrize(
    ("claim", "wrong"),
    [
        ("hendry2021/care-home-residents-below-expected", "10"),
        ("hendry2021/emergency-bed-days-actual-2018-19", "4.8"),
    ],
)
def test_the_record_follows_the_prints_that_it_names(changed, judged, claim, wrong):
    assert judged(PEOPLE).check == "adds up"
    changed(claim, wrong)
    assert judged(PEOPLE).check == "does not add up"


def test_about_10_000_people_and_27_percent_with_their_intervals():
    """The sum of the three settings, and the hospital share with long stays unchanged or grown."""
    people = home.settings(home.printed(), 1.0, 365).iloc[-1]
    assert [round(people[end]) for end in ("value", "low", "high")] == [10_188, 9_675, 10_704]
    shares = home.shares_every_way(home.printed(), {"unchanged": 1.0, "grown": 1.22})
    assert shares["value"].round(1).tolist() == [23.7, 25.7]
    assert shares["low"].round(1).tolist() == [21.5, 23.5]
    assert shares["high"].round(1).tolist() == [26.0, 27.8]
    assert claims.find(PEOPLE).interval.contains(people["value"])
    assert shares["high"].iloc[0] < claims.find(SHARE).value < shares["high"].iloc[1]
