"""Sums of printed numbers confirm nothing; corrupt one, and the right claim contradicts itself."""

import pytest

from careshift import claims
from careshift.arithmetic import Quantity
from careshift.claims import Evidence
from careshift.topics import people_at_home as home

PEOPLE = "hendry2021/more-people-at-home"
SHARE = "hendry2021/all-hospital-bed-days-below-expected"


def outcomes(numbers) -> tuple[str, str]:
    total = home.settings(numbers, 1.0, 365).iloc[-1]
    rounding = (total["low"], total["high"])
    people = Evidence(claim=PEOPLE, derived=total["value"], rounding=rounding, proxy=True, basis="test")
    shares = home.shares_every_way(numbers, {"unchanged": 1.0, "grown": 1.22})
    rounding = (shares["low"].min(), shares["high"].max())
    value = shares["value"].iloc[0]
    share = Evidence(claim=SHARE, derived=value, rounding=rounding, proxy=True, basis="test")
    return tuple(claims.judge(claims.find(e.claim), e).outcome for e in (people, share))


def test_numbers_that_fit_each_other_are_no_test():
    assert outcomes(home.printed()) == ("not testable", "not testable")


@pytest.mark.parametrize(
    ("name", "wrong", "turned"),
    [
        ("below expected", Quantity(10, 9.5, 10.5), ("inconsistent", "not testable")),
        ("emergency actual", Quantity(3.4e6, 3.35e6, 3.45e6), ("inconsistent", "inconsistent")),
    ],
)
def test_a_wrong_print_turns_its_claim(name, wrong, turned):
    assert outcomes(home.printed() | {name: wrong}) == turned


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
