"""Weights: each task's and each domain's share of the exam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from rds.blueprint.domain_rules import DomainRule
from rds.blueprint.models import combine
from rds.blueprint.weighing import Weighing, weigh
from rds.ratings.ratings import Ratings


def task_shares(combined: pd.Series[float]) -> pd.Series[float]:
    """Return combined ratings as shares that sum to 1.

    Raises
    ------
    ValueError
        For a missing or negative combined rating, or when all are zero.

    Examples
    --------
    >>> task_shares(pd.Series({"T1": 3.0, "T2": 1.0})).tolist()
    [0.75, 0.25]
    """
    if combined.isna().any():
        missing = ", ".join(map(str, combined.index[combined.isna()]))
        raise ValueError(f"no combined rating for {missing}; leave these tasks out or rate them")
    if (combined < 0).any() or not float(combined.sum()) > 0:
        raise ValueError("combined ratings must be zero or more, and not all zero")
    return (combined / combined.sum()).rename("weight")


def domain_shares(
    weights: pd.Series[float], domains: Mapping[str, str], *, order: Sequence[str] | None = None
) -> pd.Series[float]:
    """Sum task weights by domain (the sum rule).

    Parameters
    ----------
    weights
        Task weights by task.
    domains
        Domain by task.
    order
        Domains in the order wanted; without it, as they first appear.

    Examples
    --------
    >>> weights = pd.Series({"T1": 0.5, "T2": 0.2, "T3": 0.3})
    >>> domain_shares(weights, {"T1": "A", "T2": "B", "T3": "B"}).tolist()
    [0.5, 0.5]
    """
    by_domain = weights.groupby([domains[str(task)] for task in weights.index], sort=False).sum()
    shares = by_domain if order is None else by_domain.reindex(list(order), fill_value=0.0)
    return shares.rename("weight").rename_axis("domain_id")


def weights(
    ratings: Ratings,
    *,
    domains: Mapping[str, str],
    model: str,
    scales: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
    rule: DomainRule | None = None,
) -> pd.DataFrame:
    """Return the weight of each domain from ratings: combine, weigh domains by the rule, share.

    Parameters
    ----------
    ratings
        Ratings of those whose ratings set the weights.
    domains
        Domain by task; tasks that are not named are left out.
    model, scales, options
        The weight model, its scales and its options, as in `combined_ratings`.
    rule
        The domain rule; without it, a domain's weight is the sum of its tasks'. For the rule
        “direct”, ratings of domains stand on the one scale that rates them.

    Returns
    -------
    DataFrame
        By domain: ``n_tasks``, ``weight`` (shares that sum to 1), ``percent``.

    Raises
    ------
    ValueError
        For an unknown model, a wrong number of scales, a task without a combined rating, or
        percentages that cannot be.

    Examples
    --------
    >>> importance = pd.DataFrame({"T1": [4, 4], "T2": [2, 2], "T3": [2, 2]})
    >>> ratings = Ratings.from_frames(importance=importance)
    >>> domains = {"T1": "A", "T2": "B", "T3": "B"}
    >>> weights(ratings, domains=domains, model="importance_only")["weight"].tolist()
    [0.5, 0.5]
    """
    combined = combine(
        ratings.of_statements(domains), model=model, scales=scales, options=options
    ).rating
    task_shares(combined)
    own = {str(task): domains[str(task)] for task in combined.index}
    used = rule or DomainRule()
    scale = _scale_of_domains(ratings, own) if used.kind == "direct" else ""
    weighing = Weighing(own, model, scales, options or {}, used, scale)
    shares = weigh(ratings, weighing).adopted.rename_axis("domain_id")
    n_tasks = pd.Series(list(own.values())).value_counts()
    return pd.DataFrame(
        {
            "n_tasks": n_tasks.reindex(shares.index).to_numpy(),
            "weight": shares,
            "percent": 100 * shares,
        }
    )


def _scale_of_domains(ratings: Ratings, domains: Mapping[str, str]) -> str:
    """Return the one scale on which domains were rated."""
    names = set(domains.values())
    found = [name for name, own in ratings.statements.items() if names & set(own)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} scales rate domains; wanted one")
    return found[0]
