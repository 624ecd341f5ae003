"""The outline for an item bank: topics by number, with their weights and items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from rds.blueprint.apportion import allocate
from rds.blueprint.items import allocate_within
from rds.blueprint.plan import Blueprint
from rds.outline.outline import Domain

BANK_OUTLINE = (
    "number", "id", "kind", "statement", "cognitive_level", "ksa_ids", "weight", "items",
    "items_low", "items_high",
)  # fmt: skip
CERTIVERSE = ("Topic Number", "Topic Name", "Topic Weight", "Topic Description")
LONGEST_NAME, LONGEST_DESCRIPTION = 225, 500


def bank_outline(blueprint: Blueprint) -> pd.DataFrame:
    """Return the topics of an item bank: domains, the domains below them, and their kept tasks.

    Returns
    -------
    DataFrame
        Columns `BANK_OUTLINE`: ``number`` (1, 1.1, …), ``id``, ``kind`` (domain, task),
        ``statement``, ``cognitive_level``, ``ksa_ids`` (linked at the declared level), ``weight``
        (share of the exam), ``items`` (scored, whole), ``items_low``, ``items_high``. A domain
        that holds others has their sums, and no range.
    """
    return pd.DataFrame(list(_topics(blueprint, "", "")), columns=list(BANK_OUTLINE))


def certiverse_topics(blueprint: Blueprint) -> pd.DataFrame:
    """Return the topics as Certiverse imports them, with whole percents as weights.

    Domains share 100 in proportion to their items, tasks their domain's percent by their weights.
    A name beyond 225 characters is cut with “…”; the description, up to 500, begins with the
    identifier and repeats such a name.

    Returns
    -------
    DataFrame
        Columns `CERTIVERSE`.
    """
    topics = bank_outline(blueprint)
    percents = _whole_percents(blueprint)
    descriptions = {d.domain_id: d.description for d in blueprint.outline.domains}
    rows = [
        (
            f"#{topic['number']}",
            _cut(topic["statement"], LONGEST_NAME),
            _sum_below(topic["number"], topics, percents),
            _description(topic, descriptions),
        )
        for topic in topics.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(CERTIVERSE))


def _topics(blueprint: Blueprint, parent: str, number: str) -> Iterator[dict[str, Any]]:
    """Yield the domains below a parent, each followed by its tasks and the domains below it."""
    children = [d for d in blueprint.outline.domains if d.parent_id == parent]
    own = list(_tasks(blueprint, parent)) if parent else []
    for place, task in enumerate(own, start=1):
        yield {"number": f"{number}{place}", **task}
    place = len(own)
    for domain in children:
        here = f"{number}{place + 1}"
        below = list(_topics(blueprint, domain.domain_id, f"{here}."))
        if below:
            place += 1
            yield {"number": here, **_domain(blueprint, domain, below)}
            yield from below


def _domain(blueprint: Blueprint, domain: Domain, below: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a domain's topic; one that holds others has the sums of all that is in it."""
    rows = blueprint.domain_weights.to_dict("records")
    plan = {str(row["domain_id"]): row for row in rows}
    has_others = any(topic["kind"] == "domain" for topic in below)
    named = {"id": domain.domain_id, "kind": "domain", "statement": domain.title}
    if has_others or domain.domain_id not in plan:
        tasks = [topic for topic in below if topic["kind"] == "task"]
        return {**named, **{key: sum(t[key] for t in tasks) for key in ("weight", "items")}}
    row = plan[domain.domain_id]
    return {**named, "weight": row["adopted_weight"], **_items(row)}


def _tasks(blueprint: Blueprint, domain_id: str) -> Iterator[dict[str, Any]]:
    """Yield the topics of a domain's tasks that carry weight."""
    tasks = {task.task_id: task for task in blueprint.outline.active_tasks}
    table = blueprint.task_weights
    chosen = table[table["retained"].astype(bool) & (table["domain_id"] == domain_id)]
    for row in chosen.to_dict("records"):
        task = tasks[str(row["task_id"])]
        yield {
            "id": task.task_id,
            "kind": "task",
            "statement": task.statement,
            "cognitive_level": task.cognitive_level,
            "ksa_ids": ", ".join(_ksas(blueprint, task.task_id)),
            "weight": row["weight"],
            **_items(row),
        }


def _items(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return items and, where known, their range."""
    names = ["items", "items_low", "items_high"]
    return {name: row[name] for name in names if name in row and not pd.isna(row[name])}


def _ksas(blueprint: Blueprint, task_id: str) -> list[str]:
    """Return the active KSAs that a task needs by a link that counts."""
    links = blueprint.linkage
    own = links[(links["task_id"] == task_id) & links["retained"].astype(bool)]
    return own["ksa_id"].tolist()


def _whole_percents(blueprint: Blueprint) -> dict[str, int]:
    """Return each kept task's whole percent of the exam; they add up to 100."""
    plan, method = blueprint.domain_weights, blueprint.settings.blueprint.rounding
    table = blueprint.task_weights[blueprint.task_weights["retained"].astype(bool)]
    with_tasks = plan[plan["domain_id"].isin(table["domain_id"])]
    names = with_tasks["domain_id"].tolist()
    whole = allocate(with_tasks["items"].tolist(), items=100, method=method, identifiers=names)
    within = allocate_within(
        table.set_index("task_id")["weight"],
        dict(zip(table["task_id"], table["domain_id"], strict=True)),
        dict(zip(names, whole.items, strict=True)),
        method=method,
    )
    return {
        task: percent
        for allocation in within.values()
        for task, percent in zip(allocation.identifiers, allocation.items, strict=True)
    }


def _sum_below(number: str, topics: pd.DataFrame, percents: Mapping[str, int]) -> int:
    """Return the percent of a topic: its own, or that of all tasks in it."""
    inside = (topics["number"] == number) | topics["number"].str.startswith(f"{number}.")
    return sum(percents.get(str(name), 0) for name in topics.loc[inside, "id"])


def _cut(text: str, longest: int) -> str:
    """Return a text, cut where it is too long."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _description(topic: Mapping[Any, Any], descriptions: Mapping[str, str]) -> str:
    """Return the identifier, what belongs to a domain, and a name that had to be cut."""
    name = str(topic["statement"])
    parts = [str(topic["id"]), name if len(name) > LONGEST_NAME else ""]
    parts.append(descriptions.get(str(topic["id"]), ""))
    return _cut(". ".join(part for part in parts if part), LONGEST_DESCRIPTION)
