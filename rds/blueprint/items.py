"""Whole items of domains and tasks, and the shares of the cognitive levels within a domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rds.blueprint.apportion import Allocation, AllocationMethod, allocate
from rds.blueprint.apportion_table_result import TableAllocation
from rds.outline.outline import Domain, Task

TIES = ("where", "identifiers", "rule")


@dataclass(frozen=True)
class Allocations:
    """What was allocated where: by place, such as ``"domains"`` or ``"tasks of D1"``."""

    places: Mapping[str, Allocation | TableAllocation]

    def ties(self) -> pd.DataFrame:
        """Return the ties that decided who got an item (columns `TIES`)."""
        rows = [
            (place, ", ".join(tie.identifiers), tie.rule)
            for place, allocation in self.places.items()
            for tie in allocation.ties
        ]
        return pd.DataFrame(rows, columns=list(TIES))


def allocate_domains(
    weights: pd.Series[float],
    domains: Sequence[Domain],
    *,
    items: int,
    method: AllocationMethod = "hamilton",
) -> Allocation:
    """Allocate items to domains within the minima and maxima of the outline.

    Parameters
    ----------
    weights
        Weight by domain.
    domains
        The domains, with `minimum_items` and `maximum_items`.

    Raises
    ------
    InfeasibleError
        When the minima exceed the items, or the maxima cannot hold them.
    """
    known = {domain.domain_id: domain for domain in domains}
    names = [str(name) for name in weights.index]
    return allocate(
        weights.tolist(),
        items=items,
        method=method,
        minimum=[known[name].minimum_items or 0 for name in names],
        maximum=[known[name].maximum_items for name in names],
        identifiers=names,
    )


def allocate_within(
    weights: pd.Series[float],
    groups: Mapping[str, str],
    totals: Mapping[str, int],
    *,
    method: AllocationMethod = "hamilton",
) -> dict[str, Allocation]:
    """Allocate each group's items to its members in proportion to their weights.

    Parameters
    ----------
    weights
        Weight by member.
    groups
        Group by member.
    totals
        Items by group.
    """
    allocations = {}
    for name, own in weights.groupby([groups[str(member)] for member in weights.index], sort=False):
        if float(own.sum()) > 0:
            allocations[str(name)] = allocate(
                own.tolist(),
                items=totals[str(name)],
                method=method,
                identifiers=[str(member) for member in own.index],
            )
    return allocations


def level_shares(
    tasks: Sequence[Task],
    weights: pd.Series[float],
    prescribed: Mapping[str, float],
    *,
    source: str,
) -> dict[str, pd.Series[float]]:
    """Return each domain's shares of the cognitive levels, which sum to 1.

    Parameters
    ----------
    tasks, weights
        The tasks that are kept, and their weights.
    prescribed
        Percent by level, the same for every domain.
    source
        ``"prescribed"``, or ``"tasks"``: the levels of the tasks, by their weights.

    Raises
    ------
    ValueError
        When levels come from tasks and a task has none.
    """
    names = list(dict.fromkeys(task.domain_id for task in tasks))
    if source == "prescribed":
        shares = pd.Series(prescribed, dtype=float)
        return {name: shares / shares.sum() for name in names}
    missing = [task.task_id for task in tasks if not task.cognitive_level]
    if missing:
        raise ValueError(f"no cognitive level for {', '.join(missing)}")
    levels = list(dict.fromkeys([*prescribed, *(task.cognitive_level for task in tasks)]))
    table = pd.DataFrame(
        {
            "domain_id": [task.domain_id for task in tasks],
            "level": [task.cognitive_level for task in tasks],
            "weight": [float(weights[task.task_id]) for task in tasks],
        }
    )
    sums = table.pivot_table("weight", "domain_id", "level", aggfunc="sum", fill_value=0.0)
    by_domain = sums.reindex(columns=levels, fill_value=0.0).T
    return {name: by_domain[name] / by_domain[name].sum() for name in names}
