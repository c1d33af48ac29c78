"""A wrong Welsh count moves the change shown; two years never confirm a long trend."""

import pytest

from careshift import claims, multiverse, tables
from careshift.claims import Evidence
from careshift.project import CareshiftError
from careshift.topics import emergency_waits, four_nations

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


@pytest.fixture
def attendances():
    names = {nation: nation.lower().replace(" ", "_") for nation in four_nations.NATIONS}
    return {nation: tables.read(f"emergency_attendances_{name}").copy() for nation, name in names.items()}


def test_the_last_twelve_months_beside_the_last_year_before_all_that(attendances):
    months = emergency_waits.by_month(attendances, "major")
    found = emergency_waits.lately(months).set_index("nation")
    england = attendances["England"]
    major = england[england["department"] == "major"].set_index("month").sort_index()
    last, base = major.loc["2025-04":"2026-03"], major.loc["2018-04":"2019-03"]
    shares = [100 * years["within_4_hours"].sum() / years["attendances"].sum() for years in (base, last)]
    assert found.loc["England", ["share_base", "share_last"]].tolist() == pytest.approx(shares)
    change = 100 * (last["attendances"].sum() / base["attendances"].sum() - 1)
    assert found.loc["England", "change"] == pytest.approx(change)
    assert found["until"].to_dict()["Wales"] == "2025-07"
    trial = months[(months["nation"] == "England") & months["month"].between("2019-05", "2023-05")]
    assert len(trial) == 49
    assert trial["share"].isna().all(), "some of England's trusts did not report the four hours"


def test_a_wrong_month_moves_the_words_and_an_unknown_one_leaves_the_share(attendances):
    scotland = attendances["Scotland"]
    own = scotland["area"] == four_nations.NATIONS["Scotland"]
    before = emergency_waits.lately_words(
        emergency_waits.lately(emergency_waits.by_month(attendances, "all"))
    )
    assert "fell 2 % in Scotland" in before
    scotland.loc[
        own & (scotland["month"] == "2025-12-01") & (scotland["department"] == "major"), "attendances"
    ] *= 2
    after = emergency_waits.lately_words(emergency_waits.lately(emergency_waits.by_month(attendances, "all")))
    assert "rose 4 % in Scotland" in after
    months = emergency_waits.by_month(attendances, "all").set_index(["nation", "month"])
    unknown = scotland[own & (scotland["month"] == "2025-05-01")].set_index("department")
    assert unknown["within_4_hours"].isna().to_dict() == {"major": False, "minor": True}
    known = unknown.loc["major"]
    share = 100 * known["within_4_hours"] / known["attendances"]
    assert months.loc[("Scotland", "2025-05"), "share"] == pytest.approx(share)


def test_a_nation_that_lacks_a_month_is_refused(attendances):
    wales = attendances["Wales"]
    attendances["Wales"] = wales[wales["month"] < "2019-02-01"]
    with pytest.raises(CareshiftError, match="Wales lacks a month of 2018-04 to 2019-03"):
        emergency_waits.lately(emergency_waits.by_month(attendances, "major"))
