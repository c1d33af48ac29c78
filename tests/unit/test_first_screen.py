"""The first screen: the whole denominator, in words and squares, and five claims to begin with."""

import re

from careshift import claims, ledger
from careshift.claims import OUTCOMES, Verdict
from careshift.ledger import Entry
from careshift.pages.first_screen import DEEP, FIVE, GLOSSES, denominator, first_screen

EVERY = dict(zip(OUTCOMES, (1318, 10, 11, 5, 30, 311, 434), strict=True))
LEADING = dict.fromkeys(OUTCOMES, 2)


def judged(name: str, outcome: str) -> Entry:
    claim = claims.find(name)
    return Entry(claim, None, Verdict(claim=claim.id, outcome=outcome, derived=1.0, margin=1.0))


def test_the_five_are_headline_claims_of_all_three_nations() -> None:
    found = [claims.find(name) for name in FIVE]
    assert {claim.tier for claim in found} == {"headline"}
    assert {ledger.nation(claim) for claim in found} == {"Scotland", "Wales", "Northern Ireland"}


def test_every_verdict_is_counted_in_words_and_squares() -> None:
    rows = [line for line in denominator(EVERY, LEADING, "x") if line.startswith("<tr class")]
    assert len(rows) == len(OUTCOMES)
    for row, (outcome, number) in zip(rows, EVERY.items(), strict=True):
        assert row.count("h8v8h-8z") == number
        assert f">{number:,}</a>" in row
        assert outcome in row
        assert GLOSSES[outcome] in row
        assert 'aria-hidden="true"' in row


def test_squares_stand_on_one_scale() -> None:
    boxes = re.findall(r'viewBox="0 0 (\d+) (\d+)"', "".join(denominator(EVERY, LEADING, "x")))
    assert set(boxes) == {(str(10 * -(-1318 // DEEP)), str(10 * DEEP))}


def test_the_first_sentence_adds_up() -> None:
    entries = [
        judged(FIVE[0], "depends on method"),
        judged(FIVE[2], "differs"),
        judged(FIVE[4], "reproduced"),
    ]
    text = str(first_screen(entries))
    assert "Of 3 statements that could be tested, 1 hold, 1 depend on the method and 1 do not hold." in text
    assert text.count('<li class="card-of-claim') == 3


def test_a_card_says_print_and_derived_value_and_leads_to_the_entry() -> None:
    entry = judged(FIVE[2], "differs")
    text = str(first_screen([entry]))
    assert f".html#{entry.claim.anchor}" in text
    assert "<dd>place 1</dd>" in text
