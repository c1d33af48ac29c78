"""Amounts that are changed turn the verdicts that rest on them."""

import pytest

from careshift import arithmetic, claims, evidence, outside_data, tables

SHARE = "hendry2021/change-fund-share"
SPENDING = "kingsfund2013/older-people-spending"


@pytest.fixture
def spent(monkeypatch):
    """Give a function that judges the fund's share with every outside amount of spending the same."""
    kept = outside_data._by_series()
    claim = claims.find(SHARE)

    def judged(billions: float | None) -> claims.Verdict:
        if billions is not None:
            rows = [(name, {**row, "value": str(billions)}) for name, row in kept["rcop_spend"]]
            monkeypatch.setattr(outside_data, "_by_series", lambda: {**kept, "rcop_spend": rows})
        return claims.judge(claim, evidence.strongest(claim, None), arithmetic.evidence_of(claim))

    return judged


def test_a_wider_spending_would_make_it_one_percent(spent) -> None:
    assert spent(None).outcome == "differs"
    assert spent(4.4).outcome == "differs"
    assert spent(5.0).outcome == "reproduced"


def test_a_wider_printed_spending_would_mend_the_check(changed) -> None:
    claim = claims.find(SHARE)

    def check() -> str | None:
        return claims.judge(claim, None, arithmetic.evidence_of(claim)).check

    assert check() == "does not add up"
    changed(SPENDING, "7.5")
    assert check() == "adds up"


def test_shares_may_fall_short_of_the_whole_and_not_pass_it(changed) -> None:
    claim = claims.find("kingsfund2013/change-fund-shares-total-2012-13")

    def check() -> str | None:
        return claims.judge(claim, None, arithmetic.evidence_of(claim)).check

    assert not claim.is_counted
    assert check() == "adds up"
    changed("kingsfund2013/change-fund-home-2012-13", "58")
    assert check() == "does not add up"


def test_the_plans_for_wales_only_bracket_the_rank_of_its_cuts() -> None:
    claim = claims.find("kingsfund2013/wales-retrenchment-greatest")
    verdict = claims.judge(claim, evidence.strongest(claim, None))
    assert (verdict.outcome, verdict.span) == ("bracketed", (1, 2))
    assert not tables.is_print("found_values")
