"""A wrong count moves the number shown; without a public base year it never confirms the claim."""

import pytest

from careshift import claims, evidence, tables
from careshift.claims import Evidence
from careshift.topics import home_care

CLAIM = "kingsfund2013/intensive-home-care-above-projection-2011"


def test_a_wrong_count_moves_the_number_and_not_the_verdict():
    hours, people = tables.read("home_care_hours").copy(), tables.read("population")
    as_built = home_care.series(hours, people, 2010, "mid-year after").set_index("year")["excess"][2011]
    cell = (hours["year"] == 2011) & (hours["age_band"] == "85+")
    hours.loc[cell, "clients_ten_hours"] += 2312
    now = home_care.series(hours, people, 2010, "mid-year after").set_index("year")["excess"][2011]
    assert round(as_built) == -512
    assert round(now) == 1800
    given = {"claim": CLAIM, "derived": now, "basis": "test", "tables": ("home_care_hours",)}
    verdict = claims.judge(claims.find(CLAIM), Evidence(**given, nearest=True))
    assert (verdict.outcome, verdict.derived, verdict.nearest) == ("data wanted", None, now)
    for excess, outcome in ((now, "reproduced"), (as_built, "differs")):
        direct = Evidence(**given | {"derived": excess})
        assert claims.judge(claims.find(CLAIM), direct).outcome == outcome, "with a base year it would be one"


@pytest.mark.parametrize(("claim", "ends"), [("council", (32.6, 60.4)), ("independent", (39.6, 67.4))])
def test_the_hours_of_march_2012_only_bracket_the_shares(claim, ends):
    record = claims.find(f"kingsfund2013/{claim}-home-care-hours")
    verdict = claims.judge(record, evidence.strongest(record, None))
    assert verdict.outcome == "bracketed"
    assert verdict.span == pytest.approx(ends, abs=0.05)


def test_a_rise_of_clients_would_still_show_no_cause():
    record = claims.find("kingsfund2013/lessons-home-care-increased")
    found = evidence.strongest(record, None)
    assert found is not None
    assert found.derived == pytest.approx(100 * (51730 / 56700 - 1))
    risen = found.model_copy(update={"derived": 20.0, "nearest": False})
    assert claims.judge(record, risen).outcome == "data wanted"
