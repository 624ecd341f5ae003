"""From a number of the blueprint back to answers, rules, decisions and roles."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.trace_items import cell_steps, domain_items, task_items
from rds.documents.trace_people import (
    TOGETHER,
    decision_steps,
    rating_steps,
    respondent_steps,
    retention_steps,
    statement_steps,
)
from rds.documents.trace_step import Provenance, Step
from rds.documents.trace_weights import domain_weight, ksa_weight, task_weight
from rds.errors import nearest
from rds.show import Shown, View

TRACE = ("subject", "step", "what", "value", "where")
_DIVIDER = " | "


@dataclass(frozen=True, eq=False, repr=False)
class Trace(Shown):
    """Everything that a number of the blueprint rests on.

    Parameters
    ----------
    subject
        The domain, cell, task or KSA.
    table
        Columns `TRACE`: ``subject``, ``step``, ``what``, ``value`` (as text, with enough digits to
        compute it again), ``where`` (the file, table or line of the record that holds it).
    """

    subject: str
    table: pd.DataFrame

    def view(self) -> View:
        """Return the steps in order."""
        return View(f"Trace of {self.subject}", self.table)

    def as_text(self) -> str:
        """Return the steps under headings, for people to read."""
        lines = [f"Trace of {self.subject}"]
        for step, rows in self.table.groupby("step", sort=False):
            lines += ["", str(step).upper()]
            for row in rows.to_dict("records"):
                place = f"  [{row['where']}]" if row["where"] else ""
                lines.append(_wrapped(f"{row['what']}: {row['value']}{place}"))
        return "\n".join(lines)


def trace_blueprint(
    blueprint: Blueprint, subject: str, *, provenance: Provenance | None = None
) -> Trace:
    """Trace a domain, a cell of the blueprint, a task or a KSA back to what it rests on.

    Parameters
    ----------
    blueprint
        The blueprint.
    subject
        An identifier (``D1``, ``T07``, ``K3``), or a cell such as ``D1 | application``, with its
        part where the exam has several.
    provenance
        What is known of files and of the record; without it, these steps are left out.

    Raises
    ------
    ValueError
        When nothing in the blueprint has that name; with the nearest.
    """
    known = provenance or Provenance()
    cells = {_cell_name(row): row for row in _cells(blueprint)}
    name = _named(subject, [*_identifiers(blueprint), *cells])
    steps = list(_steps(blueprint, name, known, cells.get(name)))
    rows = [(name, step.step, step.what, step.value, step.where) for step in steps]
    return Trace(name, pd.DataFrame(rows, columns=list(TRACE)))


def trace_table(
    blueprint: Blueprint,
    subjects: Sequence[str] | None = None,
    *,
    provenance: Provenance | None = None,
) -> pd.DataFrame:
    """Return the traces of several subjects as one table; without names, of all domains and tasks.

    Returns
    -------
    DataFrame
        Columns `TRACE`.
    """
    plan = blueprint.domain_weights["domain_id"], blueprint.task_weights["task_id"]
    names = [name for column in plan for name in column] if subjects is None else subjects
    traces = [trace_blueprint(blueprint, name, provenance=provenance).table for name in names]
    return pd.concat(traces, ignore_index=True) if traces else pd.DataFrame(columns=list(TRACE))


def _steps(
    blueprint: Blueprint, name: str, known: Provenance, cell: dict[Any, Any] | None
) -> Iterator[Step]:
    """Yield the steps back from a subject, nearest first."""
    held_by = {task.task_id: task.domain_id for task in blueprint.outline.tasks}
    domain = held_by.get(name, "") if cell is None else str(cell["domain_id"])
    if name in set(blueprint.domain_weights["domain_id"]):
        domain = name
    own = [task for task, holder in blueprint.outline.task_domains.items() if holder == domain]
    if cell is not None:
        yield from cell_steps(blueprint, cell)
    if domain == name or cell is not None:
        yield from domain_items(blueprint, domain)
        yield from domain_weight(blueprint, domain)
        for task in own:
            yield from _in_one_line(blueprint, task)
        yield from respondent_steps(blueprint, known)
        yield from decision_steps(blueprint, [domain, *own], known)
        return
    yield from _of_statement(blueprint, name, known)
    yield from respondent_steps(blueprint, known)
    yield from decision_steps(blueprint, [name, domain], known)


def _of_statement(blueprint: Blueprint, name: str, known: Provenance) -> Iterator[Step]:
    """Yield the steps back from a task or a KSA."""
    if name in {ksa.ksa_id for ksa in blueprint.outline.ksas}:
        yield from ksa_weight(blueprint, name)
    else:
        yield from task_items(blueprint, name)
        yield from task_weight(blueprint, name)
    yield from rating_steps(blueprint, name)
    yield from retention_steps(blueprint, name)
    yield from statement_steps(blueprint, name, known)


def _wrapped(text: str) -> str:
    """Return a line that fits a terminal, its continuation further in."""
    return textwrap.fill(
        text, 100, initial_indent="  ", subsequent_indent="      ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _in_one_line(blueprint: Blueprint, task: str) -> Iterator[Step]:
    """Yield the combined rating of a domain's task, with its formula; its own trace says more."""
    wanted = ("formula", "combined rating", "without ratings that count")
    found = [step for step in task_weight(blueprint, task) if step.what in wanted]
    if not found:
        found = [step for step in retention_steps(blueprint, task) if step.what == TOGETHER]
    for step in found:
        yield Step("Its tasks", task, step.value, step.where)


def _identifiers(blueprint: Blueprint) -> list[str]:
    """Return the domains of the plan, all tasks and all KSAs."""
    names = [str(name) for name in blueprint.domain_weights["domain_id"]]
    names += [task.task_id for task in blueprint.outline.tasks]
    return names + [ksa.ksa_id for ksa in blueprint.outline.ksas]


def _cells(blueprint: Blueprint) -> list[dict[Any, Any]]:
    """Return the cells of the form."""
    return blueprint.cells[blueprint.cells["set"] == "form"].to_dict("records")


def _cell_name(cell: dict[Any, Any]) -> str:
    """Return what a cell is called."""
    parts = (cell["domain_id"], cell["cognitive_level"], cell["part"])
    return _DIVIDER.join(str(part) for part in parts if str(part) not in ("", "nan", "None"))


def _named(subject: str, known: Iterable[str]) -> str:
    """Return the name that is meant, as the study spells it."""
    by_name = {name.casefold(): name for name in known}
    asked = _DIVIDER.join(part.strip() for part in subject.split("|")).casefold()
    if asked in by_name:
        return by_name[asked]
    close = nearest(asked, by_name.values())
    hint = f"did you mean “{close}”?" if close else "wanted a domain, a cell, a task or a KSA"
    raise ValueError(f"nothing in the blueprint is called “{subject}”; {hint}")
