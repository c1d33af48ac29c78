"""The first page: its answer from the findings, the graded questions, every claim counted."""

import re
from collections.abc import Sequence

import pytest

from careshift import certainty, claims
from careshift.certainty import Finding
from careshift.claims import AGAINST, OUTCOMES, Choice, Verdict
from careshift.ledger import Entry
from careshift.pages import Markdown, known_answer
from careshift.pages.first_screen import DEEP, GLOSSES, QUESTION, counted, denominator, first_screen
from careshift.project import CHAPTERS

FIVE = (
    "hendry2021/care-home-residents-below-expected",
    "hendry2021/emergency-bed-days-actual-2018-19",
    "kingsfund2013/emergency-admissions-faster-than-ageing",
    "kingsfund2013/ni-health-spending-highest",
    "kingsfund2013/table-7-admissions-improve",
)
EVERY = dict(zip(OUTCOMES, (1318, 10, 11, 5, 30, 7, 311, 12, 434, 0), strict=True))
LEADING = dict.fromkeys(OUTCOMES, 2)


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    """Give the findings that the committed chapter carries."""
    return certainty.read(CHAPTERS / "what_is_known/index.ipynb")


def said(found: Sequence[Finding], decided: int = 0) -> str:
    """Return the answer of the first page as one text."""
    return " ".join(known_answer.short_answer(found, 76, decided))


def altered(findings: tuple[Finding, ...], name: str, place: str, **other: object) -> list[Finding]:
    """Return the findings with one of them changed."""
    return [f.model_copy(update=other) if (f.id, f.place) == (name, place) else f for f in findings]


def judged(name: str, outcome: str) -> Entry:
    """Return an entry with this outcome, read where outside data gave it."""
    claim, against = claims.find(name), AGAINST[outcome][0]
    how = "read" if against == "outside data" else None
    verdict = Verdict(claim=claim.id, held_against=against, how=how, outcome=outcome, derived=1.0, margin=1.0)
    return Entry(claim, None, verdict)


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


def test_the_counts_add_up_and_lead_with_the_hardest_test() -> None:
    outcomes = ["reproduced", "depends on method", "differs", "adds up", "data wanted"]
    text = str(counted([judged(name, outcome) for name, outcome in zip(FIVE, outcomes, strict=True)]))
    answer = re.search(r'<p class="answer">(.*?)</p>', text, re.DOTALL)[1]
    assert answer.startswith(
        "<strong>3 claims could be held against data from outside the documents; 1 of these agree."
    )
    outside, *rest = map(int, re.findall(r"\b\d+\b", answer.partition("Of the ")[0]))
    agree, recomputed, read, *others, prints, up, clash, untested, every = rest
    assert outside == agree + sum(others) == recomputed + read
    assert prints == up + clash
    assert every == outside + prints + untested
    assert "Of the 5 headline claims" in answer


def test_what_adds_up_is_never_told_as_reproduced() -> None:
    text = str(counted([judged(name, "adds up") for name in FIVE]))
    assert "0 claims could be held against data from outside the documents; 0 of these agree" in text
    assert "5 add up, 0 do not" in text


def test_a_repeat_and_a_date_are_in_no_count() -> None:
    entry = judged(FIVE[0], "differs")
    again = entry.claim.model_copy(update={"repeats": FIVE[1]})
    date = entry.claim.model_copy(update={"kind": "date"})
    others = [Entry(claim, None, entry.verdict) for claim in (again, date)]
    assert "That makes 1 claims in all" in str(counted([entry, *others]))


def test_the_question_leads_then_the_answer_the_trends_and_the_grades(findings) -> None:
    text = str(first_screen([], findings, [Markdown("A TREND")]))
    places = [text.index(part) for part in (QUESTION, 'class="finding"', "A TREND", 'class="careshift-table')]
    assert places == sorted(places)
    assert first_screen([]) == ""


def test_the_answer_has_fewer_words_than_a_page(findings) -> None:
    assert 120 <= len(said(findings).split()) <= 205


@pytest.mark.parametrize(
    ("name", "place", "value", "before", "after"),
    [
        ("care-homes", "Scotland", 7.0, "20 % fewer older people", "7.0 % more older people"),
        ("emergency-admissions", "Scotland", -4.0, "rose by 5.5 %", "fell by 4.0 %"),
        ("bed-days", "Scotland", 31.0, "fell by 11 %", "rose by 31 %"),
        ("emergency-admissions", "Wales", 13.0, "fell by 12 %", "rose by 13 %"),
        ("emergency-admissions", "Northern Ireland", -2.5, "rose by 4.2 %", "fell by 2.5 %"),
    ],
)
def test_each_number_of_the_answer_is_that_of_its_finding(
    findings, name, place, value, before, after
) -> None:
    other = altered(findings, name, place, readings=(Choice(label="made", value=value),))
    words, changed = (said(found) for found in (findings, other))
    assert before in words
    assert after in changed


def test_the_answer_says_so_when_a_test_points_to_joining_up(findings) -> None:
    assert "Whether joining up moved it has not been shown." in said(findings)
    first = next(f for f in findings if f.id == "attendances" and f.place == "Scotland")
    shown = first.test.model_copy(update={"low": -5.0, "high": -1.0, "alike": 0.25})
    other = altered(findings, "attendances", "Scotland", test=shown)
    assert "For 1 of 9 questions a test points to joining up." in said(other)
    assert "outside data decide 3" in said(findings, 3)


def test_each_graded_question_leads_to_its_section(findings) -> None:
    text = str(known_answer.graded_table(findings))
    notebook = (CHAPTERS / "what_is_known/index.ipynb").read_text(encoding="utf-8")
    links = re.findall(r'index\.html#(known-[a-z-]+)">', text)
    assert len(links) == len({f.id for f in findings})
    assert all(f"({anchor})=" in notebook for anchor in links)
    assert text.count("very low") >= len(links) - 1
    assert "very low (comparison)" in text
    assert "very low (expected counts)" in text


def test_what_a_table_holds_is_never_markup(findings) -> None:
    hostile = altered(findings, "care-homes", "Scotland", period="<script>x</script> to 2013/14")
    for text in (said(hostile), str(known_answer.graded_table(hostile))):
        assert "<script>" not in text
        assert "&lt;script&gt;" in text
