"""A date that is changed in one place turns its verdict and its event."""

from careshift import claims, tables
from careshift.topics import policy_dates

AGREED = "hendry2021/free-personal-care-start"


def test_a_changed_year_turns_what_the_prints_say_and_its_event(changed, judged) -> None:
    assert judged(AGREED).check == "adds up"
    before = policy_dates.events(policy_dates.dates())
    changed("kingsfund2013/free-personal-care-start", "2003")
    assert judged(AGREED).check == "does not add up"
    after = policy_dates.events(policy_dates.dates())
    assert (after["sign"] == "differs").sum() == (before["sign"] == "differs").sum() + 1


def test_a_mended_year_ends_the_disagreement(changed, judged) -> None:
    claim = "hendry2021/joint-improvement-team-start"
    assert (judged(claim).check, judged(claim).held_against) == ("does not add up", "another document")
    changed("kingsfund2013/joint-improvement-team-start", "2006")
    assert judged(claim).check == "adds up"


def test_a_date_is_no_claim_whatever_other_dates_say(judged) -> None:
    every = {judged(claim.id).outcome for claim in claims.load() if claim.kind == "date"}
    assert every == {claims.APART}


def test_every_differing_event_has_a_note_and_every_note_an_event() -> None:
    places = policy_dates.differing(policy_dates.dates(), tables.read("date_differences"))
    assert "not known" not in set(places["likely_reason"])
    assert set(tables.read("date_differences")["claim"]) <= set(places["id"])
