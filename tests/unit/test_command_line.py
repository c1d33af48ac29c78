"""The ledger in the terminal: listed, filtered, one claim whole, and one ledger against another."""

import json
import re
import shutil

import pytest
from typer.testing import CliRunner

from careshift import claims, ledger, ledger_diff, tables
from careshift.claims import Choice, Evidence
from careshift.cli import app
from careshift.ledger_diff import Change
from careshift.project import CareshiftError

RESIDENTS = "hendry2021/care-home-residents-march-2019"
FALL = "kingsfund2013/table-7-chd-admissions-fall"
OTHER = "kingsfund2013/table-7-diabetes-admissions-fall"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Give the file of a ledger of three claims: held against data, against prints, and against nothing."""
    bare = {"derive": None, "outside": None, "needs": "admissions by month"}
    records = tuple(claims.find(name).model_copy(update=bare) for name in (RESIDENTS, FALL, OTHER))
    monkeypatch.setattr(claims, "load", lambda source=None: records)
    counted = Evidence(
        claim=RESIDENTS,
        derived=30419,
        basis="counted in the census",
        tables=("care_home_residents",),
        choices=(Choice(label="March", value=30419), Choice(label="September", value=1, decides=False)),
    )
    printed = Evidence(claim=FALL, derived=records[1].value, basis="printed counts", rests_on=(OTHER,))
    file = tmp_path / "ledger.json"
    file.write_text(ledger.as_json(ledger.build([counted, printed])))
    return file


@pytest.fixture
def run(kept, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)  # workers that run tests beside each other have it

    def call(*words: str):
        return CliRunner().invoke(app, ["claims", "--ledger", str(kept), *words])

    return call


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], [RESIDENTS, FALL, OTHER]),
        (["--outcome", "close"], [RESIDENTS]),
        (["--outcome", "adds up"], [FALL]),
        (["--held-against", "outside data"], [RESIDENTS]),
        (["--held-against", "own numbers"], [FALL]),
        (["--held-against", "nothing"], [OTHER]),
        (["--source", "kingsfund2013"], [FALL, OTHER]),
        (["--area", "Wales"], [FALL, OTHER]),
        (["--tier", "context"], []),
        (["DIABETES", "fall"], [OTHER]),
        (["fall", "--area", "Wales", "--outcome", "close"], []),
    ],
)
def test_filters_keep_the_claims_that_meet_every_condition(run, words, expected) -> None:
    done = run(*words)
    assert done.exit_code == 0
    *lines, last = done.stdout.splitlines()
    assert [line.split(" | ")[0] for line in lines] == expected
    assert last == f"{len(expected)} of 3 claims."
    assert [item["claim"]["id"] for item in json.loads(run(*words, "--json").stdout)] == expected


def test_one_claim_is_shown_whole(run) -> None:
    text = run("--id", RESIDENTS).stdout
    vintage = tables.describe("care_home_residents")["vintage"]
    for part in ("30,418", "exactly 30,418", "30,419", "close", "counted in the census", "September: 1"):
        assert part in text
    assert re.search(r"held against +outside data, recomputed", text)
    assert "decides nothing" in text
    assert vintage in text
    assert "any other value" in text or "it would be" in text


def test_what_only_prints_support_or_nothing_tests_says_so(run) -> None:
    prints, nothing = (run("--id", name).stdout for name in (FALL, OTHER))
    assert re.search(r"held against +own numbers\n", prints)
    assert re.search(r"outcome +adds up\n", prints)
    assert re.search(r"held against +nothing\n", nothing)
    assert re.search(r"would test it +admissions by month\n", nothing)
    assert "derived" not in nothing


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--id", "hendry2021/care-home-residents-march-2018"], "Nearest: hendry2021/care-home-residents"),
        (["--id", RESIDENTS, "--outcome", "differs"], "does not meet the other conditions"),
        (["--source", "hendry"], "the sources are hendry2021"),
        (["--ledger", "nowhere.json"], "careshift book"),
    ],
)
def test_what_is_not_there_is_an_error_with_a_remedy(run, words, message) -> None:
    done = run(*words)
    assert isinstance(done.exception, CareshiftError)
    assert message in str(done.exception)


@pytest.fixture
def edited(kept):
    """Give a function that copies the ledger, changed by the function it is given."""

    def edit(change) -> str:
        file = kept.with_name("new.json")
        shutil.copy(kept, file)
        data = json.loads(file.read_text())
        change(data)
        file.write_text(json.dumps(data))
        return str(file)

    return edit


def test_the_same_ledger_has_no_changes(kept, edited) -> None:
    done = CliRunner().invoke(app, ["compare", str(kept), edited(lambda data: None)])
    assert (done.exit_code, done.stdout) == (0, "Changes: none.\n")


def test_verdicts_values_vintages_and_claims_that_changed_are_told(kept, edited) -> None:
    def change(data: dict) -> None:
        first, second, third = data["claims"]
        first["verdict"] |= {"outcome": "differs", "derived": 40000.0}
        second["verdict"]["derived"] *= 1 + 1e-12  # the last bits of a sum are no change
        third["claim"]["id"] = "kingsfund2013/another"
        data["tables"]["care_home_residents"]["vintage"] = "Census of 2050"
        data["tables"]["new_table"] = {"vintage": "2050"}

    new = edited(change)
    done = CliRunner().invoke(app, ["compare", str(kept), new, "--json"])
    assert done.exit_code == 1
    told = [Change.model_validate(item) for item in json.loads(done.stdout)]
    vintage = tables.describe("care_home_residents")["vintage"]
    outcome = json.loads(kept.read_text())["claims"][2]["verdict"]["outcome"]
    assert told == [
        Change(about=RESIDENTS, what="verdict", before="close", after="differs"),
        Change(about=RESIDENTS, what="derived value", before=30419, after=40000),
        Change(about="kingsfund2013/another", what="claim", after=outcome),
        Change(about=OTHER, what="claim", before=outcome),
        Change(about="care_home_residents", what="vintage", before=vintage, after="Census of 2050"),
        Change(about="new_table", what="table", after="2050"),
    ]
    plain = CliRunner().invoke(app, ["compare", str(kept), new])
    assert plain.exit_code == 1
    assert f"{RESIDENTS} | verdict | close -> differs" in plain.stdout
    assert "Changes: 6." in plain.stdout


@pytest.mark.parametrize("text", ["not JSON", "[]", "{}", '{"claims": [{"claim": {}}]}'])
def test_a_file_that_is_no_ledger_is_exit_code_2(kept, tmp_path, text) -> None:
    other = tmp_path / "other.json"
    other.write_text(text)
    assert CliRunner().invoke(app, ["compare", str(other), str(kept)]).exit_code == 2
    with pytest.raises(ledger_diff.ComparisonError, match=r"other\.json is not a ledger"):
        ledger_diff.compare(other, kept)


@pytest.mark.parametrize("command", ["claims", "compare"])
def test_help_teaches_by_example(command) -> None:
    assert f"careshift {command} " in CliRunner().invoke(app, [command, "--help"]).stdout
