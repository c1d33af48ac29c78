"""What a verdict rests on is told apart: official data, the documents' own numbers, data that come near."""

import pytest
from made_records import entry

from careshift import claims, ledger
from careshift.pages import dashboard, wording
from careshift.pages.safe_text import escape


@pytest.mark.parametrize(
    ("ground", "made"),
    [
        ("official data", entry(20)),
        ("printed numbers", entry(20, kind="arithmetic")),
        ("printed numbers", entry(20, kind="cross_source", proxy=True)),
        ("data that only come near", entry(20, proxy=True)),
        ("no number", entry()),
        ("no number", entry(kind="reported")),
    ],
)
def test_grounds(ground, made) -> None:
    assert ledger.ground(made) == ground


def test_the_first_screen_says_what_a_number_rests_on() -> None:
    made = [
        entry(20, tier="headline"),
        entry(3, tier="headline", printed="highest", reads_as=1, unit="rank", kind="official"),
        entry(tier="headline"),
    ]
    assert [wording.found(e) for e in made] == [
        "20.0, from official data",
        "place 3, from official data",
        "–",
    ]
    assert escape("20.0, from official data") in dashboard.headlines(made)


def test_the_reproduced_claims_are_parted_by_what_they_rest_on() -> None:
    made = [entry(20), entry(20, kind="arithmetic"), entry(20, kind="arithmetic"), entry(25), entry()]
    assert "Of the 3 reproduced claims, 1 agree with official data and 2 with other numbers" in (
        wording.rests(made)
    )
    assert wording.rests(made) in dashboard.counts(made)


def test_an_older_ledger_keeps_its_own_records() -> None:
    old = entry(20, id="hendry2021/no-longer-a-claim")
    assert old.claim.id not in {c.id for c in claims.load()}
    assert ledger.from_json(ledger.as_json([old])) == [old]
