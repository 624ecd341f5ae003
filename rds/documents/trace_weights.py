"""How ratings became weights: combined ratings with their formula, shares, domain rule, linkage."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from rds.blueprint.linkage import UNLINKED, transfer
from rds.blueprint.models import Combined, find_model
from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.words import DOMAIN_RULES, TASK_WEIGHT, TASK_WEIGHT_WITHIN
from rds.documents.trace_step import Step, digits, percent, row_of

_TASKS = "tables/task_weights.csv"
_DOMAINS = "tables/domain_weights.csv"
_SAME = 1e-9


def domain_weight(blueprint: Blueprint, domain: str) -> Iterator[Step]:
    """Yield a domain's weight: by its rule, with declared percentages, and by its tasks."""
    row = row_of(blueprint.domain_weights, "domain_id", domain)
    rule = blueprint.settings.weights.domain_rule
    yield Step(
        "Weight", f"percent of the exam of {domain}", percent(row["adopted_weight"]), _DOMAINS
    )
    yield Step("Weight", "rule", DOMAIN_RULES.get(rule, rule), "setting weights.domain_rule")
    yield Step("Weight", "by ratings alone", percent(row["weight"]), _DOMAINS)
    if not pd.isna(row["se"]):
        low, high = percent(row["ci_low"]), percent(row["ci_high"])
        text = f"{percent(row['se'])}, interval {low} to {high}"
        yield Step("Weight", "standard error", text, _DOMAINS)
    yield from _panel(blueprint, domain, row)
    tasks = blueprint.task_weights
    own = tasks[(tasks["domain_id"] == domain) & tasks["retained"].astype(bool)]
    text = " + ".join(
        f"{task} {digits(w)}" for task, w in zip(own["task_id"], own["weight"], strict=True)
    )
    total = float(own["weight"].sum())
    yield Step("Weight", "its tasks", f"{text or 'none'} = {digits(total)}", _TASKS)


def _panel(blueprint: Blueprint, domain: str, row: Mapping[str, Any]) -> Iterator[Step]:
    """Yield what percentages of the panel and of policy made of the weight by ratings."""
    share = blueprint.settings.weights.panel_share_percent / 100
    known = {one.domain_id: one for one in blueprint.outline.domains}
    if share and not pd.isna(row["panel_weight"]):
        ours = (1 - share) * row["weight"] + share * row["panel_weight"]
        text = f"{digits(1 - share)} × {digits(row['weight'])} + {digits(share)} × "
        text += f"{digits(row['panel_weight'])} = {digits(ours)}"
        yield Step("Weight", "with the panel's share", text, "sheet Domains, panel_percent")
    fixed = {
        name: one.fixed_percent for name, one in known.items() if one.fixed_percent is not None
    }
    if fixed:
        text = ", ".join(f"{name} {value:g} %" for name, value in fixed.items())
        text += "; the other domains share the rest in proportion"
        yield Step("Weight", "fixed by policy", text, "sheet Domains, fixed_percent")


def task_weight(blueprint: Blueprint, task: str) -> Iterator[Step]:
    """Yield a task's weight, and the combined rating that it follows from."""
    tasks = blueprint.task_weights
    if task not in set(tasks["task_id"]):
        yield Step("Weight", task, "none: the task is not active", "sheet Tasks")
        return
    row = row_of(tasks, "task_id", task)
    if not row["retained"]:
        yield Step("Weight", task, "none: it is not retained, or not assessed by the exam", _TASKS)
        return
    yield Step("Weight", f"percent of the exam of {task}", percent(row["weight"]), _TASKS)
    yield from _share(tasks[tasks["retained"].astype(bool)], row)
    yield from _combined(blueprint, task, float(row["combined"]))


def _share(kept: pd.DataFrame, row: Mapping[str, Any]) -> Iterator[Step]:
    """Yield the share that a combined rating has, of all tasks or of its domain's."""
    combined, weight = float(row["combined"]), float(row["weight"])
    total = float(kept["combined"].sum())
    if total and abs(combined / total - weight) <= _SAME:
        text = f"{digits(combined)} / {digits(total)} = {digits(combined / total)}"
        yield Step("Weight", "rule", TASK_WEIGHT)
        yield Step("Weight", "share of all combined ratings", text, _TASKS)
        return
    own = kept[kept["domain_id"] == row["domain_id"]]
    within, domain = float(own["combined"].sum()), float(own["weight"].sum())
    yield Step("Weight", "rule", TASK_WEIGHT_WITHIN)
    if within and abs(domain * combined / within - weight) <= _SAME:
        text = f"{digits(domain)} × {digits(combined)} / {digits(within)} = {digits(weight)}"
        yield Step("Weight", f"share of {row['domain_id']}", text, _TASKS)


def _combined(blueprint: Blueprint, task: str, value: float) -> Iterator[Step]:
    """Yield the model, its formula and the numbers in it."""
    section, combined = blueprint.settings.weights, blueprint.combined
    model = find_model(section.model)
    step = "Combined rating"
    yield Step(step, "model", f"{model.name}: {model.description}", "setting weights.model")
    yield Step(step, "source of the model", model.source)
    yield Step(step, "why this model", section.rationale, "setting weights.rationale")
    if combined is None or task not in combined.rating.index:
        rule = section.unrated_rule
        yield Step(
            step, "without ratings that count", f"{digits(value)} by the rule “{rule}”", _TASKS
        )
        return
    own: dict[Any, Any] = combined.means.loc[[task]].to_dict("records")[0]
    means = {str(name): float(mean) for name, mean in own.items()}
    listed = ", ".join(f"{name} {digits(mean)}" for name, mean in means.items())
    yield Step(step, "means that the model takes", listed, "tables/statement_ratings.csv")
    formula, result = model_formula(combined, means)
    if formula and abs(result - value) <= _SAME * max(1.0, abs(value)):
        yield Step(step, "formula", formula, "exponents: tables/effective_weights.csv")
        return
    again = f"rds.combined_ratings(ratings, model=“{model.name}”, scales={list(means)})"
    text = f"{digits(value)}; it needs every respondent's answers, not the means alone: {again}"
    yield Step(step, "combined rating", text, "responses/")


def model_formula(combined: Combined, means: Mapping[str, float]) -> tuple[str, float]:
    """Return the formula of a model of means with its numbers, and what it gives.

    Examples
    --------
    >>> import pandas as pd
    >>> found = Combined(pd.Series(), pd.DataFrame(), "multiplicative", {"i": 1.0, "f": 0.5}, {})
    >>> model_formula(found, {"i": 3.0, "f": 4.0})
    ('i^1 × f^0.5 = 3^1 × 4^0.5 = 6', 6.0)
    """
    powers = {name: combined.exponents[name] for name in means if name in combined.exponents}
    if combined.combination == "multiplicative":
        result = math.prod(means[name] ** power for name, power in powers.items())
        names = " × ".join(f"{name}^{digits(power)}" for name, power in powers.items())
        values = " × ".join(f"{digits(means[n])}^{digits(power)}" for n, power in powers.items())
    elif combined.combination in ("additive", "single"):
        result = sum(means[name] * power for name, power in powers.items())
        names = " + ".join(f"{digits(power)} × {name}" for name, power in powers.items())
        values = " + ".join(f"{digits(power)} × {digits(means[n])}" for n, power in powers.items())
    else:
        return "", math.nan
    return f"{names} = {values} = {digits(result)}", result


def ksa_weight(blueprint: Blueprint, ksa: str) -> Iterator[Step]:
    """Yield a KSA's weight and items, and what each task hands to it."""
    table = blueprint.ksa_weights
    if ksa not in set(table["ksa_id"]):
        yield Step("Weight", ksa, "none: no task that is kept is linked to it", "sheet Linkage")
        return
    row, where = row_of(table, "ksa_id", ksa), "tables/ksa_weights.csv"
    yield Step("Weight", f"percent of the exam of {ksa}", percent(row["weight"]), where)
    yield Step("Weight", f"{ksa} gets", f"{row['items']} items, if all were given to KSAs", where)
    settings = blueprint.settings.linkage
    tasks = blueprint.task_weights[blueprint.task_weights["retained"].astype(bool)]
    weights = tasks.set_index("task_id")["weight"]
    active = [one.ksa_id for one in blueprint.outline.active_ksas]
    rows = [
        (link.task_id, link.ksa_id, link.level)
        for link in blueprint.outline.links
        if link.task_id in weights.index and link.ksa_id in active
    ]
    shares = transfer(
        list(map(str, weights.index)),
        pd.DataFrame(rows, columns=["task_id", "ksa_id", "level"]),
        minimum_level=settings.minimum_level,
        minimum_share=settings.minimum_share_percent / 100,
        ksas=active,
    ).drop(columns=UNLINKED)
    rule = f"links of level {settings.minimum_level:g} or more count, in proportion to their level"
    yield Step("Weight", "rule", rule, "settings linkage")
    for task, share in shares[ksa][shares[ksa] > 0].items():
        given = float(weights[str(task)])
        text = f"{digits(given)} × {digits(share)} = {digits(given * share)}"
        yield Step("Weight", f"from {task}", text, "sheet Linkage")
