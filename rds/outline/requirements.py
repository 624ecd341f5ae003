"""What candidates must bring or keep to, and the tasks that each requirement is tied to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from rds.outline.outline import Outline
    from rds.sheets import Row

REQUIREMENT_KINDS = (
    "education", "training", "experience", "supervision", "ethics", "continuing education",
)  # fmt: skip

PREPARING_KINDS = REQUIREMENT_KINDS[:4]
"""Kinds that prepare for a task before the exam; the others protect, or keep up, what is there."""


@dataclass(frozen=True)
class Requirement:
    """A requirement of one of the `REQUIREMENT_KINDS`, and the tasks it is tied to."""

    requirement_id: str
    kind: str
    statement: str
    task_ids: tuple[str, ...] = ()


def requirements_of(rows: Sequence[Row], outline: Outline) -> tuple[Requirement, ...]:
    """Return the requirements of the sheet Requirements.

    Parameters
    ----------
    rows
        Its rows; those without identifier, kind or statement are left out.
    outline
        Tasks are spelt as in it; others are left out.
    """
    known = {task.task_id.casefold(): task.task_id for task in outline.tasks}
    return tuple(
        Requirement(
            row.text("requirement_id"),
            row.text("kind"),
            row.text("statement"),
            _known(row.values.get("task_ids"), known),
        )
        for row in rows
        if row.text("requirement_id") and row.text("kind") and row.text("statement")
    )


def _known(value: Any, known: dict[str, str]) -> tuple[str, ...]:
    """Return the identifiers that are known, each once."""
    names = [name.casefold() for name in cast("tuple[str, ...]", value or ())]
    return tuple(dict.fromkeys(known[name] for name in names if name in known))
