"""Restricted maximum likelihood with AR(1) errors for many series at once, in closed form.

All series share one design matrix and one time axis; time may have gaps, over which the correlation is phi to
the power of the gap. The inverse of the correlation matrix has three diagonals, so that every quantity is a
short sum over neighbouring points: nothing of size n by n is ever made.

The profile likelihood is searched over phi; the variance and the coefficients follow. One fit and ten
thousand simulated ones run through the same code.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from careshift.interruption.kenward_roger import Adjustment

# Nearer to 1 the information about phi vanishes by cancellation of large terms, and its digits with it.
LOWEST, HIGHEST = -0.98, 0.99


@dataclass(frozen=True)
class Ar1Fits:
    """Fits of B series: phi (B), variance (B), estimate (B, k) and the parts of the adjustment.

    covariance, adjusted, second_order (B, k, k): coefficients' covariance, plain, with the first-order
    adjustment, and with that of 1997, see :class:`careshift.interruption.kenward_roger.Adjustment`. turn (B,
    k, k): change of the covariance with phi. parameter_covariance (B, 2, 2): of variance (relative to its
    estimate) and phi. log_likelihood (B): restricted log-likelihood without its constant.
    """

    phi: np.ndarray
    variance: np.ndarray
    estimate: np.ndarray
    covariance: np.ndarray
    adjusted: np.ndarray
    second_order: np.ndarray
    turn: np.ndarray
    parameter_covariance: np.ndarray
    log_likelihood: np.ndarray

    @property
    def at_boundary(self) -> np.ndarray:
        """Mask (B): the likelihood still rises at the highest phi, as for a random walk."""
        return self.phi >= HIGHEST - 1e-9

    def adjustment(self, series: int) -> Adjustment:
        """Return the adjustment of one series."""
        gradients = np.stack([self.covariance[series], self.turn[series]])
        return Adjustment(
            self.covariance[series],
            self.adjusted[series],
            self.second_order[series],
            gradients,
            self.parameter_covariance[series],
        )

    def degrees_of_freedom(self, term: int, residual_df: int) -> np.ndarray:
        """Degrees of freedom of a term (B), kept within 2 and ``residual_df``."""
        plain = self.covariance[:, term, term]
        slopes = np.stack([plain, self.turn[:, term, term]], axis=1)
        spread = np.einsum("bi,bij,bj->b", slopes, self.parameter_covariance, slopes)
        df = np.where(spread > 0, 2 * plain**2 / np.where(spread > 0, spread, 1.0), residual_df)
        return np.asarray(np.where(np.isfinite(spread), np.clip(df, 2.0, residual_df), 2.0))


class Ar1Reml:
    """Fits AR(1) regressions that share a design (n, k) and gaps (n - 1, in units of the smallest)."""

    def __init__(self, matrix: np.ndarray, gaps: np.ndarray) -> None:
        # An orthonormal basis keeps the sums well scaled wherever the time origin is put.
        self.basis, self._triangle = np.linalg.qr(matrix)
        self.points, self.terms = matrix.shape
        rounded = np.round(gaps, 6)
        self.steps, self._step_of = np.unique(rounded, return_inverse=True)
        self._later = [np.flatnonzero(self._step_of == step) + 1 for step in range(self.steps.size)]
        self._often = np.bincount(self._step_of)
        self._even = bool(np.all(self.steps == 1))
        self.lowest = LOWEST if np.allclose(self.steps, np.round(self.steps)) else 0.0
        self._sums = self._paired_sums(self.basis, self.basis)
        self._first = np.outer(self.basis[0], self.basis[0])

    def fit(self, series: np.ndarray) -> Ar1Fits:
        """Fit B series given as the columns of an n by B array."""
        fixed, data = self._sums_of(series)
        return self._finish(self._maximise(data), data, fixed)

    def at(self, phi: np.ndarray, series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Generalised least squares at a known phi a series: estimate (B, k), covariance (B, k, k)."""
        fixed, data = self._sums_of(series)
        precision, shift, rss = self._solve(phi, data)
        back = np.linalg.inv(self._triangle)
        variance = (rss / (self.points - self.terms))[:, None, None]
        return (fixed.T + shift) @ back.T, variance * (back @ np.linalg.inv(precision) @ back.T)

    def _sums_of(self, series: np.ndarray) -> tuple[np.ndarray, "_Data"]:
        """Least-squares coefficients in the basis (k, B), and the sums of what they leave."""
        fixed = self.basis.T @ series
        rest = series - self.basis @ fixed
        data = _Data(
            first_cross=self.basis[0][:, None] * rest[0],
            cross=self._paired_sums(self.basis, rest),
            first_square=rest[0] ** 2,
            square=self._paired_squares(rest),
        )
        return fixed, data

    @cached_property
    def grid(self) -> np.ndarray:
        """Values of phi at which the likelihood is looked at before the search is refined."""
        inner = np.arange(np.ceil(self.lowest * 20) / 20, 0.96, 0.05)
        return np.unique(np.concatenate([[self.lowest], inner, [0.97, 0.98, HIGHEST]]))

    def _paired_sums(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return sums of now x now, now x before, before x before, by step length (3 J, k, columns)."""
        own, cross, before = [], [], []
        for now in self._later:
            a, a0, b, b0 = left[now].T, left[now - 1].T, right[now], right[now - 1]
            own.append(a @ b)
            cross.append(a @ b0 + a0 @ b)
            before.append(a0 @ b0)
        return np.array(own + cross + before)

    def _paired_squares(self, rest: np.ndarray) -> np.ndarray:
        """Return the same sums of every series with itself (3 J, B)."""
        own = [(rest[now] ** 2).sum(axis=0) for now in self._later]
        cross = [2 * (rest[now] * rest[now - 1]).sum(axis=0) for now in self._later]
        before = [(rest[now - 1] ** 2).sum(axis=0) for now in self._later]
        return np.array(own + cross + before)

    def _weights(self, phi: np.ndarray, derivative: int = 0) -> np.ndarray:
        """Weights (..., 3 J) of the paired sums in the inverse correlation matrix, or a derivative."""
        rho, rho1, rho2 = self._powers(phi[..., None])
        gain = 1 - rho**2
        own1, cross1 = 2 * rho / gain**2, -(1 + rho**2) / gain**2
        if derivative == 0:
            triple = [1 / gain, -rho / gain, rho**2 / gain]
        elif derivative == 1:
            triple = [own1 * rho1, cross1 * rho1, own1 * rho1]
        else:
            own = (2 + 6 * rho**2) / gain**3 * rho1**2 + own1 * rho2
            cross = -(6 * rho + 2 * rho**3) / gain**3 * rho1**2 + cross1 * rho2
            triple = [own, cross, own]
        return np.concatenate(triple, axis=-1)

    def _powers(self, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Correlation over each step length, with its first and second derivative by phi."""
        d = self.steps
        if self._even:
            ones = np.ones_like(phi)
            return phi, ones, 0 * ones
        whole = np.round(d) if self.lowest < 0 else d
        safe = np.where(phi == 0, 1e-12, phi)
        rho = np.sign(safe) ** whole * np.abs(safe) ** whole
        return rho, whole * rho / safe, whole * (whole - 1) * rho / safe**2

    def _log_determinant(self, phi: np.ndarray) -> np.ndarray:
        rho, _, _ = self._powers(phi[..., None])
        return np.asarray(np.log1p(-(rho**2)) @ self._often)

    def _precision(self, phi: np.ndarray, derivative: int = 0) -> np.ndarray:
        """Information matrix X'R^-1 X in the basis for each phi (..., k, k), or its derivative by phi."""
        flat = self._weights(phi, derivative) @ self._sums.reshape(self._sums.shape[0], -1)
        total = np.asarray(flat.reshape(*phi.shape, self.terms, self.terms))
        return np.asarray(total + self._first) if derivative == 0 else total

    def _deviance(self, phi: np.ndarray, precision: np.ndarray, rss: np.ndarray) -> np.ndarray:
        """Minus twice the profile restricted log-likelihood, without its constant."""
        df = self.points - self.terms
        _, log_information = np.linalg.slogdet(precision)
        return np.asarray(df * np.log(rss / df) + (self._log_determinant(phi) + log_information))

    def _slope(self, phi: np.ndarray, turned: np.ndarray, rss: np.ndarray, rss1: np.ndarray) -> np.ndarray:
        """Return the deviance's derivative by phi; ``turned`` is M^-1 dM, ``rss1`` that of ``rss``."""
        rho, rho1, _ = self._powers(phi[..., None])
        of_determinant = (-2 * rho * rho1 / (1 - rho**2)) @ self._often
        of_fit = (self.points - self.terms) * rss1 / rss
        return np.asarray(of_fit + of_determinant + np.trace(turned, axis1=-2, axis2=-1))

    def _on_grid(self, data: "_Data") -> tuple[np.ndarray, np.ndarray]:
        """Deviance and its slope at every phi of the grid for every series (grid, B)."""
        weights, precision = self._weights(self.grid), self._precision(self.grid)
        weights1, precision1 = self._weights(self.grid, 1), self._precision(self.grid, 1)
        cross = data.first_cross + np.tensordot(weights, data.cross, axes=1)
        shift = np.linalg.solve(precision, cross)
        rss = data.first_square + weights @ data.square - (cross * shift).sum(axis=1)
        # At the best coefficients only the direct dependence on phi is left (envelope theorem).
        cross1 = np.tensordot(weights1, data.cross, axes=1)
        rss1 = weights1 @ data.square + (shift * (precision1 @ shift - 2 * cross1)).sum(axis=1)
        turned = np.linalg.solve(precision, precision1)
        value = self._deviance(self.grid, precision, rss.T).T
        return value, self._slope(self.grid, turned, rss.T, rss1.T).T

    def _solve(self, phi: np.ndarray, data: "_Data") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Information (B, k, k), coefficients (B, k) and residual sum of squares (B), one phi a series."""
        weights, precision = self._weights(phi), self._precision(phi)
        cross = data.first_cross.T + np.einsum("bj,jkb->bk", weights, data.cross)
        shift = np.linalg.solve(precision, cross[..., None])[..., 0]
        square = data.first_square + np.einsum("bj,jb->b", weights, data.square)
        return precision, shift, square - (cross * shift).sum(axis=1)

    def _slope_at(self, phi: np.ndarray, data: "_Data") -> np.ndarray:
        """Slope of the deviance, one phi a series (B)."""
        precision, shift, rss = self._solve(phi, data)
        weights1, precision1 = self._weights(phi, 1), self._precision(phi, 1)
        cross1 = np.einsum("bj,jkb->bk", weights1, data.cross)
        bent = (precision1 @ shift[..., None])[..., 0] - 2 * cross1
        rss1 = np.einsum("bj,jb->b", weights1, data.square) + (shift * bent).sum(axis=1)
        return self._slope(phi, np.linalg.solve(precision, precision1), rss, rss1)

    def _maximise(self, data: "_Data") -> np.ndarray:
        """Best phi of each series: the grid's best point, then the root of the slope beside it.

        The root is found by the Illinois form of the secant rule (Dowell and Jarratt 1971, BIT).
        """
        value, slope = self._on_grid(data)
        best = value.argmin(axis=0)
        each = np.arange(best.size)
        rising = slope[best, each] > 0
        left = np.clip(np.where(rising, best - 1, best), 0, self.grid.size - 1)
        right = np.clip(left + 1, 0, self.grid.size - 1)
        # Without a change of sign (an end of the range, a dip narrower than the grid) phi stays put.
        bracketed = (slope[left, each] < 0) & (slope[right, each] > 0)
        left, right = np.where(bracketed, left, best), np.where(bracketed, right, best)
        a, b, at_a, at_b = self.grid[left], self.grid[right], slope[left, each], slope[right, each]
        for _ in range(60):
            moved = np.where(at_a == at_b, 0.0, at_b * (b - a) / np.where(at_a == at_b, 1.0, at_b - at_a))
            if np.abs(moved).max() < 1e-11:
                break
            fresh = b - moved
            at_fresh = self._slope_at(fresh, data)
            crossed = at_fresh * at_b < 0
            a, at_a = np.where(crossed, b, a), np.where(crossed, at_b, at_a / 2)
            b, at_b = fresh, at_fresh
        return np.asarray(b)

    def _finish(self, phi: np.ndarray, data: "_Data", fixed: np.ndarray) -> Ar1Fits:
        precision, shift, rss = self._solve(phi, data)
        variance = rss / (self.points - self.terms)
        first, second = self._precision(phi, 1), self._precision(phi, 2)
        bend = self._bend(phi)
        inverse = np.linalg.inv(precision)
        parameters = self._parameter_covariance(phi, inverse, first, bend)
        of_phi, joint = (parameters[:, 1, row, None, None] for row in (1, 0))
        core = of_phi * (bend - first @ inverse @ first)
        curved = core - 0.25 * (of_phi * (2 * bend - second) - 2 * joint * first)
        back = np.linalg.inv(self._triangle)

        def outward(inside: np.ndarray) -> np.ndarray:
            return np.asarray(variance[:, None, None] * (back @ inside @ back.T))

        return Ar1Fits(
            phi=phi,
            variance=variance,
            estimate=(fixed.T + shift) @ back.T,
            covariance=outward(inverse),
            adjusted=outward(inverse + 2 * inverse @ core @ inverse),
            second_order=outward(inverse + 2 * inverse @ curved @ inverse),
            turn=outward(-inverse @ first @ inverse),
            parameter_covariance=parameters,
            log_likelihood=-0.5 * self._deviance(phi, precision, rss),
        )

    def _parameter_covariance(
        self, phi: np.ndarray, inverse: np.ndarray, first: np.ndarray, bend: np.ndarray
    ) -> np.ndarray:
        """Inverse expected information of (relative variance, phi) for each series (B, 2, 2)."""
        rho, rho1, _ = self._powers(phi[:, None])
        gain = 1 - rho**2
        turned = inverse @ first
        joint = 0.5 * ((-2 * rho * rho1 / gain) @ self._often + np.trace(turned, axis1=1, axis2=2))
        own = (rho1**2 * (1 + rho**2) / gain**2) @ self._often
        own = own - np.einsum("bij,bji->b", inverse, bend) + 0.5 * np.einsum("bij,bji->b", turned, turned)
        scale = np.full_like(phi, (self.points - self.terms) / 2)
        determinant = scale * own - joint**2
        # Where the information vanishes phi is not estimable: an infinite variance makes df fall to their
        # floor.
        determinant = np.where(determinant > 0, determinant, np.nan)
        matrix = np.array([[own, -joint], [-joint, scale]]) / determinant
        return np.asarray(np.moveaxis(matrix, -1, 0))

    def _bend(self, phi: np.ndarray) -> np.ndarray:
        """Return the matrix X'(R^-1)' R (R^-1)'X in the basis for each phi (B, k, k)."""
        rho, _, _ = self._powers(phi[:, None])
        rho, scale = rho[:, self._step_of], np.sqrt(1 - rho**2)[:, self._step_of]
        weights, steps = self._weights(phi, 1)[:, :, None], self.steps.size
        own, cross = weights[:, self._step_of], weights[:, steps + self._step_of]
        x = self.basis[None]
        turned = np.zeros((phi.size, self.points, self.terms))
        turned[:, 1:] += own * x[:, 1:] + cross * x[:, :-1]
        turned[:, :-1] += own * x[:, :-1] + cross * x[:, 1:]
        # Backward substitution through the transposed whitening matrix, which has two diagonals.
        for i in range(self.points - 1, -1, -1):
            if i < self.points - 1:
                turned[:, i] += (rho[:, i] / scale[:, i])[:, None] * turned[:, i + 1]
            if i > 0:
                turned[:, i] *= scale[:, i - 1, None]
        return np.asarray(np.swapaxes(turned, 1, 2) @ turned)


@dataclass(frozen=True)
class _Data:
    """Sums of the series' least-squares residuals, with the basis and with themselves."""

    first_cross: np.ndarray
    cross: np.ndarray
    first_square: np.ndarray
    square: np.ndarray


def whiten(residuals: np.ndarray, phi: float, gaps: np.ndarray) -> np.ndarray:
    """Innovations of one AR(1) series (n), scaled to the series' own standard deviation."""
    whole = np.round(gaps, 6)
    rho = np.sign(phi) ** whole * np.abs(phi) ** whole
    later = (residuals[1:] - rho * residuals[:-1]) / np.sqrt(1 - rho**2)
    return np.concatenate([residuals[:1], later])
