"""What a series rules out stands beside what it does not show: two one-sided tests, by hand."""

import numpy as np
import pytest
from scipy import stats

from careshift.interruption import ImpactModel, Interruption, report
from careshift.topics import series


def made(spread: float, confidence: float = 0.95):
    y = 100 + spread * np.tile([1.0, -1.0, 0.5, -0.5, 0.2, -0.3], 6)
    model = ImpactModel((Interruption(18),), reason="made")
    return report(y, np.arange(36), model, unit="beds", confidence=confidence, placebo=False)


@pytest.mark.parametrize("confidence", [0.95, 0.9])
def test_the_limit_is_the_farther_end_of_the_narrower_interval(confidence) -> None:
    found = made(2, confidence)
    effect = found.leading.effect(found.primary)
    p_of = 1 - confidence
    ends = stats.t.interval(1 - 2 * p_of, effect.df, effect.estimate, effect.se)
    table = series.equivalence_limits(found).set_index("term")
    assert table.loc[found.primary, "limit"] == pytest.approx(max(map(abs, ends)))
    mean = found.analysis.y.mean()
    assert table.loc[found.primary, "share"] == pytest.approx(100 * max(map(abs, ends)) / mean)


def test_a_noisier_series_rules_out_less_and_says_so() -> None:
    calm, noisy = (series.equivalence_limits(made(spread))["limit"].iloc[0] for spread in (1, 5))
    assert noisy == pytest.approx(5 * calm, rel=0.05)
    words = series.ruled_out(made(5))
    assert words.startswith("The series rules out a change of level beyond ")
    assert words.endswith(" % of the mean).")
