"""Counts with autocorrelated errors: a log link, quasi-Poisson spread, AR(1) and Kenward-Roger intervals.

Wolfinger and O'Connell (1993), Journal of Statistical Computation and Simulation 48: 233-243: the model is
linear in the working response z = log mean + (y - mean) / mean, whose spread is that of the count over its
mean. Divided by that spread it is a linear model with AR(1) errors, fitted by REML. The mean is that of the
quasi-Poisson model, from which one step is taken: more steps need not settle in a short series, where the
autocorrelation jumps. A count of nought is a count like any other, so that none chooses the estimator.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from careshift.interruption.ar1 import Ar1Reml, whiten
from careshift.interruption.counts import log_exposure, poisson_mean, prepare_counts
from careshift.interruption.fit import Fit
from careshift.interruption.likelihood import as_fit
from careshift.interruption.model import ImpactModel
from careshift.interruption.values import Values

NAME = "REML Kenward-Roger of the counts"


def count_reml(
    y: Values,
    time: Values,
    model: ImpactModel,
    *,
    offset: Values | None = None,
    population: Values | None = None,
    regressors: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Fit:
    """Level and slope change of a count as rate ratios under autocorrelated errors of unknown strength.

    y, time, model, regressors, confidence : as in :func:`careshift.interruption.ols`; y holds n counts.
    offset, population : log exposure, or the exposure itself (n values above zero); not both.

    Returns a :class:`Fit` with log link; ``parameters`` has phi, the dispersion and ``at_boundary`` (1 where
    phi cannot be told from 1). Raises CareshiftError on bad input, and where a group of periods has no event.
    Sources: Wolfinger and O'Connell (1993); Kenward and Roger (1997), Biometrics.
    """
    exposure = log_exposure(np.size(y), offset, population)
    problem = prepare_counts(y, time, model, regressors, exposure)
    _, first = poisson_mean(problem)
    root = np.sqrt(first)
    working = np.log(first) - problem.offset + (problem.y - first) / first
    fits = Ar1Reml(problem.design.matrix * root[:, None], problem.design.gaps).fit((working * root)[:, None])
    mean = np.exp(problem.design.matrix @ fits.estimate[0] + problem.offset)
    phi = float(fits.phi[0])
    pearson = (problem.y - mean) / np.sqrt(mean)
    parameters = {
        "phi": phi,
        "dispersion": float(fits.variance[0]),
        "at_boundary": float(fits.at_boundary[0]),
        "least_expected": float(mean.min()),
    }
    fit = as_fit(
        problem,
        fits.estimate[0],
        fits.adjustment(0),
        1.0,
        inference="kenward-roger",
        confidence=confidence,
        innovations=whiten(pearson, phi, problem.design.gaps),
        parameters=parameters,
        suffix="",
    )
    return replace(fit, estimator=NAME, link="log", offset=problem.offset, weights=root)
