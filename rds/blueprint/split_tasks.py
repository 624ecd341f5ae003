"""What the plan would be had a task been written as two: what sums owe to how tasks are worded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.blueprint.precision import Tolerance
from rds.blueprint.sensitivity import SPLIT_TASK, Choice
from rds.blueprint.weighing import Weighing, direct_means, weigh, weigh_rows
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings


def split_choices(ratings: Ratings | Published, weighing: Weighing) -> Iterator[Choice]:
    """Yield, for each domain that holds tasks, the plan had an average task of it been two."""
    if not weighing.rated:
        return
    combined = weigh(ratings, weighing).ratings
    direct = direct_means(ratings, weighing)
    for domain in dict.fromkeys(weighing.domains.values()):
        split = partial(split_weights, combined, weighing, domain=domain, direct=direct)
        yield Choice(SPLIT_TASK, domain, split)


def split_weights(
    combined: pd.Series[float],
    weighing: Weighing,
    *,
    domain: str,
    direct: Mapping[str, NDArray[np.float64]] | None = None,
) -> pd.Series[float]:
    """Return the tasks' weights had a task of a domain been written as two, each with its ratings.

    The task that is split is an average one: its combined rating is the mean of the domain's. So
    nothing moves but the number of statements, and what is seen is what the rule makes of it: with
    the rule “sum” the domain's weight W of k tasks becomes W(k + 1)/(k + W), with the rule “mean”
    it stays. Splitting the domain's heaviest task would move a sum further. Combined ratings of the
    other tasks are held.

    Parameters
    ----------
    combined
        Combined ratings of all tasks.
    weighing
        Domain rule and tasks as decided.
    domain
        Whose task is split.
    direct
        For the rule “direct”: what respondents said of each domain.

    Returns
    -------
    Series
        By task; the new statement's weight is shared among the tasks of its domain.

    Raises
    ------
    ValueError
        When the domain has no task.

    Examples
    --------
    >>> weighing = Weighing({"T1": "A", "T2": "B"}, "importance_only")
    >>> split_weights(pd.Series({"T1": 2.0, "T2": 2.0}), weighing, domain="A").round(3).tolist()
    [0.667, 0.333]
    """
    own = np.array([name == domain for name in weighing.domains.values()])
    if not own.any():
        raise ValueError(f"the domain {domain} has no task to split")
    ratings = combined.reindex(weighing.tasks).to_numpy(dtype=np.float64)
    row = np.append(ratings, ratings[own].mean())[None]
    # No task has an empty identifier, so the new one cannot meet another.
    wider = replace(weighing, domains={**weighing.domains, "": domain}, unrated=())
    shares = weigh_rows(row, wider, direct)[0]
    shares[:-1][own] += shares[-1] / own.sum()
    return pd.Series(shares[:-1], index=weighing.tasks, name="weight")


def split_sentence(
    sensitivity: pd.DataFrame, domains: pd.DataFrame, *, rule: str, tolerance: Tolerance
) -> str:
    """Say how far the wording of tasks moves the plan; empty where that is within the tolerance.

    Parameters
    ----------
    sensitivity, domains
        The tables ``sensitivity`` and ``domain_weights``.
    rule
        The domain rule.
    tolerance
        What was declared.
    """
    rows = sensitivity[sensitivity["dimension"] == SPLIT_TASK]
    if rows.empty or int(rows["items_moved"].abs().max()) <= tolerance.items:
        return ""
    most = rows.iloc[int(rows["items_moved"].abs().argmax())]
    moved = rows[rows["items_moved"].abs() > tolerance.items]["variant"].nunique()
    planned = int(domains.set_index("domain_id").loc[most["domain_id"], "items"])
    number = "1 item" if tolerance.items == 1 else f"{tolerance.items} items"
    return (
        f"With the domain rule “{rule}” the plan depends on how finely tasks are written: had an "
        f"average task of {most['variant']} been written as two, {most['domain_id']} would have "
        f"{int(most['items'])} items instead of {planned}. That is beyond the tolerance of "
        f"{number} in {moved} of {rows['variant'].nunique()} domains; the rule “mean” would not "
        "move."
    )
