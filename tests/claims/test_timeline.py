"""A date that is changed in one place turns its verdict and its event."""

from careshift import tables
from careshift.topics import policy_dates

AGREED = "hendry2021/free-personal-care-start"


def test_a_changed_year_turns_the_claim_and_its_event(changed, outcome) -> None:
    assert outcome(AGREED) == "reproduced"
    before = policy_dates.events(policy_dates.dates())
    changed("kingsfund2013/free-personal-care-start", "2003")
    assert outcome(AGREED) == "inconsistent"
    after = policy_dates.events(policy_dates.dates())
    assert (after["sign"] == "differs").sum() == (before["sign"] == "differs").sum() + 1


def test_a_mended_year_ends_the_disagreement(changed, outcome) -> None:
    claim = "kingsfund2013/joint-improvement-team-start"
    assert outcome(claim) == "inconsistent"
    changed("hendry2021/joint-improvement-team-start", "2004")
    assert outcome(claim) == "reproduced"


def test_every_differing_event_has_a_note_and_every_note_an_event() -> None:
    places = policy_dates.differing(policy_dates.dates(), tables.read("date_differences"))
    assert "not known" not in set(places["likely_reason"])
    assert set(tables.read("date_differences")["claim"]) <= set(places["id"])
