"""Shares and sums of printed money by hand."""

import pytest

from careshift.topics import older_people_money as money


def test_the_fund_by_hand() -> None:
    fund = money.change_fund()
    assert fund["fund"].tolist() == [70, 80, 80, 70]
    assert fund["share"].tolist() == pytest.approx([100 * f / 4500 for f in (70, 80, 80, 70)])
    assert (fund["low"] < fund["share"]).all()
    assert money.total_fund() == 300
    assert money.needed_for_one_percent() == 7.5


def test_an_assumed_spending_never_decides() -> None:
    found = money.share_under_choices(7.5)
    assert found["decides"].sum() == 4
    assert found.loc[~found["decides"], "value"].mean() == pytest.approx(1.0)


def test_pathways_and_what_they_leave_over() -> None:
    found = money.pathways().set_index("pathway")
    assert found.loc["Not told", ["first", "last"]].tolist() == [100 - 95, 100 - 104]
    assert found.loc["Hospitals and care homes", "change"] == -7


def test_joint_money_and_its_parts() -> None:
    later = money.integration_money().iloc[1]
    assert later["nhs"] + later["councils"] == pytest.approx(later["billions"])
    assert later["nhs"] == pytest.approx(6.58)


def test_shares_as_amounts() -> None:
    assert money.older_people()["billions"].tolist() == pytest.approx([2.7, 0.333 * 4.5, 0.315])
