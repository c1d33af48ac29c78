"""Kenward and Roger's adjustment for any covariance structure, by dense matrices.

Kenward and Roger (1997), Biometrics 53: 983-997. Their adjusted covariance has a term in the second
derivatives of the errors' covariance. Under AR(1) that term grows without bound as phi nears 1 (thousands of
times the plain standard error at ten points), so the headline leaves it out, as SAS does with
``DDFM=KR(FIRSTORDER)``; what remains is the correction of Prasad and Rao (1990) and Harville and Jeske
(1992), which is never negative. The coverage study has both. The AR(1) engine has the same quantities in
closed form; this general version serves AR(2) and checks the closed form in the tests.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve


@dataclass(frozen=True)
class Adjustment:
    """Plain and adjusted covariance of k coefficients, and what their degrees of freedom are made of.

    covariance, adjusted (first order) and second_order (as printed in 1997) (k, k); gradients (m, k, k):
    change of the covariance with each of m variance parameters; parameter_covariance (m, m).
    """

    covariance: np.ndarray
    adjusted: np.ndarray
    second_order: np.ndarray
    gradients: np.ndarray
    parameter_covariance: np.ndarray

    def degrees_of_freedom(self, weights: np.ndarray, residual_df: float) -> float:
        """Satterthwaite's degrees of freedom for one contrast (k), kept within 2 and ``residual_df``.

        For a single contrast Kenward and Roger's degrees of freedom are the same.
        """
        variance = float(weights @ self.covariance @ weights)
        slopes = np.einsum("i,mij,j->m", weights, self.gradients, weights)
        spread = float(slopes @ self.parameter_covariance @ slopes)
        if not np.isfinite(spread) or spread <= 0:
            return 2.0 if not np.isfinite(spread) else residual_df
        return float(np.clip(2 * variance**2 / spread, 2.0, residual_df))


def adjust(matrix: np.ndarray, v: np.ndarray, first: np.ndarray, second: np.ndarray) -> Adjustment:
    """Return the adjusted covariance of least-squares coefficients under estimated variance parameters.

    matrix (n, k); v (n, n), the fitted covariance of the errors; first (m, n, n) and second (m, m, n, n), its
    derivatives by the m variance parameters.
    """
    factor = cho_factor(v)
    vi_x = cho_solve(factor, matrix)
    covariance = np.linalg.inv(matrix.T @ vi_x)
    vi_first = np.stack([cho_solve(factor, part) for part in first])
    sided = first @ vi_x
    p = -vi_x.T @ sided
    q = np.einsum("ank,bnl->abkl", sided, vi_first @ vi_x)
    r = vi_x.T @ (second @ vi_x)
    information = (
        0.5 * np.tensordot(vi_first, vi_first, axes=([1, 2], [2, 1]))
        - np.einsum("kl,ablk->ab", covariance, q)
        + 0.5 * np.einsum("kl,alm,mn,bnk->ab", covariance, p, covariance, p)
    )
    parameter_covariance = np.linalg.inv(information)
    first_order = q - np.einsum("akl,lm,bmn->abkn", p, covariance, p)

    def corrected(core: np.ndarray) -> np.ndarray:
        inner = np.einsum("ab,abkl->kl", parameter_covariance, core)
        return np.asarray(covariance + covariance @ (inner + inner.T) @ covariance)

    gradients = -covariance @ p @ covariance
    return Adjustment(
        covariance, corrected(first_order), corrected(first_order - 0.25 * r), gradients, parameter_covariance
    )
