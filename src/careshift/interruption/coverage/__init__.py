"""How often the intervals hold the truth: simulations of every estimator, and where each fails.

Two studies: ``linear`` draws ten thousand series a cell and fits all linear estimators at once; ``others``
fits AR(2), ARIMA and count models to fewer series, one at a time. Run them with ``make coverage``, or
``python -m careshift.interruption.coverage linear --draws 10000 --out FILE``. A run that was stopped goes on
where it was; cells are independent of each other and of their order, because each has its own seed.

The true effect is zero. Linear estimators move with an added effect one to one, so that their coverage is the
same for any.
"""

from careshift.interruption.coverage.cells import PHIS, SEED, Cell, linear_cells, other_cells
from careshift.interruption.coverage.study import KEYS, compare, run_cell, study

__all__ = ["KEYS", "PHIS", "SEED", "Cell", "compare", "linear_cells", "other_cells", "run_cell", "study"]
