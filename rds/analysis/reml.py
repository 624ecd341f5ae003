"""Restricted maximum likelihood for the crossed table of respondents and tasks.

Respondents are eliminated exactly: all that matters of them are the cross products of who rated
what, summed over respondents with the same number of ratings. Every array has a leading axis of
B weightings of the respondents, so that resamples are fitted together.

Formulas keep the symbols of Searle, Casella and McCulloch (1992), *Variance Components*,
chapter 6: V = σ²_p·Z_pZ_p' + σ²_t·Z_tZ_t' + σ²_e·I, and P = V⁻¹ − V⁻¹1(1'V⁻¹1)⁻¹1'V⁻¹. Variances
are divided by σ²_e there; ratios are θ_p and θ_t.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SMALLEST_RESIDUAL = 1e-8
_NUMBERS_AT_ONCE = 4_000_000
_ROUNDING = 1e-12
_STEPS = 300


def reml(table: Floats) -> Floats:
    """Variances of respondents, tasks and residual that maximise the restricted likelihood.

    Parameters
    ----------
    table
        Respondents in rows, tasks in columns, NaN for gaps; no empty row or column.

    Returns
    -------
    numpy.ndarray
        Shape (3,), none below zero.

    Examples
    --------
    >>> reml(np.array([[1.0, 2, 4], [2, 3, np.nan], [1, 3, 5], [3, 4, 5]])).round(4)
    array([0.4089, 2.1142, 0.2281])
    """
    if np.nanmax(table) == np.nanmin(table):
        return np.zeros(3)
    tallies = _tally(_crossed(table), np.ones((1, len(table))))
    start = _thirds(tallies)
    variances: Floats = _maximise(tallies, start, tolerance=1e-9)[0]
    at_the_floor = variances[2] <= 2 * _SMALLEST_RESIDUAL * start.sum()
    return variances * [1.0, 1.0, 0.0] if at_the_floor else variances


def resampled_reml(table: Floats, *, replicates: int, seed: int) -> Floats:
    """REML variances of tables whose respondents are drawn with replacement.

    Parameters
    ----------
    table
        As for `reml`.
    replicates
        Number of resamples.
    seed
        Seed of the random numbers.

    Returns
    -------
    numpy.ndarray
        Shape (replicates, 3): respondents, tasks, residual.

    Examples
    --------
    >>> table = np.array([[1.0, 2, 4], [2, 3, np.nan], [1, 3, 5], [3, 4, 5]])
    >>> resampled_reml(table, replicates=7, seed=1).shape
    (7, 3)
    """
    whole = reml(table)
    if not whole.any():
        return np.zeros((replicates, 3))
    crossed = _crossed(table)
    start = np.maximum(whole, [0, 0, _SMALLEST_RESIDUAL * whole.sum()])
    fitted = [
        _maximise(_tally(crossed, weights), np.tile(start, (len(weights), 1)), tolerance=1e-4)
        for weights in _draws(crossed, replicates, seed)
    ]
    return np.concatenate([np.empty((0, 3)), *fitted])


@dataclass(frozen=True)
class _Crossed:
    """A table with its respondents sorted by how many tasks they rated.

    Attributes
    ----------
    rows
        (n, T + 1): which tasks are rated (0 or 1), then the sum of the ratings.
    ratings
        (n, T): ratings less their grand mean, 0 in gaps.
    counts
        (C,): the different numbers of tasks rated.
    slices
        C slices: the respondents with each count.
    """

    rows: Floats
    ratings: Floats
    counts: Floats
    slices: tuple[slice, ...]


@dataclass(frozen=True)
class _Tallies:
    """Sufficient statistics of B weightings of the respondents.

    Attributes
    ----------
    counts
        (C,): the different numbers of tasks rated.
    respondents
        (B, C): respondents who rated so many.
    by_count
        (B, C, T + 1, T + 1): cross products of `_Crossed.rows` over them.
    total
        (B, T + 1, T + 1): cross products of the task indicators and the ratings.
    """

    counts: Floats
    respondents: Floats
    by_count: Floats
    total: Floats

    @property
    def n_ratings(self) -> Floats:
        """(B,): filled cells."""
        return self.respondents @ self.counts


@dataclass(frozen=True)
class _Fit:
    """What the likelihood and its derivatives share at given variances; last axes T or T × T.

    Attributes
    ----------
    shrinkage
        (B, C): 1/(1 + cθ_p) for respondents with c ratings.
    h, a
        1'H⁻¹1 and Z_t'H⁻¹1/h, where H is V without tasks.
    K, r, q
        Z_t'MZ_t, Z_t'My and y'My, where M is P without tasks.
    G
        (I + θ_tK)⁻¹.
    mean
        The grand mean before tasks are fitted.
    S2, S3
        Respondents' cross products weighted by shrinkage² and by c·shrinkage³.
    """

    theta_p: Floats
    theta_t: Floats
    residual: Floats
    shrinkage: Floats
    h: Floats
    a: Floats
    K: Floats
    r: Floats
    q: Floats
    G: Floats
    mean: Floats
    S2: Floats
    S3: Floats


def _crossed(table: Floats) -> _Crossed:
    """Centre a table and sort its respondents by their number of ratings."""
    answered = ~np.isnan(table)
    order = np.argsort(answered.sum(axis=1), kind="stable")
    answered = answered[order]
    ratings = np.where(answered, table[order] - np.nanmean(table), 0.0)
    counts, starts = np.unique(answered.sum(axis=1), return_index=True)
    return _Crossed(
        rows=np.column_stack([answered.astype(float), ratings.sum(axis=1)]),
        ratings=ratings,
        counts=counts.astype(float),
        slices=tuple(map(slice, starts, [*starts[1:], len(table)])),
    )


def _tally(crossed: _Crossed, weights: Floats) -> _Tallies:
    """Sum over respondents, each counted as often as `weights` (B, n) says."""
    T = crossed.ratings.shape[1]
    total = np.zeros((len(weights), T + 1, T + 1))
    total[:, range(T), range(T)] = weights @ crossed.rows[:, :T]
    total[:, :T, T] = total[:, T, :T] = weights @ crossed.ratings
    total[:, T, T] = weights @ np.square(crossed.ratings).sum(axis=1)
    by_count = [
        (weights[:, part, None] * crossed.rows[part]).swapaxes(1, 2) @ crossed.rows[part]
        for part in crossed.slices
    ]
    return _Tallies(
        counts=crossed.counts,
        respondents=np.column_stack([weights[:, part].sum(axis=1) for part in crossed.slices]),
        by_count=np.stack(by_count, axis=1),
        total=total,
    )


def _draws(crossed: _Crossed, replicates: int, seed: int) -> Iterator[Floats]:
    """Yield how often each respondent is drawn (B, n), as many replicates as memory likes."""
    random = np.random.default_rng(seed)
    n, width = crossed.rows.shape
    at_once = max(1, _NUMBERS_AT_ONCE // (len(crossed.counts) * width**2 + n * width))
    for done in range(0, replicates, at_once):
        size = min(at_once, replicates - done)
        places = random.integers(n, size=(size, n)) + n * np.arange(size)[:, None]
        yield np.bincount(places.ravel(), minlength=size * n).reshape(size, n).astype(float)


def _thirds(tallies: _Tallies) -> Floats:
    """Begin with the variance of all ratings in three equal parts."""
    variance = tallies.total[:, -1, -1] / tallies.n_ratings
    return np.repeat(variance[:, None] / 3, 3, axis=1)


def _maximise(tallies: _Tallies, start: Floats, *, tolerance: float) -> Floats:
    """Maximise the restricted likelihood over variances (B, 3) at or above zero.

    Each step solves Σ_j tr(PV_iPV_j)·σ²_j = y'PV_iPy (Anderson 1973), for complete tables the
    answer at once. It is halved for as long as it gains less than a third of what its slope
    promises.
    """
    base = goal = trial = start
    floor = _SMALLEST_RESIDUAL * start.sum(axis=1)
    deviance, slope, step = np.full(len(start), np.inf), np.zeros(len(start)), np.ones(len(start))
    for _ in range(_STEPS):
        fit = _fit(tallies, trial)
        reached = _deviance(tallies, fit)
        better = reached <= deviance + step * slope / 3 + _ROUNDING * np.abs(reached)
        next_goal, next_slope = _goal(tallies, fit, trial, floor)
        base = np.where(better[:, None], trial, base)
        goal = np.where(better[:, None], next_goal, goal)
        deviance, slope = np.where(better, reached, deviance), np.where(better, next_slope, slope)
        step = np.where(better, 1.0, step / 2)
        trial = base + step[:, None] * (goal - base)
        if np.all(np.abs(trial - base).max(axis=1) <= tolerance * base.sum(axis=1)):
            break
    return base


def _fit(tallies: _Tallies, variances: Floats) -> _Fit:
    """Eliminate respondents and the mean, then tasks."""
    residual = variances[:, 2]
    theta_p, theta_t = variances[:, 0] / residual, variances[:, 1] / residual
    shrinkage = 1 / (1 + tallies.counts * theta_p[:, None])
    removed, S2, S3 = _pooled(tallies, theta_p, shrinkage)
    cross = tallies.total - removed
    with_mean = cross[:, :-1].sum(axis=1)
    h = with_mean[:, :-1].sum(axis=1)
    cross -= with_mean[:, :, None] * with_mean[:, None, :] / h[:, None, None]
    K = cross[:, :-1, :-1]
    return _Fit(
        theta_p=theta_p,
        theta_t=theta_t,
        residual=residual,
        shrinkage=shrinkage,
        h=h,
        a=with_mean[:, :-1] / h[:, None],
        K=K,
        r=cross[:, :-1, -1],
        q=cross[:, -1, -1],
        G=np.linalg.inv(np.eye(K.shape[1]) + theta_t[:, None, None] * K),
        mean=with_mean[:, -1] / h,
        S2=S2,
        S3=S3,
    )


def _pooled(tallies: _Tallies, theta_p: Floats, shrinkage: Floats) -> Floats:
    """Weight respondents' cross products by θ_p·s, s² and c·s³, s their shrinkage (3, B, ., .)."""
    weights = np.stack(
        [theta_p[:, None] * shrinkage, shrinkage**2, tallies.counts * shrinkage**3], axis=1
    )
    size, counts, width, _ = tallies.by_count.shape
    pooled = weights @ tallies.by_count.reshape(size, counts, width * width)
    return pooled.swapaxes(0, 1).reshape(3, size, width, width)


def _deviance(tallies: _Tallies, fit: _Fit) -> Floats:
    """Minus twice the restricted log-likelihood, less a constant."""
    explained = fit.theta_t * np.einsum("bi,bij,bj->b", fit.r, fit.G, fit.r)
    return np.asarray(
        (tallies.n_ratings - 1) * np.log(fit.residual)
        - (tallies.respondents * np.log(fit.shrinkage)).sum(axis=1)
        + np.log(fit.h)
        - np.linalg.slogdet(fit.G).logabsdet
        + (fit.q - explained) / fit.residual
    )


def _goal(tallies: _Tallies, fit: _Fit, variances: Floats, floor: Floats) -> tuple[Floats, Floats]:
    """Where Anderson's iteration goes, and the slope of the deviance in that direction.

    No variance goes below zero, and the residual not below a tenth of what it was.
    """
    S, y = _information(tallies, fit), _forms(fit)
    least = np.zeros_like(variances)
    least[:, 2] = np.maximum(fit.residual / 10, floor)
    goal = least + _nonnegative_solution(S, y - np.einsum("bij,bj->bi", S, least))
    gradient = (np.einsum("bij,bj->bi", S, variances) - y) / fit.residual[:, None] ** 2
    return goal, (gradient * (goal - variances)).sum(axis=1)


def _information(tallies: _Tallies, fit: _Fit) -> Floats:
    """tr(PV_iPV_j), shape (B, 3, 3)."""
    T = fit.K.shape[1]
    S2, S3 = fit.S2[:, :T, :T], fit.S3[:, :T, :T]
    scaled_counts = tallies.counts * fit.shrinkage
    L = fit.G - (fit.a[:, None, :] @ fit.G)
    B = 1 / fit.h[:, None, None] + fit.theta_t[:, None, None] * (L - L @ fit.a[:, :, None])
    BS, J = B @ S2, fit.K @ fit.G
    p = (tallies.respondents * scaled_counts).sum(axis=1) - _dot(B, S2)
    t = J.trace(axis1=1, axis2=2)
    pp = (
        (tallies.respondents * scaled_counts**2).sum(axis=1)
        - 2 * _dot(B, S3)
        + _dot(BS, BS.swapaxes(1, 2))
    )
    pt, tt = _dot(S2, L @ L.swapaxes(1, 2)), _dot(J, J.swapaxes(1, 2))
    pe, te = p - fit.theta_p * pp - fit.theta_t * pt, t - fit.theta_p * pt - fit.theta_t * tt
    e = tallies.n_ratings - 1 - fit.theta_p * p - fit.theta_t * t
    ee = e - fit.theta_p * pe - fit.theta_t * te
    return np.stack([pp, pt, pe, pt, tt, te, pe, te, ee], axis=1).reshape(-1, 3, 3)


def _forms(fit: _Fit) -> Floats:
    """y'PV_iPy, shape (B, 3)."""
    fitted = np.einsum("bij,bj->bi", fit.G, fit.r)
    effects = fit.theta_t[:, None] * fitted
    mean = fit.mean - (fit.a * effects).sum(axis=1)
    v = np.column_stack([-(mean[:, None] + effects), np.ones(len(mean))])
    p = np.einsum("bi,bij,bj->b", v, fit.S2, v)
    t = (fitted**2).sum(axis=1)
    e = fit.q - (effects * fit.r).sum(axis=1) - fit.theta_p * p - fit.theta_t * t
    return np.stack([p, t, e], axis=1)


def _dot(left: Floats, right: Floats) -> Floats:
    """Sum of products of two stacks of matrices, matrix by matrix."""
    return np.asarray(np.einsum("bij,bij->b", left, right))


def _nonnegative_solution(S: Floats, y: Floats) -> Floats:
    """Minimise ½x'Sx − y'x over three numbers at or above zero."""
    best = _solution(S, y, (True, True, True))
    below = (best < 0).any(axis=1)
    if not below.any():
        return best
    S, y = S[below], y[below]
    tries = np.stack([_solution(S, y, free) for free in product((True, False), repeat=3)])
    values = np.einsum("kbi,bij,kbj->kb", tries, S, tries) / 2 - np.einsum("bi,kbi->kb", y, tries)
    values[(tries < 0).any(axis=2)] = np.inf
    best[below] = tries[values.argmin(axis=0), np.arange(len(y))]
    return best


def _solution(S: Floats, y: Floats, free: tuple[bool, ...]) -> Floats:
    """Solve Sx = y for the numbers that are free, the others zero."""
    kept = np.array(free, dtype=float)
    scale = np.sqrt(np.maximum(np.diagonal(S, axis1=1, axis2=2), 1e-300))
    correlations = S / (scale[:, :, None] * scale[:, None, :]) * np.outer(kept, kept)
    ridge = np.diag(1e-13 + 1 - kept)
    return np.linalg.solve(correlations + ridge, (kept * y / scale)[:, :, None])[:, :, 0] / scale
