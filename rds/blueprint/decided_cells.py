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
    cells: pd.DataFrame, decided: Mapping[str, int], *, items: int
) -> tuple[pd.DataFrame, list[Note]]:
    """Put decided items in place of those that the ratings gave.

    Cells that nobody decided stay as they are while the total is the exam length. Where it is not,
    because the exam length or the ratings changed since, they share what is left in proportion to
    their targets (Hamilton's method).

    Parameters
    ----------
    cells
        The cells of a form.
    decided
        Items by the name of a cell, as `cell_keys` gives it.
    items
        Exam length; where parts are counted in units of their own, what the cells add up to.

    Returns
    -------
    cells, notes
        With the columns ``items_by_ratings`` and ``decided_by`` (``"committee"`` or empty).

    Raises
    ------
    InfeasibleError
        When decided cells alone exceed the exam length, or are all there are and miss it.
    """
    own = {str(name).casefold(): int(value) for name, value in decided.items()}
    keys = cell_keys(cells).str.casefold()
    is_decided = keys.isin(own.keys())
    table = cells.assign(
        items=[own.get(key, int(n)) for key, n in zip(keys, cells["items"], strict=True)],
        items_by_ratings=cells["items"],
        decided_by=[COMMITTEE if yes else "" for yes in is_decided],
    )
    left = items - int(table.loc[is_decided, "items"].sum())
    free = table[~is_decided]
    notes = [
        Note("blueprint", str(name), "items", "assumed", "decided by the committee")
        for name in cell_keys(cells)[is_decided]
    ]
    if not is_decided.any() or left == int(free["items"].sum()):
        return table, notes
    if left < 0 or free.empty or not float(free["target"].sum()) > 0:
        raise InfeasibleError(
            f"The decided cells hold {items - left} items, the exam {items}. Decide other numbers, "
            "or withdraw some of these decisions."
        )
    shares = dict(zip(map(str, free.index), free["target"], strict=True))
    table.loc[~is_decided, "items"] = list(allocate(shares, items=left).items)
    reason = f"cells that nobody decided share the {left} items that decided ones leave"
    return table, [*notes, Note("blueprint", "", "items", "assumed", reason)]


def with_totals(form: Allocation, cells: pd.DataFrame) -> Allocation:
    """Return the domains' items as their cells add up; domains without cells keep theirs."""
    totals = cells.groupby("domain_id")["items"].sum().to_dict()
    whole = [
        int(totals.get(name, own)) for name, own in zip(form.identifiers, form.items, strict=True)
    ]
    return replace(form, items=tuple(whole))
