"""Every cell of the committee's workbook that people may change, as data.

The writer takes from here what may be changed, and the reader of returned copies what was issued.
A cell is found again by what can be read on the sheet, since rows may have been sorted and columns
moved: the texts in the columns that identify a row, and the header of its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.words import title_case

InputKind = Literal["whole", "choice", "text", "date"]

BLUEPRINT, TASKS, DIFFERENCES = "Blueprint", "Tasks", "Differences"
COMMENTS, SIGN_OFF = "Comments", "Sign-off"
"""Names of the sheets that hold inputs."""

READ_ME = "Read me"
STUDY, VERSION, FINGERPRINT = "Study identifier", "Version", "Fingerprint"
"""Labels on the sheet “Read me”; what they say stands in the cell to the right."""

NOT_NUMBERED, NO_FINGERPRINT = "not numbered", "none"
"""What stands there before a version was issued."""

EXAM_LENGTH, LENGTH_REASON = "Exam length (scored items)", "Reason for another length"
"""Labels on the sheet “Blueprint”; the inputs stand in the cells to the right."""

EXAM = "exam length"
REASON = "Reason for a change"
ALL_LEVELS = "all levels"
"""The one column of cells where a study has no cognitive levels."""

KEEP_OR_DROP = ("keep", "drop")
SIGN_OFF_DECISIONS = ("approve", "approve with changes", "reject")
COMMENT_ROWS = 30
_BETWEEN = " | "
_PART = ("credential", "part")


@dataclass(frozen=True)
class Input:
    """One cell that people may change.

    Parameters
    ----------
    sheet
        The sheet it stands on.
    key
        What it is about, the same in every version: ``"T07"``, ``"D1 | application"``,
        ``"exam length"``, ``"C01"``, a role.
    field
        What of it: ``"decision"``, ``"items"``, ``"reason"`` …; sheet, key and field name a cell.
    header
        The header of its column, or the label in the cell to its left where `identified_by` is
        empty.
    identified_by
        Headers of the columns whose texts identify its row.
    row
        These texts.
    value
        What was issued; None for an empty cell.
    kind
        What it takes.
    choices
        What may be chosen, of a choice.
    """

    sheet: str
    key: str
    field: str
    header: str
    identified_by: tuple[str, ...]
    row: tuple[str, ...]
    value: str | int | None
    kind: InputKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Field:
    """A column of inputs: its name for programs, its header, and what it takes."""

    name: str
    header: str
    kind: InputKind
    choices: tuple[str, ...] = ()


TASK_FIELDS = (
    _Field("decision", "Decision", "choice", KEEP_OR_DROP),
    _Field("reason", "Reason", "text"),
)
DIFFERENCE_FIELDS = (
    _Field("resolution", "Resolution", "choice", KEEP_OR_DROP),
    _Field("reason", "Reason", "text"),
)
COMMENT_FIELDS = (
    _Field("about", "About", "text"),
    _Field("point", "Point", "text"),
    _Field("motion", "Motion", "text"),
    _Field("yes", "Yes", "whole"),
    _Field("no", "No", "whole"),
    _Field("abstain", "Abstain", "whole"),
    _Field("resolution", "Resolution", "text"),
)
SIGN_OFF_FIELDS = (
    _Field("decision", "Decision", "choice", SIGN_OFF_DECISIONS),
    _Field("date", "Date", "date"),
    _Field("remarks", "Conditions or remarks", "text"),
    _Field("name", "Name (only if you wish)", "text"),
)


def inputs(blueprint: Blueprint) -> tuple[Input, ...]:
    """Return every cell of the workbook that people may change, with what is issued.

    Parameters
    ----------
    blueprint
        The blueprint that the workbook shows.

    Returns
    -------
    tuple of Input
        Sheet by sheet in the order of the workbook, row by row; sheet, key and field are unique.
    """
    return (
        *_of_exam_length(blueprint),
        *_of_cells(blueprint),
        *_of_tasks(blueprint),
        *_of_differences(blueprint),
        *_of_comments(),
        *_of_sign_off(blueprint),
    )


def part_names(cells: pd.DataFrame) -> list[str]:
    """Return the exam parts of a form in order, in words; one empty name where there is one part.

    Parameters
    ----------
    cells
        The table ``blueprint``.
    """
    form = cells[cells["set"] == "form"]
    names = list(dict.fromkeys(part_of(row) for row in form.to_dict("records")))
    return names if len(names) > 1 else [""]


def part_of(row: Mapping[object, object]) -> str:
    """Return credential and part of a cell in words."""
    return ", ".join(text for name in _PART if (text := _said(row[name])))


def level_names(cells: pd.DataFrame) -> tuple[str, ...]:
    """Return the cognitive levels of a form, or one name where there are none."""
    form = cells[cells["set"] == "form"]
    found = [str(name) for name in form["cognitive_level"].dropna().unique() if str(name)]
    return tuple(found) or (ALL_LEVELS,)


def part_cells(blueprint: Blueprint, kind: str = "form") -> dict[tuple[str, str, str], int]:
    """Return the whole items of every cell by part, domain and level."""
    cells = blueprint.cells[blueprint.cells["set"] == kind]
    several = len(part_names(blueprint.cells)) > 1
    found: dict[tuple[str, str, str], int] = {}
    for row in cells.to_dict("records"):
        level = _said(row["cognitive_level"]) or ALL_LEVELS
        key = (part_of(row) if several else "", str(row["domain_id"]), level)
        found[key] = found.get(key, 0) + int(row["items"])
    if found or kind != "form":
        return found
    plan = blueprint.domain_weights
    return {
        ("", str(name), ALL_LEVELS): int(items)
        for name, items in zip(plan["domain_id"], plan["items"], strict=True)
    }


def part_domains(blueprint: Blueprint, part: str) -> list[str]:
    """Return the domains that a part of the exam has, in outline order; all where it is one."""
    domains = [str(name) for name in blueprint.domain_weights["domain_id"]]
    own = {domain for name, domain, _ in part_cells(blueprint) if name == part}
    return [name for name in domains if name in own or not part]


def decided(blueprint: Blueprint) -> dict[str, tuple[str, str]]:
    """Return what was decided about tasks, and why."""
    table = blueprint.analysis.retention
    rows = table[(table["rule"] == "declared") & table["decision"].isin(KEEP_OR_DROP)]
    return {
        str(task): (str(value), str(why))
        for task, value, why in zip(rows["task_id"], rows["decision"], rows["reason"], strict=True)
    }


def shown_differences(blueprint: Blueprint) -> pd.DataFrame:
    """Return the rows of panel against field that lie far enough apart to be resolved."""
    table = blueprint.analysis.comparisons.panel_vs_field
    return table[table["flagged"] == "yes"].reset_index(drop=True)


def resolved(text: str) -> tuple[str, str]:
    """Split a resolution such as ``"keep: rare but vital (panel chair)"`` into value and reason.

    Examples
    --------
    >>> resolved("keep: rare but vital (panel chair)"), resolved("open")
    (('keep', 'rare but vital'), ('', ''))
    """
    value, _, rest = text.partition(": ")
    if value not in KEEP_OR_DROP:
        return "", ""
    return value, rest.rpartition(" (")[0] or rest


def _said(cell: object) -> str:
    """Return a cell of a table as text, empty where there is nothing."""
    return cell if isinstance(cell, str) else ""


def _of_exam_length(blueprint: Blueprint) -> Iterator[Input]:
    """Yield the exam length and the reason for another one."""
    length = blueprint.settings.blueprint.items
    yield Input(BLUEPRINT, EXAM, "items", EXAM_LENGTH, (), (), length, "whole")
    yield Input(BLUEPRINT, EXAM, "reason", LENGTH_REASON, (), (), None, "text")


def _of_cells(blueprint: Blueprint) -> Iterator[Input]:
    """Yield the items of every cell, and beside each row the reason for changing it."""
    levels, items = level_names(blueprint.cells), part_cells(blueprint)
    for part in part_names(blueprint.cells):
        by: tuple[str, ...] = ("Part", "Domain") if part else ("Domain",)
        for domain in part_domains(blueprint, part):
            row = (part, domain) if part else (domain,)
            for level in levels:
                key = _BETWEEN.join((*row, level))
                own = items.get((part, domain, level), 0)
                yield Input(BLUEPRINT, key, "items", title_case(level), by, row, own, "whole")
            yield Input(BLUEPRINT, _BETWEEN.join(row), "reason", REASON, by, row, None, "text")


def _of_tasks(blueprint: Blueprint) -> Iterator[Input]:
    """Yield decision and reason for every task."""
    known = decided(blueprint)
    for name in map(str, blueprint.task_weights["task_id"]):
        said = known.get(name, ("", ""))
        yield from _row(TASKS, name, TASK_FIELDS, by=("Task",), row=(name,), values=said)


def _of_differences(blueprint: Blueprint) -> Iterator[Input]:
    """Yield resolution and reason for every difference between panel and field."""
    for row in shown_differences(blueprint).itertuples():
        names = str(row.statement_id), str(row.scale)
        said = resolved(str(row.resolution))
        key, by = _BETWEEN.join(names), ("Statement", "Scale")
        yield from _row(DIFFERENCES, key, DIFFERENCE_FIELDS, by=by, row=names, values=said)


def _of_comments() -> Iterator[Input]:
    """Yield the rows that people fill in."""
    for position in range(1, COMMENT_ROWS + 1):
        name = f"C{position:02}"
        yield from _row(COMMENTS, name, COMMENT_FIELDS, by=("Row",), row=(name,))


def _of_sign_off(blueprint: Blueprint) -> Iterator[Input]:
    """Yield a row for every role that signs."""
    for role in blueprint.settings.approval.roles:
        yield from _row(SIGN_OFF, role, SIGN_OFF_FIELDS, by=("Role",), row=(role,))


def _row(
    sheet: str,
    key: str,
    fields: Iterable[_Field],
    *,
    by: tuple[str, ...],
    row: tuple[str, ...],
    values: Sequence[str] = (),
) -> Iterator[Input]:
    """Yield the inputs of one row."""
    for position, field in enumerate(fields):
        value = values[position] if position < len(values) else ""
        yield Input(
            sheet,
            key,
            field.name,
            field.header,
            by,
            row,
            value or None,
            field.kind,
            field.choices,
        )
