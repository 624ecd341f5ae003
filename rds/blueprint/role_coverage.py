"""How much of the exam links, requirements and other ways of assessing speak for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from rds.outline.outline import Outline, Task
from rds.outline.requirements import PREPARING_KINDS, REQUIREMENT_KINDS, Requirement

LINKAGE_COVERAGE = (
    "domain_id", "n_tasks", "n_linked", "percent_linked", "n_ksas", "weight", "linked_weight",
    "unlinked_weight",
)  # fmt: skip
REQUIREMENT_COVERAGE = (
    "kind", "n_requirements", "n_tied", "n_tasks", "percent_tasks", "weight",
)  # fmt: skip
ASSESSED_BY = ("assessed_by", "n_tasks", "task_ids", "weight_if_examined")

PREPARING = "any that prepares"
"""The row of `requirement_coverage` for education, training, experience and supervision at once."""
OUTSIDE = "outside the role"


def linkage_coverage(
    outline: Outline, links: pd.DataFrame, weights: pd.Series[float]
) -> pd.DataFrame:
    """Return how many tasks, and how much of the exam's weight, have a link that counts.

    Parameters
    ----------
    outline
        The outline.
    links
        As `rds.analysis.linkage.linkage_table` returns them.
    weights
        Weight by task that carries any; the others count as tasks only.

    Returns
    -------
    DataFrame
        Columns `LINKAGE_COVERAGE`: a row for each domain with tasks, then ``all``. ``n_ksas``
        counts different KSAs; ``weight`` is the sum of the linked and the unlinked weight. Empty
        without active KSAs.
    """
    if not outline.active_ksas:
        return pd.DataFrame(columns=list(LINKAGE_COVERAGE))
    counted = links[links["retained"].astype(bool)]
    own = outline.task_domains
    names = [domain.domain_id for domain in outline.domains if domain.domain_id in own.values()]
    groups = {name: [task for task in own if own[task] == name] for name in names}
    rows = [
        (name, *_linked(tasks, counted, weights))
        for name, tasks in [*groups.items(), ("all", list(own))]
    ]
    return pd.DataFrame(rows, columns=list(LINKAGE_COVERAGE))


def requirement_coverage(
    outline: Outline, requirements: Sequence[Requirement], weights: pd.Series[float]
) -> pd.DataFrame:
    """Return how many tasks, and how much of the exam's weight, each kind of requirement reaches.

    Parameters
    ----------
    outline
        The outline.
    requirements
        The requirements.
    weights
        Weight by task that carries any.

    Returns
    -------
    DataFrame
        Columns `REQUIREMENT_COVERAGE`: a row for each kind and one for all that prepare together
        (`PREPARING`). A task that several requirements name counts once. Empty without
        requirements.
    """
    if not requirements:
        return pd.DataFrame(columns=list(REQUIREMENT_COVERAGE))
    groups = {kind: (kind,) for kind in REQUIREMENT_KINDS} | {PREPARING: PREPARING_KINDS}
    active = list(outline.task_domains)
    rows = []
    for name, kinds in groups.items():
        own = [one for one in requirements if one.kind in kinds]
        ties = [[task for task in one.task_ids if task in active] for one in own]
        tasks = [task for task in active if any(task in tied for tied in ties)]
        percent = 100 * len(tasks) / len(active) if active else None
        weight = _sum(weights, tasks)
        rows.append((name, len(own), sum(map(bool, ties)), len(tasks), percent, weight))
    return pd.DataFrame(rows, columns=list(REQUIREMENT_COVERAGE))


def assessment_table(
    outline: Outline, retained: Sequence[Task], weights: pd.Series[float] | None
) -> pd.DataFrame:
    """Return where the tasks that are kept are assessed, and what they would weigh in the exam.

    Parameters
    ----------
    outline
        The outline; its tasks outside the role get a row of their own.
    retained
        The tasks that are kept, whether or not the exam assesses them.
    weights
        The weight each of them would have if the exam assessed all; None where this is not known.

    Returns
    -------
    DataFrame
        Columns `ASSESSED_BY`: a row for each way or combination of ways, those with the exam
        first; the weights add up to 1.
    """
    ways = {task.task_id: ", ".join(task.assessed_by) or "not assessed" for task in retained}
    order = sorted(dict.fromkeys(ways.values()), key=lambda way: not way.startswith("exam"))
    rows = []
    for way in order:
        names = [name for name, own in ways.items() if own == way]
        weight = None if weights is None else _sum(weights, names)
        rows.append((way, len(names), ", ".join(names), weight))
    outside = [task.task_id for task in outline.tasks if task.status == OUTSIDE]
    if outside:
        rows.append((OUTSIDE, len(outside), ", ".join(outside), None))
    return pd.DataFrame(rows, columns=list(ASSESSED_BY))


def _linked(
    tasks: Sequence[str], counted: pd.DataFrame, weights: pd.Series[float]
) -> Iterator[float | int]:
    """Yield what a group of tasks has in links, in the order of the columns."""
    own = counted[counted["task_id"].isin(tasks)]
    with_link = {*own["task_id"]}
    weight = _sum(weights, tasks)
    linked = _sum(weights, [task for task in tasks if task in with_link])
    percent = 100 * len(with_link) / len(tasks) if tasks else float("nan")
    yield from (len(tasks), len(with_link), percent)
    yield from (own["ksa_id"].nunique(), weight, linked, weight - linked)


def _sum(weights: pd.Series[float], tasks: Sequence[str]) -> float:
    """Return the weight of some tasks together."""
    return float(weights[weights.index.isin(list(tasks))].sum())
