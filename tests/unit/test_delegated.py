"""Shares of joint money by hand, with the rounding of the printed amounts."""

import pandas as pd
import pytest

from careshift.topics import claim_records, delegated


def test_shares_by_hand() -> None:
    scotland, england = delegated.shares(5.5).to_dict("records")
    assert scotland["share"] == pytest.approx(100 * 8.5 / 16.3)
    assert scotland["low"] == pytest.approx(100 * 8.45 / 16.4)
    assert scotland["high"] == pytest.approx(100 * 8.55 / 16.2)
    assert england["share"] == pytest.approx(100 * 5.5 / 141)
    assert pd.isna(england["printed"])


def test_examples_are_local_and_keep_their_qualifier() -> None:
    found = delegated.examples(claim_records.frame("policy/chief_officers"))
    assert not set(found["area"]) & delegated.LOCAL
    printed = found.set_index("says")["printed"]
    assert "more than 2,000" in set(printed)
    assert "almost three-quarters" in set(printed), "words that print their own qualifier stay as they are"
