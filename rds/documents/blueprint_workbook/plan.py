"""What the sheets show of a blueprint's items, and what they may compute themselves."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from rds.blueprint.other_choices import ALL_EQUAL
from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.hamilton import Steps, identifier_order, steps
from rds.documents.blueprint_workbook.inputs import (
    ALL_LEVELS,
    Input,
    inputs,
    level_names,
    part_cells,
    part_domains,
    part_names,
    part_of,
)
from rds.documents.version import Version

_BANNERS = {
    "simulated": "SIMULATED DATA: some or all ratings were made by a computer, not given by people."
    " Nothing here may be used for an exam.",
    "simulated panel": "SIMULATED PANEL: the judgements of subject-matter experts were made by a"
    " computer, not given by people. Nothing here may be used for an exam.",
    "reconstructed": "RECONSTRUCTED RATINGS: made from published figures; only n and means are"
    " real.",
    "published": "PUBLISHED MEANS: some or all ratings are known only from the means that a report"
    " prints.",
    "impossible": "IMPOSSIBLE MEANS: the report prints means that no whole answers can have; see"
    " the sheet Method of details.xlsx.",
    "changed": "CHANGED AFTER ANSWERS ARRIVED: the sheet Method of details.xlsx says what, who, and"
    " why.",
}


@dataclass(frozen=True)
class DomainPlan:
    """One domain's part of the plan.

    Parameters
    ----------
    domain_id, title
        The domain.
    n_tasks
        Its tasks that are kept.
    percent
        Adopted weight, in percent of the exam.
    exact, items
        Exact share of the items, and whole items, both as the ratings give them.
    minimum, maximum
        Bounds in items, None where there are none.
    items_low, items_high, within_1
        In how many items repeats of the survey would end, and the share of repeats within one
        item of the plan; None where this was withheld.
    equal_percent, equal_items
        What it would get if all ratings were equal; None where this was not computed.
    shares
        Shares of the cognitive levels within the domain.
    cells
        Whole items by cognitive level.
    pretest
        Unscored items by cognitive level; empty if there are none.
    previous, change
        Percent of the exam in the blueprint that this one replaces, in words where several domains
        came of it, and the change in percentage points; None where there is none.
    by_ratings
        What the ratings give in place of `cells`, where the committee decided any of these.
    """

    domain_id: str
    title: str
    n_tasks: int
    percent: float
    exact: float
    items: int
    minimum: int | None
    maximum: int | None
    items_low: int | None
    items_high: int | None
    within_1: float | None
    equal_percent: float | None
    equal_items: int | None
    shares: tuple[float, ...]
    cells: tuple[int, ...]
    pretest: tuple[int, ...]
    previous: str | float | None = None
    change: float | None = None
    by_ratings: tuple[int, ...] = ()


@dataclass(frozen=True)
class PartPlan:
    """One part of an exam that has several: its name, whole items by domain and level, its unit."""

    name: str
    domains: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    unit: str = ""

    @property
    def length(self) -> int:
        """Its number of items."""
        return sum(map(sum, self.cells))


@dataclass(frozen=True)
class Plan:
    """The items of a form.

    Parameters
    ----------
    credential
        What the exam is for, or the best name there is for it.
    date
        The date of the workbook.
    banners
        What has to be said about the data before anything else.
    length
        The exam length as issued.
    levels
        Cognitive levels; one name for all where there are none.
    parts
        The parts of the exam, where it has several; else empty.
    domains
        In outline order.
    rounding
        Method by which exact shares became whole items.
    confidence
        Of 100 repeats of the survey, how many the range of items holds.
    support, movement
        Whether the ratings support the proportions, and how far other models would move them, each
        in a sentence; the second is empty where no other model was declared.
    domains_live
        Whether formulas reproduce the blueprint's items of domains.
    cells_live
        Whether formulas give the items of cells at any length.
    cells_pinned
        Whether they give them at other lengths only, and the issued cells stand as they are.
    mixed_units
        Whether parts are counted in units of their own, which do not add up over parts.
    version
        The version that the workbook is.
    inputs
        What may be changed in it.
    """

    credential: str
    date: datetime.date
    banners: tuple[str, ...]
    length: int
    levels: tuple[str, ...]
    parts: tuple[PartPlan, ...]
    domains: tuple[DomainPlan, ...]
    rounding: str
    confidence: float
    support: str
    movement: str
    domains_live: bool
    cells_live: bool
    cells_pinned: bool
    mixed_units: bool = False
    version: Version = field(default_factory=Version)
    inputs: tuple[Input, ...] = ()

    def inputs_of(self, sheet: str) -> dict[tuple[str, str], Input]:
        """Return what may be changed on a sheet, by key and field."""
        return {(own.key, own.field): own for own in self.inputs if own.sheet == sheet}

    @property
    def has_previous(self) -> bool:
        """Whether there is a blueprint that this one replaces."""
        return any(domain.previous is not None for domain in self.domains)

    @property
    def domain_order(self) -> tuple[int, ...]:
        """Position of each domain's identifier among all."""
        return identifier_order([domain.domain_id for domain in self.domains])

    @property
    def level_order(self) -> tuple[int, ...]:
        """Position of each cognitive level's name among all."""
        return identifier_order(self.levels)

    @property
    def is_bounded(self) -> bool:
        """Whether any domain has a minimum or maximum."""
        return any((d.minimum, d.maximum) != (None, None) for d in self.domains)

    @property
    def has_range(self) -> bool:
        """Whether it is known how far repeats of the survey would move the items."""
        return all(domain.within_1 is not None for domain in self.domains)

    @property
    def has_baseline(self) -> bool:
        """Whether it is known what equal ratings would give."""
        return all(domain.equal_items is not None for domain in self.domains)


def read_plan(
    blueprint: Blueprint,
    *,
    date: datetime.date,
    version: Version | None = None,
    crosswalk: pd.DataFrame | None = None,
) -> Plan:
    """Return what the sheets show of the blueprint's items.

    Parameters
    ----------
    blueprint
        The blueprint.
    date
        The date of the workbook.
    version
        The version that it is; a draft without number by default.
    crosswalk
        The table ``crosswalk``, where there is an earlier blueprint.
    """
    study, length = blueprint.settings.study, blueprint.settings.blueprint.items
    form = blueprint.cells[blueprint.cells["set"] == "form"]
    levels, parts = level_names(blueprint.cells), _parts(blueprint)
    domains = _domains(blueprint, form, levels, _previous(crosswalk))
    rounding = blueprint.settings.blueprint.rounding
    is_hamilton, cells_follow = rounding == "hamilton", _cells_follow(domains, levels)
    domains_live = is_hamilton and not parts and _domains_follow(domains, length)
    return Plan(
        credential=study.credential or study.title or "The credential",
        date=date,
        banners=_banners(blueprint),
        length=length,
        levels=levels,
        parts=parts,
        domains=domains,
        rounding=rounding,
        confidence=blueprint.settings.resampling.confidence_percent,
        support=blueprint.support,
        movement=blueprint.movement,
        domains_live=domains_live,
        cells_live=domains_live or (is_hamilton and cells_follow and not parts),
        cells_pinned=domains_live and not cells_follow,
        mixed_units=form["unit"].nunique() > 1,
        version=version or Version(),
        inputs=inputs(blueprint),
    )


def _parts(blueprint: Blueprint) -> tuple[PartPlan, ...]:
    """Return the parts of the exam, if it has several."""
    names, levels = part_names(blueprint.cells), level_names(blueprint.cells)
    if len(names) == 1:
        return ()
    items = part_cells(blueprint)
    own = {name: tuple(part_domains(blueprint, name)) for name in names}
    cells = blueprint.cells[blueprint.cells["set"] == "form"].to_dict("records")
    units = {part_of(row): str(row["unit"]) for row in cells}
    return tuple(
        PartPlan(
            name,
            own[name],
            tuple(tuple(items.get((name, d, level), 0) for level in levels) for d in own[name]),
            units[name],
        )
        for name in names
    )


def _previous(crosswalk: pd.DataFrame | None) -> dict[str, tuple[str | float, float | None]]:
    """Return each domain's earlier percent of the exam, and the change in percentage points.

    Where several new domains came of the same old ones only their sum is known.
    """
    found: dict[str, tuple[str | float, float | None]] = {}
    for row in () if crosswalk is None else crosswalk.to_dict("records"):
        new = [name for name in str(row["new_ids"]).split(", ") if name]
        if row["unit"] != "domain" or pd.isna(row["old_weight"]):
            continue
        percent, change = 100 * float(row["old_weight"]), _share(row["change"])
        if len(new) == 1:
            found[new[0]] = percent, None if change is None else 100 * change
        for name in new if len(new) > 1 else ():
            others = ", ".join(other for other in new if other != name)
            found[name] = f"{percent:.1f} with {others}", None
    return found


def _domains(
    blueprint: Blueprint,
    form: pd.DataFrame,
    levels: Sequence[str],
    previous: Mapping[str, tuple[str | float, float | None]],
) -> tuple[DomainPlan, ...]:
    """Gather what the tables say about each domain."""
    titles = {domain.domain_id: domain.title for domain in blueprint.outline.domains}
    kept = blueprint.task_weights[blueprint.task_weights["retained"].astype(bool)]
    n_tasks = kept["domain_id"].value_counts()
    equal = blueprint.sensitivity[blueprint.sensitivity["variant"] == ALL_EQUAL]
    baseline = equal.to_dict("records")
    equal_percents = {row["domain_id"]: 100 * float(row["weight"]) for row in baseline}
    equal_items = {row["domain_id"]: int(row["items"]) for row in baseline}
    targets, items = (_grid(form, column, levels) for column in ("target", "items"))
    pretest = _grid(blueprint.cells[blueprint.cells["set"] == "pretest"], "items", levels)
    decided = set(form.loc[form["decided_by"] != "", "domain_id"])
    given = _grid(form, "items_by_ratings", levels)
    none = [0.0] * len(levels)
    if form.empty:
        totals = blueprint.domain_weights.set_index("domain_id")["items"].astype(float)
        targets = items = {str(name): [own] for name, own in totals.items()}
    return tuple(
        DomainPlan(
            domain_id=row["domain_id"],
            title=titles.get(row["domain_id"], ""),
            n_tasks=int(n_tasks.get(row["domain_id"], 0)),
            percent=100 * float(row["adopted_weight"]),
            exact=float(row["adopted_weight"]) * blueprint.settings.blueprint.items,
            items=int(row["items_by_ratings"]),
            minimum=_whole(row["minimum"]) or None,
            maximum=_whole(row["maximum"]),
            items_low=_whole(row.get("items_low")),
            items_high=_whole(row.get("items_high")),
            within_1=_share(row.get("p_within_1")),
            equal_percent=equal_percents.get(row["domain_id"]),
            equal_items=equal_items.get(row["domain_id"]),
            shares=_shares(targets.get(row["domain_id"], none)),
            cells=tuple(map(int, items.get(row["domain_id"], none))),
            pretest=tuple(map(int, pretest.get(row["domain_id"], []))),
            previous=previous.get(row["domain_id"], (None, None))[0],
            change=previous.get(row["domain_id"], (None, None))[1],
            by_ratings=tuple(map(int, given[row["domain_id"]]))
            if row["domain_id"] in decided
            else (),
        )
        for row in blueprint.domain_weights.to_dict("records")
    )


def _grid(cells: pd.DataFrame, column: str, levels: Sequence[str]) -> dict[str, list[float]]:
    """Return a column of the cells by domain, one number per level."""
    if cells.empty:
        return {}
    named = cells["cognitive_level"].fillna("").replace("", ALL_LEVELS)
    table = (
        cells.assign(cognitive_level=named)
        .pivot_table(
            index="domain_id", columns="cognitive_level", values=column, aggfunc="sum", fill_value=0
        )
        .reindex(columns=list(levels), fill_value=0)
    )
    return {str(name): list(map(float, row)) for name, row in table.iterrows()}


def _shares(targets: Sequence[float]) -> tuple[float, ...]:
    """Return targets as shares of their sum, without the noise of floating point."""
    total = sum(targets)
    return tuple(round(target / total, 12) if total > 0 else 0.0 for target in targets)


def _whole(cell: Any) -> int | None:
    """Return a whole number, or None for an empty cell."""
    return None if cell is None or pd.isna(cell) else int(cell)


def _share(cell: Any) -> float | None:
    """Return a share, or None for an empty cell."""
    return None if cell is None or pd.isna(cell) else float(cell)


def domain_steps(domains: Sequence[DomainPlan], length: int) -> Steps:
    """Apportion the items of a form over the domains, without bounds."""
    return steps(
        [domain.exact for domain in domains],
        length,
        weights=[domain.percent for domain in domains],
        order=identifier_order([domain.domain_id for domain in domains]),
    )


def cell_steps(domain: DomainPlan, order: Sequence[int]) -> Steps:
    """Apportion a domain's items over the cognitive levels, in the given order of their names."""
    exact = [domain.items * share for share in domain.shares]
    return steps(exact, domain.items, weights=domain.shares, order=order)


def _domains_follow(domains: Sequence[DomainPlan], length: int) -> bool:
    """Tell whether Hamilton's method without bounds gives the domains' items."""
    return domain_steps(domains, length).items == tuple(domain.items for domain in domains)


def _cells_follow(domains: Sequence[DomainPlan], levels: Sequence[str]) -> bool:
    """Tell whether Hamilton's method within each domain gives its cells."""
    order = identifier_order(levels)
    return all(cell_steps(domain, order).items == domain.cells for domain in domains)


def _banners(blueprint: Blueprint) -> tuple[str, ...]:
    """Return what has to be said about the data before anything else."""
    kinds = {
        f"{note.kind} panel" if note.table == "judgements" else str(note.kind)
        for note in blueprint.notes
    }
    kinds |= set(map(str, blueprint.analysis.respondents["nature"]))
    return tuple(text for kind, text in _BANNERS.items() if kind in kinds)
