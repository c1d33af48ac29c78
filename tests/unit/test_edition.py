"""Editions: other tables, parameters and chapters, in a folder of their own, refused where they are wrong."""

import json

import pytest
import yaml
from sphinx_external_toc.parsing import parse_toc_data

from careshift import tables
from careshift.pipeline import edition, runs
from careshift.project import CareshiftError

WALES = "wales/admission_reductions"
OWN = {"file": "own.csv", "vintage": "May 2026", "licence": "Private"}


@pytest.fixture
def made(tmp_path):
    """Write an edition file and answer its path: made(title="x", chapters=[...])."""

    def write(**content):
        file = tmp_path / "mine.yml"
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        return file

    return write


@pytest.fixture
def prepared(made, tmp_path):
    """Prepare an edition and answer its folder."""

    def prepare(**content):
        file = made(**content)
        edition.prepare(edition.load(file), file, tmp_path / "folder")
        return tmp_path / "folder"

    return prepare


def test_an_edition_without_conditions_is_the_whole_book(prepared) -> None:
    folder = prepared(title="all")
    listed = yaml.safe_load((folder / "chapters/runs.yml").read_text())
    assert [item["page"] for item in listed] == list(runs.plan())
    assert not (folder / "data/claims/listed.json").exists()


def test_chapters_are_chosen_by_name_and_pattern(prepared) -> None:
    folder = prepared(title="Wales", chapters=["wales/*", "policy/timeline"])
    made = {p.relative_to(folder / "chapters").as_posix() for p in folder.rglob("*.ipynb")}
    assert made == {f"{n}.ipynb" for n in runs.plan() if n.startswith("wales/") or n == "policy/timeline"}
    contents = (folder / "_toc.yml").read_text()
    assert "wales/money" in contents
    assert "scotland/money" not in contents
    assert "caption: Scotland" not in contents


def test_the_edition_stands_above_every_page_as_inert_text(prepared) -> None:
    folder = prepared(title="<script>alert(1)</script> & more")
    config = yaml.safe_load((folder / "_config.yml").read_text())
    announcement = config["sphinx"]["config"]["html_theme_options"]["announcement"]
    assert announcement == "Edition: &lt;script&gt;alert(1)&lt;/script&gt; &amp; more"


def test_an_edition_with_data_or_parameters_of_its_own_says_that_it_is_not_the_published_book(made) -> None:
    content = {
        "title": "<i>Ours",
        "parameters": {WALES: {"confidence": 0.9}},
        "tables": {"welsh_admissions": OWN},
    }
    said = edition.announcement(edition.load(made(**content)))
    title = tables.describe("welsh_admissions")["title"]
    assert said.startswith(
        "Edition: &lt;i&gt;Ours. This is not the published book: it has data of its own for "
    )
    assert title in said
    assert said.endswith(f"and parameters of its own for {WALES}.")


def test_parameters_reach_the_plan(prepared) -> None:
    folder = prepared(title="x", parameters={WALES: {"confidence": 0.9}}, chapters=[WALES])
    assert yaml.safe_load((folder / "chapters/runs.yml").read_text())[0]["parameters"] == {"confidence": 0.9}


def test_an_own_table_replaces_the_books_and_says_so(prepared, tmp_path) -> None:
    text = tables.locate("welsh_admissions").read_text().replace("16805", "16806")
    (tmp_path / "own.csv").write_text(text)
    folder = prepared(title="Ours", chapters=[WALES], tables={"welsh_admissions": OWN})
    assert (folder / "data/welsh_admissions.csv").read_text() == text
    described = json.loads((folder / "data/datapackage.json").read_text())["resources"]
    table = next(t for t in described if t["name"] == "welsh_admissions")
    assert (table["vintage"], table["licenses"][0]["title"], table["raw"]) == ("May 2026", "Private", [])
    assert "Ours" in table["publisher"]


def test_an_own_workbook_is_turned_into_the_table(prepared, tmp_path) -> None:
    import pandas as pd

    frame = pd.read_csv(tables.locate("welsh_admissions"), dtype=str, keep_default_na=False)
    frame.to_excel(tmp_path / "own.xlsx", index=False)
    folder = prepared(title="x", tables={"welsh_admissions": OWN | {"file": "own.xlsx"}})
    assert (folder / "data/welsh_admissions.csv").read_text() == tables.locate("welsh_admissions").read_text()


def test_a_second_preparation_touches_nothing_and_drops_what_has_gone(prepared) -> None:
    folder = prepared(title="x", chapters=["wales/*"])
    times = {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}
    (folder / "chapters/stray.md").write_text("left over")
    prepared(title="x", chapters=["wales/*"])
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()} == times


@pytest.mark.parametrize("run", list(runs.plan()))
def test_an_edition_of_any_one_page_has_a_table_of_contents_that_holds_it(run) -> None:
    files = edition.narrowed("x", {runs.plan()[run].chapter}, {run})
    contents = parse_toc_data(yaml.safe_load(files["_toc.yml"]))  # raises where the book could not be built
    assert f"chapters/{run}" in contents
    listed = {name.split("/")[1] for name in contents if name.startswith("chapters/")}
    assert listed == {run.split("/")[0], "ledger", "documents"}


def test_an_own_table_may_have_other_columns_or_add_its_rows(prepared, tmp_path) -> None:
    book = tables.locate("welsh_admissions").read_text()
    (tmp_path / "own.csv").write_text(book.replace("financial_year", "Year").replace("16805", "16806"))
    mapped = OWN | {"rename": {"Year": "financial_year"}}
    folder = prepared(title="x", chapters=[WALES], tables={"welsh_admissions": mapped})
    ours = (folder / "data/welsh_admissions.csv").read_text()
    assert ours == book.replace("16805", "16806")
    head, first, *_ = book.splitlines()
    revised = f"{first.rsplit(',', 1)[0]},7"
    (tmp_path / "own.csv").write_text(f"{head}\n{revised}\n")
    folder = prepared(title="x", chapters=[WALES], tables={"welsh_admissions": OWN | {"extends": True}})
    now = (folder / "data/welsh_admissions.csv").read_text().splitlines()
    assert sorted(now) == sorted(
        [*book.splitlines()[:1], f"{first.rsplit(',', 1)[0]},7", *book.splitlines()[2:]]
    )
    described = json.loads((folder / "data/datapackage.json").read_text())["resources"]
    table = next(t for t in described if t["name"] == "welsh_admissions")
    assert table["caveats"] == ["The table of the book, with rows added or replaced in the edition “x”."]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x\ny"}, "title"),
        ({"title": "x", "chapter": ["a"]}, "An edition has title, chapters, parameters, tables"),
        ({"title": "x", "chapters": ["wales/mony"]}, "Did you mean wales/money"),
        ({"title": "x", "chapters": ["../../etc/passwd"]}, "no chapter fits"),
        ({"title": "x", "parameters": {WALES: {"confidense": 0.9}}}, "Did you mean confidence"),
        ({"title": "x", "parameters": {WALES: {"confidence": "high"}}}, "must be a number"),
        (
            {"title": "x", "chapters": ["wales/money"], "parameters": {WALES: {}}},
            "no chapter of this edition",
        ),
        (
            {"title": "x", "tables": {"welsh_admision": OWN}},
            "Did you mean welsh_admissions",
        ),
        ({"title": "x", "tables": {"welsh_admissions": {"file": "a.csv"}}}, "vintage"),
        (
            {
                "title": "x",
                "tables": {"welsh_admissions": {"file": "no.csv", "vintage": "b", "licence": "c"}},
            },
            "no such file",
        ),
    ],
)
def test_a_wrong_edition_is_refused_with_the_remedy(prepared, tmp_path, content, complaint) -> None:
    with pytest.raises(CareshiftError, match=complaint):
        prepared(**content)
    assert not (tmp_path / "folder").exists()


def test_a_file_that_is_not_there_or_no_yaml_is_refused(tmp_path) -> None:
    with pytest.raises(edition.EditionError, match="No such file"):
        edition.load(tmp_path / "none.yml")
    (tmp_path / "bad.yml").write_text("title: [")
    with pytest.raises(edition.EditionError, match=r"bad\.yml: not YAML"):
        edition.load(tmp_path / "bad.yml")


def test_an_own_table_that_breaks_the_rules_is_refused_with_its_row(prepared, tmp_path) -> None:
    text = tables.locate("welsh_admissions").read_text().replace("16805", "many")
    (tmp_path / "own.csv").write_text(text)
    with pytest.raises(CareshiftError, match=r'own\.csv, row \d+, field "count"'):
        prepared(title="x", tables={"welsh_admissions": OWN})


def test_the_example_can_be_prepared(tmp_path) -> None:
    file = edition.ROOT / "editions/highland.yml"
    edition.prepare(edition.load(file), file, tmp_path / "highland")
    assert (tmp_path / "highland/chapters/scotland/delayed_discharge.ipynb").exists()
