"""A wrong Welsh count moves the change shown; two years never confirm a long trend."""

import pytest

from careshift import claims, multiverse, tables
from careshift.claims import Evidence
from careshift.topics import four_nations

CLAIM = "kingsfund2013/emergency-attendances-rise-long-term"


def test_the_change_and_what_a_wrong_month_does_to_it():
    wales = tables.read("emergency_attendances_wales").copy()
    as_built = four_nations.welsh_rise(wales)["value"]
    assert as_built.iloc[0] == pytest.approx(100 * (788378 / 769897 - 1))
    cell = (wales["month"] == "2011-07-01") & (wales["department"] == "major")
    assert cell.sum() == 1
    wales.loc[cell, "attendances"] -= 40000
    now = four_nations.welsh_rise(wales)
    assert now["value"].iloc[0] < 0
    assert now["value"].iloc[1] == as_built.iloc[1]
    choices = tuple(multiverse.as_choices(now))
    value, used = now["value"].iloc[0], ("emergency_attendances_wales",)
    near = Evidence(claim=CLAIM, derived=value, choices=choices, basis="test", tables=used, nearest=True)
    verdict = claims.judge(claims.find(CLAIM), near)
    assert (verdict.outcome, verdict.nearest, verdict.derived) == ("data wanted", value, None)
    long = Evidence(claim=CLAIM, derived=value, basis="test", tables=used)
    assert claims.judge(claims.find(CLAIM), long).outcome == "differs", "a fall over all years would turn it"
