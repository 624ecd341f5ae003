"""What a reader of the blueprint must know beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rds.blueprint.apportion import Allocation
from rds.blueprint.models import Combined
from rds.notes import Note
from rds.outline.outline import Outline, Task


def plan_notes(
    outline: Outline,
    kept: Sequence[Task],
    decisions: Mapping[str, str],
    combined: Combined,
    *,
    form: Allocation,
) -> Iterator[Note]:
    """Yield what was left out, assumed or withheld on the way from ratings to items.

    Parameters
    ----------
    kept
        The tasks that carry weight.
    decisions
        ``"keep"`` or ``"drop"`` by task.
    combined, form
        Combined ratings, and the domains' items.
    """
    yield from _left_out(outline, kept, decisions)
    for reason in combined.notes:
        yield Note("task_weights", "", "combined", "assumed", reason)
    for bound in form.bounds:
        reason = f"the {bound.kind} of {bound.bound} items holds"
        if bound.without != bound.bound:
            reason += f"; without bounds it would be {bound.without}"
        yield Note("domain_weights", bound.identifier, "items", "assumed", reason)


def _left_out(
    outline: Outline, kept: Sequence[Task], decisions: Mapping[str, str]
) -> Iterator[Note]:
    """Yield a note for each active task without weight and each domain without tasks."""
    names = {task.task_id for task in kept}
    for task in outline.active_tasks:
        if task.task_id not in names:
            reason = "dropped by the declared rule; see the table retention"
            if "exam" not in task.assessed_by:
                reason = "not assessed by the exam"
            elif decisions.get(task.task_id) == "drop":
                reason = "dropped by decision"
            yield Note("task_weights", task.task_id, "weight", "dropped", reason)
    parents = {domain.parent_id for domain in outline.domains}
    with_tasks = {task.domain_id for task in kept} | parents
    for domain in outline.domains:
        if domain.domain_id not in with_tasks:
            yield Note("domain_weights", domain.domain_id, "weight", "dropped", "no task is kept")
