"""Resampling of the integer plan: how many items each domain would have got from other samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from rds.analysis.components import check_confidence
from rds.blueprint.answers import (
    Answers,
    answers_of,
    means_from_sums,
    refuse_too_few,
    refuse_undefined,
    shares_by_row,
    weigh_under,
)
from rds.blueprint.apportion import AllocationMethod, allocate
from rds.blueprint.apportion_rows import Allocate, Counts, Floats, allocate_rows
from rds.blueprint.domain_rules import DomainRule
from rds.blueprint.errors_of_weights import (
    DEFAULT_SEED,
    raked_deviations,
    shares_and_deviations,
)
from rds.blueprint.models import find_model
from rds.blueprint.weighing import Weighing, weigh_again
from rds.errors import InfeasibleError, WithheldError
from rds.outline.outline import Domain
from rds.ratings.raking import RakingPlan
from rds.ratings.ratings import Ratings
from rds.show import Shown, View

LARGEST_SHARE_DROPPED = 0.01
DRAWS_AT_ONCE = 4_000_000
# Quotas and priorities nearer than this to a tie are left to exact arithmetic.


@dataclass(frozen=True, eq=False, repr=False)
class Resampled(Shown):
    """The plans that resamples of the respondents would have given.

    Attributes
    ----------
    domain_items
        Whole items, resamples that were used × domains.
    task_weights
        Weights of tasks in these resamples, resamples × tasks.
    domains, tasks
        By domain and by task: ``items`` (the printed plan), ``items_low``, ``items_high``
        (percentile limits, whole numbers), ``p_within_1``: share of resamples within 1 item of the
        printed plan.
    distribution
        ``domain_id``, ``items``, ``share_of_resamples``.
    share_same_plan
        Share of resamples that give the printed plan exactly. It is not the probability that the
        plan is right.
    replicates
        Resamples drawn.
    n_dropped
        Resamples left out, because a task had no answer or the bounds could not be met.
    n
        Respondents with at least one usable combined rating.
    confidence
        Share, between 0 and 1.
    """

    domain_items: Counts
    task_weights: Floats
    domains: pd.DataFrame
    tasks: pd.DataFrame
    distribution: pd.DataFrame
    share_same_plan: float
    replicates: int
    n_dropped: int
    n: int
    confidence: float

    def view(self) -> View:
        """Return the domains' items with their range over the resamples."""
        title = f"Items of domains over {self.replicates} resamples, {self.confidence:.0%} range"
        return View(title, self.domains.reset_index(names="domain_id"), (f"n = {self.n}",))


def resample_items(
    ratings: Ratings,
    *,
    domains: Mapping[str, str],
    model: str,
    items: int,
    scales: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
    rule: DomainRule | None = None,
    bounds: Sequence[Domain] = (),
    order: Sequence[str] | None = None,
    method: AllocationMethod = "hamilton",
    raking: RakingPlan | None = None,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
    confidence: float = 0.95,
) -> Resampled:
    """Return intervals of whole items by the Rao–Wu bootstrap of respondents.

    A resample draws n − 1 of the n respondents with replacement and weights who was drawn k times
    by k·n/(n − 1), which makes its variance unbiased. Weights and the allocation, with its minima
    and maxima, are computed anew; the list of tasks stays as decided. Limits are percentiles by
    the inverted distribution function, and so whole numbers. The same seed gives the same result;
    another order of the respondents gives other draws from the same distribution. For a model that
    takes long to run (``rasch``, ``within_person_shares``), a resample weighs the respondents'
    jackknife deviations and does not run the model again.

    Parameters
    ----------
    ratings
        Ratings of those whose ratings set the weights.
    domains
        Domain by task, for the tasks that are kept.
    model, scales, options
        The weight model, its scales and its options, as in `combine`.
    rule
        The domain rule; without it, a domain's weight is the sum of its tasks'.
    items
        Number of exam items.
    bounds
        Domains with `minimum_items` and `maximum_items`; those not named have no bounds.
    order
        Domains in the order wanted, those without tasks included; without it, as they first
        appear.
    method
        The apportionment method, for domains and for the tasks within each.
    raking
        How the survey weights that the ratings carry came about (`rds.rake`): every resample is
        raked anew.
    replicates
        Number of resamples.
    seed
        Seed of the random numbers.
    confidence
        Share, between 0 and 1.

    Raises
    ------
    ValueError
        As `combine` and `allocate`; for a confidence that is no share, no resamples, or a task of
        a domain that `order` leaves out.
    InfeasibleError
        When the bounds cannot be met.
    WithheldError
        With fewer than 15 respondents, fewer than 5 usable ratings of a task, or when more than
        1 % of the resamples had to be left out.

    Notes
    -----
    Rao and Wu (1988), Resampling inference with complex survey data, JASA 83; Rao, Wu and Yue
    (1992), Survey Methodology 18.

    Examples
    --------
    >>> table = pd.DataFrame({"T1": [4, 3, 4] * 6, "T2": [2, 3, 1] * 6})
    >>> ratings = Ratings.from_frames(importance=table)
    >>> found = resample_items(
    ...     ratings, domains={"T1": "A", "T2": "B"}, model="importance_only", items=50
    ... )
    >>> found.domains.loc["A", ["items", "items_low", "items_high"]].astype(int).tolist()
    [32, 30, 35]
    """
    return resample_weighing(
        ratings,
        Weighing(domains, model, scales, options or {}, rule or DomainRule()),
        items=items,
        bounds=bounds,
        order=order,
        method=method,
        raking=raking,
        replicates=replicates,
        seed=seed,
        confidence=confidence,
    )


def resample_weighing(
    ratings: Ratings,
    weighing: Weighing,
    *,
    items: int,
    bounds: Sequence[Domain] = (),
    order: Sequence[str] | None = None,
    method: AllocationMethod = "hamilton",
    raking: RakingPlan | None = None,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
    confidence: float = 0.95,
) -> Resampled:
    """Return what `resample_items` does, for all that a study may declare of its weights."""
    check_confidence(confidence)
    if replicates < 1:
        raise ValueError(f"found {replicates} resamples; wanted at least 1")
    domains = weighing.domains
    names = _domain_names(domains, order)
    answers = answers_of(ratings, weighing)
    if raking is None and ratings.survey_weights is not None:
        raise ValueError("resampling ratings with survey weights needs to know how they were raked")
    usable, everybody = answers.usable(), answers
    chosen, answers = ratings.select(usable), answers.of_respondents(usable)
    refuse_too_few(answers)
    plan = partial(_plan, domains=domains, names=names, bounds=bounds, items=items, method=method)
    printed = refuse_undefined(weigh_again(chosen, weighing))
    printed_domains, printed_tasks, _ = plan(printed[None], strict=True)
    if raking is None:
        shares = _replicate_shares(chosen, answers, replicates=replicates, seed=seed)
    else:
        shares = _raked_shares(ratings, everybody, raking, replicates=replicates, seed=seed)
    domain_items, task_items, used = plan(shares[~np.isnan(shares).any(axis=1)])
    n_dropped = replicates - len(domain_items)
    _refuse_dropped(n_dropped, replicates)
    return Resampled(
        domain_items=domain_items,
        task_weights=used,
        domains=_limits(printed_domains, domain_items, names, "domain_id", confidence),
        tasks=_limits(printed_tasks, task_items, weighing.tasks, "task_id", confidence),
        distribution=item_shares(domain_items, names),
        share_same_plan=float((domain_items == printed_domains).all(axis=1).mean()),
        replicates=replicates,
        n_dropped=n_dropped,
        n=len(chosen),
        confidence=confidence,
    )


def _domain_names(domains: Mapping[str, str], order: Sequence[str] | None) -> list[str]:
    """Return the domains in the order wanted, or as they first appear."""
    names = list(order or dict.fromkeys(domains.values()))
    if missing := set(domains.values()) - set(names):
        raise ValueError(f"the order leaves out domains with tasks: {', '.join(sorted(missing))}")
    return names


def _plan(
    shares: Floats,
    *,
    domains: Mapping[str, str],
    names: Sequence[str],
    bounds: Sequence[Domain],
    items: int,
    method: AllocationMethod,
    strict: bool = False,
) -> tuple[Counts, Counts, Floats]:
    """Return items by domain and by task for rows of task weights, and the rows themselves.

    Rows whose bounds cannot be met are left out, or with `strict` refused.
    """
    groups = np.array([names.index(name) for name in domains.values()])
    by_domain = shares @ np.equal.outer(groups, np.arange(len(names))).astype(float)
    domain_items, feasible = bounded_rows(
        by_domain, names=names, bounds=bounds, items=items, method=method, strict=strict
    )
    shares, by_domain, domain_items = shares[feasible], by_domain[feasible], domain_items[feasible]
    tasks = np.array(list(domains))
    task_items = np.zeros(shares.shape, dtype=np.int64)
    for number in np.unique(groups):
        own = np.flatnonzero(groups == number)
        rows = np.flatnonzero(by_domain[:, number] > 0)
        task_items[np.ix_(rows, own)] = allocate_rows(
            shares_by_row(shares[np.ix_(rows, own)]),
            items=domain_items[rows, number],
            method=method,
            exact=_allocation(method, tasks[own].tolist()),
        )
    return domain_items, task_items, shares


def bounded_rows(
    weights: Floats,
    *,
    names: Sequence[str],
    bounds: Sequence[Domain],
    items: int,
    method: AllocationMethod,
    strict: bool,
) -> tuple[Counts, NDArray[np.bool_]]:
    """Return items by domain within the bounds, and the rows for which that was possible."""
    known = {domain.domain_id: domain for domain in bounds}
    own = [known.get(name, Domain(name, name)) for name in names]
    minimum = [domain.minimum_items or 0 for domain in own]
    maximum = [domain.maximum_items for domain in own]
    free = _allocation(method, names)
    totals = np.full(len(weights), items)
    counts = allocate_rows(weights, items=totals, method=method, exact=free)
    # Bounds that do not bind change nothing: only rows that break them are allocated again.
    highest = [items if bound is None else bound for bound in maximum]
    broken = (counts < np.array(minimum)) | (counts > np.array(highest))
    feasible = np.ones(len(weights), dtype=bool)
    bounded = _allocation(method, names, minimum, maximum)
    for row in np.flatnonzero(broken.any(axis=1)):
        try:
            counts[row] = bounded(weights[row].tolist(), items)
        except InfeasibleError:
            if strict:
                raise
            feasible[row] = False
    return counts, feasible


def _allocation(
    method: AllocationMethod,
    names: Sequence[str],
    minimum: Sequence[int] | None = None,
    maximum: Sequence[int | None] | None = None,
) -> Allocate:
    """Return `allocate` with everything but weights and items settled."""

    def run(weights: Sequence[float], items: int) -> Sequence[int]:
        return allocate(
            weights,
            items=items,
            method=method,
            minimum=minimum or 0,
            maximum=maximum,
            identifiers=names,
        ).items

    return run


def _replicate_shares(ratings: Ratings, answers: Answers, *, replicates: int, seed: int) -> Floats:
    """Return the tasks' weights of every resample; a row is NaN where they are not defined."""
    # The factor n/(n − 1) of the replicate weights cancels in every mean.
    drawn = draws(len(ratings), replicates, seed)
    if answers.merge is None and find_model(answers.weighing.model).slow:
        found = shares_and_deviations(ratings, answers, np.ones(len(ratings)), seed=seed)
        return _linear_shares(*found, replicates=replicates, seed=seed)
    if answers.merge is None:
        again = partial(weigh_again, weighing=answers.weighing)
        return np.array([again(_drawn(ratings, row)) for part in drawn for row in part])
    # Large products on a busy machine: further BLAS threads wait for each other.
    with threadpool_limits(1):
        means = _replicate_means(answers, drawn)
    return answers.weigh(means)


def _raked_shares(
    ratings: Ratings, answers: Answers, raking: RakingPlan, *, replicates: int, seed: int
) -> Floats:
    """Return what `_replicate_shares` does, with the respondents of every resample raked anew."""
    if answers.merge is None and find_model(answers.weighing.model).slow:
        found = raked_deviations(ratings, answers, raking, seed=seed)
        return _linear_shares(*found, replicates=replicates, seed=seed)
    n = len(raking.cells)
    with threadpool_limits(1):
        return np.vstack(
            [
                weigh_under(ratings, answers, weights)
                for part in draws(n, replicates, seed)
                for weights in [raking.replicate_weights(times_drawn(part, n))]
            ]
        )


def _linear_shares(shares: Floats, deviations: Floats, *, replicates: int, seed: int) -> Floats:
    """Return weights plus the jackknife deviations of those drawn: the first-order bootstrap."""
    n = len(deviations)
    drawn = [times_drawn(part, n) for part in draws(n, replicates, seed)]
    surplus = np.vstack(drawn) * n / (n - 1) - 1
    # A deviation is √((n − 1)/n)·(weight without − mean), so those drawn often weigh against it.
    rows = shares - np.sqrt((n - 1) / n) * surplus @ deviations
    return shares_by_row(np.maximum(rows, 0.0))


def draws(n: int, replicates: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield respondents drawn, resamples × (n − 1), in parts that fit into memory."""
    rng = np.random.default_rng(seed)
    at_once = max(1, DRAWS_AT_ONCE // n)
    for start in range(0, replicates, at_once):
        yield rng.integers(0, n, (min(at_once, replicates - start), n - 1))


def _drawn(ratings: Ratings, rows: NDArray[np.int64]) -> Ratings:
    """Return ratings in which respondents stand as often as they were drawn."""
    codes = {name: np.ascontiguousarray(own[:, rows]) for name, own in ratings.codes.items()}
    return replace(ratings, codes=codes, respondents=ratings.respondents.iloc[rows])


def _replicate_means(answers: Answers, draws: Iterator[NDArray[np.int64]]) -> list[Floats]:
    """Return each table's means, resamples × tasks."""
    n = len(answers.all_tables[0])
    # Sums of whole numbers below 2^24 are exact in single precision, which is twice as fast.
    largest = max(float(np.nanmax(table, initial=0.0)) for table in answers.tables)
    whole = largest * n < 2**24 and not answers.direct[0]
    precision = np.float32 if whole else np.float64
    columns = [
        column.astype(precision)
        for table in answers.all_tables
        for column in (np.where(np.isnan(table), 0.0, table), ~np.isnan(table))
    ]
    stacked = np.hstack(columns)
    sums = np.vstack([times_drawn(part, n).astype(precision) @ stacked for part in draws])
    ends = np.cumsum([column.shape[1] for column in columns])[:-1]
    parts = np.split(sums.astype(np.float64), ends, axis=1)
    return [
        means_from_sums(totals, counts)
        for totals, counts in zip(parts[::2], parts[1::2], strict=True)
    ]


def times_drawn(part: NDArray[np.int64], n: int) -> NDArray[np.intp]:
    """Return how often each respondent was drawn, resamples × respondents."""
    places = part + n * np.arange(len(part))[:, None]
    return np.bincount(places.ravel(), minlength=n * len(part)).reshape(len(part), n)


def _refuse_dropped(n_dropped: int, replicates: int) -> None:
    """Withhold intervals when too many resamples could not be used."""
    if n_dropped > LARGEST_SHARE_DROPPED * replicates:
        raise WithheldError(
            f"{n_dropped} of {replicates} resamples had a task without answers or bounds that "
            "could not be met; intervals of items need 99 % of the resamples"
        )


def _limits(
    printed: Counts, resampled: Counts, names: Sequence[str], index: str, confidence: float
) -> pd.DataFrame:
    """Return the printed items and their percentile limits."""
    # Rounded, so that the share of 2000 resamples is 50 and not 50.00000000000004.
    tail = round((1 - confidence) / 2, 12)
    low, high = np.quantile(resampled, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return pd.DataFrame(
        {
            "items": printed[0],
            "items_low": low.astype(int),
            "items_high": high.astype(int),
            "p_within_1": (np.abs(resampled - printed) <= 1).mean(axis=0),
        },
        index=pd.Index(list(names), name=index),
    )


def item_shares(domain_items: Counts, names: Sequence[str]) -> pd.DataFrame:
    """Return how often each domain got how many items."""
    rows = [
        (name, int(items), count / len(domain_items))
        for name, column in zip(names, domain_items.T, strict=True)
        for items, count in zip(*np.unique(column, return_counts=True), strict=True)
    ]
    return pd.DataFrame(rows, columns=["domain_id", "items", "share_of_resamples"])
