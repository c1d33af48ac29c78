"""Another amount in the Treasury's table turns what rests on it, in two chapters."""

import pytest
from warm_runs import execute

from careshift import evidence, tables


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


def test_more_welsh_spending_moves_the_nearest_figure_and_no_verdict(outcomes):
    old = line(2010, "W92000004", "2009/10")
    found = outcomes("wales/money", old, old.rsplit(",", 1)[0] + ",9000.0")
    assert found["wales-health-spending-growth"] == ("data wanted", None)
    # What was spent is no plan: the plans bracket the rank of the cuts whatever the table of outturn says.
    assert found["wales-retrenchment-greatest"][0] == "bracketed"


def test_more_spending_in_northern_ireland_puts_it_first(outcomes):
    old = line(2014, "N92000002", "2010/11")
    found = outcomes("northern_ireland/spending_per_head", old, old.rsplit(",", 1)[0] + ",3801.0")
    outcome, pounds = found["ni-health-spending-highest"]
    assert outcome == "reproduced"
    assert 38 < pounds < 40
    assert found["table-1-ni-health"][0] == "reproduced"
    assert found["table-1-wales-health"][0] == "revised since"


def test_a_revision_is_told_from_an_error_and_from_a_new_definition(outcomes):
    old = line(2014, "S92000003", "2010/11")
    found = outcomes("northern_ireland/spending_per_head", old, old)
    outcome, pounds = found["ni-health-spending-highest"]
    assert outcome == "revised since"
    assert -76 < pounds < -75
    assert found["table-1-scotland-social"][0] == found["table-1-wales-total"][0] == "revised since"
    # An amount that was sorted anew tests nothing, nor does a sum with it.
    assert found["table-1-ni-social"] == ("data wanted", None)
    assert found["table-1-ni-total"][0] == "adds up"
    # The later release has Scotland first: it does not make true what Table 1 denies.
    assert found["scotland-health-spending-highest"][0] == "does not add up"
