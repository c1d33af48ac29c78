"""How much faster one REML Kenward-Roger fit is than one statsmodels SARIMAX fit of the same model."""

import time
import warnings

import numpy as np
from statsmodels.tsa.statespace.sarimax import SARIMAX

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption

POINTS = 48


def seconds(run):
    """Shortest of several runs: what else the machine does can only lengthen one."""
    taken = []
    for _ in range(8):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return min(taken)


def test_one_reml_fit_is_at_least_ten_times_faster_than_sarimax():
    rng, errors = np.random.default_rng(4), [0.0]
    for shock in rng.standard_normal(POINTS - 1):
        errors.append(0.5 * errors[-1] + shock)
    axis = np.arange(float(POINTS))
    y, model = 20 + 0.1 * axis + np.array(errors), ImpactModel((Interruption(24),))
    matrix = model.design(axis).matrix

    def sarimax():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            SARIMAX(y, exog=matrix, order=(1, 0, 0)).fit(disp=0)

    ours, theirs = seconds(lambda: interruption.reml(y, axis, model)), seconds(sarimax)
    print(f"found: REML {1000 * ours:.1f} ms, SARIMAX {1000 * theirs:.1f} ms, ratio {theirs / ours:.0f}")
    assert theirs / ours >= 10
