"""A bad record stops the build, and the message names the file, the record and the remedy."""

import json

import pytest

from careshift import arithmetic, claims, ledger, source_coverage
from careshift.claims import ClaimError
from careshift.pipeline import collect
from careshift.project import CareshiftError


def outside(match: str, value: str) -> str:
    """Return outside data as a record has them."""
    return json.dumps({"match": match, "basis": "b", "choices": [{"label": "l", "value": value}]})


GOOD = {
    "id": "hendry2021/a-claim",
    "where": "{section: Results, item: paragraph 1}",
    "says": "Something fell",
    "printed": '"20"',
    "rounded_to": "1",
    "unit": "percent",
    "period": '"2019"',
    "area": "Scotland",
    "kind": "statement",
    "needs": "some data",
    "derive": 'same_as("hendry2021/whole")',
    "chapter": "policy/timeline",
}
WHOLE = GOOD | {"id": "hendry2021/whole", "derive": None}

# what is wrong: the record's fields, and what the message must say besides file and record
BAD = {
    "an unknown key": ({"roundd_to": "1"}, "Did you mean rounded_to"),
    "a key nobody knows": ({"verdict": "reproduced"}, "verdict: .*known keys: id, where"),
    "an unknown key of the place": (
        {"where": "{section: Results, itm: x}"},
        "where.itm: .*Did you mean item",
    ),
    "no locator": ({"where": None}, r"where: .*Give its place in the source: where: \{section"),
    "an empty locator": ({"where": "{section: ''}"}, "where.section: .*Give its place in the source"),
    "a print without a number": ({"printed": '"many"'}, 'printed "many" is not a number: add `reads_as`'),
    "an unknown function": ({"derive": "sum(10, 10)"}, "derive: Cannot evaluate .*Known: .*total"),
    "an unknown name": ({"derive": "total(10, x)"}, "derive: Cannot evaluate .*Known: .*total"),
    "an unknown claim": (
        {"derive": 'same_as("hendry2021/a-clam")'},
        "derive: .*There is no claim .*Nearest: hendry2021/a-claim",
    ),
    "an old kind": ({"kind": "arithmetic"}, "kind: .*'statement', 'cause', 'view'"),
    "an old field": ({"proxy": "true"}, "proxy: .*known keys: id, where"),
    "a repeat of nothing": (
        {"derive": None, "repeats": "hendry2021/whol"},
        "repeats: there is no claim .*Nearest: hendry2021/whole",
    ),
    "a repeat with a check of its own": (
        {"repeats": "hendry2021/whole"},
        "judged where it was said first: drop `derive` and `outside`",
    ),
    "outside data of a date": (
        {"derive": None, "kind": "date", "outside": outside("same", 'official("a", "b", "c")')},
        "a date is held against no data",
    ),
    "outside data of an unknown nearness": (
        {"outside": outside("near enough", 'official("a", "b", "c")')},
        "outside.match: .*'same', 'later', 'bounds' or 'nearest'",
    ),
    "one bound": (
        {"outside": outside("bounds", 'official("a", "b", "c")')},
        "outside: .*bounds are two readings",
    ),
    "outside data from no table": ({"outside": outside("same", "total(10, 10)")}, "outside: .*reads no cell"),
    "outside data from an unknown table": (
        {"outside": outside("same", 'count_of("populaton")')},
        "outside: .*there is no table populaton",
    ),
    "outside data from a series that is not there": (
        {"outside": outside("same", 'official("no-such-series", "S92000003", "2019")')},
        "outside: .*no table of single values has the series no-such-series",
    ),
    "outside data from what the documents print": (
        {"outside": outside("same", 'count_of("welsh_admissions")')},
        "outside: .*welsh_admissions holds what the documents print: it is no outside data",
    ),
    "an unknown chapter": (
        {"chapter": "policy/timelin"},
        "chapter: there is no chapter .*Did you mean policy/timeline.*planned.yml",
    ),
}


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Give a folder of claims of its own, and a function that writes records into it."""
    monkeypatch.setattr(claims, "CLAIMS", tmp_path)
    claims.load.cache_clear()

    def write(*records: dict) -> None:
        lines = [[f"{key}: {value}" for key, value in r.items() if value is not None] for r in records]
        text = "\n".join("- " + "\n  ".join(record) for record in lines)
        (tmp_path / "hendry2021.yml").write_text(text + "\n")

    yield write
    claims.load.cache_clear()


def test_the_good_record_is_taken(written, tmp_path) -> None:
    written(GOOD, WHOLE)
    collect.collect([], tmp_path / "ledger.json")
    assert [entry.verdict.outcome for entry in ledger.build([])] == ["adds up", "data wanted"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_record_stops_the_build(name, written, tmp_path) -> None:
    fields, message = BAD[name]
    written(GOOD | fields, WHOLE)
    with pytest.raises(CareshiftError, match=rf"hendry2021\.yml, hendry2021/a-claim, .*{message}"):
        collect.collect([], tmp_path / "ledger.json")
    assert not (tmp_path / "ledger.json").exists()


def test_two_records_with_one_id_stop_the_build(written) -> None:
    written(GOOD, GOOD)
    with pytest.raises(ClaimError, match=r"hendry2021\.yml: .*twice: hendry2021/a-claim\. Rename one"):
        claims.load()


def test_a_file_that_is_not_yaml_stops_the_build(written, tmp_path) -> None:
    (tmp_path / "hendry2021.yml").write_text("- id: {\n")
    with pytest.raises(ClaimError, match=r"hendry2021\.yml is not YAML: .*line 2"):
        claims.load()


def test_every_claim_names_a_chapter_of_the_map_and_evaluates() -> None:
    source_coverage.check_chapters(claims.load())
    for claim in claims.load():
        arithmetic.evidence_of(claim)
