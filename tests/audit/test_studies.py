"""The long studies themselves: each defence of the list is there, and the studies say what they find."""

import ast
import json
import sys
from pathlib import Path

import defences
import keep
import other_python
import pytest
from defences import Defence

LISTED = defences.listed()


def test_every_defence_stands_once_in_its_file() -> None:
    for defence in LISTED:
        assert defences.without(defence, defences.ROOT)


def test_every_defence_names_a_test_that_exists() -> None:
    for file, name in sorted({defence.test.partition("[")[0].partition("::")[::2] for defence in LISTED}):
        tree = ast.parse((defences.ROOT / file).read_text("utf-8"))
        there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert not name or name in there, f"{file}::{name}"


NO_VERDICT = {
    "altered_tables",
    "another_place",
    "areas",
    "bed_days_by_age",
    "emergency_admissions_since",
    "foreseen",
    "highland",
    "outside_records",
    "how_we_judge",
    "recomputed",
    "rules_of_judging",
    "what_is_known",
    "what_others_found",
}  # tests of other things than verdicts


def test_every_chapter_has_a_test_that_fails_where_a_verdict_never_changes() -> None:
    tried = {d.test.partition("::")[0] for d in LISTED if d.kind == "a verdict that is always the same"}
    chapters = {file.name for file in (defences.ROOT / "tests/claims").glob("test_*.py")}
    judging = {f"tests/claims/{name}" for name in chapters - {f"test_{name}.py" for name in NO_VERDICT}}
    assert tried == judging


MODULE = """def limited(number):
    if number > 3:
        raise ValueError
    return number
"""
TESTS = """import os

import pytest
from made import limited


def test_limit():
    with pytest.raises(ValueError):
        limited(4)


def test_other():
    assert limited(1) == 1


def test_red():
    assert limited(1) == 2


def test_where():
    assert os.getcwd().endswith("base")


def test_surroundings():
    assert os.environ["PATH"]
    test_limit()


def test_hangs():
    while limited(3) != 3:
        pass
"""
GUARD = "if number > 3:"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Give a function that tries one defence of a project of one module, and answers what is wrong."""
    root = tmp_path / "project"
    for name, text in {"src/made.py": MODULE, "tests/test_made.py": TESTS}.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text)
    monkeypatch.setattr(defences, "ROOT", root)
    monkeypatch.setattr(defences, "LIBRARIES", ())

    def trouble(test: str, remove: str = GUARD, instead: str = "if False:", **more) -> str | None:
        defence = Defence(
            "g", "k", "n", "src/made.py", remove, f"tests/test_made.py::{test}", instead, **more
        )
        ((_, wrong),) = defences.tried([defence], 1)
        assert (root / "src/made.py").read_text() == MODULE
        return wrong

    return trouble


def test_a_defence_whose_test_fails_without_it_is_right(made) -> None:
    assert made("test_limit") is None
    assert made("test_surroundings") is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("test_other",), "NOT NOTICED"),
        (("test_red",), "fails before anything is removed"),
        (("test_limit", "if number > 4:"), "stands 0 times"),
        (("test_limit", "number"), "stands 3 times"),
        (("test_limit", GUARD, "if ("), "'(' was never closed"),
        (("test_limit", "def limited(number):", "def other(number):"), "no test failed, something broke"),
        (("test_where",), "fails here before anything is removed"),
        (("test_none",), "fails before anything is removed"),
    ],
)
def test_anything_else_is_told(made, given, said) -> None:
    assert said in made(*given)


def test_a_test_that_cannot_end_is_stopped_and_counts_only_where_that_is_expected(made, monkeypatch) -> None:
    monkeypatch.setattr(defences, "LONGEST", 5)
    hanging = ("test_hangs", "return number", "return 0")
    assert "hangs" in made(*hanging)
    assert made(*hanging, hangs=2) is None


def test_the_table_keeps_for_each_kind_its_last_whole_run(tmp_path, monkeypatch) -> None:
    first, second, alone = (Defence("g", kind, name, "f", "r", "t") for kind, name in ("ax", "ay", "bz"))
    monkeypatch.setattr(defences, "listed", lambda: [first, second, alone])
    monkeypatch.setattr(defences, "TABLE", tmp_path / "defences.csv")

    def table(*results) -> list[tuple]:
        rows = defences.kept(defences.rows_of(results))
        return [(row["kind"], int(row["removed"]), int(row["noticed"])) for row in rows]

    assert table((alone, None)) == [("b", 1, 1)]
    assert table((first, None)) == [("b", 1, 1)]
    assert table((first, None), (second, "wrong")) == [("a", 2, 1), ("b", 1, 1)]
    monkeypatch.setattr(defences, "listed", lambda: [first, second])
    assert table() == [("a", 2, 1)]


@pytest.mark.parametrize(
    ("printed", "result"),
    [
        ("one\ntwo\n", "two"),
        ("found: 1 of 2\nfound: 3 of 3\n", "1 of 2; 3 of 3"),
        ("found: 3 of 3\n.\n==== 1 passed in 2 s ====\n", "3 of 3; 1 passed in 2 s"),
        ('told\n{\n "summary": "4 of 4"\n}\n', {"summary": "4 of 4"}),
        ("\x1b[32mgreen\x1b[0m\n", "green"),
        ("", ""),
    ],
)
def test_a_study_is_kept_with_what_it_found(tmp_path, monkeypatch, printed, result) -> None:
    monkeypatch.setattr(keep, "FOLDER", tmp_path)
    program = f"import sys; sys.stdout.write({printed!r}); sys.exit(3)"
    assert keep.main("made", sys.executable, "-c", program) == 3
    kept = json.loads((tmp_path / "made.json").read_text())
    assert (kept["result"], kept["passed"]) == (result, False)


def test_what_differs_between_two_books_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(other_python, "ROOT", tmp_path / "one")
    monkeypatch.setattr(other_python, "PLACE", tmp_path / "other")

    def write(side: str, name: str, text: str) -> None:
        file = Path(tmp_path, side, "html", name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    for side, version in (("one", "3.11"), ("other", "3.12")):
        write(side, "same.html", "a")
        metadata = {"kernelspec": {}, "language_info": {"version": version}}
        write(side, "same.ipynb", json.dumps({"cells": ["a"], "metadata": metadata}))
        write(side, "cells.ipynb", json.dumps({"cells": [version], "metadata": {}}))
        write(side, "page.html", version)
    write("other", "more.html", "a")
    assert other_python.differing("html") == (5, ["cells.ipynb", "more.html", "page.html"])
