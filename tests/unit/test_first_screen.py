"""The first screen: the whole denominator, in words and squares, and five claims to begin with."""

import re

from careshift import claims, ledger
from careshift.claims import AGAINST, OUTCOMES, Verdict
from careshift.ledger import Entry
from careshift.pages.blocks import printed_words
from careshift.pages.first_screen import DEEP, ENDS, FALL, FIVE, GLOSSES, denominator, finding, first_screen

EVERY = dict(zip(OUTCOMES, (1318, 10, 11, 5, 30, 7, 311, 12, 434, 0), strict=True))
LEADING = dict.fromkeys(OUTCOMES, 2)


def judged(name: str, outcome: str) -> Entry:
    """Return an entry with this outcome, read where outside data gave it."""
    claim, against = claims.find(name), AGAINST[outcome][0]
    how = "read" if against == "outside data" else None
    verdict = Verdict(claim=claim.id, held_against=against, how=how, outcome=outcome, derived=1.0, margin=1.0)
    return Entry(claim, None, verdict)


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


def test_the_answer_adds_up_and_leads_with_the_hardest_test() -> None:
    outcomes = ["reproduced", "depends on method", "differs", "adds up", "data wanted"]
    text = str(first_screen([judged(name, outcome) for name, outcome in zip(FIVE, outcomes, strict=True)]))
    answer = re.search(r'<p class="answer">(.*?)</p>', text, re.DOTALL)[1]
    assert answer.startswith(
        "<strong>Of 5 claims, 3 could be held against data from outside the documents; 1 of"
    )
    every, outside, *rest = map(int, re.findall(r"\b\d+\b", answer.partition("Of the ")[0]))
    agree, recomputed, read, *others, prints, up, clash, untested = rest
    assert outside == agree + sum(others) == recomputed + read
    assert prints == up + clash
    assert every == outside + prints + untested
    assert "Of the 5 headline claims" in answer
    assert text.count('<li class="card-of-claim') == 5


def test_what_adds_up_is_never_told_as_reproduced() -> None:
    text = str(first_screen([judged(name, "adds up") for name in FIVE]))
    assert "0 could be held against data from outside the documents; 0 of these come out as printed" in text
    assert "5 add up, 0 do not" in text


def test_a_repeat_and_a_date_are_in_no_count() -> None:
    entry = judged(FIVE[0], "differs")
    again = entry.claim.model_copy(update={"repeats": FIVE[1]})
    date = entry.claim.model_copy(update={"kind": "date"})
    others = [Entry(claim, None, entry.verdict) for claim in (again, date)]
    assert "Of 1 claims" in str(first_screen([entry, *others]))


def test_a_card_says_print_and_derived_value_and_leads_to_the_entry() -> None:
    entry = judged(FIVE[0], "differs")
    text = str(first_screen([entry]))
    assert f".html#{entry.claim.anchor}" in text
    assert f"<dt>Printed</dt><dd>{printed_words(entry.claim)}</dd>" in text
    assert "<dt>We find</dt><dd>1.0</dd>" in text


def test_a_card_with_only_a_nearest_figure_says_that_it_is_no_test() -> None:
    claim = claims.find(FIVE[0])
    near = Verdict(claim=claim.id, held_against="nothing", outcome="data wanted", nearest=2.5)
    assert "<dd>no test; nearest public figure 2.5</dd>" in str(first_screen([Entry(claim, None, near)]))


def test_the_finding_takes_its_numbers_from_the_ledger() -> None:
    spans = dict(zip(ENDS, [(11.0, 13.0), (4.2, 5.4)], strict=True))
    entries = []
    for name, span in spans.items():
        entry = judged(name, "bracketed")
        entries.append(Entry(entry.claim, None, entry.verdict.model_copy(update={"span": span})))
    assert finding(entries) == []
    entries.append(judged(FALL, "reproduced"))
    question, answer = finding(entries)
    assert question.endswith("?</h2>")
    assert "11 to 13 % fewer" in answer
    assert "between 4.2 and 5.4 million" in answer
    assert "for three conditions fell by 1 %" in answer
    assert "Of 0 claims that something is an effect" in answer
    assert finding(entries[:1]) == []
