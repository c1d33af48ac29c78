"""Shares and sums of printed money by hand."""

import pytest

from careshift import claims
from careshift.topics import older_people_money as money


def test_the_fund_by_hand() -> None:
    fund = money.change_fund(5.0)
    assert fund["fund"].tolist() == [70, 80, 80, 70]
    assert fund["share"].tolist() == pytest.approx([100 * f / 4500 for f in (70, 80, 80, 70)])
    assert fund["other"].tolist() == pytest.approx([1.4, 1.6, 1.6, 1.4])
    assert (fund["low"] < fund["share"]).all()
    assert money.mean_fund() == 75
    assert money.spending_for(1.5) == pytest.approx(5.0)
    assert money.spending_for(1) == pytest.approx(7.5)


def test_the_documents_own_print_is_no_base_that_decides() -> None:
    found = money.share_on_bases()
    own = [choice for choice in found if not choice.decides]
    assert [choice.value for choice in own] == [pytest.approx(100 * 75 / 4500)]
    values = [choice.value for choice in found if choice.decides]
    assert sorted(values) == pytest.approx([7.5 / base for base in (5.1, 5.0, 4.5, 4.4)])
    printed = claims.find("hendry2021/change-fund-share").interval
    assert {printed.contains(value) for value in values} == {True, False}


def test_pathways_and_their_sums() -> None:
    found = money.pathways().set_index("pathway")
    assert found["change"].tolist() == [12, -7, 4]
    assert money.pathways_together("2012-13") == pytest.approx((95 - 1.5, 95 + 1.5))
    assert money.pathways_together("2014-15") == pytest.approx((57 + 44 - 1, 60 + 44 + 1))


def test_joint_money_and_its_parts() -> None:
    later = money.integration_money().iloc[1]
    assert later["nhs"] + later["councils"] == pytest.approx(later["billions"])
    assert later["nhs"] == pytest.approx(6.58)


def test_parts_of_the_spending_as_printed() -> None:
    found = money.older_people()
    assert found["billions"].tolist() == pytest.approx([2.7, 1.4, 0.315])
    assert found["share"].tolist() == ["60 %", "almost one-third", "less than 7 %"]
    assert money.free_personal_care_share() == pytest.approx(100 * 342 / 4500)
