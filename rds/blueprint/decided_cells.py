"""Cells of the plan that people decided: their items in place of those that the ratings gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rds.blueprint.apportion import Allocation, allocate
from rds.errors import InfeasibleError
from rds.notes import Note

if TYPE_CHECKING:
    import pandas as pd

CELL = "cell "
"""How the subjects of decisions about cells begin: ``"cell D1 | application"``."""

BETWEEN = " | "
ALL_LEVELS = "all levels"
"""What stands for the one cognitive level of a study without any."""

DECIDED = ("items_by_ratings", "decided_by")
"""The columns that decisions add to those of cells."""

COMMITTEE = "committee"


def cell_keys(cells: pd.DataFrame) -> pd.Series[str]:
    """Return the names of cells: domain and level, before them the part where there are several.

    Parameters
    ----------
    cells
        The table ``blueprint``.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"set": "form", "credential": "", "part": "",
    ...     "domain_id": ["D1", "D2"], "cognitive_level": ["recall", ""]})
    >>> list(cell_keys(cells))
    ['D1 | recall', 'D2 | all levels']
    """
    named = cells[["credential", "part"]].fillna("").astype(str)
    parts = named.apply(lambda row: ", ".join(text for text in row if text), axis=1)
    several = parts[cells["set"] == "form"].nunique() > 1
    levels = cells["cognitive_level"].fillna("").replace("", ALL_LEVELS)
    names = cells["domain_id"].astype(str) + BETWEEN + levels
    return (parts + BETWEEN + names) if several and len(cells) else names


def with_decided(
    cells: pd.DataFrame, decided: Mapping[str, int], *, by_part: bool = False
) -> tuple[pd.DataFrame, list[Note]]:
    """Put decided items in place of those that the ratings gave.

    The total stays what it is by the ratings. Cells that nobody decided stay as they are if that
    gives the total. Where it does not, because the exam length or the ratings changed since, they
    share what is left in proportion to their targets (Hamilton's method).

    Parameters
    ----------
    cells
        The cells of a set of items.
    decided
        Items by the name of a cell, as `cell_keys` gives it.
    by_part
        Whether parts are counted in units of their own, so that each keeps its own total.

    Returns
    -------
    cells, notes
        With the columns ``items_by_ratings`` and ``decided_by`` (``"committee"`` or empty).

    Raises
    ------
    InfeasibleError
        When decided cells alone exceed the total, or are all there are and miss it.
    """
    own = {str(name).casefold(): int(value) for name, value in decided.items()}
    table = cells.assign(items_by_ratings=cells["items"], decided_by="")
    if not own:
        return table, []
    names = cell_keys(cells)
    keys = names.str.casefold()
    table["items"] = [own.get(k, int(n)) for k, n in zip(keys, cells["items"], strict=True)]
    table["decided_by"] = [COMMITTEE if key in own else "" for key in keys]
    notes = [
        Note("blueprint", str(name), "items", "assumed", "decided by the committee")
        for name, key in zip(names, keys, strict=True)
        if key in own
    ]
    groups = [part for _, part in table.groupby("part")] if by_part else [table]
    for group in groups:
        left = _left(group)
        if left is not None:
            table["items"] = [left.get(at, n) for at, n in table["items"].items()]
            reason = "cells that nobody decided share the items that decided ones leave: "
            reason += str(sum(left.values()))
            notes.append(Note("blueprint", "", "items", "assumed", reason))
    return table, notes


def _left(cells: pd.DataFrame) -> dict[object, int] | None:
    """Return other items of the cells that nobody decided, where the total would be missed."""
    items, total = cells["items"], int(cells["items_by_ratings"].sum())
    if int(items.sum()) == total:
        return None
    free = cells[cells["decided_by"] == ""]
    held = int(items.sum()) - int(free["items"].sum())
    if held > total or free.empty or not float(free["target"].sum()) > 0:
        raise InfeasibleError(
            f"The decided cells hold {held} items, the exam {total}. Decide other numbers, or "
            "withdraw some of these decisions."
        )
    shares = dict(zip(map(str, free.index), free["target"], strict=True))
    return dict(zip(free.index, allocate(shares, items=total - held).items, strict=True))


def with_totals(form: Allocation, cells: pd.DataFrame) -> Allocation:
    """Return the domains' items as their cells add up; domains without cells keep theirs."""
    totals = cells.groupby("domain_id")["items"].sum().to_dict()
    whole = [
        int(totals.get(name, own)) for name, own in zip(form.identifiers, form.items, strict=True)
    ]
    return replace(form, items=tuple(whole))
