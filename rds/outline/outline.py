"""The outline: domains with their tasks and KSAs, and which KSAs each task needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Status = Literal["proposed", "active", "dropped", "outside the role"]
KSAKind = Literal["knowledge", "skill", "ability", "attitude"]

OTHER_CREDENTIAL = "another credential"
"""Where a task is assessed that belongs to other credentials only."""


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
    parts: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()


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
class Part:
    """A part of the exam, such as written or oral.

    Its share of the exam is `percent`, or follows from `units` (items, stations …); where both are
    given, its units weigh as its percent says. It may examine the domains and cognitive levels
    named, all of them if none is.
    """

    part: str
    percent: float | None = None
    units: int | None = None
    unit: str = "items"
    domain_ids: tuple[str, ...] = ()
    cognitive_levels: tuple[str, ...] = ()
    credential: str = ""

    def examines(self, task: Task) -> bool:
        """Tell whether it may examine a task."""
        by_domain = not self.domain_ids or task.domain_id in self.domain_ids
        return by_domain and (not task.parts or not self.part or self.part in task.parts)

    def examines_at(self, level: str) -> bool:
        """Tell whether it may examine at a cognitive level."""
        return not self.cognitive_levels or level in self.cognitive_levels


def has_own_units(parts: Sequence[Part]) -> bool:
    """Tell whether a unit of one part may count more than one of another.

    Examples
    --------
    >>> has_own_units([Part("written", 80), Part("oral", 20)])
    False
    >>> has_own_units([Part("written", 70, 100), Part("oral", 30, 6, "stations")])
    True
    """
    return any(part.percent is not None and part.units is not None for part in parts)


@dataclass(frozen=True)
class CellBound:
    """Fewest and most items of a cell (domain × level × part), a level, a part, or a domain."""

    domain_id: str = ""
    cognitive_level: str = ""
    part: str = ""
    minimum_items: int | None = None
    maximum_items: int | None = None
    credential: str = ""


@dataclass(frozen=True)
class Outline:
    """Domains, tasks, KSAs and linkage, in the order the panel gave them.

    `parts` and `cell_bounds` say how the exam is made up; most exams need neither.

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
    parts: tuple[Part, ...] = ()
    cell_bounds: tuple[CellBound, ...] = ()

    def of_credential(self, name: str = "") -> Outline:
        """Return the outline of one credential's exam.

        All tasks stay, since the survey asked about all of them; those that belong to other
        credentials only are not assessed. Parts and bounds of other credentials are left out.
        """
        tasks = (
            task
            if not task.credentials or not name or name in task.credentials
            else replace(task, assessed_by=(OTHER_CREDENTIAL,))
            for task in self.tasks
        )
        own = replace(
            self,
            tasks=tuple(tasks),
            parts=_own_parts(self.parts, name),
            # Of two bounds of a cell the later one holds.
            cell_bounds=tuple(
                sorted(
                    (b for b in self.cell_bounds if b.credential in ("", name)),
                    key=lambda bound: bound.credential != "",
                )
            ),
        )
        return own.with_bounds_of_domains(name)

    def with_bounds_of_domains(self, credential: str = "") -> Outline:
        """Return the outline with bounds of whole domains in place of the domains' own."""
        whole = {
            bound.domain_id: bound
            for bound in self.cell_bounds
            if bound.credential == credential and not bound.cognitive_level and not bound.part
        }
        return replace(
            self,
            domains=tuple(_bounded(d, whole.get(d.domain_id)) for d in self.domains),
            cell_bounds=tuple(b for b in self.cell_bounds if b not in whole.values()),
        )

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


def _own_parts(parts: tuple[Part, ...], credential: str) -> tuple[Part, ...]:
    """Return a credential's parts; its own take the place of others of the same name."""
    own = {part.part for part in parts if credential and part.credential == credential}
    return tuple(
        part
        for part in parts
        if part.credential == credential or (not part.credential and part.part not in own)
    )


def _bounded(domain: Domain, bound: CellBound | None) -> Domain:
    """Return a domain with the bounds that take the place of its own, if there are any."""
    if bound is None:
        return domain
    return replace(domain, minimum_items=bound.minimum_items, maximum_items=bound.maximum_items)
