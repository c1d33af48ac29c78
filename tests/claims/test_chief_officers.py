"""Half of the budgets: another printed amount turns what the prints say, and outside data only bound it."""

import pytest

HALF, BUDGET = "kingsfund2018/delegated-half", "kingsfund2018/integration-budget"


@pytest.mark.parametrize(("amount", "check"), [("8.5", "adds up"), ("6.5", "does not add up")])
def test_another_amount_turns_the_half(changed, judged, amount, check) -> None:
    changed(BUDGET, amount)
    assert judged(HALF).check == check


def test_what_data_bound_is_never_confirmed_by_a_print(changed, judged) -> None:
    before = judged(HALF)
    assert before.held_against == "outside data"
    changed(BUDGET, "6.5")
    assert judged(HALF).outcome == before.outcome != "reproduced"
