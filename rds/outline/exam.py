"""How the exam is made up, as people filled it in: its parts, and bounds of cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rds.errors import Problem, nearest
from rds.outline.outline import CellBound, Outline, Part, Task
from rds.sheets import Row

ENDS = ("minimum_items", "maximum_items")

_Known = Mapping[str, str]


def with_exam(
    outline: Outline, rows: Mapping[str, Sequence[Row]], levels: Iterable[str]
) -> tuple[Outline, list[Problem]]:
    """Return the outline with parts and bounds of cells, and what is wrong with their rows.

    Names are read without regard to capitals and spelt as where they are defined.

    Parameters
    ----------
    outline
        Domains and tasks.
    rows
        Rows by sheet, of which Parts, Cells, Credentials and Tasks are looked at.
    levels
        The cognitive levels of the settings; those of the tasks are known, too.
    """
    in_tasks = (task.cognitive_level for task in outline.tasks if task.cognitive_level)
    known = {
        "domain_id": _folded(domain.domain_id for domain in outline.domains),
        "cognitive_level": _folded([*levels, *in_tasks]),
        "part": _folded(row.text("part") for row in rows.get("Parts", ())),
        "credential": _folded(row.text("credential") for row in rows.get("Credentials", ())),
    }
    problems = list(_problems(rows, known))
    if problems:
        return outline, problems
    found = replace(
        outline,
        tasks=tuple(_task(task, known) for task in outline.tasks),
        parts=tuple(_part(row, known) for row in rows.get("Parts", ())),
        cell_bounds=tuple(_bound(row, known) for row in rows.get("Cells", ())),
    )
    return found.with_bounds_of_domains(), []


def _folded(names: Iterable[str]) -> dict[str, str]:
    """Return names by their folded form."""
    return {name.casefold(): name for name in names if name}


def _problems(rows: Mapping[str, Sequence[Row]], known: Mapping[str, _Known]) -> Iterator[Problem]:
    """Yield what is wrong with single rows."""
    columns = {
        "Parts": {"cognitive_levels": "cognitive_level", "credential": "credential"},
        "Cells": {name: name for name in ("cognitive_level", "part", "credential")},
        "Tasks": {"parts": "part", "credentials": "credential"},
    }
    for sheet, own in columns.items():
        for row in rows.get(sheet, ()):
            for column, kind in own.items():
                yield from _unknown(row, column, kind, known[kind])
    yield from _doubled(rows.get("Parts", ()), ("part", "credential"))
    yield from _doubled(rows.get("Credentials", ()), ("credential",))
    yield from _doubled(
        rows.get("Cells", ()), ("domain_id", "cognitive_level", "part", "credential")
    )
    for row in rows.get("Parts", ()):
        yield from _part_problems(row)
    for row in rows.get("Cells", ()):
        yield from _bound_problems(row)


def _unknown(row: Row, column: str, kind: str, known: _Known) -> Iterator[Problem]:
    """Yield names that are defined nowhere."""
    what = kind.replace("_", " ").removesuffix(" id")
    for name in _named(row, column):
        if name.casefold() not in known:
            close = nearest(name, known.values())
            wanted = f"one of {', '.join(known.values())}" if known else f"no {what}, as none is "
            wanted += "" if known else f"defined in the {_WHERE[kind]}"
            mend = f"write “{close}”" if close else f"remove “{name}”, or define it"
            yield row.problem(column, wanted, mend)


_WHERE = {
    "cognitive_level": "settings",
    "part": "sheet Parts",
    "credential": "sheet Credentials",
}


def _named(row: Row, column: str) -> tuple[str, ...]:
    """Return the names in a cell."""
    value = row.values.get(column)
    if isinstance(value, tuple):
        return value
    return (str(value),) if value is not None else ()


def _doubled(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[Problem]:
    """Yield rows about the same thing as an earlier one."""
    seen = set()
    for row in rows:
        key = tuple(row.text(column).casefold() for column in columns)
        if key in seen:
            column = next((name for name in columns if row.text(name)), columns[0])
            yield row.problem(column, "each of them once", "remove one of the rows")
        seen.add(key)


def _part_problems(row: Row) -> Iterator[Problem]:
    """Yield what is wrong with the size of a part."""
    sizes = {name: row.values.get(name) for name in ("percent", "units")}
    if all(size is None for size in sizes.values()):
        mend = "fill in one of the two"
        yield row.problem("percent", "its share of the exam, or its units", mend)
    for name, size in sizes.items():
        if size == 0:
            yield row.problem(name, "more than 0", "correct it, or remove the part")


def _bound_problems(row: Row) -> Iterator[Problem]:
    """Yield what is wrong with the bounds of a cell."""
    low, high = (row.values.get(name) for name in ENDS)
    if low is None and high is None:
        yield row.problem("minimum_items", "a minimum or a maximum", "fill it in")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        mend = "lower the minimum or raise the maximum"
        yield row.problem("minimum_items", f"at most the maximum of {high}", mend)
    if not any(row.text(name) for name in ("domain_id", "cognitive_level", "part")):
        mend = "name a domain and a level, or one level, or one part"
        yield row.problem("minimum_items", "what it is the bound of", mend)


def _spelt(names: Iterable[str], known: _Known) -> tuple[str, ...]:
    """Return names as they are spelt where they are defined."""
    return tuple(known[name.casefold()] for name in names)


def _task(task: Task, known: Mapping[str, _Known]) -> Task:
    """Return a task with the names of parts and credentials as they are spelt."""
    return replace(
        task,
        parts=_spelt(task.parts, known["part"]),
        credentials=_spelt(task.credentials, known["credential"]),
    )


def _part(row: Row, known: Mapping[str, _Known]) -> Part:
    """Build a part."""
    given: dict[str, Any] = {name: own for name, own in row.values.items() if own is not None}
    given["domain_ids"] = _spelt(_named(row, "domain_ids"), known["domain_id"])
    given["cognitive_levels"] = _spelt(_named(row, "cognitive_levels"), known["cognitive_level"])
    given["credential"] = "".join(_spelt(_named(row, "credential"), known["credential"]))
    return Part(**given)


def _bound(row: Row, known: Mapping[str, _Known]) -> CellBound:
    """Build the bounds of a cell."""
    given: dict[str, Any] = {name: row.values.get(name) for name in ENDS}
    given |= {name: "".join(_spelt(_named(row, name), own)) for name, own in known.items()}
    return CellBound(**given)
