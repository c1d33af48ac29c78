"""The commands of the page on rerunning are run here, and its outputs are theirs.

CARESHIFT_WRITE=1 writes the outputs into the page instead of comparing them.
"""

import os
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from careshift import tables
from careshift.cli import app
from careshift.project import CHAPTERS

PAGE = CHAPTERS / "methods/rerun.md"
SHOWN = re.compile(r"```bash\ncareshift ([^\n]*)\n```\n\n```text\n(.*?)```", re.DOTALL)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Stand in a folder with the files that the page speaks of."""
    monkeypatch.chdir(tmp_path)
    mine = re.search(r"```text\n(Long-stay.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    (tmp_path / "mine.csv").write_text(mine)
    (tmp_path / "mended.csv").write_text(mine.replace("3O2", "302"))
    frame = pd.read_csv(tables.locate("free_personal_care_residents"), dtype=str)
    frame.loc[frame["financial_year"] == "2003/04", "residents"] = "28190"
    frame["financial_year"] = frame["financial_year"].str.replace("/", "-")
    column = "long_stay_residents_65plus_yearly_average"
    frame.rename(columns={"residents": column}).to_csv("fpnc.csv", index=False)
    return tmp_path


def words(command: str) -> list[str]:
    return [word.replace('"', "") for word in re.findall(r'(?:[^\s"]|"[^"]*")+', command)]


def test_the_outputs_on_the_page_are_real(place) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(SHOWN.findall(page)) == 4
    for command, output in SHOWN.findall(page):
        done = CliRunner().invoke(app, words(command))
        assert done.exception is None or isinstance(done.exception, SystemExit), command
        said = "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"
        if os.environ.get("CARESHIFT_WRITE"):
            page = page.replace(
                f"careshift {command}\n```\n\n```text\n{output}```",
                f"careshift {command}\n```\n\n```text\n{said}```",
            )
        else:
            assert said == output, command
    if os.environ.get("CARESHIFT_WRITE"):
        PAGE.write_text(page, encoding="utf-8")
    assert (place / "tidy.csv").exists()
