"""A wrong official rate turns the verdicts that stand on it; a proxy never turns into a verdict."""

import pytest

from careshift import claims, evidence, tables
from careshift.pipeline.execute import RunError, execute

CHAPTER = "scotland/emergency_bed_days"
BEDS = "kingsfund2013/beds-saved-75plus"
DECLINE = "kingsfund2013/bed-day-rates-over-75s-decline"
ACTUAL = "hendry2021/emergency-bed-days-actual-2018-19"
RATE_2009 = "emerg_bed_days_75plus_rate,S92000003,75+,2009/10,5421,"
RATE_2013 = "emerg_bed_days_75plus_rate,S92000003,75+,2013/14,4815,"
QUARTER = "2018Q3,S92000003,emergency,123950,907863,"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the chapter with one text of one table replaced; answer its verdicts by claim."""
    folder = tmp_path_factory.mktemp("bed_days")

    def changed(table: str, old: str, new: str) -> dict[str, claims.Verdict]:
        text = tables.locate(table).read_text(encoding="utf-8")
        assert text.count(old) == 1
        file, out = folder / f"{table}.csv", folder / "out.ipynb"
        file.write_text(text.replace(old, new), encoding="utf-8")
        execute(CHAPTER, {table: str(file)}, out)
        return {c.id: v for c, v in evidence.verdicts(CHAPTER, evidence.collect(out))}

    return changed


def test_a_smaller_base_rate_frees_too_few_beds_however_counted(run):
    found = run("official_values", RATE_2009, RATE_2009.replace("5421", "4900"))
    assert found[BEDS].outcome == "close"
    assert found[DECLINE].outcome == "reproduced"


def test_a_rate_that_rose_is_no_decline(run):
    found = run("official_values", RATE_2013, RATE_2013.replace("4815", "5600"))
    assert found[DECLINE].outcome == "differs"
    assert found[BEDS].outcome == "depends on method"


def test_days_of_all_ages_bracket_and_never_confirm(run):
    found = run("emergency_inpatient_activity", QUARTER, QUARTER.replace("907863", "7863"))
    assert found[ACTUAL].outcome == "not testable"
    assert found[ACTUAL].derived == pytest.approx(3.760316 - 0.9)


def test_an_interruption_outside_the_series_stops_the_chapter(tmp_path):
    with pytest.raises(RunError, match="2022Q4"):
        execute(CHAPTER, {"interruption_quarter": "2022Q4"}, tmp_path / "out.ipynb")
