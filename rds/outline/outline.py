"""The outline: domains with their tasks and KSAs, and which KSAs each task needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Status = Literal["proposed", "active", "dropped", "outside the role"]
KSAKind = Literal["knowledge", "skill", "ability", "attitude"]


@dataclass(frozen=True)
class Domain:
    """A named part of the role; `minimum_items` and `maximum_items` bound its exam items."""

    domain_id: str
    title: str
    parent_id: str = ""
    description: str = ""
    panel_percent: float | None = None
    fixed_percent: float | None = None
    minimum_items: int | None = None
    maximum_items: int | None = None


@dataclass(frozen=True)
class Task:
    """What a practitioner does: verb, object, purpose."""

    task_id: str
    domain_id: str
    statement: str
    status: Status = "active"
    assessed_by: tuple[str, ...] = ("exam",)
    cognitive_level: str = ""
    source: str = ""
    accepted_by: str = ""
    note: str = ""


@dataclass(frozen=True)
class KSA:
    """One knowledge, skill, ability or attitude statement."""

    ksa_id: str
    kind: KSAKind
    statement: str
    status: Status = "active"
    source: str = ""
    accepted_by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Link:
    """A KSA that a task needs, at level 1 (helpful) to 3 (essential)."""

    task_id: str
    ksa_id: str
    level: int


@dataclass(frozen=True)
class Outline:
    """Domains, tasks, KSAs and linkage, in the order the panel gave them.

    Examples
    --------
    >>> outline = Outline(
    ...     domains=(Domain("D1", "Support"),),
    ...     tasks=(Task("T01", "D1", "Listen."), Task("T02", "D1", "Write.", status="dropped")),
    ... )
    >>> [task.task_id for task in outline.active_tasks]
    ['T01']
    """

    domains: tuple[Domain, ...]
    tasks: tuple[Task, ...]
    ksas: tuple[KSA, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def active_tasks(self) -> tuple[Task, ...]:
        """The tasks that the survey asks about and that can carry weight."""
        return tuple(task for task in self.tasks if task.status == "active")

    @property
    def active_ksas(self) -> tuple[KSA, ...]:
        """The KSAs in force."""
        return tuple(ksa for ksa in self.ksas if ksa.status == "active")

    @property
    def task_domains(self) -> dict[str, str]:
        """Domain identifier by task identifier, active tasks only."""
        return {task.task_id: task.domain_id for task in self.active_tasks}

    @property
    def statements(self) -> dict[str, str]:
        """Wording by identifier, active tasks first, then active KSAs."""
        tasks = {task.task_id: task.statement for task in self.active_tasks}
        return tasks | {ksa.ksa_id: ksa.statement for ksa in self.active_ksas}

    @property
    def statement_kinds(self) -> dict[str, str]:
        """``"task"`` or the KSA's kind, by identifier."""
        tasks = {task.task_id: "task" for task in self.active_tasks}
        return tasks | {ksa.ksa_id: str(ksa.kind) for ksa in self.active_ksas}

    def statements_rated_on(self, applies_to: tuple[str, ...]) -> tuple[str, ...]:
        """Return the identifiers that a scale for `applies_to` is asked about, in outline order."""
        groups: Mapping[str, tuple[str, ...]] = {
            "tasks": tuple(task.task_id for task in self.active_tasks),
            "KSAs": tuple(ksa.ksa_id for ksa in self.active_ksas),
            "domains": tuple(domain.domain_id for domain in self.domains),
        }
        return tuple(name for kind in groups if kind in applies_to for name in groups[kind])
