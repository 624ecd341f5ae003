"""Standard errors and intervals of weights: how far other respondents would have moved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from threadpoolctl import threadpool_limits

from rds.analysis.components import check_confidence
from rds.blueprint.answers import (
    Answers,
    Merge,
    answers_of,
    means_from_sums,
    membership,
    refuse_too_few,
    refuse_undefined,
    shares_by_row,
    weigh_under,
    why_no_survey_weights,
)
from rds.blueprint.domain_rules import DomainRule
from rds.blueprint.models import find_model
from rds.blueprint.weighing import Weighing, weigh_again
from rds.errors import WithheldError
from rds.ratings.raking import RakingPlan
from rds.ratings.ratings import Ratings
from rds.show import Shown, View

Floats = NDArray[np.float64]

MOST_DELETED_ONE_BY_ONE = 2000
GROUPS_DELETED = 200
MOST_RUN_AGAIN = 100
"""Groups for a model that takes long to run."""

DEFAULT_SEED = 20260301


@dataclass(frozen=True, eq=False, repr=False)
class WeightErrors(Shown):
    """Weights with their standard errors and intervals.

    Attributes
    ----------
    tasks, domains
        Indexed by identifier: ``weight`` (share), ``se``, ``ci_low``, ``ci_high``, and
        ``clipped``, true where a limit would have left 0 to 1.
    deviations
        What each respondent or deleted group contributes to the errors of tasks; summed over
        any group of tasks, their squares add up to the variance of its weight.
    method
        ``"influence"`` (closed form) or ``"jackknife"``.
    n
        Respondents with at least one usable combined rating.
    n_eff
        Their effective number, (Σw)²/Σw²; n without survey weights.
    confidence
        Share, between 0 and 1.
    """

    tasks: pd.DataFrame
    domains: pd.DataFrame
    deviations: Floats
    method: Literal["influence", "jackknife"]
    n: int
    n_eff: float
    confidence: float

    @property
    def reach(self) -> float:
        """How many standard errors the interval reaches to each side, unless it is clipped."""
        return float(stats.t.ppf((1 + self.confidence) / 2, self.n_eff - 1))

    def view(self) -> View:
        """Return the domains' weights with their errors."""
        title = f"Weights of domains, {self.method}, {self.confidence:.0%} intervals"
        return View(title, self.domains.reset_index(names="domain_id"), (f"n = {self.n}",))


def weight_errors(
    ratings: Ratings,
    *,
    domains: Mapping[str, str],
    model: str,
    scales: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
    rule: DomainRule | None = None,
    survey_weights: ArrayLike | None = None,
    raking: RakingPlan | None = None,
    confidence: float = 0.95,
    seed: int = DEFAULT_SEED,
) -> WeightErrors:
    """Return each task's and each domain's weight with its standard error and interval.

    Influence values (closed form) for the models ``product`` and ``importance_only`` with the sum
    rule; for every other model or rule the jackknife, in which everything, exponents included, is
    done again without one respondent, or beyond 2000 respondents without one of 200 random groups
    (beyond 100, one of 100, for a model that takes long to run). The interval is the weight ± t·SE
    with n − 1 degrees of freedom (n_eff − 1 with survey weights), kept inside 0 to 1.

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
    survey_weights
        One positive number per respondent, taken as fixed; without them, those that the ratings
        carry, if any.
    raking
        How the survey weights came about (`rds.rake`): the jackknife is then used for every model,
        and respondents are raked anew each time.
    confidence
        Share, between 0 and 1.
    seed
        Seed of the random groups; it matters beyond 2000 respondents only.

    Raises
    ------
    ValueError
        As `combine`; for survey weights that are not positive numbers, one per respondent, or
        with a model that cannot take them.
    WithheldError
        With fewer than 15 respondents, or fewer than 5 usable ratings of a task.

    Notes
    -----
    Linearisation and delete-one jackknife: Cochran (1977), Sampling Techniques; Efron and
    Tibshirani (1993), An Introduction to the Bootstrap.

    Examples
    --------
    >>> table = pd.DataFrame({"T1": [4, 3, 4] * 6, "T2": [2, 3, 1] * 6})
    >>> ratings = Ratings.from_frames(importance=table)
    >>> found = weight_errors(ratings, domains={"T1": "A", "T2": "B"}, model="importance_only")
    >>> found.domains.loc["A", ["weight", "se"]].astype(float).round(4).tolist()
    [0.6471, 0.029]
    """
    weighing = Weighing(domains, model, scales, options or {}, rule or DomainRule())
    return errors_of_weighing(
        ratings,
        weighing,
        survey_weights=survey_weights,
        raking=raking,
        confidence=confidence,
        seed=seed,
    )


def errors_of_weighing(
    ratings: Ratings,
    weighing: Weighing,
    *,
    survey_weights: ArrayLike | None = None,
    raking: RakingPlan | None = None,
    confidence: float = 0.95,
    seed: int = DEFAULT_SEED,
) -> WeightErrors:
    """Return what `weight_errors` does, for all that a study may declare of its weights.

    Parameters
    ----------
    ratings
        Ratings of those whose ratings set the weights.
    weighing
        Model, domain rule and tasks, those without ratings included.
    survey_weights, raking, confidence, seed
        As in `weight_errors`.
    """
    check_confidence(confidence)
    answers = answers_of(ratings, weighing)
    usable = answers.usable()
    given = ratings.survey_weights if survey_weights is None else survey_weights
    weights = _checked_weights(given, len(ratings))[usable]
    if given is not None:
        if why := why_no_survey_weights(weighing.model):
            raise ValueError(why)
        ratings = ratings.with_survey_weights(given)
    chosen, everybody, answers = ratings.select(usable), answers, answers.of_respondents(usable)
    refuse_too_few(answers)
    if raking is None:
        shares, deviations = shares_and_deviations(chosen, answers, weights, seed=seed)
    else:
        shares, deviations = raked_deviations(ratings, everybody, raking, seed=seed)
    n_eff = float(weights.sum() ** 2 / (weights**2).sum())
    reach = float(stats.t.ppf((1 + confidence) / 2, n_eff - 1))
    own_domains = list(weighing.domains.values())
    return WeightErrors(
        tasks=_with_interval(_table(shares, deviations, weighing.tasks), reach, "task_id"),
        domains=_with_interval(_table(shares, deviations, own_domains), reach, "domain_id"),
        deviations=deviations,
        method="influence" if answers.is_linear and raking is None else "jackknife",
        n=len(chosen),
        n_eff=n_eff,
        confidence=confidence,
    )


def influence_errors(
    values: ArrayLike, *, groups: Sequence[str], survey_weights: ArrayLike | None = None
) -> pd.DataFrame:
    """Return the weight of each group of tasks and its standard error by influence values.

    With c_t the available-case mean of task t, p_t the share of respondents (by survey weight) who
    have a value, and W_d = Σ_{t∈d} c_t / Σ c, respondent i has the influence value
    e_id = Σ_t (1[t∈d] − W_d)·(x_it − c_t)/p_t / Σc over the values there are, and
    SE² = n/(n − 1)·Σ(w_i e_id)²/(Σw_i)². On complete data this is the ratio estimator.

    Parameters
    ----------
    values
        Combined ratings, respondents × tasks, NaN where there is none. Respondents without any
        are left out.
    groups
        The group (domain) of each task.
    survey_weights
        One positive number per respondent, taken as fixed.

    Returns
    -------
    DataFrame
        By group, as they first appear: ``weight``, ``se``.

    Raises
    ------
    ValueError
        For arrays of the wrong shape, negative values, fewer than two respondents, a task without
        values, or values that are all zero.

    Notes
    -----
    Taylor linearisation of a ratio: Cochran (1977), Sampling Techniques.

    Examples
    --------
    >>> found = influence_errors([[4, 2], [3, 3], [4, 1]], groups=["A", "B"])
    >>> found.loc["A"].round(4).tolist()
    [0.6471, 0.0845]
    """
    table, weights = _checked(values, groups, survey_weights)
    return _table(*_influence(table, weights), groups)


def jackknife_errors(
    values: ArrayLike,
    *,
    groups: Sequence[str],
    survey_weights: ArrayLike | None = None,
    seed: int = DEFAULT_SEED,
) -> pd.DataFrame:
    """Return the weight of each group of tasks and its standard error by the jackknife.

    SE² = (n − 1)/n·Σ(W_(i) − mean W_(·))², W_(i) being the weight without respondent i; beyond
    2000 respondents, without one of 200 random groups.

    Parameters
    ----------
    values, groups, survey_weights
        As in `influence_errors`.
    seed
        Seed of the random groups.

    Returns
    -------
    DataFrame
        By group, as they first appear: ``weight``, ``se``.

    Raises
    ------
    ValueError
        As `influence_errors`.
    WithheldError
        When a task has no value left without some respondent.

    Notes
    -----
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 11.

    Examples
    --------
    >>> found = jackknife_errors([[4, 2], [3, 3], [4, 1]], groups=["A", "B"])
    >>> found.loc["A"].round(4).tolist()
    [0.6471, 0.0841]
    """
    table, weights = _checked(values, groups, survey_weights)
    return _table(*_jackknife((table,), weights, _only_shares, seed=seed), groups)


def shares_and_deviations(
    ratings: Ratings, answers: Answers, weights: Floats, *, seed: int
) -> tuple[Floats, Floats]:
    """Return task weights, and deviations whose squares sum to their variances."""
    if answers.merge is None:
        return _rerun_jackknife(ratings, answers, seed=seed)
    if answers.is_linear:
        return _influence(answers.tables[0], weights)
    return _jackknife(answers.all_tables, weights, answers.weigh, seed=seed)


def _only_shares(means: Sequence[Floats]) -> Floats:
    """Return the one table of means as shares."""
    return shares_by_row(means[0])


def _influence(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return task weights and each respondent's share in their errors."""
    present = ~np.isnan(values)
    filled = np.where(present, values, 0.0)
    counts = weights @ present
    means = np.asarray(weights @ filled / counts, dtype=float)
    shares = refuse_undefined(shares_by_row(means[None])[0])
    scaled = np.where(present, values - means, 0.0) / (counts / weights.sum()) / means.sum()
    influence = scaled - shares * scaled.sum(axis=1, keepdims=True)
    n = len(values)
    scale = np.sqrt(n / (n - 1)) / weights.sum()
    return shares, np.asarray(scale * weights[:, None] * influence, dtype=float)


def _jackknife(
    tables: Sequence[Floats], weights: Floats, weigh: Merge, *, seed: int
) -> tuple[Floats, Floats]:
    """Return task weights and each deleted group's share in their errors."""
    groups = _deletion_groups(len(weights), seed)
    means, without = [], []
    for table in tables:
        present = ~np.isnan(table)
        filled = np.where(present, table, 0.0)
        totals, counts = weights @ filled, weights @ present
        means.append(means_from_sums(totals, counts)[None])
        deleted = _sums(present.astype(float), groups)
        remaining = np.where(
            present.sum(axis=0) > deleted, counts - _sums(weights[:, None] * present, groups), 0.0
        )
        without.append(
            means_from_sums(totals - _sums(weights[:, None] * filled, groups), remaining)
        )
    return refuse_undefined(weigh(means)[0]), _deviations(weigh(without))


def raked_deviations(
    ratings: Ratings, answers: Answers, raking: RakingPlan, *, seed: int
) -> tuple[Floats, Floats]:
    """Return what `shares_and_deviations` does, with those who are left raked anew each time."""
    most = _most_deleted(answers)
    groups = _deletion_groups(len(raking.cells), seed, most=most)
    kept = np.not_equal.outer(np.arange(groups.max() + 1), groups).astype(float)
    with threadpool_limits(1):
        weights = raking.replicate_weights(np.vstack([np.ones(len(groups)), kept]))
        shares = weigh_under(ratings, answers, weights)
    return refuse_undefined(shares[:1])[0], _deviations(shares[1:])


def _rerun_jackknife(ratings: Ratings, answers: Answers, *, seed: int) -> tuple[Floats, Floats]:
    """Return what `_jackknife` does, running the model anew on what is left each time."""
    weighing = answers.weighing
    groups = _deletion_groups(len(ratings), seed, most=_most_deleted(answers))
    shares = refuse_undefined(weigh_again(ratings, weighing))
    without = [
        weigh_again(ratings.select(groups != group), weighing) for group in range(groups.max() + 1)
    ]
    return shares, _deviations(np.array(without))


def _most_deleted(answers: Answers) -> int:
    """Return up to how many respondents are left out one by one."""
    is_slow = answers.merge is None and find_model(answers.weighing.model).slow
    return MOST_RUN_AGAIN if is_slow else MOST_DELETED_ONE_BY_ONE


def _deletion_groups(n: int, seed: int, *, most: int = MOST_DELETED_ONE_BY_ONE) -> NDArray[np.intp]:
    """Return the group with which each respondent is left out: alone, or one drawn by chance."""
    if n <= most:
        return np.arange(n)
    return np.random.default_rng(seed).permutation(n) % min(GROUPS_DELETED, most)


def _sums(values: Floats, groups: NDArray[np.intp]) -> Floats:
    """Sum rows by group."""
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(groups.max() + 1))
    return np.asarray(np.add.reduceat(values[order], starts, axis=0), dtype=float)


def _deviations(without: Floats) -> Floats:
    """Return deviations whose squares sum to the jackknife variance."""
    if np.isnan(without).any():
        raise WithheldError(
            "the jackknife needs weights without any one respondent, and a task has too few ratings"
        )
    groups = len(without)
    return np.asarray(np.sqrt((groups - 1) / groups) * (without - without.mean(axis=0)))


def _table(shares: Floats, deviations: Floats, labels: Sequence[str]) -> pd.DataFrame:
    """Sum task weights and their deviations by label."""
    names, members = membership(labels)
    errors = np.sqrt(((deviations @ members) ** 2).sum(axis=0))
    return pd.DataFrame(
        {"weight": shares @ members, "se": errors}, index=pd.Index(names, name="group")
    )


def _with_interval(table: pd.DataFrame, reach: float, name: str) -> pd.DataFrame:
    """Add the interval weight ± reach · SE, kept inside 0 to 1, and mark where it was cut."""
    low, high = table["weight"] - reach * table["se"], table["weight"] + reach * table["se"]
    return table.assign(
        ci_low=low.clip(lower=0.0),
        ci_high=high.clip(upper=1.0),
        clipped=(low < -1e-12) | (high > 1 + 1e-12),
    ).rename_axis(name)


def _checked(
    values: ArrayLike, groups: Sequence[str], survey_weights: ArrayLike | None
) -> tuple[Floats, Floats]:
    """Return values and survey weights of respondents with any value, or say what is wrong."""
    table = np.asarray(values, dtype=float)
    if table.ndim != 2 or table.shape[1] != len(groups):
        raise ValueError(
            f"found values of shape {table.shape} and {len(groups)} groups; "
            "wanted respondents × tasks and one group for each task"
        )
    usable = ~np.isnan(table).all(axis=1)
    weights = _checked_weights(survey_weights, len(table))[usable]
    table = table[usable]
    if len(table) < 2:
        raise ValueError(f"found {len(table)} respondents with values; wanted at least 2")
    if np.isnan(table).all(axis=0).any():
        raise ValueError("found a task without values; leave it out")
    if np.isinf(table).any() or np.nanmin(table) < 0 or not np.nansum(table) > 0:
        raise ValueError("found values that are negative, infinite or all zero; wanted shares")
    return table, weights


def _checked_weights(survey_weights: ArrayLike | None, n: int) -> Floats:
    """Return survey weights, 1 for everybody where there are none."""
    if survey_weights is None:
        return np.ones(n)
    weights = np.asarray(survey_weights, dtype=float)
    if weights.shape != (n,) or not (np.isfinite(weights) & (weights > 0)).all():
        raise ValueError(f"survey weights must be {n} positive numbers, one for each respondent")
    return weights
