"""The machine forms say what the ledger says, and can break neither a page nor a table."""

import csv
import io
import json

import jsonschema
import pytest
import yaml
from made_records import claim, found

from careshift import claims, exports, ledger
from careshift.claims import AGAINST, OUTCOMES
from careshift.project import BUILD, ROOT, CareshiftError

RESIDENTS = "hendry2021/care-home-residents-march-2019"


@pytest.fixture
def entries(monkeypatch):
    """Give a ledger of a claim that outside data judge, one that a print judges, a repeat and a date."""
    records = (
        claim(id=RESIDENTS, printed="30,418", rounded_to=None),
        claim(id="hendry2021/half", printed="15,209", derive=f'ratio(same_as("{RESIDENTS}"), 2)'),
        claim(id="hendry2021/again", repeats=RESIDENTS),
        claim(id="hendry2021/day", kind="date"),
        claim(id="hendry2021/near", needs="some data"),
    )
    monkeypatch.setattr(claims, "load", lambda source=None: records)
    evidence = [
        found(30419, claim=RESIDENTS, tables=("care_home_residents",)),
        found(31, claim="hendry2021/near", nearest=True),
    ]
    return ledger.build(evidence)


@pytest.fixture
def whole(built):
    """Give the ledger of the built book."""
    return ledger.from_json((BUILD / "ledger.json").read_text(encoding="utf-8"))


def test_the_schema_takes_the_ledger_and_refuses_another(entries) -> None:
    check = jsonschema.Draft202012Validator(json.loads(exports.schema()))
    kept = json.loads(ledger.as_json(entries))
    check.validate(kept)
    for spoil in (
        lambda data: data["claims"][0]["verdict"].update(outcome="proved"),
        lambda data: data["claims"][0]["claim"].update(opinion="good"),
        lambda data: data["claims"][0]["claim"].pop("where"),
        lambda data: data["claims"][0]["verdict"].update(held_against="hearsay"),
        lambda data: data["claims"][0]["verdict"].update(how="guessed"),
        lambda data: data["claims"][0]["claim"].update(kind="arithmetic"),
        lambda data: data["counts"].update(inconsistent=1),
        lambda data: data.pop("tables"),
        lambda data: data.pop("held_against"),
        lambda data: data.pop("how"),
    ):
        data = json.loads(json.dumps(kept))
        spoil(data)
        assert not check.is_valid(data)


def test_the_built_ledger_keeps_to_its_schema(built) -> None:
    kept = json.loads((BUILD / "ledger.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads(exports.schema())).validate(kept)


def test_the_schema_has_its_version_and_says_what_became_of_the_old_words() -> None:
    said = json.loads(exports.schema())
    assert said["version"] == ledger.SCHEMA
    gone = {"inconsistent", "not testable"}
    assert gone <= set(said["x-words-of-schema-1"])
    assert not gone & set(OUTCOMES)


def test_the_flat_table_has_a_row_a_record(entries) -> None:
    rows = list(csv.DictReader(io.StringIO(exports.as_csv(entries))))
    assert [row["id"] for row in rows] == [entry.claim.id for entry in entries]
    assert [row["outcome"] for row in rows] == [entry.verdict.outcome for entry in entries]
    assert [row["held_against"] for row in rows] == [entry.verdict.held_against for entry in entries]
    assert [row["counted"] for row in rows] == ["True", "True", "False", "False", "True"]
    assert [row["repeats"] for row in rows] == ["", "", RESIDENTS, "", ""]
    assert (rows[1]["outcome"], rows[1]["own_numbers"], rows[1]["how"]) == ("adds up", "adds up", "")
    assert (rows[4]["derived"], float(rows[4]["nearest_public_figure"])) == ("", 31)
    assert rows[0]["printed"] == "30,418"
    assert float(rows[0]["derived"]) == 30419
    assert rows[0]["tables"] == "care_home_residents"


def test_the_dataset_is_inert_whatever_it_says(entries, monkeypatch) -> None:
    evil = "</script><script>alert(1)</script> & `````` <!--"
    monkeypatch.setattr(exports, "citation", lambda: about | {"title": evil, "abstract": evil})
    about = {"version": "1", "authors": [{"name": evil}]}
    made = exports.dataset(entries, "static")
    inside = made.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&`") & set(inside)
    said = json.loads(inside)
    assert said["@type"] == "Dataset"
    assert said["description"] == evil
    assert [item["contentUrl"] for item in said["distribution"]] == [f"static/{n}" for n in exports.FILES]
    counted = {item["name"].rpartition(": ")[2]: item["value"] for item in said["variableMeasured"]}
    assert counted == {
        **ledger.counts(entries),
        **ledger.held(entries),
        **{f"claims held against outside data, {how}": n for how, n in ledger.hows(entries).items()},
    }


def test_only_what_was_held_against_something_has_a_review(entries) -> None:
    made = exports.reviews(entries)
    said = json.loads(made.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))
    rated = {item["url"]: item["reviewRating"]["alternateName"] for item in said["@graph"]}
    assert rated == {
        f"#{e.claim.anchor}": e.verdict.outcome
        for e in ledger.counted(entries)
        if e.verdict.held_against != "nothing"
    }
    assert list(rated.values()) == ["close", "adds up"]


def test_the_ledger_page_carries_its_dataset_and_its_files(built, whole) -> None:
    html = built.joinpath("chapters/ledger/index.html").read_text(encoding="utf-8")
    parts = html.split('<script type="application/ld+json">')[1:]
    records = [json.loads(part.split("</script>")[0]) for part in parts]
    (dataset,) = [record for record in records if record["@type"] == "Dataset"]
    for item in dataset["distribution"]:
        assert built.joinpath("chapters/ledger", item["contentUrl"]).resolve().is_file()
    for name in exports.FILES:
        assert f'<a href="../../_static/{name}" download>' in html
        assert len(list(built.rglob(name))) == 1
    kept = built.joinpath("_static", "ledger.csv").read_text(encoding="utf-8")
    assert kept == exports.as_csv(whole)


def test_the_readme_has_the_counts_of_the_ledger(whole) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text == exports.readme(text, whole), "make refresh writes the table of verdicts anew"
    for outcome in OUTCOMES:
        assert f"| {' or '.join(AGAINST[outcome])} | {outcome} | {ledger.counts(whole)[outcome]} |" in text


def test_a_lost_marker_is_told(entries) -> None:
    with pytest.raises(CareshiftError, match=r"README\.md has lost a marker"):
        exports.readme("no markers", entries)


def test_codecheck_yml_is_that_of_the_ledger(whole) -> None:
    text = (ROOT / "codecheck.yml").read_text(encoding="utf-8")
    assert text == exports.codecheck(whole), "make refresh writes codecheck.yml anew"
    manifest = yaml.safe_load(text)["manifest"]
    assert exports.tally(ledger.counts(whole), ledger.held(whole)) in manifest[0]["comment"]
    missing = [item["file"] for item in manifest if not (ROOT / item["file"]).is_file()]
    assert not missing
