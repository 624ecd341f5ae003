"""What a reader of the blueprint must know beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from rds.blueprint.apportion import Allocation
from rds.blueprint.cells import Cells
from rds.blueprint.effective import MINIMUM_TASKS
from rds.blueprint.models import Combined
from rds.notes import Note
from rds.outline.outline import OTHER_CREDENTIAL, Outline, Task


def plan_notes(
    outline: Outline,
    kept: Sequence[Task],
    decisions: Mapping[str, str],
    combined: Combined,
    *,
    form: Allocation,
    cells: Cells,
    removed: pd.Series[float] | None,
) -> Iterator[Note]:
    """Yield what was left out, assumed or withheld on the way from ratings to items.

    Parameters
    ----------
    kept
        The tasks that carry weight.
    decisions
        ``"keep"`` or ``"drop"`` by task.
    combined, form, cells
        Combined ratings, the domains' items, and the cells.
    removed
        Weight that tasks not assessed by the exam would have, where that is known.
    """
    yield from _left_out(outline, kept, decisions, removed)
    for reason in combined.notes:
        yield Note("task_weights", "", "combined", "assumed", reason)
    yield from _zero_weights(combined)
    yield from _effective_withheld(combined)
    for bound in form.bounds:
        reason = f"the {bound.kind} of {bound.bound} items holds"
        if bound.without != bound.bound:
            reason += f"; without bounds it would be {bound.without}"
        yield Note("domain_weights", bound.identifier, "items", "assumed", reason)
    yield from _cell_notes(cells)


def _cell_notes(cells: Cells) -> Iterator[Note]:
    """Yield notes on cells that are not the rounded target, and on tables that are as good."""
    for row in cells.beyond_rounding().to_dict("records"):
        places = (row["domain_id"], row["cognitive_level"], row["part"])
        name = " × ".join(place for place in places if place)
        reason = f"{row['items']} items for a target of {row['target']:.2f}: the totals of domains "
        reason += "and levels leave no closer table"
        yield Note("blueprint", name, "items", "assumed", reason)
    for table in cells.tables.values():
        for bound in table.bounds:
            reason = f"the {bound.kind} of {_items(bound.bound)} holds; without it {bound.without}"
            yield Note("blueprint", bound.identifier, "items", "assumed", reason)
    if not all(table.is_unique for table in cells.tables.values()):
        reason = "other tables are as close to the targets; see the table ties"
        yield Note("blueprint", "", "items", "assumed", reason)


def _items(number: int) -> str:
    """Return a number of items in words."""
    return "1 item" if number == 1 else f"{number} items"


def _zero_weights(combined: Combined) -> Iterator[Note]:
    """Yield a note where the model gives no weight to tasks and does not say why itself."""
    if combined.notes:
        return
    zero = [str(task) for task in combined.rating.index[combined.rating == 0]]
    if zero:
        reason = f"the model gave a combined rating of zero, and so no items, to {', '.join(zero)}"
        yield Note("task_weights", "", "combined", "assumed", reason)


def _effective_withheld(combined: Combined) -> Iterator[Note]:
    """Yield why there are no effective weights, if there are none."""
    positive = int((combined.means > 0).all(axis=1).sum())
    reason = ""
    if combined.combination == "undefined":
        reason = "the model does not make combined ratings from the scales' means"
    elif combined.combination != "single" and positive < MINIMUM_TASKS:
        reason = f"they need {MINIMUM_TASKS} tasks of positive mean, and there are {positive}"
    if reason:
        yield Note("effective_weights", "", "effective", "withheld", reason)


def _left_out(
    outline: Outline,
    kept: Sequence[Task],
    decisions: Mapping[str, str],
    removed: pd.Series[float] | None,
) -> Iterator[Note]:
    """Yield a note for each active task without weight and each domain without tasks."""
    names = {task.task_id for task in kept}
    for task in outline.active_tasks:
        if task.task_id not in names:
            reason = "dropped by the declared rule; see the table retention"
            if "exam" not in task.assessed_by:
                reason = "not assessed by the exam"
                if OTHER_CREDENTIAL in task.assessed_by:
                    reason = "belongs to another credential"
                if removed is not None and task.task_id in removed:
                    percent = f"{100 * float(removed[task.task_id]):.1f}"
                    reason += f"; it would have {percent} percent, shared among the others"
            elif decisions.get(task.task_id) == "drop":
                reason = "dropped by decision"
            yield Note("task_weights", task.task_id, "weight", "dropped", reason)
    parents = {domain.parent_id for domain in outline.domains}
    with_tasks = {task.domain_id for task in kept} | parents
    for domain in outline.domains:
        if domain.domain_id not in with_tasks:
            yield Note("domain_weights", domain.domain_id, "weight", "dropped", "no task is kept")
