"""The parts of an exam: how large they are, and how weights spread over levels and parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.blueprint.apportion import AllocationMethod, allocate
from rds.blueprint.apportion_raking import rake
from rds.outline.outline import Part, Task, has_own_units

Floats = NDArray[np.float64]
Shares = Mapping[str, "pd.Series[float]"]
"""By domain, shares of (cognitive level, part), which sum to 1; the part is "" if there is one."""

CLOSE = 1e-6
"""A share of the exam that is missed by less is met."""


@dataclass(frozen=True)
class ExamPart:
    """A part of the exam with its size.

    Parameters
    ----------
    name
        Its name.
    share
        Share of the exam.
    units
        Items, stations … on a form.
    unit
        What it is counted in.
    worth
        How many items of the exam length one unit counts as.
    """

    name: str
    share: float
    units: int
    unit: str = "items"
    worth: float = 1.0


def exam_parts(
    parts: Sequence[Part], *, items: int, method: AllocationMethod = "hamilton"
) -> tuple[ExamPart, ...]:
    """Return the parts with their shares and whole units.

    Parameters
    ----------
    parts
        As declared: each with a percent, or each with units, or each with both. Percents need not
        add up to 100.
    items
        Exam length.
    method
        How shares become whole items.

    Examples
    --------
    >>> [(part.name, part.units) for part in exam_parts([Part("w", 75), Part("o", 25)], items=50)]
    [('w', 38), ('o', 12)]
    >>> mixed = [Part("written", 70, 100), Part("practical", 30, 6, "stations")]
    >>> [(part.units, round(part.worth, 2)) for part in exam_parts(mixed, items=100)]
    [(100, 0.7), (6, 5.0)]
    """
    if not parts:
        return ()
    sizes = {part.part: float(part.percent or part.units or 0) for part in parts}
    total = sum(sizes.values())
    if has_own_units(parts):
        units = {part.part: part.units or 0 for part in parts}
    else:
        whole = allocate(sizes, items=items, method=method)
        units = dict(zip(whole.identifiers, whole.items, strict=True))
    return tuple(
        ExamPart(
            part.part,
            sizes[part.part] / total,
            units[part.part],
            part.unit,
            items * sizes[part.part] / total / units[part.part] if has_own_units(parts) else 1.0,
        )
        for part in parts
    )


def spread_over_parts(
    tasks: Sequence[Task],
    weights: pd.Series[float],
    levels: Shares,
    *,
    parts: Sequence[Part] = (),
    sizes: Sequence[ExamPart] = (),
    prescribed: Mapping[str, float] | None = None,
    empty: Collection[tuple[str, str, str]] = (),
) -> tuple[dict[str, pd.Series[float]], str]:
    """Spread the tasks' weights over cognitive levels and parts of the exam.

    Every task keeps its weight, every part its share and, where they are prescribed, every level
    its percent; within these totals weights go in proportion to levels and parts, and nothing goes
    where a part may not examine (iterative proportional fitting; Deming and Stephan, 1940).

    Parameters
    ----------
    tasks, weights
        The tasks that are kept, and their weights.
    levels
        Shares of the cognitive levels by domain, as `rds.blueprint.items.level_shares` gives them;
        where levels come from tasks, each task goes to its own.
    parts, sizes
        The parts as declared, and with their shares.
    prescribed
        Percent by level; None where levels come from tasks.
    empty
        Cells that must stay empty: domain, level and part.

    Returns
    -------
    shares, conflict
        Shares of (level, part) by domain, and why totals cannot all be met; empty if they are.

    Raises
    ------
    ValueError
        When no part may examine a task.
    """
    names = list(next(iter(levels.values())).index)
    declared = list(parts) or [Part("")]
    if not parts and not empty:
        return {name: keyed(own) for name, own in levels.items()}, ""
    pattern = _pattern(
        tasks, weights, levels, declared, sizes=sizes, from_tasks=not prescribed, empty=empty
    )
    _refuse_nowhere(tasks, weights, pattern, empty=empty)
    totals: dict[int, Any] = {}
    if prescribed:
        percents = np.array([prescribed.get(name, 0.0) for name in names], dtype=np.float64)
        totals[1] = percents / percents.sum()
    if parts:
        totals[2] = np.array([size.share for size in sizes])
    totals[0] = np.array([float(weights[task.task_id]) for task in tasks])
    table = rake(pattern, totals).astype(np.float64)
    missed = any(
        np.abs(table.sum(axis=tuple({0, 1, 2} - {axis})) - own).max() > CLOSE
        for axis, own in totals.items()
    )
    why = _conflict(tasks, totals, declared, names) if missed else ""
    columns = [part.part for part in declared]
    return {
        domain: _of_domain([t.domain_id == domain for t in tasks], table, pattern, names, columns)
        for domain in levels
    }, why


def keyed(
    values: pd.Series[float] | Floats,
    levels: Sequence[str] | None = None,
    parts: Sequence[str] = ("",),
) -> pd.Series[float]:
    """Return shares by level and part; shares of levels alone become those of an exam in one part.

    Examples
    --------
    >>> keyed(pd.Series({"recall": 0.4, "use": 0.6}))["use", ""]
    np.float64(0.6)
    """
    if isinstance(values, pd.Series):
        if isinstance(values.index, pd.MultiIndex):
            return values
        levels = [str(name) for name in values.index]
    index = pd.MultiIndex.from_product([levels or [], parts], names=["cognitive_level", "part"])
    return pd.Series(np.asarray(values, dtype=np.float64).ravel(), index=index)


def _pattern(
    tasks: Sequence[Task],
    weights: pd.Series[float],
    levels: Shares,
    parts: Sequence[Part],
    *,
    sizes: Sequence[ExamPart],
    from_tasks: bool,
    empty: Collection[tuple[str, str, str]],
) -> Floats:
    """Return where weights would go if only what may be examined mattered: tasks × levels × parts.

    Weights of zero count as one, so that their domain has a pattern, too.
    """
    names = list(next(iter(levels.values())).index)
    shares = [size.share for size in sizes] or [1.0]
    table = np.zeros((len(tasks), len(names), len(parts)))
    for row, task in enumerate(tasks):
        own = levels[task.domain_id]
        for column, level in enumerate(names):
            share = float(task.cognitive_level == level) if from_tasks else float(own[level])
            for place, part in enumerate(parts):
                open_ = part.examines(task) and part.examines_at(level)
                open_ = open_ and (task.domain_id, level, part.part) not in empty
                table[row, column, place] = share * shares[place] * open_
    own_weights = np.array([float(weights[task.task_id]) or 1.0 for task in tasks])
    return np.asarray(table * own_weights[:, None, None])


def _refuse_nowhere(
    tasks: Sequence[Task],
    weights: pd.Series[float],
    pattern: Floats,
    *,
    empty: Collection[tuple[str, str, str]],
) -> None:
    """Refuse tasks with weight that no part may examine."""
    nowhere = [
        task.task_id
        for task, own in zip(tasks, pattern, strict=True)
        if weights[task.task_id] > 0 and not own.any()
    ]
    if nowhere:
        closed = ", and cells that must stay empty," if empty else ""
        raise ValueError(f"parts and levels{closed} that leave no place for {', '.join(nowhere)}")


def _of_domain(
    own: Sequence[bool],
    table: Floats,
    pattern: Floats,
    levels: Sequence[str],
    parts: Sequence[str],
) -> pd.Series[float]:
    """Return a domain's shares of (level, part); one without weight has those of the pattern."""
    found = table[own].sum(axis=0)
    if not found.sum() > 0:
        found = pattern[own].sum(axis=0)
    return keyed(found / (found.sum() or 1.0), levels, parts)


def _conflict(
    tasks: Sequence[Task],
    totals: Mapping[int, Floats],
    parts: Sequence[Part],
    levels: Sequence[str],
) -> str:
    """Say which parts are too small for what only they may examine; the fewest first."""
    for shortage in _shortages(tasks, totals, parts, levels):
        return shortage
    return "what parts may examine leaves no way to keep the shares of all tasks, levels and parts"


def _shortages(
    tasks: Sequence[Task],
    totals: Mapping[int, Floats],
    parts: Sequence[Part],
    levels: Sequence[str],
) -> Iterator[str]:
    """Yield sets of parts that are smaller than what nobody else may examine (Gale, 1957)."""
    shares = totals.get(2, np.ones(1))
    examined = np.array([[part.examines(task) for part in parts] for task in tasks])
    examined_at = np.array([[part.examines_at(level) for part in parts] for level in levels])
    places = range(len(parts))
    for chosen in (own for n in places[1:] for own in combinations(places, n)):
        others = [place for place in places if place not in chosen]
        these = " and ".join(f"“{parts[place].part}”" for place in chosen)
        has = float(shares[list(chosen)].sum())
        for axis, what, may in (
            (0, [task.task_id for task in tasks], examined),
            (1, list(levels), examined_at),
        ):
            only = [place for place, own in enumerate(may[:, others]) if not own.any()]
            needed = float(totals[axis][only].sum()) if axis in totals else 0.0
            if needed > has + CLOSE:
                those = ", ".join(what[place] for place in only)
                said = f"only {these} may examine {those}, {100 * needed:.1f} percent of the exam"
                yield f"{said}, but has {100 * has:.1f}"
