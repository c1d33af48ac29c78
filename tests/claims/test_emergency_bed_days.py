"""A wrong rate or a wrong count turns the verdicts that stand on it; the nearest figure never makes one."""

import pytest
from warm_runs import execute

from careshift import claims, evidence, tables
from careshift.pipeline.execute import RunError

CHAPTER = "scotland/emergency_bed_days"
BEDS = "kingsfund2013/beds-saved-75plus"
DECLINE = "kingsfund2013/bed-day-rates-over-75s-decline"
ACTUAL = "hendry2021/emergency-bed-days-actual-2018-19"
RATE_2009 = "emerg_bed_days_75plus_rate,S92000003,75+,2009/10,5421,"
RATE_2013 = "emerg_bed_days_75plus_rate,S92000003,75+,2013/14,4815,"
FALL = "hendry2021/emergency-bed-days-all-adults-fall"
QUARTER = "2018Q3,S92000003,emergency,123950,907863,"
OLDEST = "2018Q3,S92000003,female,80-89,11885,152934,"
SIXTIES = "2018Q3,S92000003,male,60-69,10421,75191,"


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


def test_the_bands_on_either_side_bracket_the_days_at_65(run):
    found = run("emergency_bed_days_by_age", SIXTIES, SIXTIES)
    assert found[ACTUAL].outcome == "bracketed"
    assert found[ACTUAL].held_against == "outside data"
    assert found[ACTUAL].span == pytest.approx((2.371898, 2.938409))


def test_more_days_at_70_than_were_printed_for_65_refute_the_print(run):
    found = run("emergency_bed_days_by_age", OLDEST, OLDEST.replace("152934", "652934"))
    assert found[ACTUAL].outcome == "differs"
    assert found[ACTUAL].span[0] == pytest.approx(2.371898 + 0.5)


def test_fewer_days_at_60_leave_less_room_for_the_print(run):
    found = run("emergency_bed_days_by_age", OLDEST, OLDEST.replace("152934", "2934"))
    assert found[ACTUAL].span == pytest.approx((2.371898 - 0.15, 2.938409 - 0.15))
    assert found[ACTUAL].outcome == "bracketed", "2.79 million still rounds to the printed 2.8"


def test_a_fall_of_all_ages_is_the_nearest_figure_and_no_verdict(run):
    found = run("emergency_inpatient_activity", QUARTER, QUARTER.replace("907863", "7863"))
    assert found[FALL].outcome == "data wanted"
    assert found[FALL].nearest > 25
    assert found[ACTUAL].outcome == "bracketed"


def test_another_first_age_of_the_series_changes_no_verdict(tmp_path):
    execute(CHAPTER, {"youngest": 60}, tmp_path / "out.ipynb")
    text = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert "emergency bed days at 60+ fell" in text
    found = {c.id: v for c, v in evidence.verdicts(CHAPTER, evidence.collect(tmp_path / "out.ipynb"))}
    assert found[ACTUAL].outcome == "bracketed"


def test_an_interruption_outside_the_series_stops_the_chapter(tmp_path):
    with pytest.raises(RunError, match="2017Q1"):
        execute(CHAPTER, {"interruption_quarter": "2017Q1"}, tmp_path / "out.ipynb")
