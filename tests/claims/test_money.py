"""Amounts that are changed turn the claims that rest on them."""

SPENDING = "kingsfund2013/older-people-spending"


def test_a_wider_spending_would_make_it_one_percent(changed, outcome) -> None:
    assert outcome("hendry2021/change-fund-share") == "inconsistent"
    changed(SPENDING, "7.5")
    assert outcome("hendry2021/change-fund-share") == "reproduced"


def test_five_more_points_would_complete_2012(changed, outcome) -> None:
    assert outcome("kingsfund2013/change-fund-shares-total-2012-13") == "inconsistent"
    changed("kingsfund2013/change-fund-home-2012-13", "53")
    assert outcome("kingsfund2013/change-fund-shares-total-2012-13") == "reproduced"
