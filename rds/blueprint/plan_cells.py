"""The cells of a study's plan: of a form, of the pretest items, and of the item bank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from rds.blueprint.apportion import Allocation, allocate
from rds.blueprint.cell_limits import CellLimits
from rds.blueprint.cells import CELLS, CellRules, Cells, allocate_cells, bank_cells
from rds.blueprint.decided_cells import with_decided
from rds.blueprint.items import allocate_domains, level_shares
from rds.blueprint.parts import ExamPart, Shares, exam_parts, spread_over_parts
from rds.errors import InputError, Problem
from rds.notes import Note
from rds.outline.outline import Domain, Outline, Task, has_own_units
from rds.settings import Settings

NOISE = 1e-9
"""Percents that miss 100 by less do so for floating point alone."""


@dataclass(frozen=True, eq=False)
class PlannedCells:
    """The cells of every set of items.

    Parameters
    ----------
    form
        The scored items of a form.
    others
        The tables of pretest items and item bank, where the study has them.
    shares
        Shares of (cognitive level, part) by domain.
    parts
        The parts of the exam with their sizes; none if it has but one.
    notes
        What was assumed.
    """

    form: Cells
    others: tuple[pd.DataFrame, ...]
    shares: Shares
    parts: tuple[ExamPart, ...]
    notes: tuple[Note, ...]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table ``blueprint``."""
        return pd.concat([self.form.frame, *self.others], ignore_index=True)

    @property
    def are_items(self) -> bool:
        """Whether each unit of every part counts as one item."""
        return all(part.worth == 1.0 for part in self.parts)

    @property
    def worth(self) -> dict[str, float]:
        """How many items of the exam length a unit of each part counts as."""
        return {part.name: part.worth for part in self.parts} or {"": 1.0}


def plan_cells(
    outline: Outline,
    kept: Sequence[Task],
    weights: pd.Series[float],
    *,
    domains: pd.Series[float],
    form: Allocation,
    settings: Settings,
    decided: Mapping[str, int] | None = None,
) -> PlannedCells:
    """Return the cells of a plan.

    Parameters
    ----------
    outline
        Its parts and bounds of cells are kept.
    kept, weights
        The tasks that carry weight, and their weights.
    domains, form
        Weights of the domains, and their items on a form.
    decided
        Items of single cells, as decided; see `rds.blueprint.decided_cells.with_decided`.

    Raises
    ------
    InputError
        When levels come from tasks and one has none, or no part may examine a task.
    InfeasibleError
        When totals and bounds contradict each other.
    """
    section = settings.blueprint
    rules = _rules(outline, settings)
    shares, conflict = _shares(outline, kept, weights, settings, rules)
    _refuse_bounds_without_tasks(rules.limits, shares)
    credential = settings.study.credential
    cells = allocate_cells(form, shares, rules, credential=credential)
    frame, cells_decided = with_decided(cells.frame, decided or {}, by_part=rules.own_units)
    others = []
    if section.pretest_items:
        others.append(_pretest(domains, shares, rules, settings))
    if section.bank_multiple is not None:
        others.append(bank_cells(frame[list(CELLS)], section.bank_multiple))
    return PlannedCells(
        form=replace(cells, frame=frame),
        others=tuple(with_decided(own, {})[0] for own in others),
        shares=shares,
        parts=tuple(rules.parts),
        notes=(*cells_decided, *_proportions(outline, rules), *_notes(outline, settings, conflict)),
    )


def _rules(outline: Outline, settings: Settings) -> CellRules:
    """Return how cells become whole, as the study declares it."""
    section = settings.blueprint
    return CellRules(
        levels=section.cognitive_levels if section.cognitive_source == "prescribed" else None,
        rounding=section.rounding,
        method=section.cell_rounding,
        parts=exam_parts(outline.parts, items=section.items, method=section.rounding),
        own_units=has_own_units(outline.parts),
        limits=CellLimits(outline.cell_bounds),
    )


def _shares(
    outline: Outline,
    kept: Sequence[Task],
    weights: pd.Series[float],
    settings: Settings,
    rules: CellRules,
) -> tuple[Shares, str]:
    """Return each domain's shares of levels and parts; turn what is impossible into a problem."""
    section = settings.blueprint
    try:
        by_level = level_shares(
            kept, weights, section.cognitive_levels, source=section.cognitive_source
        )
    except ValueError as error:
        problem = Problem("study", "Tasks, cognitive_level", str(error), "a level", "fill it in")
        raise InputError([problem]) from None
    try:
        return spread_over_parts(
            kept,
            weights,
            by_level,
            parts=outline.parts,
            sizes=rules.parts,
            prescribed=rules.levels,
            empty=rules.limits.empty,
        )
    except ValueError as error:
        mend = "let a part examine them, in the sheet Parts or in the column parts of Tasks"
        wanted = "a place for every task that carries weight"
        raise InputError([Problem("study", "Parts", str(error), wanted, mend)]) from None


def _refuse_bounds_without_tasks(limits: CellLimits, shares: Shares) -> None:
    """Refuse minima of cells in domains that no kept task belongs to."""
    problems = [
        Problem(
            "study",
            "Cells",
            f"a minimum of {bound.minimum_items} items in {bound.domain_id}",
            "a domain that holds tasks of this exam",
            "remove the row, or keep a task of the domain",
        )
        for bound in limits.bounds
        if bound.domain_id and bound.minimum_items and bound.domain_id not in shares
    ]
    if problems:
        raise InputError(problems)


def _pretest(
    domains: pd.Series[float], shares: Shares, rules: CellRules, settings: Settings
) -> pd.DataFrame:
    """Return the cells of the pretest items; minima and maxima concern scored items only.

    Of parts that are counted differently only those counted like the first have pretest items.
    """
    n_items, method = settings.blueprint.pretest_items, settings.blueprint.rounding
    chosen = [part for part in rules.parts if part.unit == rules.parts[0].unit]
    if len(chosen) < len(rules.parts):
        domains, shares = _within(domains, shares, [part.name for part in chosen])
        rules = replace(rules, levels=None)
    unbounded = [Domain(str(name), str(name)) for name in domains.index]
    items = allocate_domains(domains, unbounded, items=n_items, method=method)
    sizes = {part.name: part.share for part in chosen}
    units = allocate(sizes, items=n_items, method=method) if chosen else ()
    pretest = replace(
        rules,
        parts=[
            replace(part, units=own, worth=1.0) for part, own in zip(chosen, units, strict=True)
        ],
        own_units=False,
        limits=rules.limits.only_empty(),
    )
    credential = settings.study.credential
    return allocate_cells(items, shares, pretest, credential=credential, kind="pretest").frame


def _within(
    domains: pd.Series[float], shares: Shares, parts: Sequence[str]
) -> tuple[pd.Series[float], Shares]:
    """Return weights and shares within some of the parts."""
    own = {name: share[share.index.isin(parts, level="part")] for name, share in shares.items()}
    held = {name: float(share.sum()) for name, share in own.items()}
    weights = domains * pd.Series(held, dtype=float).reindex(domains.index, fill_value=0.0)
    return weights, {name: own[name] / held[name] for name in own if held[name] > 0}


def _proportions(outline: Outline, rules: CellRules) -> Iterator[Note]:
    """Yield which percents do not add up to 100."""
    percents: Mapping[str, Iterable[float]] = {
        "cognitive levels": (rules.levels or {}).values(),
        "parts": (part.percent for part in outline.parts if part.percent is not None),
    }
    for what, own in percents.items():
        total = sum(own)
        if total and abs(total - 100) > NOISE:
            reason = f"the percents of the {what} add up to {total:g} and are taken in proportion"
            yield Note("blueprint", "", "target", "assumed", reason)


def _notes(outline: Outline, settings: Settings, conflict: str) -> Iterator[Note]:
    """Yield what was assumed on the way to the cells."""
    section = settings.blueprint
    if conflict:
        reason = f"{conflict}; the targets are as close as they can be"
        yield Note("blueprint", "", "target", "assumed", reason)
    if section.forms > 1:
        reason = f"the cells of set form hold for each of the {section.forms} forms"
        yield Note("blueprint", "", "items", "assumed", reason)
    if section.bank_multiple is not None and section.bank_multiple < section.forms:
        reason = f"{section.forms} forms have to share items: the bank is to hold only "
        reason += f"{section.bank_multiple:g} times a form's"
        yield Note("blueprint", "", "items", "assumed", reason)
    if has_own_units(outline.parts):
        reason = "units of the parts count differently: domains and tasks are counted in items of "
        reason += f"an exam of {section.items}"
        yield Note("blueprint", "", "items", "assumed", reason)
