"""Requirements and tasks: what ties to nothing, and what nothing prepares for."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rds.outline.outline import Outline
from rds.outline.requirements import PREPARING_KINDS, REQUIREMENT_KINDS, Requirement

REQUIREMENTS = ("requirement_id", "kind", "statement", "task_ids", "n_tasks", "tie")
PREPARATION = (
    "task_id", "domain_id", "assessed_by",
    *(kind.replace(" ", "_") for kind in REQUIREMENT_KINDS), "prepared",
)  # fmt: skip

TIED, INACTIVE, TIED_TO_NOTHING = "tied", "only tasks not in force", "nothing"


def requirements_table(requirements: Sequence[Requirement], outline: Outline) -> pd.DataFrame:
    """Return the requirements, and whether each ties back to a task in force.

    Parameters
    ----------
    requirements
        The requirements.
    outline
        Says which tasks are in force.

    Returns
    -------
    DataFrame
        Columns `REQUIREMENTS`: ``n_tasks`` counts the tasks in force, ``tie`` is tied, only tasks
        not in force, or nothing.

    Examples
    --------
    >>> from rds.outline.outline import Domain, Task
    >>> outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", "Listen."),))
    >>> course = Requirement("R1", "training", "Take a course.", ("T1",))
    >>> diploma = Requirement("R2", "education", "Hold a diploma.")
    >>> requirements_table([course, diploma], outline)["tie"].tolist()
    ['tied', 'nothing']
    """
    active = outline.task_domains
    rows = []
    for own in requirements:
        n = sum(name in active for name in own.task_ids)
        tie = TIED if n else INACTIVE if own.task_ids else TIED_TO_NOTHING
        names = ", ".join(own.task_ids)
        rows.append((own.requirement_id, own.kind, own.statement, names, n, tie))
    return pd.DataFrame(rows, columns=list(REQUIREMENTS))


def preparation_table(requirements: Sequence[Requirement], outline: Outline) -> pd.DataFrame:
    """Return how many requirements of each kind every active task has.

    Parameters
    ----------
    requirements
        The requirements.
    outline
        The outline.

    Returns
    -------
    DataFrame
        Columns `PREPARATION`, in outline order: a count for each kind of requirement; ``prepared``
        (bool) says whether education, training, experience or supervision prepares for the task,
        which ethics and continuing education do not. Empty without requirements.

    Examples
    --------
    >>> from rds.outline.outline import Domain, Task
    >>> tasks = (Task("T1", "D1", "Listen."), Task("T2", "D1", "Write."))
    >>> outline = Outline((Domain("D1", "Support"),), tasks)
    >>> course = Requirement("R1", "training", "Take a course.", ("T1",))
    >>> preparation_table([course], outline)["prepared"].tolist()
    [True, False]
    """
    if not requirements:
        return pd.DataFrame(columns=list(PREPARATION))
    rows = []
    for task in outline.active_tasks:
        kinds = [own.kind for own in requirements if task.task_id in own.task_ids]
        counts = [kinds.count(kind) for kind in REQUIREMENT_KINDS]
        prepared = any(kind in PREPARING_KINDS for kind in kinds)
        where = ", ".join(task.assessed_by)
        rows.append((task.task_id, task.domain_id, where, *counts, prepared))
    return pd.DataFrame(rows, columns=list(PREPARATION))
