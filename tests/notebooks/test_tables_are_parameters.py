"""Every chapter takes its tables as parameters and reads nothing else: each can be replaced by another."""

import ast
import json

import pytest

from careshift import claims, evidence, outside_data, parameters, tables
from careshift.figures import MIME
from careshift.pipeline import runs
from careshift.project import CODE

CHAPTERS = parameters.chapters()
READS = {"read", "locate", "typed", "csv_of", "read_csv", "read_excel", "read_parquet", "read_text", "open"}


def calls(tree: ast.AST) -> list[ast.Call]:
    """Every call of something that reads, by the last part of its name."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [c for c in found if getattr(c.func, "attr", getattr(c.func, "id", "")) in READS]


def code_of(chapter: str) -> ast.AST:
    cells = json.loads(parameters.notebook_of(chapter).read_text(encoding="utf-8"))["cells"]
    return ast.parse("\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_reads_each_table_from_the_parameter_of_its_name(chapter) -> None:
    known = parameters.declared(parameters.notebook_of(chapter))
    for call in calls(code_of(chapter)):
        assert ast.unparse(call.func) == "tables.read", ast.unparse(call)
        table, path = call.args
        assert isinstance(table, ast.Constant), ast.unparse(call)
        assert ast.unparse(path) == table.value, "read from the parameter that is named like the table"
        assert known[table.value].default == tables.packaged(table.value)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_table_that_is_a_parameter_is_read(chapter) -> None:
    named = {name for name in parameters.declared(parameters.notebook_of(chapter)) if name in tables.names()}
    assert named == {call.args[0].value for call in calls(code_of(chapter))}


def test_what_chapters_call_reads_no_table_by_itself() -> None:
    modules = sorted((CODE / "src/careshift/topics").rglob("*.py"))
    assert len(modules) > 20
    reading = [
        f"{module.name}: {ast.unparse(call)}"
        for module in modules
        for call in calls(ast.parse(module.read_text(encoding="utf-8")))
    ]
    assert reading == []


@pytest.mark.parametrize("run", list(runs.plan()))
def test_evidence_and_figures_rest_on_tables_that_are_parameters(run, executed) -> None:
    notebook = executed / f"{run}.ipynb"
    named = {table for item in evidence.collect(notebook) for table in item.tables}
    outputs = [o for c in json.loads(notebook.read_text())["cells"] for o in c.get("outputs", [])]
    drawn = [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]
    named |= {table for figure in drawn for table in figure["tables"] if table in tables.names()}
    assert named <= set(runs.plan()[run].tables) | of_records(run)


def of_records(run: str) -> set[str]:
    """Return the tables that records of the chapter's claims name themselves: they are read as they are."""
    mine = claims.of_chapter(runs.plan()[run].chapter)
    found = [outside_data.evidence_of(claim) for claim in mine]
    return {table for item in found if item for table in item.tables}
