"""Dates, the events they tell of and the years they differ by, on made claims."""

import pandas as pd
import pytest

from careshift.claims import Claim
from careshift.topics import policy_dates


def date(name: str, year: str, same_as: str | None = None, **fields: object) -> Claim:
    """Return a made date, compared with another where `same_as` names it."""
    record = {
        "id": f"kingsfund2013/{name}",
        "where": {"section": "History"},
        "says": f"It was {name}",
        "printed": year,
        "unit": "year",
        "period": year,
        "area": "Highland",
        "kind": "date",
        "derive": f'same_as("kingsfund2013/{same_as}")' if same_as else None,
        "chapter": "policy/timeline",
    }
    return Claim.model_validate(record | fields)


MADE = [
    date("alone", "1990"),
    date("first", "2004"),
    date("second", "2006", same_as="first"),
    date("third", "2006", same_as="second"),
    date("told", "2011"),
    date("retold", "2011", same_as="told", id="hendry2021/retold"),
    date("again", "2011", repeats="kingsfund2013/told"),
    date("span", "10", unit="years"),
    date("elsewhere", "2001", chapter="wales/money"),
]


@pytest.fixture
def dated() -> pd.DataFrame:
    return policy_dates.dates(MADE)


def test_only_years_of_policy_chapters_count(dated) -> None:
    assert len(dated) == 7
    assert set(dated["nation"]) == {"Scotland"}


def test_links_and_repeats_join_dates_into_events_and_chains_are_followed(dated) -> None:
    found = policy_dates.events(dated).set_index("event")
    assert list(found["places"]) == [1, 3, 3]
    assert list(found["sign"]) == ["once", "differs", "agrees"]
    assert found.loc["kingsfund2013/told", "documents"] == 2


def test_a_differing_event_has_a_dot_in_each_year(dated) -> None:
    dots = policy_dates.dots(policy_dates.events(dated), 1973, 2026)
    assert list(dots["year"]) == [1990, 2004, 2006, 2011]
    assert list(policy_dates.dots(policy_dates.events(dated), 1995, 2005)["year"]) == [2004]


def test_reasons_say_how_far_apart(dated) -> None:
    notes = pd.DataFrame({"claim": ["kingsfund2013/third"], "name": ["The team"], "likely_reason": ["none"]})
    found = policy_dates.reasons(policy_dates.differing(dated, notes))
    assert found.to_dict("records") == [
        {"name": "The team", "printed": "2004, 2006", "apart": 2, "likely_reason": "none"}
    ]


def test_an_event_without_a_note_keeps_its_words(dated) -> None:
    notes = pd.DataFrame({"claim": [], "name": [], "likely_reason": []}, dtype=str)
    found = policy_dates.reasons(policy_dates.differing(dated, notes))
    assert found["name"].tolist() == ["It was first"]
    assert found["likely_reason"].tolist() == ["not known"]


def test_documents_are_counted(dated) -> None:
    counted = policy_dates.by_document(dated, policy_dates.events(dated)).set_index("document")
    assert counted.loc["The King's Fund 2013"].tolist() == [6, 3, 2]
    assert counted.loc["Journal paper 2021"].tolist() == [1, 1, 1]
