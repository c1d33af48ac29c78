"""The review's counts follow from the table, and a row lost shows at the right print."""

import pytest

from careshift import claims, tables
from careshift.claims import Evidence
from careshift.topics import proposals


@pytest.fixture
def table():
    return tables.read("review_proposals")


def fits(claim: str, number: float) -> bool:
    counted = Evidence(claim=claim, derived=number, basis="rows")
    return claims.judge(claims.find(claim), counted).check == "adds up"


def test_all_rows_give_the_printed_count(table) -> None:
    assert fits("msg2019/proposals", len(table))
    assert not fits("msg2019/proposals", len(table.drop(index=3)))


@pytest.mark.parametrize("heading", range(1, 7))
def test_a_lost_row_shows_in_its_heading(table, heading) -> None:
    claim = f"msg2019/heading-{heading}-proposals"
    under = table[table["heading_number"] == heading]
    assert fits(claim, len(under))
    assert not fits(claim, len(under.iloc[1:]))


def test_a_count_of_what_the_review_lists_is_no_claim() -> None:
    counts = ["msg2019/proposals", *(f"msg2019/heading-{heading}-proposals" for heading in range(1, 7))]
    assert not [name for name in counts if claims.find(name).is_counted]


def test_the_time_scales_in_the_table_are_the_printed_ones(table) -> None:
    for row in table.itertuples():
        heading, roman = row.number.rstrip(")").split(" (")
        claim = claims.find(f"msg2019/proposal-{heading}-{roman}-time-scale")
        assert row.time_scale == claim.printed
        if claim.unit == "months":
            assert (row.months_from, row.months_to) == claim.ends


def test_six_months_fit_the_budget_year_only_from_an_earlier_start() -> None:
    claim = "msg2019/proposal-2-iii-time-scale"
    assert not fits(claim, proposals.months_until("2019-01-23", proposals.BUDGET_YEAR))
    assert fits(claim, round(proposals.months_until("2018-10-01", proposals.BUDGET_YEAR)))
