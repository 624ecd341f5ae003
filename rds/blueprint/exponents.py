"""Exponents that give each scale its declared say in how tasks differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_ROUNDS = 500
_CLOSE_ENOUGH = 1e-14


def equal_say(covariances: Floats, shares: Floats) -> Floats:
    """Return exponents whose effective weights are the shares; the first exponent is 1.

    Solves a_s·(S a)_s = g_s·aᵀS a for positive a: the effective weight of a scale, a_s·Cov(ln
    mean_s, ln c)/Var(ln c), is its share g_s. With two scales the root is in closed form; with more
    it is the one minimum of ½aᵀSa − Σ g_s·ln a_s, found coordinate by coordinate.

    Parameters
    ----------
    covariances
        Covariances S of the logarithms of the scales' means over tasks, … × scales × scales.
    shares
        Shares g, positive with sum 1.

    Returns
    -------
    ndarray
        … × scales; NaN where a scale does not differ between tasks or there is no solution.

    Notes
    -----
    Two scales: b = (−(2g − 1)·s_CF + √((2g − 1)²·s_CF² + 4g(1 − g)·s_C²·s_F²))/(2g·s_F²). The
    minimum: Spinu (2013), An algorithm for computing risk parity weights.

    Examples
    --------
    >>> equal_say(np.array([[[4.0, 1.0], [1.0, 1.0]]]), np.array([0.5, 0.5])).tolist()
    [[1.0, 2.0]]
    """
    variances = np.diagonal(covariances, axis1=-2, axis2=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _two(covariances, shares) if len(shares) == 2 else _many(covariances, shares)
    usable = (variances > 1e-24) & np.isfinite(found) & (found > 0)
    defined = usable.all(axis=-1, keepdims=True)
    return np.asarray(np.where(defined, found, np.nan), dtype=np.float64)


def _two(covariances: Floats, shares: Floats) -> Floats:
    """Return 1 and the positive root for the second of two scales."""
    g = float(shares[0])
    first, second = covariances[..., 0, 0], covariances[..., 1, 1]
    both = covariances[..., 0, 1]
    root = np.sqrt((2 * g - 1) ** 2 * both**2 + 4 * g * (1 - g) * first * second)
    b = (root - (2 * g - 1) * both) / (2 * g * second)
    return np.stack([np.ones_like(b), b], axis=-1)


def _many(covariances: Floats, shares: Floats) -> Floats:
    """Return the exponents of three or more scales by coordinate descent."""
    scales = len(shares)
    variances = np.diagonal(covariances, axis1=-2, axis2=-1)
    found = np.sqrt(shares / variances)
    for _ in range(_MOST_ROUNDS):
        before = found.copy()
        for s in range(scales):
            others = (covariances[..., s, :] * found).sum(axis=-1) - variances[..., s] * found[
                ..., s
            ]
            root = np.sqrt(others**2 + 4 * variances[..., s] * shares[s])
            found[..., s] = (root - others) / (2 * variances[..., s])
        if not (np.abs(found - before) > _CLOSE_ENOUGH * np.abs(before)).any():
            break
    return np.asarray(found / found[..., :1], dtype=float)
