"""How a weight became whole items: exact share, bounds, rounding, ties."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from rds.blueprint.apportion import Allocation
from rds.blueprint.items import allocate_domains, allocate_within
from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.words import CELL_ROUNDING, ROUNDING, TIES
from rds.documents.trace_step import Step, digits, row_of

_STEP = "Items"


def domain_items(blueprint: Blueprint, domain: str) -> Iterator[Step]:
    """Yield how many items a domain gets, and every step of rounding."""
    plan = blueprint.domain_weights.set_index("domain_id")
    row = row_of(blueprint.domain_weights, "domain_id", domain)
    length = blueprint.settings.blueprint.items
    where = "tables/domain_weights.csv"
    yield Step(_STEP, f"{domain} gets", f"{row['items']} of {length} scored items", where)
    weight = float(row["adopted_weight"])
    exact = f"{digits(weight)} × {length} = {digits(weight * length)}"
    yield Step(_STEP, "exact share", exact, where)
    form = allocate_domains(
        pd.Series(plan["adopted_weight"]),
        blueprint.outline.domains,
        items=length,
        method=blueprint.settings.blueprint.rounding,
    )
    yield from _bounds(form, domain)
    yield from _rounding(form, domain)
    if not pd.isna(row["items_low"]):
        share = f"{row['confidence_percent']:g} of 100 repeats of the survey"
        yield Step(_STEP, f"in {share}", f"{row['items_low']} to {row['items_high']} items", where)


def task_items(blueprint: Blueprint, task: str) -> Iterator[Step]:
    """Yield how many of its domain's items a task gets, and every step of rounding."""
    tasks = blueprint.task_weights.set_index("task_id")
    if task not in tasks.index:
        return
    row, where = row_of(blueprint.task_weights, "task_id", task), "tables/task_weights.csv"
    totals = blueprint.domain_weights.set_index("domain_id")["items"]
    domain = str(row["domain_id"])
    held = f"{row['items']} of the {totals.get(domain, 0)} items of {domain}"
    yield Step(_STEP, f"{task} gets", held, where)
    kept = tasks[tasks["retained"].astype(bool)]
    allocations = allocate_within(
        pd.Series(kept["weight"]),
        blueprint.outline.task_domains,
        {str(name): int(items) for name, items in totals.items()},
        method=blueprint.settings.blueprint.rounding,
    )
    if domain in allocations and task in allocations[domain].identifiers:
        yield from _rounding(allocations[domain], task)


def cell_steps(blueprint: Blueprint, cell: Mapping[str, object]) -> Iterator[Step]:
    """Yield how many items a cell gets, and what it was made whole from."""
    form = blueprint.cells[blueprint.cells["set"] == "form"]
    domain = form[form["domain_id"] == cell["domain_id"]]
    where = "tables/blueprint.csv"
    part = f", {cell['part']}" if str(cell["part"] or "") not in ("", "nan") else ""
    name = f"{cell['domain_id']} at {cell['cognitive_level']}{part} gets"
    total = int(domain["items"].sum())
    yield Step(_STEP, name, f"{cell['items']} of the {total} items of {cell['domain_id']}", where)
    source = blueprint.settings.blueprint.cognitive_source
    levels = blueprint.settings.blueprint.cognitive_levels
    stated = levels.get(str(cell["cognitive_level"]))
    said = f"as the tasks' own levels have it ({source})"
    if source == "prescribed" and stated is not None:
        said = f"{stated:g} % of the exam, prescribed"
    yield Step(_STEP, "cognitive level", said, "setting blueprint.cognitive_levels")
    yield Step(_STEP, "exact share", digits(float(str(cell["target"]))), where)
    between = f"{cell['lower']} or {cell['upper']}"
    yield Step(_STEP, "rounded down or up", between, where)
    method = blueprint.settings.blueprint.cell_rounding
    yield Step(
        _STEP, "method", CELL_ROUNDING.get(method, method), "setting blueprint.cell_rounding"
    )


def _bounds(form: Allocation, name: str) -> Iterator[Step]:
    """Yield the bounds of a domain, and those of others that moved items."""
    place = form.identifiers.index(name)
    low, high = form.minimum[place], form.maximum[place]
    told = [f"minimum {low}"] * bool(low) + [f"maximum {high}"] * (high is not None)
    yield Step(_STEP, "bounds", ", ".join(told) or "none", "sheet Domains, or the record")
    for bound in form.bounds:
        text = f"{bound.kind} {bound.bound} holds; without it {bound.without} items"
        yield Step(_STEP, f"{bound.identifier}, bound", text)


def _rounding(form: Allocation, name: str) -> Iterator[Step]:
    """Yield the method, and under Hamilton's every step that gave these items."""
    total = sum(form.items)
    yield Step(
        _STEP, "method", ROUNDING.get(form.method, form.method), "setting blueprint.rounding"
    )
    bound = {one.identifier: one.bound for one in form.bounds}
    if name in bound:
        yield Step(_STEP, "rounding", f"none: it stands at its bound, {bound[name]}")
        return
    free = [other for other in form.identifiers if other not in bound]
    left = total - sum(bound.values())
    if form.method == "hamilton" and sum(_items(form, free)) == left:
        yield from _largest_remainders(form, name, free, left)
    else:
        call = f"rds.allocate({_weights(form)}, items={total}, method=“{form.method}”)"
        yield Step(_STEP, "to compute it again", call)
    for tie in form.ties:
        if name in tie.identifiers:
            text = f"{', '.join(tie.identifiers)}: decided by {tie.rule}. {TIES}"
            yield Step(_STEP, "tie", text, "tables/ties.csv")


def _largest_remainders(
    form: Allocation, name: str, free: Sequence[str], left: int
) -> Iterator[Step]:
    """Yield the steps of Hamilton's method among those whose bounds do not hold."""
    weights = dict(zip(form.identifiers, form.weights, strict=True))
    total = sum(weights[other] for other in free)
    exact = {other: left * weights[other] / total for other in free}
    if len(free) < len(form.identifiers):
        text = f"{left} × {digits(weights[name])} / {digits(total)} = {digits(exact[name])}"
        yield Step(_STEP, f"share of the {left} items that bounds leave", text)
    whole = {other: math.floor(exact[other] + 1e-9) for other in free}
    extra = left - sum(whole.values())
    remainders = {other: exact[other] - whole[other] for other in free}
    ordered = sorted(free, key=lambda other: -remainders[other])
    listed = ", ".join(f"{other} {remainders[other]:.4f}" for other in ordered)
    got = dict(zip(form.identifiers, form.items, strict=True))[name]
    gained = "one of them" if got > whole[name] else "none of them"
    yield Step(_STEP, "whole part and remainder", f"{whole[name]} and {remainders[name]:.6f}")
    yield Step(_STEP, "items left over", f"{extra}, one each to the largest of: {listed}")
    yield Step(_STEP, f"{name} gets", f"{gained}: {got} items")


def _items(form: Allocation, names: Sequence[str]) -> list[int]:
    """Return the items of some."""
    by_name = dict(zip(form.identifiers, form.items, strict=True))
    return [by_name[name] for name in names]


def _weights(form: Allocation) -> str:
    """Return the weights as they are typed."""
    pairs = zip(form.identifiers, form.weights, strict=True)
    return "{" + ", ".join(f"“{name}”: {digits(weight)}" for name, weight in pairs) + "}"
