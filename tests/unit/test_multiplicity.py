"""Many like tests at once: Holm's step-down by hand, and the words made of it."""

import numpy as np
import pandas as pd
import pytest

from careshift.interruption import ImpactModel, Interruption, multiplicity, report
from careshift.project import CareshiftError
from careshift.topics import series


def by_hand(p: list[float], alpha: float) -> list[bool]:
    """Holm (1979): the smallest of n lies below alpha / n, the next below alpha / (n - 1), to a miss."""
    stands = [False] * len(p)
    for step, place in enumerate(np.argsort(p)):
        if p[place] > alpha / (len(p) - step):
            break
        stands[place] = True
    return stands


@pytest.mark.parametrize(
    "p", [[0.001, 0.04, 0.03, 0.005], [0.02, 0.02, 0.04], [0.04], [0.01, 0.9, 0.024], [0.0, 1.0, 0.5]]
)
def test_what_stands_is_what_holm_says(p) -> None:
    found = multiplicity.stands_together(pd.Series(p, index=range(5, 5 + len(p))))
    assert found.tolist() == by_hand(p, 0.05)
    assert found.index[0] == 5


def test_a_missing_p_is_a_test_that_never_stands() -> None:
    assert multiplicity.stands_together(pd.Series([0.03, np.nan])).tolist() == [False, False]
    assert multiplicity.stands_together(pd.Series([0.03])).tolist() == [True]
    assert multiplicity.stands_together(pd.Series([], dtype=float)).empty
    with pytest.raises(CareshiftError, match="between 0 and 1"):
        multiplicity.stands_together(pd.Series([1.2]))


def variants(*rows: tuple[float, float], none: float = 0.0) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["estimate", "p"])
    return frame.assign(excludes_none=frame["p"] < 0.05, none=none)


def test_opposite_directions_and_what_stands_together_are_told() -> None:
    odd = variants((5, 0.02), (-4, 0.03), (-3, 0.04), (1, 0.4), (-1, 0.6))
    assert multiplicity.tally_words(multiplicity.tally(odd)) == (
        "3 of 5 exclude no change (1 rise, 2 falls); tested together none does"
    )
    ratio = variants((0.5, 0.001), (1.5, 0.04), none=1.0)
    assert multiplicity.tally_words(multiplicity.tally(ratio)) == (
        "2 of 2 exclude no change (1 rise, 1 fall); tested together 2 of them do"
    )
    assert multiplicity.tally_words(multiplicity.tally(variants((1, 0.5)))) == "none of 1 excludes no change"


def test_a_caption_counts_the_variants_of_one_term() -> None:
    y = np.tile([1.0, 2.0, 1.5, 2.5], 6) + np.where(np.arange(24) >= 12, 9.0, 0.0)
    made = report(y, np.arange(24), ImpactModel((Interruption(12),), reason="made"), unit="beds")
    caption = series.variants_title("Other windows", made, made.primary)
    assert caption.startswith("Other windows: ")
    count = int((made.sensitivity["term"] == made.primary).sum()) - 1
    assert f"of {count} exclude" in caption
    assert "rises" in caption
