"""Corrupt one printed number and see the right claim turn."""

import pytest

from careshift import claims, multiverse
from careshift.arithmetic import Quantity
from careshift.claims import Evidence
from careshift.topics import people_at_home as home

PEOPLE = "hendry2021/more-people-at-home"
SHARE = "hendry2021/all-hospital-bed-days-below-expected"


def outcomes(numbers) -> tuple[str, str]:
    total = home.settings(numbers, 1.0, 365).iloc[-1]
    people = Evidence(
        claim=PEOPLE, derived=total["value"], rounding=(total["low"], total["high"]), basis="test"
    )
    shares = home.shares_every_way(numbers, {"unchanged": 1.0, "grown": 1.22})
    choices = tuple(multiverse.as_choices(home.share_choices(shares, claims.find(SHARE).value)))
    share = Evidence(claim=SHARE, derived=shares["value"].iloc[0], choices=choices, basis="test")
    return tuple(claims.judge(claims.find(e.claim), e).outcome for e in (people, share))


def test_as_printed():
    assert outcomes(home.printed()) == ("reproduced", "depends on method")


@pytest.mark.parametrize(
    ("name", "wrong", "turned"),
    [
        ("below expected", Quantity(10, 9.5, 10.5), ("inconsistent", "depends on method")),
        ("emergency actual", Quantity(3.4e6, 3.35e6, 3.45e6), ("inconsistent", "differs")),
    ],
)
def test_a_wrong_print_turns_its_claim(name, wrong, turned):
    assert outcomes(home.printed() | {name: wrong}) == turned
