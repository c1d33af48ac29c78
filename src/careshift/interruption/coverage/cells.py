"""What is simulated: the cells of the two studies, and how a cell's series are drawn."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from careshift.interruption.likelihood import ar2_correlation
from careshift.interruption.model import Design, ImpactModel, Interruption

PHIS = (0.0, 0.2, 0.4, 0.6, 0.8)
SEED = 20160401
AR1, AR2, CURVED, TWO, COUNTS, FEW, ZEROS = (
    "AR(1)",
    "AR(2)",
    "curved trend",
    "two interruptions",
    "counts",
    "few counts",
    "rare counts",
)
# The place in this list is part of a cell's seed: new kinds go to its end.
KINDS = (AR1, AR2, CURVED, TWO, COUNTS, FEW, ZEROS)
SPLITS = ((5, 5), (6, 6), (12, 5), (24, 24), (30, 30))
SPLITS_OF_TWO = ((5, 9), (8, 16), (16, 32))
SECOND_PARTIAL = 0.3
CURVE_HEIGHT = 2.0
MEAN_AND_SPREAD = {COUNTS: (400.0, 0.1), FEW: (20.0, 0.2), ZEROS: (2.0, 0.3)}
HELD_ZEROS = (ZEROS,)  # about one period in seven has no event, so that no log rate can be taken
Intervals = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Estimate, standard error and degrees of freedom (B, effects) by method."""


@dataclass(frozen=True)
class Cell:
    """One cell: points before and after, lag-one autocorrelation, and how the data depart from the model.

    errors : ``AR(1)``, the model; ``AR(2)``, with a second partial autocorrelation of 0.3; ``curved trend``,
    AR(1) errors around an arch two error standard deviations high; ``two interruptions``, AR(1) errors and a
    second interruption halfway through the points after; ``counts`` and ``few counts``, Poisson counts around
    400 or 20 a period whose log rate wanders by AR(1) errors with a standard deviation of 0.1 or 0.2; ``rare
    counts`` around 2 a period with 0.3, some of them zero.
    """

    before: int
    after: int
    phi: float
    errors: str

    @property
    def points(self) -> int:
        """Points of a series."""
        return self.before + self.after

    @cached_property
    def model(self) -> ImpactModel:
        """The impact model that is fitted: level and slope at one date, or at two."""
        first = Interruption(self.before, "first")
        if self.errors != TWO:
            return ImpactModel((first,))
        return ImpactModel((first, Interruption(self.before + (self.after + 1) // 2, "second")))

    @cached_property
    def design(self) -> Design:
        """The design of that model."""
        return self.model.design(np.arange(self.points))

    def draw(self, draws: int, seed: int) -> np.ndarray:
        """Return simulated series without an effect, one a column (n, draws): unit variance, or counts."""
        key = [seed, self.before, self.after, round(100 * self.phi), KINDS.index(self.errors)]
        rng = np.random.default_rng(np.random.SeedSequence(key))
        distance = np.abs(np.subtract.outer(np.arange(self.points), np.arange(self.points)))
        partial = np.array([self.phi, SECOND_PARTIAL if self.errors == AR2 else 0.0])
        root = np.linalg.cholesky(ar2_correlation(partial, distance))
        series = root @ rng.standard_normal((self.points, draws))
        if self.errors == CURVED:
            place = np.arange(self.points) / (self.points - 1)
            series += (CURVE_HEIGHT * 4 * place * (1 - place))[:, None]
        if self.errors in MEAN_AND_SPREAD:
            mean, spread = MEAN_AND_SPREAD[self.errors]
            return rng.poisson(mean * np.exp(spread * series - spread**2 / 2)).astype(float)
        return np.asarray(series)


def linear_cells() -> list[Cell]:
    """Cells of the study of linear estimators."""
    one = [Cell(*split, phi, errors) for errors in (AR1, AR2, CURVED) for split in SPLITS for phi in PHIS]
    return one + [Cell(*split, phi, TWO) for split in SPLITS_OF_TWO for phi in PHIS]


def other_cells() -> list[Cell]:
    """Cells of the study of the other estimators: fewer, because each fit takes its time."""
    splits, phis = ((12, 5), (24, 24)), (0.0, 0.4, 0.8)
    return [
        Cell(*split, phi, errors)
        for errors in (AR1, AR2, COUNTS, FEW, ZEROS)
        for split in splits
        for phi in phis
    ]
