"""Another amount in the Treasury's table turns the rank that rests on it, in two chapters."""

import pytest

from careshift import evidence, tables
from careshift.pipeline.execute import execute


@pytest.fixture
def outcomes(tmp_path):
    def run(chapter: str, old: str, new: str) -> dict[str, tuple[str, float | None]]:
        text = tables.locate("public_spending").read_text(encoding="utf-8")
        assert text.count(old) == 1
        table, out = tmp_path / "changed.csv", tmp_path / "out.ipynb"
        table.write_text(text.replace(old, new), encoding="utf-8")
        execute(chapter, {"public_spending": str(table)}, out)
        judged = evidence.verdicts(chapter, evidence.collect(out))
        return {c.id.split("/")[1]: (v.outcome, v.derived) for c, v in judged}

    return run


def line(release: int, area: str, year: str) -> str:
    text = tables.locate("public_spending").read_text(encoding="utf-8")
    return next(row for row in text.splitlines() if row.startswith(f"{release},{area},health,{year},"))


def test_more_welsh_spending_turns_the_rank_of_its_cuts(outcomes):
    old = line(2014, "W92000004", "2013/14")
    found = outcomes("wales/money", old, old.rsplit(",", 1)[0] + ",9000.0")
    assert found["wales-retrenchment-greatest"] == ("depends on method", 1)


def test_more_spending_in_northern_ireland_puts_it_first(outcomes):
    old = line(2014, "N92000002", "2010/11")
    found = outcomes("northern_ireland/spending_per_head", old, old.rsplit(",", 1)[0] + ",3801.0")
    assert found["ni-health-spending-highest"] == ("reproduced", 1)
    assert found["table-1-ni-health"][0] == "reproduced"
    assert found["table-1-wales-health"][0] == "close"
