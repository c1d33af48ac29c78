"""Changed verdicts: the list follows itself and the ledger, and its feed is valid Atom whatever it says."""

import datetime
import re
from xml.etree import ElementTree as ET

import pytest
from pydantic import ValidationError

from careshift import ledger, verdict_changes
from careshift.claims import Verdict
from careshift.pages import news
from careshift.project import BUILD, ROOT, CareshiftError
from careshift.verdict_changes import VerdictChange, VerdictChangeError, check

A = "{http://www.w3.org/2005/Atom}"
CLAIM = "hendry2021/care-home-residents-below-expected"
HOSTILE = "<script>alert(1)</script> ]]> & \x1b[31m \x00 \ufffe `x` [a](javascript:b)"


def change(before: str = "reproduced", after: str = "differs", **fields: object) -> VerdictChange:
    kept = {"date": datetime.date(2026, 1, 2), "claim": CLAIM, "reason": "A newer release."}
    return VerdictChange.model_validate(kept | {"before": before, "after": after} | fields)


def atom_errors(text: str) -> list[str]:
    """Return what RFC 4287 misses in a feed: the elements it must have, once, and their forms."""
    root = ET.fromstring(text)
    errors = [] if root.tag == f"{A}feed" else ["no feed"]
    names = [root.find(f"{A}id"), *root.findall(f"{A}entry/{A}id")]
    if len({name.text for name in names}) != len(names):
        errors.append("two ids are alike")
    if not root.findall(f"{A}author/{A}name"):
        errors.append("no author")
    for element in (root, *root.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            found = element.findall(f"{A}{name}")
            if len(found) != 1 or not (found[0].text or "").strip():
                errors.append(f"{name} not once")
        if not re.fullmatch(r"tag:[\w.-]+,\d{4}:[\w/.-]+", element.findtext(f"{A}id") or ""):
            errors.append("id is no tag address")
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.findtext(f"{A}updated") or ""):
            errors.append("updated is no moment")
    for entry in root.findall(f"{A}entry"):
        content = entry.find(f"{A}content")
        if content is None or content.get("type") != "text" or len(content):
            errors.append("content is not text")
        for link in entry.findall(f"{A}link"):
            if link.get("rel") != "alternate" or ":" in (link.get("href") or ":"):
                errors.append("a link that leads out of the book")
    return errors


def test_the_list_follows_itself_and_ends_at_the_ledger(built) -> None:
    entries = ledger.from_json((BUILD / "ledger.json").read_text(encoding="utf-8"))
    check(verdict_changes.load(), {e.claim.id: e.verdict.outcome for e in entries})


def test_a_verdict_that_changed_unlisted_is_told() -> None:
    check([change(), change("differs", "close")], {CLAIM: "close"})
    with pytest.raises(VerdictChangeError, match=rf'{CLAIM} is "differs".*says "close".*verdict_changes.yml'):
        check([change(), change("differs", "close")], {CLAIM: "differs"})
    with pytest.raises(VerdictChangeError, match='stood at "differs" and is said to leave "reproduced"'):
        check([change(), change("reproduced", "close")], {CLAIM: "close"})
    check([change(after="withdrawn")], {})
    with pytest.raises(VerdictChangeError, match="last listed change"):
        check([change(after="withdrawn")], {CLAIM: "reproduced"})


def test_a_change_may_leave_a_word_of_before_but_the_ledger_knows_it_no_more() -> None:
    check(
        [change("inconsistent", "does not add up"), change("does not add up", "adds up")], {CLAIM: "adds up"}
    )
    for word in ("inconsistent", "not testable"):
        assert change("reproduced", word).after == word
        with pytest.raises(ValidationError):
            Verdict(claim=CLAIM, held_against="nothing", outcome=word)
    with pytest.raises(VerdictChangeError, match="last listed change"):
        check([change("reproduced", "not testable")], {CLAIM: "data wanted"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {date: 2026-01-02, claim: a/b, before: differs, after: differs, reason: x}", "that is no change"),
        (
            "- {date: 2026-02-30, claim: a/b, before: close, after: differs, reason: x}",
            "not YAML: day is out of range",
        ),
        ("- {date: 2026-01-02, claim: a/b, before: proved, after: differs, reason: x}", "change 1, before: "),
        ("- {date: 2026-01-02, claim: a/b, before: close, after: differs}", "change 1, reason: .*reason"),
        ("- {date: 2026-01-02, claim: '<b>', before: close, after: differs, reason: x}", "change 1, claim: "),
        ("- [", "is not YAML"),
    ],
)
def test_a_bad_list_names_file_change_and_field(text, message, tmp_path) -> None:
    file = tmp_path / "changes.yml"
    file.write_text(text)
    with pytest.raises(VerdictChangeError, match=rf"changes\.yml.*{message}"):
        verdict_changes.load(file)


def test_the_newest_stands_last(tmp_path) -> None:
    row = "- {{date: {}, claim: a/b, before: {}, after: {}, reason: x}}\n"
    file = tmp_path / "changes.yml"
    file.write_text(
        row.format("2026-02-01", "close", "differs") + row.format("2026-01-01", "differs", "close")
    )
    with pytest.raises(VerdictChangeError, match="out of order"):
        verdict_changes.load(file)


def test_the_feed_is_valid_atom_and_newest_first(built) -> None:
    text = built.joinpath("_static", news.FEED).read_text(encoding="utf-8")
    assert text == news.feed()
    assert atom_errors(text) == []
    root, kept = ET.fromstring(text), verdict_changes.load()
    assert [e.findtext(f"{A}content") for e in root.iter(f"{A}entry")] == [c.reason for c in reversed(kept)]
    assert root.findtext(f"{A}updated") == f"{max(c.date for c in kept)}T00:00:00Z"
    for link in root.iter(f"{A}link"):
        page, _, anchor = link.get("href").removeprefix("../").partition("#")
        assert f'id="{anchor}"' in built.joinpath(page).read_text(encoding="utf-8")


def test_the_check_of_the_feed_can_fail() -> None:
    good = news.atom([change()], {CLAIM: "../page.html#claim"})
    assert atom_errors(good) == []
    for old, new in [
        ("author>", "contributor>"),
        ("2026-01-02T00:00:00Z", "2 January 2026"),
        ("tag:careshift", "https://careshift.example"),
        ('type="text"', 'type="html"'),
        ("../page.html", "javascript:alert(1)"),
    ]:
        assert atom_errors(good.replace(old, new)), old
    assert "two ids are alike" in atom_errors(news.atom([change(), change()], {}))


def test_hostile_reasons_stay_text_in_feed_log_and_page() -> None:
    made = change(reason=HOSTILE)
    feed = news.atom([made], {})
    assert atom_errors(feed) == []
    assert "<script" not in feed
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ufffe]", feed)
    log = news.changelog(f"{news.START}{news.END}", [made])
    page = news.page([made])
    for text in (log, page):
        assert "\x1b" not in text
        assert not re.search(r"(?<!\\)<script", text)
        assert not re.search(r"(?<!\\)\]\(javascript", text)


def test_the_change_log_has_the_changes_of_the_list() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text == news.changelog(text, verdict_changes.load()), "make refresh writes them anew"
    with pytest.raises(CareshiftError, match=r"CHANGELOG\.md has lost a marker"):
        news.changelog("no markers", [])
