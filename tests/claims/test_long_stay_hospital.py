"""The all-age count stands beside the print: it moves with its data and never confirms a claim."""

import pytest

from careshift import claims, tables
from careshift.claims import Evidence
from careshift.topics import long_stay

CLAIM = "hendry2021/long-stay-bed-days-2018-19"
FALL = "hendry2021/long-stay-bed-days-fall"


def test_a_wrong_quarter_moves_the_number_shown():
    beds = tables.read("hospital_beds").copy()
    cell = beds["quarter"].eq("2018Q3") & beds["area"].eq("S92000003") & beds["specialty"].eq(long_stay.UNITS)
    assert cell.sum() == 1
    beds.loc[cell, "occupied_bed_days"] -= 35328
    years = long_stay.years(long_stay.quarters(beds, "S92000003")).set_index("financial_year")
    assert years.loc["2018/19", "occupied"] == 229000
    near = Evidence(claim=CLAIM, derived=229000, basis="test", tables=("hospital_beds",), nearest=True)
    verdict = claims.judge(claims.find(CLAIM), near)
    assert (verdict.outcome, verdict.nearest) == ("data wanted", 229000), "it is the print, of another age"


@pytest.mark.parametrize(("fall", "outcome"), [(51.5, "adds up"), (-3.0, "does not add up")])
def test_the_printed_fall_turns_when_its_ends_are_swapped(fall, outcome):
    evidence = Evidence(claim=FALL, derived=fall, basis="test")
    assert claims.judge(claims.find(FALL), evidence).outcome == outcome
