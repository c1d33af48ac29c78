"""What a verdict rests on is told apart: outside data, printed numbers, data that only come near, nothing."""

import pytest
from made_records import claim, entry, found, printed

from careshift import claims, ledger
from careshift.claims import judge
from careshift.ledger import Entry
from careshift.pages import dashboard, first_screen, wording
from careshift.pages.safe_text import escape


@pytest.mark.parametrize(
    ("held", "made"),
    [
        ("outside data, recomputed", entry(20)),
        ("outside data, recomputed", entry(99)),
        ("own numbers", entry(20, prints=True)),
        ("own numbers", entry(99, prints=True)),
        ("nothing", entry(20, nearest=True)),
        ("nothing", entry(20, kind="cause")),
        ("nothing", entry()),
        ("nothing", entry(kind="view")),
    ],
)
def test_grounds(held, made) -> None:
    assert wording.against(made.verdict) == held


def test_what_is_read_in_another_text_is_told_from_what_is_recomputed() -> None:
    verdict = judge(claim(), found(20, how="read"))
    assert (verdict.how, wording.against(verdict)) == ("read", "outside data, read")


def test_the_table_of_headlines_says_what_a_number_rests_on() -> None:
    near = entry(20, nearest=True, tier="headline")
    bounds = found(20, bounds=(10, 40))
    bracketed = Entry(claim(tier="headline"), bounds, judge(claim(), bounds))
    made = [
        entry(20, tier="headline"),
        entry(20, tier="headline", prints=True),
        entry(3, tier="headline", printed="highest", reads_as=1, unit="rank"),
        bracketed,
        near,
        entry(tier="headline"),
    ]
    said = [(wording.derived(e.claim, e.verdict), wording.against(e.verdict)) for e in made]
    assert said == [
        ("20.0", "outside data, recomputed"),
        ("20.0", "own numbers"),
        ("place 3", "outside data, recomputed"),
        ("between 10.0 and 40.0", "outside data, recomputed"),
        ("no test; nearest public figure 20.0", "nothing"),
        ("–", "nothing"),
    ]
    rows = [line for line in dashboard.headlines(made).splitlines() if "hendry2021-a-claim" in line]
    assert len(rows) == len(said)
    for (value, _), entry_ in zip(said, made, strict=True):
        beside = wording.beside(entry_.verdict)
        assert [row for row in rows if f"| {escape(value)} |" in row and beside in row]
    assert "nothing" not in "".join(rows)


def test_the_counts_are_parted_by_what_they_rest_on_wherever_they_are_told() -> None:
    made = [
        entry(20),
        entry(25),
        entry(20, prints=True),
        entry(20, prints=True),
        entry(25, prints=True),
        entry(20, nearest=True),
        entry(),
        entry(20, kind="date"),
        entry(20, repeats="hendry2021/other"),
    ]
    words = wording.rests(made)
    assert "Of 7 claims, 2 could be held against data from outside the documents: 2 recomputed" in words
    assert "Of these 1 come out as printed" in words
    assert "Another 3 could only be held against printed numbers: 2 add up and 1 do not" in words
    assert "2 could not be tested yet" in words
    assert words in dashboard.counts(made)
    first = first_screen.counted(made)
    assert "2 claims could be held against data" in first
    assert "That makes 7 claims in all" in first
    assert "Another 3 could only be held against printed numbers: 2 add up, 1 do not" in first


def test_an_adding_up_on_another_documents_print_counts_with_the_prints() -> None:
    own = printed(20, rests_on=("msg2019/act-year",))
    made = [Entry(claim(), own, judge(claim(), None, own))]
    assert ledger.held(made)["another document"] == 1
    assert "Another 1 could only be held against printed numbers: 1 add up" in wording.rests(made)


def test_an_older_ledger_keeps_its_own_records() -> None:
    old = entry(20, id="hendry2021/no-longer-a-claim")
    assert old.claim.id not in {c.id for c in claims.load()}
    assert ledger.from_json(ledger.as_json([old])) == [old]
