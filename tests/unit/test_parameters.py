"""Parameters: names, types and values are refused before they do harm."""

import json

import pytest

from careshift import parameters
from careshift.parameters import Parameter, ParameterError, between, check, check_given, declared, one_of


@pytest.fixture
def notebook(tmp_path):
    def write(source: str, tags: tuple[str, ...] = ("parameters",)):
        cell = {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "outputs": []}
        path = tmp_path / "chapter.ipynb"
        path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        return path

    return write


CELL = 'year: int = 2009  # the base year\nlevel: float = 0.95\nwide: bool = False\npath: str = "data/x.csv"'


def test_declared_reads_name_type_default_and_help(notebook) -> None:
    known = declared(notebook(CELL))
    assert known["year"] == Parameter("year", "int", 2009, "the base year")
    assert [p.type for p in known.values()] == ["int", "float", "bool", "str"]


@pytest.mark.parametrize(
    "source", ["year = 2009", "year: int = 2000 + 9", "import os", "def f(): pass", "year: list = [1]"]
)
def test_a_parameters_cell_holds_literals_only(notebook, source: str) -> None:
    with pytest.raises((ParameterError, ValueError)):
        declared(notebook(source))


def test_exactly_one_cell_is_tagged(notebook) -> None:
    with pytest.raises(ParameterError, match="found 0"):
        declared(notebook(CELL, tags=()))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"yaer": 2010}, "Did you mean year"),
        ({"year": "2010"}, "year must be a whole number"),
        ({"year": 2010.5}, "year must be a whole number"),
        ({"year": True}, "year must be a whole number"),
        ({"level": "high"}, "level must be a number"),
        ({"wide": 1}, "wide must be true or false"),
        ({"path": 7}, "path must be a text"),
    ],
)
def test_wrong_names_and_types_are_refused(notebook, given, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        check_given(notebook(CELL), given)


def test_right_ones_pass(notebook) -> None:
    check_given(notebook(CELL), {"year": 2012, "level": 1, "wide": True, "path": "mine.csv"})


def test_values_are_checked_inside_the_chapter() -> None:
    space = {"year": 2030, "level": 0.95, "__annotations__": {"year": int, "level": float}}
    with pytest.raises(ParameterError, match="year must be one of 2009, 2010; got 2030"):
        check(space, year=one_of([2009, 2010]))
    with pytest.raises(ParameterError, match=r"level must be between 0\.96 and 1"):
        check(space, level=between(0.96, 1))
    with pytest.raises(ParameterError, match="year must be a whole number"):
        check(space | {"year": "2009"})


def test_text_from_the_command_line_gets_its_type(notebook) -> None:
    path = notebook(CELL)
    assert parameters.parse(path, ["year=2012", "level=0.9", "wide=true", "path=a=b.csv"]) == {
        "year": 2012,
        "level": 0.9,
        "wide": True,
        "path": "a=b.csv",
    }
    for text in ("year=abc", "level=x", "wide=maybe", "year", "nope=1"):
        with pytest.raises(ParameterError):
            parameters.parse(path, [text])


def test_a_leading_zero_stays_text(notebook) -> None:
    assert parameters.parse(notebook(CELL), ["path=007"]) == {"path": "007"}


def test_an_unknown_chapter_gets_the_nearest_name() -> None:
    with pytest.raises(ParameterError, match="scotland/care_home_residents"):
        parameters.notebook_of("scotland/care_home_resident")
    with pytest.raises(ParameterError):
        parameters.notebook_of("../../etc/passwd")
