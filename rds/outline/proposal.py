"""What became of a proposal: for every drafted statement a decision, and the rows it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rds.outline.drafts import Unit, find_domain

Decision = Literal["keep", "merge into", "drop", "outside the role"]
DECISIONS: tuple[Decision, ...] = ("keep", "merge into", "drop", "outside the role")

SHEET_OF: Mapping[Unit, str] = {
    "domain": "Domains",
    "task": "Tasks",
    "KSA": "KSAs",
    "requirement": "Requirements",
}
"""The sheet of study.xlsx that holds each kind of statement."""

KEY_OF: Mapping[str, str] = {
    "Domains": "domain_id",
    "Tasks": "task_id",
    "KSAs": "ksa_id",
    "Requirements": "requirement_id",
    "Narrative": "section",
}
"""The column that names a row, by sheet."""


@dataclass(frozen=True)
class Decided:
    """What was decided about one drafted statement.

    Parameters
    ----------
    name, unit
        Its identifier in the proposal, and what it is.
    drafted
        Its words as drafted.
    statement
        Its words as accepted.
    decision, into, reason
        What was decided; of one that was merged, the statement it went into; and why.
    by
        Who had proposed it.
    kind, domain, task_ids
        Of a KSA or requirement its kind, of a task its domain, of a requirement its tasks.
    """

    name: str
    unit: Unit
    drafted: str
    statement: str
    decision: Decision
    into: str = ""
    reason: str = ""
    by: str = ""
    kind: str = ""
    domain: str = ""
    task_ids: tuple[str, ...] = ()


def accepted_rows(
    decided: Sequence[Decided], *, source: str, accepted_by: str
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the rows that the kept statements make: the sheet, and values by column.

    Parameters
    ----------
    source
        What is written as the source of every task and KSA, before those who wrote it.
    accepted_by
        The role that accepted them.
    """
    for one in decided:
        if one.decision == "keep":
            own: dict[Unit, dict[str, object]] = {
                "domain": {"title": one.statement},
                "task": {"domain_id": one.domain},
                "KSA": {"kind": one.kind},
                "requirement": {"kind": one.kind, "statement": one.statement},
            }
            row = {KEY_OF[SHEET_OF[one.unit]]: one.name, **own[one.unit]}
            if one.unit in ("task", "KSA"):
                row |= {
                    "statement": one.statement,
                    "status": "active",
                    "source": f"{source}: {one.by}",
                    "accepted_by": accepted_by,
                    "note": "" if one.statement == one.drafted else f"drafted as: {one.drafted}",
                }
            if one.task_ids:
                row["task_ids"] = list(one.task_ids)
            yield SHEET_OF[one.unit], {name: value for name, value in row.items() if value != ""}


def decision_faults(
    decided: Sequence[Decided], titles: Mapping[str, str], known: Mapping[Unit, Mapping[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is wrong with decisions: identifier, column, what is wanted, how to mend it.

    Parameters
    ----------
    titles
        Titles of the domains that there will be, by identifier.
    known
        Statements that the outline holds already, by kind and identifier.
    """
    by_name = {one.name.casefold(): one for one in decided}
    for one in decided:
        if one.decision == "merge into":
            target = by_name.get(one.into.casefold())
            stays = target is not None and target.unit == one.unit and target.decision == "keep"
            present = one.into.casefold() in {n.casefold() for n in known.get(one.unit, {})}
            if not (stays or present) or target is one:
                wanted = f"a {one.unit} that is kept"
                yield one.name, "into", wanted, "name the statement that takes this one in"
        elif one.into:
            yield one.name, "into", "nothing", "decide “merge into”, or empty the cell"
        if one.decision != "keep" and not one.reason:
            yield one.name, "reason", "a reason", "say why in a few words"
        if one.decision == "keep" and one.unit == "task" and not find_domain(one.domain, titles):
            yield one.name, "domain", "a domain that is kept", "name it by identifier or title"
        if one.decision == "keep" and one.unit in ("KSA", "requirement") and not one.kind:
            yield one.name, "kind", "what it is", "choose one"
