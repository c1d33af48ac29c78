"""What would test a claim: each set of data stands once, with its looks, and mistakes are named."""

import json

import pytest

from careshift import needs
from careshift.claims import ClaimError
from careshift.project import BUILD

GOOD = (
    "- need: Beds by year\n  state: published\n  looked:\n"
    "  - {'on': 2026-01-02, words: beds, where: pages, found: nothing}\n"
    "  - {'on': 2026-03-04, words: beds by year, where: docs, found: nothing}\n  next: ask\n"
)


@pytest.fixture
def load(tmp_path):
    """Give a function that reads needs from a text."""

    def read(text: str) -> tuple[needs.Need, ...]:
        file = tmp_path / "needs.yml"
        file.write_text(text, encoding="utf-8")
        return needs.load(file)

    return read


def test_a_need_says_what_is_known_and_when_it_was_last_looked_for(load) -> None:
    (need,) = load(GOOD)
    assert (
        need.state_words() == "published somewhere, not collected here yet; last looked for on 4 March 2026"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("state: published", "state: lost", "need 1, state: .*'published', 'closed' or 'never counted'"),
        ("need: Beds by year", "need: ' '", "need 1, need: "),
        ("'on': 2026-01-02", "'on': soon", "need 1, looked.0.on: "),
        ("words: beds,", "words: '',", "need 1, looked.0.words: "),
        ("  next: ask\n", "", "need 1, next: "),
        ("next: ask", "next: ask\n  colour: red", "need 1, colour: "),
        (GOOD, "- just words\n", "need 1, record: "),
        (GOOD, "- {need: a, state: closed, looked: [], next: ask}\n", "need 1, looked: "),
        (GOOD, "- [", "is not YAML"),
        ("2026-01-02", "2026-02-30", "is not YAML: day is out of range"),
        (GOOD, GOOD + GOOD.replace("Beds by year", "beds  by YEAR."), "stands twice"),
    ],
)
def test_a_bad_need_says_where_and_what(load, old, new, message) -> None:
    assert old in GOOD
    with pytest.raises(ClaimError, match=rf"^needs\.yml.*{message}"):
        load(GOOD.replace(old, new))


def test_the_needs_on_record_are_read_and_found_by_their_words() -> None:
    every = needs.load()
    assert every
    for need in every:
        assert needs.find(f"  {need.need.upper()}. ") is need or needs.find(need.need) == need
    assert needs.find("no such data") is None


def test_every_claim_that_meets_no_outside_data_stands_in_the_log_with_a_dated_look(built) -> None:
    """Those that only add up too: that a print fits a print says nothing of the world."""
    listed = {need.need: need for need in needs.load()}
    judged = json.loads((BUILD / "ledger.json").read_text(encoding="utf-8"))["claims"]
    open_ones = [
        entry["claim"]
        for entry in judged
        if entry["verdict"]["held_against"] != "outside data"
        and entry["verdict"]["outcome"] not in ("date, count or structure", "reported")
        and not entry["claim"].get("repeats")
    ]
    assert len(open_ones) > 300
    without = [record["id"] for record in open_ones if record.get("needs") not in listed]
    assert not without
    assert all(need.looked for need in listed.values())
