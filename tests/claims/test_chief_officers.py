"""Half of the budgets: another amount turns the headline claim."""

import pytest

from careshift import arithmetic, claims

HALF = "kingsfund2018/delegated-half"


@pytest.mark.parametrize(("amount", "outcome"), [("8.5", "reproduced"), ("6.5", "inconsistent")])
def test_another_amount_turns_the_half(amount, outcome) -> None:
    claim = claims.find(HALF)
    changed = claim.model_copy(update={"derive": claim.derive.replace("rounded(8.5", f"rounded({amount}")})
    assert claims.judge(changed, arithmetic.evidence_of(changed)).outcome == outcome
