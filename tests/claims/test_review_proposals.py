"""The review's counts follow from the table, and a row lost turns the right claim."""

import pytest

from careshift import claims, tables
from careshift.evidence import Chapter
from careshift.topics import proposals


@pytest.fixture
def table():
    return tables.read("review_proposals")


def outcome(claim: str, derived: float) -> str:
    found = Chapter("policy/review_proposals")
    found.judge(claim, derived, basis="rows")
    return claims.judge(claims.find(claim), found.evidence[claim]).outcome


def test_all_rows_give_the_printed_count(table) -> None:
    assert outcome("msg2019/proposals", len(table)) == "reproduced"
    assert outcome("msg2019/proposals", len(table.drop(index=3))) == "inconsistent"


@pytest.mark.parametrize("heading", range(1, 7))
def test_a_lost_row_turns_its_heading(table, heading) -> None:
    claim = f"msg2019/heading-{heading}-proposals"
    under = table[table["heading_number"] == heading]
    assert outcome(claim, len(under)) == "reproduced"
    assert outcome(claim, len(under.iloc[1:])) == "inconsistent"


def test_the_time_scales_in_the_table_are_the_printed_ones(table) -> None:
    for row in table.itertuples():
        heading, roman = row.number.rstrip(")").split(" (")
        claim = claims.find(f"msg2019/proposal-{heading}-{roman}-time-scale")
        assert row.time_scale == claim.printed
        if claim.unit == "months":
            assert (row.months_from, row.months_to) == claim.ends


def test_six_months_fit_the_budget_year_only_from_an_earlier_start() -> None:
    claim = "msg2019/set-aside-time-against-budget-year"
    assert outcome(claim, proposals.months_until("2019-01-23", proposals.BUDGET_YEAR)) == "inconsistent"
    assert outcome(claim, 6.0) == "reproduced"
