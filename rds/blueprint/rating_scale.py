"""The Rasch rating scale model: measures of tasks, freed from who happened to rate them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from rds.errors import WithheldError

Floats = NDArray[np.float64]

FEWEST_RESPONDENTS = 30
_MOST_STEPS = 60
_CLOSE_ENOUGH = 1e-8
_LARGEST = 50.0


@dataclass(frozen=True, eq=False)
class RatingScale:
    """Joint maximum likelihood estimates of the rating scale model.

    Attributes
    ----------
    tasks
        Measure of each task in logits, with mean 0; higher is rated higher.
    respondents
        Measure of each respondent in logits, higher for those who rate everything higher; infinite
        for those who gave nothing but the lowest or the highest point, NaN without any rating.
    thresholds
        Where neighbouring points are equally likely, in logits, with mean 0.
    points
        The points that were used, in ascending order.
    expected
        The mean rating that each task would have, had everybody rated it.
    """

    tasks: Floats
    respondents: Floats
    thresholds: Floats
    points: Floats
    expected: Floats


def rating_scale(values: ArrayLike, *, survey_weights: ArrayLike | None = None) -> RatingScale:
    """Fit the rating scale model to ratings by joint maximum likelihood.

    A respondent of measure θ gives a task of measure β the point k with a probability in proportion
    to exp(k·(θ + β) − κ_k), κ being the same for all tasks. Respondents who gave only the lowest or
    only the highest point say nothing of how tasks differ and enter `expected` with that point.
    Task measures are as the likelihood has them; multiplied by (T − 1)/T they lose most of their
    known bias (Wright and Douglas, 1977).

    With survey weights the likelihood is that of the population (pseudo maximum likelihood): a
    respondent of weight 2 counts as two who gave the same answers. With complete answers `expected`
    is then the weighted mean.

    Parameters
    ----------
    values
        Ratings, respondents × tasks, NaN where there is none.
    survey_weights
        One positive number per respondent, taken as fixed; without them, everybody counts the same.

    Raises
    ------
    WithheldError
        With fewer than 30 respondents who used more than one end of the scale, a task with nothing
        but the lowest or the highest point, tasks that no respondents join, or when the likelihood
        has no finite maximum.

    Notes
    -----
    Andrich (1978), Psychometrika 43; Wright and Masters (1982), Rating Scale Analysis; Skinner
    (1989), Analysis of Complex Surveys (pseudo maximum likelihood).

    Examples
    --------
    >>> table = [[1, 2, 3], [2, 1, 3], [1, 3, 2], [3, 2, 2]] * 10
    >>> fitted = rating_scale(table)
    >>> fitted.expected.round(6).tolist()
    [1.75, 2.0, 2.5]
    """
    table = np.asarray(values, dtype=float)
    present = ~np.isnan(table)
    if not present.any():
        raise WithheldError("there are no ratings")
    points = np.unique(table[present])
    weights = np.ones(len(table)) if survey_weights is None else np.asarray(survey_weights, float)
    informative = _informative(table, points)
    _refuse_thin(table[informative], points)
    own, given = table[informative], present[informative]
    fit = _fit(own - points[0], given, points - points[0], weights[informative])
    respondents = np.full(len(table), np.nan)
    rated = np.where(present, table, 0.0).sum(axis=1) / np.maximum(present.sum(axis=1), 1)
    constant = present.any(axis=1) & ~informative
    respondents[constant] = np.where(rated[constant] == points[0], -np.inf, np.inf)
    respondents[informative] = fit.theta
    expected = _probabilities(fit, points - points[0]) @ points
    total = weights[informative] @ expected + weights[constant] @ rated[constant]
    return RatingScale(
        tasks=fit.beta,
        respondents=respondents,
        thresholds=np.diff(fit.kappa) / np.diff(points),
        points=points,
        expected=total / weights[present.any(axis=1)].sum(),
    )


def _informative(table: Floats, points: Floats) -> NDArray[np.bool_]:
    """Tell who gave anything but the lowest, and anything but the highest point."""
    present = ~np.isnan(table)
    above = (present & (table > points[0])).any(axis=1)
    below = (present & (table < points[-1])).any(axis=1)
    return np.asarray(above & below)


def _refuse_thin(table: Floats, points: Floats) -> None:
    """Withhold measures that the answers cannot give."""
    if len(table) < FEWEST_RESPONDENTS:
        raise WithheldError(
            f"Rasch measures need {FEWEST_RESPONDENTS} respondents who did not give the same end "
            f"of the scale to everything, and there are {len(table)}"
        )
    present = ~np.isnan(table)
    above, below = (table > points[0]).any(axis=0), (table < points[-1]).any(axis=0)
    if not (above & below & present.any(axis=0)).all():
        raise WithheldError(
            "a task got nothing but the lowest or the highest point, so it has no Rasch measure"
        )
    n, tasks = table.shape
    rows, columns = np.nonzero(present)
    graph = csr_array((np.ones(len(rows)), (rows, n + columns)), shape=(n + tasks, n + tasks))
    if connected_components(graph, directed=False)[0] > 1:
        raise WithheldError("no respondents join all the tasks, so their measures have no origin")


@dataclass(frozen=True, eq=False)
class _Fit:
    """Parameters of the model, and how the ratings follow from them."""

    theta: Floats
    beta: Floats
    kappa: Floats

    def moved(self, step: _Fit, size: float) -> _Fit:
        """Return parameters moved by a step; the first and last κ stay zero."""
        return _Fit(
            self.theta + size * step.theta,
            self.beta + size * step.beta,
            self.kappa + size * step.kappa,
        )

    def largest(self) -> float:
        """Return the largest parameter by size."""
        parts = (self.theta, self.beta, self.kappa)
        return float(max(np.abs(part).max() for part in parts))


def _fit(ratings: Floats, present: NDArray[np.bool_], scores: Floats, weights: Floats) -> _Fit:
    """Return the parameters of greatest likelihood, by Newton's method."""
    n, tasks = ratings.shape
    fit = _Fit(np.zeros(n), np.zeros(tasks), np.zeros(len(scores)))
    chosen = np.equal.outer(ratings, scores).astype(float)
    likelihood = _likelihood(fit, chosen, present, scores, weights)
    for _ in range(_MOST_STEPS):
        step = _newton_step(fit, chosen, present, scores, weights)
        for size in (1.0, 0.5, 0.25, 0.1, 0.01):
            tried = fit.moved(step, size)
            found = _likelihood(tried, chosen, present, scores, weights)
            if found >= likelihood - 1e-9 * abs(likelihood):
                break
        fit, likelihood = tried, found
        if step.largest() < _CLOSE_ENOUGH:
            return fit
        if not fit.largest() < _LARGEST:
            break
    raise WithheldError("the ratings do not define Rasch measures: they part the tasks completely")


def _probabilities(fit: _Fit, scores: Floats) -> Floats:
    """Return the probability of each point, respondents × tasks × points."""
    logits = np.multiply.outer(fit.theta[:, None] + fit.beta, scores) - fit.kappa
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    return np.asarray(weights / weights.sum(axis=2, keepdims=True), dtype=float)


def _likelihood(
    fit: _Fit, chosen: Floats, present: NDArray[np.bool_], scores: Floats, weights: Floats
) -> float:
    """Return the logarithm of the likelihood."""
    own = (_probabilities(fit, scores) * chosen).sum(axis=2)
    logs = np.log(np.maximum(np.where(present, own, 1.0), 1e-300))
    return float(weights @ logs.sum(axis=1))


def _newton_step(
    fit: _Fit, chosen: Floats, present: NDArray[np.bool_], scores: Floats, weights: Floats
) -> _Fit:
    """Return Newton's step; respondents, of whom there are many, are eliminated first."""
    p = _probabilities(fit, scores) * present[:, :, None]
    expected = p @ scores
    variance = p @ scores**2 - expected**2
    middle = p[:, :, 1:-1]
    with_scores = -middle * (scores[1:-1] - expected[:, :, None])
    residual = np.where(present, chosen @ scores, 0.0) - expected
    a, g = weights * variance.sum(axis=1), weights * residual.sum(axis=1)
    c = weights[:, None] * np.hstack([variance, with_scores.sum(axis=1)])
    tasks = variance.shape[1]
    d = np.zeros((c.shape[1], c.shape[1]))
    # Respondents' and tasks' measures share an origin; the ones keep the tasks' mean at 0.
    d[:tasks, :tasks] = np.diag(weights @ variance) + 1.0
    d[:tasks, tasks:] = np.einsum("i,itk->tk", weights, with_scores)
    d[tasks:, :tasks] = d[:tasks, tasks:].T
    weighted = weights[:, None, None] * middle
    totals = weighted.sum(axis=(0, 1))
    d[tasks:, tasks:] = np.diag(totals) - np.einsum("itk,itl->kl", weighted, middle)
    used = weights @ (chosen[:, :, 1:-1] * present[:, :, None]).sum(axis=1)
    gradient = np.concatenate([weights @ residual, totals - used])
    step = np.linalg.solve(d - c.T @ (c / a[:, None]), gradient - c.T @ (g / a))
    theta = (g - c @ step) / a
    return _Fit(theta, step[:tasks], np.concatenate([[0.0], step[tasks:], [0.0]]))
