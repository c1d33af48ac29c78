"""A wrong count moves the number shown; without a public base year it never confirms the claim."""

from careshift import claims, tables
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
    evidence = Evidence(claim=CLAIM, derived=now, basis="test", proxy=True)
    assert claims.judge(claims.find(CLAIM), evidence).outcome == "not testable"
    for excess, outcome in ((now, "reproduced"), (as_built, "differs")):
        direct = Evidence(claim=CLAIM, derived=excess, basis="test")
        assert claims.judge(claims.find(CLAIM), direct).outcome == outcome, "with a base year it would be one"
