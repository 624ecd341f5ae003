"""An item bank against the blueprint: what it needs, what it has, what is missing."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.show import Shown, View

INVENTORY = (
    "place",
    "item_id",
    "count",
    "domain_id",
    "task_id",
    "cognitive_level",
    "part",
    "status",
)
BANK_GAP = (
    "scope", "credential", "part", "domain_id", "task_id", "cognitive_level", "need", "have",
    "gap", "surplus", "finding",
)  # fmt: skip
_NUMBERS = ("need", "have", "gap", "surplus")
CELL, TASK, NOT_COUNTED = "cell", "task", "not counted"
IN_USE = ("", "active", "approved", "in use", "live", "operational", "ready", "scored")
"""Words for the status of an item that a form can take."""
NOT_IN_USE = (
    "archived", "deleted", "draft", "draft item", "field test", "inactive", "in review", "new",
    "pilot", "pretest", "rejected", "retired", "review", "under review", "unscored",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class BankGap(Shown):
    """An inventory of an item bank compared with what a blueprint asks for.

    Attributes
    ----------
    table
        Columns `BANK_GAP`. Scope ``cell``: what forms take from a domain and level, and how many
        items can be used there; ``task``: the same by task, where items name tasks;
        ``not counted``: items that no cell can take, by the reason in ``finding``.
    basis
        What ``need`` rests on, in words.
    notes
        What was assumed, in plain sentences.
    """

    table: pd.DataFrame
    basis: str
    notes: tuple[str, ...] = ()

    @property
    def cells(self) -> pd.DataFrame:
        """The rows of domains and levels."""
        return self.table[self.table["scope"] == CELL]

    @property
    def sentence(self) -> str:
        """Whether the bank suffices, in words and items."""
        cells = self.cells
        need, gap = int(cells["need"].sum()), int(cells["gap"].sum())
        if not gap:
            return f"The bank holds enough items for every cell of the blueprint ({need} needed)."
        most = cells.iloc[int(cells["gap"].argmax())]
        where = ", ".join(
            str(most[name]) for name in ("domain_id", "cognitive_level") if most[name]
        )
        short = int((cells["gap"] > 0).sum())
        return (
            f"The bank lacks {gap} of the {need} items needed, in {short} of {len(cells)} cells; "
            f"most in {where}: {int(most['gap'])}."
        )

    def view(self) -> View:
        """Return need, have and gap by domain and level."""
        shown = [name for name in BANK_GAP[1:-1] if not _blank(self.cells[name])]
        other = self.table.loc[self.table["scope"] == NOT_COUNTED, "have"].sum()
        left = (f"{int(other)} items were not counted; see the rows below the tasks.",)
        notes = (self.sentence, *(left if other else ()), *self.notes)
        return View(f"Item bank: {self.basis}", self.cells[shown], notes)


def bank_gap(
    blueprint: Blueprint,
    inventory: pd.DataFrame,
    *,
    multiple: float | None = None,
    statuses: Collection[str] = (),
) -> BankGap:
    """Compare an inventory with what the blueprint asks for.

    An item counts where its task is kept (or, without a task, where its domain has items), its
    level is one of the cell's, and its status one that a form can take. Everything else is counted
    under “not counted” with the reason, so that all items of the inventory are accounted for once.

    Parameters
    ----------
    blueprint
        The blueprint. Where its cells say what the bank should hold (set “bank”), that is needed;
        otherwise the scored items of a form times the number of forms.
    inventory
        Columns `INVENTORY`, all text but ``count``; columns that the inventory does not have are
        empty. Domains may be named by title.
    multiple
        Multiple of a form's scored items that is needed, whatever the blueprint says; rounded up
        cell by cell.
    statuses
        Words for the status of items that count; without them, `IN_USE`.

    Raises
    ------
    ValueError
        When no item names a domain or task of the study, or a status is not understood.

    """
    items = _placed(blueprint, inventory, statuses)
    if not items["known"].any():
        raise ValueError("no item names a domain or a task of this study")
    cells, basis, factor = _needed(blueprint, multiple)
    by_part = bool(cells["part"].ne("").any()) and bool(items["part"].ne("").any())
    by_level = bool(items["cognitive_level"].ne("").any())
    keys = ["part"] * by_part + ["domain_id"] + ["cognitive_level"] * by_level
    sums = cells.groupby(["credential", *keys], sort=False)["items"].sum()
    wanted = sums.rename("need").reset_index()
    fits = pd.MultiIndex.from_frame(items[keys]).isin(pd.MultiIndex.from_frame(wanted[keys]))
    misses = (items["finding"] == "") & ~fits
    items.loc[misses, "finding"] = "no cell of the blueprint has this domain and level"
    counted = items[items["finding"] == ""]
    have = counted.groupby(keys)["count"].sum().rename("have").reset_index()
    parts = [
        wanted.merge(have, on=keys, how="left").assign(scope=CELL),
        _tasks(blueprint, counted, factor),
        _not_counted(items),
    ]
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return BankGap(_finished(table), basis, tuple(_notes(items, by_part, by_level, cells)))


def _needed(blueprint: Blueprint, multiple: float | None) -> tuple[pd.DataFrame, str, float]:
    """Return the cells with the items needed, in words why, and how many forms that makes."""
    cells = blueprint.cells.assign(part=blueprint.cells["part"].fillna(""))
    bank, form = cells[cells["set"] == "bank"], cells[cells["set"] == "form"]
    section = blueprint.settings.blueprint.model_dump()
    if multiple is None and len(bank):
        factor = float(bank["items"].sum() / max(int(form["items"].sum()), 1))
        return bank, "what the blueprint says the bank should hold", factor
    factor = float(section.get("forms") or 1) if multiple is None else float(multiple)
    if not factor > 0 or not math.isfinite(factor):
        raise ValueError(f"found the multiple {factor:g}; wanted a number above zero")
    needed = [math.ceil(round(factor * items, 9)) for items in form["items"]]
    times = "the scored items of one form" if factor == 1 else f"{factor:g} times a form's items"
    return form.assign(items=needed), times, factor


def _placed(
    blueprint: Blueprint, inventory: pd.DataFrame, statuses: Collection[str]
) -> pd.DataFrame:
    """Return the items with our identifiers, and why one is not counted (empty where it is)."""
    outline = blueprint.outline
    tasks = {task.task_id.casefold(): task for task in outline.tasks}
    domains = {domain.title.casefold(): domain.domain_id for domain in outline.domains}
    domains |= {domain.domain_id.casefold(): domain.domain_id for domain in outline.domains}
    levels = {str(level).casefold(): str(level) for level in blueprint.cells["cognitive_level"]}
    task_of = [tasks.get(name.casefold()) for name in inventory["task_id"]]
    said = [domains.get(name.casefold(), "") for name in inventory["domain_id"]]
    own = [task.domain_id if task else name for task, name in zip(task_of, said, strict=True)]
    placed = inventory.assign(
        known=[bool(name) for name in own],
        moved=[bool(t and s) and s != o for t, s, o in zip(task_of, said, own, strict=True)],
        domain_id=[o or name for o, name in zip(own, inventory["domain_id"], strict=True)],
        task_id=[
            task.task_id if task else name
            for task, name in zip(task_of, inventory["task_id"], strict=True)
        ],
        cognitive_level=[levels.get(x.casefold(), x) for x in inventory["cognitive_level"]],
    )
    reasons = _reasons_by_task(blueprint)
    counts = _counting(inventory["status"], statuses)
    rows = placed.to_dict("records")
    return placed.assign(finding=[_why_not(row, reasons, counts) for row in rows])


def _reasons_by_task(blueprint: Blueprint) -> dict[str, str]:
    """Return, for every task of the outline, why its items do not count; empty where they do."""
    table = blueprint.task_weights
    kept = set(table.loc[table["retained"].astype(bool), "task_id"])
    return {
        task.task_id: ""
        if task.task_id in kept
        else "the task was dropped"
        if "exam" in task.assessed_by
        else "the exam does not assess the task"
        for task in blueprint.outline.tasks
    }


def _why_not(row: Mapping[Any, Any], reasons: Mapping[str, str], counts: Mapping[str, bool]) -> str:
    """Return why an item is not counted; empty where it is."""
    if row["task_id"] and row["task_id"] not in reasons:
        return "the task is not in the outline"
    if not row["known"]:
        return "the domain is not in the outline" if row["domain_id"] else "no domain and no task"
    if reason := reasons.get(row["task_id"], ""):
        return reason
    return "" if counts[row["status"].casefold()] else f"the status is “{row['status']}”"


def _counting(found: pd.Series[str], statuses: Collection[str]) -> dict[str, bool]:
    """Tell of each status whether its items count; refuse words nobody explained."""
    words = dict.fromkeys(status.casefold() for status in found)
    if statuses:
        wanted = {status.casefold() for status in statuses}
        if missing := wanted - set(words):
            raise ValueError(f"no item has the status {', '.join(sorted(missing))}")
        return {word: word in wanted for word in words}
    if unknown := [word for word in words if word not in (*IN_USE, *NOT_IN_USE)]:
        raise ValueError(
            f"it is not clear whether items of the status {', '.join(unknown)} can be used; name "
            "those that can"
        )
    return {word: word in IN_USE for word in words}


def _tasks(blueprint: Blueprint, counted: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Return need and have by kept task; nothing where no item names a task."""
    table = blueprint.task_weights
    kept = table[table["retained"].astype(bool)]
    if not counted["task_id"].ne("").any():
        return pd.DataFrame()
    have = counted.groupby("task_id")["count"].sum()
    return pd.DataFrame(
        {
            "scope": TASK,
            "domain_id": kept["domain_id"],
            "task_id": kept["task_id"],
            "need": [math.ceil(round(factor * items, 9)) for items in kept["items"]],
            "have": kept["task_id"].map(have),
        }
    )


def _not_counted(items: pd.DataFrame) -> pd.DataFrame:
    """Return the items that are not counted, by place and reason."""
    keys = ["part", "domain_id", "task_id", "cognitive_level", "finding"]
    left = items[items["finding"] != ""]
    counts = left.groupby(keys, sort=False)["count"].sum().rename("have").reset_index()
    return counts.assign(scope=NOT_COUNTED).sort_values("finding", kind="stable")


def _finished(table: pd.DataFrame) -> pd.DataFrame:
    """Add gap and surplus, and say in words what was found."""
    numbers = table.reindex(columns=["need", "have"]).astype(float).fillna(0).astype(int)
    apart = numbers["need"] - numbers["have"]
    rests = table["scope"] == NOT_COUNTED
    table = table.assign(
        **numbers, gap=apart.clip(lower=0), surplus=(-apart).clip(lower=0).mask(rests, 0)
    )
    said = [f"{gap} missing" if gap else "enough" for gap in table["gap"]]
    found = table["finding"] if "finding" in table else pd.Series("", index=table.index)
    table["finding"] = found.where(rests, pd.Series(said, index=table.index))
    table = table.reindex(columns=list(BANK_GAP), fill_value="").reset_index(drop=True)
    words = [name for name in BANK_GAP if name not in _NUMBERS]
    return table.assign(**{name: table[name].where(table[name].notna(), "") for name in words})


def _notes(
    items: pd.DataFrame, by_part: bool, by_level: bool, cells: pd.DataFrame
) -> Iterator[str]:
    """Yield what was assumed, in plain sentences."""
    if not by_level and cells["cognitive_level"].nunique() > 1:
        yield "The inventory has no cognitive levels: domains are compared as a whole."
    if not by_part and cells["part"].nunique() > 1:
        yield "The inventory does not say which part items are for: parts are taken together."
    moved = int(items.loc[items["moved"], "count"].sum())
    if moved:
        yield f"{moved} items name a task of another domain; they count where the task is now."


def _blank(column: pd.Series[Any]) -> bool:
    """Tell whether a column says nothing."""
    return bool(column.isin(["", None]).all())
