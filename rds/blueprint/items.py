"""Whole items: domains first, then the tasks and the cognitive levels within each domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rds.blueprint.apportion import Allocation, AllocationMethod, allocate
from rds.blueprint.apportion_table import allocate_table
from rds.blueprint.apportion_table_result import TableAllocation, TableMethod
from rds.blueprint.apportion_table_solve import rounded_down_and_up
from rds.outline.outline import Domain, Task

CELLS = (
    "credential", "part", "set", "domain_id", "cognitive_level", "target", "lower", "upper",
    "items",
)  # fmt: skip
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


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a set of items.

    Parameters
    ----------
    frame
        Columns `CELLS`: ``target`` is the domain's exact quota × the level's share, or where a
        minimum or maximum binds, the domain's whole items × share; ``lower`` and ``upper`` are the
        target rounded down and up.
    table
        How the items were shared out.
    levels
        The prescribed levels' items; None where levels come from tasks.
    """

    frame: pd.DataFrame
    table: TableAllocation
    levels: Allocation | None

    def beyond_rounding(self) -> pd.DataFrame:
        """Return the cells whose items are neither the target rounded down nor rounded up."""
        items = self.frame["items"]
        return self.frame[(items < self.frame["lower"]) | (items > self.frame["upper"])]


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


def allocate_cells(
    domains: Allocation,
    shares: Mapping[str, pd.Series[float]],
    *,
    levels: Mapping[str, float] | None = None,
    credential: str = "",
    kind: str = "form",
    rounding: AllocationMethod = "hamilton",
    method: TableMethod = "controlled",
) -> Cells:
    """Share the domains' whole items out over the cognitive levels.

    Domains keep their items exactly. Where the split over levels is prescribed, the levels' whole
    items follow from it and are kept exactly too; otherwise they are chosen with the cells.

    Parameters
    ----------
    domains
        Whole items by domain.
    shares
        Shares of the levels by domain; a domain without any gets no cells.
    levels
        Percent by level, where it is prescribed.
    rounding
        How the prescribed percents become whole items.
    method
        How the cells do.
    """
    totals = dict(zip(domains.identifiers, domains.items, strict=True))
    own = {name: total for name, total in totals.items() if name in shares}
    prescribed = allocate(levels, items=sum(own.values()), method=rounding) if levels else None
    table = allocate_table(
        {name: {str(level): share for level, share in shares[name].items()} for name in own},
        row_totals=own,
        column_totals=prescribed and dict(zip(prescribed.identifiers, prescribed, strict=True)),
        method=method,
    )
    expected = domains.items if domains.bounds else domains.quotas
    quotas = dict(zip(domains.identifiers, expected, strict=True))
    rows = []
    for cell in table.cells:
        target = quotas[cell.row] * float(shares[cell.row][cell.column])
        ends = rounded_down_and_up(target)
        rows.append((credential, "", kind, cell.row, cell.column, target, *ends, cell.items))
    return Cells(pd.DataFrame(rows, columns=list(CELLS)), table, prescribed)
