"""The cells of a plan: whole items by domain, cognitive level and part of the exam."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from rds.blueprint.apportion import Allocation, AllocationMethod, allocate
from rds.blueprint.apportion_table import allocate_table
from rds.blueprint.apportion_table_result import TableAllocation, TableMethod
from rds.blueprint.apportion_table_solve import rounded_down_and_up
from rds.blueprint.cell_limits import CellLimits
from rds.blueprint.parts import ExamPart, Shares, keyed
from rds.errors import InfeasibleError

CELLS = (
    "credential", "part", "set", "domain_id", "cognitive_level", "target", "lower", "upper",
    "items", "unit",
)  # fmt: skip

ONE_PART = (ExamPart("", 1.0, 0),)
"""An exam that has no parts."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a set of items.

    Parameters
    ----------
    frame
        Columns `CELLS`: ``target`` is the domain's exact quota × the share of level and part, or
        where a minimum or maximum binds, the domain's whole items × share; ``lower`` and ``upper``
        are the target rounded down and up.
    tables
        How the items were shared out, by place; several where parts have units of their own.
    levels
        The prescribed levels' items; None where levels are chosen with the cells.
    """

    frame: pd.DataFrame
    tables: Mapping[str, TableAllocation]
    levels: Allocation | None

    def beyond_rounding(self) -> pd.DataFrame:
        """Return the cells whose items are neither the target rounded down nor rounded up."""
        by_ratings = self.frame
        if "decided_by" in by_ratings:
            by_ratings = by_ratings[by_ratings["decided_by"] == ""]
        items = by_ratings["items"]
        return by_ratings[(items < by_ratings["lower"]) | (items > by_ratings["upper"])]


@dataclass(frozen=True)
class CellRules:
    """How cells become whole.

    Parameters
    ----------
    levels
        Percent by cognitive level, where the split is prescribed.
    rounding
        How percents of levels become whole items.
    method
        How the cells do; with parts only ``"controlled"``, unless they have units of their own.
    parts
        The parts of the exam; none if it has but one.
    own_units
        Whether a unit of one part may count more than one of another.
    limits
        Fewest and most items of cells, levels and parts.
    """

    levels: Mapping[str, float] | None = None
    rounding: AllocationMethod = "hamilton"
    method: TableMethod = "controlled"
    parts: Sequence[ExamPart] = ()
    own_units: bool = False
    limits: CellLimits = field(default_factory=CellLimits)


def allocate_cells(
    domains: Allocation,
    shares: Shares,
    rules: CellRules | None = None,
    *,
    credential: str = "",
    kind: str = "form",
) -> Cells:
    """Share the domains' whole items out over the cognitive levels and the parts of the exam.

    Domains keep their items exactly. Where the split over levels is prescribed, the levels' whole
    items follow from it and are kept exactly too, unless a level has a range; otherwise they are
    chosen with the cells. Parts keep their units exactly, unless a part has a range. Where a unit
    of one part may count more than one of another, each part is a table of its own: it keeps its
    units, and its domains and levels come as close to their exact share as whole units can.

    Parameters
    ----------
    domains
        Whole items by domain.
    shares
        By domain, shares of the levels or, with parts, of (level, part); a domain without any gets
        no cells.
    rules
        How cells become whole.

    Raises
    ------
    InfeasibleError
        When totals and limits contradict each other: names the fewest that do, and the smallest
        change that mends it.
    """
    rules = rules or CellRules()
    own = {
        name: items
        for name, items in zip(domains.identifiers, domains.items, strict=True)
        if name in shares
    }
    by_part = {name: keyed(shares[name]) for name in own}
    targets = _targets(domains, by_part, rules.parts or ONE_PART)
    levels = None if rules.own_units else _level_items(own, by_part, rules)
    try:
        tables = (
            {f"cells of {part.name}": _table_of_part(part, targets, rules) for part in rules.parts}
            if rules.own_units
            else {"cells": _table(own, by_part, rules, levels)}
        )
    except InfeasibleError as error:
        raise InfeasibleError(_in_our_words(str(error))) from None
    items = {key: whole for name, table in tables.items() for key, whole in _items(name, table)}
    units = {part.name: part.unit for part in rules.parts or ONE_PART}
    rows = [
        (credential, key[2], kind, *key[:2], target, *rounded_down_and_up(target), items[key], unit)
        for key, target in targets.items()
        for unit in [units[key[2]]]
    ]
    return Cells(pd.DataFrame(rows, columns=list(CELLS)), tables, levels)


def _targets(
    domains: Allocation, shares: Shares, parts: Sequence[ExamPart]
) -> dict[tuple[str, str, str], float]:
    """Return the exact units of every cell: domain, level and part."""
    expected = domains.items if domains.bounds else domains.quotas
    quotas = dict(zip(domains.identifiers, expected, strict=True))
    return {
        (name, level, part.name): quotas[name] * float(own[level, part.name]) / part.worth
        for part in parts
        for name, own in shares.items()
        for level in own.index.unique(level=0)
    }


def bank_cells(cells: pd.DataFrame, multiple: float) -> pd.DataFrame:
    """Return the items that a bank should hold: a multiple of a form's, rounded up cell by cell.

    Examples
    --------
    >>> form = pd.DataFrame({"set": ["form"], "items": [3], "target": [2.8]})
    >>> bank_cells(form, 2.5)[["set", "target", "lower", "upper", "items"]].values.tolist()
    [['bank', 7.5, 7, 8, 8]]
    """
    targets = [multiple * int(items) for items in cells["items"]]
    ends = [rounded_down_and_up(target) for target in targets]
    return cells.assign(
        set="bank",
        target=targets,
        lower=[math.floor(low) for low, _ in ends],
        upper=[high for _, high in ends],
        items=[high for _, high in ends],
    )


def _level_items(own: Mapping[str, int], shares: Shares, rules: CellRules) -> Allocation | None:
    """Return the levels' whole items, where they are prescribed and no level has a range."""
    names = _levels(shares)
    if not rules.levels or rules.limits.levels(names):
        return None
    return allocate(rules.levels, items=sum(own.values()), method=rules.rounding)


def _levels(shares: Shares) -> list[str]:
    """Return the names of the cognitive levels."""
    return [str(name) for name in next(iter(shares.values())).index.unique(level=0)]


def _table(
    own: Mapping[str, int], shares: Shares, rules: CellRules, levels: Allocation | None
) -> TableAllocation:
    """Return whole items where every unit counts the same: all totals are exact."""
    names = _levels(shares)
    parts = rules.parts or ONE_PART
    pattern = {
        part.name: {
            name: {level: float(shares[name][level, part.name]) for level in names} for name in own
        }
        for part in parts
    }
    cells = {(name, level, part.name) for name in own for level in names for part in parts}
    length = 3 if rules.parts else 2
    return allocate_table(
        pattern if rules.parts else pattern[""],
        row_totals=own,
        column_totals=dict(zip(levels.identifiers, levels, strict=True))
        if levels
        else rules.limits.levels(names),
        part_totals=_part_totals(own, rules) if rules.parts else None,
        method=rules.method,
        minimum={key[:length]: low for key, low in rules.limits.minimum(cells).items()},
        maximum={key[:length]: high for key, high in rules.limits.maximum(cells).items()},
    )


def _part_totals(own: Mapping[str, int], rules: CellRules) -> Mapping[str, object]:
    """Return the parts' units, or ranges where any part has one."""
    ranges = rules.limits.parts([part.name for part in rules.parts])
    if ranges:
        return ranges
    shares = {part.name: part.share for part in rules.parts}
    whole = {part.name: part.units for part in rules.parts}
    if sum(whole.values()) != sum(own.values()):
        found = allocate(shares, items=sum(own.values()), method=rules.rounding)
        whole = dict(zip(found.identifiers, found, strict=True))
    return whole


def _table_of_part(
    part: ExamPart, targets: Mapping[tuple[str, str, str], float], rules: CellRules
) -> TableAllocation:
    """Return the whole units of a part whose units count differently from the others'."""
    own = {key: target for key, target in targets.items() if key[2] == part.name}
    names = list(dict.fromkeys(name for name, _, _ in own))
    levels = list(dict.fromkeys(level for _, level, _ in own))
    return allocate_table(
        {name: {level: own[name, level, part.name] for level in levels} for name in names},
        row_totals=rules.limits.domains(names, part.name),
        column_totals=rules.limits.levels(levels, part.name),
        items=part.units,
        method=rules.method,
        minimum={key[:2]: low for key, low in rules.limits.minimum(own).items()},
        maximum={key[:2]: high for key, high in rules.limits.maximum(own).items()},
    )


def _items(place: str, table: TableAllocation) -> Iterator[tuple[tuple[str, str, str], int]]:
    """Yield the items of each cell of a table."""
    of_part = place.removeprefix("cells").removeprefix(" of ")
    for cell in table.cells:
        yield (cell.row, cell.column, cell.part or of_part), cell.items


def _in_our_words(message: str) -> str:
    """Say domain and level instead of row and column."""
    return message.replace("row “", "domain “").replace("column “", "level “")
