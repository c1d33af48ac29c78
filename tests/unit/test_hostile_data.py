"""Cells, names of columns and files, and parameters that are markup, code, paths or formulas stay text."""

import ast
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from typer.testing import CliRunner

from careshift import figures, pages, parameters, tables
from careshift.cli import app, main
from careshift.figures import MIME
from careshift.pages.catalogue import catalogue
from careshift.parameters import ParameterError
from careshift.pipeline import execute
from careshift.project import CareshiftError
from careshift.readers import importing

ESCAPES = "\x1b[2J\x1b]0;owned\x07"
HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("https://example.org","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "../../etc/passwd",
    "{{ 7 * 7 }}",
    "javascript:alert(1)",
    "`````{raw} html",
    '"); import os; os.system("touch owned")  #',
    ESCAPES,
]


def run(*words: str) -> str:
    """Return everything the command line says, its last error too."""
    done = CliRunner().invoke(app, list(words))
    assert not isinstance(done.exception, SystemExit) or done.exception.code in (0, 1, 2)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        assert isinstance(done.exception, CareshiftError), done.exception
    return done.output


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_cell_column_and_file_name_reach_the_terminal_inert(tmp_path, text) -> None:
    name = text.replace("/", "_")
    file = tmp_path / f"{name}.csv"
    column, cell = (part.replace('"', '""') for part in (text, name))
    rows = f'financial_year,residents,status,"{column}"\n2003/04,"{cell}",final,1\n'
    file.write_text(rows, encoding="utf-8")
    said = run("check", str(file), "--table", "free_personal_care_residents")
    assert "is not a whole number" in said
    assert "\x1b" not in said
    assert "\x07" not in said
    with pytest.raises(CareshiftError) as error:
        tables.read("free_personal_care_residents", file)
    assert "\x1b" not in str(error.value).replace(str(file), "").replace(file.name, "")


def test_an_error_of_the_command_line_is_inert(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("sys.argv", ["careshift", "check", f"{ESCAPES}.csv", "--table", "population"])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr()
    assert "\\x1b[2J" in said.err
    assert "\x1b" not in said.out + said.err


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_a_hostile_cell_is_text_in_a_page_and_inert_in_its_csv(text) -> None:
    frame = pd.DataFrame({"label": [text, "b"], "value": [1.0, 2.0]})
    made = pages.table(frame, text)._repr_mimebundle_()["text/html"]
    assert "<script" not in made
    assert "<script" not in pages.say("It is {text}.", text=text).replace("\\<script", "")
    bundle = figures.bars(
        frame, label="label", value="value", name="x", title="T", x_label="X", tables=["population"]
    )
    csv = bundle._repr_mimebundle_()[MIME]["csv"]
    assert not any(cell.lstrip('"').startswith(("=", "+", "@")) for cell in csv.split("\n")[1:])


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_vintage_or_raw_name_is_text_in_the_catalogue(monkeypatch, text) -> None:
    described = tables.describe("areas")
    hostile = {**described, "vintage": text, "raw": [{"file": text, "sha256": "0" * 64}]}
    monkeypatch.setattr(tables, "describe", lambda name: hostile)
    monkeypatch.setattr(tables, "names", lambda: ["areas"])
    page = catalogue()
    assert "<script" not in page.replace("\\<script", "").replace("`<script", "")
    assert "\x1b" not in page


@pytest.mark.parametrize("path", ["javascript:alert(1)", "data:text/html,x", "http://example.org", "../x"])
def test_no_address_of_another_kind_becomes_a_link(monkeypatch, path) -> None:
    spoilt = {**tables.describe("areas"), "sources": [{"title": "Where it is from", "path": path}]}
    monkeypatch.setattr(tables, "describe", lambda name: spoilt)
    monkeypatch.setattr(tables, "names", lambda: ["areas"])
    assert path not in catalogue()
    assert "Where it is from" in catalogue()


def test_a_run_refuses_a_parameter_that_is_code_before_it_starts(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(execute, "_papermill", lambda *given: pytest.fail("it ran"))
    with pytest.raises(ParameterError, match="has no parameter"):
        execute.execute("scotland/care_home_residents", {"x = __import__('os') #": 1}, tmp_path / "a.ipynb")


TEXTS = some.one_of(some.sampled_from(HOSTILE), some.text(max_size=60))


@given(TEXTS)
def test_a_parameter_is_a_value_in_the_notebook_never_code(text) -> None:
    notebook = load_notebook_node(str(parameters.notebook_of("scotland/care_home_residents")))
    made = parameterize_notebook(notebook, {"alignment": text}, kernel_name="python3", language="python")
    (cell,) = [c for c in made.cells if "injected-parameters" in c.metadata.get("tags", [])]
    (statement,) = ast.parse(cell.source).body
    assert isinstance(statement, ast.Assign)
    assert ast.literal_eval(statement.value) == text


def test_control_characters_in_a_cell_are_refused(tmp_path) -> None:
    text = tables.locate("areas").read_text(encoding="utf-8").replace("Fife", f"Fife{ESCAPES}", 1)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CareshiftError, match=r'field "name": "NHS Fife\\x1b\[2J.*holds a control character'):
        tables.read("areas", tmp_path / "a.csv")


@given(TEXTS)
def test_a_parameter_has_only_names_that_the_chapter_declares(text) -> None:
    notebook = parameters.notebook_of("scotland/care_home_residents")
    if text not in parameters.declared(notebook):
        with pytest.raises(ParameterError):
            parameters.check_given(notebook, {text: "x"})


@pytest.mark.parametrize("text", ["../../etc/passwd", "/etc/passwd", "scotland/../../README", ESCAPES])
def test_a_path_is_no_chapter_table_or_data(tmp_path, text) -> None:
    with pytest.raises(ParameterError, match="There is no chapter"):
        parameters.notebook_of(text)
    with pytest.raises(CareshiftError, match="There is no table"):
        tables.describe(text)
    with pytest.raises(CareshiftError) as error:
        tables.read("population", text)
    assert "root:" not in str(error.value)


def test_a_vintage_is_never_a_path(tmp_path, monkeypatch, made_project) -> None:
    made_project("../../../escape")
    kept = importing.put_in_place(*made_project.release, vintage="next")
    assert kept.parent.parent == importing.VINTAGES
    assert sorted(path.name for path in kept.iterdir()) == [
        "description.json",
        "free_personal_care_residents.csv",
    ]


@pytest.fixture
def made_project(tmp_path, monkeypatch):
    """Give a function that sets up a data folder of one table with that vintage, and its next release."""
    name = "free_personal_care_residents"
    described = dict(tables.describe(name))
    content = tables.locate(name).read_bytes()
    raw = tmp_path / "raw.csv"
    raw.write_text("raw")

    def make(vintage: str) -> None:
        described["vintage"] = vintage
        package = tmp_path / "datapackage.json"
        package.write_text(json.dumps({"resources": [described]}))
        (tmp_path / described["path"]).write_bytes(content)
        monkeypatch.setattr(tables, "PACKAGE", package)
        monkeypatch.setattr(importing, "DATA", tmp_path)
        monkeypatch.setattr(importing, "VINTAGES", tmp_path / "vintages")
        tables.package.cache_clear()

    frame = pd.read_csv(tables.locate(name), dtype=str)
    make.release = (name, frame, [Path(raw)], "publisher")
    yield make
    monkeypatch.undo()
    tables.package.cache_clear()
