"""Weights and plans of surveys in which each respondent stands so often as they were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from rds.blueprint.answers import (
    Answers,
    answers_of,
    membership,
    refuse_too_few,
    refuse_undefined,
    shares_by_row,
    weighted_means,
)
from rds.blueprint.apportion import AllocationMethod
from rds.blueprint.apportion_rows import Counts, Floats
from rds.blueprint.errors_of_weights import DEFAULT_SEED, shares_and_deviations
from rds.blueprint.resample import bounded_rows
from rds.blueprint.weighing import Weighing, weigh_again
from rds.outline.outline import Domain
from rds.ratings.ratings import Ratings


@dataclass(frozen=True)
class Form:
    """How weights of domains become whole items.

    Parameters
    ----------
    items
        Number of exam items.
    bounds
        Domains with `minimum_items` and `maximum_items`.
    order
        Domains in the order wanted; empty for the order in which tasks name them.
    method
        The apportionment method.
    """

    items: int
    bounds: Sequence[Domain] = ()
    order: Sequence[str] = ()
    method: AllocationMethod = "hamilton"


@dataclass(frozen=True, eq=False)
class Surveyed:
    """Respondents with usable ratings, from whom surveys are drawn.

    Attributes
    ----------
    answers
        Their answers as the model averages them.
    shares
        Task weights from all of them.
    linear
        For a model that does not follow from means: how the weights change with each respondent's
        (or group of respondents') share in the survey, respondents × tasks; else empty.
    survey_weights
        The survey weights they carry, taken as fixed; None where everybody counts the same.
    """

    answers: Answers
    shares: Floats
    linear: Floats = field(default_factory=lambda: np.empty((0, 0)))
    survey_weights: Floats | None = None

    @property
    def n(self) -> int:
        """Respondents with usable ratings, or groups of them that are drawn together."""
        return len(self.linear) or len(self.answers.all_tables[0])

    def task_weights(self, times: NDArray[np.float64]) -> Floats:
        """Return task weights of surveys; a row is NaN where a task has no answers.

        Parameters
        ----------
        times
            How often each respondent stands in each survey, surveys × respondents.
        """
        if not len(self.linear):
            counts = times if self.survey_weights is None else times * self.survey_weights
            with threadpool_limits(1):
                return self.answers.weigh(weighted_means(self.answers.all_tables, counts))
        parts = times / times.sum(axis=1, keepdims=True)
        return shares_by_row(np.maximum(self.shares + parts @ self.linear, 0.0))


def surveyed(ratings: Ratings, weighing: Weighing, *, seed: int = DEFAULT_SEED) -> Surveyed:
    """Return the respondents with usable ratings.

    Raises
    ------
    ValueError
        As `combine`.
    WithheldError
        With fewer than 15 respondents or 5 usable ratings of a task, or without weights.
    """
    answers = answers_of(ratings, weighing)
    usable = answers.usable()
    chosen, answers = ratings.select(usable), answers.of_respondents(usable)
    refuse_too_few(answers)
    shares = refuse_undefined(weigh_again(chosen, weighing))
    if answers.merge is not None:
        return Surveyed(answers, shares, survey_weights=chosen.survey_weights)
    _, deviations = shares_and_deviations(chosen, answers, np.ones(len(chosen)), seed=seed)
    n = len(deviations)
    # A deviation is √((n − 1)/n)·(weight without − mean); a pseudo-value is −(n − 1) times that.
    return Surveyed(answers, shares, -np.sqrt(n * (n - 1)) * deviations)


def domain_items(shares: Floats, weighing: Weighing, form: Form) -> Counts:
    """Return whole items by domain for rows of task weights; −1 in a row that gives no plan."""
    own, members = membership(list(weighing.domains.values()))
    names = list(form.order) or own
    by_domain = np.zeros((len(shares), len(names)))
    by_domain[:, [names.index(name) for name in own]] = shares @ members
    items = np.full(by_domain.shape, -1, dtype=np.int64)
    defined = np.flatnonzero(~np.isnan(shares).any(axis=1))
    counts, feasible = bounded_rows(
        by_domain[defined],
        names=names,
        bounds=form.bounds,
        items=form.items,
        method=form.method,
        strict=False,
    )
    items[defined[feasible]] = counts[feasible]
    return items
