"""What is wrong with the exam as a study declares it: its parts, bounds and credentials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rds.errors import InputError, Problem
from rds.outline.outline import CellBound, Outline, Part, has_own_units
from rds.settings import BlueprintSection
from rds.study.credentials import SHEET, credentials, folder_of
from rds.study.folder import STUDY_WORKBOOK

if TYPE_CHECKING:
    from rds.study.study import Study

ROUNDING = 1.0
"""Percents that miss 100 by no more are taken in proportion."""


def exam_problems(study: Study) -> tuple[Problem, ...]:
    """Return what is wrong with parts, bounds and credentials, each problem once."""
    if study.settings_or_none is None or study.outline_or_none is None:
        return ()
    try:
        variants = credentials(study)
    except InputError as error:
        return error.problems
    found = list(_same_folder(list(variants)))
    for variant in variants.values():
        outline, section = variant.outline, variant.settings.blueprint
        found += _of_parts(outline.parts, section)
        found += (p for bound in outline.cell_bounds for p in _of_bound(bound, outline.parts))
        found += _of_minima(outline.cell_bounds, section)
        found += _of_cells(outline, section)
    return tuple(dict.fromkeys(found))


def _problem(sheet: str, found: str, wanted: str, mend: str) -> Problem:
    """Return a problem of a sheet as a whole."""
    return Problem(STUDY_WORKBOOK, sheet, found, wanted, mend)


def _same_folder(names: Sequence[str]) -> Iterator[Problem]:
    """Yield credentials whose outputs would overwrite each other's."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(folder_of(name), name)
        if other != name or (len(names) > 1 and not folder_of(name)):
            wanted = "names that differ in more than capitals and signs"
            yield _problem(SHEET, f"“{other}” and “{name}”", wanted, "rename one of them")


def _of_parts(parts: Sequence[Part], section: BlueprintSection) -> Iterator[Problem]:
    """Yield what is wrong with the sizes of the parts together."""
    ways = {(part.percent is not None, part.units is not None) for part in parts}
    if len(ways) > 1:
        wanted = "a percent for every part, or units for every part, or both for every part"
        yield _problem("Parts", "parts whose size is given in different ways", wanted, "fill in")
        return
    percents = [part.percent for part in parts if part.percent is not None]
    if percents and abs(sum(percents) - 100) > ROUNDING:
        found = f"parts that add up to {sum(percents):g} percent"
        yield _problem("Parts", found, "100 percent", "change the percents")
    if not parts or has_own_units(parts):
        return
    units = sum(part.units or 0 for part in parts)
    if not percents and units != section.items:
        found, wanted = f"parts with {units} {parts[0].unit}", f"{section.items} (blueprint.items)"
        yield _problem("Parts", found, wanted, "change the units, or the exam length")
    if len({part.unit for part in parts}) > 1:
        found = f"units of different kinds: {', '.join(dict.fromkeys(p.unit for p in parts))}"
        wanted = "with them, a percent and units for every part"
        yield _problem("Parts", found, wanted, "fill in both columns")
    if section.cell_rounding == "biproportional":
        found = "several parts with blueprint.cell_rounding biproportional"
        yield _problem("Parts", found, "controlled", "change blueprint.cell_rounding")


def _of_bound(bound: CellBound, parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield what is wrong with one bound, seen beside the parts."""
    given = tuple(map(bool, (bound.domain_id, bound.cognitive_level, bound.part)))
    allowed = {(True, True, False), (False, True, False)}
    wanted = "a domain and a level, or a level alone"
    if has_own_units(parts):
        allowed = {(True, True, True), (False, True, True), (True, False, True)}
        wanted = "a part with a domain, a level, or both; its units stand in the sheet Parts"
    elif parts:
        allowed = {(True, True, True), (False, True, False), (False, False, True)}
        wanted = "a domain, a level and a part, or a level or a part alone"
    if given not in allowed:
        named = (bound.domain_id, bound.cognitive_level, bound.part)
        found = f"a row about {' × '.join(name for name in named if name)}"
        yield _problem("Cells", found, wanted, "fill in what is missing, or write a row for each")


def _of_minima(bounds: Sequence[CellBound], section: BlueprintSection) -> Iterator[Problem]:
    """Yield minima of cells, levels or parts that add up to more than the exam has."""
    kinds = {
        "cells": [b for b in bounds if b.domain_id and b.cognitive_level],
        "levels": [b for b in bounds if not b.domain_id and b.cognitive_level],
        "parts": [b for b in bounds if not b.domain_id and not b.cognitive_level],
    }
    for kind, own in kinds.items():
        total = sum(bound.minimum_items or 0 for bound in own)
        if total > section.items and not any(bound.part and kind != "parts" for bound in own):
            found = f"minima of {kind} that add up to {total} items"
            wanted = f"at most {section.items} (blueprint.items)"
            yield _problem("Cells", found, wanted, "lower some of them")


def _of_cells(outline: Outline, section: BlueprintSection) -> Iterator[Problem]:
    """Yield the advice that an exam with more cells than items leaves cells empty."""
    tasks = [task for task in outline.active_tasks if "exam" in task.assessed_by]
    domains = {task.domain_id for task in tasks}
    levels = set(section.cognitive_levels)
    if section.cognitive_source == "tasks":
        levels = {task.cognitive_level for task in tasks}
    cells = len(domains) * len(levels) * max(len(outline.parts), 1)
    if cells > section.items:
        found = f"{cells} cells for {section.items} items"
        mend = "merge domains or levels, or lengthen the exam; some cells will stay empty"
        wanted = "at least as many items as cells"
        yield Problem(STUDY_WORKBOOK, "blueprint.items", found, wanted, mend, "advice")
