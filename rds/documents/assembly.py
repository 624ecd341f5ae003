"""Constraints for test assembly: how many items a form takes from where."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from rds.blueprint.plan import Blueprint

ASSEMBLY = (
    "constraint_id", "credential", "part", "set", "form", "scope", "domain_id", "cognitive_level",
    "minimum", "maximum",
)  # fmt: skip
_SCOPES: dict[str, list[str]] = {
    "total": [],
    "domain": ["domain_id"],
    "level": ["cognitive_level"],
    "cell": ["domain_id", "cognitive_level"],
}


def assembly_constraints(blueprint: Blueprint) -> pd.DataFrame:
    """Return what every form has to keep: totals, domains, levels and cells of each set of items.

    Returns
    -------
    DataFrame
        Columns `ASSEMBLY`; ``scope`` is total, domain, level or cell, each within its part of the
        exam. The plan is exact, so the minimum is the maximum. All forms have the same cells and
        their own constraints; what the item bank should hold is no constraint on a form.
    """
    sets = ["credential", "part", "set"]
    cells = blueprint.cells[blueprint.cells["set"] != "bank"]
    parts = []
    for scope, keys in _SCOPES.items():
        sums = cells.groupby([*sets, *keys], sort=False)["items"].sum()
        parts.append(sums.reset_index().assign(scope=scope))
    table = pd.concat(parts, ignore_index=True)
    table["minimum"] = table["maximum"] = table["items"]
    table["order"] = table.groupby(["set", "part"], sort=False).ngroup()
    forms = range(1, blueprint.settings.blueprint.forms + 1)
    table = pd.concat([table.assign(form=form) for form in forms], ignore_index=True)
    table = table.sort_values(["form", "order"], kind="stable", ignore_index=True)
    table["constraint_id"] = [f"C{k:03d}" for k in range(1, len(table) + 1)]
    return table.reindex(columns=list(ASSEMBLY)).fillna("")


def assembly_json(blueprint: Blueprint) -> bytes:
    """Return the constraints as JSON, for programs that assemble forms."""
    rows = assembly_constraints(blueprint).to_dict("records")
    content: dict[str, Any] = {
        "study": blueprint.settings.study.id,
        "credential": blueprint.settings.study.credential,
        "forms": blueprint.settings.blueprint.forms,
        "items": blueprint.settings.blueprint.items,
        "pretest_items": blueprint.settings.blueprint.pretest_items,
        "constraints": [{k: v for k, v in row.items() if v != ""} for row in rows],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
