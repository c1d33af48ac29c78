"""Claims by word on the command line: forms of words, what says the same, whole numbers, places, formats."""

import csv
import io
import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from careshift import claim_search, claims, cli, ledger
from careshift.cli import app
from careshift.pages import terminal
from careshift.project import CareshiftError

CLYDE = "Greater Glasgow and Clyde"
RECORDS = {
    "home care": {"says": "Clients of home care in Glasgow", "area": "Glasgow City", "tier": "headline"},
    "care homes": {"says": "Residents of care homes", "area": "Glasgow City"},
    "delays": {"says": "Patients delayed in hospital, a discharge delay", "area": "Fife", "printed": "120"},
    "admissions": {
        "says": "Emergency admissions fell",
        "area": "Greater Glasgow and Clyde",
        "printed": "20",
    },
}


@pytest.fixture
def made(monkeypatch):
    """Give a ledger of four claims with words of their own, which the command reads."""
    base = claims.find("hendry2021/care-home-residents-march-2019")
    bare = {"derive": None, "outside": None, "needs": "a count", "unit": "people", "period": "in all"}
    where = base.where.model_copy(update={"section": "Results", "item": None})
    records = [
        base.model_copy(update={"id": f"hendry2021/number-{at}", "where": where} | bare | says)
        for at, says in enumerate(RECORDS.values())
    ]
    monkeypatch.setattr(claims, "load", lambda source=None: tuple(records))
    entries = ledger.build([])
    monkeypatch.setattr(cli.ledger, "read_ledger", lambda file: entries)
    return entries


@pytest.fixture
def found(made):
    """Give a function that returns which of the claims a search lists."""

    def call(*words: str) -> list[str]:
        done = CliRunner().invoke(app, ["claims", "--format", "json", *words])
        assert done.exit_code == 0, done.output
        names = dict(enumerate(RECORDS))
        return [names[int(item["claim"]["id"].rpartition("-")[2])] for item in json.loads(done.stdout)]

    return call


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["home", "care", "Glasgow"], ["home care"]),
        (["home", "care", "Glasgow", "--tier", "headline"], ["home care"]),
        (["HOMECARE"], ["home care"]),
        (["care", "home"], ["care homes"]),
        (["care", "home", "resident"], ["care homes"]),
        (["admission", "falls"], ["admissions"]),
        (["delaying"], ["delays"]),
        (["glasgow"], ["home care", "care homes", "admissions"]),
        (["20"], ["admissions"]),
        (["120"], ["delays"]),
        (["12"], []),
        (["bed", "blocking", "fife"], ["delays"]),
        (["--area", "glasgow city"], ["home care", "care homes"]),
        (["--area", "Glasgow"], ["home care", "care homes"]),
        (["--area", "S12000049"], ["home care", "care homes"]),
        (["--area", "scotland"], list(RECORDS)),
    ],
)
def test_a_claim_is_found_by_forms_of_words_and_what_says_the_same(found, words, expected) -> None:
    assert found(*words) == expected


def test_a_place_that_no_claim_is_about_is_refused_with_the_nearest(made) -> None:
    done = CliRunner().invoke(app, ["claims", "--area", "Glasgo"])
    assert isinstance(done.exception, CareshiftError)
    assert "Nearest: Glasgow City" in str(done.exception)


@pytest.mark.parametrize("width", [30, 50, 80])
def test_text_fits_the_width_of_the_terminal(made, width, monkeypatch) -> None:
    monkeypatch.setattr(cli.ledger, "out", cli.console.Console(highlight=False, width=width))
    monkeypatch.setenv("COLUMNS", str(width))
    lines = CliRunner().invoke(app, ["claims", "bed", "blocking"]).stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert "hendry2021/number-2" in "".join(lines)


def test_where_none_is_found_it_says_which_word_or_condition_keeps_them_away(made) -> None:
    said = CliRunner().invoke(app, ["claims", "zebra", "Fife"]).output
    assert "No claim has zebra." in said
    said = CliRunner().invoke(app, ["claims", "Fife", "--tier", "headline"]).output
    assert "Without --tier: 1 claims." in said


def test_formats_for_other_programs_hold_the_claims_alone(made) -> None:
    call = ["claims", "Glasgow", "--format"]
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(app, [*call, "csv"]).stdout)))
    assert [row["area"] for row in rows] == ["Glasgow City", "Glasgow City", CLYDE]
    table = CliRunner().invoke(app, [*call, "markdown"]).stdout.splitlines()
    assert [line.count("|") for line in table] == [7] * 5
    lines = CliRunner().invoke(app, [*call, "lines"]).stdout.splitlines()
    assert len(lines) == 4


def test_a_cell_of_the_markdown_table_is_no_markup(made, monkeypatch) -> None:
    entry = made[0]
    sour = entry.claim.model_copy(update={"says": "<b>x</b> | [a](http://b) *c*"})
    row = terminal.markdown([replace(entry, claim=sour)]).splitlines()[-1]
    assert "<b>" not in row
    assert "[a](" not in row
    assert row.replace("\\|", "").count("|") == 7


def test_open_goes_to_the_entry_of_the_one_claim(made, monkeypatch, tmp_path) -> None:
    opened = []
    monkeypatch.setattr("typer.launch", opened.append)
    monkeypatch.setattr(cli.ledger, "BUILD", tmp_path)
    monkeypatch.setattr(
        "careshift.pages.entries.homes", lambda: {"hendry2021/number-2": "hendry2021-results"}
    )
    page = tmp_path / "html/chapters/ledger/hendry2021-results.html"
    page.parent.mkdir(parents=True)
    page.touch()
    assert CliRunner().invoke(app, ["claims", "Fife", "--open"]).exit_code == 0
    assert opened == [f"{page.as_uri()}#{made[2].claim.anchor}"]
    several = CliRunner().invoke(app, ["claims", "Glasgow", "--open"])
    assert "3 claims are found; --open needs one" in str(several.exception)


def test_other_ways_of_saying_a_phrase_are_told() -> None:
    assert "delayed discharge" in claim_search.alike("bed blocking in Fife")
    assert claim_search.alike("zebra") == []
