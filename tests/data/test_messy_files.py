"""Files as boards, councils and publishers write them: in by one command, or refused with what to do."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from careshift.cli import app
from careshift.project import CareshiftError

MESSY = Path(__file__).parents[1] / "messy"
CASES = yaml.safe_load((MESSY / "cases.yml").read_text(encoding="utf-8"))


def rows(text: str) -> list[list[str]]:
    return sorted(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_a_messy_file_is_read_right_or_refused(case, tmp_path) -> None:
    tidy = tmp_path / "tidy.csv"
    command = ["check", str(MESSY / case["file"]), "--table", case["table"], "-o", str(tidy)]
    done = CliRunner().invoke(app, [*command, *case.get("options", [])])
    assert isinstance(done.exception, CareshiftError | SystemExit | None), done.exception
    told = done.stdout + (str(done.exception) if isinstance(done.exception, CareshiftError) else "")
    if "refused" in case:
        assert done.exit_code == 1
        assert not tidy.exists()
        assert [words for words in case["refused"] if words not in told] == [], told
        return
    assert done.exit_code == 0, told
    expected = (MESSY / "expected" / case["expected"]).read_text(encoding="utf-8")
    assert rows(tidy.read_text(encoding="utf-8")) == rows(expected)
    assert [words for words in case.get("said", []) if words not in told] == [], told
    assert "Read: " in told or "by the reader of a raw file" in told


def test_the_corpus_is_as_large_as_it_says() -> None:
    """Forty files at least, nine in ten of them read, twelve like a real one, all of them listed."""
    assert len(CASES) >= 40
    assert sum("expected" in case for case in CASES) >= 36
    assert sum("like" in case for case in CASES) >= 12
    there = {file.name for file in MESSY.iterdir() if file.is_file()} - {"cases.yml"}
    assert there == {case["file"] for case in CASES}
    traps = Counter(trap for case in CASES for trap in case["traps"])
    assert traps["older codes"] >= 2
    assert traps["title rows"] >= 2
